package org.ttm4j.forecast.live;

import java.time.Instant;
import java.util.Arrays;
import org.ttm4j.forecast.Forecast;

/**
 * The forecast of a stream processor for a series. Immutable by convention.
 *
 * @param origin the time of the last step that it saw, in milliseconds since 1970-01-01T00:00Z
 * @param frequency the time between two steps, in milliseconds
 * @param values one for each step after the origin
 * @param quantiles levels × steps, of the levels that the {@linkplain StreamSettings settings} name; no level where the
 *     forecast of a short history has none
 * @param mean {@linkplain Forecast#mean() what to add up}, for each step; empty in the mode {@code fast}
 */
public record StreamForecast(long origin, long frequency, double[] values, double[][] quantiles, double[] mean) {
    /** Without the mean. */
    public StreamForecast(long origin, long frequency, double[] values, double[][] quantiles) {
        this(origin, frequency, values, quantiles, new double[0]);
    }

    /** The forecast of a request of {@link LiveSeries}. */
    public static StreamForecast of(long origin, StreamSettings settings, Forecast forecast) {
        return of(origin, settings.frequency().toMillis(), settings.quantiles().length, forecast);
    }

    static StreamForecast of(long origin, long frequency, int levels, Forecast forecast) {
        double[][] quantiles = forecast.quantiles()
                .stream()
                .flatMap(of -> Arrays.stream(of.ofChannel(0)))
                .limit(levels)
                .toArray(double[][]::new);
        return new StreamForecast(origin, frequency, forecast.doubleValues()[0], quantiles,
                forecast.mean().map(mean -> mean[0]).orElse(new double[0]));
    }

    /** The time of a step, 0 for the first, in milliseconds since 1970-01-01T00:00Z. */
    public long millis(int step) {
        return origin + (step + 1) * frequency;
    }

    /** The time of a step, 0 for the first. */
    public Instant time(int step) {
        return Instant.ofEpochMilli(millis(step));
    }
}
