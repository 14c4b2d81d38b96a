package org.ttm4j.data.corpus;

import java.util.Arrays;

/**
 * Absurd values: those further from the channel's median than 30 robust standard deviations.
 *
 * <p>The scale is the larger of two estimates that equal the standard deviation where values are normal: the
 * interquartile range / 1.349, and 1.2533 × the mean absolute deviation from the median. The first alone would call the
 * floods of a river and the rain of a desert absurd; the second follows rare but real events and still exposes wrong
 * values as long as they are fewer than one in 38.
 */
final class Outliers {
    static final double LIMIT = 30;

    private static final double QUARTILES_PER_SIGMA = 1.349;
    private static final double SIGMA_PER_DEVIATION = Math.sqrt(Math.PI / 2);

    private Outliers() {}

    /** Makes the absurd values of a channel NaN and returns how many there were. */
    static int remove(double[] values) {
        double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        if (sorted.length == 0) {
            return 0;
        }
        double median = quantile(sorted, 0.5);
        double deviation = 0;
        for (double value : sorted) {
            deviation += Math.abs(value - median);
        }
        double spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / QUARTILES_PER_SIGMA;
        double limit = LIMIT * Math.max(spread, SIGMA_PER_DEVIATION * deviation / sorted.length);
        int removed = 0;
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i] - median) > limit) {
                values[i] = Double.NaN;
                removed++;
            }
        }
        return removed;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) (share * (sorted.length - 1))];
    }
}
