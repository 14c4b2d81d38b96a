package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.scalar.PerThread;

/**
 * The gate whose softmax runs down the columns of n × d blocks: a lane is a column, so maximum and sum need no
 * reduction across lanes. Forward completes each step for all columns of a block before the next step, so that no step
 * waits for the latency of the previous one. Loops walk down a column by adding d to an offset, because C2 would
 * compute the product i·d in every iteration. One instance per thread.
 */
final class ColumnGate extends GateOperands {
    private static final PerThread<ColumnGate> LOCAL = new PerThread<>(ColumnGate::new);
    private static final List<Lanes.Step<ColumnGate>> STEPS = List.of(ColumnGate::maxima, ColumnGate::exponentials,
            ColumnGate::gate);

    /** A value for each column. */
    private float[] maxima = {};
    private float[] factors = {};

    private int n;
    private int d;

    private ColumnGate() {}

    /** {@link VectorActivation#gateLeft} with an offset for each operand. */
    static void forward(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int blocks, int n, int d) {
        ColumnGate gate = LOCAL.get();
        gate.set(y, yOffset, p, pOffset, x, xOffset, logits, logitsOffset, residual, residualOffset);
        gate.n = n;
        gate.d = d;
        if (gate.factors.length < d + COUNT) {
            gate.maxima = new float[d + COUNT];
            gate.factors = new float[d + COUNT];
        }
        for (int block = 0; block < blocks; block++) {
            Lanes.runAll(STEPS, gate);
            gate.advance(n * d);
        }
        gate.forget();
    }

    private void maxima() {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) max(maxima, j, logits, logitsOffset + j, n, d);
        if (j < d) maxOfTail(maxima, j, logits, logitsOffset + j, n, d, Lanes.tail(d - j));
    }

    private static void max(float[] maxima, int to, float[] x, int at, int n, int d) {
        FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            max = Lanes.max(max, load(x, at));
            at += d;
        }
        max.intoArray(maxima, to);
    }

    private static void maxOfTail(float[] maxima, int to, float[] x, int at, int n, int d, VectorMask<Float> tail) {
        FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            max = Lanes.max(max, load(x, at, tail));
            at += d;
        }
        max.intoArray(maxima, to);
    }

    private void exponentials() {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            exponentials(factors, maxima, j, e, eOffset + j, logits, logitsOffset + j, n, d);
        }
        if (j < d) {
            exponentialsOfTail(factors, maxima, j, e, eOffset + j, logits, logitsOffset + j, n, d, Lanes.tail(d - j));
        }
    }

    /** e = exp(x − max) down {@link Lanes#COUNT} columns, and factor = 1/Σ e. */
    private static void exponentials(float[] factors, float[] maxima, int j, float[] e, int to, float[] x, int from,
            int n, int d) {
        FloatVector max = load(maxima, j);
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i++) {
            FloatVector exponential = VectorMath.exp(load(x, from).sub(max));
            exponential.intoArray(e, to);
            sum = exponential.add(sum);
            from += d;
            to += d;
        }
        broadcast(1).div(sum).intoArray(factors, j);
    }

    private static void exponentialsOfTail(float[] factors, float[] maxima, int j, float[] e, int to, float[] x,
            int from, int n, int d, VectorMask<Float> tail) {
        FloatVector max = load(maxima, j);
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i++) {
            FloatVector exponential = VectorMath.exp(load(x, from, tail).sub(max));
            exponential.intoArray(e, to, tail);
            sum = exponential.add(sum);
            from += d;
            to += d;
        }
        broadcast(1).div(sum).intoArray(factors, j);
    }

    private void gate() {
        for (int at = 0; at < n * d; at += d) {
            gate(y, yOffset + at, x, xOffset + at, e, eOffset + at, keepsProbabilities, factors, residual,
                    residualOffset + at, d);
        }
    }

    /** One row: p = e·factor, which overwrites e if {@code keep}, and y = x·p + residual. */
    private static void gate(float[] y, int yOffset, float[] x, int xOffset, float[] e, int eOffset, boolean keep,
            float[] factors, float[] residual, int residualOffset, int d) {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            FloatVector probability = load(e, eOffset + j).mul(load(factors, j));
            if (keep) probability.intoArray(e, eOffset + j);
            FloatVector value = load(x, xOffset + j);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + j);
            else value.fma(probability, load(residual, residualOffset + j)).intoArray(y, yOffset + j);
        }
        if (j < d) {
            VectorMask<Float> tail = Lanes.tail(d - j);
            FloatVector probability = load(e, eOffset + j, tail).mul(load(factors, j));
            if (keep) probability.intoArray(e, eOffset + j, tail);
            FloatVector value = load(x, xOffset + j, tail);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + j, tail);
            else value.fma(probability, load(residual, residualOffset + j, tail)).intoArray(y, yOffset + j, tail);
        }
    }

    /** Backward for one vector of columns, at index {@code first} in row 0, from which {@code columns} remain. */
    static void backward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p, int first,
            int n, int d, int columns) {
        if (columns < COUNT) {
            backwardTail(dx, accumulate, dlogits, dy, x, p, first, n, d, columns);
            return;
        }
        FloatVector dot = broadcast(0);
        for (int i = 0; i < n; i++) {
            int at = first + i * d;
            dot = load(dy, at).mul(load(x, at)).fma(load(p, at), dot);
        }
        for (int i = 0; i < n; i++) {
            int at = first + i * d;
            FloatVector slope = load(dy, at);
            FloatVector probability = load(p, at);
            FloatVector dp = slope.mul(load(x, at));
            probability.mul(dp.sub(dot)).intoArray(dlogits, at);
            if (accumulate) slope.fma(probability, load(dx, at)).intoArray(dx, at);
            else slope.mul(probability).intoArray(dx, at);
        }
    }

    private static void backwardTail(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int first, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        FloatVector dot = broadcast(0);
        for (int i = 0; i < n; i++) {
            int at = first + i * d;
            dot = load(dy, at, tail).mul(load(x, at, tail)).fma(load(p, at, tail), dot);
        }
        for (int i = 0; i < n; i++) {
            int at = first + i * d;
            FloatVector slope = load(dy, at, tail);
            FloatVector probability = load(p, at, tail);
            FloatVector dp = slope.mul(load(x, at, tail));
            probability.mul(dp.sub(dot)).intoArray(dlogits, at, tail);
            if (accumulate) slope.fma(probability, load(dx, at, tail)).intoArray(dx, at, tail);
            else slope.mul(probability).intoArray(dx, at, tail);
        }
    }
}
