package org.ttm4j.engine.vector;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.ttm4j.engine.vector.VectorMatMulPanels.LEFT_COLUMNS;
import static org.ttm4j.engine.vector.VectorMatMulPanels.TILE_ROWS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of a weight gradient dyᵀ·x, whose operands are both packed. It differs from
 * {@link VectorMatMulPackedTile} in the left operand: the rows of dyᵀ that a tile multiplies are columns of dy, which lie
 * beside each other in a panel. Every stride is a compile-time constant, so that C2 hoists every bounds check out of the
 * loop over p.
 *
 * <p>A tile with fewer rows than its height multiplies the zeros that follow them in the panel too. What comes of them,
 * which need not be 0, is stored in the place of the last row, and the last row after it.
 */
final class VectorMatMulPanelTile {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = S.length();

    private VectorMatMulPanelTile() {}

    /**
     * y += A·B for one tile. y: rows × columns with row stride ldy; A[r, p] = a[ai + p·LEFT_COLUMNS + r]; b: k × columns,
     * contiguous.
     *
     * @param rows 1 to {@link VectorMatMulPanels#TILE_ROWS}, the height of every tile
     * @param columns those of 2 vectors, or of 3 where tiles have 8 rows
     */
    static void accumulate(float[] y, int yi, int ldy, float[] a, int ai, float[] b, int rows, int columns, int k) {
        if (TILE_ROWS == 4) tile4x2(y, yi, ldy, a, ai, b, rows, k);
        else if (columns == 2 * L) tile8x2(y, yi, ldy, a, ai, b, rows, k);
        else tile8x3(y, yi, ldy, a, ai, b, rows, k);
    }

