package org.ttm4j.forecast.live;

import java.util.Locale;

/**
 * A value beside the interval that was forecast for it. Immutable.
 *
 * @param index of the value, 0 for the first of the series; of a series with times, its step since 1970-01-01T00:00Z
 * @param channel of the series
 * @param forecast of this value
 * @param lower end of the interval
 * @param upper end of the interval
 * @param level of the interval, such as 0.99: about 1 of 100 values is outside by chance
 * @param score the distance of the value from its forecast over that of the end of the interval on its side, above 1 outside
 *     of it; infinite where that is 0
 * @param rowScore the root of the mean square of the scores of all channels at this time
 * @param kind whether the value is unusual, and how
 */
public record Judged(long index, int channel, double value, double forecast, double lower, double upper, double level,
        double score, double rowScore, Kind kind) {
    /** Steps of a float as large as the range, and of a double: forecasts are rounded to both on their way. */
    private static final double ROUNDING = 4;
    private static final double ROUNDING_OF_SUMS = 64;

    /** Whether a value is unusual, and how. */
    public enum Kind {
        /** It is not. */
        USUAL,
        /** It is outside the interval by more than rounding. */
        SPIKE,
        /** As at least four before it, it is outside on the same side: the level has changed. */
        LEVEL_SHIFT,
        /** For about a season, the values lack the cycle that they had a week or a season before. */
        MISSING_CYCLE,
        /** As at least five before it, it is the same, for at least twice as long as any was in the history. */
        FLAT;

        /** The name in words, such as {@code level shift}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** Whether it is unusual in some way. */
    public boolean isAnomaly() {
        return kind != Kind.USUAL;
    }

    Judged as(Kind other) {
        return new Judged(index, channel, value, forecast, lower, upper, level, score, rowScore, other);
    }

    Judged withRowScore(double ofRow) {
        return new Judged(index, channel, value, forecast, lower, upper, level, score, ofRow, kind);
    }

    /** True if two values differ by more than rounding. */
    static boolean differ(double value, double other, double range) {
        return Math.abs(value - other) > Math.max(Float.MIN_NORMAL,
                ROUNDING * Math.ulp((float) range) + ROUNDING_OF_SUMS * Math.ulp(other));
    }

    /** @param range how far the values that the forecast saw lie apart */
    static Judged of(long index, int channel, double value, double forecast, double lower, double upper, double level,
            double range) {
        double end = value < lower ? lower : upper;
        boolean isOutside = (value < lower || value > upper) && differ(value, end, range);
        double score = value == forecast
                ? 0
                : Math.abs(value - forecast) / Math.max(0, value < forecast ? forecast - lower : upper - forecast);
        return new Judged(index, channel, value, forecast, lower, upper, level, score, score,
                isOutside ? Kind.SPIKE : Kind.USUAL);
    }
}
