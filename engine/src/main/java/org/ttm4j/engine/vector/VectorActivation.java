package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.kernel.ActivationKernels;

/**
 * GELU, the gates, and softplus, whose slope is the sigmoid, on the Vector API. The formulas are in
 * {@link org.ttm4j.engine.reference.ReferenceActivation}.
 */
public final class VectorActivation implements ActivationKernels {

    @Override
    public void gelu(float[] y, float[] x, int n) {
        Gelu.forward(y, 0, x, 0, n);
    }

    @Override
    public void geluWithSlope(float[] y, float[] slope, float[] x, int n) {
        Gelu.forwardWithSlope(y, 0, slope, 0, x, 0, n);
    }

    @Override
    public void gate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int rows, int n) {
        RowGate.forward(y, p, x, logits, residual, rows, n);
    }

    @Override
    public void gateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int rows, int n) {
        int whole = n - n % COUNT;
        VectorMask<Float> tail = Lanes.tail(n - whole);
        float[] lanes = Lanes.scratch();
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            int rest = at + whole;
            FloatVector products = broadcast(0);
            for (int i = at; i < rest; i += COUNT) {
                products = load(dy, i).mul(load(x, i)).fma(load(p, i), products);
            }
            if (whole < n) {
                FloatVector dp = load(dy, rest, tail).mul(load(x, rest, tail));
                products = dp.fma(load(p, rest, tail), products);
            }
            products.intoArray(lanes, 0);
            float dot = Lanes.sum(lanes, 0);
            for (int i = at; i < rest; i += COUNT) {
                FloatVector slope = load(dy, i);
                FloatVector probability = load(p, i);
                FloatVector dp = slope.mul(load(x, i));
                probability.mul(dp.sub(dot)).intoArray(dlogits, i);
                if (accumulate) slope.fma(probability, load(dx, i)).intoArray(dx, i);
                else slope.mul(probability).intoArray(dx, i);
            }
            if (whole < n) {
                FloatVector slope = load(dy, rest, tail);
                FloatVector probability = load(p, rest, tail);
                FloatVector dp = slope.mul(load(x, rest, tail));
                probability.mul(dp.sub(dot)).intoArray(dlogits, rest, tail);
                if (accumulate) {
                    slope.fma(probability, load(dx, rest, tail)).intoArray(dx, rest, tail);
                } else {
                    slope.mul(probability).intoArray(dx, rest, tail);
                }
            }
        }
    }

    @Override
    public void gateLeft(float[] y, float[] p, float[] x, float[] logits, float[] residual, int blocks, int n, int d) {
        ColumnGate.forward(y, 0, p, 0, x, 0, logits, 0, residual, 0, blocks, n, d);
    }

    @Override
    public void gateLeftBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int blocks, int n, int d) {
        for (int block = 0; block < blocks; block++) {
            for (int j = 0; j < d; j += COUNT) {
                ColumnGate.backward(dx, accumulate, dlogits, dy, x, p, block * n * d + j, n, d, d - j);
            }
        }
    }

    @Override
    public void sigmoidGate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int offset, int xOffset,
            int logitsOffset, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector sigmoid = VectorMath.sigmoid(load(logits, logitsOffset + i));
            if (p != null) sigmoid.intoArray(p, offset + i);
            FloatVector value = load(x, xOffset + i);
            if (residual == null) value.mul(sigmoid).intoArray(y, offset + i);
            else value.fma(sigmoid, load(residual, offset + i)).intoArray(y, offset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector sigmoid = VectorMath.sigmoid(load(logits, logitsOffset + i, tail));
            if (p != null) sigmoid.intoArray(p, offset + i, tail);
            FloatVector value = load(x, xOffset + i, tail);
            if (residual == null) value.mul(sigmoid).intoArray(y, offset + i, tail);
            else value.fma(sigmoid, load(residual, offset + i, tail)).intoArray(y, offset + i, tail);
        }
    }

    @Override
    public void sigmoidGateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int offset, int xOffset, int logitsOffset, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector slope = load(dy, offset + i);
            FloatVector sigmoid = load(p, offset + i);
            FloatVector gradient = slope.mul(sigmoid);
            // dy·x·p·(1 − p) = (dy·p)·(x − x·p)
            FloatVector value = load(x, xOffset + i);
            gradient.mul(value.sub(value.mul(sigmoid))).intoArray(dlogits, logitsOffset + i);
            if (accumulate) gradient.add(load(dx, xOffset + i)).intoArray(dx, xOffset + i);
            else gradient.intoArray(dx, xOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector slope = load(dy, offset + i, tail);
            FloatVector sigmoid = load(p, offset + i, tail);
            FloatVector gradient = slope.mul(sigmoid);
            FloatVector value = load(x, xOffset + i, tail);
            gradient.mul(value.sub(value.mul(sigmoid))).intoArray(dlogits, logitsOffset + i, tail);
            if (accumulate) gradient.add(load(dx, xOffset + i, tail)).intoArray(dx, xOffset + i, tail);
            else gradient.intoArray(dx, xOffset + i, tail);
        }
    }

    @Override
    public void softplus(float[] y, float[] slope, float[] x, float shift, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector value = load(x, i);
            FloatVector decay = VectorMath.decay(value);
            if (slope != null) VectorMath.sigmoid(value, decay).intoArray(slope, i);
            VectorMath.softplus(value, decay).add(shift).intoArray(y, i);
        }
        if (i < n) softplusTail(y, slope, x, shift, i, n);
    }

    /** A separate method, because C2 stops inlining into a method that is too long; see {@link Lanes}. */
    private static void softplusTail(float[] y, float[] slope, float[] x, float shift, int i, int n) {
        VectorMask<Float> tail = Lanes.tail(n - i);
        FloatVector value = load(x, i, tail);
        FloatVector decay = VectorMath.decay(value);
        if (slope != null) VectorMath.sigmoid(value, decay).intoArray(slope, i, tail);
        VectorMath.softplus(value, decay).add(shift).intoArray(y, i, tail);
    }
}
