package org.ttm4j.data.series;

import static java.time.temporal.ChronoField.PROLEPTIC_MONTH;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;

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
    private static final long DAY = 86_400_000;

    /** @throws IllegalArgumentException when the day or the start does not suit the frequency */
    public TimeAxis {
        if (dayOfMonth < (frequency.isCalendar() ? 1 : 0) || dayOfMonth > (frequency.isCalendar() ? 31 : 0)) {
            throw new IllegalArgumentException(
                    "expected a day of the month " + (frequency.isCalendar() ? "from 1 to 31" : "of 0")
                            + " for a frequency of " + frequency + ", found " + dayOfMonth);
        }
        if (frequency.isBusinessDay() && weekday(start) > 4) {
            throw new IllegalArgumentException(
                    "expected business days to start from Monday to Friday, found " + local(start).getDayOfWeek());
        }
        if (frequency.kind() == Frequency.Kind.OPEN_TIMES && !OpenTimes.of(frequency.count()).contains(start)) {
            throw new IllegalArgumentException(
                    "expected a start at one of the open times, found " + local(start) + ", of " + frequency);
        }
    }

    /** The same grid, counted from the step at the given index. */
    public TimeAxis from(int index) {
        Frequency rotated = frequency;
        for (int i = Math.floorMod(index, 3); i > 0 && frequency.kind() == Frequency.Kind.WEEKS_OF_QUARTERS; i--) {
            rotated = new Frequency(frequency.kind(), rotated.count() % 100 * 10 + rotated.count() / 100);
        }
        return new TimeAxis(timeAt(index), rotated, dayOfMonth, format);
    }

    /** The time of an index, in milliseconds. */
    public long timeAt(long index) {
        long count = frequency.count();
        return switch (frequency.kind()) {
            case MILLIS, NUMBERS -> start + index * count;
            case BUSINESS_DAYS -> {
                long fromMonday = index + weekday(start);
                yield start + (Math.floorDiv(fromMonday, 5) * 7 + Math.floorMod(fromMonday, 5) - weekday(start)) * DAY;
            }
            case WEEKS_OF_QUARTERS -> {
                long weeks = 13 * Math.floorDiv(index, 3);
                for (int i = 0; i < Math.floorMod(index, 3); i++) weeks += Long.toString(count).charAt(i) - '0';
                yield start + 7 * DAY * weeks;
            }
            case OPEN_TIMES -> OpenTimes.of(count).timeAt(start, index);
            case MONTHS -> {
                LocalDateTime first = local(start);
                YearMonth month = YearMonth.from(first).plusMonths(index * count);
                LocalDate day = month.atDay(Math.min(dayOfMonth, month.lengthOfMonth()));
                yield day.atTime(first.toLocalTime()).toInstant(ZoneOffset.UTC).toEpochMilli();
            }
        };
    }

    /** The index with the time nearest to the given one, the earlier of two that are equally near. */
    public long nearestIndex(long time) {
        long count = frequency.count();
        return switch (frequency.kind()) {
            case MILLIS, NUMBERS -> Math.floorDiv(time - start + (count - 1) / 2, count);
            case BUSINESS_DAYS -> nearest(time, 5 * Math.floorDiv(time - start, 7 * DAY), 6);
            case WEEKS_OF_QUARTERS -> nearest(time, 3 * Math.floorDiv(time - start, 13 * 7 * DAY), 3);
            case OPEN_TIMES -> OpenTimes.of(count).nearestIndex(start, time);
            case MONTHS -> {
                long months = local(time).getLong(PROLEPTIC_MONTH) - local(start).getLong(PROLEPTIC_MONTH);
                // The step of the same month can lie on either side of the time: its neighbours are candidates too.
                yield nearest(time, Math.floorDiv(months, count) - 1, 3);
            }
        };
    }

    /** The index of the step in which a time falls: it begins at or before the time, and the next one after it. */
    public long indexOf(long time) {
        long nearest = nearestIndex(time);
        return timeAt(nearest) > time ? nearest - 1 : nearest;
    }

    private long nearest(long time, long first, int others) {
        long best = first;
        for (long index = first + 1; index <= first + others; index++) {
            if (Math.abs(timeAt(index) - time) < Math.abs(timeAt(best) - time)) best = index;
        }
        return best;
    }

    /** The days since Monday. */
    private static int weekday(long time) {
        return local(time).getDayOfWeek().getValue() - 1;
    }

    /** The local time of an index where the file was written, as milliseconds since 1970-01-01 00:00 on its clock. */
    public long localTimeAt(long index) {
        return format.clockAt(timeAt(index));
    }

    /** The date of the first step where the file was written, of days or business days; empty of other steps. */
    public Optional<LocalDate> firstDay() {
        boolean isDay = frequency.kind() == Frequency.Kind.MILLIS && frequency.count() == DAY;
        return isDay || frequency.isBusinessDay() ? Optional.of(local(localTimeAt(0)).toLocalDate()) : Optional.empty();
    }

    /** The point in time of an index, where the series has such times; else what its clock shows, as if it were in UTC. */
    public Instant instantAt(long index) {
        long time = timeAt(index);
        return format.local() ? local(time).atZone(format.zone()).toInstant() : Instant.ofEpochMilli(time);
    }

    /** The time of an index in the format of the file. */
    public String labelAt(long index) {
        return format.format(timeAt(index));
    }

    /** The time of an index for people to read: a date and time also where the file counts seconds or days since a date. */
    public String readableAt(long index) {
        if (!format.isCountOfTime()) return labelAt(index);
        LocalDateTime time = local(localTimeAt(index));
        boolean isWhole = frequency.nominalMillis() >= Duration.ofDays(1).toMillis();
        return isWhole ? time.toLocalDate().toString() : time.toString().replace('T', ' ');
    }

    /** The date and time of day that are so many milliseconds after 1970-01-01 00:00. */
    public static LocalDateTime local(long millis) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }
}
