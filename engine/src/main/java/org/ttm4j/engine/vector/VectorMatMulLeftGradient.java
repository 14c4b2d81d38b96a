package org.ttm4j.engine.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.ttm4j.engine.vector.VectorMatMul.VectorMatMulScratch;

/**
 * dw += Σ over b of dy[b]·x[b]ᵀ, the weight gradient of a product from the left. Both operands are summed along their
 * rows, so that neither is transposed: every output is kept as a vector of partial sums, whose lanes are added up once per
 * call of the kernel. A register tile is 6 × 3 such dot products. Most vectors cross a cache line, which halves the rate
 * of loads: 9 loads then take about as long as the 18 FMAs that use them.
 */
final class VectorMatMulLeftGradient {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = S.length();
    /** Rows of a in a tile. */
    private static final int ROWS = 6;
    /** Rows of c in a tile. */
    private static final int COLUMNS = 3;
    private static final int TILE = ROWS * COLUMNS * L;

    /** The terms of a dot product between loading and storing its lanes: enough to hide the time of both. */
    private static final int DOT_BLOCK = 768;

    /** The most floats of partial sums at once, which fit an L2 cache; a patch mixer needs far fewer. */
    private static final int BAND = 1 << 17;

    private VectorMatMulLeftGradient() {}

    /** Implements {@link org.ttm4j.engine.kernel.MatMulKernels#addLeftTransposedProduct}. */
    static void add(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
        if (padded(n, k) <= padded(k, n)) add(dw, k, 1, dy, n, x, k, blocks, d);
        else add(dw, 1, k, x, k, dy, n, blocks, d);
    }

    /** The number of dot products that the tiles compute, including those outside the matrix. */
    private static long padded(int rows, int columns) {
        return (long) tiles(rows, ROWS) * ROWS * tiles(columns, COLUMNS) * COLUMNS;
    }

    private static int tiles(int count, int size) {
        return (count + size - 1) / size;
    }

    /** dw[i · rowStep + j · columnStep] += Σ over b of a[b]·c[b]ᵀ; a[b]: rows × d; c[b]: columns × d. */
    private static void add(float[] dw, int rowStep, int columnStep, float[] a, int rows, float[] c, int columns,
            int blocks, int d) {
        int across = tiles(columns, COLUMNS);
        int band = ROWS * Math.max(1, BAND / Math.max(1, across * TILE));
        float[] sums = VectorMatMulScratch.local().accumulators(tiles(Math.min(band, rows), ROWS) * across * TILE);
        for (int from = 0; from < rows; from += band) {
            int to = Math.min(from + band, rows);
            sum(sums, a, rows, from, to, c, columns, blocks, d);
            for (int i = from; i < to; i++) {
                for (int j = 0; j < columns; j++) {
                    int tile = (i - from) / ROWS * across + j / COLUMNS;
                    int element = (i - from) % ROWS * COLUMNS + j % COLUMNS;
                    dw[i * rowStep + j * columnStep] += Lanes.sum(sums, tile * TILE + element * L);
                }
            }
        }
    }

    /** The partial sums of the rows of a from {@code from} to {@code to}, tile by tile. */
    private static void sum(float[] sums, float[] a, int rows, int from, int to, float[] c, int columns, int blocks,
            int d) {
        Arrays.fill(sums, 0, tiles(to - from, ROWS) * tiles(columns, COLUMNS) * TILE, 0);
        int group = Math.max(1, DOT_BLOCK / Math.max(1, d));
        for (int b = 0; b < blocks; b += group) {
            int count = Math.min(group, blocks - b);
            int tile = 0;
            for (int i = from; i < to; i += ROWS) {
                for (int j = 0; j < columns; j += COLUMNS) {
                    accumulate(sums, tile, a, (b * rows + i) * d, rows * d, c, (b * columns + j) * d, columns * d,
                            count, Math.min(ROWS, to - i), Math.min(COLUMNS, columns - j), d);
                    tile += TILE;
                }
            }
        }
    }

