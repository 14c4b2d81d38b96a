package org.ttm4j.engine.scalar;

import java.util.Arrays;

/** A thread's rows and sums, which grow to their largest use, so that no call allocates. Shared by all scalar kernels. */
final class Scratch {
    private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

    float[][] sums = {};
    float[][] rows = {};
    private int length;

    private Scratch() {}

    /** At least so many sums and one more, and so many rows, each of at least {@code length} floats. */
    static Scratch local(int sums, int rows, int length) {
        Scratch scratch = LOCAL.get();
        if (scratch.length < length) {
            scratch.sums = new float[0][];
            scratch.rows = new float[0][];
            scratch.length = length;
        }
        scratch.sums = atLeast(scratch.sums, sums + 1, scratch.length);
        scratch.rows = atLeast(scratch.rows, rows, scratch.length);
        return scratch;
    }

    private static float[][] atLeast(float[][] arrays, int count, int length) {
        if (arrays.length >= count) return arrays;
        float[][] more = Arrays.copyOf(arrays, count);
        for (int i = arrays.length; i < count; i++) more[i] = new float[length];
        return more;
    }
}
