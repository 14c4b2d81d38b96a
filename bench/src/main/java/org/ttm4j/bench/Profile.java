package org.ttm4j.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.bench.Report.MarkdownTable;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.engine.kernel.ActivationKernels;
import org.ttm4j.ttm.model.TtmModel;

/** Where the time goes: every operation of a recorded graph, forward and backward, timed in its place, as medians. */
record Profile(int series, double peak) {
    private static final int RUNS = 300;
    /** On a busy machine seconds alone are not enough for the compiler. */
    private static final int WARM_UP_RUNS = 4000;
    private static final int TRAINING_WARM_UP_RUNS = 300;
    private static final Timing ALONE = new Timing(0.1, 0.05, RUNS);

    /** What kind of work an operation of a forecast is, apart from an activation beside its product. */
    private static String group(String operation) {
        if (operation.startsWith("Affine") || operation.equals("Gate")) return "feature products";
        if (operation.startsWith("Left")) return "patch products";
        return switch (operation) {
            case "LayerNormalization" -> "LayerNorm";
            case "Standardize" -> "scaler";
            default -> "the rest";
        };
    }

    /**
     * Operations of one kind, all together: times in nanoseconds.
     *
     * @param alone of the activations that they have beside their products
     */
    private record Row(int count, long flops, double forward, double backward, double alone) {
        static final Row NONE = new Row(0, 0, 0, 0, 0);

        Row plus(Row other) {
            return new Row(count + other.count, flops + other.flops, forward + other.forward, backward + other.backward,
                    alone + other.alone);
        }

        double total() {
            return forward + backward;
        }
    }

    /**
     * A forecast of so many series, in Markdown: time by group, and every kind and shape of operation. GELU and the gates'
     * softmax belong to the operation of a product, and are timed alone on as many elements to tell them apart.
     *
     * @param peak GFLOP/s of fused multiply-adds on one core
     */
    static String ofForecast(TtmModel model, int series, double peak) throws Exception {
        Graph graph = new Graph(Graph.Mode.INFERENCE);
        TtmModel.Inputs inputs = model.inputs(graph, series, 1, true);
        model.forward(inputs).forecast().keep();
        fill(inputs.past(), series);
        Arrays.fill(inputs.mask().value(), 1);
        return new Profile(series, peak).forecast(graph);
    }

    /**
     * A training step on one micro-batch without AdamW, in Markdown: kinds of operation by the time that they take.
     *
     * @param what the model, for the title
     * @param peak GFLOP/s of fused multiply-adds on one core
     */
    static String ofTraining(String what, TtmModel model, double peak) {
        int windows = Shares.MICRO_BATCH;
        Graph graph = new Graph(Graph.Mode.TRAINING);
        TtmModel.Inputs inputs = model.inputs(graph, windows, 1, true);
        TtmModel.Outputs outputs = model.forward(inputs);
        Tensor target = graph.input(outputs.forecast().shape());
        Tensor observed = graph.input(outputs.forecast().shape());
        Tensor loss = model.loss(outputs, target, observed);
        fill(inputs.past(), windows);
        System.arraycopy(inputs.past().value(), 0, target.value(), 0, target.shape().size());
        Arrays.fill(inputs.mask().value(), 1);
        Arrays.fill(observed.value(), 1);
        return "### A training step of " + windows + " windows of " + what + "\n\n"
                + new Profile(windows, peak).training(graph, loss);
    }

    private static void fill(Tensor past, int series) {
        float[] contexts = BenchModel.contexts(series, past.shape().size() / series);
        System.arraycopy(contexts, 0, past.value(), 0, contexts.length);
    }

