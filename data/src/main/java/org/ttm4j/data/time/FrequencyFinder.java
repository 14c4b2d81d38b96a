package org.ttm4j.data.time;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.Growable;

/**
 * Finds the frequency and the phase of the regular grid on which times lie, despite gaps, outliers and jitter; of times that lie on
 * none, the usual steps into which they fall.
 */
public final class FrequencyFinder {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;
    private static final long WEEK = 7 * DAY;
    private static final long MONDAY = 4 * DAY; // 1970-01-05
    /** The frequencies of steps into which irregular times fall. */
    private static final long[] USUAL = {1000, 10_000, 30_000, MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
            30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, WEEK};
    private static final int MOST_EMPTY = 10;
    private static final int[] CALENDAR_MONTHS = {1, 2, 3, 4, 6, 12, 24, 60, 120};
    private static final int[] SHORTEST_DAYS = {28, 59, 89, 120, 181, 365, 730, 1826, 3652};
    private static final int[] LONGEST_DAYS = {31, 62, 92, 123, 184, 366, 731, 1827, 3653};

    /** Differences are rounded to these units, from the finest on, until one of them is frequent despite the jitter. */
    private static final long[] UNITS = {1, 1000, 60_000};

    /** The most frequent difference, or phase, counts when it makes up at least one in so many. */
    private static final int SHARE = 5;
    /** Differences of half a step or less, which put two dates into one step, are no exceptions when they are one in so many. */
    private static final int LOST = 10;

    /** Times on some weekdays or hours, such as Tuesdays and Fridays, have more than this share of the steps there. */
    private static final double FEW_CLOSED = 2.0 / 3;
    /** Times of which this share lies on the grid of the most frequent difference have that frequency, in spite of the others. */
    private static final double MOST_ON_GRID = 0.75;
    private static final int FEWEST_BUSINESS_DAYS = 6;
    private static final int FEWEST_PERIODS = 6;
    /** Last Wednesdays of a month are at most so many days of the month apart; third ones six. */
    private static final int WEEKDAY_DAYS = 9;
    /** The weeks of three steps, by the place of the longest. */
    private static final int[] ORDERS = {544, 454, 445};

    private FrequencyFinder() {}

    /** Whether times in the order of a file have one difference, also a number of months, or start anew. */
    static boolean isRegular(Growable.Longs times) {
        long days = 0;
        long months = 0;
        boolean sameDays = true;
        boolean sameMonths = true;
        for (int i = 1; i < times.size(); i++) {
            long step = times.get(i) - times.get(i - 1);
            if (step <= 0) continue; // the next series of a long file
            LocalDateTime a = TimeAxis.local(times.get(i - 1));
            LocalDateTime b = TimeAxis.local(times.get(i));
            long month = b.getLong(ChronoField.PROLEPTIC_MONTH) - a.getLong(ChronoField.PROLEPTIC_MONTH);
            sameDays &= days == 0 || step == days;
            sameMonths &= month > 0 && (months == 0 || month == months) && isAligned(a, b);
            days = step;
            months = month;
        }
        return sameDays || sameMonths;
    }

    /** The differences between neighbouring times. */
    public static long[] steps(long[] times) {
        return IntStream.range(1, times.length).mapToLong(i -> times[i] - times[i - 1]).toArray();
    }

