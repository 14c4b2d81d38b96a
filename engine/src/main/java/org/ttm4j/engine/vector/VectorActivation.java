package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.Lanes.COUNT;
import static org.ttm4j.engine.vector.Lanes.broadcast;
import static org.ttm4j.engine.vector.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.ttm4j.engine.ActivationKernels;

/** The activations on the JDK Vector API. */
public final class VectorActivation implements ActivationKernels {

    @Override
    public void gelu(float[] y, int yOffset, float[] x, int xOffset, int n) {
        Gelu.forward(y, yOffset, x, xOffset, n);
    }

    @Override
    public void geluWithSlope(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset, int n) {
        Gelu.forwardWithSlope(y, yOffset, slope, slopeOffset, x, xOffset, n);
    }

    @Override
    public void softmax(float[] y, int yOffset, float[] x, int xOffset, int rows, int n) {
        RowGate.softmax(y, yOffset, x, xOffset, rows, n);
    }

    @Override
    public void softmaxBackward(float[] dx, int dxOffset, boolean accumulate, float[] dp, int dpOffset, float[] p,
            int pOffset, int rows, int n) {
        int whole = n - n % COUNT;
        VectorMask<Float> tail = Lanes.tail(n - whole);
        float[] lanes = Lanes.scratch();
        for (int row = 0; row < rows; row++) {
            int to = dxOffset + row * n;
            int fromDp = dpOffset + row * n;
            int fromP = pOffset + row * n;
            FloatVector products = broadcast(0);
            for (int i = 0; i < whole; i += COUNT) products = load(dp, fromDp + i).fma(load(p, fromP + i), products);
            if (whole < n) products = load(dp, fromDp + whole, tail).fma(load(p, fromP + whole, tail), products);
            products.intoArray(lanes, 0);
            float dot = Lanes.sum(lanes, 0);
            for (int i = 0; i < whole; i += COUNT) {
                FloatVector gradient = load(p, fromP + i).mul(load(dp, fromDp + i).sub(dot));
                if (accumulate) gradient.add(load(dx, to + i)).intoArray(dx, to + i);
                else gradient.intoArray(dx, to + i);
            }
            if (whole < n) {
                FloatVector gradient = load(p, fromP + whole, tail).mul(load(dp, fromDp + whole, tail).sub(dot));
                if (accumulate) gradient.add(load(dx, to + whole, tail)).intoArray(dx, to + whole, tail);
                else gradient.intoArray(dx, to + whole, tail);
            }
        }
    }

    @Override
    public void gate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int rows, int n) {
        RowGate.forward(y, yOffset, p, pOffset, x, xOffset, logits, logitsOffset, residual, residualOffset, rows, n);
    }

    @Override
    public void gateBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int rows, int n) {
        int whole = n - n % COUNT;
        VectorMask<Float> tail = Lanes.tail(n - whole);
        float[] lanes = Lanes.scratch();
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            int rest = at + whole;
            FloatVector products = broadcast(0);
            for (int i = at; i < rest; i += COUNT) {
                products = load(dy, dyOffset + i).mul(load(x, xOffset + i)).fma(load(p, pOffset + i), products);
            }
            if (whole < n) {
                FloatVector dp = load(dy, dyOffset + rest, tail).mul(load(x, xOffset + rest, tail));
                products = dp.fma(load(p, pOffset + rest, tail), products);
            }
            products.intoArray(lanes, 0);
            float dot = Lanes.sum(lanes, 0);
            for (int i = at; i < rest; i += COUNT) {
                FloatVector slope = load(dy, dyOffset + i);
                FloatVector probability = load(p, pOffset + i);
                FloatVector dp = slope.mul(load(x, xOffset + i));
                probability.mul(dp.sub(dot)).intoArray(dlogits, dlogitsOffset + i);
                if (accumulate) slope.fma(probability, load(dx, dxOffset + i)).intoArray(dx, dxOffset + i);
                else slope.mul(probability).intoArray(dx, dxOffset + i);
            }
            if (whole < n) {
                FloatVector slope = load(dy, dyOffset + rest, tail);
                FloatVector probability = load(p, pOffset + rest, tail);
                FloatVector dp = slope.mul(load(x, xOffset + rest, tail));
                probability.mul(dp.sub(dot)).intoArray(dlogits, dlogitsOffset + rest, tail);
                if (accumulate) {
                    slope.fma(probability, load(dx, dxOffset + rest, tail)).intoArray(dx, dxOffset + rest, tail);
                } else {
                    slope.mul(probability).intoArray(dx, dxOffset + rest, tail);
                }
            }
        }
    }

    @Override
    public void gateLeft(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int blocks, int n, int d) {
        ColumnGate.forward(y, yOffset, p, pOffset, x, xOffset, logits, logitsOffset, residual, residualOffset, blocks,
                n, d);
    }

    @Override
    public void gateLeftBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int blocks, int n, int d) {
        for (int block = 0; block < blocks; block++) {
            for (int j = 0; j < d; j += COUNT) {
                int at = block * n * d + j;
                ColumnGate.backward(dx, dxOffset + at, accumulate, dlogits, dlogitsOffset + at, dy, dyOffset + at, x,
                        xOffset + at, p, pOffset + at, n, d, d - j);
            }
        }
    }
}
