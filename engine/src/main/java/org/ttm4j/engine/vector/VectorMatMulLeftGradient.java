package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.VectorMatMulPanels.LANES;
import static org.ttm4j.engine.vector.VectorMatMulPanels.TILE_ROWS;

import java.util.Arrays;

/**
 * dw += Σ over b of dy[b]·x[b]ᵀ, the weight gradient of a product from the left. The contraction runs along the rows of
 * both operands, so that one of them must be transposed, or every output kept as a vector whose lanes are summed at the
 * end. Transposing costs min(n, k)·d moves a block and pays when both sides fill a panel; lanes cost n·k vectors of
 * memory and suit small matrices.
 */
final class VectorMatMulLeftGradient {
    /** The columns of a transposed panel: those of the narrower register tile. */
    private static final int PANEL = 2 * LANES;

    /** The terms of a dot product between loading and storing its lanes: enough to hide both. */
    private static final int DOT_BLOCK = 384;

    private VectorMatMulLeftGradient() {}

    /** As {@link org.ttm4j.engine.kernel.MatMulKernels#addLeftTransposedProduct}. */
    static void add(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
        if (Math.min(n, k) < PANEL) {
            addByLanes(dw, dy, x, blocks, n, k, d);
        } else if (k <= n) {
            float[] sums = addByTransposing(dy, x, blocks, n, k, d);
            int stride = panelColumns(k);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < k; j++) {
                    dw[i * k + j] += sums[i * stride + j];
                }
            }
        } else {
            float[] sums = addByTransposing(x, dy, blocks, k, n, d);
            int stride = panelColumns(n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < k; j++) {
                    dw[i * k + j] += sums[j * stride + i];
                }
            }
        }
    }

    private static int panelColumns(int columns) {
        return (columns + PANEL - 1) / PANEL * PANEL;
    }

    /** Σ over b of a[b]·c[b]ᵀ; a[b]: m × d; c[b]: columns × d. Returns scratch: m × panelColumns(columns). */
    private static float[] addByTransposing(float[] a, float[] c, int blocks, int m, int columns, int d) {
        VectorMatMulScratch scratch = VectorMatMulScratch.local();
        int stride = panelColumns(columns);
        float[] sums = scratch.accumulators(m * stride);
        Arrays.fill(sums, 0, m * stride, 0);
        float[] panel = scratch.panel(PANEL * d + VectorMatMulPackedTile.AHEAD);
        for (int b = 0; b < blocks; b++) {
            for (int j = 0; j < columns; j += PANEL) {
                int used = Math.min(PANEL, columns - j);
                for (int r = 0; r < used; r += 8) {
                    transpose8(panel, r, c, (b * columns + j + r) * d, Math.min(8, used - r), d);
                }
                for (int i = 0; i < m; i += TILE_ROWS) {
                    int at = i * stride + j;
                    VectorMatMulPackedTile.multiply(sums, at, stride, sums, at, stride, a, (b * m + i) * d, d, panel, 0,
                            Math.min(TILE_ROWS, m - i), 2, d);
                }
            }
        }
        return sums;
    }

    /**
     * panel[p, column + r] = rows[r, p] for 8 rows; of fewer, the last is repeated. Eight at a time and a constant
     * stride let C2 hoist every bounds check.
     */
    private static void transpose8(float[] panel, int column, float[] rows, int at, int count, int d) {
        int r1 = at + Math.min(1, count - 1) * d;
        int r2 = at + Math.min(2, count - 1) * d;
        int r3 = at + Math.min(3, count - 1) * d;
        int r4 = at + Math.min(4, count - 1) * d;
        int r5 = at + Math.min(5, count - 1) * d;
        int r6 = at + Math.min(6, count - 1) * d;
        int r7 = at + Math.min(7, count - 1) * d;
        for (int p = 0; p < d; p++) {
            int to = p * PANEL + column;
            panel[to] = rows[at + p];
            panel[to + 1] = rows[r1 + p];
            panel[to + 2] = rows[r2 + p];
            panel[to + 3] = rows[r3 + p];
            panel[to + 4] = rows[r4 + p];
            panel[to + 5] = rows[r5 + p];
            panel[to + 6] = rows[r6 + p];
            panel[to + 7] = rows[r7 + p];
        }
    }

    private static void addByLanes(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
        int side = VectorMatMulDotTile.SIZE;
        int tileFloats = side * side * LANES;
        int columnTiles = (k + side - 1) / side;
        int size = (n + side - 1) / side * columnTiles * tileFloats;
        float[] sums = VectorMatMulScratch.local().accumulators(size);
        Arrays.fill(sums, 0, size, 0);
        int group = Math.max(1, DOT_BLOCK / Math.max(1, d));
        for (int b = 0; b < blocks; b += group) {
            int count = Math.min(group, blocks - b);
            int tile = 0;
            for (int i = 0; i < n; i += side) {
                int rows = Math.min(side, n - i);
                int dyi = (b * n + i) * d;
                for (int j = 0; j < k; j += side) {
                    int columns = Math.min(side, k - j);
                    int xi = (b * k + j) * d;
                    VectorMatMulDotTile.accumulate(sums, tile, dy, dyi, n * d, x, xi, k * d, count, rows, columns, d);
                    tile += tileFloats;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < k; j++) {
                int tile = i / side * columnTiles + j / side;
                int element = i % side * side + j % side;
                dw[i * k + j] += laneSum(sums, tile * tileFloats + element * LANES);
            }
        }
    }

    /** In a fixed order, which reduceLanes does not promise: interpreter and compiler may differ. */
    private static float laneSum(float[] lanes, int at) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int i = at; i < at + LANES; i += 4) {
            sum0 += lanes[i];
            sum1 += lanes[i + 1];
            sum2 += lanes[i + 2];
            sum3 += lanes[i + 3];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }
}