    private static void tile8x3(float[] y, int yi, int ldy, float[] a, int ai, float[] b, int rows, int k) {
        int y1 = yi + Math.min(1, rows - 1) * ldy;
        int y2 = yi + Math.min(2, rows - 1) * ldy;
        int y3 = yi + Math.min(3, rows - 1) * ldy;
        int y4 = yi + Math.min(4, rows - 1) * ldy;
        int y5 = yi + Math.min(5, rows - 1) * ldy;
        int y6 = yi + Math.min(6, rows - 1) * ldy;
        int y7 = yi + Math.min(7, rows - 1) * ldy;
        FloatVector c00 = fromArray(S, y, yi);
        FloatVector c01 = fromArray(S, y, yi + L);
        FloatVector c02 = fromArray(S, y, yi + 2 * L);
        FloatVector c10 = fromArray(S, y, y1);
        FloatVector c11 = fromArray(S, y, y1 + L);
        FloatVector c12 = fromArray(S, y, y1 + 2 * L);
        FloatVector c20 = fromArray(S, y, y2);
        FloatVector c21 = fromArray(S, y, y2 + L);
        FloatVector c22 = fromArray(S, y, y2 + 2 * L);
        FloatVector c30 = fromArray(S, y, y3);
        FloatVector c31 = fromArray(S, y, y3 + L);
        FloatVector c32 = fromArray(S, y, y3 + 2 * L);
        FloatVector c40 = fromArray(S, y, y4);
        FloatVector c41 = fromArray(S, y, y4 + L);
        FloatVector c42 = fromArray(S, y, y4 + 2 * L);
        FloatVector c50 = fromArray(S, y, y5);
        FloatVector c51 = fromArray(S, y, y5 + L);
        FloatVector c52 = fromArray(S, y, y5 + 2 * L);
        FloatVector c60 = fromArray(S, y, y6);
        FloatVector c61 = fromArray(S, y, y6 + L);
        FloatVector c62 = fromArray(S, y, y6 + 2 * L);
        FloatVector c70 = fromArray(S, y, y7);
        FloatVector c71 = fromArray(S, y, y7 + L);
        FloatVector c72 = fromArray(S, y, y7 + 2 * L);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, p * (3 * L));
            FloatVector b1 = fromArray(S, b, p * (3 * L) + L);
            FloatVector b2 = fromArray(S, b, p * (3 * L) + 2 * L);
            FloatVector s0 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            c02 = s0.fma(b2, c02);
            FloatVector s1 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            c12 = s1.fma(b2, c12);
            FloatVector s2 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            c22 = s2.fma(b2, c22);
            FloatVector s3 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            c32 = s3.fma(b2, c32);
            FloatVector s4 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 4]);
            c40 = s4.fma(b0, c40);
            c41 = s4.fma(b1, c41);
            c42 = s4.fma(b2, c42);
            FloatVector s5 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 5]);
            c50 = s5.fma(b0, c50);
            c51 = s5.fma(b1, c51);
            c52 = s5.fma(b2, c52);
            FloatVector s6 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 6]);
            c60 = s6.fma(b0, c60);
            c61 = s6.fma(b1, c61);
            c62 = s6.fma(b2, c62);
            FloatVector s7 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 7]);
            c70 = s7.fma(b0, c70);
            c71 = s7.fma(b1, c71);
            c72 = s7.fma(b2, c72);
        }
        c70.intoArray(y, y7);
        c71.intoArray(y, y7 + L);
        c72.intoArray(y, y7 + 2 * L);
        c60.intoArray(y, y6);
        c61.intoArray(y, y6 + L);
        c62.intoArray(y, y6 + 2 * L);
        c50.intoArray(y, y5);
        c51.intoArray(y, y5 + L);
        c52.intoArray(y, y5 + 2 * L);
        c40.intoArray(y, y4);
        c41.intoArray(y, y4 + L);
        c42.intoArray(y, y4 + 2 * L);
        c30.intoArray(y, y3);
        c31.intoArray(y, y3 + L);
        c32.intoArray(y, y3 + 2 * L);
        c20.intoArray(y, y2);
        c21.intoArray(y, y2 + L);
        c22.intoArray(y, y2 + 2 * L);
        c10.intoArray(y, y1);
        c11.intoArray(y, y1 + L);
        c12.intoArray(y, y1 + 2 * L);
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
        c02.intoArray(y, yi + 2 * L);
    }

    private static void tile8x2(float[] y, int yi, int ldy, float[] a, int ai, float[] b, int rows, int k) {
        int y1 = yi + Math.min(1, rows - 1) * ldy;
        int y2 = yi + Math.min(2, rows - 1) * ldy;
        int y3 = yi + Math.min(3, rows - 1) * ldy;
        int y4 = yi + Math.min(4, rows - 1) * ldy;
        int y5 = yi + Math.min(5, rows - 1) * ldy;
        int y6 = yi + Math.min(6, rows - 1) * ldy;
        int y7 = yi + Math.min(7, rows - 1) * ldy;
        FloatVector c00 = fromArray(S, y, yi);
        FloatVector c01 = fromArray(S, y, yi + L);
        FloatVector c10 = fromArray(S, y, y1);
        FloatVector c11 = fromArray(S, y, y1 + L);
        FloatVector c20 = fromArray(S, y, y2);
        FloatVector c21 = fromArray(S, y, y2 + L);
        FloatVector c30 = fromArray(S, y, y3);
        FloatVector c31 = fromArray(S, y, y3 + L);
        FloatVector c40 = fromArray(S, y, y4);
        FloatVector c41 = fromArray(S, y, y4 + L);
        FloatVector c50 = fromArray(S, y, y5);
        FloatVector c51 = fromArray(S, y, y5 + L);
        FloatVector c60 = fromArray(S, y, y6);
        FloatVector c61 = fromArray(S, y, y6 + L);
        FloatVector c70 = fromArray(S, y, y7);
        FloatVector c71 = fromArray(S, y, y7 + L);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, p * (2 * L));
            FloatVector b1 = fromArray(S, b, p * (2 * L) + L);
            FloatVector s0 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            FloatVector s1 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            FloatVector s2 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            FloatVector s3 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
            FloatVector s4 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 4]);
            c40 = s4.fma(b0, c40);
            c41 = s4.fma(b1, c41);
            FloatVector s5 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 5]);
            c50 = s5.fma(b0, c50);
            c51 = s5.fma(b1, c51);
            FloatVector s6 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 6]);
            c60 = s6.fma(b0, c60);
            c61 = s6.fma(b1, c61);
            FloatVector s7 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 7]);
            c70 = s7.fma(b0, c70);
            c71 = s7.fma(b1, c71);
        }
        c70.intoArray(y, y7);
        c71.intoArray(y, y7 + L);
        c60.intoArray(y, y6);
        c61.intoArray(y, y6 + L);
        c50.intoArray(y, y5);
        c51.intoArray(y, y5 + L);
        c40.intoArray(y, y4);
        c41.intoArray(y, y4 + L);
        c30.intoArray(y, y3);
        c31.intoArray(y, y3 + L);
        c20.intoArray(y, y2);
        c21.intoArray(y, y2 + L);
        c10.intoArray(y, y1);
        c11.intoArray(y, y1 + L);
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
    }

    private static void tile4x2(float[] y, int yi, int ldy, float[] a, int ai, float[] b, int rows, int k) {
        int y1 = yi + Math.min(1, rows - 1) * ldy;
        int y2 = yi + Math.min(2, rows - 1) * ldy;
        int y3 = yi + Math.min(3, rows - 1) * ldy;
        FloatVector c00 = fromArray(S, y, yi);
        FloatVector c01 = fromArray(S, y, yi + L);
        FloatVector c10 = fromArray(S, y, y1);
        FloatVector c11 = fromArray(S, y, y1 + L);
        FloatVector c20 = fromArray(S, y, y2);
        FloatVector c21 = fromArray(S, y, y2 + L);
        FloatVector c30 = fromArray(S, y, y3);
        FloatVector c31 = fromArray(S, y, y3 + L);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = fromArray(S, b, p * (2 * L));
            FloatVector b1 = fromArray(S, b, p * (2 * L) + L);
            FloatVector s0 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS]);
            c00 = s0.fma(b0, c00);
            c01 = s0.fma(b1, c01);
            FloatVector s1 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 1]);
            c10 = s1.fma(b0, c10);
            c11 = s1.fma(b1, c11);
            FloatVector s2 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 2]);
            c20 = s2.fma(b0, c20);
            c21 = s2.fma(b1, c21);
            FloatVector s3 = FloatVector.broadcast(S, a[ai + p * LEFT_COLUMNS + 3]);
            c30 = s3.fma(b0, c30);
            c31 = s3.fma(b1, c31);
        }
        c30.intoArray(y, y3);
        c31.intoArray(y, y3 + L);
        c20.intoArray(y, y2);
        c21.intoArray(y, y2 + L);
        c10.intoArray(y, y1);
        c11.intoArray(y, y1 + L);
        c00.intoArray(y, yi);
        c01.intoArray(y, yi + L);
    }
}
