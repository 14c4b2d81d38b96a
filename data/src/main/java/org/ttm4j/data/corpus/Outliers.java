package org.ttm4j.data.corpus;

import java.util.Arrays;

/**
 * Finds outliers: values that are further from the median of the channel than 30 robust standard deviations.
 *
 * <p>The robust standard deviation is the largest of three estimates, each of which equals the standard deviation for
 * normally distributed values: the interquartile range / 1.349, the range from 1 % to 99 % / 4.653, and 1.2533 × the
 * mean absolute deviation from the median. By the first alone, every event of a channel that mostly rests, such as
 * rain, would be an outlier. The other two include rare but real events, and still expose wrong values that are fewer
 * than one in a hundred.
 */
final class Outliers {
    static final double LIMIT = 30;

    private static final double QUARTILES_PER_SIGMA = 1.349;
    private static final double PERCENTILES_PER_SIGMA = 4.653;
    private static final double SIGMA_PER_DEVIATION = Math.sqrt(Math.PI / 2);

    private Outliers() {}

    /** Makes the outliers of a channel NaN, and returns their number. */
    static int remove(double[] values) {
        double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        if (sorted.length == 0) return 0;
        double median = quantile(sorted, 0.5);
        double limit = limit(sorted, median);
        int removed = 0;
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i] - median) > limit) {
                values[i] = Double.NaN;
                removed++;
            }
        }
        return removed;
    }

    /** The distance from the median beyond which a value is an outlier. */
    private static double limit(double[] sorted, double median) {
        double quartiles = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / QUARTILES_PER_SIGMA;
        double percentiles = (quantile(sorted, 0.99) - quantile(sorted, 0.01)) / PERCENTILES_PER_SIGMA;
        double limit = Double.POSITIVE_INFINITY;
        int within = Integer.MAX_VALUE;
        int before;
        // One enormous value can raise the mean deviation enough to hide others: repeat without it.
        do {
            before = within;
            double sum = 0;
            within = 0;
            for (double value : sorted) {
                double deviation = Math.abs(value - median);
                if (deviation <= limit) {
                    sum += deviation;
                    within++;
                }
            }
            limit = LIMIT * Math.max(SIGMA_PER_DEVIATION * sum / within, Math.max(quartiles, percentiles));
        } while (within < before);
        return limit;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) (share * (sorted.length - 1))];
    }
}
