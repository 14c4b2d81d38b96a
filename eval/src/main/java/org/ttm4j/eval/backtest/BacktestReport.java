package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.SimpleForecast;

/**
 * A backtest with names for its numbers.
 *
 * @param model a short description of the model
 * @param period the season in words, such as {@code day}
 * @param result the scores
 */
public record BacktestReport(String file, String model, TimeSeries series, String period, BacktestResult result) {

    /** The title: the file, and the id of the series if the file has several. */
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

    /** The simple forecasts to show. With period 1 the seasonal naive forecast equals the naive one and is left out. */
    public List<SimpleForecast> shown() {
        List<SimpleForecast> shown = new ArrayList<>(List.of(SimpleForecast.values()));
        if (result.plan().period() == 1) shown.remove(SimpleForecast.SEASONAL_NAIVE);
        return shown;
    }

    /** True if channels are compared by MASE: there are several, which may have different units, and MASE is finite. */
    public boolean scaled() {
        return result.channels().length > 1 && Double.isFinite(result.model().total().mase());
    }

    /** The error by which forecasts are compared: MASE or MAE, see {@link #scaled}. */
    public double error(Scores scores) {
        return scaled() ? scores.mase() : scores.mae();
    }

    /** The simple forecast with the smallest error. */
    public SimpleForecast strongest() {
        return Collections.min(shown(), Comparator.comparingDouble(this::error));
    }

    private double error(SimpleForecast method) {
        return error(result.simple().get(method).total());
    }

    /**
     * The relative improvement of the model's error over that of the strongest simple forecast; negative if the model
     * is worse, not finite if there is nothing to compare.
     */
    public double gain() {
        return 1 - error(result.model().total()) / error(strongest());
    }
}
