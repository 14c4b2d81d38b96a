package org.ttm4j.serve.live;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAdjuster;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalAmount;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The times of a series: an {@link #anchor}, and those a whole number of steps before and after it. Immutable.
 *
 * @param anchor the time of step 0: a month, a date, or a date and time with an offset or without
 * @param frequency a number of months, or a duration of whole milliseconds
 */
record Grid(Temporal anchor, TemporalAmount frequency) {
    /** @throws IllegalArgumentException when the frequency cannot move the anchor */
    Grid {
        try {
            move(anchor, frequency, 1);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "expected a time that the frequency can move: a time of day for hours, a year that exists");
        }
    }

    /**
     * The anchor for the first times of a series: the first of them. Where all are last days of months, the longest last day of
     * twelve steps up to it, from which months lead to last days.
     */
    static Temporal anchor(List<Temporal> times, TemporalAmount frequency) {
        Temporal first = times.get(0);
        TemporalAdjuster end = TemporalAdjusters.lastDayOfMonth();
        boolean areEnds = times.stream()
                .allMatch(time -> time.isSupported(ChronoField.DAY_OF_MONTH) && time.equals(time.with(end)));
        if (!areEnds || !(frequency instanceof Period period)) return first;
        if (first.get(ChronoField.YEAR) < period.toTotalMonths()) return first; // no step may lie before the year 0
        return LongStream.range(0, 12)
                .mapToObj(step -> first.minus(step * period.toTotalMonths(), ChronoUnit.MONTHS).with(end))
                .max(Comparator.comparingInt(time -> time.get(ChronoField.DAY_OF_MONTH)))
                .orElse(first);
    }

    /** The step of a time; empty when the grid has no such time. */
    OptionalLong stepOf(Temporal time) {
        if (time.getClass() != anchor.getClass()) return OptionalLong.empty();
        try {
            Temporal same = anchor instanceof OffsetDateTime first && time instanceof OffsetDateTime other
                    ? other.withOffsetSameInstant(first.getOffset())
                    : time;
            long about = about(same);
            // The last days of months are nearer than their number of months says.
            for (long step = about - 1; step <= about + 1; step++) {
                if (timeOf(step).equals(same)) return OptionalLong.of(step);
            }
        } catch (DateTimeException | ArithmeticException beyondTheCalendar) {
            // There is no such step.
        }
        return OptionalLong.empty();
    }

    private long about(Temporal time) {
        if (frequency instanceof Period period) {
            return ChronoUnit.MONTHS.between(anchor, time) / period.toTotalMonths();
        }
        Duration step = (Duration) frequency;
        if (!anchor.isSupported(ChronoUnit.SECONDS)) return ChronoUnit.DAYS.between(anchor, time) / step.toDays();
        return Duration.between(anchor, time).toMillis() / step.toMillis();
    }

    /**
     * The time of a step.
     *
     * @throws DateTimeException when the calendar has none
     */
    Temporal timeOf(long step) {
        return move(anchor, frequency, step);
    }

    private static Temporal move(Temporal from, TemporalAmount frequency, long steps) {
        if (frequency instanceof Period period) {
            return from.plus(Math.multiplyExact(period.toTotalMonths(), steps), ChronoUnit.MONTHS);
        }
        Duration step = (Duration) frequency;
        if (from instanceof LocalDate && step.equals(Duration.ofDays(step.toDays()))) {
            return from.plus(Math.multiplyExact(step.toDays(), steps), ChronoUnit.DAYS);
        }
        return from.plus(step.multipliedBy(steps));
    }
}
