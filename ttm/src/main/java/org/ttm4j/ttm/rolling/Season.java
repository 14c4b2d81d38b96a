package org.ttm4j.ttm.rolling;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.concurrent.TimeUnit;

/**
 * The natural season of a series, for the forecasts that repeat it and for the scale of the MASE. Immutable.
 *
 * @param steps the length of its period
 * @param name the period in words, such as {@code day}
 */
public record Season(int steps, String name) {

    /**
     * The season of a frequency: a day below a day, a week of days, a year of weeks, months or quarters. A day that does
     * not fit into the context gives way to an hour, that to a minute, and that to the last step alone.
     *
     * @param frequency the time between two steps, a {@link Duration} or a {@link Period}; null when it is unknown, for
     *     the last step alone
     * @param context steps of which the period must not take more
     */
    public static Season of(TemporalAmount frequency, int context) {
        if (frequency == null) return fitting(1, "step", context);
        if (frequency instanceof Period period && period.toTotalMonths() > 0) {
            return fitting(12 / period.toTotalMonths(), "year", context);
        }
        Duration step = frequency instanceof Period period
                ? Duration.ofDays(period.getDays())
                : Duration.from(frequency);
        if (step.compareTo(Duration.ofDays(7)) >= 0) return fitting(count(Duration.ofDays(364), step), "year", context);
        if (step.compareTo(Duration.ofDays(1)) >= 0) return fitting(count(Duration.ofDays(7), step), "week", context);
        Season day = fitting(count(Duration.ofDays(1), step), "day", context);
        if (day.steps > 1) return day;
        Season hour = fitting(count(Duration.ofHours(1), step), "hour", context);
        return hour.steps > 1 ? hour : fitting(count(Duration.ofMinutes(1), step), "minute", context);
    }

    private static long count(Duration period, Duration step) {
        return Math.round((double) period.toMillis() / TimeUnit.MILLISECONDS.convert(step));
    }

    private static Season fitting(long steps, String name, int context) {
        return steps > 1 && steps <= context ? new Season((int) steps, name) : new Season(1, "step");
    }
}
