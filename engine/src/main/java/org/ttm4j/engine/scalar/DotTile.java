package org.ttm4j.engine.scalar;

import static org.ttm4j.engine.scalar.FusedMultiplyAdd.of;

/**
 * dw += Σ over b of dy[b]·x[b]ᵀ, the gradient of a product from the left, by tiles of 4 × 4 dot products: sixteen sums in
 * registers, which wait for nobody, and eight loads for sixteen multiplications and additions. C2 does not vectorise a
 * sum of floats, whose order it must keep.
 */
final class DotTile {
    private static final int TILE = 4;

    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[TILE * TILE]);

    private DotTile() {}

    /** dw: n × k; dy[b]: n × d; x[b]: k × d. */
    static void add(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset, int blocks, int n,
            int k, int d) {
        float[] sums = SUMS.get();
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < n; i += TILE) {
                for (int j = 0; j < k; j += TILE) {
                    int rows = Math.min(TILE, n - i);
                    int columns = Math.min(TILE, k - j);
                    dots(sums, dy, dyOffset + (b * n + i) * d, rows, x, xOffset + (b * k + j) * d, columns, d);
                    for (int r = 0; r < rows; r++) {
                        for (int c = 0; c < columns; c++) dw[dwOffset + (i + r) * k + j + c] += sums[r * TILE + c];
                    }
                }
            }
        }
    }

    /** sums[r·4 + c] = Σ over t of a[r, t]·b[c, t]; of fewer than four rows, the last is computed again. */
    private static void dots(float[] sums, float[] a, int a0, int rows, float[] b, int b0, int columns, int d) {
        int a1 = a0 + Math.min(1, rows - 1) * d;
        int a2 = a0 + Math.min(2, rows - 1) * d;
        int a3 = a0 + Math.min(3, rows - 1) * d;
        int b1 = b0 + Math.min(1, columns - 1) * d;
        int b2 = b0 + Math.min(2, columns - 1) * d;
        int b3 = b0 + Math.min(3, columns - 1) * d;
        float s00 = 0, s01 = 0, s02 = 0, s03 = 0;
        float s10 = 0, s11 = 0, s12 = 0, s13 = 0;
        float s20 = 0, s21 = 0, s22 = 0, s23 = 0;
        float s30 = 0, s31 = 0, s32 = 0, s33 = 0;
        for (int t = 0; t < d; t++) {
            float x0 = a[a0 + t], x1 = a[a1 + t], x2 = a[a2 + t], x3 = a[a3 + t];
            float y0 = b[b0 + t], y1 = b[b1 + t], y2 = b[b2 + t], y3 = b[b3 + t];
            s00 = of(x0, y0, s00);
            s01 = of(x0, y1, s01);
            s02 = of(x0, y2, s02);
            s03 = of(x0, y3, s03);
            s10 = of(x1, y0, s10);
            s11 = of(x1, y1, s11);
            s12 = of(x1, y2, s12);
            s13 = of(x1, y3, s13);
            s20 = of(x2, y0, s20);
            s21 = of(x2, y1, s21);
            s22 = of(x2, y2, s22);
            s23 = of(x2, y3, s23);
            s30 = of(x3, y0, s30);
            s31 = of(x3, y1, s31);
            s32 = of(x3, y2, s32);
            s33 = of(x3, y3, s33);
        }
        sums[0] = s00;
        sums[1] = s01;
        sums[2] = s02;
        sums[3] = s03;
        sums[4] = s10;
        sums[5] = s11;
        sums[6] = s12;
        sums[7] = s13;
        sums[8] = s20;
        sums[9] = s21;
        sums[10] = s22;
        sums[11] = s23;
        sums[12] = s30;
        sums[13] = s31;
        sums[14] = s32;
        sums[15] = s33;
    }
}
