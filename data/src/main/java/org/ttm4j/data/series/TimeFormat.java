package org.ttm4j.data.series;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How the times of a file are written, so that a forecast's times can be written alike. Times without an offset are
 * local times of an unknown place: they are counted as if they were UTC and never shifted. Immutable.
 *
 * @param pattern a {@link DateTimeFormatter} pattern, or {@link #EPOCH_SECONDS} or {@link #EPOCH_MILLIS};
 *     {@code .S} to {@code .SSS} after these are decimals
 * @param offset the offset the times are written in
 */
public record TimeFormat(String pattern, ZoneOffset offset) {
    /** The pattern of seconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_SECONDS = "epoch seconds";

    /** The pattern of milliseconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_MILLIS = "epoch milliseconds";

    /** @throws IllegalArgumentException when the pattern is not one of {@link DateTimeFormatter}'s */
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

    /** Whether times in the other format are told from the same zero: both with an offset from UTC, or neither. */
    public boolean isComparable(TimeFormat other) {
        return isEpoch(pattern) || isEpoch(other.pattern) || hasOffset() == other.hasOffset();
    }

    /** Whether an offset from UTC is written. */
    public boolean hasOffset() {
        return pattern.endsWith("x") || pattern.endsWith("X");
    }

    /** An epoch written with so many decimals, up to 3. */
    public static TimeFormat epoch(String unit, int decimals) {
        return new TimeFormat(decimals == 0 ? unit : unit + "." + "S".repeat(decimals), ZoneOffset.UTC);
    }

    private static boolean isEpoch(String pattern) {
        String unit = pattern.replaceFirst("\\.S{1,3}$", "");
        return unit.equals(EPOCH_SECONDS) || unit.equals(EPOCH_MILLIS);
    }
}
