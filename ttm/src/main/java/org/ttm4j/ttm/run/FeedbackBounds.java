package org.ttm4j.ttm.run;

/**
 * Bounds for a forecast that is fed back to the model many times. Each pass repeats the errors of the previous ones,
 * and over some hundred passes they may grow without limit. The first {@link #FREE_PASSES} passes are not bounded.
 * Later ones are clamped to the range of the context and these passes, widened by its own width on either side and
 * shifted by the trend. The trend is continued linearly, because at long horizons trends rather flatten (Gardner and
 * McKenzie 1985, doi:10.1287/mnsc.31.10.1237); only a steepening trend that makes up most of the range may continue to
 * steepen. The bounds are equivariant to shift and scale of the series.
 */
final class FeedbackBounds {
    static final int FREE_PASSES = 10;
    private static final double STEEPEST = 10;

    private double low;
    private double high;
    /** The number of steps in a third of the series that the bounds are computed from. */
    private double third;
    /** The largest fall (at most 0) and the largest climb (at least 0) from one third to the next. */
    private double fall;
    private double climb;
    /** The factor by which the rise grows from third to third, at least 1. */
    private double growth;

    /** Computes the bounds from the first {@code length} steps of a series; NaN = missing. */
    void set(double[] series, int length) {
        low = Double.POSITIVE_INFINITY;
        high = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < length; t++) {
            if (series[t] < low) low = series[t];
            if (series[t] > high) high = series[t];
        }
        // The last third has a value, because the series ends with forecasts.
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

    /** The value clamped to the bounds that apply the given number of steps after the end of that series. */
    double held(double value, int steps) {
        double thirds = steps / third;
        // growth is squared because the end of a steepening series is steeper than its last third. The result must be
        // finite, because it is multiplied by 0 if there is no trend.
        double rises = growth == 1
                ? thirds
                : Math.min(Double.MAX_VALUE, growth * growth * (Math.pow(growth, thirds) - 1) / (growth - 1));
        return Math.clamp(value, 2 * low - high + fall * rises, 2 * high - low + climb * rises);
    }
}
