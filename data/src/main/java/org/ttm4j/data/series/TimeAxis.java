package org.ttm4j.data.series;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The regular time grid of a series. Indices may lie beyond the series on either side: a forecast's first time is
 * {@code timeAt(length)}. Times are milliseconds since 1970-01-01 00:00, in UTC if the file gave offsets, else in the
 * file's own local time. Immutable.
 *
 * @param start the time of index 0
 * @param frequency the step
 * @param dayOfMonth the day (1–31) every calendar step falls on, cut to the month's length, so that 31 means month
 *     ends; 0 for fixed steps
 * @param format how the file writes times
 */
public record TimeAxis(long start, Frequency frequency, int dayOfMonth, TimeFormat format) {

    /** @throws IllegalArgumentException when the day does not suit the frequency */
    public TimeAxis {
        if (dayOfMonth < (frequency.isCalendar() ? 1 : 0) || dayOfMonth > (frequency.isCalendar() ? 31 : 0)) {
            throw new IllegalArgumentException("day of month " + dayOfMonth + " with a step of " + frequency);
        }
    }

    /** The same grid, counted from another index. */
    public TimeAxis from(int index) {
        return new TimeAxis(timeAt(index), frequency, dayOfMonth, format);
    }

    /** The time of an index, in milliseconds. */
    public long timeAt(long index) {
        if (!frequency.isCalendar()) return start + index * frequency.millis();
        LocalDateTime first = local(start);
        YearMonth month = YearMonth.from(first).plusMonths(index * frequency.months());
        return month.atDay(Math.min(dayOfMonth, month.lengthOfMonth()))
                .atTime(first.toLocalTime())
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }

    /** The index whose time is nearest to a time; of two equally near, the earlier. */
    public long nearestIndex(long time) {
        if (!frequency.isCalendar()) {
            long step = frequency.millis();
            return Math.floorDiv(time - start + (step - 1) / 2, step);
        }
        long months = proleptic(local(time)) - proleptic(local(start));
        long first = Math.floorDiv(months, frequency.months()) - 1;
        long best = first;
        // The time may lie before or after its own month's grid day: its neighbours are candidates too.
        for (long index = first + 1; index <= first + 3; index++) {
            if (Math.abs(timeAt(index) - time) < Math.abs(timeAt(best) - time)) best = index;
        }
        return best;
    }

    /** The time of an index, written as the file writes times. */
    public String labelAt(long index) {
        return format.format(timeAt(index));
    }

    public static LocalDateTime local(long millis) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private static long proleptic(LocalDateTime time) {
        return 12L * time.getYear() + time.getMonthValue();
    }
}
