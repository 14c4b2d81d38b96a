package org.ttm4j.eval.protocol;

import java.time.Duration;
import org.ttm4j.data.series.Frequency;

/**
 * The natural period of a series, for the baselines that repeat it.
 *
 * @param steps its length
 * @param name in words, such as {@code day}
 */
public record Period(int steps, String name) {

    /**
     * The period of a frequency: a day below a day, a week of days, a year of weeks, months or quarters. A day
     * that does not fit into the context gives way to an hour, that to a minute, and that to the last step alone.
     *
     * @param context steps of which the period must not take more
     */
    public static Period of(Frequency frequency, int context) {
        if (frequency.isCalendar()) return fitting(12 / frequency.months(), "year", context);
        Duration step = frequency.nominalLength();
        if (step.compareTo(Duration.ofDays(7)) >= 0) return fitting(count(Duration.ofDays(364), step), "year", context);
        if (step.compareTo(Duration.ofDays(1)) >= 0) return fitting(count(Duration.ofDays(7), step), "week", context);
        Period day = fitting(count(Duration.ofDays(1), step), "day", context);
        if (day.steps > 1) return day;
        Period hour = fitting(count(Duration.ofHours(1), step), "hour", context);
        return hour.steps > 1 ? hour : fitting(count(Duration.ofMinutes(1), step), "minute", context);
    }

    private static long count(Duration period, Duration step) {
        return Math.round((double) period.toMillis() / step.toMillis());
    }

    private static Period fitting(long steps, String name, int context) {
        return steps > 1 && steps <= context ? new Period((int) steps, name) : new Period(1, "step");
    }
}
