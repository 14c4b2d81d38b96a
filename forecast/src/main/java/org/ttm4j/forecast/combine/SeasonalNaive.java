package org.ttm4j.forecast.combine;

import java.util.Optional;

/**
 * The last season repeated; with a season of one step, the last value. A missing value is taken from the season before.
 *
 * @param season steps of a season
 */
record SeasonalNaive(int season, String seasonName) implements Member {
    @Override
    public String name() {
        return "last " + seasonName + " repeated";
    }

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        return history.length < season ? Optional.empty() : Attempt.of(forecast(history, horizon));
    }

    double[] forecast(double[] history, int horizon) {
        double[] forecast = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            int t = history.length + h % season - season;
            while (t >= 0 && Double.isNaN(history[t])) t -= season;
            forecast[h] = t >= 0 ? history[t] : lastObserved(history);
        }
        return forecast;
    }

    static double lastObserved(double[] history) {
        int t = history.length - 1;
        while (Double.isNaN(history[t])) t--;
        return history[t];
    }
}
