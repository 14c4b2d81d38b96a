package org.ttm4j.serve.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Which series of a Prometheus are forecast, and how.
 *
 * @param prometheus its address, such as {@code http://localhost:9090}
 * @param token that it is sent; null for none
 * @param queries whose series are forecast
 * @param step the time between two values
 * @param every the time between two forecasts, a multiple of the step
 * @param horizon how far they reach, a multiple of the step
 * @param ahead how far ahead forecasts are offered, beside those for now
 * @param level of the intervals, outside of which a value is anomalous
 * @param mostSeries of all queries
 */
public record WatchSettings(URI prometheus, String token, List<Query> queries, Duration step, Duration every,
        Duration horizon, List<Duration> ahead, double level, int mostSeries) {
    /** The most steps that one forecast may have. */
    public static final int MOST_STEPS = 10_000;

    /**
     * A query.
     *
     * @param name of its forecasts; null for that of each series
     * @param text in PromQL
     */
    public record Query(String name, String text) {}

    /** Checks that the times fit each other. */
    public WatchSettings {
        if (step.toMillis() < 1000) throw new IllegalArgumentException("step " + step + ": expected a second or more");
        requireMultiple("every", every, step);
        requireMultiple("horizon", horizon, step);
        if (every.compareTo(horizon) > 0) {
            throw new IllegalArgumentException("every " + every + ": expected at most the horizon, " + horizon);
        }
        if (horizon.dividedBy(step) > MOST_STEPS) {
            throw new IllegalArgumentException("horizon " + horizon + ": expected at most " + MOST_STEPS + " steps of "
                    + step + "; a longer step helps");
        }
        for (Duration time : ahead) {
            if (time.compareTo(step) >= 0 && time.compareTo(horizon) <= 0) continue;
            throw new IllegalArgumentException(
                    "ahead " + time + ": expected from the step, " + step + ", to the horizon, " + horizon);
        }
        queries = List.copyOf(queries);
        ahead = List.copyOf(ahead);
    }

    private static void requireMultiple(String name, Duration time, Duration step) {
        if (time.compareTo(step) >= 0 && time.toMillis() % step.toMillis() == 0) return;
        throw new IllegalArgumentException(name + " " + time + ": expected a multiple of the step, " + step);
    }

    /** Without the token, and without the address, which may hold one too. */
    @Override
    public String toString() {
        return queries + " of " + prometheus.getHost();
    }

    /** Steps from one forecast to the next. */
    public int everySteps() {
        return (int) every.dividedBy(step);
    }

    /** Steps that are forecast. */
    public int horizonSteps() {
        return (int) horizon.dividedBy(step);
    }
}
