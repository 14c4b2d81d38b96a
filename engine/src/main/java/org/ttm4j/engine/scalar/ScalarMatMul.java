package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;
import org.ttm4j.engine.MatMulKernels;

/**
 * Matrix products in plain Java: the reference, and the fallback where the Vector API is absent. All but one are built
 * on a sum of scaled rows, which C2 vectorises; packing only copies B.
 */
public final class ScalarMatMul implements MatMulKernels {
    /** The rows of B that are multiplied at a time: few enough for the L1 cache. */
    private static final int BLOCK = 32;

    private static final ThreadLocal<float[][]> ROWS = ThreadLocal.withInitial(() -> new float[BLOCK + 1][0]);

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
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) {
                packed[p * n + j] = w[wOffset + j * k + p];
            }
        }
    }

    @Override
    public void multiply(float[] y, int yOffset, float[] x, int xOffset, float[] packed, float[] bias, int biasOffset,
            int m, int n, int k, boolean accumulate) {
        if (!accumulate) {
            Arrays.fill(y, yOffset, yOffset + m * n, 0);
        }
        if (bias != null) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    y[yOffset + i * n + j] += bias[biasOffset + j];
                }
            }
        }
        addProduct(y, yOffset, x, xOffset, k, 1, packed, 0, m, n, k);
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
        addProduct(dw, dwOffset, dy, dyOffset, 1, n, x, xOffset, n, k, m);
    }

    @Override
    public void multiplyLeft(float[] y, int yOffset, float[] w, int wOffset, boolean transposed, float[] bias,
            int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d, boolean accumulate) {
        if (!accumulate) {
            Arrays.fill(y, yOffset, yOffset + blocks * n * d, 0);
        }
        for (int b = 0; b < blocks; b++) {
            int yi = yOffset + b * n * d;
            if (bias != null) {
                for (int i = 0; i < n; i++) {
                    for (int c = 0; c < d; c++) {
                        y[yi + i * d + c] += bias[biasOffset + i];
                    }
                }
            }
            addProduct(y, yi, w, wOffset, transposed ? 1 : k, transposed ? n : 1, x, xOffset + b * k * d, n, d, k);
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
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < n; i++) {
                int dyi = dyOffset + (b * n + i) * d;
                for (int j = 0; j < k; j += 4) {
                    int xi = xOffset + (b * k + j) * d;
                    addFourDots(dw, dwOffset + i * k + j, dy, dyi, x, xi, Math.min(4, k - j), d);
                }
            }
        }
    }

    /**
     * y += A·B. y: m × n; A[i, p] = a[ai + i·lda + p·step]; B: k × n, row-major. Rows are copied to and from scratch,
     * because C2 vectorises the loop over columns only if all its arrays have the same index.
     */
    private static void addProduct(float[] y, int yi, float[] a, int ai, int lda, int step, float[] b, int bi, int m,
            int n, int k) {
        float[][] rows = scratch(n);
        float[] sum = rows[BLOCK];
        for (int from = 0; from < k; from += BLOCK) {
            int terms = Math.min(BLOCK, k - from);
            for (int p = 0; p < terms; p++) {
                System.arraycopy(b, bi + (from + p) * n, rows[p], 0, n);
            }
            for (int i = 0; i < m; i++) {
                System.arraycopy(y, yi + i * n, sum, 0, n);
                addScaledRows(sum, a, ai + i * lda + from * step, step, rows, n, terms);
                System.arraycopy(sum, 0, y, yi + i * n, n);
            }
        }
    }

    /** sum[j] += Σ over p of a[ai + p·step] · rows[p][j], four rows at a time to save loads and stores of the sum. */
    private static void addScaledRows(float[] sum, float[] a, int ai, int step, float[][] rows, int n, int terms) {
        int p = 0;
        for (; p + 4 <= terms; p += 4) {
            float a0 = a[ai + p * step];
            float a1 = a[ai + (p + 1) * step];
            float a2 = a[ai + (p + 2) * step];
            float a3 = a[ai + (p + 3) * step];
            addFourRows(sum, a0, rows[p], a1, rows[p + 1], a2, rows[p + 2], a3, rows[p + 3], n);
        }
        for (; p < terms; p++) {
            float factor = a[ai + p * step];
            float[] row = rows[p];
            for (int j = 0; j < n; j++) {
                sum[j] += factor * row[j];
            }
        }
    }

    private static void addFourRows(float[] sum, float a0, float[] b0, float a1, float[] b1, float a2, float[] b2,
            float a3, float[] b3, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] = sum[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    /** dw[j] += dy[0 .. d) · x[j, 0 .. d) for j below count (up to 4), as independent sums that overlap in time. */
    private static void addFourDots(float[] dw, int at, float[] dy, int dyi, float[] x, int xi, int count, int d) {
        int x1 = xi + Math.min(1, count - 1) * d;
        int x2 = xi + Math.min(2, count - 1) * d;
        int x3 = xi + Math.min(3, count - 1) * d;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int c = 0; c < d; c++) {
            float factor = dy[dyi + c];
            sum0 += factor * x[xi + c];
            sum1 += factor * x[x1 + c];
            sum2 += factor * x[x2 + c];
            sum3 += factor * x[x3 + c];
        }
        dw[at] += sum0;
        if (count > 1) {
            dw[at + 1] += sum1;
        }
        if (count > 2) {
            dw[at + 2] += sum2;
        }
        if (count > 3) {
            dw[at + 3] += sum3;
        }
    }

    /** The thread's BLOCK rows of B and one row of sums, each of at least n floats. */
    private static float[][] scratch(int n) {
        float[][] rows = ROWS.get();
        if (rows[0].length < n) {
            rows = new float[BLOCK + 1][n];
            ROWS.set(rows);
        }
        return rows;
    }

    private void gelu(float[] y, int yOffset, float[] slope, int slopeOffset, int count) {
        if (slope == null) {
            activation.gelu(y, yOffset, y, yOffset, count);
        } else {
            activation.geluWithSlope(y, yOffset, slope, slopeOffset, y, yOffset, count);
        }
    }
}
