package org.ttm4j.cli.report;

import java.nio.file.Path;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.Splits;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.protocol.PublishedScores;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.eval.report.TextTable;
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
 * @param last the errors of the seasonal naive forecast
 * @param mean the errors of the mean period of the context
 * @param combination of the model; null where it was not measured
 */
public record EvaluationReport(String file, Split.Rule rule, int context, int horizon, int stride, int windows,
        int targets, TemporalAmount frequency, Season season, Scores model, Scores last, Scores mean,
        Combination combination) {

    /**
     * The errors of the combination.
     *
     * @param history the most rows before a window that the combination saw
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

    /**
     * The errors of a model on several files. Files of the long-horizon benchmark are compared with published errors, all
     * others with the better simple forecast. Immutable.
     */
    public static final class OfSeveral {
        private static final int NAME = 30;
        private static final int LONGEST_NAME = 60;
        private static final int CELL = 9;

        /** A file of the benchmark, measured by the protocol of the published errors. */
        private record Benchmark(String dataSet, EvaluationReport report) {}

        private final List<EvaluationReport> all;
        private final List<Benchmark> benchmark = new ArrayList<>();
        private final List<EvaluationReport> others = new ArrayList<>();

        public OfSeveral(List<EvaluationReport> reports) {
            all = List.copyOf(reports);
            for (EvaluationReport report : all) {
                String stem = Input.stem(Path.of(report.file()));
                String dataSet = PublishedScores.dataSet(stem, report.targets());
                boolean comparable = report.horizon() == PublishedScores.HORIZON && report.rule() == Splits.usual(stem);
                if (dataSet != null && comparable) benchmark.add(new Benchmark(dataSet, report));
                else others.add(report);
            }
        }

        public String text() {
            TextTable text = new TextTable(NAME, LONGEST_NAME, CELL);
            if (!benchmark.isEmpty()) benchmarkTable(text);
            if (!benchmark.isEmpty() && !others.isEmpty()) text.line("");
            if (!others.isEmpty()) otherTable(text);
            return text.toString();
        }

        private void benchmarkTable(TextTable text) {
            List<String> names = new ArrayList<>(benchmark.stream().map(Benchmark::dataSet).toList());
            names.add("mean");
            text.row("MSE at horizon " + PublishedScores.HORIZON + stride(benchmark.get(0).report), names);
            text.row("windows",
                    benchmark.stream().map(one -> String.format(Locale.ROOT, "%,d", one.report.windows())).toList());
            errors(text, "model", one -> one.report.model().mse());
            errors(text, "model, MAE", one -> one.report.model().mae());
            if (benchmark.stream().allMatch(one -> one.report.combination() != null)) {
                errors(text, "combined over model", one -> one.report.combination().ratio());
            }
            errors(text, "last period repeated", one -> one.report.last().mse());
            errors(text, "mean period of the context", one -> one.report.mean().mse());
            text.line("published");
            for (String model : PublishedScores.models()) {
                errors(text, "  " + model, one -> PublishedScores.mse(model, one.dataSet));
            }
        }

        private void errors(TextTable text, String label, ToDoubleFunction<Benchmark> error) {
            List<String> cells = new ArrayList<>(
                    benchmark.stream().map(one -> number(error.applyAsDouble(one))).toList());
            cells.add(number(mean(error)));
            text.row(label, cells);
        }

        private double mean(ToDoubleFunction<Benchmark> error) {
            return benchmark.stream().mapToDouble(error).sum() / benchmark.size();
        }

        private void otherTable(TextTable text) {
            text.row("MSE" + stride(others.get(0)),
                    List.of("horizon", "windows", "model", "MAE", "last", "mean", "ratio"));
            for (EvaluationReport one : others) {
                text.row(name(one),
                        List.of(Integer.toString(one.horizon()), String.format(Locale.ROOT, "%,d", one.windows()),
                                number(one.model().mse()), number(one.model().mae()), number(one.last().mse()),
                                number(one.mean().mse()), number(one.ratio())));
            }
            text.row("geometric mean", List.of("", "", "", "", "", "", number(geometricMean())));
            text.line("ratio: MSE over that of the better simple forecast (last, mean period)");
            String combined = others.stream()
                    .filter(one -> one.combination() != null)
                    .map(one -> name(one) + " " + number(one.combination().ratio()))
                    .collect(Collectors.joining(", "));
            if (!combined.isEmpty()) text.line("combined over model: " + combined);
        }

        private static String name(EvaluationReport report) {
            return Printable.shortened(Input.stem(Path.of(report.file())));
        }

        private static String stride(EvaluationReport report) {
            return report.stride() == 1 ? "" : ", stride " + report.stride();
        }

        private double geometricMean() {
            double logarithms = 0;
            for (EvaluationReport one : others) logarithms += Math.log(one.ratio());
            return Math.exp(logarithms / others.size());
        }

        private static String number(double value) {
            return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
        }

        public Map<String, Object> json() {
            List<Object> files = new ArrayList<>();
            for (EvaluationReport report : all) {
                Map<String, Object> file = report.json();
                file.put("ratio", Json.finite(report.ratio()));
                files.add(file);
            }
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("files", files);
            if (!benchmark.isEmpty()) json.put("benchmark", benchmarkJson());
            if (!others.isEmpty()) {
                json.put("others", Json.object("files", others.stream().map(EvaluationReport::file).toList(), "ratio",
                        Json.finite(geometricMean())));
            }
            return json;
        }

        private Map<String, Object> benchmarkJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("files", benchmark.stream().map(one -> one.report.file()).toList());
            json.putAll(meanScores(EvaluationReport::model));
            json.put("baselines",
                    EvaluationReport.baselines(meanScores(EvaluationReport::last), meanScores(EvaluationReport::mean)));
            Map<String, Object> published = new LinkedHashMap<>();
            for (String model : PublishedScores.models()) {
                published.put(model, Json.finite(mean(one -> PublishedScores.mse(model, one.dataSet))));
            }
            json.put("published_mse", published);
            return json;
        }

        private Map<String, Object> meanScores(Function<EvaluationReport, Scores> scores) {
            return EvaluationReport.json(mean(one -> scores.apply(one.report).mse()),
                    mean(one -> scores.apply(one.report).mae()));
        }
    }
}
