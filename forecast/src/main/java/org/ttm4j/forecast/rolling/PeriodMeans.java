package org.ttm4j.forecast.rolling;

import java.util.Arrays;

/**
 * The mean period of a history from one origin after the other: sums by phase follow the history, so that an origin costs
 * its stride and not its history. Sums carry their rounding error (Knuth's two-sum), else a huge value would leave a trace
 * when it leaves the history. Not thread-safe.
 */
final class PeriodMeans {
    private final double[] series;
    private final double[] sums;
    private final double[] rests;
    private final int[] counts;
    /** The rows that the sums hold, whole periods. */
    private int from;
    private int to;

    PeriodMeans(double[] series, int period) {
        this.series = series;
        sums = new double[period];
        rests = new double[period];
        counts = new int[period];
    }

    /**
     * Fills the forecast with the mean of the last whole periods of rows {@code [first, origin)}, NaN where all of a
     * phase are missing. Neither bound is below that of the call before.
     */
    void forecast(double[] forecast, int first, int origin) {
        int period = sums.length;
        move(origin - (origin - first) / period * period, origin);
        for (int h = 0; h < Math.min(period, forecast.length); h++) {
            int phase = (origin + h) % period;
            forecast[h] = counts[phase] == 0 ? Double.NaN : (sums[phase] + rests[phase]) / counts[phase];
        }
        for (int h = period; h < forecast.length; h++) forecast[h] = forecast[h - period];
    }

    private void move(int first, int end) {
        if (first >= to) {
            Arrays.fill(sums, 0);
            Arrays.fill(rests, 0);
            Arrays.fill(counts, 0);
            from = first;
            to = first;
        }
        while (to < end) add(to++, 1);
        while (from < first) add(from++, -1);
        // Where the history begins at a fixed row, the first whole period begins now earlier, now later.
        while (from > first) add(--from, 1);
    }

    private void add(int row, int sign) {
        if (Double.isNaN(series[row])) return;
        int phase = row % sums.length;
        double value = sign * series[row];
        double sum = sums[phase] + value;
        double part = sum - sums[phase];
        rests[phase] += sums[phase] - (sum - part) + (value - part);
        sums[phase] = sum;
        counts[phase] += sign;
    }
}
