package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;

/**
 * Simple exponential smoothing of the deseasonalised history, l[t] = l[t − 1] + α (y[t] − l[t − 1]), with the α of the
 * least absolute one-step error, a share of the recent trend, and the seasonal profile. The level lags a trend, after many
 * values by (1 − α) / α steps, and that share of the trend over these steps is added. With half the trend it is the Theta
 * method. Source: Assimakopoulos and Nikolopoulos 2000; Hyndman and Billah 2003.
 *
 * @param season steps of a season; 1 for none
 * @param trendShare how much of the slope counts, 0 to 1
 */
record ExponentialSmoothing(String name, int season, double trendShare) implements Member {
    private static final double[] ALPHAS = {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9};
    /** The recent past that level and trend are taken from. */
    private static final int RECENT_STEPS = 40;
    private static final int RECENT_SEASONS = 4;

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < 3) return Optional.empty();
        double[] values = parts.deseasonalised();
        double[] recent = recent(values, season, horizon);
        Level level = level(recent);
        if (Double.isNaN(level.value)) return Optional.empty();
        double slope = trendShare * Line.through(recent).slope();
        return Attempt.of(horizon, h -> level.value + slope * (h + 1 + level.lag) + parts.season(h));
    }

    /** The recent past that level and trend are taken from. */
    static double[] recent(double[] values, int season, int horizon) {
        int steps = Math.max(2 * horizon, Math.max(RECENT_STEPS, RECENT_SEASONS * season));
        return Arrays.copyOfRange(values, Math.max(0, values.length - steps), values.length);
    }

    /**
     * The level at the end of a history.
     *
     * @param value NaN where nothing is observed
     * @param lag steps by which it lies behind a trend
     */
    private record Level(double value, double lag) {}

    private static Level level(double[] values) {
        Level best = new Level(Double.NaN, 0);
        double leastError = Double.POSITIVE_INFINITY;
        for (double alpha : ALPHAS) {
            double level = Double.NaN;
            double error = 0;
            double lag = 0;
            for (double value : values) {
                if (Double.isNaN(level)) {
                    level = value;
                    continue;
                }
                lag++;
                if (Double.isNaN(value)) continue;
                error += Math.abs(value - level);
                level += alpha * (value - level);
                lag *= 1 - alpha;
            }
            if (Double.isNaN(level) || error >= leastError) continue;
            leastError = error;
            best = new Level(level, lag);
        }
        return best;
    }
}
