package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.kernel.MatMulKernels;

/**
 * Matrix products in plain Java for C2's vectoriser. All but {@link #addLeftTransposedProduct} are built on
 * {@link ScaledRows}, which is fast on long rows, so each arranges its operands in long rows. Packing only copies B.
 * The formulas are in {@link org.ttm4j.engine.reference.ReferenceMatMul}.
 */
public final class ScalarMatMul implements MatMulKernels {
    /** The rows of y that are computed at a time. */
    private static final int COUNT = 16;

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

    @Override
    public void multiply(float[] y, float[] x, float[] packed, float[] bias, int m, int n, int k, boolean accumulate) {
        if (m > n) multiplyByColumns(y, x, packed, bias, m, n, k, accumulate);
        else multiplyByRows(y, x, packed, bias, m, n, k, accumulate);
    }

    /** The long rows are those of y and B, of n elements. */
    private static void multiplyByRows(float[] y, float[] x, float[] b, float[] bias, int m, int n, int k,
            boolean accumulate) {
        Scratch scratch = Scratch.local(COUNT, k, n);
        float[][] sums = scratch.sums;
        copyRows(scratch.rows, b, 0, k, n);
        for (int i = 0; i < m; i += COUNT) {
            int count = Math.min(COUNT, m - i);
            for (int r = 0; r < count; r++) {
                if (accumulate) {
                    System.arraycopy(y, (i + r) * n, sums[r], 0, n);
                    if (bias != null) for (int j = 0; j < n; j++) sums[r][j] += bias[j];
                } else if (bias != null) {
                    System.arraycopy(bias, 0, sums[r], 0, n);
                } else {
                    Arrays.fill(sums[r], 0, n, 0);
                }
            }
            ScaledRows.add(sums, count, x, i * k, k, 1, scratch.rows, k, n);
            for (int r = 0; r < count; r++) System.arraycopy(sums[r], 0, y, (i + r) * n, n);
        }
    }

