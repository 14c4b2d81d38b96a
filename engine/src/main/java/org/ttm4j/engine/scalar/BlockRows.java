package org.ttm4j.engine.scalar;

/**
 * Copies several n × d blocks to n long rows, and back. Long row i holds row i of all blocks, one after the other, in
 * an array of its own. Loops over the rows of a single block would be short: a left gate took twice as long.
 */
final class BlockRows {
    private BlockRows() {}

    /** How many blocks, or rows, of d values are computed together: their rows make a long row. */
    static int group(int blocks, int d) {
        return Math.max(1, Math.min(blocks, Scratch.LENGTH / Math.max(1, d)));
    }

    /** rows[first + i][b·d + c] = x[from + b, i, c] for {@code count} blocks. */
    static void read(float[][] rows, int first, float[] x, int from, int count, int n, int d) {
        for (int b = 0; b < count; b++) {
            for (int i = 0; i < n; i++) System.arraycopy(x, ((from + b) * n + i) * d, rows[first + i], b * d, d);
        }
    }

    /** y[from + b, i, c] = rows[first + i][b·d + c] for {@code count} blocks. */
    static void write(float[] y, int from, float[][] rows, int first, int count, int n, int d) {
        for (int b = 0; b < count; b++) {
            for (int i = 0; i < n; i++) System.arraycopy(rows[first + i], b * d, y, ((from + b) * n + i) * d, d);
        }
    }
}
