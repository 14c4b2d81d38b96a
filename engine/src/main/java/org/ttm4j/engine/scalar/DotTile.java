package org.ttm4j.engine.scalar;

import static org.ttm4j.engine.scalar.FusedMultiplyAdd.of;

import java.util.Arrays;

/**
 * dw += Σ over b of dy[b]·x[b]ᵀ, the gradient of a product from the left, computed in tiles of 2 × 2 dot products; see
 * {@link org.ttm4j.engine.reference.ReferenceMatMul#addLeftTransposedProduct} for the plain loop. C2 does not vectorise
 * a sum of floats, whose order it must keep. Each dot product is therefore kept as a row of partial sums, to which the
 * elementwise products of parts of its two rows are added; the partial sums are added up at the end.
 */
final class DotTile {
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
    private static void copy(float[][] rows, int first, int most, int parts, int group, float[] x, int xi, int blocks,
            int n, int d) {
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
            addProducts(sums[0], sums[1], sums[2], sums[3], rows[i0], rows[i0 + 1], rows[i1], rows[i1 + 1], rows[j0],
                    rows[j0 + 1], rows[j1], rows[j1 + 1], length);
        }
    }

    private static void addProducts(float[] sum00, float[] sum01, float[] sum10, float[] sum11, float[] a0, float[] a0p,
            float[] a1, float[] a1p, float[] b0, float[] b0p, float[] b1, float[] b1p, int n) {
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
