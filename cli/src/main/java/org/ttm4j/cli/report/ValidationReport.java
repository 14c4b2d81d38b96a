package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.eval.validation.Validation.SetScore;
import org.ttm4j.ttm.rolling.Scores;
import org.ttm4j.ttm.rolling.SimpleForecast;

/**
 * The errors of a model on data sets that were kept aside from training, beside those of the seasonal naive forecast.
 *
 * @param corpus its file, as the command line names it
 * @param history the most steps before a window that the model is given
 */
public record ValidationReport(String corpus, String model, int horizon, int history, List<SetScore> sets) {
    private static final Map<String, ToDoubleFunction<Scores>> RATIOS = new LinkedHashMap<>();

    static {
        RATIOS.put("mse", Scores::mse);
        RATIOS.put("mase", Scores::mase);
        RATIOS.put("crps", scores -> scores.quantiles().crps());
    }

    /** The geometric mean over the sets of the model's error over the seasonal naive forecast's, where both have one. */
    private double ratio(ToDoubleFunction<Scores> error) {
        return Math.exp(sets.stream()
                .mapToDouble(set -> Math.log(error.applyAsDouble(set.model()) / error.applyAsDouble(set.naive())))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN));
    }

    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("corpus", corpus);
        json.put("model", model);
        json.put("horizon", horizon);
        json.put("history", history);
        List<Object> list = new ArrayList<>();
        for (SetScore set : sets) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", set.name());
            entry.put("frequency", set.frequency().toString());
            entry.put("windows", set.windows());
            entry.put("calibrated_windows", set.calibrated());
            entry.putAll(json(set.model()));
            entry.put(SimpleForecast.SEASONAL_NAIVE.key(), json(set.naive()));
            list.add(entry);
        }
        json.put("sets", list);
        Map<String, Object> ratios = new LinkedHashMap<>();
        RATIOS.forEach((name, error) -> ratios.put(name, EvaluationReport.finite(ratio(error))));
        json.put("over_seasonal_naive", ratios);
        return json;
    }

    private static Map<String, Object> json(Scores scores) {
        Map<String, Object> json = new LinkedHashMap<>();
        RATIOS.forEach((name, error) -> json.put(name, EvaluationReport.finite(error.applyAsDouble(scores))));
        json.put("coverage", EvaluationReport.finite(scores.quantiles().coverage()[0]));
        return json;
    }

    public String text() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                "%s, model %s: %d steps after a history of up to %,d%n%-23s %10s %7s   %-31s %s%n%-42s   %s   %s%n",
                Printable.of(corpus), Printable.of(model), horizon, history, "", "", "", "model", "seasonal naive", "",
                "   MSE   MASE   CRPS  in 80 %", "   MSE   MASE   CRPS  in 80 %"));
        for (SetScore set : sets) {
            text.append(String.format(Locale.ROOT, "%-23s %10s %7d   %s   %s%n", Printable.shortened(set.name()),
                    Frequency.ofMillis(set.frequency().toMillis()), set.windows(), row(set.model()), row(set.naive())));
        }
        text.append(String.format(Locale.ROOT, "%-42s   %6.3f %6.3f %6.3f%n", "over seasonal naive, geometric mean",
                ratio(RATIOS.get("mse")), ratio(RATIOS.get("mase")), ratio(RATIOS.get("crps"))));
        for (SetScore set : sets) {
            if (set.calibrated() == set.windows()) continue;
            text.append(String.format(Locale.ROOT, "%s: CRPS and intervals of the %d windows with enough history%n",
                    Printable.shortened(set.name()), set.calibrated()));
        }
        return text.toString();
    }

    private static String row(Scores scores) {
        return String.format(Locale.ROOT, "%6.4f %6.3f %6.3f %7.1f %%", scores.mse(), scores.mase(),
                scores.quantiles().crps(), 100 * scores.quantiles().coverage()[0]);
    }
}
