package org.ttm4j.data.series;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The format in which a file writes times, so that the times of a forecast can be written in it too. Times without an
 * offset are local times of an unknown place: they are counted as if they were in UTC and never shifted. Immutable.
 *
 * @param pattern a {@link DateTimeFormatter} pattern, or {@link #EPOCH_SECONDS} or {@link #EPOCH_MILLIS}, to which
 *     {@code .S} to {@code .SSS} adds decimals
 * @param offset the offset from UTC with which times are written
 */
public record TimeFormat(String pattern, ZoneOffset offset) {
    /** The pattern of seconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_SECONDS = "epoch seconds";

    /** The pattern of milliseconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_MILLIS = "epoch milliseconds";

    /** @throws IllegalArgumentException when {@link DateTimeFormatter} does not accept the pattern */
    public TimeFormat {
        if (!isEpoch(pattern)) DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    /** Writes a time given in milliseconds since 1970-01-01 00:00. */
    public String format(long millis) {
        if (isEpoch(pattern)) {
            boolean seconds = pattern.startsWith(EPOCH_SECONDS);
            int decimals = pattern.length() - pattern.replace("S", "").length();
            BigDecimal number = BigDecimal.valueOf(millis, seconds ? 3 : 0);
            return number.setScale(decimals, RoundingMode.FLOOR).toPlainString();
        }
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(Instant.ofEpochMilli(millis).atOffset(offset));
    }

    /**
     * Whether times in both formats can be compared: both have an offset from UTC, or neither has, or one is an epoch.
     */
    public boolean isComparable(TimeFormat other) {
        return isEpoch(pattern) || isEpoch(other.pattern) || hasOffset() == other.hasOffset();
    }

    /** Whether the format includes the offset from UTC. */
    public boolean hasOffset() {
        return pattern.endsWith("x") || pattern.endsWith("X");
    }

    /** The format of {@link #EPOCH_SECONDS} or {@link #EPOCH_MILLIS} with 0 to 3 decimals. */
    public static TimeFormat epoch(String unit, int decimals) {
        return new TimeFormat(decimals == 0 ? unit : unit + "." + "S".repeat(decimals), ZoneOffset.UTC);
    }

    private static boolean isEpoch(String pattern) {
        String unit = pattern.replaceFirst("\\.S{1,3}$", "");
        return unit.equals(EPOCH_SECONDS) || unit.equals(EPOCH_MILLIS);
    }
}
