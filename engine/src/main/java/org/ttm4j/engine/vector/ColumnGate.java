package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The gate whose softmax runs down the columns of an n × d block, for one vector of columns at a time: every offset is
 * that of the vector in row 0, {@code columns} the number that remain from there. A lane is a column, so maximum and
 * sum need no reduction across lanes.
 */
final class ColumnGate {
    private ColumnGate() {}

    static void forward(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int n, int d, int columns) {
        if (columns < COUNT) {
            forwardTail(y, yOffset, p, pOffset, x, xOffset, logits, logitsOffset, residual, residualOffset, n, d,
                    columns);
            return;
        }
        FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) max = Lanes.max(max, load(logits, logitsOffset + i * d));
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i++) {
            FloatVector e = VectorMath.exp(load(logits, logitsOffset + i * d).sub(max));
            e.intoArray(p, pOffset + i * d);
            sum = e.add(sum);
        }
        FloatVector factor = broadcast(1).div(sum);
        for (int i = 0; i < n; i++) {
            int row = i * d;
            FloatVector probability = load(p, pOffset + row).mul(factor);
            probability.intoArray(p, pOffset + row);
            FloatVector value = load(x, xOffset + row);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + row);
            else value.fma(probability, load(residual, residualOffset + row)).intoArray(y, yOffset + row);
        }
    }

    private static void forwardTail(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset,
            float[] logits, int logitsOffset, float[] residual, int residualOffset, int n, int d, int columns) {
        VectorMask<Float> tail = Lanes.tail(columns);
        FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) max = Lanes.max(max, load(logits, logitsOffset + i * d, tail));
        FloatVector sum = broadcast(0);
        for (int i = 0; i < n; i++) {
            FloatVector e = VectorMath.exp(load(logits, logitsOffset + i * d, tail).sub(max));
            e.intoArray(p, pOffset + i * d, tail);
            sum = e.add(sum);
        }
        FloatVector factor = broadcast(1).div(sum);
        for (int i = 0; i < n; i++) {
            int row = i * d;
            FloatVector probability = load(p, pOffset + row, tail).mul(factor);
            probability.intoArray(p, pOffset + row, tail);
            FloatVector value = load(x, xOffset + row, tail);
            if (residual == null) value.mul(probability).intoArray(y, yOffset + row, tail);
            else value.fma(probability, load(residual, residualOffset + row, tail)).intoArray(y, yOffset + row, tail);
        }
    }

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
