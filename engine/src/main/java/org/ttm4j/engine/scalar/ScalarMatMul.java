package org.ttm4j.engine.scalar;

import static org.ttm4j.engine.scalar.FusedMultiplyAdd.of;

import java.util.Arrays;
import org.ttm4j.engine.reference.ReferenceMatMul;

/**
 * Matrix products in plain Java for C2's vectoriser. All but {@link #addLeftTransposedProduct} are built on
 * {@link ScaledRows}, which is fast on long rows, so each arranges its operands in long rows. Packing only copies B, as in
 * {@link ReferenceMatMul}, which also has the formulas.
 */
public final class ScalarMatMul extends ReferenceMatMul {
    /** The rows of y that are computed at a time. */
    private static final int COUNT = 16;

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
        int group = Scratch.group(blocks, d);
        Scratch scratch = Scratch.local(n, k, group * d);
        float[][] sums = scratch.sums;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            Scratch.read(scratch.rows, 0, x, from, count, k, d);
            if (accumulate) Scratch.read(sums, 0, y, from, count, n, d);
            for (int i = 0; i < n; i++) start(sums[i], count * d, accumulate, bias == null ? 0 : bias[i]);
            ScaledRows.add(sums, n, w, 0, transposed ? 1 : k, transposed ? n : 1, scratch.rows, k, count * d);
            Scratch.write(y, from, sums, 0, count, n, d);
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
        int group = Scratch.group(blocks, d);
        // The n rows of logits, which become the probabilities, are followed by the maximum and the sum of each column.
        Scratch scratch = Scratch.local(n + 2, 2 * n, group * d);
        float[][] sums = scratch.sums;
        float[][] rows = scratch.rows;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            int length = count * d;
            Scratch.read(rows, 0, x, from, count, n, d);
            if (residual != null) Scratch.read(rows, n, residual, from, count, n, d);
            for (int i = 0; i < n; i++) start(sums[i], length, false, bias[i]);
            ScaledRows.add(sums, n, w, 0, n, 1, rows, n, length);
            ScalarActivation.softmaxOfColumns(sums, n, sums[n], sums[n + 1], length);
            for (int i = 0; i < n; i++) {
                ScalarActivation.multiply(sums[i], rows[i], length);
                if (residual != null) ScalarActivation.add(sums[i], rows[n + i], length);
            }
            Scratch.write(y, from, sums, 0, count, n, d);
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

    /**
     * dw += Σ over b of dy[b]·x[b]ᵀ, the gradient of a product from the left, computed in tiles of 2 × 2 dot products; see
     * {@link ReferenceMatMul#addLeftTransposedProduct} for the plain loop. C2 does not vectorise
     * a sum of floats, whose order it must keep. Each dot product is therefore kept as a row of partial sums, to which the
     * elementwise products of parts of its two rows are added; the partial sums are added up at the end.
     */
    private static final class DotTile {
        /** The most parts of a row that are added to one row of sums. Even, because a pass takes two parts. */
        private static final int MOST_PARTS = 8;

        /** The most rows of working memory, which must fit the caches; many matrix rows have fewer parts each. */
        private static final int MOST_ROWS = 1024;

        /** The length of a part, from one or more blocks: long for C2's loop, short for adding up the sums at the end. */
        private static final int LENGTH = 192;

        private DotTile() {}

        /** dw: n × k; dy[b]: n × d; x[b]: k × d. */
        static void add(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
            // One part consists of the same row of several blocks.
            int group = Math.max(1, Math.min(blocks, LENGTH / Math.max(1, d)));
            int most = Math.max(2, Math.min(MOST_PARTS, MOST_ROWS / Math.max(1, n + k) / 2 * 2));
            Scratch scratch = Scratch.local(4, most * (n + k), group * d);
            float[][] rows = scratch.rows;
            for (int from = 0; from < blocks; from += most * group) {
                int count = Math.min(most * group, blocks - from);
                int parts = (count + 2 * group - 1) / (2 * group) * 2;
                copy(rows, 0, most, parts, group, dy, from * n * d, count, n, d);
                copy(rows, n, most, parts, group, x, from * k * d, count, k, d);
                for (int i = 0; i < n; i += 2) {
                    for (int j = 0; j < k; j += 2) {
                        int nextRow = Math.min(i + 1, n - 1);
                        int nextColumn = Math.min(j + 1, k - 1);
                        dots(scratch.sums, rows, most, parts, i, nextRow, n + j, n + nextColumn, group * d);
                        for (int r = i; r <= nextRow; r++) {
                            for (int c = j; c <= nextColumn; c++) {
                                float[] sums = scratch.sums[2 * (r - i) + c - j];
                                dw[r * k + c] += (float) ScalarMath.sum(sums, 0, group * d);
                            }
                        }
                    }
                }
            }
        }

        /** rows[(first + i)·most + p] = row i of the blocks from p·group on; zeros after the last block. */
        private static void copy(float[][] rows, int first, int most, int parts, int group, float[] x, int xi,
                int blocks, int n, int d) {
            for (int b = 0; b < parts * group; b++) {
                for (int i = 0; i < n; i++) {
                    float[] part = rows[(first + i) * most + b / group];
                    int at = b % group * d;
                    if (b < blocks) System.arraycopy(x, xi + (b * n + i) * d, part, at, d);
                    else Arrays.fill(part, at, at + d, 0);
                }
            }
        }

        /** sums[0 … 3] = products of rows a0·b0, a0·b1, a1·b0 and a1·b1, the parts of each added up. */
        private static void dots(float[][] sums, float[][] rows, int most, int parts, int a0, int a1, int b0, int b1,
                int length) {
            for (int s = 0; s < 4; s++) Arrays.fill(sums[s], 0, length, 0);
            for (int p = 0; p < parts; p += 2) {
                int i0 = a0 * most + p;
                int i1 = a1 * most + p;
                int j0 = b0 * most + p;
                int j1 = b1 * most + p;
                addProducts(sums[0], sums[1], sums[2], sums[3], rows[i0], rows[i0 + 1], rows[i1], rows[i1 + 1],
                        rows[j0], rows[j0 + 1], rows[j1], rows[j1 + 1], length);
            }
        }

        private static void addProducts(float[] sum00, float[] sum01, float[] sum10, float[] sum11, float[] a0,
                float[] a0p, float[] a1, float[] a1p, float[] b0, float[] b0p, float[] b1, float[] b1p, int n) {
            for (int c = 0; c < n; c++) {
                // All loads come first: after a store, C2 could not exclude that a load reads what was stored.
                float x0 = a0[c], x0p = a0p[c], x1 = a1[c], x1p = a1p[c];
                float y0 = b0[c], y0p = b0p[c], y1 = b1[c], y1p = b1p[c];
                sum00[c] = of(x0p, y0p, of(x0, y0, sum00[c]));
                sum01[c] = of(x0p, y1p, of(x0, y1, sum01[c]));
                sum10[c] = of(x1p, y0p, of(x1, y0, sum10[c]));
                sum11[c] = of(x1p, y1p, of(x1, y1, sum11[c]));
            }
        }
    }
}
