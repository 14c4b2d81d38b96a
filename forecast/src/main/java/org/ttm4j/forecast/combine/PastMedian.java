package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.Optional;

/**
 * The median of {@linkplain IntermittentDemand intermittent demand}: the forecast whose absolute errors are smallest where
 * nothing tells one step from another, and 0 where most steps have no demand.
 */
record PastMedian(String name) implements Member {
    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (!IntermittentDemand.is(history)) return Optional.empty();
        double[] observed = Arrays.stream(history).filter(value -> !Double.isNaN(value)).sorted().toArray();
        return Attempt.of(horizon, h -> observed[(observed.length - 1) / 2]);
    }
}
