package org.ttm4j.data.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Lists of primitives, which hold the rows of a file without boxing. Those of longs grow without a copy. */
public final class Growable {
    private static final int LARGEST = Integer.MAX_VALUE - 8;
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private Growable() {}

    /** A list of longs. */
    public static final class Longs {
        private final List<long[]> chunks = new ArrayList<>();
        private long size;

        public void add(long item) {
            if (size == (long) chunks.size() * CHUNK) chunks.add(new long[CHUNK]);
            set(size++, item);
        }

        public void set(long index, long item) {
            chunks.get((int) (index >> CHUNK_BITS))[(int) (index & (CHUNK - 1))] = item;
        }

        public long get(long index) {
            return chunks.get((int) (index >> CHUNK_BITS))[(int) (index & (CHUNK - 1))];
        }

        public long size() {
            return size;
        }

        /** All items, in their order. */
        public LongStream stream() {
            return LongStream.range(0, size).map(this::get);
        }

        public boolean sameAs(Longs other) {
            return size == other.size && LongStream.range(0, size).allMatch(i -> get(i) == other.get(i));
        }
    }

    /** A list of ints, of which a file can have many. */
    public static final class Ints {
        private int[] items = new int[0];
        private int size;

        public void add(int item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, (int) Math.min(LARGEST, Math.max(4, size + (long) (size >> 1))));
            }
            items[size++] = item;
        }

        public int get(int index) {
            return items[index];
        }

        public int size() {
            return size;
        }
    }
}
