package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;
import org.ttm4j.engine.MatMulKernels;

/**
 * Matrix products in plain Java: the reference, and the fallback where the Vector API is absent. Everything is built on
 * one inner loop over contiguous columns, which C2 vectorises; packing B only copies it.
 */
public final class ScalarMatMul implements MatMulKernels {
    private final ActivationKernels activation;

    /** @param activation computes the GELU of the fused forms */
    public ScalarMatMul(ActivationKernels activation) {
        this.activation = activation;
    }

    @Override
    public int packedSize(int k, int n) {
        return k * n;
    }

    @Override
    public void pack(float[] packed, float[] b, int bOffset, int k, int n) {
        System.arraycopy(b, bOffset, packed, 0, k * n);
    }

    @Override
    public void packTransposed(float[] packed, float[] w, int wOffset, int k, int n) {
        transpose(packed, w, wOffset, n, k);
    }

    @Override
    public void multiply(
            float[] y,
            int yOffset,
            float[] x,
            int xOffset,
            float[] packed,
            float[] bias,
            int biasOffset,
            int m,
            int n,
            int k,
            boolean accumulate) {
        for (int i = 0; i < m; i++) {
            int yi = yOffset + i * n;
            if (!accumulate) {
                Arrays.fill(y, yi, yi + n, 0);
            }
            if (bias != null) {
                for (int j = 0; j < n; j++) {
                    y[yi + j] += bias[biasOffset + j];
                }
            }
            addCombination(y, yi, x, xOffset + i * k, 1, packed, 0, n, k);
        }
    }

    @Override
    public void multiplyGelu(
            float[] y,
            int yOffset,
            float[] slope,
            int slopeOffset,
            float[] x,
            int xOffset,
            float[] packed,
            float[] bias,
            int biasOffset,
            int m,
            int n,
            int k) {
        multiply(y, yOffset, x, xOffset, packed, bias, biasOffset, m, n, k, false);
        gelu(y, yOffset, slope, slopeOffset, m * n);
    }

    @Override
    public void addTransposedProduct(
            float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset, int m, int n, int k) {
        for (int i = 0; i < n; i++) {
            addCombination(dw, dwOffset + i * k, dy, dyOffset + i, n, x, xOffset, k, m);
        }
    }

    @Override
    public void multiplyLeft(
            float[] y,
            int yOffset,
            float[] w,
            int wOffset,
            boolean transposed,
            float[] bias,
            int biasOffset,
            float[] x,
            int xOffset,
            int blocks,
            int n,
            int k,
            int d,
            boolean accumulate) {
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < n; i++) {
                int yi = yOffset + (b * n + i) * d;
                if (!accumulate) {
                    Arrays.fill(y, yi, yi + d, 0);
                }
                if (bias != null) {
                    for (int j = 0; j < d; j++) {
                        y[yi + j] += bias[biasOffset + i];
                    }
                }
                int wi = wOffset + (transposed ? i : i * k);
                addCombination(y, yi, w, wi, transposed ? n : 1, x, xOffset + b * k * d, d, k);
            }
        }
    }

    @Override
    public void multiplyLeftGelu(
            float[] y,
            int yOffset,
            float[] slope,
            int slopeOffset,
            float[] w,
            int wOffset,
            float[] bias,
            int biasOffset,
            float[] x,
            int xOffset,
            int blocks,
            int n,
            int k,
            int d) {
        multiplyLeft(y, yOffset, w, wOffset, false, bias, biasOffset, x, xOffset, blocks, n, k, d, false);
        gelu(y, yOffset, slope, slopeOffset, blocks * n * d);
    }

    @Override
    public void addLeftTransposedProduct(
            float[] dw,
            int dwOffset,
            float[] dy,
            int dyOffset,
            float[] x,
            int xOffset,
            int blocks,
            int n,
            int k,
            int d) {
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < k; j++) {
                    float sum = dw[dwOffset + i * k + j];
                    int dyi = dyOffset + (b * n + i) * d;
                    int xi = xOffset + (b * k + j) * d;
                    for (int c = 0; c < d; c++) {
                        sum += dy[dyi + c] * x[xi + c];
                    }
                    dw[dwOffset + i * k + j] = sum;
                }
            }
        }
    }

    /** y[j] += Σ over p of a[ai + p·step] · b[bi + p·n + j], p ascending, four at a time to save loads and stores of y. */
    private static void addCombination(
            float[] y, int yi, float[] a, int ai, int step, float[] b, int bi, int n, int k) {
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            float a0 = a[ai + p * step];
            float a1 = a[ai + (p + 1) * step];
            float a2 = a[ai + (p + 2) * step];
            float a3 = a[ai + (p + 3) * step];
            int b0 = bi + p * n;
            int b1 = b0 + n;
            int b2 = b1 + n;
            int b3 = b2 + n;
            for (int j = 0; j < n; j++) {
                y[yi + j] = y[yi + j] + a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
            }
        }
        for (; p < k; p++) {
            float ap = a[ai + p * step];
            for (int j = 0; j < n; j++) {
                y[yi + j] += ap * b[bi + p * n + j];
            }
        }
    }

    private static void transpose(float[] to, float[] from, int fromOffset, int rows, int columns) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                to[c * rows + r] = from[fromOffset + r * columns + c];
            }
        }
    }

    private void gelu(float[] y, int yOffset, float[] slope, int slopeOffset, int count) {
        if (slope == null) {
            activation.gelu(y, yOffset, y, yOffset, count);
        } else {
            activation.geluWithSlope(y, yOffset, slope, slopeOffset, y, yOffset, count);
        }
    }
}
