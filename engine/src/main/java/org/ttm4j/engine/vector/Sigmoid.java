package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The sigmoid gate with its gradient, and softplus, whose slope is the sigmoid. */
final class Sigmoid {
    private Sigmoid() {}

    /** See {@link VectorActivation#sigmoidGate}. */
    static void gate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector sigmoid = VectorMath.sigmoid(load(logits, logitsOffset + i));
            if (p != null) sigmoid.intoArray(p, pOffset + i);
            FloatVector value = load(x, xOffset + i);
            if (residual == null) value.mul(sigmoid).intoArray(y, yOffset + i);
            else value.fma(sigmoid, load(residual, residualOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector sigmoid = VectorMath.sigmoid(load(logits, logitsOffset + i, tail));
            if (p != null) sigmoid.intoArray(p, pOffset + i, tail);
            FloatVector value = load(x, xOffset + i, tail);
            if (residual == null) value.mul(sigmoid).intoArray(y, yOffset + i, tail);
            else value.fma(sigmoid, load(residual, residualOffset + i, tail)).intoArray(y, yOffset + i, tail);
        }
    }

    /** See {@link VectorActivation#sigmoidGateBackward}. */
    static void gateBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector slope = load(dy, dyOffset + i);
            FloatVector sigmoid = load(p, pOffset + i);
            FloatVector gradient = slope.mul(sigmoid);
            // dy·x·p·(1 − p) = (dy·p)·(x − x·p)
            FloatVector value = load(x, xOffset + i);
            gradient.mul(value.sub(value.mul(sigmoid))).intoArray(dlogits, dlogitsOffset + i);
            if (accumulate) gradient.add(load(dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            else gradient.intoArray(dx, dxOffset + i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector slope = load(dy, dyOffset + i, tail);
            FloatVector sigmoid = load(p, pOffset + i, tail);
            FloatVector gradient = slope.mul(sigmoid);
            FloatVector value = load(x, xOffset + i, tail);
            gradient.mul(value.sub(value.mul(sigmoid))).intoArray(dlogits, dlogitsOffset + i, tail);
            if (accumulate) gradient.add(load(dx, dxOffset + i, tail)).intoArray(dx, dxOffset + i, tail);
            else gradient.intoArray(dx, dxOffset + i, tail);
        }
    }

    /** See {@link VectorActivation#softplus}. */
    static void softplus(float[] y, float[] slope, float[] x, float shift, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector value = load(x, i);
            if (slope != null) VectorMath.sigmoid(value).intoArray(slope, i);
            VectorMath.softplus(value).add(shift).intoArray(y, i);
        }
        if (i < n) {
            VectorMask<Float> tail = Lanes.tail(n - i);
            FloatVector value = load(x, i, tail);
            if (slope != null) VectorMath.sigmoid(value).intoArray(slope, i, tail);
            VectorMath.softplus(value).add(shift).intoArray(y, i, tail);
        }
    }
}
