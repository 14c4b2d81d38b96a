package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.VectorMatMulPanels.LANES;
import static org.ttm4j.engine.vector.VectorMatMulPanels.MAX_COLUMNS;
import static org.ttm4j.engine.vector.VectorMatMulPanels.TILE_ROWS;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;
import org.ttm4j.engine.MatMulKernels;

/**
 * Matrix products on the JDK Vector API, blocked for registers and caches.
 *
 * <p>Every output element starts at its initial value (y and bias, added in that order) and takes its terms by FMA in
 * the order of the summed index, wherever its tile lies; only {@link #addLeftTransposedProduct} sums lane by lane.
 * Outputs that hang over the last column are computed in a scratch tile by the same code. Blocking follows Goto and
 * van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication".
 */
public final class VectorMatMul implements MatMulKernels {
    /** The floats of an operand block that stays in the L2 cache (64 KiB) while the other operand streams past. */
    private static final int CACHE_BLOCK = 16384;

    /** The terms of a dot product between loading and storing its accumulators: enough to hide both. */
    private static final int DOT_BLOCK = 384;

    private static final float[] ZEROS = new float[MAX_COLUMNS];

    private final ActivationKernels activation;

    /** @param activation computes the GELU of the fused forms */
    public VectorMatMul(ActivationKernels activation) {
        this.activation = activation;
    }

    @Override
    public int packedSize(int k, int n) {
        return k * VectorMatMulPanels.paddedColumns(n);
    }

    @Override
    public void pack(float[] packed, float[] b, int bOffset, int k, int n) {
        VectorMatMulPanels.pack(packed, b, bOffset, k, n);
    }

    @Override
    public void packTransposed(float[] packed, float[] w, int wOffset, int k, int n) {
        VectorMatMulPanels.packTransposed(packed, w, wOffset, k, n);
    }

