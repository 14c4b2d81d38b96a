package org.ttm4j.ttm.run;

/**
 * What a series can bear that is fed back to the model many times. Each pass repeats the errors of the one before, and some
 * hundred passes may let them explode. The first {@link #FREE_PASSES} are as the model makes them. Later ones stay within the
 * range of the context and those passes, widened by as much on either side and moved by their trend. This is linear: at long
 * horizons a trend rather flattens (Gardner and McKenzie 1985, doi:10.1287/mnsc.31.10.1237). Only where it is most of the
 * range and steepens, it may go on to steepen. Shifts and scales with the series.
 */
final class FeedbackBounds {
    static final int FREE_PASSES = 10;
    private static final double STEEPEST = 10;

    private double low;
    private double high;
    /** Steps of a third of what the bounds come from. */
    private double third;
    /** From one third to the next, at most; below and above 0. */
    private double fall;
    private double climb;
    /** Of the rise from third to third, 1 or more. */
    private double growth;

    /** Takes the bounds from the beginning of a series; NaN = missing. */
    void set(double[] series, int length) {
        low = Double.POSITIVE_INFINITY;
        high = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < length; t++) {
            if (series[t] < low) low = series[t];
            if (series[t] > high) high = series[t];
        }
        // It ends with forecasts, none of which is missing.
        double last = mean(series, 2 * length / 3, length, Double.NaN);
        double middle = mean(series, length / 3, 2 * length / 3, last);
        double first = mean(series, 0, length / 3, middle);
        third = length / 3.0;
        fall = Math.min(0, Math.min(middle - first, last - middle));
        climb = Math.max(0, Math.max(middle - first, last - middle));
        double ratio = (last - middle) / (middle - first);
        growth = ratio > 1 && Math.abs(last - first) > (high - low) / 2 ? Math.min(ratio, STEEPEST) : 1;
    }

    private static double mean(double[] series, int from, int to, double otherwise) {
        double sum = 0;
        int count = 0;
        for (int t = from; t < to; t++) {
            if (Double.isNaN(series[t])) continue;
            sum += series[t];
            count++;
        }
        return count == 0 ? otherwise : sum / count;
    }

    /** The value itself, or the nearest bound, so many steps behind what the bounds come from. */
    double held(double value, int steps) {
        double thirds = steps / third;
        // Squared, as the end of a steepening series is steeper than its last third; finite, as it is multiplied by 0 too.
        double rises = growth == 1
                ? thirds
                : Math.min(Double.MAX_VALUE, growth * growth * (Math.pow(growth, thirds) - 1) / (growth - 1));
        return Math.clamp(value, 2 * low - high + fall * rises, 2 * high - low + climb * rises);
    }
}