    /** The most frequent difference between two or more ascending times; null when none is frequent. */
    public static Frequency frequency(long[] times, boolean numbers) {
        long[] steps = steps(times);
        if (numbers) return Frequency.ofNumbers(mode(Arrays.stream(steps)).value);
        for (int i = 0; i < CALENDAR_MONTHS.length; i++) {
            if (isCalendar(times, steps, i)) return Frequency.ofMonths(CALENDAR_MONTHS[i]);
        }
        Frequency weeks = weeksOfQuarters(steps);
        if (weeks != null) return weeks;
        int months = monthsOfWeekdays(times, steps);
        if (months > 0) return Frequency.ofMonths(months);
        long[] sorted = Arrays.stream(steps).sorted().toArray();
        long median = sorted[sorted.length / 2];
        for (long unit : UNITS) {
            Mode mode = mode(Arrays.stream(sorted).map(step -> (step + unit / 2) / unit * unit));
            if (mode.value > 0 && unit <= Math.max(1, median / 10) && mode.count * SHARE >= steps.length) {
                long lost = Arrays.stream(steps).filter(step -> step * 2 <= mode.value).count();
                boolean isIrregular = areDates(times) && lost * LOST >= steps.length && mode.count * 2 < times.length;
                long divisor = Arrays.stream(steps).reduce(0, FrequencyFinder::divisor);
                Frequency finer = Frequency.ofMillis(divisor);
                long onGrid = mode(Arrays.stream(times).map(time -> Math.floorMod(time, mode.value))).count;
                boolean isOther = divisor < mode.value && onGrid < MOST_ON_GRID * times.length;
                if (isOther && fillOpenTimes(times, finer, FEW_CLOSED)) return finer;
                // Readings at 7:00 and 19:30 of each day are half a day apart on average, and fall into different halves.
                long ofDay = DAY / Arrays.stream(times).map(time -> Math.floorMod(time, DAY)).distinct().count();
                boolean areUsual = times.length * ofDay >= FEWEST_PERIODS * DAY && sorted[0] * 2 > ofDay
                        && times.length > FEW_CLOSED * ((times[times.length - 1] - times[0]) / ofDay + 1)
                        && Arrays.stream(times)
                                .allMatch(time -> Math.floorMod(time - times[0] + ofDay / 4, ofDay) * 2 < ofDay);
                if (isOther && areUsual) return Frequency.ofMillis(ofDay);
                long step = isIrregular ? divisor : mode.value;
                return step == DAY && isBusinessDaily(times) ? Frequency.BUSINESS_DAY : Frequency.ofMillis(step);
            }
        }
        return null;
    }

    /** Whether times fill more than a share of the steps, without those weekdays and hours at which none lies. */
    public static boolean fillOpenTimes(long[] times, Frequency step, double share) {
        Frequency open = step.withoutClosed(times);
        long steps = (times[times.length - 1] - times[0]) / open.nominalMillis() + 1;
        return !open.equals(step) && times.length > share * steps;
    }

    /** The greatest common divisor. */
    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** Whether times have one time of day, as dates without one have. */
    public static boolean areDates(long[] times) {
        return Arrays.stream(times).allMatch(time -> Math.floorMod(time - times[0], DAY) == 0);
    }

    /**
     * The frequency of dates among others of a file: that of all where most differences are not the most frequent one, and they
     * do not lie on its grid.
     *
     * @param own that of the dates alone; null when none is frequent
     * @param ofAll that of all dates of the file, which is asked for where it matters
     */
    public static Frequency among(Supplier<Frequency> ofAll, long[] times, Frequency own, TimeFormat format) {
        if (!areDates(times)) return own;
        if (own != null) {
            boolean isCalendar = own.kind() == Frequency.Kind.MONTHS;
            if (own.kind() != Frequency.Kind.MILLIS && !isCalendar || lieOn(times, own, format)) return own;
            if (isCalendar) {
                Frequency months = ofAll.get();
                return months != null && months.kind() == own.kind() && lieOn(times, months, format) ? months : own;
            }
            long equal = LongStream.of(steps(times)).filter(step -> step == own.count()).count();
            if (equal * 2 >= times.length) return own;
        }
        Frequency all = ofAll.get();
        return all != null && lieOn(times, all, format) ? all : own;
    }

    private static boolean lieOn(long[] times, Frequency frequency, TimeFormat format) {
        TimeAxis axis = axis(times, frequency, format);
        return Arrays.stream(times).allMatch(time -> axis.timeAt(axis.nearestIndex(time)) == time);
    }

    /** The weeks of quarters by which retailers count, every third step of five weeks and the others of four; null without. */
    private static Frequency weeksOfQuarters(long[] steps) {
        for (int longest = 0; longest < 3 && steps.length >= FEWEST_PERIODS; longest++) {
            int place = longest;
            long fitting = IntStream.range(0, steps.length)
                    .filter(i -> steps[i] == (i % 3 == place ? 5 : 4) * WEEK)
                    .count();
            // About every sixth year has an additional week.
            if (fitting * 10 < steps.length * 9L) continue;
            return new Frequency(Frequency.Kind.WEEKS_OF_QUARTERS, ORDERS[place]);
        }
        return null;
    }