    @Override
    public void multiply(float[] y, int yOffset, float[] x, int xOffset, float[] packed, float[] bias, int biasOffset,
            int m, int n, int k, boolean accumulate) {
        if (accumulate && bias != null) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    y[yOffset + i * n + j] += bias[biasOffset + j];
                }
            }
        }
        int blockRows = blockRows(Math.max(n, k));
        for (int i = 0; i < m; i += blockRows) {
            int rows = Math.min(blockRows, m - i);
            if (accumulate) {
                packedProduct(y, yOffset + i * n, y, yOffset + i * n, n, 1, x, xOffset + i * k, packed, rows, n, k);
            } else if (bias != null) {
                packedProduct(y, yOffset + i * n, bias, biasOffset, 0, 1, x, xOffset + i * k, packed, rows, n, k);
            } else {
                packedProduct(y, yOffset + i * n, ZEROS, 0, 0, 0, x, xOffset + i * k, packed, rows, n, k);
            }
        }
    }

    @Override
    public void multiplyGelu(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset,
            float[] packed, float[] bias, int biasOffset, int m, int n, int k) {
        int blockRows = blockRows(Math.max(n, k));
        for (int i = 0; i < m; i += blockRows) {
            int rows = Math.min(blockRows, m - i);
            multiply(y, yOffset + i * n, x, xOffset + i * k, packed, bias, biasOffset, rows, n, k, false);
            gelu(y, yOffset + i * n, slope, slopeOffset + i * n, rows * n);
        }
    }

    @Override
    public void addTransposedProduct(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset, int m,
            int n, int k) {
        int blockRows = blockRows(Math.max(n, k));
        for (int p = 0; p < m; p += blockRows) {
            int terms = Math.min(blockRows, m - p);
            stridedProduct(dw, dwOffset, dw, dwOffset, k, 1, dy, dyOffset + p * n, 1, n, x, xOffset + p * k, n, k,
                    terms);
        }
    }

    @Override
    public void multiplyLeft(float[] y, int yOffset, float[] w, int wOffset, boolean transposed, float[] bias,
            int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d, boolean accumulate) {
        int rowStride = transposed ? 1 : k;
        int step = transposed ? n : 1;
        float[] initial = ZEROS;
        if (bias != null && accumulate) {
            for (int i = 0; i < blocks * n; i++) {
                float added = bias[biasOffset + i % n];
                for (int c = 0; c < d; c++) {
                    y[yOffset + i * d + c] += added;
                }
            }
        } else if (bias != null) {
            initial = VectorMatMulScratch.local().accumulators(n * MAX_COLUMNS);
            for (int i = 0; i < n; i++) {
                Arrays.fill(initial, i * MAX_COLUMNS, (i + 1) * MAX_COLUMNS, bias[biasOffset + i]);
            }
        }
        int initialStride = bias == null ? 0 : MAX_COLUMNS;
        for (int b = 0; b < blocks; b++) {
            int yi = yOffset + b * n * d;
            int xi = xOffset + b * k * d;
            if (accumulate) {
                stridedProduct(y, yi, y, yi, d, 1, w, wOffset, rowStride, step, x, xi, n, d, k);
            } else {
                stridedProduct(y, yi, initial, 0, initialStride, 0, w, wOffset, rowStride, step, x, xi, n, d, k);
            }
        }
    }

    @Override
    public void multiplyLeftGelu(float[] y, int yOffset, float[] slope, int slopeOffset, float[] w, int wOffset,
            float[] bias, int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d) {
        int group = Math.max(1, CACHE_BLOCK / Math.max(1, n * d));
        for (int b = 0; b < blocks; b += group) {
            int count = Math.min(group, blocks - b);
            int yi = yOffset + b * n * d;
            multiplyLeft(y, yi, w, wOffset, false, bias, biasOffset, x, xOffset + b * k * d, count, n, k, d, false);
            gelu(y, yi, slope, slopeOffset + b * n * d, count * n * d);
        }
    }

    @Override
    public void addLeftTransposedProduct(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset,
            int blocks, int n, int k, int d) {
        int size = VectorMatMulDotTile.SIZE;
        int tileFloats = size * size * LANES;
        int rowTiles = (n + size - 1) / size;
        int columnTiles = (k + size - 1) / size;
        float[] sums = VectorMatMulScratch.local().accumulators(rowTiles * columnTiles * tileFloats);
        Arrays.fill(sums, 0, rowTiles * columnTiles * tileFloats, 0);
        int group = Math.max(1, DOT_BLOCK / Math.max(1, d));
        for (int b = 0; b < blocks; b += group) {
            int count = Math.min(group, blocks - b);
            int at = 0;
            for (int i = 0; i < n; i += size) {
                for (int j = 0; j < k; j += size, at += tileFloats) {
                    VectorMatMulDotTile.accumulate(sums, at, dy, dyOffset + (b * n + i) * d, n * d, x,
                            xOffset + (b * k + j) * d, k * d, count, Math.min(size, n - i), Math.min(size, k - j), d);
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < k; j++) {
                int tile = i / size * columnTiles + j / size;
                int element = i % size * size + j % size;
                dw[dwOffset + i * k + j] += laneSum(sums, tile * tileFloats + element * LANES);
            }
        }
    }

    /** y = init + x·B for one block of rows; element (i, j) starts at init[ii + i·ldi + j·initStep]. */
    private static void packedProduct(float[] y, int yi, float[] init, int ii, int ldi, int initStep, float[] x, int xi,
            float[] packed, int m, int n, int k) {
        for (int j = 0; j < n;) {
            int width = VectorMatMulPanels.width(n - j);
            int columns = width * LANES;
            for (int i = 0; i < m; i += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, m - i);
                int from = ii + i * ldi + j * initStep;
                int to = yi + i * n + j;
                int xRow = xi + i * k;
                if (j + columns <= n) {
                    VectorMatMulPackedTile.multiply(y, to, n, init, from, ldi, x, xRow, k, packed, j * k, rows, width,
                            k);
                } else {
                    float[] tile = VectorMatMulScratch.local().tile;
                    VectorMatMulPanels.copy(tile, 0, columns, init, from, ldi, rows, n - j);
                    VectorMatMulPackedTile.multiply(tile, 0, columns, tile, 0, columns, x, xRow, k, packed, j * k, rows,
                            width, k);
                    VectorMatMulPanels.copy(y, to, n, tile, 0, columns, rows, n - j);
                }
            }
            j += columns;
        }
    }

    /**
     * y = init + A·B, y: m × n, A: m × k with the given strides, B: k × n row-major; element (i, j) starts at
     * init[ii + i·ldi + j·initStep].
     */
    private static void stridedProduct(float[] y, int yi, float[] init, int ii, int ldi, int initStep, float[] a,
            int ai, int lda, int stepA, float[] b, int bi, int m, int n, int k) {
        for (int j = 0; j < n;) {
            int width = VectorMatMulPanels.width(n - j);
            int columns = width * LANES;
            boolean whole = j + columns <= n;
            float[] panel = b;
            if (!whole) {
                panel = VectorMatMulScratch.local().panel(k * columns);
                VectorMatMulPanels.copy(panel, 0, columns, b, bi + j, n, k, n - j);
            }
            for (int i = 0; i < m; i += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, m - i);
                int from = ii + i * ldi + j * initStep;
                int to = yi + i * n + j;
                int aRow = ai + i * lda;
                if (whole) {
                    VectorMatMulStridedTile.multiply(y, to, n, init, from, ldi, a, aRow, lda, stepA, b, bi + j, n, rows,
                            width, k);
                } else {
                    float[] tile = VectorMatMulScratch.local().tile;
                    VectorMatMulPanels.copy(tile, 0, columns, init, from, ldi, rows, n - j);
                    VectorMatMulStridedTile.multiply(tile, 0, columns, tile, 0, columns, a, aRow, lda, stepA, panel, 0,
                            columns, rows, width, k);
                    VectorMatMulPanels.copy(y, to, n, tile, 0, columns, rows, n - j);
                }
            }
            j += columns;
        }
    }

    private void gelu(float[] y, int yi, float[] slope, int slopeOffset, int count) {
        if (slope == null) {
            activation.gelu(y, yi, y, yi, count);
        } else {
            activation.geluWithSlope(y, yi, slope, slopeOffset, y, yi, count);
        }
    }

    /** Whole tiles of rows of the given length that fit the cache block together. */
    private static int blockRows(int columns) {
        return Math.max(1, CACHE_BLOCK / Math.max(1, columns) / TILE_ROWS) * TILE_ROWS;
    }

    /** A fixed pairing, as reduceLanes may sum in an order that differs between interpreter and compiler. */
    private static float laneSum(float[] lanes, int at) {
        float even = 0;
        float odd = 0;
        for (int i = at; i < at + LANES; i += 2) {
            even += lanes[i];
            odd += lanes[i + 1];
        }
        return even + odd;
    }
}
