package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.scalar.PerThread;

/**
 * The gate whose softmax runs along rows. Each step is completed for a block of rows before the next step, so that no
 * step waits for the latency of the previous one. Four rows at a time share the division and the shuffles of a maximum
 * or a sum across lanes. One instance per thread.
 */
final class RowGate extends GateOperands {
    /** The number of rows in a block, which fit the L1 cache even for a wide layer. */
    private static final int ROWS = 16;
    private static final int GROUP = 4;

    private static final PerThread<RowGate> LOCAL = new PerThread<>(RowGate::new);
    private static final List<Lanes.Step<RowGate>> STEPS = List.of(RowGate::maxima, RowGate::exponentials,
            RowGate::factors, RowGate::gate);

    private final float[] maxima = new float[ROWS / GROUP * COUNT];
    private final float[] partialSums = new float[ROWS * COUNT];
    private final float[] factors = new float[ROWS / GROUP * COUNT];

    private int rows;
    private int n;

    private RowGate() {}

    /** See {@link VectorActivation#gate}. */
    static void forward(float[] y, float[] p, float[] x, float[] logits, float[] residual, int allRows, int n) {
        RowGate gate = LOCAL.get();
        gate.set(y, 0, p, 0, x, 0, logits, 0, residual, 0);
        gate.n = n;
        for (int row = 0; row < allRows; row += ROWS) {
            gate.rows = Math.min(ROWS, allRows - row);
            Lanes.runAll(STEPS, gate);
            gate.advance(gate.rows * n);
        }
        gate.forget();
    }

    private void maxima() {
        for (int row = 0; row < rows; row += GROUP) {
            // An incomplete group repeats its last row.
            int last = rows - 1 - row;
            int row0 = logitsOffset + row * n;
            maxima(maxima, Lanes.place(row), partialSums, logits, row0, row0 + Math.min(1, last) * n,
                    row0 + Math.min(2, last) * n, row0 + Math.min(3, last) * n, n);
        }
    }

    private static void maxima(float[] maxima, int to, float[] partial, float[] x, int row0, int row1, int row2,
            int row3, int n) {
        FloatVector max0 = broadcast(Float.NEGATIVE_INFINITY);
        FloatVector max1 = broadcast(Float.NEGATIVE_INFINITY);
        FloatVector max2 = broadcast(Float.NEGATIVE_INFINITY);
        FloatVector max3 = broadcast(Float.NEGATIVE_INFINITY);
        int j = 0;
        for (; j <= n - COUNT; j += COUNT) {
            max0 = Lanes.max(max0, load(x, row0 + j));
            max1 = Lanes.max(max1, load(x, row1 + j));
            max2 = Lanes.max(max2, load(x, row2 + j));
            max3 = Lanes.max(max3, load(x, row3 + j));
        }
        max0.intoArray(partial, 0);
        max1.intoArray(partial, COUNT);
        max2.intoArray(partial, 2 * COUNT);
        max3.intoArray(partial, 3 * COUNT);
        Lanes.maxima(partial, 0, maxima, to);
        if (j == n) return;
        VectorMask<Float> tail = Lanes.tail(n - j);
        maxOfTail(maxima, to, x, row0 + j, tail);
        maxOfTail(maxima, to + Lanes.place(1), x, row1 + j, tail);
        maxOfTail(maxima, to + Lanes.place(2), x, row2 + j, tail);
        maxOfTail(maxima, to + Lanes.place(3), x, row3 + j, tail);
    }

    private static void maxOfTail(float[] maxima, int to, float[] x, int xOffset, VectorMask<Float> tail) {
        float max = Lanes.max(broadcast(Float.NEGATIVE_INFINITY).blend(load(x, xOffset, tail), tail));
        maxima[to] = Math.max(maxima[to], max);
    }

    private void exponentials() {
        for (int row = 0; row < rows; row++) {
            exponentials(e, eOffset + row * n, logits, logitsOffset + row * n, maxima[Lanes.place(row)], n, partialSums,
                    row * COUNT);
        }
    }

    /** e = exp(x − max), and a vector of partial sums of e. */
    private static void exponentials(float[] e, int eOffset, float[] x, int xOffset, float max, int n, float[] sums,
            int to) {
        FloatVector sum = broadcast(0);
        int j = 0;
        for (; j <= n - COUNT; j += COUNT) {
            FloatVector exponential = VectorMath.exp(load(x, xOffset + j).sub(max));
            exponential.intoArray(e, eOffset + j);
            sum = exponential.add(sum);
        }
        sum.intoArray(sums, to);
        if (j < n) exponentialsOfTail(e, eOffset + j, x, xOffset + j, max, n - j, sums, to);
    }

    private static void exponentialsOfTail(float[] e, int eOffset, float[] x, int xOffset, float max, int rest,
            float[] sums, int to) {
        VectorMask<Float> tail = Lanes.tail(rest);
        FloatVector exponential = VectorMath.exp(load(x, xOffset, tail).sub(max));
        exponential.intoArray(e, eOffset, tail);
        broadcast(0).blend(exponential, tail).add(load(sums, to)).intoArray(sums, to);
    }

    private void factors() {
        for (int row = 0; row < rows; row += GROUP) {
            int from = row * COUNT;
            int to = Lanes.place(row);
            Lanes.sums(partialSums, from, factors, to);
            broadcast(1).div(load(factors, to)).intoArray(factors, to);
        }
    }

    private void gate() {
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            gate(y, yOffset + at, x, xOffset + at, e, eOffset + at, keepsProbabilities, factors[Lanes.place(row)],
                    residual, residualOffset + at, n);
        }
    }

    /** One row: p = e·factor, which overwrites e if {@code keep}, and y = x·p + residual. */
    private static void gate(float[] y, int yOffset, float[] x, int xOffset, float[] e, int eOffset, boolean keep,
            float factor, float[] residual, int residualOffset, int n) {
        int j = 0;
        for (; j <= n - COUNT; j += COUNT) {
            FloatVector probability = load(e, eOffset + j).mul(factor);
            if (keep) probability.intoArray(e, eOffset + j);
            FloatVector value = load(x, xOffset + j);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + j);
            else value.fma(probability, load(residual, residualOffset + j)).intoArray(y, yOffset + j);
        }
        if (j < n) {
            VectorMask<Float> tail = Lanes.tail(n - j);
            FloatVector probability = load(e, eOffset + j, tail).mul(factor);
            if (keep) probability.intoArray(e, eOffset + j, tail);
            FloatVector value = load(x, xOffset + j, tail);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + j, tail);
            else value.fma(probability, load(residual, residualOffset + j, tail)).intoArray(y, yOffset + j, tail);
        }
    }
}
