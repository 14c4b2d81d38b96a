package org.ttm4j.engine.vector;

import static org.ttm4j.engine.vector.VectorMatMulPanels.LANES;
import static org.ttm4j.engine.vector.VectorMatMulPanels.LEFT_COLUMNS;
import static org.ttm4j.engine.vector.VectorMatMulPanels.MAX_COLUMNS;
import static org.ttm4j.engine.vector.VectorMatMulPanels.TILE_ROWS;

import org.ttm4j.engine.kernel.MatMulKernels;
import org.ttm4j.engine.scalar.PerThread;

/**
 * Matrix products on the JDK Vector API, blocked for registers and caches.
 *
 * <p>Every output element starts at its initial value (y and bias, added in that order), and its terms are added by FMA
 * in the order of the summed index, whatever its tile; only {@link #addLeftTransposedProduct} may sum lane by lane. A
 * tile that extends past the last column is computed in scratch memory by the same code. Blocking follows Goto and van
 * de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication". The formulas are in
 * {@link org.ttm4j.engine.reference.ReferenceMatMul}.
 */
public final class VectorMatMul implements MatMulKernels {
    /** Floats in an operand block (64 KiB) that stays in the L2 cache while the other operand is streamed. */
    private static final int CACHE_BLOCK = 16384;

    /** The rows of x and dy per step of a weight gradient: the part of x for one panel fits the L1 cache. */
    private static final int GRADIENT_ROWS = 128;

    private static final float[] ZEROS = new float[MAX_COLUMNS];

    @Override
    public int packedSize(int k, int n) {
        return k * VectorMatMulPanels.paddedColumns(n) + VectorMatMulPackedTile.AHEAD;
    }

    @Override
    public void pack(float[] packed, float[] b, int k, int n) {
        VectorMatMulPanels.pack(packed, b, k, n);
    }

    @Override
    public void packTransposed(float[] packed, float[] w, int k, int n) {
        VectorMatMulPanels.packTransposed(packed, w, k, n);
    }

