package org.ttm4j.forecast.combine;

import java.util.Optional;

/**
 * The mean of the last few seasons, phase by phase.
 *
 * @param season steps of a season
 * @param cycles how many seasons at most, and at least
 */
record SeasonalMean(String name, int season, int cycles, int leastCycles) implements Member {
    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < leastCycles * season) return Optional.empty();
        return Attempt.of(horizon, h -> {
            double mean = of(history, history.length, season, cycles, h % season);
            return Double.isNaN(mean) ? SeasonalNaive.lastObserved(history) : mean;
        });
    }

    /**
     * The mean of a phase, 0 being that of the step after the first {@code end} steps; NaN where none of its values is
     * observed.
     */
    static double of(double[] history, int end, int season, int cycles, int phase) {
        double sum = 0;
        int count = 0;
        for (int k = 1; k <= cycles; k++) {
            int t = end + phase - k * season;
            if (t < 0) break;
            if (Double.isNaN(history[t])) continue;
            sum += history[t];
            count++;
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}
