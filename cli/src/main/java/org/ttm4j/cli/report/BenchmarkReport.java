package org.ttm4j.cli.report;

import java.nio.file.Path;
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
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.ttm.io.Json;

/**
 * The errors of a model on several files. Files of the long-horizon benchmark are compared with published errors, all
 * others with the better simple forecast. Immutable.
 */
public final class BenchmarkReport {
    private static final int WIDTH = 9;

    /** A file of the benchmark, measured by the protocol of the published errors. */
    private record Benchmark(String dataSet, EvaluationReport report) {}

    private final List<EvaluationReport> all;
    private final List<Benchmark> benchmark = new ArrayList<>();
    private final List<EvaluationReport> others = new ArrayList<>();

    public BenchmarkReport(List<EvaluationReport> reports) {
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
        StringBuilder text = new StringBuilder();
        if (!benchmark.isEmpty()) benchmarkTable(text);
        if (!benchmark.isEmpty() && !others.isEmpty()) text.append(System.lineSeparator());
        if (!others.isEmpty()) otherTable(text);
        return text.toString();
    }

    private void benchmarkTable(StringBuilder text) {
        List<String> names = new ArrayList<>(benchmark.stream().map(Benchmark::dataSet).toList());
        names.add("mean");
        line(text, "MSE at horizon " + PublishedScores.HORIZON + stride(benchmark.get(0).report), names);
        line(text, "windows",
                benchmark.stream().map(one -> String.format(Locale.ROOT, "%,d", one.report.windows())).toList());
        errors(text, "model", one -> one.report.model().mse());
        errors(text, "model, MAE", one -> one.report.model().mae());
        if (benchmark.stream().allMatch(one -> one.report.combination() != null)) {
            errors(text, "combined over model", one -> one.report.combination().ratio());
        }
        errors(text, "last period repeated", one -> one.report.last().mse());
        errors(text, "mean period of the context", one -> one.report.mean().mse());
        text.append("published").append(System.lineSeparator());
        for (String model : PublishedScores.models()) {
            errors(text, "  " + model, one -> PublishedScores.mse(model, one.dataSet));
        }
    }

    private void errors(StringBuilder text, String label, ToDoubleFunction<Benchmark> error) {
        List<String> cells = new ArrayList<>(benchmark.stream().map(one -> number(error.applyAsDouble(one))).toList());
        cells.add(number(mean(error)));
        line(text, label, cells);
    }

    private double mean(ToDoubleFunction<Benchmark> error) {
        return benchmark.stream().mapToDouble(error).sum() / benchmark.size();
    }

    private void otherTable(StringBuilder text) {
        line(text, "MSE" + stride(others.get(0)),
                List.of("horizon", "windows", "model", "MAE", "last", "mean", "ratio"));
        for (EvaluationReport one : others) {
            line(text, name(one),
                    List.of(Integer.toString(one.horizon()), String.format(Locale.ROOT, "%,d", one.windows()),
                            number(one.model().mse()), number(one.model().mae()), number(one.last().mse()),
                            number(one.mean().mse()), number(one.ratio())));
        }
        line(text, "geometric mean", List.of("", "", "", "", "", "", number(geometricMean())));
        text.append("ratio: MSE over that of the better simple forecast (last, mean period)")
                .append(System.lineSeparator());
        String combined = others.stream()
                .filter(one -> one.combination() != null)
                .map(one -> name(one) + " " + number(one.combination().ratio()))
                .collect(Collectors.joining(", "));
        if (!combined.isEmpty()) text.append("combined over model: ").append(combined).append(System.lineSeparator());
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

    private static void line(StringBuilder text, String label, List<String> cells) {
        text.append(String.format(Locale.ROOT, "%-30s", label));
        for (String cell : cells) text.append(String.format(Locale.ROOT, " %" + WIDTH + "s", cell));
        text.append(System.lineSeparator());
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
