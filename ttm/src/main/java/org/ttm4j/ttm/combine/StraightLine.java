package org.ttm4j.ttm.combine;

import java.util.Optional;

/**
 * The straight line and the seasonal profile of the history carried on: for series that grow steadily.
 *
 * @param season steps of a season; 1 for none
 */
record StraightLine(int season) implements Member {
    @Override
    public String name() {
        return "trend line and season";
    }

    @Override
    public Optional<Attempt> attempt(double[] history, int horizon) {
        if (history.length < 4) return Optional.empty();
        TrendAndSeason parts = TrendAndSeason.of(history, season);
        double[] forecast = new double[horizon];
        for (int h = 0; h < horizon; h++) forecast[h] = parts.line().at(history.length + h) + parts.season(h);
        return Attempt.of(forecast);
    }
}
