package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Whether the last value of a history belongs to it: a day that is not over, or a reading gone wrong, would be repeated in
 * every season of the forecast. A value counts as odd where it lies at least twice as far from the values before it in its
 * season as any other did, or six times where such distances lasted: a level that moved stays moved. The distance of y[t] is
 * y[t] − median(y[t − m], …, y[t − 5m]) in a season of m steps, less the mean of all distances.
 */
public final class LastValue {
    private static final double AS_FAR = 2;
    private static final double AS_FAR_WHERE_DISTANCES_LAST = 6;
    /** The autocorrelation from one step to the next from which on distances last. */
    private static final double LASTING = 0.4;
    /** Values of the season before one that it is compared with the median of. */
    private static final int BEFORE = 5;
    private static final int FEWEST = 12;
    /** A distance counts as no smaller than this share of the largest value. */
    private static final double ROUNDING = 1e-6;
    private static final int MOST = 512;

    private LastValue() {}

    /**
     * How many times as far the last value lies from those before it as any other of the last 512; empty where it is not odd.
     *
     * @param season in steps; 1 for none
     */
    public static OptionalDouble odd(double[] history, int season) {
        int last = history.length - 1;
        double[] distances = IntStream.rangeClosed(Math.max(season, last - MOST), last)
                .mapToDouble(t -> history[t] - before(history, t, season))
                .toArray();
        long some = Arrays.stream(distances).filter(distance -> Math.abs(distance) > 0).count();
        if (some < FEWEST || 2 * some < distances.length) return OptionalDouble.empty();
        // The mean distance, which is positive for a series that grows.
        double mean = Weights.mean(Arrays.copyOf(distances, distances.length - 1));
        double most = 0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < distances.length; i++) distances[i] -= mean;
        for (int i = 0; i < distances.length - 1; i++) {
            if (Double.isNaN(distances[i])) continue;
            most = Math.max(most, Math.abs(distances[i]));
            squares += distances[i] * distances[i];
            if (i > 0 && !Double.isNaN(distances[i - 1])) products += distances[i] * distances[i - 1];
        }
        // On an exact line all other distances are 0, except for rounding.
        double largest = Arrays.stream(history).map(Math::abs).filter(value -> value >= 0).max().orElse(0);
        double times = Math.abs(distances[distances.length - 1]) / Math.max(most, ROUNDING * largest);
        double odd = products < LASTING * squares ? AS_FAR : AS_FAR_WHERE_DISTANCES_LAST;
        return times >= odd ? OptionalDouble.of(times) : OptionalDouble.empty();
    }

    /** The median of the values before one in its season; NaN without any. */
    private static double before(double[] history, int t, int season) {
        double[] values = IntStream.rangeClosed(1, Math.min(BEFORE, t / season))
                .mapToDouble(cycle -> history[t - cycle * season])
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return values.length == 0 ? Double.NaN : values[values.length / 2];
    }
}