    @Override
    public void multiply(float[] y, float[] x, float[] packed, float[] bias, int m, int n, int k, boolean accumulate) {
        if (accumulate && bias != null) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) y[i * n + j] += bias[j];
            }
        }
        int blockRows = blockRows(Math.max(n, k));
        for (int i = 0; i < m; i += blockRows) {
            multiplyRows(y, x, packed, bias, i, Math.min(blockRows, m - i), n, k, accumulate);
        }
    }

    /** The product for {@code rows} rows from {@code row} on. If accumulating, the bias has already been added. */
    private static void multiplyRows(float[] y, float[] x, float[] packed, float[] bias, int row, int rows, int n,
            int k, boolean accumulate) {
        if (accumulate) packedProduct(y, row * n, y, row * n, n, 1, x, row * k, packed, rows, n, k);
        else if (bias != null) packedProduct(y, row * n, bias, 0, 0, 1, x, row * k, packed, rows, n, k);
        else packedProduct(y, row * n, ZEROS, 0, 0, 0, x, row * k, packed, rows, n, k);
    }

    @Override
    public void multiplyGelu(float[] y, float[] slope, float[] x, float[] packed, float[] bias, int m, int n, int k) {
        int blockRows = blockRows(Math.max(n, k));
        for (int i = 0; i < m; i += blockRows) {
            int rows = Math.min(blockRows, m - i);
            multiplyRows(y, x, packed, bias, i, rows, n, k, false);
            gelu(y, slope, i * n, rows * n);
        }
    }

    @Override
    public void addTransposedProduct(float[] dw, float[] dy, float[] x, int m, int n, int k) {
        VectorMatMulScratch scratch = VectorMatMulScratch.local();
        for (int p = 0; p < m; p += GRADIENT_ROWS) {
            int terms = Math.min(GRADIENT_ROWS, m - p);
            float[] left = scratch.left((n + LEFT_COLUMNS) * terms);
            VectorMatMulPanels.packLeft(left, dy, p * n, terms, n);
            for (int j = 0; j < k;) {
                int columns = VectorMatMulPanels.width(k - j) * LANES;
                float[] panel = scratch.panel(terms * columns);
                VectorMatMulPanels.packPanel(panel, 0, columns, x, p * k + j, k, Math.min(columns, k - j), terms);
                addPanelProduct(dw, j, left, panel, scratch.tile, columns, n, k, terms);
                j += columns;
            }
        }
    }

    /** dw[·, j to j + columns] += A·B of packed operands. dw: n × k; left: A, n × terms; panel: B, terms × columns. */
    private static void addPanelProduct(float[] dw, int j, float[] left, float[] panel, float[] tile, int columns,
            int n, int k, int terms) {
        int used = Math.min(columns, k - j);
        for (int i = 0; i < n; i += TILE_ROWS) {
            int rows = Math.min(TILE_ROWS, n - i);
            int to = i * k + j;
            int from = VectorMatMulPanels.left(i, terms);
            if (used == columns) {
                VectorMatMulPanelTile.accumulate(dw, to, k, left, from, panel, rows, columns, terms);
            } else {
                VectorMatMulPanels.copy(tile, 0, columns, dw, to, k, rows, used);
                VectorMatMulPanelTile.accumulate(tile, 0, columns, left, from, panel, rows, columns, terms);
                VectorMatMulPanels.copy(dw, to, k, tile, 0, columns, rows, used);
            }
        }
    }

    @Override
    public void multiplyLeft(float[] y, float[] w, boolean transposed, float[] bias, float[] x, int blocks, int n,
            int k, int d, boolean accumulate) {
        if (bias != null && accumulate) {
            for (int i = 0; i < blocks * n; i++) {
                float added = bias[i % n];
                for (int c = 0; c < d; c++) y[i * d + c] += added;
            }
        }
        int rowStride = transposed ? 1 : k;
        int step = transposed ? n : 1;
        for (int b = 0; b < blocks; b++) {
            stridedProduct(y, b * n * d, accumulate, bias, w, rowStride, step, x, b * k * d, n, d, k);
        }
    }

    @Override
    public void multiplyLeftGelu(float[] y, float[] slope, float[] w, float[] bias, float[] x, int blocks, int n, int k,
            int d) {
        int group = Math.max(1, CACHE_BLOCK / Math.max(1, n * d));
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            for (int b = from; b < from + count; b++) {
                stridedProduct(y, b * n * d, false, bias, w, k, 1, x, b * k * d, n, d, k);
            }
            gelu(y, slope, from * n * d, count * n * d);
        }
    }

    @Override
    public void multiplyLeftGate(float[] y, float[] w, float[] bias, float[] x, float[] residual, int blocks, int n,
            int d) {
        float[] logits = VectorMatMulScratch.local().accumulators(n * d);
        for (int b = 0; b < blocks; b++) {
            int at = b * n * d;
            stridedProduct(logits, 0, false, bias, w, n, 1, x, at, n, d, n);
            ColumnGate.forward(y, at, null, 0, x, at, logits, 0, residual, at, 1, n, d);
        }
    }

    @Override
    public void addLeftTransposedProduct(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d) {
        VectorMatMulLeftGradient.add(dw, dy, x, blocks, n, k, d);
    }

    /** y = init + x·B for one block of rows; the initial value of element (i, j) is init[ii + i·ldi + j·initStep]. */
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
     * row-major; the initial value of row i is bias[i], or 0 if bias is null.
     */
    private static void stridedProduct(float[] y, int yi, boolean accumulate, float[] bias, float[] a, int lda,
            int stepA, float[] b, int bi, int m, int n, int k) {
        float[] initial = bias == null ? ZEROS : bias;
        int biasStep = bias == null ? 0 : 1;
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
                int from = i * biasStep;
                int aRow = i * lda;
                if (whole) {
                    VectorMatMulStridedTile.multiply(y, to, n, accumulate, initial, from, biasStep, a, aRow, lda, stepA,
                            b, bi + j, n, rows, width, k);
                } else {
                    if (accumulate) VectorMatMulPanels.copy(tile, 0, columns, y, to, n, rows, n - j);
                    VectorMatMulStridedTile.multiply(tile, 0, columns, accumulate, initial, from, biasStep, a, aRow,
                            lda, stepA, panel, 0, columns, rows, width, k);
                    VectorMatMulPanels.copy(y, to, n, tile, 0, columns, rows, n - j);
                }
            }
            j += columns;
        }
    }

    private static void gelu(float[] y, float[] slope, int at, int count) {
        if (slope == null) Gelu.forward(y, at, y, at, count);
        else Gelu.forwardWithSlope(y, at, slope, at, y, at, count);
    }

    /** The number of rows of the given length that fit the cache block, rounded down to whole tiles. */
    private static int blockRows(int columns) {
        return Math.max(1, CACHE_BLOCK / Math.max(1, columns) / TILE_ROWS) * TILE_ROWS;
    }

    /** The working memory of {@link VectorMatMul} per thread. It grows as needed; a warm call allocates nothing. */
    static final class VectorMatMulScratch {
        private static final PerThread<VectorMatMulScratch> LOCAL = new PerThread<>(VectorMatMulScratch::new);

        /** An output tile that extends past the last column. */
        final float[] tile = new float[VectorMatMulPanels.TILE_ROWS * VectorMatMulPanels.MAX_COLUMNS];

        private float[] left = {};
        private float[] panel = {};
        private float[] accumulators = {};

        private VectorMatMulScratch() {}

        static VectorMatMulScratch local() {
            return LOCAL.get();
        }

        /** Memory for a packed left operand: at least {@code size} floats of undefined content. */
        float[] left(int size) {
            if (left.length < size) left = new float[size];
            return left;
        }

        /** Memory for a panel of a right operand: at least {@code size} floats of undefined content. */
        float[] panel(int size) {
            if (panel.length < size) panel = new float[size];
            return panel;
        }

        /** Memory for initial values or partial sums of outputs: at least {@code size} floats of undefined content. */
        float[] accumulators(int size) {
            if (accumulators.length < size) accumulators = new float[size];
            return accumulators;
        }
    }
}
