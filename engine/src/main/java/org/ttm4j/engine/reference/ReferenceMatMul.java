package org.ttm4j.engine.reference;

import static org.ttm4j.engine.reference.Loops.put;

import org.ttm4j.engine.kernel.MatMulKernels;

/** Matrix products by definition, yᵢⱼ = Σₚ xᵢₚ·bₚⱼ. The packed form of B is B itself, row-major. */
public class ReferenceMatMul implements MatMulKernels {

    @Override
    public int packedSize(int k, int n) {
        return k * n;
    }

    @Override
    public void pack(float[] packed, float[] b, int k, int n) {
        System.arraycopy(b, 0, packed, 0, k * n);
    }

    @Override
    public void packTransposed(float[] packed, float[] w, int k, int n) {
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) packed[p * n + j] = w[j * k + p];
        }
    }

    /** y[i, j] = Σₚ x[i, p]·B[p, j] + bias[j]. */
    @Override
    public void multiply(float[] y, float[] x, float[] packed, float[] bias, int m, int n, int k, boolean accumulate) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = bias == null ? 0 : bias[j];
                for (int p = 0; p < k; p++) sum += (double) x[i * k + p] * packed[p * n + j];
                put(y, i * n + j, sum, accumulate);
            }
        }
    }

    @Override
    public void multiplyGelu(float[] y, float[] slope, float[] x, float[] packed, float[] bias, int m, int n, int k) {
        multiply(y, x, packed, bias, m, n, k, false);
        ReferenceActivation.gelu(y, slope, y, m * n);
    }

    /** dw[j, p] += Σᵢ dy[i, j]·x[i, p]. */
    @Override
    public void addTransposedProduct(float[] dw, float[] dy, float[] x, int m, int n, int k) {
        addLeftTransposedProduct(dw, dy, x, m, n, k, 1);
    }

    /** y[b, i, c] = Σₚ W[i, p]·x[b, p, c] + bias[i]. */
    @Override
    public void multiplyLeft(float[] y, float[] w, boolean transposed, float[] bias, float[] x, int blocks, int n,
            int k, int d, boolean accumulate) {
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < n; i++) {
                for (int c = 0; c < d; c++) {
                    double sum = bias == null ? 0 : bias[i];
                    for (int p = 0; p < k; p++) {
                        sum += (double) w[transposed ? p * n + i : i * k + p] * x[(b * k + p) * d + c];
                    }
                    put(y, (b * n + i) * d + c, sum, accumulate);
                }
            }
        }
    }

    @Override
    public void multiplyLeftGelu(float[] y, float[] slope, float[] w, float[] bias, float[] x, int blocks, int n, int k,
            int d) {
        multiplyLeft(y, w, false, bias, x, blocks, n, k, d, false);
        ReferenceActivation.gelu(y, slope, y, blocks * n * d);
    }

    @Override
    public void multiplyLeftGate(float[] y, float[] w, float[] bias, float[] x, float[] residual, int blocks, int n,
            int d) {
        float[] logits = new float[blocks * n * d];
        multiplyLeft(logits, w, false, bias, x, blocks, n, n, d, false);
        ReferenceActivation.gate(y, logits, x, logits, residual, blocks, n, d);
    }

    /** dw[i, p] += Σ over blocks b and columns c of dy[b, i, c]·x[b, p, c]. */
    @Override
    public void addLeftTransposedProduct(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < k; p++) {
                double sum = dw[i * k + p];
                for (int b = 0; b < blocks; b++) {
                    for (int c = 0; c < d; c++) sum += (double) dy[(b * n + i) * d + c] * x[(b * k + p) * d + c];
                }
                dw[i * k + p] = (float) sum;
            }
        }
    }
}