    /**
     * sums[i, j, lane] += Σ over blocks b and p ≡ lane (mod L) of a[b, i, p] · c[b, j, p].
     * sums: 6 × 3 × L; a[b]: rows × d, block stride aStride; c[b]: columns × d, block stride cStride. A tile of fewer rows
     * or columns repeats its last one.
     */
    private static void accumulate(float[] sums, int at, float[] a, int ai, int aStride, float[] c, int ci, int cStride,
            int blocks, int rows, int columns, int d) {
        accumulateWhole(sums, at, a, ai, aStride, c, ci, cStride, blocks, rows, columns, d);
        int whole = S.loopBound(d);
        if (whole == d) return;
        VectorMask<Float> rest = S.indexInRange(whole, d);
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < rows; i++) {
                FloatVector u = FloatVector.fromArray(S, a, ai + b * aStride + i * d + whole, rest);
                for (int j = 0; j < columns; j++) {
                    int to = at + (i * COLUMNS + j) * L;
                    FloatVector v = FloatVector.fromArray(S, c, ci + b * cStride + j * d + whole, rest);
                    u.fma(v, FloatVector.fromArray(S, sums, to)).intoArray(sums, to);
                }
            }
        }
    }

    /**
     * The columns that fill whole vectors. A separate method for C2's inlining (60 times faster); see {@link Lanes}.
     */
    private static void accumulateWhole(float[] sums, int at, float[] a, int ai, int aStride, float[] c, int ci,
            int cStride, int blocks, int rows, int columns, int d) {
        int a1 = Math.min(1, rows - 1) * d;
        int a2 = Math.min(2, rows - 1) * d;
        int a3 = Math.min(3, rows - 1) * d;
        int a4 = Math.min(4, rows - 1) * d;
        int a5 = Math.min(5, rows - 1) * d;
        int c1 = Math.min(1, columns - 1) * d;
        int c2 = Math.min(2, columns - 1) * d;
        FloatVector s00 = FloatVector.fromArray(S, sums, at);
        FloatVector s01 = FloatVector.fromArray(S, sums, at + L);
        FloatVector s02 = FloatVector.fromArray(S, sums, at + 2 * L);
        FloatVector s10 = FloatVector.fromArray(S, sums, at + 3 * L);
        FloatVector s11 = FloatVector.fromArray(S, sums, at + 4 * L);
        FloatVector s12 = FloatVector.fromArray(S, sums, at + 5 * L);
        FloatVector s20 = FloatVector.fromArray(S, sums, at + 6 * L);
        FloatVector s21 = FloatVector.fromArray(S, sums, at + 7 * L);
        FloatVector s22 = FloatVector.fromArray(S, sums, at + 8 * L);
        FloatVector s30 = FloatVector.fromArray(S, sums, at + 9 * L);
        FloatVector s31 = FloatVector.fromArray(S, sums, at + 10 * L);
        FloatVector s32 = FloatVector.fromArray(S, sums, at + 11 * L);
        FloatVector s40 = FloatVector.fromArray(S, sums, at + 12 * L);
        FloatVector s41 = FloatVector.fromArray(S, sums, at + 13 * L);
        FloatVector s42 = FloatVector.fromArray(S, sums, at + 14 * L);
        FloatVector s50 = FloatVector.fromArray(S, sums, at + 15 * L);
        FloatVector s51 = FloatVector.fromArray(S, sums, at + 16 * L);
        FloatVector s52 = FloatVector.fromArray(S, sums, at + 17 * L);
        int whole = S.loopBound(d);
        for (int b = 0; b < blocks; b++) {
            for (int p = 0; p < whole; p += L) {
                FloatVector v0 = FloatVector.fromArray(S, c, ci + p);
                FloatVector v1 = FloatVector.fromArray(S, c, ci + c1 + p);
                FloatVector v2 = FloatVector.fromArray(S, c, ci + c2 + p);
                FloatVector u0 = FloatVector.fromArray(S, a, ai + p);
                s00 = u0.fma(v0, s00);
                s01 = u0.fma(v1, s01);
                s02 = u0.fma(v2, s02);
                FloatVector u1 = FloatVector.fromArray(S, a, ai + a1 + p);
                s10 = u1.fma(v0, s10);
                s11 = u1.fma(v1, s11);
                s12 = u1.fma(v2, s12);
                FloatVector u2 = FloatVector.fromArray(S, a, ai + a2 + p);
                s20 = u2.fma(v0, s20);
                s21 = u2.fma(v1, s21);
                s22 = u2.fma(v2, s22);
                FloatVector u3 = FloatVector.fromArray(S, a, ai + a3 + p);
                s30 = u3.fma(v0, s30);
                s31 = u3.fma(v1, s31);
                s32 = u3.fma(v2, s32);
                FloatVector u4 = FloatVector.fromArray(S, a, ai + a4 + p);
                s40 = u4.fma(v0, s40);
                s41 = u4.fma(v1, s41);
                s42 = u4.fma(v2, s42);
                FloatVector u5 = FloatVector.fromArray(S, a, ai + a5 + p);
                s50 = u5.fma(v0, s50);
                s51 = u5.fma(v1, s51);
                s52 = u5.fma(v2, s52);
            }
            ai += aStride;
            ci += cStride;
        }
        s00.intoArray(sums, at);
        s01.intoArray(sums, at + L);
        s02.intoArray(sums, at + 2 * L);
        s10.intoArray(sums, at + 3 * L);
        s11.intoArray(sums, at + 4 * L);
        s12.intoArray(sums, at + 5 * L);
        s20.intoArray(sums, at + 6 * L);
        s21.intoArray(sums, at + 7 * L);
        s22.intoArray(sums, at + 8 * L);
        s30.intoArray(sums, at + 9 * L);
        s31.intoArray(sums, at + 10 * L);
        s32.intoArray(sums, at + 11 * L);
        s40.intoArray(sums, at + 12 * L);
        s41.intoArray(sums, at + 13 * L);
        s42.intoArray(sums, at + 14 * L);
        s50.intoArray(sums, at + 15 * L);
        s51.intoArray(sums, at + 16 * L);
        s52.intoArray(sums, at + 17 * L);
    }
}
