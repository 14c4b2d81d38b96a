package org.ttm4j.forecast.combine;

import java.util.Optional;

/** The straight line and the seasonal profile of the history carried on: for series that grow steadily. */
record StraightLine() implements Member {
    @Override
    public String name() {
        return "trend line and season";
    }

    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < 4) return Optional.empty();
        return Attempt.of(horizon, h -> parts.line().at(history.length + h) + parts.season(h));
    }
}
