package org.ttm4j.cli.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.protocol.SplitRule;
import org.ttm4j.ttm.rolling.Scores;
import org.ttm4j.ttm.rolling.Season;
import org.ttm4j.ttm.rolling.SimpleForecast;

/**
 * The errors of a model and of the simple forecasts on one file.
 *
 * @param file the name of the file on the command line
 * @param rule the rule that splits the rows
 * @param context the context length of the model
 * @param horizon the number of steps forecast
 * @param stride the number of rows between two windows
 * @param windows the number of windows measured
 * @param targets the number of channels measured
 * @param season the season of the simple forecasts
 * @param model the errors of the model
 * @param last the errors of the last period repeated
 * @param mean the errors of the mean period of the context
 */
public record EvaluationReport(String file, SplitRule rule, int context, int horizon, int stride, int windows,
        int targets, Season season, Scores model, Scores last, Scores mean) {

    /** The model's MSE over that of the better simple forecast. */
    public double ratio() {
        return model.mse() / Math.min(last.mse(), mean.mse());
    }

    /** The report as JSON. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", file);
        json.put("protocol", rule.toString());
        json.put("context", context);
        json.put("horizon", horizon);
        json.put("stride", stride);
        json.put("windows", windows);
        json.put("period", season.steps());
        json.putAll(json(model.mse(), model.mae()));
        json.put("baselines", baselines(json(last.mse(), last.mae()), json(mean.mse(), mean.mae())));
        return json;
    }

    /** The errors of the simple forecasts as JSON, by the names that they have in all commands. */
    public static Map<String, Object> baselines(Map<String, Object> last, Map<String, Object> mean) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(SimpleForecast.SEASONAL_NAIVE.key(), last);
        json.put(SimpleForecast.MEAN_PERIOD.key(), mean);
        return json;
    }

    /** A pair of errors as JSON. */
    public static Map<String, Object> json(double mse, double mae) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mse", finite(mse));
        json.put("mae", finite(mae));
        return json;
    }

    /** The value, or null when it is not finite, because JSON has no NaN. */
    public static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** The report as a table of text. */
    public String text() {
        return String.format(Locale.ROOT, "%s, protocol %s, %,d windows of %d + %d rows%s%n%-30s %8s %8s%n",
                Printable.of(file), rule, windows, context, horizon, stride == 1 ? "" : " at stride " + stride, "",
                "MSE", "MAE") + row("model", model)
                + row("last " + season.name() + " repeated (" + season.steps() + ")", last)
                + row("mean " + season.name() + " of the context", mean);
    }

    private static String row(String name, Scores scores) {
        return String.format(Locale.ROOT, "%-30s %8.4f %8.4f%n", name, scores.mse(), scores.mae());
    }
}
