package org.ttm4j.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ttm4j.engine.KernelSelection;

/** The text of {@code bench/target/RESULTS.md}: the machine, the ratios, and every JMH benchmark. */
final class ResultsFile {
    private final Machine machine;
    private final Comparison.Outcome outcome;
    private final Collection<JmhSuite.Score> scores;
    private final Double peak;

    ResultsFile(Machine machine, Comparison.Outcome outcome, Collection<JmhSuite.Score> scores) {
        this.machine = machine;
        this.outcome = outcome;
        this.scores = scores;
        Double nanos = nanos("Model", Map.of("task", "fma"), KernelSelection.active().name());
        peak = nanos == null ? null : FmaPeak.flops() / nanos;
    }

    String text() {
        StringBuilder text = new StringBuilder(
                "# Measured speed\n\nWritten by `bin/bench --full`; all numbers are medians.\n\n");
        text.append(machine()).append('\n');
        if (machine.busy()) {
            text.append("**The machine was busy when this was measured: the numbers are too low to be quoted.**\n\n");
        }
        text.append("## Against other libraries\n\nSame run, same checkpoint, same series, measured in turns.\n\n");
        text.append(Report.markdown(outcome)).append('\n');
        products(text);
        text.append("\n## Kernels and the whole model\n\nMicroseconds a call; a tile or micro-batch is 32 series.\n\n");
        return text.append(others()).toString();
    }

    private MarkdownTable machine() {
        return new MarkdownTable("machine", machine.processor()).row("cores", Integer.toString(machine.cores()))
                .row("load average at the start", machine.loadText())
                .row("Java", machine.jdk())
                .row("flags", "`" + machine.flags() + "`")
                .row("kernels", machine.kernels())
                .row("peers", outcome.peers().isEmpty() ? "none" : String.join(", ", outcome.peers()))
                .row("commit", machine.commit())
                .row("date", machine.date());
    }

    private void products(StringBuilder text) {
        text.append("## Matrix products\n\nGFLOP/s");
        if (peak != null) {
            text.append(" and the share of the peak: fused multiply-adds alone reach ")
                    .append(Report.number(peak))
                    .append(" GFLOP/s on one core");
        }
        text.append(". Shapes are rows × inner × columns for one series.\n");
        for (String kernels : List.of("vector", "scalar")) {
            MarkdownTable table = new MarkdownTable(kernels + " kernels", "shape", "forward, 1 series",
                    "forward, 32 series", "dx, 32 series", "dW, 32 series");
            for (Product product : Product.values()) {
                String[] speeds = {speed(product, "forward", 1, kernels), speed(product, "forward", 32, kernels),
                        speed(product, "dx", 32, kernels), speed(product, "dw", 32, kernels)};
                // The scalar kernels run on a few products only.
                if (List.of(speeds).stream().allMatch("–"::equals)) continue;
                table.row(product.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        product.rows + " × " + product.inner + " × " + product.columns, speeds[0], speeds[1], speeds[2],
                        speeds[3]);
            }
            text.append('\n').append(table);
        }
    }

    private String speed(Product product, String pass, int series, String kernels) {
        Double nanos = nanos("Product",
                Map.of("product", product.name(), "pass", pass, "series", Integer.toString(series)), kernels);
        if (nanos == null) return "–";
        double gflops = series * product.flops() / nanos;
        return Report.number(gflops) + (peak == null ? "" : " (" + Report.percent(gflops / peak) + ")");
    }

    private MarkdownTable others() {
        MarkdownTable table = new MarkdownTable("benchmark", "parameters", "vector", "scalar", "scalar / vector");
        Map<List<Object>, JmhSuite.Score> distinct = new LinkedHashMap<>();
        for (JmhSuite.Score score : scores) {
            if (!score.benchmark().equals("Product"))
                distinct.putIfAbsent(List.of(score.benchmark(), score.parameters()), score);
        }
        for (JmhSuite.Score score : distinct.values()) {
            Double vector = nanos(score.benchmark(), score.parameters(), "vector");
            Double scalar = nanos(score.benchmark(), score.parameters(), "scalar");
            String parameters = score.parameters()
                    .entrySet()
                    .stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", "));
            table.row(score.benchmark(), parameters, micros(vector), micros(scalar),
                    vector == null || scalar == null ? "–" : Report.number(scalar / vector));
        }
        return table;
    }

    private static String micros(Double nanos) {
        return Report.number(nanos == null ? null : Double.valueOf(nanos / 1e3));
    }

    /** Null where the benchmark did not run with these kernels. */
    private Double nanos(String benchmark, Map<String, String> parameters, String kernels) {
        for (JmhSuite.Score score : scores) {
            if (score.benchmark().equals(benchmark) && score.parameters().equals(parameters)
                    && score.kernels().equals(kernels)) {
                return score.nanos();
            }
        }
        return null;
    }
}
