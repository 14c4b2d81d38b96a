package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;

/**
 * Exponential smoothing of level and trend of the deseasonalised history, l[t] = α y[t] + (1 − α) (l[t − 1] + φ b[t − 1]),
 * b[t] = β (l[t] − l[t − 1]) + (1 − β) φ b[t − 1], and the seasonal profile; with the α, β and φ of the least absolute
 * one-step error. Source: Gardner and McKenzie 1985.
 *
 * @param season steps of a season; 1 for none
 * @param damped whether the trend fades, by φ below 1
 */
record LocalTrend(String name, int season, boolean damped) implements Member {
    private static final double[] ALPHAS = {0.1, 0.2, 0.4, 0.6, 0.8, 0.95};
    private static final double[] BETAS = {0.02, 0.05, 0.1, 0.2, 0.4};
    private static final double[] UNDAMPED = {1};
    private static final double[] DAMPED = {0.8, 0.9, 0.95, 0.98};
    private static final int FEWEST = 5;

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        // A part of a season looks like a trend.
        if (!parts.knows(season)) return Optional.empty();
        double[] values = Arrays.stream(ExponentialSmoothing.recent(parts.deseasonalised(), season, horizon))
                .dropWhile(Double::isNaN)
                .toArray();
        if (Combination.observed(values) < FEWEST) return Optional.empty();
        Line first = Line.through(Arrays.copyOf(values, Math.max(FEWEST, values.length / 4)));
        double[] best = null;
        for (double alpha : ALPHAS) {
            for (double beta : BETAS) {
                for (double phi : damped ? DAMPED : UNDAMPED) {
                    best = better(best, values, first, alpha, beta, phi);
                }
            }
        }
        double[] forecast = new double[horizon];
        double level = best[1];
        double trend = best[2];
        for (int h = 0; h < horizon; h++) {
            trend *= best[3];
            level += trend;
            forecast[h] = level + parts.season(h);
        }
        return Attempt.of(forecast);
    }

    /**
     * Absolute one-step error, last level, last trend and φ of these parameters, or of the best before where that has the smaller
     * error, which most parameters exceed after a few values.
     *
     * @param best null for none
     */
    private static double[] better(double[] best, double[] values, Line first, double alpha, double beta, double phi) {
        double least = best == null ? Double.POSITIVE_INFINITY : best[0];
        double level = first.level() - first.slope();
        double trend = first.slope();
        double error = 0;
        for (double value : values) {
            double expected = level + phi * trend;
            trend *= phi;
            level = expected;
            if (Double.isNaN(value)) continue;
            error += Math.abs(value - expected);
            if (error > least) return best;
            level += alpha * (value - expected);
            trend += alpha * beta * (value - expected);
        }
        return best == null || error < least ? new double[]{error, level, trend, phi} : best;
    }
}
