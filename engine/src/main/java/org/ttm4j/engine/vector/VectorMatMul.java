package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.VectorMatMulPanels.LANES;
import static org.ttm4j.engine.vector.VectorMatMulPanels.MAX_COLUMNS;
import static org.ttm4j.engine.vector.VectorMatMulPanels.TILE_ROWS;

import org.ttm4j.engine.ActivationKernels;
import org.ttm4j.engine.MatMulKernels;

/**
 * Matrix products on the JDK Vector API, blocked for registers and caches.
 *
 * <p>Every output element starts at its initial value (y and bias, added in that order) and takes its terms by FMA in
 * the order of the summed index, wherever its tile lies; only {@link #addLeftTransposedProduct} may sum lane by lane.
 * Outputs that hang over the last column are computed in a scratch tile by the same code. Blocking follows Goto and
 * van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication".
 */
public final class VectorMatMul implements MatMulKernels {
    /** The floats of an operand block that stays in the L2 cache (64 KiB) while the other operand streams past. */
    private static final int CACHE_BLOCK = 16384;

    /** The rows of x and dy that a weight gradient takes at a time: a panel's strip of x fits the L1 cache. */
    private static final int GRADIENT_ROWS = 128;

    private static final float[] ZEROS = new float[MAX_COLUMNS];

    private final ActivationKernels activation;

    /** @param activation computes the GELU of the fused forms */
    public VectorMatMul(ActivationKernels activation) {
        this.activation = activation;
    }

    @Override
    public int packedSize(int k, int n) {
        return k * VectorMatMulPanels.paddedColumns(n) + VectorMatMulPackedTile.AHEAD;
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
        for (int p = 0; p < m; p += GRADIENT_ROWS) {
            int rows = Math.min(GRADIENT_ROWS, m - p);
            stridedProduct(dw, dwOffset, true, ZEROS, 0, 0, dy, dyOffset + p * n, 1, n, x, xOffset + p * k, n, k, rows);
        }
    }

    @Override
    public void multiplyLeft(float[] y, int yOffset, float[] w, int wOffset, boolean transposed, float[] bias,
            int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d, boolean accumulate) {
        int rowStride = transposed ? 1 : k;
        int step = transposed ? n : 1;
        if (bias != null && accumulate) {
            for (int i = 0; i < blocks * n; i++) {
                float added = bias[biasOffset + i % n];
                for (int c = 0; c < d; c++) {
                    y[yOffset + i * d + c] += added;
                }
            }
        }
        float[] initial = bias == null ? ZEROS : bias;
        int initialIndex = bias == null ? 0 : biasOffset;
        int initialStep = bias == null ? 0 : 1;
        for (int b = 0; b < blocks; b++) {
            stridedProduct(y, yOffset + b * n * d, accumulate, initial, initialIndex, initialStep, w, wOffset,
                    rowStride, step, x, xOffset + b * k * d, n, d, k);
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
        VectorMatMulLeftGradient.add(dw, dwOffset, dy, dyOffset, x, xOffset, blocks, n, k, d);
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
     * y = bias + A·B, or y += A·B when {@code accumulate}. y: m × n; A: m × k with the given strides; B: k × n,
     * row-major; row i starts at bias[biasIndex + i·biasStep].
     */
    private static void stridedProduct(float[] y, int yi, boolean accumulate, float[] bias, int biasIndex, int biasStep,
            float[] a, int ai, int lda, int stepA, float[] b, int bi, int m, int n, int k) {
        for (int j = 0; j < n;) {
            int width = VectorMatMulPanels.width(n - j);
            int columns = width * LANES;
            boolean whole = j + columns <= n;
            float[] tile = null;
            float[] panel = null;
            if (!whole) {
                VectorMatMulScratch scratch = VectorMatMulScratch.local();
                tile = scratch.tile;
                panel = scratch.panel(k * columns);
                VectorMatMulPanels.copy(panel, 0, columns, b, bi + j, n, k, n - j);
            }
            for (int i = 0; i < m; i += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, m - i);
                int to = yi + i * n + j;
                int from = biasIndex + i * biasStep;
                int aRow = ai + i * lda;
                if (whole) {
                    VectorMatMulStridedTile.multiply(y, to, n, accumulate, bias, from, biasStep, a, aRow, lda, stepA, b,
                            bi + j, n, rows, width, k);
                } else {
                    if (accumulate) {
                        VectorMatMulPanels.copy(tile, 0, columns, y, to, n, rows, n - j);
                    }
                    VectorMatMulStridedTile.multiply(tile, 0, columns, accumulate, bias, from, biasStep, a, aRow, lda,
                            stepA, panel, 0, columns, rows, width, k);
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
}
