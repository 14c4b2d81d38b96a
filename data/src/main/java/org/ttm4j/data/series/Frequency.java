package org.ttm4j.data.series;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.Locale;
import java.util.Optional;

/**
 * The frequency of a regular time grid, that is the time between two steps: a number of calendar months, a fixed
 * duration, a business day, or a difference between the numbers by which a file without times counts. Immutable.
 *
 * <pre>{@code
 * Frequency.parse("PT15M");                  // 15 minutes
 * Frequency.parse("P3M").toTemporalAmount(); // Period.ofMonths(3)
 * Frequency.parse("B");                      // Monday to Friday
 * }</pre>
 *
 * @param kind what is counted
 * @param count how many of them: months (a quarter is 3, a year is 12), milliseconds, business days (always 1), numbers; for
 *     weeks of quarters those of the three steps from the start on, as the digits of 445, 454 or 544; for open times
 *     what {@link #ofOpenTimes} makes of them
 * @param stated of numbers, the time between two steps as far as the caller says it, which gives them no dates; null otherwise
 */
public record Frequency(Kind kind, long count, Frequency stated) {
    /** From Monday to Friday. */
    public static final Frequency BUSINESS_DAY = new Frequency(Kind.BUSINESS_DAYS, 1);

    private static final double MILLIS_PER_MONTH = 365.2425 / 12 * 86_400_000;
    private static final Duration BUSINESS_DAYS_LENGTH = Duration.ofDays(7).dividedBy(5);
    private static final long[] UNIT_MILLIS = {604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1};
    private static final String[] UNIT_NAMES = {"week", "day", "hour", "minute", "second", "millisecond"};

    private static final Duration QUARTER = Duration.ofDays(91);

    /** What a frequency counts. */
    public enum Kind {
        /** Calendar months, whose length varies. */
        MONTHS,
        /** Milliseconds. */
        MILLIS,
        /** Days from Monday to Friday. */
        BUSINESS_DAYS,
        /** Thirteen weeks in three periods of 4, 4 and 5 weeks in some order, by which retailers count. */
        WEEKS_OF_QUARTERS,
        /** Steps of a day or less on some weekdays and in some hours only, as of a shop that is closed on Sundays. */
        OPEN_TIMES,
        /** Differences between numbers that are not times. */
        NUMBERS
    }

    /** @throws IllegalArgumentException unless the count is above 0, and 1 for business days */
    public Frequency {
        if (count < 1 || count > (kind == Kind.BUSINESS_DAYS ? 1 : kind == Kind.MONTHS ? 120_000 : Long.MAX_VALUE)) {
            throw new IllegalArgumentException("expected a frequency above 0, found " + count + " " + kind);
        }
    }

    /** A frequency of a kind, without a stated time between numbers. */
    public Frequency(Kind kind, long count) {
        this(kind, count, null);
    }

    /** A frequency of calendar months. */
    public static Frequency ofMonths(int months) {
        return new Frequency(Kind.MONTHS, months);
    }

    /** A frequency of fixed duration. */
    public static Frequency ofMillis(long millis) {
        return new Frequency(Kind.MILLIS, millis);
    }

    /**
     * Steps on some weekdays and in some hours only.
     *
     * @param weekdays a bit for each weekday, set where it has steps; bit 0 is Monday
     * @param hours a bit for each hour of the day, set where steps begin in it; bit 0 is midnight. Steps of a day have one
     * @param minutes of a step: a divisor of an hour, or hours
     * @throws IllegalArgumentException when no step is left in a week, or the minutes are others
     */
    public static Frequency ofOpenTimes(int weekdays, int hours, int minutes) {
        return new Frequency(Kind.OPEN_TIMES, new OpenTimes(weekdays, hours, minutes).count());
    }

    /**
     * The frequency without the weekdays and hours at which something is closed, as a shop is: none of the times of a series lies
     * there, which chance would hardly do. The same where there are none, or steps are longer than a day.
     *
     * @param times the steps that occur, ascending and on the grid of the series
     */
    public Frequency withoutClosed(long[] times) {
        return kind == Kind.MILLIS ? OpenTimes.of(this, times).orElse(this) : this;
    }

    /** A difference between the numbers of two steps. */
    public static Frequency ofNumbers(long difference) {
        return new Frequency(Kind.NUMBERS, difference);
    }

