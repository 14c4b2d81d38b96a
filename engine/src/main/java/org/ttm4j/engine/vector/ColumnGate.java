package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The gate whose softmax runs down the columns of an n × d block, one vector of columns after the other: a lane is a
 * column, so maximum and sum need no reduction across lanes. The numerators have memory of their own: as in
 * {@link RowSoftmax}, columns begin as {@link Exponentials} of moderate logits, and are done again where one is not. One
 * for each thread.
 */
final class ColumnGate {
    private static final ThreadLocal<ColumnGate> LOCAL = ThreadLocal.withInitial(ColumnGate::new);

    /** n vectors, one for each row. */
    private float[] numerators = {};

    private ColumnGate() {}

    /** For blocks of n rows. */
    static ColumnGate local(int n) {
        ColumnGate gate = LOCAL.get();
        if (gate.numerators.length < n * COUNT) gate.numerators = new float[n * COUNT];
        return gate;
    }

    /** y = x ⊙ p + residual with p = softmax(logits) down each column, kept unless null. As {@code gateLeft}. */
    void forward(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int n, int d) {
        for (int j = 0; j < d; j += COUNT) {
            int columns = d - j;
            boolean moderate = columns < COUNT
                    ? exponentialsOfTail(logits, logitsOffset + j, n, d, columns)
                    : exponentials(logits, logitsOffset + j, n, d);
            if (!moderate) shifted(logits, logitsOffset + j, n, d, columns);
            if (p != null) probabilities(p, pOffset + j, n, d, columns);
            if (columns < COUNT) {
                tail(y, yOffset + j, x, xOffset + j, residual, residualOffset + j, n, d, columns);
            } else {
                apply(y, yOffset + j, x, xOffset + j, residual, residualOffset + j, n, d);
            }
        }
    }

    /** Numerators, if all logits are moderate, and whether they are. */
    private boolean exponentials(float[] logits, int from, int n, int d) {
        IntVector most = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < n; i++) {
            FloatVector logit = load(logits, from + i * d);
            most = Exponentials.magnitudeBits(logit).max(most);
            VectorMath.expOfModerate(logit).intoArray(numerators, i * COUNT);
        }
        return Exponentials.moderate(most);
    }

    private boolean exponentialsOfTail(float[] logits, int from, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        IntVector most = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < n; i++) {
            FloatVector logit = load(logits, from + i * d, tail);
            most = Exponentials.magnitudeBits(logit).max(most);
            VectorMath.expOfModerate(logit).intoArray(numerators, i * COUNT);
        }
        return Exponentials.moderate(most);
    }

    /** exp(logits − the greatest of the column). */
    private void shifted(float[] logits, int from, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(Math.min(COUNT, columns));
        FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) max = Lanes.max(max, load(logits, from + i * d, tail));
        for (int i = 0; i < n; i++) {
            VectorMath.exp(load(logits, from + i * d, tail).sub(max)).intoArray(numerators, i * COUNT);
        }
    }

    /** 1/Σ of the numerators. */
    private FloatVector reciprocal(int n) {
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i++) sum = load(numerators, i * COUNT).add(sum);
        return broadcast(1).div(sum);
    }

    private void probabilities(float[] p, int to, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(Math.min(COUNT, columns));
        FloatVector factor = reciprocal(n);
        for (int i = 0; i < n; i++) load(numerators, i * COUNT).mul(factor).intoArray(p, to + i * d, tail);
    }

    private void apply(float[] y, int to, float[] x, int from, float[] residual, int fromResidual, int n, int d) {
        FloatVector factor = reciprocal(n);
        for (int i = 0; i < n; i++) {
            FloatVector probability = load(numerators, i * COUNT).mul(factor);
            FloatVector value = load(x, from + i * d);
            if (residual == null) value.mul(probability).intoArray(y, to + i * d);
            else value.fma(probability, load(residual, fromResidual + i * d)).intoArray(y, to + i * d);
        }
    }

    private void tail(float[] y, int to, float[] x, int from, float[] residual, int fromResidual, int n, int d,
            int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        FloatVector factor = reciprocal(n);
        for (int i = 0; i < n; i++) {
            FloatVector probability = load(numerators, i * COUNT).mul(factor);
            FloatVector value = load(x, from + i * d, tail);
            if (residual == null) value.mul(probability).intoArray(y, to + i * d, tail);
            else value.fma(probability, load(residual, fromResidual + i * d, tail)).intoArray(y, to + i * d, tail);
        }
    }

    /** For one vector of columns: every offset is that of its first row, {@code columns} those that remain from there. */
    static void backward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset, float[] dy,
            int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int n, int d, int columns) {
        if (columns < COUNT) {
            backwardTail(dx, dxOffset, accumulate, dlogits, dlogitsOffset, dy, dyOffset, x, xOffset, p, pOffset, n, d,
                    columns);
            return;
        }
        FloatVector dot = broadcast(0);
        for (int i = 0; i < n; i++) {
            int row = i * d;
            dot = load(dy, dyOffset + row).mul(load(x, xOffset + row)).fma(load(p, pOffset + row), dot);
        }
        for (int i = 0; i < n; i++) {
            int row = i * d;
            FloatVector slope = load(dy, dyOffset + row);
            FloatVector probability = load(p, pOffset + row);
            FloatVector dp = slope.mul(load(x, xOffset + row));
            probability.mul(dp.sub(dot)).intoArray(dlogits, dlogitsOffset + row);
            if (accumulate) slope.fma(probability, load(dx, dxOffset + row)).intoArray(dx, dxOffset + row);
            else slope.mul(probability).intoArray(dx, dxOffset + row);
        }
    }

    private static void backwardTail(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        FloatVector dot = broadcast(0);
        for (int i = 0; i < n; i++) {
            int row = i * d;
            dot = load(dy, dyOffset + row, tail).mul(load(x, xOffset + row, tail))
                    .fma(load(p, pOffset + row, tail), dot);
        }
        for (int i = 0; i < n; i++) {
            int row = i * d;
            FloatVector slope = load(dy, dyOffset + row, tail);
            FloatVector probability = load(p, pOffset + row, tail);
            FloatVector dp = slope.mul(load(x, xOffset + row, tail));
            probability.mul(dp.sub(dot)).intoArray(dlogits, dlogitsOffset + row, tail);
            if (accumulate) slope.fma(probability, load(dx, dxOffset + row, tail)).intoArray(dx, dxOffset + row, tail);
            else slope.mul(probability).intoArray(dx, dxOffset + row, tail);
        }
    }
}
