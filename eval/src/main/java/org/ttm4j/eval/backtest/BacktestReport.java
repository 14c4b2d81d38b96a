package org.ttm4j.eval.backtest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.BacktestResult.NotableWindow;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.Scores.QuantileScores;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.series.Origins;

/**
 * A backtest with names for its numbers, and as JSON.
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
        if (result.plan().season().steps() == 1) shown.remove(SimpleForecast.SEASONAL_NAIVE);
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
     * The report as an object for {@link org.ttm4j.ttm.io.Json}: first the totals, then the scores by channel, step and method.
     * Missing scores are null.
     */
    public Map<String, Object> json() {
        BacktestPlan plan = result.plan();
        Origins origins = plan.origins();
        Map<String, Object> json = withQuantiles(result.model().total());
        json.put("file", file);
        if (series.id() != null) json.put("id", series.id());
        json.putAll(Json.object("model", model, "frequency",
                series.axis().frequency().toTemporalAmount().map(Object::toString).orElse(null), "context",
                origins.context(), "horizon", origins.horizon(), "stride", origins.stride(), "start", origins.first(),
                "window", plan.window().name().toLowerCase(Locale.ROOT), "period", plan.season().steps(), "refit",
                plan.refit(), "fits", result.fits(), "windows", origins.count(), "own_quantiles", result.ownQuantiles(),
                "calibrated_windows", result.calibrated(), "seconds", result.seconds(), "rate", result.rate()));
        addParts(json, result.model(), this::withQuantiles);
        if (result.withoutDrivers() != null) {
            json.put("without_known_future", scores(result.withoutDrivers().total()));
        }
        Map<String, Object> baselines = new LinkedHashMap<>();
        result.simple().forEach((method, errors) -> baselines.put(method.key(), baseline(errors)));
        json.put("baselines", baselines);
        json.put("best_windows", windows(result.best()));
        json.put("worst_windows", windows(result.worst()));
        return json;
    }

    private Map<String, Object> baseline(ForecastErrors errors) {
        Map<String, Object> json = scores(errors.total());
        addParts(json, errors, BacktestReport::scores);
        return json;
    }

    /** Adds the scores by channel and by step. */
    private void addParts(Map<String, Object> json, ForecastErrors errors, Function<Scores, Map<String, Object>> of) {
        json.put("channels", list(result.channels().length, "name", this::channel, c -> {
            Map<String, Object> channel = of.apply(errors.channel(c));
            channel.put("steps", steps(h -> of.apply(errors.cell(c, h))));
            return channel;
        }));
        json.put("steps", steps(h -> of.apply(errors.step(h))));
    }

    /** Steps are numbered from 1. */
    private List<Map<String, Object>> steps(IntFunction<Map<String, Object>> scores) {
        return list(result.plan().origins().horizon(), "step", h -> h + 1, scores);
    }

    /** A list of scores, each behind what it is of. */
    private static List<Map<String, Object>> list(int count, String key, IntFunction<Object> name,
            IntFunction<Map<String, Object>> scores) {
        return IntStream.range(0, count).mapToObj(i -> {
            Map<String, Object> json = Json.object(key, name.apply(i));
            json.putAll(scores.apply(i));
            return json;
        }).toList();
    }

    private List<Map<String, Object>> windows(List<NotableWindow> windows) {
        return windows.stream()
                .map(window -> Json.object("name", channel(window.channel()), "origin", window.origin(), "time",
                        series.axis().labelAt(window.origin()), "mase", Json.finite(window.mase())))
                .toList();
    }

    private Map<String, Object> withQuantiles(Scores scores) {
        Map<String, Object> json = scores(scores);
        QuantileScores quantiles = scores.quantiles();
        json.put("pinball", Json.finite(quantiles.pinball()));
        json.put("crps", Json.finite(quantiles.crps()));
        json.put("coverage", byLevel(quantiles.coverage()));
        json.put("width", byLevel(quantiles.width()));
        return json;
    }

    private static Map<String, Object> scores(Scores scores) {
        return Json.object("mse", Json.finite(scores.mse()), "mae", Json.finite(scores.mae()), "rmse",
                Json.finite(scores.rmse()), "mase", Json.finite(scores.mase()), "smape", Json.finite(scores.smape()),
                "wape", Json.finite(scores.wape()));
    }

    private Map<String, Object> byLevel(double[] values) {
        double[] levels = result.plan().grid().levels();
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 0; i < levels.length; i++) json.put(Double.toString(levels[i]), Json.finite(values[i]));
        return json;
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
