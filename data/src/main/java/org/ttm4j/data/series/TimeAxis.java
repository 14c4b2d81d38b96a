package org.ttm4j.data.series;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The regular time grid of a series. An index can lie beyond the series on either side: the first time of a forecast is
 * {@code timeAt(length)}. Times are milliseconds since 1970-01-01 00:00, in UTC when the file has offsets, otherwise in
 * the local time of the file. Immutable.
 *
 * @param start the time of index 0
 * @param frequency the time between two steps
 * @param dayOfMonth the day (1–31) of every step of calendar months, or the last day of shorter months, so that 31
 *     means ends of months; 0 for a frequency of fixed duration
 * @param format the format in which the file writes times
 */
public record TimeAxis(long start, Frequency frequency, int dayOfMonth, TimeFormat format) {

    /** @throws IllegalArgumentException when the day does not suit the frequency */
    public TimeAxis {
        if (dayOfMonth < (frequency.isCalendar() ? 1 : 0) || dayOfMonth > (frequency.isCalendar() ? 31 : 0)) {
            throw new IllegalArgumentException(
                    "expected a day of the month " + (frequency.isCalendar() ? "from 1 to 31" : "of 0")
                            + " for a frequency of " + frequency + ", found " + dayOfMonth);
        }
    }

    /** The same grid with index 0 at another index. */
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

    /** The index with the time nearest to the given one, the earlier of two that are equally near. */
    public long nearestIndex(long time) {
        if (!frequency.isCalendar()) {
            long step = frequency.millis();
            return Math.floorDiv(time - start + (step - 1) / 2, step);
        }
        long months = proleptic(local(time)) - proleptic(local(start));
        long first = Math.floorDiv(months, frequency.months()) - 1;
        long best = first;
        // The step of the same month can lie before or after the time, so that the neighbours are candidates too.
        for (long index = first + 1; index <= first + 3; index++) {
            if (Math.abs(timeAt(index) - time) < Math.abs(timeAt(best) - time)) best = index;
        }
        return best;
    }

    /** The time of an index in the format of the file. */
    public String labelAt(long index) {
        return format.format(timeAt(index));
    }

    /** The date and time of day that are so many milliseconds after 1970-01-01 00:00. */
    public static LocalDateTime local(long millis) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private static long proleptic(LocalDateTime time) {
        return 12L * time.getYear() + time.getMonthValue();
    }
}
