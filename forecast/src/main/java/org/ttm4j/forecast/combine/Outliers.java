package org.ttm4j.forecast.combine;

import java.util.stream.IntStream;

/**
 * Single values that are readings gone wrong, such as one in another unit: each lies farther beyond nearly all values of its
 * history than five times the range of these, and there are at most three of them in a thousand, so that what returns every day
 * or week is none. Where the last value is so far, the level has moved and there are none, and neither in intermittent demand,
 * whose rare orders are what is to be forecast.
 */
public final class Outliers {
    /** The distance beyond nearly all values, over their range. */
    private static final double FAR = 5;
    /** The share of the values at each end that nearly all are without. */
    private static final double TAIL = 0.02;
    private static final double MOST = 0.003;
    private static final int FEWEST = 12;

    private Outliers() {}

    /** The steps of such values in a history, in which NaN is missing. */
    public static int[] of(double[] history) {
        int[] observed = IntStream.range(0, history.length).filter(t -> !Double.isNaN(history[t])).toArray();
        int n = observed.length;
        if (n < FEWEST || IntermittentDemand.is(history)) return new int[0];
        double[] sorted = IntStream.of(observed).mapToDouble(t -> history[t]).sorted().toArray();
        int tail = (int) Math.ceil(TAIL * n);
        double low = sorted[tail];
        double high = sorted[n - 1 - tail];
        double far = FAR * (high - low);
        int[] found = IntStream.of(observed).filter(t -> history[t] > high + far || history[t] < low - far).toArray();
        boolean isUsual = found.length == 0 || far == 0 || found.length > Math.max(1, MOST * n)
                || found[found.length - 1] == observed[n - 1];
        return isUsual ? new int[0] : found;
    }
}
