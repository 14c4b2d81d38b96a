package org.ttm4j.forecast.interval;

import java.util.Arrays;
import java.util.Optional;

/** The quantiles that intervals give a forecast after a history whose channels vary by these scales. */
public record CalibratedQuantiles(ConformalIntervals intervals, float[] scales) {
    /**
     * The quantiles of a forecast; empty where it has other channels or more steps, or the errors are too few.
     *
     * @param forecast channels × steps
     * @param levels strictly ascending; none for those of the intervals
     * @throws IllegalArgumentException where there can never be quantiles of a level
     */
    public Optional<Quantiles> quantiles(double[][] forecast, double... levels) {
        if (!intervals.covers(forecast.length, forecast[0].length)) return Optional.empty();
        return having(levels).quantilesIfEnough(forecast, scales).map(of -> only(levels, of));
    }

    /** Intervals that have these levels, maybe among others. */
    private ConformalIntervals having(double[] wanted) {
        double[] levels = intervals.levels();
        if (Arrays.stream(wanted).allMatch(level -> Arrays.binarySearch(levels, level) >= 0)) return intervals;
        try {
            return intervals.withLevels(wanted);
        } catch (IllegalArgumentException neverEnough) {
            throw new IllegalArgumentException("quantiles: " + neverEnough.getMessage(), neverEnough);
        }
    }

    /** The quantiles of these levels; all of them for none. */
    private static Quantiles only(double[] wanted, Quantiles of) {
        if (wanted.length == 0) return of;
        double[][][] values = new double[wanted.length][][];
        for (int i = 0; i < wanted.length; i++) values[i] = of.doublesAt(wanted[i]);
        return new Quantiles(wanted, values, of.windows());
    }
}
