package org.ttm4j.engine.scalar;

import java.util.Arrays;

/** A thread's rows and sums, which grow to their largest use, so that no call allocates. Shared by all scalar kernels. */
final class Scratch {
    /**
     * So many more than whole cache lines make an array, with its header, whole cache lines and no multiple of 4 KB: rows
     * so far apart would share a few sets of the L1 cache (15 % of a forecast).
     */
    private static final int SPARE = 28;

    private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

    float[][] sums = {};
    float[][] rows = {};
    private int length;

    private Scratch() {}

    /** At least so many sums, and those that {@link ScaledRows#add} overwrites, and so many rows, each of at least {@code length} floats. */
    static Scratch local(int sums, int rows, int length) {
        Scratch scratch = LOCAL.get();
        if (scratch.length < length) {
            scratch.sums = new float[0][];
            scratch.rows = new float[0][];
            scratch.length = length;
        }
        scratch.sums = atLeast(scratch.sums, sums + ScaledRows.SUMS - 1, scratch.length);
        scratch.rows = atLeast(scratch.rows, rows, scratch.length);
        return scratch;
    }

    private static float[][] atLeast(float[][] arrays, int count, int length) {
        if (arrays.length >= count) return arrays;
        float[][] more = Arrays.copyOf(arrays, count);
        for (int i = arrays.length; i < count; i++) more[i] = new float[(length + 15) / 16 * 16 + SPARE];
        return more;
    }
}
