package org.ttm4j.engine.scalar;

import static org.ttm4j.engine.scalar.FusedMultiplyAdd.of;

/**
 * The inner loop of the matrix products: sums[i][c] += Σ over p of a[i, p]·rows[p][c]. Read
 * {@link org.ttm4j.engine.reference.ReferenceMatMul} for the products; this class only makes them faster.
 *
 * <p>It is written for C2's vectoriser, which takes a loop only if every array in it has the same index (else the
 * arrays might overlap). C2 runs some 16 scalar iterations before and after the vectorised ones, which take as long as
 * 256 vectorised iterations. Rows and sums are therefore separate arrays, as long as the caller can make them.
 *
 * <p>One pass adds four rows to four sums: 12 loads and stores for 16 multiply-adds. If C2 does not vectorise such a
 * large loop body, a pass adds two rows to two sums. The factors are named local variables because C2 keeps no array in
 * registers, and a loop over rows inside the loop over columns would not be vectorised.
 */
final class ScaledRows {
    /** The number of rows that {@link #add} takes at a time; together with as many sums they fit the L1 cache. */
    static final int ROWS = 16;

    /** The number of sums that a pass adds to. */
    static final int SUMS = 4;

    /**
     * True if C2 vectorises {@link #addFour}, which then takes a fifth less time than {@link #addTwo}. JDK 25 does so
     * if the processor has fused multiply-add. Otherwise, and on JDK 21, {@link #addFour} would take five times as
     * long. Versions in between were not measured.
     */
    private static final boolean FOUR = FusedMultiplyAdd.FAST && Runtime.version().feature() >= 25;

    private ScaledRows() {}

    /**
     * sums[i][c] += Σ over p of a[ai + i·lda + p·step]·rows[p][c], for i below count, p below terms, c below n. The
     * terms of an element are added in the order of p, each with the same rounding, whatever the number of sums and
     * rows. Arrays in {@code sums} after the last one are overwritten, up to a multiple of {@link #SUMS}.
     */
    static void add(float[][] sums, int count, float[] a, int ai, int lda, int step, float[][] rows, int terms, int n) {
        for (int from = 0; from < terms; from += ROWS) {
            int end = Math.min(terms, from + ROWS);
            for (int i = 0; i < count; i += SUMS) {
                int first = ai + i * lda;
                // If fewer than four sums are left, the surplus sums use the factors of the last one.
                int second = first + Math.min(1, count - 1 - i) * lda;
                int third = first + Math.min(2, count - 1 - i) * lda;
                int fourth = first + Math.min(3, count - 1 - i) * lda;
                int p = from;
                for (; FOUR && p <= end - 4; p += 4) {
                    int at = p * step;
                    addFour(sums[i], sums[i + 1], sums[i + 2], sums[i + 3], rows[p], rows[p + 1], rows[p + 2],
                            rows[p + 3], a, first + at, second + at, third + at, fourth + at, step, n);
                }
                for (; p <= end - 2; p += 2) {
                    int at = p * step;
                    addTwo(sums[i], sums[i + 1], rows[p], rows[p + 1], a, first + at, second + at, step, n);
                    addTwo(sums[i + 2], sums[i + 3], rows[p], rows[p + 1], a, third + at, fourth + at, step, n);
                }
                for (; p < end; p++) {
                    addOne(sums[i], rows[p], a[first + p * step], n);
                    addOne(sums[i + 1], rows[p], a[second + p * step], n);
                    addOne(sums[i + 2], rows[p], a[third + p * step], n);
                    addOne(sums[i + 3], rows[p], a[fourth + p * step], n);
                }
            }
        }
    }

    private static void addFour(float[] sum0, float[] sum1, float[] sum2, float[] sum3, float[] row0, float[] row1,
            float[] row2, float[] row3, float[] a, int first, int second, int third, int fourth, int step, int n) {
        float a00 = a[first];
        float a01 = a[first + step];
        float a02 = a[first + 2 * step];
        float a03 = a[first + 3 * step];
        float a10 = a[second];
        float a11 = a[second + step];
        float a12 = a[second + 2 * step];
        float a13 = a[second + 3 * step];
        float a20 = a[third];
        float a21 = a[third + step];
        float a22 = a[third + 2 * step];
        float a23 = a[third + 3 * step];
        float a30 = a[fourth];
        float a31 = a[fourth + step];
        float a32 = a[fourth + 2 * step];
        float a33 = a[fourth + 3 * step];
        for (int c = 0; c < n; c++) {
            float r0 = row0[c];
            float r1 = row1[c];
            float r2 = row2[c];
            float r3 = row3[c];
            sum0[c] = Math.fma(a03, r3, Math.fma(a02, r2, Math.fma(a01, r1, Math.fma(a00, r0, sum0[c]))));
            sum1[c] = Math.fma(a13, r3, Math.fma(a12, r2, Math.fma(a11, r1, Math.fma(a10, r0, sum1[c]))));
            sum2[c] = Math.fma(a23, r3, Math.fma(a22, r2, Math.fma(a21, r1, Math.fma(a20, r0, sum2[c]))));
            sum3[c] = Math.fma(a33, r3, Math.fma(a32, r2, Math.fma(a31, r1, Math.fma(a30, r0, sum3[c]))));
        }
    }

    private static void addTwo(float[] sum0, float[] sum1, float[] row0, float[] row1, float[] a, int first, int second,
            int step, int n) {
        float a00 = a[first];
        float a01 = a[first + step];
        float a10 = a[second];
        float a11 = a[second + step];
        for (int c = 0; c < n; c++) {
            float r0 = row0[c];
            float r1 = row1[c];
            sum0[c] = of(a01, r1, of(a00, r0, sum0[c]));
            sum1[c] = of(a11, r1, of(a10, r0, sum1[c]));
        }
    }

    /** sum[c] += factor·row[c]. */
    static void addOne(float[] sum, float[] row, float factor, int n) {
        for (int c = 0; c < n; c++) sum[c] = of(factor, row[c], sum[c]);
    }
}