    /** Computes yᵀ = Bᵀ·xᵀ: the long rows are the columns of y and x, up to {@link Scratch#LENGTH} long. */
    private static void multiplyByColumns(float[] y, float[] x, float[] b, float[] bias, int m, int n, int k,
            boolean accumulate) {
        Scratch scratch = Scratch.local(n, k, Math.min(m, Scratch.LENGTH));
        float[][] sums = scratch.sums;
        for (int i = 0; i < m; i += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, m - i);
            Columns.read(scratch.rows, x, i * k, length, k);
            if (accumulate) Columns.read(sums, y, i * n, length, n);
            for (int j = 0; j < n; j++) start(sums[j], length, accumulate, bias == null ? 0 : bias[j]);
            ScaledRows.add(sums, n, b, 0, 1, n, scratch.rows, k, length);
            Columns.write(y, i * n, sums, length, n);
        }
    }

    @Override
    public void multiplyGelu(float[] y, float[] slope, float[] x, float[] packed, float[] bias, int m, int n, int k) {
        multiply(y, x, packed, bias, m, n, k, false);
        ScalarActivation.geluInPlace(y, slope, m * n);
    }

    @Override
    public void addTransposedProduct(float[] dw, float[] dy, float[] x, int m, int n, int k) {
        for (int p = 0; p < m; p += Scratch.LENGTH) {
            addTransposedBlock(dw, dy, p * n, x, p * k, Math.min(Scratch.LENGTH, m - p), n, k);
        }
    }

    /** The long rows are the rows of dw and x, or the columns of dw and the rows of dy, whichever are longer. */
    private static void addTransposedBlock(float[] dw, float[] dy, int dyi, float[] x, int xi, int m, int n, int k) {
        Scratch scratch = Scratch.local(Math.min(n, k), m, Math.max(n, k));
        float[][] sums = scratch.sums;
        if (k >= n) {
            copyRows(sums, dw, 0, n, k);
            copyRows(scratch.rows, x, xi, m, k);
            ScaledRows.add(sums, n, dy, dyi, 1, n, scratch.rows, m, k);
            for (int i = 0; i < n; i++) System.arraycopy(sums[i], 0, dw, i * k, k);
        } else {
            Columns.read(sums, dw, 0, n, k);
            copyRows(scratch.rows, dy, dyi, m, n);
            ScaledRows.add(sums, k, x, xi, 1, k, scratch.rows, m, n);
            Columns.write(dw, 0, sums, n, k);
        }
    }

    @Override
    public void multiplyLeft(float[] y, float[] w, boolean transposed, float[] bias, float[] x, int blocks, int n,
            int k, int d, boolean accumulate) {
        int group = BlockRows.group(blocks, d);
        Scratch scratch = Scratch.local(n, k, group * d);
        float[][] sums = scratch.sums;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            BlockRows.read(scratch.rows, 0, x, from, count, k, d);
            if (accumulate) BlockRows.read(sums, 0, y, from, count, n, d);
            for (int i = 0; i < n; i++) start(sums[i], count * d, accumulate, bias == null ? 0 : bias[i]);
            ScaledRows.add(sums, n, w, 0, transposed ? 1 : k, transposed ? n : 1, scratch.rows, k, count * d);
            BlockRows.write(y, from, sums, 0, count, n, d);
        }
    }

    @Override
    public void multiplyLeftGelu(float[] y, float[] slope, float[] w, float[] bias, float[] x, int blocks, int n, int k,
            int d) {
        multiplyLeft(y, w, false, bias, x, blocks, n, k, d, false);
        ScalarActivation.geluInPlace(y, slope, blocks * n * d);
    }

    @Override
    public void multiplyLeftGate(float[] y, float[] w, float[] bias, float[] x, float[] residual, int blocks, int n,
            int d) {
        int group = BlockRows.group(blocks, d);
        // The n rows of logits, which become the probabilities, are followed by the maximum and the sum of each column.
        Scratch scratch = Scratch.local(n + 2, 2 * n, group * d);
        float[][] sums = scratch.sums;
        float[][] rows = scratch.rows;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            int length = count * d;
            BlockRows.read(rows, 0, x, from, count, n, d);
            if (residual != null) BlockRows.read(rows, n, residual, from, count, n, d);
            for (int i = 0; i < n; i++) start(sums[i], length, false, bias[i]);
            ScaledRows.add(sums, n, w, 0, n, 1, rows, n, length);
            ScalarActivation.softmaxOfColumns(sums, n, sums[n], sums[n + 1], length);
            for (int i = 0; i < n; i++) {
                ScalarActivation.multiply(sums[i], rows[i], length);
                if (residual != null) ScalarActivation.add(sums[i], rows[n + i], length);
            }
            BlockRows.write(y, from, sums, 0, count, n, d);
        }
    }

    @Override
    public void addLeftTransposedProduct(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
        DotTile.add(dw, dy, x, blocks, n, k, d);
    }

    /** Initialises a row of sums with the bias, or adds the bias to what the row holds. */
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

    /** Copies a row-major matrix to one array per column, and back, eight columns at a time. */
    private static final class Columns {
        private static final int WIDTH = 8;

        private Columns() {}

        /** columns[j][i] = x[xi + i·n + j] for i below m, j below n. */
        static void read(float[][] columns, float[] x, int xi, int m, int n) {
            int j = 0;
            for (; j <= n - WIDTH; j += WIDTH) {
                readEight(columns[j], columns[j + 1], columns[j + 2], columns[j + 3], columns[j + 4], columns[j + 5],
                        columns[j + 6], columns[j + 7], x, xi + j, m, n);
            }
            for (; j < n; j++) {
                for (int i = 0; i < m; i++) columns[j][i] = x[xi + i * n + j];
            }
        }

        private static void readEight(float[] c0, float[] c1, float[] c2, float[] c3, float[] c4, float[] c5,
                float[] c6, float[] c7, float[] x, int xi, int m, int n) {
            for (int i = 0; i < m; i++) {
                int at = xi + i * n;
                c0[i] = x[at];
                c1[i] = x[at + 1];
                c2[i] = x[at + 2];
                c3[i] = x[at + 3];
                c4[i] = x[at + 4];
                c5[i] = x[at + 5];
                c6[i] = x[at + 6];
                c7[i] = x[at + 7];
            }
        }

        /** x[xi + i·n + j] = columns[j][i] for i below m, j below n. */
        static void write(float[] x, int xi, float[][] columns, int m, int n) {
            int j = 0;
            for (; j <= n - WIDTH; j += WIDTH) {
                writeEight(x, xi + j, columns[j], columns[j + 1], columns[j + 2], columns[j + 3], columns[j + 4],
                        columns[j + 5], columns[j + 6], columns[j + 7], m, n);
            }
            for (; j < n; j++) {
                for (int i = 0; i < m; i++) x[xi + i * n + j] = columns[j][i];
            }
        }

        private static void writeEight(float[] x, int xi, float[] c0, float[] c1, float[] c2, float[] c3, float[] c4,
                float[] c5, float[] c6, float[] c7, int m, int n) {
            for (int i = 0; i < m; i++) {
                int at = xi + i * n;
                x[at] = c0[i];
                x[at + 1] = c1[i];
                x[at + 2] = c2[i];
                x[at + 3] = c3[i];
                x[at + 4] = c4[i];
                x[at + 5] = c5[i];
                x[at + 6] = c6[i];
                x[at + 7] = c7[i];
            }
        }
    }
}
