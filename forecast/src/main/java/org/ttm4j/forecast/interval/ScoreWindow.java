package org.ttm4j.forecast.interval;

import java.util.Arrays;

/**
 * The most recent scores of one channel and step, in order of arrival and in order of size. An addition costs a binary
 * search and a block move; memory is 12 bytes a score, taken as scores arrive. Not thread-safe.
 */
final class ScoreWindow {
    private static final int FIRST = 16;

    private final int capacity;
    /** By slot; slots are filled round and round. */
    private float[] ring = {};
    /** Ascending; the upper half orders as the score does, the lower half is its slot, which makes keys unique. */
    private long[] sorted = {};
    private int count;
    private int next;

    ScoreWindow(int capacity) {
        this.capacity = capacity;
    }

    int count() {
        return count;
    }

    /** Adds a score, which is not NaN; the oldest gives way when the memory is full. */
    void add(float score) {
        if (next == ring.length && ring.length < capacity) {
            int length = Math.min(capacity, Math.max(FIRST, 2 * ring.length));
            ring = Arrays.copyOf(ring, length);
            sorted = Arrays.copyOf(sorted, length);
        } else if (next == ring.length) {
            next = 0;
        }
        if (count > next) remove(next);
        ring[next] = score;
        long key = key(score, next);
        int at = -1 - Arrays.binarySearch(sorted, 0, count, key);
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = key;
        count++;
        next++;
    }

    private void remove(int slot) {
        int at = Arrays.binarySearch(sorted, 0, count, key(ring[slot], slot));
        System.arraycopy(sorted, at + 1, sorted, at, count - at - 1);
        count--;
    }

    /** The score of a rank, 0 = smallest. */
    float ranked(int rank) {
        return ring[(int) sorted[rank]];
    }

    /** How many scores arrived after the one of a rank. */
    int age(int rank) {
        int age = next - 1 - (int) sorted[rank];
        return age < 0 ? age + count : age;
    }

    /** All scores, oldest first. */
    float[] inOrder() {
        float[] scores = new float[count];
        int oldest = next < count ? next : 0;
        for (int i = 0; i < count; i++) scores[i] = ring[(oldest + i) % count];
        return scores;
    }

    /** Floats as integers of the same order: negative ones have all bits but the sign turned. */
    private static long key(float score, int slot) {
        int bits = Float.floatToIntBits(score);
        return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | slot;
    }
}
