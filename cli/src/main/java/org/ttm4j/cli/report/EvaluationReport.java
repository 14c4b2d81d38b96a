package org.ttm4j.cli.report;

import java.time.temporal.TemporalAmount;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.io.Json;

/**
 * The errors of a model, of the combination around it and of the simple forecasts on one file.
 *
 * @param file the name of the file on the command line
 * @param stride the number of rows between two windows
 * @param frequency the time between two rows of the first series; null for numbered rows
 * @param season the season of the simple forecasts
 * @param last the errors of the last period repeated
 * @param mean the errors of the mean period of the context
 * @param combination of the model; null where it was not measured
 */
public record EvaluationReport(String file, Split.Rule rule, int context, int horizon, int stride, int windows,
        int targets, TemporalAmount frequency, Season season, Scores model, Scores last, Scores mean,
        Combination combination) {

    /**
     * The errors of the combination.
     *
     * @param history the most rows before a window that it was given
     * @param windows that were measured, evenly spread over all
     * @param model the errors of the model alone on these windows
     */
    public record Combination(String mode, int history, int windows, Scores scores, Scores model) {

        /** Its MSE over that of the model alone. */
        double ratio() {
            return scores.mse() / model.mse();
        }
    }

    /** The model's MSE over that of the better simple forecast. */
    public double ratio() {
        return model.mse() / Math.min(last.mse(), mean.mse());
    }

    public Map<String, Object> json() {
        Map<String, Object> json = Json.object("file", file, "protocol", rule.toString(), "context", context, "horizon",
                horizon, "stride", stride, "windows", windows, "frequency",
                frequency == null ? null : frequency.toString(), "period", season.steps());
        json.putAll(json(model.mse(), model.mae()));
        json.put("baselines", baselines(json(last.mse(), last.mae()), json(mean.mse(), mean.mae())));
        if (combination != null) {
            Map<String, Object> combined = Json.object("mode", combination.mode, "history", combination.history,
                    "windows", combination.windows);
            combined.putAll(json(combination.scores.mse(), combination.scores.mae()));
            combined.put("model", json(combination.model.mse(), combination.model.mae()));
            combined.put("over_model", Json.finite(combination.ratio()));
            json.put("combination", combined);
        }
        return json;
    }

    /** The errors of the simple forecasts as JSON, by the names that they have in all commands. */
    public static Map<String, Object> baselines(Map<String, Object> last, Map<String, Object> mean) {
        return Json.object(SimpleForecast.SEASONAL_NAIVE.key(), last, SimpleForecast.MEAN_PERIOD.key(), mean);
    }

    public static Map<String, Object> json(double mse, double mae) {
        return Json.object("mse", Json.finite(mse), "mae", Json.finite(mae));
    }

    public String text() {
        return String.format(Locale.ROOT, "%s, protocol %s, %,d windows of %d + %d rows%s%n%-30s %8s %8s%n",
                Printable.of(file), rule, windows, context, horizon, stride == 1 ? "" : " at stride " + stride, "",
                "MSE", "MAE") + row("model", model)
                + row("last " + season.name() + " repeated (" + season.steps() + ")", last)
                + row("mean " + season.name() + " of the context", mean) + combinationText();
    }

    private String combinationText() {
        if (combination == null) return "";
        return String.format(Locale.ROOT, "%s, after up to %,d rows, %s%n", combination.mode, combination.history,
                combination.windows == windows
                        ? "all windows"
                        : String.format(Locale.ROOT, "%,d windows", combination.windows))
                + row("  combined", combination.scores) + row("  model alone", combination.model);
    }

    private static String row(String name, Scores scores) {
        return String.format(Locale.ROOT, "%-30s %8.4f %8.4f%n", name, scores.mse(), scores.mae());
    }
}
