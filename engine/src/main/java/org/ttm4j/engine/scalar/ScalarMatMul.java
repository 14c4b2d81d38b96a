package org.ttm4j.engine.scalar;

import org.ttm4j.engine.ActivationKernels;
import org.ttm4j.engine.MatMulKernels;

/** The reference matrix products in plain Java. The packed form is B itself. */
public final class ScalarMatMul implements MatMulKernels {
    private final ActivationKernels activation;

    /** Products whose fused GELU is that of {@code activation}. */
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
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < n; j++) packed[i * n + j] = w[wOffset + j * k + i];
        }
    }

    @Override
    public void multiply(float[] y, int yOffset, float[] x, int xOffset, float[] packed, float[] bias, int biasOffset,
            int m, int n, int k, boolean accumulate) {
        for (int i = 0; i < m; i++) {
            int row = yOffset + i * n;
            for (int j = 0; j < n; j++) {
                y[row + j] = (accumulate ? y[row + j] : 0) + (bias == null ? 0 : bias[biasOffset + j]);
            }
            for (int l = 0; l < k; l++) addScaled(y, row, packed, l * n, x[xOffset + i * k + l], n);
        }
    }

    @Override
    public void multiplyGelu(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset,
            float[] packed, float[] bias, int biasOffset, int m, int n, int k) {
        multiply(y, yOffset, x, xOffset, packed, bias, biasOffset, m, n, k, false);
        gelu(y, yOffset, slope, slopeOffset, m * n);
    }

    @Override
    public void addTransposedProduct(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset, int m,
            int n, int k) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                addScaled(dw, dwOffset + j * k, x, xOffset + i * k, dy[dyOffset + i * n + j], k);
            }
        }
    }

    @Override
    public void multiplyLeft(float[] y, int yOffset, float[] w, int wOffset, boolean transposed, float[] bias,
            int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d, boolean accumulate) {
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < n; i++) {
                int row = yOffset + (block * n + i) * d;
                float start = bias == null ? 0 : bias[biasOffset + i];
                for (int j = 0; j < d; j++) y[row + j] = (accumulate ? y[row + j] : 0) + start;
                for (int l = 0; l < k; l++) {
                    float weight = w[wOffset + (transposed ? l * n + i : i * k + l)];
                    addScaled(y, row, x, xOffset + (block * k + l) * d, weight, d);
                }
            }
        }
    }

    @Override
    public void multiplyLeftGelu(float[] y, int yOffset, float[] slope, int slopeOffset, float[] w, int wOffset,
            float[] bias, int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d) {
        multiplyLeft(y, yOffset, w, wOffset, false, bias, biasOffset, x, xOffset, blocks, n, k, d, false);
        gelu(y, yOffset, slope, slopeOffset, blocks * n * d);
    }

    @Override
    public void addLeftTransposedProduct(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset,
            int blocks, int n, int k, int d) {
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < n; i++) {
                for (int l = 0; l < k; l++) {
                    int dyRow = dyOffset + (block * n + i) * d;
                    int xRow = xOffset + (block * k + l) * d;
                    float sum = 0;
                    for (int j = 0; j < d; j++) sum += dy[dyRow + j] * x[xRow + j];
                    dw[dwOffset + i * k + l] += sum;
                }
            }
        }
    }

    private void gelu(float[] y, int yOffset, float[] slope, int slopeOffset, int n) {
        if (slope == null) activation.gelu(y, yOffset, y, yOffset, n);
        else activation.geluWithSlope(y, yOffset, slope, slopeOffset, y, yOffset, n);
    }

    private static void addScaled(float[] y, int yOffset, float[] x, int xOffset, float factor, int n) {
        for (int i = 0; i < n; i++) y[yOffset + i] += factor * x[xOffset + i];
    }
}
