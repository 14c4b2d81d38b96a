package org.ttm4j.ttm.live;

import java.util.Optional;

/**
 * A value outside the interval that was forecast for it. Immutable.
 *
 * @param index of the value, 0 for the first of the series
 * @param channel of the series
 * @param forecast of this value
 * @param lower end of the interval
 * @param upper end of the interval
 * @param level of the interval, such as 0.99: about 1 of 100 values is outside by chance
 * @param score the distance of the value from the middle of the interval over half its width, above 1; infinite for an
 *     interval without a width
 */
public record Anomaly(long index, int channel, float value, float forecast, float lower, float upper, double level,
        double score) {

    /**
     * What a value is to its interval.
     *
     * @return empty for a value that is inside or missing
     */
    public static Optional<Anomaly> of(long index, int channel, float value, float forecast, float lower, float upper,
            double level) {
        if (Float.isNaN(value) || lower <= value && value <= upper) return Optional.empty();
        double middle = ((double) lower + upper) / 2;
        double score = Math.abs(value - middle) / (upper - middle);
        return Optional.of(new Anomaly(index, channel, value, forecast, lower, upper, level, score));
    }
}
