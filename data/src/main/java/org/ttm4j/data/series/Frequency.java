package org.ttm4j.data.series;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.Locale;

/**
 * The frequency of a regular time grid, that is the time between two steps: a number of calendar months, or a fixed
 * duration. Exactly one of the two is positive, the other is 0. Immutable.
 *
 * <pre>{@code
 * Frequency.parse("PT15M");              // 15 minutes
 * Frequency.parse("P3M").toTemporalAmount(); // Period.ofMonths(3)
 * }</pre>
 *
 * @param months calendar months (a quarter is 3, a year is 12)
 * @param millis milliseconds
 */
public record Frequency(int months, long millis) {
    private static final double MILLIS_PER_MONTH = 365.2425 / 12 * 86_400_000;
    private static final long[] UNIT_MILLIS = {604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1};
    private static final String[] UNIT_NAMES = {"week", "day", "hour", "minute", "second", "millisecond"};

    /** @throws IllegalArgumentException unless exactly one component is positive and the other is 0 */
    public Frequency {
        if (months < 0 || millis < 0 || (months == 0) == (millis == 0)) {
            throw new IllegalArgumentException("expected a frequency of either months or milliseconds above 0, found "
                    + months + " months and " + millis + " ms");
        }
    }

    /** A frequency of calendar months. */
    public static Frequency ofMonths(int months) {
        return new Frequency(months, 0);
    }

    /** A frequency of fixed duration. */
    public static Frequency ofMillis(long millis) {
        return new Frequency(0, millis);
    }

    /**
     * Reads a frequency in ISO 8601, such as {@code PT15M}, {@code PT1H}, {@code P1D}, {@code P1W}, {@code P1M} (a
     * month) or {@code P1Y}, in any case.
     *
     * @throws IllegalArgumentException when the text is no such frequency, is not above 0, mixes months with days or
     *     times, or is finer than milliseconds
     */
    public static Frequency parse(String text) {
        try {
            if (text.toUpperCase(Locale.ROOT).contains("T")) {
                Duration duration = Duration.parse(text);
                if (duration.getNano() % 1_000_000 == 0) return ofMillis(duration.toMillis());
            } else {
                Period period = Period.parse(text);
                return new Frequency(Math.toIntExact(period.toTotalMonths()),
                        Duration.ofDays(period.getDays()).toMillis());
            }
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            // The exception below names all that is expected.
        }
        throw new IllegalArgumentException(
                "expected a frequency in ISO 8601, such as PT15M, PT1H, P1D, P1W, P1M or P1Y, " + "found "
                        + Printable.quoted(text));
    }

    /** Whether the frequency is a number of calendar months, whose length varies. */
    public boolean isCalendar() {
        return months > 0;
    }

    /** The frequency as Java's own type: a {@link Period} of months, or a {@link Duration}. */
    public TemporalAmount toTemporalAmount() {
        return isCalendar() ? Period.ofMonths(months) : Duration.ofMillis(millis);
    }

    /** The length of a step; for calendar months the mean length over 400 years. */
    public Duration nominalLength() {
        return Duration.ofMillis(isCalendar() ? Math.round(months * MILLIS_PER_MONTH) : millis);
    }

    /** The frequency in words, such as {@code 15 minutes}. */
    @Override
    public String toString() {
        if (isCalendar()) return months % 12 == 0 ? count(months / 12, "year") : count(months, "month");
        int unit = 0;
        while (millis % UNIT_MILLIS[unit] != 0) unit++;
        return count(millis / UNIT_MILLIS[unit], UNIT_NAMES[unit]);
    }

    private static String count(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
