package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.SimpleForecast;

/**
 * A backtest with the names that its numbers go by.
 *
 * @param file the series' file
 * @param model which model it was, in a few words
 * @param series what was forecast
 * @param period the natural period in words, such as {@code day}
 * @param result what was found
 */
public record BacktestReport(String file, String model, TimeSeries series, String period, BacktestResult result) {

    /** What it is about: the file, and the series where the file has several. */
    public String title() {
        return series.id() == null ? file : file + ", series " + series.id();
    }

    /** The name of a forecast channel. */
    public String channel(int index) {
        return series.channels().get(result.channels()[index]);
    }

    /** A simple forecast in words, such as {@code last day}. */
    public String name(SimpleForecast method) {
        return switch (method) {
            case NAIVE -> "last value";
            case SEASONAL_NAIVE -> "last " + period;
            case MEAN_PERIOD -> "mean " + period;
        };
    }

    /** The simple forecasts worth showing: without a period the last period is the last value. */
    public List<SimpleForecast> shown() {
        List<SimpleForecast> shown = new ArrayList<>(List.of(SimpleForecast.values()));
        if (result.plan().period() == 1) shown.remove(SimpleForecast.SEASONAL_NAIVE);
        return shown;
    }

    /**
     * True if channels are compared by MASE: there are several, so that their units may differ, and they have one.
     */
    public boolean scaled() {
        return result.channels().length > 1 && Double.isFinite(result.model().total().mase());
    }

    /** The error that forecasts are compared by: MASE or MAE, see {@link #scaled}. */
    public double error(Scores scores) {
        return scaled() ? scores.mase() : scores.mae();
    }

    /** The simple forecast with the smallest error. */
    public SimpleForecast strongest() {
        SimpleForecast strongest = SimpleForecast.NAIVE;
        for (SimpleForecast method : shown()) if (error(method) < error(strongest)) strongest = method;
        return strongest;
    }

    private double error(SimpleForecast method) {
        return error(result.simple().get(method).total());
    }

    /**
     * By which share the model's error is below that of the strongest simple forecast; negative where it is above, not
     * finite where there is nothing to compare.
     */
    public double gain() {
        return 1 - error(result.model().total()) / error(strongest());
    }
}
