package org.ttm4j.forecast.combine;

import java.util.Optional;
import org.ttm4j.ttm.series.Gaps;

/**
 * The last season repeated; with a season of one step, the last value, but of {@linkplain IntermittentDemand intermittent
 * demand}: there it is 0 at most origins and near to what comes, and a sale at the end of a file whose rows are sales. A
 * missing value is taken from the season before.
 *
 * @param season steps of a season
 */
record SeasonalNaive(String name, int season) implements Member {
    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < season || season == 1 && IntermittentDemand.is(history)) return Optional.empty();
        return Attempt.of(forecast(history, season, horizon));
    }

    static double[] forecast(double[] history, int season, int horizon) {
        double[] forecast = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            int t = history.length + h % season - season;
            while (t >= 0 && Double.isNaN(history[t])) t -= season;
            forecast[h] = t >= 0 ? history[t] : lastObserved(history);
        }
        return forecast;
    }

    static double lastObserved(double[] history) {
        return history[history.length - 1 - Gaps.atEnd(history)];
    }
}
