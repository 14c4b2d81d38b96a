package org.ttm4j.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.autograd.Graph;
import org.ttm4j.autograd.Operation;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Where the time of a training step goes: every operation's forward and backward pass on one micro-batch, timed in its
 * place, as medians. AdamW is not part of it.
 */
final class TrainingProfile {
    private static final int WARM_UP_RUNS = 300;
    private static final int RUNS = 300;

    /** Operations of one kind, all together. */
    private static final class Row {
        private int count;
        private double forward;
        private double backward;
        private long flops;
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final String what;
    private final double peak;

    /**
     * @param what the model, for the title
     * @param peak GFLOP/s of fused multiply-adds on one core
     */
    TrainingProfile(String what, TtmModel model, double peak) {
        this.what = what;
        this.peak = peak;
        int windows = Shares.MICRO_BATCH;
        Graph graph = new Graph(Graph.Mode.TRAINING);
        TtmModel.Inputs inputs = model.inputs(graph, windows, 1, true);
        TtmModel.Outputs outputs = model.forward(inputs);
        Tensor target = graph.input(outputs.forecast().shape());
        Tensor observed = graph.input(outputs.forecast().shape());
        Tensor loss = model.loss(outputs, target, observed);
        float[] contexts = BenchModel.contexts(windows, model.config().contextLength());
        System.arraycopy(contexts, 0, inputs.past().value(), 0, contexts.length);
        System.arraycopy(contexts, 0, target.value(), 0, target.shape().size());
        Arrays.fill(inputs.mask().value(), 1);
        Arrays.fill(observed.value(), 1);
        List<Operation> operations = graph.operations();
        double[][] forward = new double[operations.size()][RUNS];
        double[][] backward = new double[operations.size()][RUNS];
        for (int run = -WARM_UP_RUNS; run < RUNS; run++) {
            long[] forwardNanos = new long[operations.size()];
            long[] backwardNanos = new long[operations.size()];
            graph.forward(forwardNanos);
            graph.backward(loss, 1, backwardNanos);
            for (int i = 0; i < forwardNanos.length && run >= 0; i++) {
                forward[i][run] = forwardNanos[i];
                backward[i][run] = backwardNanos[i];
            }
        }
        for (int i = 0; i < forward.length; i++) {
            add(operations.get(i), Timing.median(forward[i]), Timing.median(backward[i]));
        }
    }

    private void add(Operation operation, double forward, double backward) {
        Row row = rows.computeIfAbsent(operation.toString(), kind -> new Row());
        row.count++;
        row.forward += forward;
        row.backward += backward;
        row.flops += operation.productFlops();
    }

    /** The table as Markdown: kinds of operation by the time that they take. */
    String text() {
        Row all = new Row();
        MarkdownTable table = new MarkdownTable("operation", "times", "forward, µs", "GFLOP/s", "backward, µs",
                "GFLOP/s", "share of the time");
        for (Row row : rows.values()) {
            all.forward += row.forward;
            all.backward += row.backward;
            all.flops += row.flops;
            all.count += row.count;
        }
        rows.entrySet()
                .stream()
                .sorted((a, b) -> Double.compare(total(b.getValue()), total(a.getValue())))
                .forEach(entry -> addRow(table, entry.getKey(), entry.getValue(), total(all)));
        addRow(table, "all", all, total(all));
        return "### A training step of " + Shares.MICRO_BATCH + " windows of " + what + "\n\n" + table;
    }

    private static double total(Row row) {
        return row.forward + row.backward;
    }

    /** A gradient is two products, one for the weight and one for the input. */
    private void addRow(MarkdownTable table, String name, Row row, double total) {
        table.row(name, Integer.toString(row.count), Report.number(row.forward / 1e3), speed(row.flops, row.forward),
                Report.number(row.backward / 1e3), speed(2 * row.flops, row.backward),
                Report.percent(total(row) / total));
    }

    private String speed(long operations, double nanos) {
        if (operations == 0) return "–";
        return Report.number(operations / nanos) + " (" + Report.percent(operations / nanos / peak) + ")";
    }
}
