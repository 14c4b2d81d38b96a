package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;
import org.ttm4j.ttm.series.Gaps;

/**
 * An autoregression of the recent history less its season, around its mean: what lies above the mean comes back at the
 * pace that the series has shown, or swings through. The coefficients are those of Burg's method, by which no forecast runs
 * away; their number, up to eight, has the least AICc. Not for series without a season, which rather grow. Source: Burg
 * 1975; Hurvich and Tsai 1989.
 *
 * @param season steps of the season
 */
record Autoregression(String name, int season) implements Member {
    private static final int FEWEST = 20;
    /** With only two seasons, the deviations from their mean would be equal with opposite signs. */
    private static final int LEAST_SEASONS = 3;
    private static final int MOST_COEFFICIENTS = 8;

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < LEAST_SEASONS * season) return Optional.empty();
        TrendAndSeason own = parts.knows(season) ? parts : TrendAndSeason.of(history, season);
        double[] recent = Member.recent(own.deseasonalised());
        if (Combination.observed(recent) < FEWEST) return Optional.empty();
        double mean = Weights.mean(recent);
        double[] forecast = ahead(Arrays.stream(recent).map(value -> value - mean).toArray(), horizon);
        return Attempt.of(horizon, h -> mean + forecast[h] + own.season(h));
    }

    /** What comes after values around 0, of which some are observed; NaN = missing. */
    static double[] ahead(double[] history, int horizon) {
        int begin = Gaps.atBeginning(history);
        double[] values = Gaps.filled(Arrays.copyOfRange(history, begin, history.length), history.length - begin);
        double[] coefficients = coefficients(values);
        double[] forecast = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            for (int lag = 1; lag <= coefficients.length; lag++) {
                forecast[h] += coefficients[lag - 1] * (lag <= h ? forecast[h - lag] : values[values.length + h - lag]);
            }
        }
        return forecast;
    }

    /** The coefficients of the last values, the newest first; empty if no order is better than the mean. */
    private static double[] coefficients(double[] values) {
        int n = values.length;
        double variance = Arrays.stream(values).map(value -> value * value).sum() / n;
        double[] best = {};
        double least = n * Math.log(variance) + penalty(n, 0);
        double[] forward = values.clone();
        double[] backward = values.clone();
        double[] all = {};
        for (int order = 1; order <= Math.min(MOST_COEFFICIENTS, n / 4) && variance > 0; order++) {
            double product = 0;
            double squares = 0;
            for (int t = order; t < n; t++) {
                product += forward[t] * backward[t - 1];
                squares += forward[t] * forward[t] + backward[t - 1] * backward[t - 1];
            }
            if (!(squares > 0)) break;
            double reflection = 2 * product / squares;
            double[] shorter = all;
            all = Arrays.copyOf(all, order);
            for (int i = 0; i < order - 1; i++) all[i] -= reflection * shorter[order - 2 - i];
            all[order - 1] = reflection;
            variance *= 1 - reflection * reflection;
            for (int t = n - 1; t >= order; t--) {
                double ahead = forward[t];
                forward[t] = ahead - reflection * backward[t - 1];
                backward[t] = backward[t - 1] - reflection * ahead;
            }
            double cost = n * Math.log(variance) + penalty(n, order);
            if (!(cost < least)) continue;
            least = cost;
            best = all;
        }
        return best;
    }

    /** What the criterion adds for so many coefficients beside the mean. */
    private static double penalty(int n, int coefficients) {
        return 2.0 * (coefficients + 1) * n / Math.max(1, n - coefficients - 2);
    }
}
