package org.ttm4j.forecast.rolling;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.concurrent.TimeUnit;

/**
 * The natural season of a series, for the forecasts that repeat it and for the scale of the MASE. Immutable.
 *
 * @param steps the length of its period
 * @param name the period in words, such as {@code day}
 * @param found whether it is not one of the calendar but was found in the history
 */
public record Season(int steps, String name, boolean found) {
    /** A period is a whole number of steps where it is one to within this share: 29 of 50 minutes are a day. */
    private static final double TOLERANCE = 0.02;

    /** A season of the calendar, or a given one. */
    public Season(int steps, String name) {
        this(steps, name, false);
    }

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
            return fitting(stepsOfYear(period), "year", context);
        }
        Duration step = length(frequency);
        if (step.compareTo(Duration.ofDays(7)) >= 0) return fitting(steps(Duration.ofDays(364), step), "year", context);
        if (step.compareTo(Duration.ofDays(1)) >= 0) return fitting(steps(Duration.ofDays(7), step), "week", context);
        Season day = fitting(steps(Duration.ofDays(1), step), "day", context);
        if (day.steps > 1) return day;
        Season hour = fitting(steps(Duration.ofHours(1), step), "hour", context);
        return hour.steps > 1 ? hour : fitting(steps(Duration.ofMinutes(1), step), "minute", context);
    }

    /** The length of a frequency of no months: a {@link Duration}, or a {@link Period} of days. */
    public static Duration length(TemporalAmount frequency) {
        return frequency instanceof Period period ? Duration.ofDays(period.getDays()) : Duration.from(frequency);
    }

    /** The steps of a period; 1 where no whole number of steps is as long. */
    public static int steps(Duration period, Duration step) {
        double exact = period.toMillis() / (double) Math.max(1, TimeUnit.MILLISECONDS.convert(step));
        long steps = Math.round(exact);
        return Math.abs(steps - exact) <= TOLERANCE * exact ? (int) Math.min(Integer.MAX_VALUE, steps) : 1;
    }

    /** The steps of a year, of one or more months each; 1 where no whole number of them is a year. */
    public static int stepsOfYear(Period step) {
        return 12 % step.toTotalMonths() == 0 ? (int) (12 / step.toTotalMonths()) : 1;
    }

    private static Season fitting(int steps, String name, int context) {
        return steps > 1 && steps <= context ? new Season(steps, name) : new Season(1, "step");
    }
}
