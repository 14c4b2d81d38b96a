package org.ttm4j.data.csv;

import java.util.Arrays;

/** Lists of primitives, which hold the rows of a file without boxing. */
final class Growable {
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private Growable() {}

    private static int grown(int length) {
        return (int) Math.min(LARGEST, Math.max(16, length + (long) (length >> 1)));
    }

    /** A list of longs. */
    static final class Longs {
        private long[] items = new long[0];
        private int size;

        void add(long item) {
            if (size == items.length) items = Arrays.copyOf(items, grown(size));
            items[size++] = item;
        }

        long get(int index) {
            return items[index];
        }

        int size() {
            return size;
        }

        boolean sameAs(Longs other) {
            return Arrays.equals(items, 0, size, other.items, 0, other.size);
        }
    }

    /** A list of ints. */
    static final class Ints {
        private int[] items = new int[0];
        private int size;

        void add(int item) {
            if (size == items.length) items = Arrays.copyOf(items, grown(size));
            items[size++] = item;
        }

        int get(int index) {
            return items[index];
        }

        int size() {
            return size;
        }
    }

    /** A list of floats. */
    static final class Floats {
        private float[] items = new float[0];
        private int size;

        void add(float item) {
            if (size == items.length) items = Arrays.copyOf(items, grown(size));
            items[size++] = item;
        }

        float get(int index) {
            return items[index];
        }
    }
}
