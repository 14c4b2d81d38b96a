package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The sigmoid gate with its gradient, and softplus, whose slope is the sigmoid. A loop takes a vector of
 * {@link Lanes#COUNT} elements at a time; a mask selects the remaining elements.
 */
final class Sigmoid {
    private Sigmoid() {}

    /** See {@link VectorActivation#sigmoidGate}. */
    static void gate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int offset, int xOffset,
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

    /** See {@link VectorActivation#sigmoidGateBackward}. */
    static void gateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
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

    /** See {@link VectorActivation#softplus}. */
    static void softplus(float[] y, float[] slope, float[] x, float shift, int n) {
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
