package org.ttm4j.cli.plot;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Chooses fewer steps for the same picture: the lowest, the highest and one missing value of every bucket of steps. */
final class Thinned {
    private Thinned() {}

    /** The indices in {@code [first, end)} to draw, ascending: all of them when they are at most {@code most}. */
    static int[] indices(Panel panel, int first, int end, int most) {
        int count = end - first;
        if (count <= most) return IntStream.range(first, end).toArray();
        int buckets = most / 2;
        int[] kept = new int[3 * buckets];
        int size = 0;
        for (int b = 0; b < buckets; b++) {
            int from = first + (int) ((long) count * b / buckets);
            int to = first + (int) ((long) count * (b + 1) / buckets);
            int low = -1;
            int high = -1;
            int missing = -1;
            for (int i = from; i < to; i++) {
                float value = panel.value(i);
                if (Float.isNaN(value)) missing = i;
                else {
                    if (low < 0 || value < panel.value(low)) low = i;
                    if (high < 0 || value > panel.value(high)) high = i;
                }
            }
            if (low >= 0) kept[size++] = low;
            if (high >= 0 && high != low) kept[size++] = high;
            if (missing >= 0) kept[size++] = missing;
        }
        int[] indices = Arrays.copyOf(kept, size);
        Arrays.sort(indices);
        return indices;
    }
}
