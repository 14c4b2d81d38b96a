package org.ttm4j.eval.plot;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Chooses fewer points for the same picture: the first, the last, and the lowest, the highest and one missing value of every
 * bucket of points.
 */
final class Thinned {
    private Thinned() {}

    /** The indices of the values to draw, ascending: all of them when they are at most {@code most}. */
    static int[] indices(double[] values, int most) {
        if (values.length <= most) return IntStream.range(0, values.length).toArray();
        int buckets = most / 2;
        int[] kept = new int[2 + 3 * buckets];
        kept[1] = values.length - 1;
        int size = 2;
        for (int b = 0; b < buckets; b++) {
            int to = (int) ((long) values.length * (b + 1) / buckets);
            int low = -1;
            int high = -1;
            int missing = -1;
            for (int i = (int) ((long) values.length * b / buckets); i < to; i++) {
                if (Double.isNaN(values[i])) missing = i;
                else {
                    if (low < 0 || values[i] < values[low]) low = i;
                    if (high < 0 || values[i] > values[high]) high = i;
                }
            }
            for (int index : new int[]{low, high, missing}) if (index >= 0) kept[size++] = index;
        }
        return Arrays.stream(kept, 0, size).sorted().distinct().toArray();
    }
}
