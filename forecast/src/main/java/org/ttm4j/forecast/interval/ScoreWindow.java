package org.ttm4j.forecast.interval;

import java.util.Arrays;

/**
 * The most recent scores of one channel and step, in order of arrival and in order of size. An addition costs a binary
 * search and a block move; memory is 12 bytes a score, taken as scores arrive. Not thread-safe.
 */
final class ScoreWindow {
    private static final int FIRST = 16;

    private final int capacity;
    /** The scores in a ring buffer. */
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

    /** A float as an integer of the same order, for which all bits of a negative one but the sign are inverted. */
    private static long key(float score, int slot) {
        int bits = Float.floatToIntBits(score);
        return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | slot;
    }

    /**
     * Which of the sorted scores is the quantile of a level. Beside the scores stands the next one, of weight 1 and at the
     * far end: the upper quantile is the first score up to which level · (weight of the scores + 1) is reached, the lower one
     * the same counted from above.
     *
     * @param halfLife the scores by which a weight halves; infinite = all weigh 1
     */
    record Ranks(double halfLife) {
        /** Keeps ⌈10 · 0.9⌉ from becoming 10 in floating-point arithmetic. */
        private static final double ROUNDING = 1e-9;

        /** The least n ≥ 1 / min(level, 1 − level) − 1. */
        static int needed(double level) {
            return (int) Math.ceil(1 / Math.min(level, 1 - level) - 1 - ROUNDING);
        }

        /** Whether scores of this total weight have a quantile of a level. */
        static boolean enough(double level, double total) {
            return (total + 1) * Math.min(level, 1 - level) >= 1 - ROUNDING;
        }

        boolean weighted() {
            return halfLife != Double.POSITIVE_INFINITY;
        }

        /** The total weight of so many scores. */
        double total(int count) {
            if (!weighted()) return count;
            double decay = Math.log(2) / halfLife;
            return Math.expm1(-count * decay) / Math.expm1(-decay);
        }

        /** The weight of the scores up to each rank; null where all weigh 1. */
        double[] cumulative(ScoreWindow scores) {
            if (!weighted()) return null;
            double[] cumulative = new double[scores.count()];
            double sum = 0;
            for (int rank = 0; rank < cumulative.length; rank++) {
                sum += Math.pow(2, -scores.age(rank) / halfLife);
                cumulative[rank] = sum;
            }
            return cumulative;
        }

        /**
         * The rank, from 0; the first or last where a corrected level has none.
         *
         * @param level the level, corrected
         * @param lower whether it is counted from above
         * @param count of scores, at least 1
         * @param cumulative their weights as {@link #cumulative} returns them
         */
        int rank(double level, boolean lower, int count, double[] cumulative) {
            if (cumulative == null) {
                double position = (count + 1) * level;
                double rank = lower ? Math.floor(position + ROUNDING) : Math.ceil(position - ROUNDING);
                return (int) Math.clamp(rank, 1, count) - 1;
            }
            double position = (cumulative[count - 1] + 1) * level;
            double least = lower ? position - 1 + 2 * ROUNDING : position - ROUNDING;
            int rank = 0;
            while (rank < count - 1 && cumulative[rank] < least) rank++;
            return rank;
        }
    }
}