    /**
     * Reads a frequency in ISO 8601, such as {@code PT15M}, {@code PT1H}, {@code P1D}, {@code P1W}, {@code P1M} (a
     * month) or {@code P1Y}, or {@code B} for business days, in any case.
     *
     * @throws IllegalArgumentException when the text is no such frequency, is not above 0, mixes months with days or
     *     times, or is finer than milliseconds
     */
    public static Frequency parse(String text) {
        try {
            if (text.equalsIgnoreCase("B")) return BUSINESS_DAY;
            if (text.toUpperCase(Locale.ROOT).contains("T")) {
                Duration duration = Duration.parse(text);
                if (duration.getNano() % 1_000_000 == 0) return ofMillis(duration.toMillis());
            } else {
                Period period = Period.parse(text);
                if (period.getDays() == 0) return new Frequency(Kind.MONTHS, period.toTotalMonths());
                if (period.toTotalMonths() == 0) return ofMillis(Duration.ofDays(period.getDays()).toMillis());
            }
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            // The exception below names all that is expected.
        }
        throw new IllegalArgumentException(
                "expected a frequency in ISO 8601, such as PT15M, PT1H, P1D, P1W, P1M or P1Y, or B for business days, "
                        + "found " + Printable.quoted(text));
    }

    /** Whether the frequency is a number of calendar months, whose length varies. */
    public boolean isCalendar() {
        return kind == Kind.MONTHS;
    }

    /** Whether steps are the days from Monday to Friday. */
    public boolean isBusinessDay() {
        return kind == Kind.BUSINESS_DAYS;
    }

    /**
     * The frequency as Java's own type: a {@link Period} of months, or a {@link Duration}. A business day is a fifth of
     * a week, so that five of them are one and 260 are a year. Of open times it is the mean step: a week divided by its
     * number of steps. Empty where it is not known what passes between the numbers of a file.
     */
    public Optional<TemporalAmount> toTemporalAmount() {
        return switch (kind) {
            case MONTHS -> Optional.of(Period.ofMonths((int) count));
            case MILLIS -> Optional.of(Duration.ofMillis(count));
            case BUSINESS_DAYS -> Optional.of(BUSINESS_DAYS_LENGTH);
            case WEEKS_OF_QUARTERS -> Optional.of(QUARTER.dividedBy(3));
            case OPEN_TIMES -> Optional.of(OpenTimes.of(count).length());
            case NUMBERS -> Optional.ofNullable(stated).flatMap(Frequency::toTemporalAmount);
        };
    }

    /** The length of a step in milliseconds; for calendar months and business days the mean length. */
    public long nominalMillis() {
        return switch (kind) {
            case MONTHS -> Math.round(count * MILLIS_PER_MONTH);
            case MILLIS, NUMBERS -> count;
            default -> Duration.from(toTemporalAmount().orElseThrow()).toMillis();
        };
    }

    /** The time between two neighbouring steps of one day, for open times; empty for other kinds. */
    public Optional<Duration> openStep() {
        return kind == Kind.OPEN_TIMES
                ? Optional.of(Duration.ofMinutes(OpenTimes.of(count).minutes()))
                : Optional.empty();
    }

    /** The number of steps of an open day, for open times; 0 for other kinds. */
    public int openStepsOfDay() {
        return kind == Kind.OPEN_TIMES ? OpenTimes.of(count).ofDay() : 0;
    }

    /** The closed times in words, such as {@code Sundays, 20:00 to 7:59}; empty for kinds other than open times. */
    public String closed() {
        return kind == Kind.OPEN_TIMES ? OpenTimes.of(count).closed() : "";
    }

    /** The frequency in words, such as {@code 15 minutes}. */
    @Override
    public String toString() {
        if (kind == Kind.NUMBERS) return "" + count;
        if (kind == Kind.BUSINESS_DAYS) return "1 business day";
        if (kind == Kind.WEEKS_OF_QUARTERS) return "4-4-5 weeks";
        if (kind == Kind.OPEN_TIMES) return ofMillis(60_000L * OpenTimes.of(count).minutes()) + " without " + closed();
        if (isCalendar()) return count % 12 == 0 ? count(count / 12, "year") : count(count, "month");
        int unit = 0;
        while (count % UNIT_MILLIS[unit] != 0) unit++;
        return count(count / UNIT_MILLIS[unit], UNIT_NAMES[unit]);
    }

    private static String count(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
