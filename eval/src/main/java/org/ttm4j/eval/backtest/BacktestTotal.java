package org.ttm4j.eval.backtest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.ttm4j.forecast.rolling.SimpleForecast;

/**
 * The backtests of many series together. Each series counts alike, whatever its units and windows.
 *
 * @param windows of all series
 * @param mase mean over the series that have one; NaN where none has
 * @param naiveMase the same for the last period repeated
 * @param ratio geometric mean of the model's error over that of the strongest simple forecast of each series
 * @param better series on which the model is better than that
 */
public record BacktestTotal(int series, long windows, double mase, double naiveMase, double ratio, int better) {

    /** Sums up. */
    public static BacktestTotal of(List<BacktestReport> reports) {
        OptionalDouble logarithms = finite(reports, report -> Math.log(1 - report.gain()));
        return new BacktestTotal(reports.size(),
                reports.stream().mapToLong(report -> report.result().plan().origins().count()).sum(),
                finite(reports, report -> report.result().model().total().mase()).orElse(Double.NaN),
                finite(reports, BacktestTotal::naiveMase).orElse(Double.NaN),
                logarithms.isEmpty() ? Double.NaN : Math.exp(logarithms.getAsDouble()),
                (int) reports.stream().filter(report -> report.gain() > 0).count());
    }

    /** The MASE of the last period repeated on one series. */
    public static double naiveMase(BacktestReport report) {
        return report.result().simple().get(SimpleForecast.SEASONAL_NAIVE).total().mase();
    }

    private static OptionalDouble finite(List<BacktestReport> reports, ToDoubleFunction<BacktestReport> number) {
        return reports.stream().mapToDouble(number).filter(Double::isFinite).average();
    }

    /** An object for {@link org.ttm4j.ttm.io.Json}. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("series", series);
        json.put("windows", windows);
        json.put("mase", BacktestJson.finite(mase));
        json.put(SimpleForecast.SEASONAL_NAIVE.key() + "_mase", BacktestJson.finite(naiveMase));
        json.put("over_strongest", BacktestJson.finite(ratio));
        json.put("better", better);
        return json;
    }
}
