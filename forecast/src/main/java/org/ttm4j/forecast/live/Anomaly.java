package org.ttm4j.forecast.live;

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
public record Anomaly(long index, int channel, double value, double forecast, double lower, double upper, double level,
        double score) {
    /** Steps of a float as large as the range, and of a double: forecasts are rounded to both on their way. */
    private static final double ROUNDING = 4;
    private static final double ROUNDING_OF_SUMS = 64;

    /**
     * What a value is to its interval.
     *
     * @param range how far the values that the forecast saw lie apart
     * @return empty for a value that is missing, inside, or outside by no more than rounding, four steps of a float
     */
    public static Optional<Anomaly> of(long index, int channel, double value, double forecast, double lower,
            double upper, double level, double range) {
        if (!(value < lower || value > upper)) return Optional.empty();
        double end = value < lower ? lower : upper;
        double rounding = Math.max(Float.MIN_NORMAL,
                ROUNDING * Math.ulp((float) range) + ROUNDING_OF_SUMS * Math.ulp(end));
        if (Math.abs(value - end) <= rounding) return Optional.empty();
        double middle = (lower + upper) / 2;
        double score = Math.abs(value - middle) / (upper - middle);
        return Optional.of(new Anomaly(index, channel, value, forecast, lower, upper, level, score));
    }
}