    /** The rows of all operations; backward from a loss, or forward alone where it is null. */
    private static Map<Operation, Row> rows(Graph graph, Tensor loss) {
        List<Operation> operations = graph.operations();
        int count = operations.size();
        double[][] forward = new double[count][RUNS];
        double[][] backward = new double[count][RUNS];
        for (int run = loss == null ? -WARM_UP_RUNS : -TRAINING_WARM_UP_RUNS; run < RUNS; run++) {
            long[] forwardNanos = new long[count];
            long[] backwardNanos = new long[count];
            graph.forward(forwardNanos);
            if (loss != null) graph.backward(loss, 1, backwardNanos);
            for (int i = 0; i < count && run >= 0; i++) {
                forward[i][run] = forwardNanos[i];
                backward[i][run] = backwardNanos[i];
            }
        }
        Map<Operation, Row> rows = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            rows.put(operations.get(i), new Row(1, operations.get(i).productFlops(), Timing.median(forward[i]),
                    Timing.median(backward[i]), 0));
        }
        return rows;
    }

    private String training(Graph graph, Tensor loss) {
        Map<String, Row> kinds = new LinkedHashMap<>();
        rows(graph, loss).forEach((operation, row) -> kinds.merge(operation.toString(), row, Row::plus));
        Row all = kinds.values().stream().reduce(Row.NONE, Row::plus);
        MarkdownTable table = new MarkdownTable("operation", "times", "forward, µs", "GFLOP/s", "backward, µs",
                "GFLOP/s", "share of the time");
        slowestFirst(kinds).forEach(kind -> addTraining(table, kind.getKey(), kind.getValue(), all));
        addTraining(table, "all", all, all);
        return table.toString();
    }

    private static List<Map.Entry<String, Row>> slowestFirst(Map<String, Row> rows) {
        return rows.entrySet().stream().sorted(Comparator.comparingDouble(row -> -row.getValue().total())).toList();
    }

    /** A gradient is two products, one for the weight and one for the input. */
    private void addTraining(MarkdownTable table, String name, Row row, Row all) {
        table.row(name, Integer.toString(row.count), micros(row.forward), speed(row.flops, row.forward),
                micros(row.backward), speed(2 * row.flops, row.backward), Report.percent(row.total() / all.total()));
    }

    private String forecast(Graph graph) throws Exception {
        Map<String, Row> groups = new LinkedHashMap<>();
        Map<String, Row> shapes = new LinkedHashMap<>();
        for (Map.Entry<Operation, Row> entry : rows(graph, null).entrySet()) {
            Operation operation = entry.getKey();
            Row row = entry.getValue();
            String kind = operation.toString();
            int size = operation.shape().size();
            int columns = operation.shape().dim(-1);
            int height = size / columns / series;
            double alone = alone(kind, size, height, columns);
            long inner = row.flops / 2 / size;
            String shape = height + (inner == 0 ? "" : " × " + inner) + " × " + columns;
            shapes.merge(kind + " | " + shape, new Row(1, row.flops, row.forward, 0, alone), Row::plus);
            groups.merge(group(kind), new Row(1, row.flops, row.forward - alone, 0, 0), Row::plus);
            if (alone == 0) continue;
            groups.merge(kind.endsWith("GELU") ? "GELU" : "gates: softmax, product, residual",
                    new Row(0, 0, alone, 0, 0), Row::plus);
        }
        Row all = groups.values().stream().reduce(Row.NONE, Row::plus);
        MarkdownTable byGroup = new MarkdownTable("group", "µs", "share", "GFLOP/s", "µs at the peak");
        slowestFirst(groups).forEach(group -> addGroup(byGroup, group.getKey(), group.getValue(), all));
        addGroup(byGroup, "all", all, all);
        MarkdownTable byShape = new MarkdownTable("operation", "rows × inner × columns of a series", "times", "µs",
                "GFLOP/s", "without the activation, GFLOP/s");
        shapes.forEach((name, row) -> {
            String[] parts = name.split(" \\| ");
            byShape.row(parts[0], parts[1], Integer.toString(row.count), micros(row.forward),
                    speed(row.flops, row.forward), speed(row.flops, row.forward - row.alone));
        });
        return "### " + series + (series == 1 ? " series" : " channels") + ": " + micros(all.forward) + " µs\n\n"
                + byGroup + '\n' + byShape;
    }

    private void addGroup(MarkdownTable table, String name, Row row, Row all) {
        table.row(name, micros(row.forward), Report.percent(row.forward / all.forward), speed(row.flops, row.forward),
                row.flops == 0 ? "–" : micros(row.flops / peak));
    }

    /** The median time of the activation that an operation has beside its product, alone; 0 if it has none. */
    private double alone(String kind, int size, int height, int columns) throws Exception {
        ActivationKernels kernels = KernelSelection.active().activation();
        float[] x = BenchModel.contexts(1 + size / BenchModel.CONTEXT);
        float[] y = new float[size];
        float[] logits = Arrays.copyOf(x, size);
        int rows = size / columns;
        if (kind.endsWith("GELU")) return ALONE.medians(() -> kernels.gelu(y, x, size))[0];
        return switch (kind) {
            case "Gate" -> ALONE.medians(() -> kernels.gate(y, null, x, logits, x, rows, columns))[0];
            case "LeftGate" -> ALONE.medians(() -> kernels.gateLeft(y, null, x, logits, x, series, height, columns))[0];
            default -> 0;
        };
    }

    private static String micros(double nanos) {
        return Report.number(nanos / 1e3);
    }

    private String speed(long operations, double nanos) {
        if (operations == 0) return "–";
        return Report.number(operations / nanos) + " (" + Report.percent(operations / nanos / peak) + ")";
    }
}
