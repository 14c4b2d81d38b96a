package org.ttm4j.eval.backtest;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.io.Json;

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
public record BacktestTotal(int series, long windows, double mase, double naiveMase, double ratio, int better) {

    public static BacktestTotal of(List<BacktestReport> reports) {
        OptionalDouble logarithms = finite(reports, report -> Math.log(1 - report.gain()));
        return new BacktestTotal(reports.size(),
                reports.stream().mapToLong(report -> report.result().plan().origins().count()).sum(),
                finite(reports, report -> report.result().model().total().mase()).orElse(Double.NaN),
                finite(reports, BacktestTotal::naiveMase).orElse(Double.NaN),
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
