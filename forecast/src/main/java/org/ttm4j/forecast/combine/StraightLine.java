package org.ttm4j.forecast.combine;

import java.util.Optional;

/** The straight line and the seasonal profile of the history carried on: for series that grow steadily. */
record StraightLine(String name) implements Member {
    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < 4) return Optional.empty();
        return Attempt.of(horizon, h -> parts.line().at(history.length + h) + parts.season(h));
    }
}
