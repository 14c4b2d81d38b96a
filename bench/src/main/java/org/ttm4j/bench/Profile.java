package org.ttm4j.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.ActivationKernels;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Where the time of a forecast goes: every operation of the recorded graph, timed in its place, as medians. GELU and the
 * gates' softmax belong to the operation of a product, and are timed alone on as many elements to tell them apart.
 */
final class Profile {
    private static final int RUNS = 300;
    private static final double WARM_UP_SECONDS = 3;
    /** On a busy machine seconds alone are not enough for the compiler. */
    private static final int WARM_UP_RUNS = 4000;

    /** What kind of work an operation is, or a part of it. */
    private enum Group {
        FEATURE_PRODUCTS("feature products"), //
        PATCH_PRODUCTS("patch products"), //
        GELU("GELU"), //
        GATES("gates: softmax, product, residual"), //
        LAYER_NORM("LayerNorm"), //
        SCALER("scaler"), //
        REST("the rest");

        private final String what;

        Group(String what) {
            this.what = what;
        }
    }

    /** Operations of one kind and shape: times in nanoseconds, all together. */
    private static final class Row {
        private int count;
        private long flops;
        private long weights;
        private double nanos;
        private double extra;
    }

    private final TtmModel model;
    private final int series;
    private final double peak;
    private final Map<Group, Double> groups = new EnumMap<>(Group.class);
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<Group, Long> flops = new EnumMap<>(Group.class);
    private int weights;
    /** Nanoseconds that reading the weights takes. */
    private double reading;

    /** @param peak GFLOP/s of fused multiply-adds on one core */
    Profile(TtmModel model, int series, double peak) {
        this.model = model;
        this.series = series;
        this.peak = peak;
        measure();
    }

    private void measure() {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs inputs = model.inputs(graph, series, 1, true);
        model.forward(inputs).forecast().keep();
        System.arraycopy(BenchModel.contexts(series), 0, inputs.past().value(), 0, series * BenchModel.CONTEXT);
        Arrays.fill(inputs.mask().value(), 1);
        List<Operation> operations = graph.operations();
        long[] nanos = new long[operations.size()];
        long begin = System.nanoTime();
        for (int run = 0; run < WARM_UP_RUNS || System.nanoTime() - begin < 1e9 * WARM_UP_SECONDS; run++) {
            graph.forward(nanos);
        }
        double[][] times = new double[operations.size()][RUNS];
        for (int run = 0; run < RUNS; run++) {
            Arrays.fill(nanos, 0);
            graph.forward(nanos);
            for (int i = 0; i < nanos.length; i++) times[i][run] = nanos[i];
        }
        for (int i = 0; i < nanos.length; i++) add(operations.get(i), Timing.median(times[i]));
        weights = (int) rows.values().stream().mapToLong(row -> row.weights).sum();
        reading = MemoryRead.nanos(weights);
    }

    private void add(Operation operation, double nanos) {
        String kind = operation.toString();
        int size = operation.shape().size();
        int columns = operation.shape().dim(-1);
        int height = size / columns / series;
        double extra = alone(kind, size, height, columns);
        long inner = operation.productFlops() / 2 / size;
        String shape = height + (inner == 0 ? "" : " × " + inner) + " × " + columns;
        Row row = rows.computeIfAbsent(kind + " | " + shape, key -> new Row());
        row.count++;
        row.nanos += nanos;
        row.extra += extra;
        row.flops += operation.productFlops();
        if (group(kind) == Group.FEATURE_PRODUCTS) row.weights += inner * columns;
        groups.merge(group(kind), nanos - extra, Double::sum);
        flops.merge(group(kind), operation.productFlops(), Long::sum);
        if (extra > 0) groups.merge(kind.endsWith("GELU") ? Group.GELU : Group.GATES, extra, Double::sum);
    }

    private static Group group(String kind) {
        if (kind.startsWith("Affine") || kind.equals("Gate")) return Group.FEATURE_PRODUCTS;
        if (kind.startsWith("Left")) return Group.PATCH_PRODUCTS;
        if (kind.equals("LayerNormalization")) return Group.LAYER_NORM;
        return kind.equals("Standardize") ? Group.SCALER : Group.REST;
    }

    /** The median time of the activation that an operation has beside its product, alone; 0 if it has none. */
    private double alone(String kind, int size, int height, int columns) {
        ActivationKernels kernels = KernelSelection.active().activation();
        float[] x = BenchModel.contexts(1 + size / BenchModel.CONTEXT);
        float[] y = new float[size];
        float[] logits = Arrays.copyOf(x, size);
        if (kind.endsWith("GELU")) return Timing.alone(() -> kernels.gelu(y, x, size));
        if (kind.equals("Gate")) {
            int rows = size / columns;
            return Timing.alone(() -> kernels.gate(y, null, x, logits, x, rows, columns));
        }
        if (kind.equals("LeftGate")) {
            return Timing.alone(() -> kernels.gateLeft(y, null, x, logits, x, series, height, columns));
        }
        return 0;
    }

    /** Both tables as Markdown: time by group, and every kind and shape of operation. */
    String text() {
        double total = groups.values().stream().mapToDouble(Double::doubleValue).sum();
        long work = flops.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder text = new StringBuilder(
                "### " + series + (series == 1 ? " series" : " channels") + ": " + Report.number(total / 1e3)
                        + " µs\n\nReading the " + Report.number(weights * 4e-6) + " MB of weights once takes "
                        + Report.number(reading / 1e3) + " µs, " + Report.number(4 * weights / reading) + " GB/s.\n\n");
        MarkdownTable byGroup = new MarkdownTable("group", "µs", "share", "GFLOP/s", "µs at the peak");
        groups.forEach(
                (group, nanos) -> byGroup.row(group.what, Report.number(nanos / 1e3), Report.percent(nanos / total),
                        speed(flops.getOrDefault(group, 0L), nanos), atPeak(flops.getOrDefault(group, 0L))));
        byGroup.row("all", Report.number(total / 1e3), "", speed(work, total), atPeak(work));
        MarkdownTable byShape = new MarkdownTable("operation", "rows × inner × columns of a series", "times", "µs",
                "GFLOP/s", "without the activation, GFLOP/s", "µs to read the weights");
        rows.forEach((name, row) -> {
            String[] parts = name.split(" \\| ");
            byShape.row(parts[0], parts[1], Integer.toString(row.count), Report.number(row.nanos / 1e3),
                    speed(row.flops, row.nanos), speed(row.flops, row.nanos - row.extra),
                    row.weights == 0 ? "–" : Report.number(row.weights * reading / weights / 1e3));
        });
        return text.append(byGroup).append('\n').append(byShape).toString();
    }

    private String speed(long operations, double nanos) {
        if (operations == 0) return "–";
        return Report.number(operations / nanos) + " (" + Report.percent(operations / nanos / peak) + ")";
    }

    private String atPeak(long operations) {
        return operations == 0 ? "–" : Report.number(operations / peak / 1e3);
    }
}
