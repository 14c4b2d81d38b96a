package org.ttm4j.engine.scalar;

import org.ttm4j.engine.shared.PerThread;

/**
 * The working memory of a thread, shared by all scalar kernels: rows and sums that grow to their largest use, so that a
 * warm call allocates nothing.
 */
final class Scratch {
    /** How long rows are made that could be shorter or longer: long for C2, short enough for the L1 cache. */
    static final int LENGTH = 512;

    /**
     * So many more than whole cache lines make an array, with its header, whole cache lines again; and where the length is
     * {@link #LENGTH}, no multiple of 4 KB: rows so far apart would share a few sets of the L1 cache (15 % of a forecast).
     */
    private static final int SPARE = 28;

    private static final PerThread<Scratch> LOCAL = new PerThread<>(Scratch::new);

    /** {@link #LENGTH} masks of bits. */
    final int[] masks = new int[LENGTH];

    float[][] sums = {};
    float[][] rows = {};
    private int length;

    private Scratch() {}

    /**
     * At least so many sums, and those behind that {@link ScaledRows#add} overwrites, and so many rows, each of at least
     * {@code length} floats.
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

    /** All anew, one behind the other: then vectors that are aligned in one array are so in most (10 % of a product). */
    private void grow(int sums, int rows, int length) {
        float[][] newSums = arrays(sums, length);
        float[][] newRows = arrays(rows, length);
        // Assigned only now: where memory runs out, what was there serves as before.
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
