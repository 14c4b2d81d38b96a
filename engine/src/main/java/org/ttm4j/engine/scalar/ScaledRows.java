package org.ttm4j.engine.scalar;

/**
 * The loop that all products consist of: sums[i][c] += Σ over p of a[i, p]·rows[p][c].
 *
 * <p>It is written for C2's vectoriser, which takes a loop only if every array in it has the same index (else the
 * arrays might overlap), if its body is small, and which runs some thirty of its iterations one by one, before and after
 * those it does in vectors. So rows and sums are arrays of their own, as long as the caller can make them, and a pass
 * of the loop takes four rows to two sums: six loads and two stores for eight multiplications and additions.
 */
final class ScaledRows {
    /** The rows that {@link #add} takes at a time: with as many sums they fit the L1 cache. */
    static final int ROWS = 16;

    private ScaledRows() {}

    /**
     * sums[i][c] += Σ over p of a[ai + i·lda + p·step]·rows[p][c], for i below count, p below terms, c below n. An
     * element takes its terms in the order of p, each with the same rounding, however many sums and rows there are.
     * One element of {@code sums} behind the last is overwritten if count is odd.
     */
    static void add(float[][] sums, int count, float[] a, int ai, int lda, int step, float[][] rows, int terms, int n) {
        for (int from = 0; from < terms; from += ROWS) {
            int end = Math.min(terms, from + ROWS);
            for (int i = 0; i < count; i += 2) {
                int first = ai + i * lda;
                int second = i + 1 < count ? first + lda : first;
                int p = from;
                for (; p <= end - 4; p += 4) {
                    if (FusedMultiplyAdd.FAST) {
                        addFourFused(sums[i], sums[i + 1], rows[p], rows[p + 1], rows[p + 2], rows[p + 3], a,
                                first + p * step, second + p * step, step, n);
                    } else {
                        addFour(sums[i], sums[i + 1], rows[p], rows[p + 1], rows[p + 2], rows[p + 3], a,
                                first + p * step, second + p * step, step, n);
                    }
                }
                for (; p < end; p++) {
                    addOne(sums[i], rows[p], a[first + p * step], n);
                    addOne(sums[i + 1], rows[p], a[second + p * step], n);
                }
            }
        }
    }

    private static void addFourFused(float[] sum0, float[] sum1, float[] row0, float[] row1, float[] row2, float[] row3,
            float[] a, int first, int second, int step, int n) {
        float a00 = a[first];
        float a01 = a[first + step];
        float a02 = a[first + 2 * step];
        float a03 = a[first + 3 * step];
        float a10 = a[second];
        float a11 = a[second + step];
        float a12 = a[second + 2 * step];
        float a13 = a[second + 3 * step];
        for (int c = 0; c < n; c++) {
            float r0 = row0[c];
            float r1 = row1[c];
            float r2 = row2[c];
            float r3 = row3[c];
            sum0[c] = Math.fma(a03, r3, Math.fma(a02, r2, Math.fma(a01, r1, Math.fma(a00, r0, sum0[c]))));
            sum1[c] = Math.fma(a13, r3, Math.fma(a12, r2, Math.fma(a11, r1, Math.fma(a10, r0, sum1[c]))));
        }
    }

    private static void addFour(float[] sum0, float[] sum1, float[] row0, float[] row1, float[] row2, float[] row3,
            float[] a, int first, int second, int step, int n) {
        float a00 = a[first];
        float a01 = a[first + step];
        float a02 = a[first + 2 * step];
        float a03 = a[first + 3 * step];
        float a10 = a[second];
        float a11 = a[second + step];
        float a12 = a[second + 2 * step];
        float a13 = a[second + 3 * step];
        for (int c = 0; c < n; c++) {
            float r0 = row0[c];
            float r1 = row1[c];
            float r2 = row2[c];
            float r3 = row3[c];
            sum0[c] = sum0[c] + a00 * r0 + a01 * r1 + a02 * r2 + a03 * r3;
            sum1[c] = sum1[c] + a10 * r0 + a11 * r1 + a12 * r2 + a13 * r3;
        }
    }

    private static void addOne(float[] sum, float[] row, float factor, int n) {
        if (FusedMultiplyAdd.FAST) {
            for (int c = 0; c < n; c++) sum[c] = Math.fma(factor, row[c], sum[c]);
        } else {
            for (int c = 0; c < n; c++) sum[c] += factor * row[c];
        }
    }
}
