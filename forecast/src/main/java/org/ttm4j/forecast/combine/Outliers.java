package org.ttm4j.forecast.combine;

import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;

/**
 * Readings gone wrong, such as some in another unit: they lie farther beyond nearly all values of the history than five times
 * the range of these, and there is one, or at most three in a thousand, so that what returns every day or week is not among
 * them. There are none where three or more return at one distance, as every year, where the last value is one, as the level has
 * moved, and in intermittent demand, whose rare orders are what is to be forecast.
 */
public final class Outliers {
    /** The distance beyond nearly all values, over their range. */
    private static final double FAR = 5;
    /** Nearly all values are those without this share at each end. */
    private static final double TAIL = 0.02;
    private static final double MOST = 0.003;
    private static final int FEWEST = 12;
    /** The longest distance between values that return, over the shortest: Fridays of a year are 52 or 53 weeks apart. */
    private static final double SAME = 1.05;

    private Outliers() {}

    /** The steps of such values in a history; NaN = missing. */
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
        IntSummaryStatistics distances = IntStream.range(1, found.length)
                .map(i -> found[i] - found[i - 1])
                .summaryStatistics();
        boolean returns = found.length > 2 && distances.getMin() > 1 && distances.getMax() <= SAME * distances.getMin();
        boolean isUsual = returns || found.length == 0 || far == 0 || found.length > Math.max(1, MOST * n)
                || found[found.length - 1] == observed[n - 1];
        return isUsual ? new int[0] : found;
    }
}
