package org.ttm4j.cli.plot;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Chooses fewer steps for the same picture: the first, the last, and the lowest, the highest and one missing value of every
 * bucket of steps.
 */
public final class Thinned {
    private Thinned() {}

    /** The values at indices. */
    public static double[] at(int[] indices, IntToDoubleFunction values) {
        return Arrays.stream(indices).mapToDouble(values).toArray();
    }

    /** The indices in {@code [first, end)} to draw, ascending: all of them when they are at most {@code most}. */
    public static int[] indices(IntToDoubleFunction values, int first, int end, int most) {
        int count = end - first;
        if (count <= most) return IntStream.range(first, end).toArray();
        int buckets = most / 2;
        int[] kept = new int[2 + 3 * buckets];
        kept[0] = first;
        kept[1] = end - 1;
        int size = 2;
        for (int b = 0; b < buckets; b++) {
            int from = first + (int) ((long) count * b / buckets);
            int to = first + (int) ((long) count * (b + 1) / buckets);
            int low = -1;
            int high = -1;
            int missing = -1;
            for (int i = from; i < to; i++) {
                double value = values.applyAsDouble(i);
                if (Double.isNaN(value)) missing = i;
                else {
                    if (low < 0 || value < values.applyAsDouble(low)) low = i;
                    if (high < 0 || value > values.applyAsDouble(high)) high = i;
                }
            }
            if (low >= 0) kept[size++] = low;
            if (high >= 0 && high != low) kept[size++] = high;
            if (missing >= 0) kept[size++] = missing;
        }
        return Arrays.stream(kept, 0, size).sorted().distinct().toArray();
    }
}
