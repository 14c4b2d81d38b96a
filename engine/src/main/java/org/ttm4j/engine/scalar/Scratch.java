package org.ttm4j.engine.scalar;

/**
 * The working memory of a thread, shared by all scalar kernels. Rows and sums grow to the largest size requested so
 * far, so that a warm call allocates nothing.
 *
 * <p>Several n × d blocks are copied to n long rows, and back: long row i holds row i of all blocks, one after the other,
 * in an array of its own. Loops over the rows of a single block would be short: a left gate took twice as long.
 */
final class Scratch {
    /** The preferred length of a row if a kernel can choose it: long for C2, short enough for the L1 cache. */
    static final int LENGTH = 512;

    /**
     * Additional elements of each array. With them an array, including its header, fills whole cache lines. An array of
     * {@link #LENGTH} floats then also does not occupy a multiple of 4 KB: rows at such distances would compete for a
     * few sets of the L1 cache (15 % of the time of a forecast).
     */
    private static final int SPARE = 28;

    private static final PerThread<Scratch> LOCAL = new PerThread<>(Scratch::new);

    /** {@link #LENGTH} bit masks, for dropout. */
    final int[] masks = new int[LENGTH];

    float[][] sums = {};
    float[][] rows = {};
    private int length;

    private Scratch() {}

    /**
     * The thread's memory, with at least the given numbers of sums and rows, each of at least {@code length} floats,
     * and room for the additional sums that {@link ScaledRows#add} overwrites.
     */
    static Scratch local(int sums, int rows, int length) {
        Scratch scratch = LOCAL.get();
        int allSums = sums + ScaledRows.SUMS - 1;
        if (scratch.sums.length < allSums || scratch.rows.length < rows || scratch.length < length) {
            scratch.grow(Math.max(scratch.sums.length, allSums), Math.max(scratch.rows.length, rows),
                    Math.max(scratch.length, length));
        }
        return scratch;
    }

    /** Allocates all arrays in a row, so that most have the same alignment (10 % of the time of a product). */
    private void grow(int sums, int rows, int length) {
        float[][] newSums = arrays(sums, length);
        float[][] newRows = arrays(rows, length);
        // Assigned only after all allocations, so that the old arrays stay valid if memory runs out.
        this.sums = newSums;
        this.rows = newRows;
        this.length = length;
    }

    private static float[][] arrays(int count, int length) {
        float[][] arrays = new float[count][];
        for (int i = 0; i < count; i++) arrays[i] = new float[(length + 15) / 16 * 16 + SPARE];
        return arrays;
    }

    /** How many blocks, or rows, of d values are computed together: their rows make a long row. */
    static int group(int blocks, int d) {
        return Math.max(1, Math.min(blocks, LENGTH / Math.max(1, d)));
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
