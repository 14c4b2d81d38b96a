package org.ttm4j.forecast.combine;

import java.util.Optional;

/**
 * The model on seasonal differences: z[t] = y[t] − y[t − m] is forecast, and y[t] = z[t] + y[t − m] taken back, from the
 * forecast itself beyond the first season. It suits series that repeat almost exactly.
 *
 * @param season steps of a season, m
 */
record SeasonalDifference(String name, int season) implements Member {
    /** Differences that the model needs to see. */
    private static final int FEWEST = 8;

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        int count = history.length - season;
        if (count < Math.max(FEWEST, season + FEWEST / 2)) return Optional.empty();
        double[] differences = new double[count];
        for (int t = 0; t < count; t++) differences[t] = history[t + season] - history[t];
        double[] last = SeasonalNaive.forecast(history, season, Math.min(season, horizon));
        return Attempt.ofModel(Member.recent(differences), model -> {
            double[] forecast = new double[horizon];
            for (int h = 0; h < horizon; h++) forecast[h] = model[h] + (h < season ? last[h] : forecast[h - season]);
            return forecast;
        });
    }
}
