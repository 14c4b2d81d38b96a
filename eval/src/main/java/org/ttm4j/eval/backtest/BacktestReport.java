package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.io.Json;

/**
 * A backtest with names for its numbers.
 *
 * @param model a short description of the model
 * @param result the scores
 */
public record BacktestReport(String file, String model, TimeSeries series, BacktestResult result) {

    /** The title: the file, and the id of the series if the file has several. */
    public String title() {
        return series.id() == null ? file : file + ", series " + series.id();
    }

    /** The season in words, such as {@code day}. */
    public String period() {
        return result.plan().season().name();
    }

    /** The name of a forecast channel. */
    public String channel(int index) {
        return series.channels().get(result.channels()[index]);
    }

    /** A simple forecast in words, such as {@code last day}. */
    public String name(SimpleForecast method) {
        return switch (method) {
            case NAIVE -> "last value";
            case SEASONAL_NAIVE -> "last " + period();
            case MEAN_PERIOD -> "mean " + period();
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

    /**
     * The summary of the backtests of many series. Each series has the same weight, whatever its units and number of
     * windows.
     *
     * @param windows the number of windows of all series
     * @param mase the mean over the series that have a finite MASE; NaN if none has
     * @param naiveMase the same for the seasonal naive forecast
     * @param ratio the geometric mean of the ratio of the model's error to that of the strongest simple forecast of each
     *     series
     * @param better the number of series for which the model is better than the strongest simple forecast
     */
    public record Total(int series, long windows, double mase, double naiveMase, double ratio, int better) {

        public static Total of(List<BacktestReport> reports) {
            OptionalDouble logarithms = finite(reports, report -> Math.log(1 - report.gain()));
            return new Total(reports.size(),
                    reports.stream().mapToLong(report -> report.result().plan().origins().count()).sum(),
                    finite(reports, report -> report.result().model().total().mase()).orElse(Double.NaN),
                    finite(reports, Total::naiveMase).orElse(Double.NaN),
                    logarithms.isEmpty() ? Double.NaN : Math.exp(logarithms.getAsDouble()),
                    (int) reports.stream().filter(report -> report.gain() > 0).count());
        }

        /** The MASE of the seasonal naive forecast for one series. */
        public static double naiveMase(BacktestReport report) {
            return report.result().simple().get(SimpleForecast.SEASONAL_NAIVE).total().mase();
        }

        private static OptionalDouble finite(List<BacktestReport> reports, ToDoubleFunction<BacktestReport> number) {
            return reports.stream().mapToDouble(number).filter(Double::isFinite).average();
        }

        /** The summary as an object for {@link org.ttm4j.ttm.io.Json}. */
        public Map<String, Object> json() {
            return Json.object("series", series, "windows", windows, "mase", Json.finite(mase),
                    SimpleForecast.SEASONAL_NAIVE.key() + "_mase", Json.finite(naiveMase), "over_strongest",
                    Json.finite(ratio), "better", better);
        }
    }
}
