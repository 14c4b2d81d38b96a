package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;
import org.ttm4j.engine.MatMulKernels;

/**
 * Matrix products in plain Java: the reference, and the fallback where the Vector API is absent. All but one are built
 * on {@link ScaledRows}, which wants long rows, so each arranges its operands to that end; packing only copies B.
 */
public final class ScalarMatMul implements MatMulKernels {
    /** The rows of y that are computed at a time. */
    private static final int COUNT = 16;

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
        if (m > n) {
            multiplyByColumns(y, yOffset, x, xOffset, packed, bias, biasOffset, m, n, k, accumulate);
        } else {
            multiplyByRows(y, yOffset, x, xOffset, packed, bias, biasOffset, m, n, k, accumulate);
        }
    }

    /** Rows are those of y and B, n long. */
    private static void multiplyByRows(float[] y, int yi, float[] x, int xi, float[] b, float[] bias, int biasOffset,
            int m, int n, int k, boolean accumulate) {
        Scratch scratch = Scratch.local(COUNT, k, n);
        float[][] sums = scratch.sums;
        copyRows(scratch.rows, b, 0, k, n);
        for (int i = 0; i < m; i += COUNT) {
            int count = Math.min(COUNT, m - i);
            int at = yi + i * n;
            for (int r = 0; r < count; r++) {
                if (accumulate) {
                    System.arraycopy(y, at + r * n, sums[r], 0, n);
                    if (bias != null) for (int j = 0; j < n; j++) sums[r][j] += bias[biasOffset + j];
                } else if (bias != null) {
                    System.arraycopy(bias, biasOffset, sums[r], 0, n);
                } else {
                    Arrays.fill(sums[r], 0, n, 0);
                }
            }
            ScaledRows.add(sums, count, x, xi + i * k, k, 1, scratch.rows, k, n);
            for (int r = 0; r < count; r++) System.arraycopy(sums[r], 0, y, at + r * n, n);
        }
    }

    /** As yᵀ = Bᵀ·xᵀ: rows are columns of y and x, up to {@link Scratch#LENGTH} long. */
    private static void multiplyByColumns(float[] y, int yi, float[] x, int xi, float[] b, float[] bias, int biasOffset,
            int m, int n, int k, boolean accumulate) {
        Scratch scratch = Scratch.local(n, k, Math.min(m, Scratch.LENGTH));
        float[][] sums = scratch.sums;
        for (int i = 0; i < m; i += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, m - i);
            Columns.read(scratch.rows, x, xi + i * k, length, k);
            if (accumulate) Columns.read(sums, y, yi + i * n, length, n);
            for (int j = 0; j < n; j++) start(sums[j], length, accumulate, bias == null ? 0 : bias[biasOffset + j]);
            ScaledRows.add(sums, n, b, 0, 1, n, scratch.rows, k, length);
            Columns.write(y, yi + i * n, sums, length, n);
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
        for (int p = 0; p < m; p += Scratch.LENGTH) {
            int rows = Math.min(Scratch.LENGTH, m - p);
            addTransposedBlock(dw, dwOffset, dy, dyOffset + p * n, x, xOffset + p * k, rows, n, k);
        }
    }

    /** Rows are those of dw and x, or columns of dw and rows of dy, whichever are longer. */
    private static void addTransposedBlock(float[] dw, int dwi, float[] dy, int dyi, float[] x, int xi, int m, int n,
            int k) {
        Scratch scratch = Scratch.local(Math.min(n, k), m, Math.max(n, k));
        float[][] sums = scratch.sums;
        if (k >= n) {
            copyRows(sums, dw, dwi, n, k);
            copyRows(scratch.rows, x, xi, m, k);
            ScaledRows.add(sums, n, dy, dyi, 1, n, scratch.rows, m, k);
            for (int i = 0; i < n; i++) System.arraycopy(sums[i], 0, dw, dwi + i * k, k);
        } else {
            Columns.read(sums, dw, dwi, n, k);
            copyRows(scratch.rows, dy, dyi, m, n);
            ScaledRows.add(sums, k, x, xi, 1, k, scratch.rows, m, n);
            Columns.write(dw, dwi, sums, n, k);
        }
    }

    @Override
    public void multiplyLeft(float[] y, int yOffset, float[] w, int wOffset, boolean transposed, float[] bias,
            int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d, boolean accumulate) {
        // The same row of several blocks is one row.
        int group = Math.max(1, Math.min(blocks, blocksAtOnce(d)));
        Scratch scratch = Scratch.local(n, k, group * d);
        float[][] sums = scratch.sums;
        float[][] rows = scratch.rows;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            int yi = yOffset + from * n * d;
            int xi = xOffset + from * k * d;
            for (int b = 0; b < count; b++) {
                for (int p = 0; p < k; p++) System.arraycopy(x, xi + (b * k + p) * d, rows[p], b * d, d);
                if (!accumulate) continue;
                for (int i = 0; i < n; i++) System.arraycopy(y, yi + (b * n + i) * d, sums[i], b * d, d);
            }
            for (int i = 0; i < n; i++) {
                start(sums[i], count * d, accumulate, bias == null ? 0 : bias[biasOffset + i]);
            }
            ScaledRows.add(sums, n, w, wOffset, transposed ? 1 : k, transposed ? n : 1, rows, k, count * d);
            for (int b = 0; b < count; b++) {
                for (int i = 0; i < n; i++) System.arraycopy(sums[i], b * d, y, yi + (b * n + i) * d, d);
            }
        }
    }

    /** As many as make a long row: one block at a time took twice as long. */
    @Override
    public int blocksAtOnce(int d) {
        return Math.max(1, Scratch.LENGTH / Math.max(1, d));
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
        DotTile.add(dw, dwOffset, dy, dyOffset, x, xOffset, blocks, n, k, d);
    }

    /** The first value of a row of sums: what is there, or 0, and the bias. */
    private static void start(float[] sum, int length, boolean accumulate, float bias) {
        if (!accumulate) {
            Arrays.fill(sum, 0, length, bias);
        } else if (bias != 0) {
            for (int c = 0; c < length; c++) sum[c] += bias;
        }
    }

    /** rows[p] = row p of a matrix of rows × n. */
    private static void copyRows(float[][] rows, float[] matrix, int at, int count, int n) {
        for (int p = 0; p < count; p++) System.arraycopy(matrix, at + p * n, rows[p], 0, n);
    }

    private void gelu(float[] y, int yOffset, float[] slope, int slopeOffset, int count) {
        if (slope == null) {
            activation.gelu(y, yOffset, y, yOffset, count);
        } else {
            activation.geluWithSlope(y, yOffset, slope, slopeOffset, y, yOffset, count);
        }
    }
}
