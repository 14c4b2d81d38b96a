package org.ttm4j.data.time;

import java.util.stream.IntStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;

/**
 * Finds weekdays and hours at which something is closed, as a shop is: none of the times of a series lies there, which chance
 * would hardly do.
 */
public final class OpenTimesFinder {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final int DAYS = 7;
    private static final int HOURS = 24;
    /** A weekday must have been absent in this many weeks to count as closed, and an hour on this many days. */
    private static final int FEWEST_WEEKS = 4;
    private static final int FEWEST_DAYS = 7;
    /** The chance that a weekday or an hour is absent although it is as frequent as the others. */
    private static final double CHANCE = 0.001;

    private OpenTimesFinder() {}

    /**
     * The grid without weekdays and hours that never occur; the same where all do, or steps are longer than a day.
     *
     * @param times the steps that occur, ascending and on the grid
     */
    public static TimeAxis open(TimeAxis axis, long[] times) {
        Frequency frequency = axis.frequency();
        long step = frequency.count();
        boolean fits = frequency.kind() == Frequency.Kind.MILLIS && step <= DAY && step % MINUTE == 0
                && (HOUR % step == 0 || step % HOUR == 0 && DAY % step == 0);
        if (!fits || times.length < DAYS) return axis;
        int[] perWeekday = new int[DAYS];
        int[] perHour = new int[HOURS];
        int dates = 0;
        long date = Long.MIN_VALUE;
        long hour = Long.MIN_VALUE;
        for (long time : times) {
            if (Math.floorDiv(time, DAY) != date) {
                date = Math.floorDiv(time, DAY);
                perWeekday[TimeAxis.local(time).getDayOfWeek().ordinal()]++;
                dates++;
            }
            if (Math.floorDiv(time, HOUR) == hour) continue;
            hour = Math.floorDiv(time, HOUR);
            perHour[(int) Math.floorMod(hour, (long) HOURS)]++;
        }
        long days = date - Math.floorDiv(times[0], DAY) + 1;
        int weekdays = open(perWeekday, days / (double) DAYS, FEWEST_WEEKS);
        // Steps of two hours and more begin in some of the hours only.
        int every = (int) Math.max(1, step / HOUR);
        int first = Math.floorMod(Math.floorDiv(times[0], HOUR), every);
        int[] possible = IntStream.iterate(first, at -> at < HOURS, at -> at + every).toArray();
        int open = open(IntStream.of(possible).map(at -> perHour[at]).toArray(), dates, FEWEST_DAYS);
        if (weekdays == (1 << DAYS) - 1 && Integer.bitCount(open) == possible.length) return axis;
        int bits = IntStream.range(0, possible.length)
                .filter(i -> (open >> i & 1) == 1)
                .map(i -> 1 << possible[i])
                .sum();
        return new TimeAxis(axis.start(), Frequency.ofOpenTimes(weekdays, bits, (int) (step / MINUTE)), 0,
                axis.format());
    }

    /** A bit for each weekday or hour, set where it occurs or may be absent by chance. */
    private static int open(int[] counts, double of, int fewest) {
        double share = IntStream.of(counts).filter(count -> count > 0).average().orElse(0) / of;
        boolean isCertain = of >= fewest && Math.pow(Math.max(0, 1 - share), of) < CHANCE;
        return IntStream.range(0, counts.length).filter(i -> counts[i] > 0 || !isCertain).map(i -> 1 << i).sum();
    }
}
