package org.ttm4j.engine.vector;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of a product whose operands are not packed and have any strides, for products from the left. It differs
 * from {@link VectorMatMulPackedTile} in the bounds checks, which stay in the loop because the strides are not
 * compile-time constants. That costs less than packing operands that are used only a few times.
 *
 * <p>Vectors are loaded by the methods of the Vector API itself, which C2 always inlines. C2 might not inline a helper
 * method here in a process that rarely accumulates, and the sums would then be boxed.
 */
final class VectorMatMulStridedTile {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = S.length();

    private VectorMatMulStridedTile() {}

    /**
     * y = bias + A·B, or y += A·B when {@code accumulate}, for one tile. y: rows × width with row stride ldy; the
     * initial value of row r is bias[biasIndex + r·biasStep]; A[r, p] = a[ai + r·lda + p·stepA]; B[p, ·] starts at b[bi
     * + p·ldb].
     *
     * @param rows 1 to {@link VectorMatMulPanels#TILE_ROWS}
     * @param width in vectors, 2 or 3
     */
    static void multiply(float[] y, int yi, int ldy, boolean accumulate, float[] bias, int biasIndex, int biasStep,
            float[] a, int ai, int lda, int stepA, float[] b, int bi, int ldb, int rows, int width, int k) {
        if (rows > 4) {
            if (width == 3) {
                tile8x3(y, yi, ldy, accumulate, bias, biasIndex, biasStep, a, ai, lda, stepA, b, bi, ldb, rows, k);
            } else {
                tile8x2(y, yi, ldy, accumulate, bias, biasIndex, biasStep, a, ai, lda, stepA, b, bi, ldb, rows, k);
            }
        } else if (width == 3) {
            tile4x3(y, yi, ldy, accumulate, bias, biasIndex, biasStep, a, ai, lda, stepA, b, bi, ldb, rows, k);
        } else {
            tile4x2(y, yi, ldy, accumulate, bias, biasIndex, biasStep, a, ai, lda, stepA, b, bi, ldb, rows, k);
        }
    }

