package org.ttm4j.eval.backtest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ttm4j.eval.backtest.BacktestResult.NotableWindow;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.Scores.QuantileScores;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.series.Origins;

/** A backtest as JSON: first the totals, then the scores by channel, step and method. Missing scores are null. */
public record BacktestJson(BacktestReport report) {

    /** The object of the report, for {@link org.ttm4j.ttm.io.Json}. */
    public Map<String, Object> json() {
        BacktestResult result = report.result();
        BacktestPlan plan = result.plan();
        Origins origins = plan.origins();
        ForecastErrors model = result.model();
        Map<String, Object> json = withQuantiles(model.total());
        json.put("file", report.file());
        if (report.series().id() != null) json.put("id", report.series().id());
        json.putAll(Json.object("model", report.model(), "frequency",
                report.series().axis().frequency().toTemporalAmount().map(Object::toString).orElse(null), "context",
                origins.context(), "horizon", origins.horizon(), "stride", origins.stride(), "start", origins.first(),
                "window", plan.window().name().toLowerCase(Locale.ROOT), "period", plan.period(), "refit", plan.refit(),
                "fits", result.fits(), "windows", origins.count(), "own_quantiles", result.ownQuantiles(),
                "calibrated_windows", result.calibrated(), "seconds", result.seconds(), "rate", result.rate()));
        addParts(json, model, this::withQuantiles);
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
        addParts(json, errors, BacktestJson::scores);
        return json;
    }

    /** Adds the scores by channel and by step. */
    private void addParts(Map<String, Object> json, ForecastErrors errors, Function<Scores, Map<String, Object>> of) {
        json.put("channels", list(report.result().channels().length, "name", report::channel, c -> {
            Map<String, Object> channel = of.apply(errors.channel(c));
            channel.put("steps", steps(h -> of.apply(errors.cell(c, h))));
            return channel;
        }));
        json.put("steps", steps(h -> of.apply(errors.step(h))));
    }

    /** Steps are numbered from 1. */
    private List<Map<String, Object>> steps(IntFunction<Map<String, Object>> scores) {
        return list(report.result().plan().origins().horizon(), "step", h -> h + 1, scores);
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
                .map(window -> Json.object("name", report.channel(window.channel()), "origin", window.origin(), "time",
                        report.series().axis().labelAt(window.origin()), "mase", Json.finite(window.mase())))
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
        double[] levels = report.result().plan().grid().levels();
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 0; i < levels.length; i++) json.put(Double.toString(levels[i]), Json.finite(values[i]));
        return json;
    }
}