    /**
     * The months between times that are a weekday of each month, such as third Fridays, or of quarters or years, in spite of
     * missing times and of few on another weekday, as before holidays; 0 for other times.
     */
    private static int monthsOfWeekdays(long[] times, long[] steps) {
        if (times.length < FEWEST_PERIODS || times[times.length - 1] - times[0] < 4 * WEEK * steps.length) return 0;
        long shortest = Arrays.stream(steps).min().getAsLong();
        // Steps of equal weeks stay that, although a few of them lie in neighbouring months.
        if (shortest <= 0 || Arrays.stream(steps).allMatch(step -> step % shortest == 0)) return 0;
        long onWeekday = mode(Arrays.stream(times).map(time -> Math.floorMod(time, WEEK))).count;
        IntSummaryStatistics days = Arrays.stream(times)
                .mapToInt(time -> TimeAxis.local(time).getDayOfMonth())
                .summaryStatistics();
        if (onWeekday * 10 < times.length * 9L || days.getMax() - days.getMin() > WEEKDAY_DAYS) return 0;
        long[] months = steps(
                Arrays.stream(times).map(time -> TimeAxis.local(time).getLong(ChronoField.PROLEPTIC_MONTH)).toArray());
        long usual = mode(Arrays.stream(months)).value;
        boolean isCalendar = IntStream.of(CALENDAR_MONTHS).anyMatch(count -> count == usual);
        return isCalendar && Arrays.stream(months).allMatch(step -> step % usual == 0) ? (int) usual : 0;
    }

    /** Whether no time lies on a weekend, although at least one weekend has gone by. */
    private static boolean isBusinessDaily(long[] times) {
        if (times.length < FEWEST_BUSINESS_DAYS || times[times.length - 1] - times[0] < WEEK) return false;
        return Arrays.stream(times).noneMatch(time -> TimeAxis.local(time).getDayOfWeek().getValue() > 5);
    }

    /** The grid that is nearest to most of the ascending times. Index 0 is the step nearest to the first of them. */
    public static TimeAxis axis(long[] times, Frequency frequency, TimeFormat format) {
        if (frequency.kind() == Frequency.Kind.WEEKS_OF_QUARTERS) {
            TimeAxis any = ofLastWeeks(times, frequency, format);
            return any.from((int) any.nearestIndex(times[0]));
        }
        int dayOfMonth = frequency.isCalendar() ? dayOfMonth(times) : 0;
        long start; // of any index
        if (frequency.isCalendar() || frequency.isBusinessDay()) {
            LocalDate day = TimeAxis.local(times[0]).toLocalDate();
            if (frequency.isCalendar()) day = day.withDayOfMonth(Math.min(dayOfMonth, day.lengthOfMonth()));
            while (frequency.isBusinessDay() && day.getDayOfWeek().getValue() > 5) day = day.minusDays(1);
            start = day.toEpochDay() * DAY + mode(Arrays.stream(times).map(time -> Math.floorMod(time, DAY))).value;
        } else {
            start = phase(times, frequency.count());
        }
        TimeAxis any = new TimeAxis(start, frequency, dayOfMonth, format);
        return new TimeAxis(any.timeAt(any.nearestIndex(times[0])), frequency, dayOfMonth, format);
    }

    /** A grid of weeks of quarters that the last times lie on: years with a week more are left behind. */
    private static TimeAxis ofLastWeeks(long[] times, Frequency frequency, TimeFormat format) {
        long steps = LongStream.of(steps(times))
                .map(step -> Math.round((double) step / frequency.nominalMillis()))
                .sum();
        // Behind a missing step, every third row is another one.
        boolean isWhole = steps == times.length - 1;
        return (isWhole ? LongStream.of(frequency.count()) : Arrays.stream(ORDERS).asLongStream()).mapToObj(order -> {
            Frequency weeks = new Frequency(frequency.kind(), order);
            long last = new TimeAxis(times[0], weeks, 0, format).timeAt(steps);
            return new TimeAxis(times[0] + times[times.length - 1] - last, weeks, 0, format);
        })
                .max(Comparator.comparingLong(axis -> Arrays.stream(times)
                        .skip(Math.max(0, times.length - FEWEST_PERIODS))
                        .filter(time -> axis.timeAt(axis.nearestIndex(time)) == time)
                        .count()))
                .orElseThrow();
    }

