package org.ttm4j.engine.vector;

import java.util.Arrays;

/**
 * Divides a matrix into tiles and packs operands. The columns of a right operand B are divided into panels of 3 or 2 vectors,
 * the width of the register tiles. A packed panel holds its k rows one after the other, so that the panel that starts at
 * column j starts at element j·k. Columns beyond n are packed as zeros, so that no load of B needs a mask. A left operand
 * that is a transposed matrix, in weight gradients, is packed in the same way into panels of {@link #LEFT_COLUMNS}.
 */
final class VectorMatMulPanels {
    static final int LANES = Lanes.SPECIES.length();

    /** The number of columns of the widest panel. */
    static final int MAX_COLUMNS = 3 * LANES;

    /**
     * The number of rows of a tile. A tile of 8 × 3 vectors needs 28 to 30 registers, which AVX-512 and aarch64 have.
     * With the 16 registers of AVX2, a tile is 4 × 2, because C2 loads so far ahead that it runs out of registers at 4
     * × 3.
     */
    static final int TILE_ROWS = LANES == 16 || System.getProperty("os.arch").equals("aarch64") ? 8 : 4;

    /** The number of columns of a panel of a left operand: whole vectors and whole tiles. */
    static final int LEFT_COLUMNS = Math.max(LANES, TILE_ROWS);

    private VectorMatMulPanels() {}

    /** The width in vectors of the next panel if {@code columns}, at least 1, remain. Prefers panels of 3 vectors. */
    static int width(int columns) {
        int vectors = (columns + LANES - 1) / LANES;
        return TILE_ROWS == 8 && (vectors == 3 || vectors > 4) ? 3 : 2;
    }

    /** The number of columns of all panels of a matrix of n columns, including padding. */
    static int paddedColumns(int n) {
        int columns = 0;
        while (columns < n) columns += width(n - columns) * LANES;
        return columns;
    }

    /** Packs B (k × n, row-major). */
    static void pack(float[] packed, float[] b, int k, int n) {
        for (int j = 0; j < n;) {
            int columns = width(n - j) * LANES;
            packPanel(packed, j * k, columns, b, j, n, Math.min(columns, n - j), k);
            j += columns;
        }
    }

    /**
     * Packs the left operand of a {@link VectorMatMulPanelTile}, the transpose of a (k × m, row-major from element
     * {@code from} on): element (i, p) lies at {@link #left}(i, k) + p·{@link #LEFT_COLUMNS}.
     */
    static void packLeft(float[] packed, float[] a, int from, int k, int m) {
        for (int i = 0; i < m; i += LEFT_COLUMNS) {
            packPanel(packed, i * k, LEFT_COLUMNS, a, from + i, m, Math.min(LEFT_COLUMNS, m - i), k);
        }
    }

    /** Where row i of a packed left operand of k columns begins. */
    static int left(int i, int k) {
        int within = i % LEFT_COLUMNS;
        return (i - within) * k + within;
    }

    /**
     * Packs k rows of {@code used} columns, row stride ldb, into a panel of {@code columns}. The loop over rows is the inner one,
     * because one over the two or three vectors of a row is too short for C2 to make it fast.
     */
    static void packPanel(float[] packed, int to, int columns, float[] b, int from, int ldb, int used, int k) {
        if (used == columns) {
            for (int c = 0; c < columns; c += LANES) {
                for (int p = 0; p < k; p++) Lanes.load(b, from + p * ldb + c).intoArray(packed, to + p * columns + c);
            }
            return;
        }
        for (int p = 0; p < k; p++, to += columns, from += ldb) {
            System.arraycopy(b, from, packed, to, used);
            Arrays.fill(packed, to + used, to + columns, 0);
        }
    }

    /** Packs B = Wᵀ, W: n × k row-major. */
    static void packTransposed(float[] packed, float[] w, int k, int n) {
        int to = 0;
        for (int j = 0; j < n;) {
            int columns = width(n - j) * LANES;
            int used = Math.min(columns, n - j);
            for (int p = 0; p < k; p++, to += columns) {
                int from = j * k + p;
                for (int c = 0; c < used; c++) packed[to + c] = w[from + c * k];
                Arrays.fill(packed, to + used, to + columns, 0);
            }
            j += columns;
        }
    }

    /** Copies a rows × columns block between row-major arrays. */
    static void copy(float[] to, int ti, int ldt, float[] from, int fi, int ldf, int rows, int columns) {
        for (int r = 0; r < rows; r++) System.arraycopy(from, fi + r * ldf, to, ti + r * ldt, columns);
    }
}