    private static void tile8x3(float[] y, int yi, int ldy, boolean accumulate, float[] bias, int biasIndex,
            int biasStep, float[] a, int ai, int lda, int stepA, float[] b, int bi, int ldb, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int r4 = Math.min(4, rows - 1);
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        FloatVector s0 = FloatVector.broadcast(S, bias[biasIndex]);
        FloatVector c00 = accumulate ? fromArray(S, y, yi) : s0;
        FloatVector c01 = accumulate ? fromArray(S, y, yi + L) : s0;
        FloatVector c02 = accumulate ? fromArray(S, y, yi + 2 * L) : s0;
        FloatVector s1 = FloatVector.broadcast(S, bias[biasIndex + r1 * biasStep]);
        FloatVector c10 = accumulate ? fromArray(S, y, yi + r1 * ldy) : s1;
        FloatVector c11 = accumulate ? fromArray(S, y, yi + r1 * ldy + L) : s1;
        FloatVector c12 = accumulate ? fromArray(S, y, yi + r1 * ldy + 2 * L) : s1;
        FloatVector s2 = FloatVector.broadcast(S, bias[biasIndex + r2 * biasStep]);
        FloatVector c20 = accumulate ? fromArray(S, y, yi + r2 * ldy) : s2;
        FloatVector c21 = accumulate ? fromArray(S, y, yi + r2 * ldy + L) : s2;
        FloatVector c22 = accumulate ? fromArray(S, y, yi + r2 * ldy + 2 * L) : s2;
        FloatVector s3 = FloatVector.broadcast(S, bias[biasIndex + r3 * biasStep]);
        FloatVector c30 = accumulate ? fromArray(S, y, yi + r3 * ldy) : s3;
        FloatVector c31 = accumulate ? fromArray(S, y, yi + r3 * ldy + L) : s3;
        FloatVector c32 = accumulate ? fromArray(S, y, yi + r3 * ldy + 2 * L) : s3;
        FloatVector s4 = FloatVector.broadcast(S, bias[biasIndex + r4 * biasStep]);
        FloatVector c40 = accumulate ? fromArray(S, y, yi + r4 * ldy) : s4;
        FloatVector c41 = accumulate ? fromArray(S, y, yi + r4 * ldy + L) : s4;
        FloatVector c42 = accumulate ? fromArray(S, y, yi + r4 * ldy + 2 * L) : s4;
        FloatVector s5 = FloatVector.broadcast(S, bias[biasIndex + r5 * biasStep]);
        FloatVector c50 = accumulate ? fromArray(S, y, yi + r5 * ldy) : s5;
        FloatVector c51 = accumulate ? fromArray(S, y, yi + r5 * ldy + L) : s5;
        FloatVector c52 = accumulate ? fromArray(S, y, yi + r5 * ldy + 2 * L) : s5;
        FloatVector s6 = FloatVector.broadcast(S, bias[biasIndex + r6 * biasStep]);
        FloatVector c60 = accumulate ? fromArray(S, y, yi + r6 * ldy) : s6;
        FloatVector c61 = accumulate ? fromArray(S, y, yi + r6 * ldy + L) : s6;
        FloatVector c62 = accumulate ? fromArray(S, y, yi + r6 * ldy + 2 * L) : s6;
        FloatVector s7 = FloatVector.broadcast(S, bias[biasIndex + r7 * biasStep]);
        FloatVector c70 = accumulate ? fromArray(S, y, yi + r7 * ldy) : s7;
        FloatVector c71 = accumulate ? fromArray(S, y, yi + r7 * ldy + L) : s7;
        FloatVector c72 = accumulate ? fromArray(S, y, yi + r7 * ldy + 2 * L) : s7;
        int a1 = r1 * lda;
        int a2 = r2 * lda;
        int a3 = r3 * lda;
        int a4 = r4 * lda;
        int a5 = r5 * lda;
        int a6 = r6 * lda;
        int a7 = r7 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, bi);
            FloatVector b1 = fromArray(S, b, bi + L);
            FloatVector b2 = fromArray(S, b, bi + 2 * L);
            s0 = FloatVector.broadcast(S, a[ai]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            c02 = s0.fma(b2, c02);
            s1 = FloatVector.broadcast(S, a[ai + a1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            c12 = s1.fma(b2, c12);
            s2 = FloatVector.broadcast(S, a[ai + a2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            c22 = s2.fma(b2, c22);
            s3 = FloatVector.broadcast(S, a[ai + a3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            c32 = s3.fma(b2, c32);
            s4 = FloatVector.broadcast(S, a[ai + a4]);
            c40 = s4.fma(b0, c40);
            c41 = s4.fma(b1, c41);
            c42 = s4.fma(b2, c42);
            s5 = FloatVector.broadcast(S, a[ai + a5]);
            c50 = s5.fma(b0, c50);
            c51 = s5.fma(b1, c51);
            c52 = s5.fma(b2, c52);
            s6 = FloatVector.broadcast(S, a[ai + a6]);
            c60 = s6.fma(b0, c60);
            c61 = s6.fma(b1, c61);
            c62 = s6.fma(b2, c62);
            s7 = FloatVector.broadcast(S, a[ai + a7]);
            c70 = s7.fma(b0, c70);
            c71 = s7.fma(b1, c71);
            c72 = s7.fma(b2, c72);
            ai += stepA;
            bi += ldb;
        }
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
        c02.intoArray(y, yi + 2 * L);
        c10.intoArray(y, yi + r1 * ldy);
        c11.intoArray(y, yi + r1 * ldy + L);
        c12.intoArray(y, yi + r1 * ldy + 2 * L);
        c20.intoArray(y, yi + r2 * ldy);
        c21.intoArray(y, yi + r2 * ldy + L);
        c22.intoArray(y, yi + r2 * ldy + 2 * L);
        c30.intoArray(y, yi + r3 * ldy);
        c31.intoArray(y, yi + r3 * ldy + L);
        c32.intoArray(y, yi + r3 * ldy + 2 * L);
        c40.intoArray(y, yi + r4 * ldy);
        c41.intoArray(y, yi + r4 * ldy + L);
        c42.intoArray(y, yi + r4 * ldy + 2 * L);
        c50.intoArray(y, yi + r5 * ldy);
        c51.intoArray(y, yi + r5 * ldy + L);
        c52.intoArray(y, yi + r5 * ldy + 2 * L);
        c60.intoArray(y, yi + r6 * ldy);
        c61.intoArray(y, yi + r6 * ldy + L);
        c62.intoArray(y, yi + r6 * ldy + 2 * L);
        c70.intoArray(y, yi + r7 * ldy);
        c71.intoArray(y, yi + r7 * ldy + L);
        c72.intoArray(y, yi + r7 * ldy + 2 * L);
    }

    private static void tile8x2(float[] y, int yi, int ldy, boolean accumulate, float[] bias, int biasIndex,
            int biasStep, float[] a, int ai, int lda, int stepA, float[] b, int bi, int ldb, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int r4 = Math.min(4, rows - 1);
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        FloatVector s0 = FloatVector.broadcast(S, bias[biasIndex]);
        FloatVector c00 = accumulate ? fromArray(S, y, yi) : s0;
        FloatVector c01 = accumulate ? fromArray(S, y, yi + L) : s0;
        FloatVector s1 = FloatVector.broadcast(S, bias[biasIndex + r1 * biasStep]);
        FloatVector c10 = accumulate ? fromArray(S, y, yi + r1 * ldy) : s1;
        FloatVector c11 = accumulate ? fromArray(S, y, yi + r1 * ldy + L) : s1;
        FloatVector s2 = FloatVector.broadcast(S, bias[biasIndex + r2 * biasStep]);
        FloatVector c20 = accumulate ? fromArray(S, y, yi + r2 * ldy) : s2;
        FloatVector c21 = accumulate ? fromArray(S, y, yi + r2 * ldy + L) : s2;
        FloatVector s3 = FloatVector.broadcast(S, bias[biasIndex + r3 * biasStep]);
        FloatVector c30 = accumulate ? fromArray(S, y, yi + r3 * ldy) : s3;
        FloatVector c31 = accumulate ? fromArray(S, y, yi + r3 * ldy + L) : s3;
        FloatVector s4 = FloatVector.broadcast(S, bias[biasIndex + r4 * biasStep]);
        FloatVector c40 = accumulate ? fromArray(S, y, yi + r4 * ldy) : s4;
        FloatVector c41 = accumulate ? fromArray(S, y, yi + r4 * ldy + L) : s4;
        FloatVector s5 = FloatVector.broadcast(S, bias[biasIndex + r5 * biasStep]);
        FloatVector c50 = accumulate ? fromArray(S, y, yi + r5 * ldy) : s5;
        FloatVector c51 = accumulate ? fromArray(S, y, yi + r5 * ldy + L) : s5;
        FloatVector s6 = FloatVector.broadcast(S, bias[biasIndex + r6 * biasStep]);
        FloatVector c60 = accumulate ? fromArray(S, y, yi + r6 * ldy) : s6;
        FloatVector c61 = accumulate ? fromArray(S, y, yi + r6 * ldy + L) : s6;
        FloatVector s7 = FloatVector.broadcast(S, bias[biasIndex + r7 * biasStep]);
        FloatVector c70 = accumulate ? fromArray(S, y, yi + r7 * ldy) : s7;
        FloatVector c71 = accumulate ? fromArray(S, y, yi + r7 * ldy + L) : s7;
        int a1 = r1 * lda;
        int a2 = r2 * lda;
        int a3 = r3 * lda;
        int a4 = r4 * lda;
        int a5 = r5 * lda;
        int a6 = r6 * lda;
        int a7 = r7 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, bi);
            FloatVector b1 = fromArray(S, b, bi + L);
            s0 = FloatVector.broadcast(S, a[ai]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            s1 = FloatVector.broadcast(S, a[ai + a1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            s2 = FloatVector.broadcast(S, a[ai + a2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            s3 = FloatVector.broadcast(S, a[ai + a3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            s4 = FloatVector.broadcast(S, a[ai + a4]);
            c40 = s4.fma(b0, c40);
            c41 = s4.fma(b1, c41);
            s5 = FloatVector.broadcast(S, a[ai + a5]);
            c50 = s5.fma(b0, c50);
            c51 = s5.fma(b1, c51);
            s6 = FloatVector.broadcast(S, a[ai + a6]);
            c60 = s6.fma(b0, c60);
            c61 = s6.fma(b1, c61);
            s7 = FloatVector.broadcast(S, a[ai + a7]);
            c70 = s7.fma(b0, c70);
            c71 = s7.fma(b1, c71);
            ai += stepA;
            bi += ldb;
        }
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
        c10.intoArray(y, yi + r1 * ldy);
        c11.intoArray(y, yi + r1 * ldy + L);
        c20.intoArray(y, yi + r2 * ldy);
        c21.intoArray(y, yi + r2 * ldy + L);
        c30.intoArray(y, yi + r3 * ldy);
        c31.intoArray(y, yi + r3 * ldy + L);
        c40.intoArray(y, yi + r4 * ldy);
        c41.intoArray(y, yi + r4 * ldy + L);
        c50.intoArray(y, yi + r5 * ldy);
        c51.intoArray(y, yi + r5 * ldy + L);
        c60.intoArray(y, yi + r6 * ldy);
        c61.intoArray(y, yi + r6 * ldy + L);
        c70.intoArray(y, yi + r7 * ldy);
        c71.intoArray(y, yi + r7 * ldy + L);
    }

    private static void tile4x3(float[] y, int yi, int ldy, boolean accumulate, float[] bias, int biasIndex,
            int biasStep, float[] a, int ai, int lda, int stepA, float[] b, int bi, int ldb, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        FloatVector s0 = FloatVector.broadcast(S, bias[biasIndex]);
        FloatVector c00 = accumulate ? fromArray(S, y, yi) : s0;
        FloatVector c01 = accumulate ? fromArray(S, y, yi + L) : s0;
        FloatVector c02 = accumulate ? fromArray(S, y, yi + 2 * L) : s0;
        FloatVector s1 = FloatVector.broadcast(S, bias[biasIndex + r1 * biasStep]);
        FloatVector c10 = accumulate ? fromArray(S, y, yi + r1 * ldy) : s1;
        FloatVector c11 = accumulate ? fromArray(S, y, yi + r1 * ldy + L) : s1;
        FloatVector c12 = accumulate ? fromArray(S, y, yi + r1 * ldy + 2 * L) : s1;
        FloatVector s2 = FloatVector.broadcast(S, bias[biasIndex + r2 * biasStep]);
        FloatVector c20 = accumulate ? fromArray(S, y, yi + r2 * ldy) : s2;
        FloatVector c21 = accumulate ? fromArray(S, y, yi + r2 * ldy + L) : s2;
        FloatVector c22 = accumulate ? fromArray(S, y, yi + r2 * ldy + 2 * L) : s2;
        FloatVector s3 = FloatVector.broadcast(S, bias[biasIndex + r3 * biasStep]);
        FloatVector c30 = accumulate ? fromArray(S, y, yi + r3 * ldy) : s3;
        FloatVector c31 = accumulate ? fromArray(S, y, yi + r3 * ldy + L) : s3;
        FloatVector c32 = accumulate ? fromArray(S, y, yi + r3 * ldy + 2 * L) : s3;
        int a1 = r1 * lda;
        int a2 = r2 * lda;
        int a3 = r3 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, bi);
            FloatVector b1 = fromArray(S, b, bi + L);
            FloatVector b2 = fromArray(S, b, bi + 2 * L);
            s0 = FloatVector.broadcast(S, a[ai]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            c02 = s0.fma(b2, c02);
            s1 = FloatVector.broadcast(S, a[ai + a1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            c12 = s1.fma(b2, c12);
            s2 = FloatVector.broadcast(S, a[ai + a2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            c22 = s2.fma(b2, c22);
            s3 = FloatVector.broadcast(S, a[ai + a3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            c32 = s3.fma(b2, c32);
            ai += stepA;
            bi += ldb;
        }
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
        c02.intoArray(y, yi + 2 * L);
        c10.intoArray(y, yi + r1 * ldy);
        c11.intoArray(y, yi + r1 * ldy + L);
        c12.intoArray(y, yi + r1 * ldy + 2 * L);
        c20.intoArray(y, yi + r2 * ldy);
        c21.intoArray(y, yi + r2 * ldy + L);
        c22.intoArray(y, yi + r2 * ldy + 2 * L);
        c30.intoArray(y, yi + r3 * ldy);
        c31.intoArray(y, yi + r3 * ldy + L);
        c32.intoArray(y, yi + r3 * ldy + 2 * L);
    }

    private static void tile4x2(float[] y, int yi, int ldy, boolean accumulate, float[] bias, int biasIndex,
            int biasStep, float[] a, int ai, int lda, int stepA, float[] b, int bi, int ldb, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        FloatVector s0 = FloatVector.broadcast(S, bias[biasIndex]);
        FloatVector c00 = accumulate ? fromArray(S, y, yi) : s0;
        FloatVector c01 = accumulate ? fromArray(S, y, yi + L) : s0;
        FloatVector s1 = FloatVector.broadcast(S, bias[biasIndex + r1 * biasStep]);
        FloatVector c10 = accumulate ? fromArray(S, y, yi + r1 * ldy) : s1;
        FloatVector c11 = accumulate ? fromArray(S, y, yi + r1 * ldy + L) : s1;
        FloatVector s2 = FloatVector.broadcast(S, bias[biasIndex + r2 * biasStep]);
        FloatVector c20 = accumulate ? fromArray(S, y, yi + r2 * ldy) : s2;
        FloatVector c21 = accumulate ? fromArray(S, y, yi + r2 * ldy + L) : s2;
        FloatVector s3 = FloatVector.broadcast(S, bias[biasIndex + r3 * biasStep]);
        FloatVector c30 = accumulate ? fromArray(S, y, yi + r3 * ldy) : s3;
        FloatVector c31 = accumulate ? fromArray(S, y, yi + r3 * ldy + L) : s3;
        int a1 = r1 * lda;
        int a2 = r2 * lda;
        int a3 = r3 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, bi);
            FloatVector b1 = fromArray(S, b, bi + L);
            s0 = FloatVector.broadcast(S, a[ai]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            s1 = FloatVector.broadcast(S, a[ai + a1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            s2 = FloatVector.broadcast(S, a[ai + a2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            s3 = FloatVector.broadcast(S, a[ai + a3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            ai += stepA;
            bi += ldb;
        }
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
        c10.intoArray(y, yi + r1 * ldy);
        c11.intoArray(y, yi + r1 * ldy + L);
        c20.intoArray(y, yi + r2 * ldy);
        c21.intoArray(y, yi + r2 * ldy + L);
        c30.intoArray(y, yi + r3 * ldy);
        c31.intoArray(y, yi + r3 * ldy + L);
    }
}
