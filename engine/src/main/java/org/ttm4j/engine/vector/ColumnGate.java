package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The gate whose softmax runs down the columns of an n × d block, one vector of columns after the other: a lane is a
 * column, so maximum and sum need no reduction across lanes.
 */
final class ColumnGate {
    private ColumnGate() {}

    /** p = exp(logits − the greatest of the column). p may alias logits. */
    static void shifted(float[] p, int pOffset, float[] logits, int logitsOffset, int n, int d) {
        for (int j = 0; j < d; j += COUNT) {
            VectorMask<Float> columns = Lanes.tail(Math.min(COUNT, d - j));
            FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
            for (int i = 0; i < n; i++) max = Lanes.max(max, load(logits, logitsOffset + i * d + j, columns));
            for (int i = 0; i < n; i++) {
                FloatVector shifted = load(logits, logitsOffset + i * d + j, columns).sub(max);
                VectorMath.exp(shifted).intoArray(p, pOffset + i * d + j, columns);
            }
        }
    }

    /** p = p/Σ p down each column, y = x ⊙ p + residual. */
    static void forward(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] residual,
            int residualOffset, int n, int d) {
        int j = 0;
        for (; j <= d - COUNT; j += COUNT) {
            FloatVector sum = broadcast(0);
            for (int i = j; i < n * d; i += d) sum = load(p, pOffset + i).add(sum);
            FloatVector factor = broadcast(1).div(sum);
            for (int i = j; i < n * d; i += d) {
                FloatVector probability = load(p, pOffset + i).mul(factor);
                probability.intoArray(p, pOffset + i);
                FloatVector value = load(x, xOffset + i);
                if (residual == null) value.mul(probability).intoArray(y, yOffset + i);
                else value.fma(probability, load(residual, residualOffset + i)).intoArray(y, yOffset + i);
            }
        }
        if (j < d)
            forwardTail(y, yOffset + j, p, pOffset + j, x, xOffset + j, residual, residualOffset + j, n, d, d - j);
    }

    private static void forwardTail(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset,
            float[] residual, int residualOffset, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n * d; i += d) sum = load(p, pOffset + i, tail).add(sum);
        FloatVector factor = broadcast(1).div(sum);
        for (int i = 0; i < n * d; i += d) {
            FloatVector probability = load(p, pOffset + i, tail).mul(factor);
            probability.intoArray(p, pOffset + i, tail);
            FloatVector value = load(x, xOffset + i, tail);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + i, tail);
            else value.fma(probability, load(residual, residualOffset + i, tail)).intoArray(y, yOffset + i, tail);
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
