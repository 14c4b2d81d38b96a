package org.ttm4j.forecast.combine;

import java.util.Arrays;
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
    /** The fewest repetitions of a stuck reading, and how many times as many they are as those of any other value. */
    private static final int REPEATED = 8;
    private static final int TIMES_AS_OFTEN = 4;
    /** The largest share of other values that equal the one before. */
    private static final double EQUAL = 0.05;

    private Outliers() {}

    private static int[] observed(double[] history) {
        return IntStream.range(0, history.length).filter(t -> !Double.isNaN(history[t])).toArray();
    }

    /** The steps of such values in a history; NaN = missing. */
    public static int[] of(double[] history) {
        int[] observed = observed(history);
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

    /**
     * The steps at which a sensor or a meter was stuck, or gave zeros: one value is repeated in a row, at least eight times
     * and four times as often as any other, where hardly any others are repeated. None where the history begins or ends with
     * it, or consists of it by more than a third.
     *
     * @param history NaN = missing
     */
    public static int[] stuck(double[] history) {
        int[] observed = observed(history);
        int n = observed.length;
        int longest = 0;
        int second = 0;
        int end = 0;
        int equal = 0;
        for (int i = 1, run = 1; i <= n; i++) {
            if (i < n && history[observed[i]] == history[observed[i - 1]]) {
                run++;
                equal++;
                continue;
            }
            second = Math.max(second, Math.min(run, longest));
            if (run > longest) {
                longest = run;
                end = i;
            }
            run = 1;
        }
        boolean isStuck = longest >= Math.max(REPEATED, TIMES_AS_OFTEN * second) && 3 * longest <= n
                && equal - (longest - 1) <= EQUAL * (n - longest) && end > longest && end < n;
        return isStuck ? Arrays.copyOfRange(observed, end - longest, end) : new int[0];
    }
}
