package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.VectorMatMulPanels.LANES;

import java.util.Arrays;
import org.ttm4j.engine.vector.VectorMatMul.VectorMatMulScratch;

/**
 * dw += Σ over b of dy[b]·x[b]ᵀ, the weight gradient of a product from the left. Both operands are summed along their
 * rows: every output is kept as a vector of partial sums, whose lanes are added up at the end.
 */
final class VectorMatMulLeftGradient {
    private static final int ROWS = VectorMatMulDotTile.ROWS;
    private static final int COLUMNS = VectorMatMulDotTile.COLUMNS;
    private static final int TILE = ROWS * COLUMNS * LANES;

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
        int band = ROWS * Math.max(1, BAND / (across * TILE));
        float[] sums = VectorMatMulScratch.local().accumulators(tiles(Math.min(band, rows), ROWS) * across * TILE);
        for (int from = 0; from < rows; from += band) {
            int to = Math.min(from + band, rows);
            sum(sums, a, rows, from, to, c, columns, blocks, d);
            for (int i = from; i < to; i++) {
                for (int j = 0; j < columns; j++) {
                    int tile = (i - from) / ROWS * across + j / COLUMNS;
                    int element = (i - from) % ROWS * COLUMNS + j % COLUMNS;
                    dw[i * rowStep + j * columnStep] += laneSum(sums, tile * TILE + element * LANES);
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
                    VectorMatMulDotTile.accumulate(sums, tile, a, (b * rows + i) * d, rows * d, c,
                            (b * columns + j) * d, columns * d, count, Math.min(ROWS, to - i),
                            Math.min(COLUMNS, columns - j), d);
                    tile += TILE;
                }
            }
        }
    }

    /** Adds in a fixed order, which reduceLanes does not guarantee: interpreter and compiled code may differ. */
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
