package org.ttm4j.engine.scalar;

/**
 * The working memory of a thread, shared by all scalar kernels. Rows and sums grow to the largest size requested so
 * far, so that a warm call allocates nothing.
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
}
