package org.ttm4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the product from the right. A tile multiplies up to 8 rows of x by one packed panel of B.
 *
 * <p>Each tile keeps its outputs in local variables, because C2 keeps no array of vectors in registers, reads every
 * vector of the panel once for all rows, and multiplies it by broadcast elements of x. The panel's row stride is a
 * compile-time constant, which lets C2 hoist every bounds check out of the loop over p. A tile with fewer rows than its
 * height repeats its last row, so that all rows go through the same sequence of FMAs. A single row, such as that of the
 * ninth token in the model 512-96, has its own tile: a tile of four rows would take 1.5 times as long.
 *
 * <p>Once in 16 rows of B, a tile of 8 rows reads one element that lies {@link #AHEAD} floats further on, so that the
 * processor's prefetcher, which stops at the end of a memory page, starts on the next page. The tile returns what it
 * read, because C2 would otherwise remove the load. The forecast of a single series, whose weights come from the L3
 * cache, takes 3 % less time. Reading ahead in every cache line would take 15 % more.
 */
final class VectorMatMulPackedTile {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = S.length();

    /** A memory page of 4 KB, in floats. Packed panels are followed by so many floats, whose values do not matter. */
    static final int AHEAD = 1024;

    /** Off on JDK 21, where C2 would run out of registers: a forecast of 7 channels would take 10 % longer. */
    private static final boolean READ_AHEAD = Runtime.version().feature() > 21;

    private VectorMatMulPackedTile() {}

    /**
     * y = init + x·B for one tile. y: rows × width with row stride ldy; init: likewise with row stride ldi (0 repeats
     * one row), may be y itself; x: rows × k with row stride ldx; b: k × width, contiguous, followed by {@link #AHEAD}
     * further floats.
     *
     * @param rows 1 to {@link VectorMatMulPanels#TILE_ROWS}
     * @param width in vectors, 2 or 3
     */
    static void multiply(float[] y, int yi, int ldy, float[] init, int ii, int ldi, float[] x, int xi, int ldx,
            float[] b, int bi, int rows, int width, int k) {
        if (rows == 1 && width == 3) tile1x3(y, yi, init, ii, x, xi, b, bi, k);
        else if (rows == 1) tile1x2(y, yi, init, ii, x, xi, b, bi, k);
        else if (rows > 4 && width == 3) tile8x3(y, yi, ldy, init, ii, ldi, x, xi, ldx, b, bi, rows, k);
        else if (rows > 4) tile8x2(y, yi, ldy, init, ii, ldi, x, xi, ldx, b, bi, rows, k);
        else if (width == 3) tile4x3(y, yi, ldy, init, ii, ldi, x, xi, ldx, b, bi, rows, k);
        else tile4x2(y, yi, ldy, init, ii, ldi, x, xi, ldx, b, bi, rows, k);
    }

    private static int tile8x3(float[] y, int yi, int ldy, float[] init, int ii, int ldi, float[] x, int xi, int ldx,
            float[] b, int bi, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int r4 = Math.min(4, rows - 1);
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        FloatVector c00 = load(init, ii);
        FloatVector c01 = load(init, ii + L);
        FloatVector c02 = load(init, ii + 2 * L);
        FloatVector c10 = load(init, ii + r1 * ldi);
        FloatVector c11 = load(init, ii + r1 * ldi + L);
        FloatVector c12 = load(init, ii + r1 * ldi + 2 * L);
        FloatVector c20 = load(init, ii + r2 * ldi);
        FloatVector c21 = load(init, ii + r2 * ldi + L);
        FloatVector c22 = load(init, ii + r2 * ldi + 2 * L);
        FloatVector c30 = load(init, ii + r3 * ldi);
        FloatVector c31 = load(init, ii + r3 * ldi + L);
        FloatVector c32 = load(init, ii + r3 * ldi + 2 * L);
        FloatVector c40 = load(init, ii + r4 * ldi);
        FloatVector c41 = load(init, ii + r4 * ldi + L);
        FloatVector c42 = load(init, ii + r4 * ldi + 2 * L);
        FloatVector c50 = load(init, ii + r5 * ldi);
        FloatVector c51 = load(init, ii + r5 * ldi + L);
        FloatVector c52 = load(init, ii + r5 * ldi + 2 * L);
        FloatVector c60 = load(init, ii + r6 * ldi);
        FloatVector c61 = load(init, ii + r6 * ldi + L);
        FloatVector c62 = load(init, ii + r6 * ldi + 2 * L);
        FloatVector c70 = load(init, ii + r7 * ldi);
        FloatVector c71 = load(init, ii + r7 * ldi + L);
        FloatVector c72 = load(init, ii + r7 * ldi + 2 * L);
        int x0 = xi;
        int x1 = xi + r1 * ldx;
        int x2 = xi + r2 * ldx;
        int x3 = xi + r3 * ldx;
        int x4 = xi + r4 * ldx;
        int x5 = xi + r5 * ldx;
        int x6 = xi + r6 * ldx;
        int x7 = xi + r7 * ldx;
        int ahead = 0;
        for (int p = 0; p < k; p++) {
            if (READ_AHEAD && p % 16 == 0) ahead |= Float.floatToRawIntBits(b[bi + p * (3 * L) + AHEAD]);
            FloatVector b0 = load(b, bi + p * (3 * L));
            FloatVector b1 = load(b, bi + p * (3 * L) + L);
            FloatVector b2 = load(b, bi + p * (3 * L) + 2 * L);
            FloatVector s0 = FloatVector.broadcast(S, x[x0 + p]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            c02 = s0.fma(b2, c02);
            FloatVector s1 = FloatVector.broadcast(S, x[x1 + p]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            c12 = s1.fma(b2, c12);
            FloatVector s2 = FloatVector.broadcast(S, x[x2 + p]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            c22 = s2.fma(b2, c22);
            FloatVector s3 = FloatVector.broadcast(S, x[x3 + p]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            c32 = s3.fma(b2, c32);
            FloatVector s4 = FloatVector.broadcast(S, x[x4 + p]);
            c40 = s4.fma(b0, c40);
            c41 = s4.fma(b1, c41);
            c42 = s4.fma(b2, c42);
            FloatVector s5 = FloatVector.broadcast(S, x[x5 + p]);
            c50 = s5.fma(b0, c50);
            c51 = s5.fma(b1, c51);
            c52 = s5.fma(b2, c52);
            FloatVector s6 = FloatVector.broadcast(S, x[x6 + p]);
            c60 = s6.fma(b0, c60);
            c61 = s6.fma(b1, c61);
            c62 = s6.fma(b2, c62);
            FloatVector s7 = FloatVector.broadcast(S, x[x7 + p]);
            c70 = s7.fma(b0, c70);
            c71 = s7.fma(b1, c71);
            c72 = s7.fma(b2, c72);
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
        return ahead;
    }

    private static int tile8x2(float[] y, int yi, int ldy, float[] init, int ii, int ldi, float[] x, int xi, int ldx,
            float[] b, int bi, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int r4 = Math.min(4, rows - 1);
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        FloatVector c00 = load(init, ii);
        FloatVector c01 = load(init, ii + L);
        FloatVector c10 = load(init, ii + r1 * ldi);
        FloatVector c11 = load(init, ii + r1 * ldi + L);
        FloatVector c20 = load(init, ii + r2 * ldi);
        FloatVector c21 = load(init, ii + r2 * ldi + L);
        FloatVector c30 = load(init, ii + r3 * ldi);
        FloatVector c31 = load(init, ii + r3 * ldi + L);
        FloatVector c40 = load(init, ii + r4 * ldi);
        FloatVector c41 = load(init, ii + r4 * ldi + L);
        FloatVector c50 = load(init, ii + r5 * ldi);
        FloatVector c51 = load(init, ii + r5 * ldi + L);
        FloatVector c60 = load(init, ii + r6 * ldi);
        FloatVector c61 = load(init, ii + r6 * ldi + L);
        FloatVector c70 = load(init, ii + r7 * ldi);
        FloatVector c71 = load(init, ii + r7 * ldi + L);
        int x0 = xi;
        int x1 = xi + r1 * ldx;
        int x2 = xi + r2 * ldx;
        int x3 = xi + r3 * ldx;
        int x4 = xi + r4 * ldx;
        int x5 = xi + r5 * ldx;
        int x6 = xi + r6 * ldx;
        int x7 = xi + r7 * ldx;
        int ahead = 0;
        for (int p = 0; p < k; p++) {
            if (READ_AHEAD && p % 16 == 0) ahead |= Float.floatToRawIntBits(b[bi + p * (2 * L) + AHEAD]);
            FloatVector b0 = load(b, bi + p * (2 * L));
            FloatVector b1 = load(b, bi + p * (2 * L) + L);
            FloatVector s0 = FloatVector.broadcast(S, x[x0 + p]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            FloatVector s1 = FloatVector.broadcast(S, x[x1 + p]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            FloatVector s2 = FloatVector.broadcast(S, x[x2 + p]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            FloatVector s3 = FloatVector.broadcast(S, x[x3 + p]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            FloatVector s4 = FloatVector.broadcast(S, x[x4 + p]);
            c40 = s4.fma(b0, c40);
            c41 = s4.fma(b1, c41);
            FloatVector s5 = FloatVector.broadcast(S, x[x5 + p]);
            c50 = s5.fma(b0, c50);
            c51 = s5.fma(b1, c51);
            FloatVector s6 = FloatVector.broadcast(S, x[x6 + p]);
            c60 = s6.fma(b0, c60);
            c61 = s6.fma(b1, c61);
            FloatVector s7 = FloatVector.broadcast(S, x[x7 + p]);
            c70 = s7.fma(b0, c70);
            c71 = s7.fma(b1, c71);
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
        return ahead;
    }

    private static void tile4x3(float[] y, int yi, int ldy, float[] init, int ii, int ldi, float[] x, int xi, int ldx,
            float[] b, int bi, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        FloatVector c00 = load(init, ii);
        FloatVector c01 = load(init, ii + L);
        FloatVector c02 = load(init, ii + 2 * L);
        FloatVector c10 = load(init, ii + r1 * ldi);
        FloatVector c11 = load(init, ii + r1 * ldi + L);
        FloatVector c12 = load(init, ii + r1 * ldi + 2 * L);
        FloatVector c20 = load(init, ii + r2 * ldi);
        FloatVector c21 = load(init, ii + r2 * ldi + L);
        FloatVector c22 = load(init, ii + r2 * ldi + 2 * L);
        FloatVector c30 = load(init, ii + r3 * ldi);
        FloatVector c31 = load(init, ii + r3 * ldi + L);
        FloatVector c32 = load(init, ii + r3 * ldi + 2 * L);
        int x0 = xi;
        int x1 = xi + r1 * ldx;
        int x2 = xi + r2 * ldx;
        int x3 = xi + r3 * ldx;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = load(b, bi + p * (3 * L));
            FloatVector b1 = load(b, bi + p * (3 * L) + L);
            FloatVector b2 = load(b, bi + p * (3 * L) + 2 * L);
            FloatVector s0 = FloatVector.broadcast(S, x[x0 + p]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            c02 = s0.fma(b2, c02);
            FloatVector s1 = FloatVector.broadcast(S, x[x1 + p]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            c12 = s1.fma(b2, c12);
            FloatVector s2 = FloatVector.broadcast(S, x[x2 + p]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            c22 = s2.fma(b2, c22);
            FloatVector s3 = FloatVector.broadcast(S, x[x3 + p]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            c32 = s3.fma(b2, c32);
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

    private static void tile4x2(float[] y, int yi, int ldy, float[] init, int ii, int ldi, float[] x, int xi, int ldx,
            float[] b, int bi, int rows, int k) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        FloatVector c00 = load(init, ii);
        FloatVector c01 = load(init, ii + L);
        FloatVector c10 = load(init, ii + r1 * ldi);
        FloatVector c11 = load(init, ii + r1 * ldi + L);
        FloatVector c20 = load(init, ii + r2 * ldi);
        FloatVector c21 = load(init, ii + r2 * ldi + L);
        FloatVector c30 = load(init, ii + r3 * ldi);
        FloatVector c31 = load(init, ii + r3 * ldi + L);
        int x0 = xi;
        int x1 = xi + r1 * ldx;
        int x2 = xi + r2 * ldx;
        int x3 = xi + r3 * ldx;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = load(b, bi + p * (2 * L));
            FloatVector b1 = load(b, bi + p * (2 * L) + L);
            FloatVector s0 = FloatVector.broadcast(S, x[x0 + p]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            FloatVector s1 = FloatVector.broadcast(S, x[x1 + p]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            FloatVector s2 = FloatVector.broadcast(S, x[x2 + p]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            FloatVector s3 = FloatVector.broadcast(S, x[x3 + p]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
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

    private static void tile1x3(float[] y, int yi, float[] init, int ii, float[] x, int xi, float[] b, int bi, int k) {
        FloatVector c0 = load(init, ii);
        FloatVector c1 = load(init, ii + L);
        FloatVector c2 = load(init, ii + 2 * L);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = load(b, bi + p * (3 * L));
            FloatVector b1 = load(b, bi + p * (3 * L) + L);
            FloatVector b2 = load(b, bi + p * (3 * L) + 2 * L);
            FloatVector s = FloatVector.broadcast(S, x[xi + p]);
            c0 = s.fma(b0, c0);
            c1 = s.fma(b1, c1);
            c2 = s.fma(b2, c2);
        }
        c0.intoArray(y, yi);
        c1.intoArray(y, yi + L);
        c2.intoArray(y, yi + 2 * L);
    }

    private static void tile1x2(float[] y, int yi, float[] init, int ii, float[] x, int xi, float[] b, int bi, int k) {
        FloatVector c0 = load(init, ii);
        FloatVector c1 = load(init, ii + L);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = load(b, bi + p * (2 * L));
            FloatVector b1 = load(b, bi + p * (2 * L) + L);
            FloatVector s = FloatVector.broadcast(S, x[xi + p]);
            c0 = s.fma(b0, c0);
            c1 = s.fma(b1, c1);
        }
        c0.intoArray(y, yi);
        c1.intoArray(y, yi + L);
    }

    private static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(S, array, index);
    }
}
