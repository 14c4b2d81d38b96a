package org.ttm4j.forecast.interval;

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

    /** What so many scores weigh together. */
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
