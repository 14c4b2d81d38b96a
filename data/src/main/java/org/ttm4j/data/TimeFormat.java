package org.ttm4j.data;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How the times of a file are written, so that a forecast's times can be written alike. Times without an offset are
 * local times of an unknown place: they are counted as if they were UTC and never shifted. Immutable.
 *
 * @param pattern a {@link DateTimeFormatter} pattern, or {@link #EPOCH_SECONDS} or {@link #EPOCH_MILLIS}
 * @param offset the offset the times are written in
 */
public record TimeFormat(String pattern, ZoneOffset offset) {
    /** The pattern of seconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_SECONDS = "epoch seconds";

    /** The pattern of milliseconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_MILLIS = "epoch milliseconds";

    /** @throws IllegalArgumentException if the pattern is not one of {@link DateTimeFormatter}'s */
    public TimeFormat {
        if (!isEpoch(pattern)) {
            DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
        }
    }

    /** Writes a time given in milliseconds since 1970-01-01 00:00. */
    public String format(long millis) {
        if (isEpoch(pattern)) {
            return Long.toString(pattern.equals(EPOCH_SECONDS) ? Math.floorDiv(millis, 1000L) : millis);
        }
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(Instant.ofEpochMilli(millis).atOffset(offset));
    }

    private static boolean isEpoch(String pattern) {
        return pattern.equals(EPOCH_SECONDS) || pattern.equals(EPOCH_MILLIS);
    }
}
