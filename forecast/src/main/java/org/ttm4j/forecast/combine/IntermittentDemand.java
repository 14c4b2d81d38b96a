package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;

/**
 * Demand that is 0 most of the time: the probability of a demand and its size are smoothed apart, p and z, and the
 * forecast is p · z. Source: Teunter, Syntetos and Babai 2011 (TSB).
 */
record IntermittentDemand(String name) implements Member {
    private static final double ALPHA = 0.1;
    /** The least share of zeros that makes demand intermittent. */
    private static final double ZEROS = 0.3;

    /** Whether nothing in a history is negative, and much of it, but not all, is 0. */
    static boolean is(double[] history) {
        int observed = 0;
        int zeros = 0;
        for (double value : history) {
            if (value < 0) return false;
            if (value == 0) zeros++;
            if (!Double.isNaN(value)) observed++;
        }
        return zeros < observed && zeros >= ZEROS * observed;
    }

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (!is(history)) return Optional.empty();
        double[] observed = Arrays.stream(history).filter(value -> !Double.isNaN(value)).toArray();
        double[] demands = Arrays.stream(observed).filter(value -> value > 0).toArray();
        double probability = (double) demands.length / observed.length;
        double size = Weights.mean(demands);
        for (double value : observed) {
            probability += ALPHA * ((value > 0 ? 1 : 0) - probability);
            if (value > 0) size += ALPHA * (value - size);
        }
        double demand = probability * size;
        return Attempt.of(horizon, h -> demand);
    }
}
