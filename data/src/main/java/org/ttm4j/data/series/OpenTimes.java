package org.ttm4j.data.series;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The steps of a week on which something is open: those of some weekdays and some hours. Times are milliseconds since
 * 1970-01-01 00:00. Immutable.
 *
 * @param weekdays a bit for each weekday, set where it has steps; bit 0 is Monday
 * @param hours a bit for each hour of the day, set where steps begin in it; bit 0 is midnight
 * @param minutes of a step: a divisor of an hour, or hours
 */
record OpenTimes(int weekdays, int hours, int minutes) {
    private static final int DAYS = 7;
    private static final int HOURS = 24;
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    static final long DAY = HOURS * HOUR;
    private static final long WEEK = DAYS * DAY;
    private static final long MONDAY = 4 * DAY; // 1970-01-05
    private static final int MINUTES = 60;
    /** A weekday must have been absent in this many weeks to count as closed, and an hour on this many days. */
    private static final int FEWEST_WEEKS = 4;
    private static final int FEWEST_DAYS = 7;
    /** The accepted probability that an open weekday or hour is absent by chance. */
    private static final double CHANCE = 0.001;

    /** @throws IllegalArgumentException when there are no steps in a week, or the count is none of {@link #count} */
    OpenTimes {
        boolean divides = minutes > 0 && (MINUTES % minutes == 0 || minutes % MINUTES == 0);
        if (weekdays <= 0 || weekdays >= 1 << DAYS || hours <= 0 || hours >= 1 << HOURS || !divides) {
            throw new IllegalArgumentException("expected a weekday, an hour and minutes that divide an hour, found "
                    + weekdays + ", " + hours + " and " + minutes);
        }
    }

    /** The open times that {@link #count} has encoded. */
    static OpenTimes of(long count) {
        return new OpenTimes((int) count & (1 << DAYS) - 1, (int) (count >> DAYS) & (1 << HOURS) - 1,
                (int) (count >> DAYS + HOURS));
    }

    /** The frequency that {@link Frequency#withoutClosed} finds; empty where nothing is closed. */
    static Optional<Frequency> of(Frequency frequency, long[] times) {
        long step = frequency.count();
        boolean fits = step <= DAY && step % MINUTE == 0 && (HOUR % step == 0 || step % HOUR == 0 && DAY % step == 0);
        if (!fits || times.length < DAYS) return Optional.empty();
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
        if (weekdays == (1 << DAYS) - 1 && Integer.bitCount(open) == possible.length) return Optional.empty();
        int bits = IntStream.range(0, possible.length).filter(i -> isSet(open, i)).map(i -> 1 << possible[i]).sum();
        return Optional.of(Frequency.ofOpenTimes(weekdays, bits, (int) (step / MINUTE)));
    }

    /** A bit for each weekday or hour, set where it occurs or may be absent by chance. */
    private static int open(int[] counts, double of, int fewest) {
        double share = IntStream.of(counts).filter(count -> count > 0).average().orElse(0) / of;
        boolean isCertain = of >= fewest && Math.pow(Math.max(0, 1 - share), of) < CHANCE;
        return IntStream.range(0, counts.length).filter(i -> counts[i] > 0 || !isCertain).map(i -> 1 << i).sum();
    }

    private static boolean isSet(int bits, int index) {
        return (bits >> index & 1) == 1;
    }

    /** Weekdays, hours and minutes, encoded as one number for {@link Frequency}. */
    long count() {
        return (long) minutes << DAYS + HOURS | (long) hours << DAYS | weekdays;
    }

    private int ofHour() {
        return Math.max(1, MINUTES / minutes);
    }

    /** The number of steps of a day on which something is open. */
    int ofDay() {
        return Integer.bitCount(hours) * ofHour();
    }

    private int ofWeek() {
        return Integer.bitCount(weekdays) * ofDay();
    }

    /** The mean length of a step: a week divided by its number of steps. */
    Duration length() {
        return Duration.ofMillis(WEEK).dividedBy(ofWeek());
    }

    private long phase(long start) {
        return Math.floorMod(start, Math.min(HOUR, minutes * HOUR / MINUTES));
    }

    /** The time of the step that lies {@code index} steps after the one at {@code start}. */
    long timeAt(long start, long index) {
        long step = before(start, start) + index;
        int inWeek = (int) Math.floorMod(step, (long) ofWeek());
        int inDay = inWeek % ofDay();
        return MONDAY + Math.floorDiv(step, (long) ofWeek()) * WEEK + place(weekdays, inWeek / ofDay()) * DAY
                + place(hours, inDay / ofHour()) * HOUR + inDay % ofHour() * (HOUR / ofHour()) + phase(start);
    }

    /** The position of the n-th lowest bit that is set. */
    private static int place(int bits, int n) {
        return Integer.numberOfTrailingZeros(Integer.expand(1 << n, bits));
    }

    /** The steps before a time, from the first Monday of 1970 on; negative before that. */
    private long before(long start, long time) {
        long since = time - phase(start) - MONDAY;
        long inWeek = Math.floorMod(since, WEEK);
        int day = (int) (inWeek / DAY);
        int hour = (int) (inWeek % DAY / HOUR);
        long steps = Math.floorDiv(since, WEEK) * ofWeek()
                + (long) Integer.bitCount(weekdays & (1 << day) - 1) * ofDay();
        if (!isSet(weekdays, day)) return steps;
        steps += (long) Integer.bitCount(hours & (1 << hour) - 1) * ofHour();
        long step = HOUR / ofHour();
        return steps + (isSet(hours, hour) ? (inWeek % HOUR + step - 1) / step : 0);
    }

    /** The index of the step nearest to a time, the earlier of two that are equally near. */
    long nearestIndex(long start, long time) {
        long next = before(start, time) - before(start, start);
        return timeAt(start, next) - time < time - timeAt(start, next - 1) ? next : next - 1;
    }

    boolean contains(long time) {
        return timeAt(time, 0) == time;
    }

    /** The weekdays and hours without steps, in words, such as {@code Sundays and 20:00 to 7:59}. */
    String closed() {
        List<String> closed = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            if (!isSet(weekdays, day.ordinal())) closed.add(day.getDisplayName(TextStyle.FULL, Locale.ENGLISH) + "s");
        }
        // Of steps of some hours, those hours between.
        int length = Math.max(1, minutes / MINUTES);
        IntStream.range(0, length == HOURS ? 0 : HOURS)
                .filter(hour -> isOpen(hour) && !isOpen(hour + length))
                .forEach(hour -> {
                    int end = hour + length;
                    while (!isOpen(end)) end += length;
                    closed.add((hour + length) % HOURS + ":00 to " + (end + HOURS - 1) % HOURS + ":59");
                });
        return String.join(", ", closed);
    }

    private boolean isOpen(int hour) {
        return isSet(hours, hour % HOURS);
    }
}
