package org.ttm4j.data.series;

import java.time.Duration;

/**
 * The step of a regular time grid: a number of calendar months, or a fixed duration. Exactly one of the two is positive,
 * the other 0. Immutable.
 *
 * @param months calendar months (a quarter is 3, a year is 12)
 * @param millis milliseconds
 */
public record Frequency(int months, long millis) {
    private static final double MILLIS_PER_MONTH = 365.2425 / 12 * 86_400_000;
    private static final long[] UNIT_MILLIS = {604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1};
    private static final String[] UNIT_NAMES = {"week", "day", "hour", "minute", "second", "millisecond"};

    /** @throws IllegalArgumentException unless exactly one component is positive and the other 0 */
    public Frequency {
        if (months < 0 || millis < 0 || (months == 0) == (millis == 0)) {
            throw new IllegalArgumentException(
                    "expected either months or milliseconds to be positive, found " + months + " and " + millis);
        }
    }

    /** A step of calendar months. */
    public static Frequency ofMonths(int months) {
        return new Frequency(months, 0);
    }

    /** A step of fixed length. */
    public static Frequency ofMillis(long millis) {
        return new Frequency(0, millis);
    }

    /** Whether the step is a number of calendar months, whose length varies. */
    public boolean isCalendar() {
        return months > 0;
    }

    /** The step's length; for calendar months their mean length over 400 years. */
    public Duration nominalLength() {
        return Duration.ofMillis(isCalendar() ? Math.round(months * MILLIS_PER_MONTH) : millis);
    }

    /** The step in words, such as {@code 15 minutes}. */
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