    /**
     * The usual frequency that is nearest to the median difference between ascending times, or to the mean one where most steps of
     * the former would be without a time; at most a month.
     */
    public static Frequency usual(long[] times) {
        long[] steps = LongStream.of(steps(times)).sorted().toArray();
        double median = steps[steps.length / 2];
        double mean = (double) (times[times.length - 1] - times[0]) / steps.length;
        double usual = mean > MOST_EMPTY * median ? mean : median;
        if (usual > 2 * WEEK) return Frequency.ofMonths(1);
        return Frequency.ofMillis(LongStream.of(USUAL)
                .boxed()
                .min(Comparator.comparing(step -> Math.abs(Math.log(step / usual))))
                .orElseThrow());
    }

    /** The grid whose index 0 is the step in which the time falls. Steps start at the full hour, day, Monday, month or year. */
    public static TimeAxis axisAround(long time, Frequency frequency, TimeFormat format) {
        LocalDate day = TimeAxis.local(time).toLocalDate();
        long count = frequency.count();
        long start = switch (frequency.kind()) {
            case MONTHS -> {
                long since = Math.floorMod(day.getLong(ChronoField.PROLEPTIC_MONTH), count);
                yield day.withDayOfMonth(1).minusMonths(since).toEpochDay() * DAY;
            }
            // Times at a weekend belong to Friday.
            case BUSINESS_DAYS -> day.minusDays(Math.max(0, day.getDayOfWeek().getValue() - 5)).toEpochDay() * DAY;
            case WEEKS_OF_QUARTERS -> time;
            default -> {
                long origin = count % WEEK == 0 ? MONDAY : 0;
                yield origin + Math.floorDiv(time - origin, count) * count;
            }
        };
        return new TimeAxis(start, frequency, frequency.isCalendar() ? 1 : 0, format);
    }

    /** The most frequent remainder of the times by the step; the median where jitter makes none frequent. */
    private static long phase(long[] times, long step) {
        Mode mode = mode(Arrays.stream(times).map(time -> Math.floorMod(time, step)));
        if (mode.count * SHARE >= times.length) return mode.value;
        // The remainders are taken around that of the first time, so that the wrap at 0 does not split them.
        long[] around = Arrays.stream(times)
                .map(time -> Math.floorMod(time - times[0] + step / 2, step) - step / 2)
                .sorted()
                .toArray();
        return Math.floorMod(times[0] + around[around.length / 2], step);
    }

    /**
     * Whether most differences have a length that so many months can have. Where all lengths are equal, as they are for
     * four weeks, the days of the month decide.
     */
    private static boolean isCalendar(long[] times, long[] steps, int kind) {
        int fitting = 0;
        boolean varied = false;
        boolean aligned = true;
        long length = 0;
        for (int i = 0; i < steps.length; i++) {
            long days = Math.round((double) steps[i] / DAY);
            if (days >= SHORTEST_DAYS[kind] && days <= LONGEST_DAYS[kind]) {
                varied |= length != 0 && days != length;
                length = days;
                aligned &= isAligned(TimeAxis.local(times[i]), TimeAxis.local(times[i + 1]));
                fitting++;
            }
        }
        return fitting * 2 > steps.length && (varied || aligned);
    }

    private static boolean isAligned(LocalDateTime a, LocalDateTime b) {
        return a.getDayOfMonth() == b.getDayOfMonth() || (isMonthEnd(a) && isMonthEnd(b));
    }

    private static boolean isMonthEnd(LocalDateTime time) {
        return time.getDayOfMonth() == YearMonth.from(time).lengthOfMonth();
    }

    /** The most frequent day of the month; 31 when most times are ends of months. */
    private static int dayOfMonth(long[] times) {
        long monthEnds = Arrays.stream(times).filter(time -> isMonthEnd(TimeAxis.local(time))).count();
        if (monthEnds * 2 > times.length) return 31;
        return (int) mode(Arrays.stream(times).map(time -> TimeAxis.local(time).getDayOfMonth())).value;
    }

    /** The most frequent value; of equally frequent ones, the smallest. */
    private static Mode mode(LongStream values) {
        long[] sorted = values.sorted().toArray();
        Mode best = new Mode(sorted[0], 0);
        int start = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || sorted[i] != sorted[start]) {
                if (i - start > best.count) best = new Mode(sorted[start], i - start);
                start = i;
            }
        }
        return best;
    }

    private record Mode(long value, long count) {}
}
