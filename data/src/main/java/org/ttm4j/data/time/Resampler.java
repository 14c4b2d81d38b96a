package org.ttm4j.data.time;

import java.time.LocalDate;
import java.time.temporal.ChronoField;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;

/** Finds the steps into which irregular times fall. Steps start at the full hour, day, Monday, month, quarter or year. */
public final class Resampler {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;
    private static final long MONDAY = 4 * DAY; // 1970-01-05
    private static final long[] USUAL = {1000, 10_000, 30_000, MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
            30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, WEEK};
    private static final int MOST_EMPTY = 10;

    private Resampler() {}

    /**
     * The usual frequency that is nearest to the median difference between ascending times, or to the mean one where most steps of
     * the former would be without a time; at most a month.
     */
    public static Frequency frequency(long[] times) {
        long[] steps = IntStream.range(1, times.length).mapToLong(i -> times[i] - times[i - 1]).sorted().toArray();
        double median = steps[steps.length / 2];
        double mean = (double) (times[times.length - 1] - times[0]) / steps.length;
        double usual = mean > MOST_EMPTY * median ? mean : median;
        if (usual > 2 * WEEK) return Frequency.ofMonths(1);
        long nearest = USUAL[0];
        for (long step : USUAL) {
            if (Math.abs(Math.log(step / usual)) < Math.abs(Math.log(nearest / usual))) nearest = step;
        }
        return Frequency.ofMillis(nearest);
    }

    /** The grid whose index 0 is the step in which the time falls. */
    public static TimeAxis axis(long time, Frequency frequency, TimeFormat format) {
        LocalDate day = TimeAxis.local(time).toLocalDate();
        return switch (frequency.kind()) {
            case MONTHS -> {
                long since = Math.floorMod(day.getLong(ChronoField.PROLEPTIC_MONTH), frequency.count());
                LocalDate start = day.withDayOfMonth(1).minusMonths(since);
                yield new TimeAxis(start.toEpochDay() * DAY, frequency, 1, format);
            }
            case BUSINESS_DAYS -> {
                // What happens at a weekend belongs to Friday.
                LocalDate start = day.minusDays(Math.max(0, day.getDayOfWeek().getValue() - 5));
                yield new TimeAxis(start.toEpochDay() * DAY, frequency, 0, format);
            }
            case WEEKS_OF_QUARTERS -> new TimeAxis(time, frequency, 0, format);
            default -> {
                long origin = frequency.count() % WEEK == 0 ? MONDAY : 0;
                yield new TimeAxis(origin + Math.floorDiv(time - origin, frequency.count()) * frequency.count(),
                        frequency, 0, format);
            }
        };
    }

    /** The index of the step in which the time falls: it begins at or before the time, and the next one after it. */
    public static long step(TimeAxis axis, long time) {
        long step = axis.nearestIndex(time);
        return axis.timeAt(step) > time ? step - 1 : step;
    }
}
