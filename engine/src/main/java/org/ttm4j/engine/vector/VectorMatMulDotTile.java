package org.ttm4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of a product of two row-major operands along their rows, dy·xᵀ: 4 × 4 dot products at once, lane
 * by lane, so that neither operand is transposed. The lanes of each dot product are summed by the caller, once per
 * call of the kernel and not once per block.
 */
final class VectorMatMulDotTile {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = S.length();

    /** Rows of dy, and rows of x, in a tile. */
    static final int SIZE = 4;

    private VectorMatMulDotTile() {}

    /**
     * acc[i, j, lane] += Σ over blocks b and columns c ≡ lane (mod L) of dy[b, i, c] · x[b, j, c].
     * acc: 4 × 4 × L; dy[b]: rows × d, block stride dyStride; x[b]: columns × d, block stride xStride. A tile of fewer
     * rows or columns repeats its last one.
     */
    static void accumulate(float[] acc, int at, float[] dy, int dyi, int dyStride, float[] x, int xi, int xStride,
            int blocks, int rows, int columns, int d) {
        accumulateWhole(acc, at, dy, dyi, dyStride, x, xi, xStride, blocks, rows, columns, d);
        int whole = S.loopBound(d);
        if (whole == d) return;
        VectorMask<Float> rest = S.indexInRange(whole, d);
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < rows; i++) {
                FloatVector u = FloatVector.fromArray(S, dy, dyi + b * dyStride + i * d + whole, rest);
                for (int j = 0; j < columns; j++) {
                    int to = at + (i * SIZE + j) * L;
                    FloatVector v = FloatVector.fromArray(S, x, xi + b * xStride + j * d + whole, rest);
                    u.fma(v, FloatVector.fromArray(S, acc, to)).intoArray(acc, to);
                }
            }
        }
    }

    /** The columns in whole vectors. Alone, lest C2 stop inlining halfway, which is 60 times slower: see Lanes. */
    private static void accumulateWhole(float[] acc, int at, float[] dy, int dyi, int dyStride, float[] x, int xi,
            int xStride, int blocks, int rows, int columns, int d) {
        int dy1 = Math.min(1, rows - 1) * d;
        int dy2 = Math.min(2, rows - 1) * d;
        int dy3 = Math.min(3, rows - 1) * d;
        int x1 = Math.min(1, columns - 1) * d;
        int x2 = Math.min(2, columns - 1) * d;
        int x3 = Math.min(3, columns - 1) * d;
        FloatVector c00 = FloatVector.fromArray(S, acc, at);
        FloatVector c01 = FloatVector.fromArray(S, acc, at + L);
        FloatVector c02 = FloatVector.fromArray(S, acc, at + 2 * L);
        FloatVector c03 = FloatVector.fromArray(S, acc, at + 3 * L);
        FloatVector c10 = FloatVector.fromArray(S, acc, at + 4 * L);
        FloatVector c11 = FloatVector.fromArray(S, acc, at + 5 * L);
        FloatVector c12 = FloatVector.fromArray(S, acc, at + 6 * L);
        FloatVector c13 = FloatVector.fromArray(S, acc, at + 7 * L);
        FloatVector c20 = FloatVector.fromArray(S, acc, at + 8 * L);
        FloatVector c21 = FloatVector.fromArray(S, acc, at + 9 * L);
        FloatVector c22 = FloatVector.fromArray(S, acc, at + 10 * L);
        FloatVector c23 = FloatVector.fromArray(S, acc, at + 11 * L);
        FloatVector c30 = FloatVector.fromArray(S, acc, at + 12 * L);
        FloatVector c31 = FloatVector.fromArray(S, acc, at + 13 * L);
        FloatVector c32 = FloatVector.fromArray(S, acc, at + 14 * L);
        FloatVector c33 = FloatVector.fromArray(S, acc, at + 15 * L);
        int whole = S.loopBound(d);
        for (int b = 0; b < blocks; b++) {
            for (int c = 0; c < whole; c += L) {
                FloatVector v0 = FloatVector.fromArray(S, x, xi + c);
                FloatVector v1 = FloatVector.fromArray(S, x, xi + x1 + c);
                FloatVector v2 = FloatVector.fromArray(S, x, xi + x2 + c);
                FloatVector v3 = FloatVector.fromArray(S, x, xi + x3 + c);
                FloatVector u0 = FloatVector.fromArray(S, dy, dyi + c);
                c00 = u0.fma(v0, c00);
                c01 = u0.fma(v1, c01);
                c02 = u0.fma(v2, c02);
                c03 = u0.fma(v3, c03);
                FloatVector u1 = FloatVector.fromArray(S, dy, dyi + dy1 + c);
                c10 = u1.fma(v0, c10);
                c11 = u1.fma(v1, c11);
                c12 = u1.fma(v2, c12);
                c13 = u1.fma(v3, c13);
                FloatVector u2 = FloatVector.fromArray(S, dy, dyi + dy2 + c);
                c20 = u2.fma(v0, c20);
                c21 = u2.fma(v1, c21);
                c22 = u2.fma(v2, c22);
                c23 = u2.fma(v3, c23);
                FloatVector u3 = FloatVector.fromArray(S, dy, dyi + dy3 + c);
                c30 = u3.fma(v0, c30);
                c31 = u3.fma(v1, c31);
                c32 = u3.fma(v2, c32);
                c33 = u3.fma(v3, c33);
            }
            dyi += dyStride;
            xi += xStride;
        }
        c00.intoArray(acc, at);
        c01.intoArray(acc, at + L);
        c02.intoArray(acc, at + 2 * L);
        c03.intoArray(acc, at + 3 * L);
        c10.intoArray(acc, at + 4 * L);
        c11.intoArray(acc, at + 5 * L);
        c12.intoArray(acc, at + 6 * L);
        c13.intoArray(acc, at + 7 * L);
        c20.intoArray(acc, at + 8 * L);
        c21.intoArray(acc, at + 9 * L);
        c22.intoArray(acc, at + 10 * L);
        c23.intoArray(acc, at + 11 * L);
        c30.intoArray(acc, at + 12 * L);
        c31.intoArray(acc, at + 13 * L);
        c32.intoArray(acc, at + 14 * L);
        c33.intoArray(acc, at + 15 * L);
    }
}
