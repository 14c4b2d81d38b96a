package org.ttm4j.jdbc;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;

/** Times in text columns, in the format ISO 8601. SQLite has only such times. */
final class TextTimes {
    private static final DateTimeFormatter ISO = DateTimeFormatter
            .ofPattern("uuuu-MM-dd[[' ']['T']HH:mm[:ss[.SSSSSS][.SSS]]][XXX][X]", Locale.ROOT);
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    /** Behind a date: what is before a time, the time, and its offset. Any text matches. */
    private static final Pattern PARTS = Pattern
            .compile("(?s).{0,10}([T ]?)(.*?)(Z|[+-](?:0\\d|1[0-4])(?::[0-5]\\d)?|)\\z");

    private TextTimes() {}

    /**
     * The milliseconds since 1970-01-01 00:00, in UTC or, for a text without an offset, in local time; null for null.
     *
     * @throws DateTimeException when the text is not a time
     */
    static Long millis(String text) {
        if (text == null) return null;
        TemporalAccessor time;
        try {
            time = ISO.parseBest(text.strip(), Instant::from, LocalDateTime::from, LocalDate::from);
        } catch (DateTimeException e) {
            throw new DateTimeException("expected a time such as 2026-01-31 13:00:00, found " + Printable.quoted(text),
                    e);
        }
        return millis(time);
    }

    /** The same of an instant, or of a date with or without a time of day, which is a local time. */
    static Long millis(TemporalAccessor time) {
        return switch (time) {
            case null -> null;
            case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
            case LocalDateTime local -> local.toInstant(ZoneOffset.UTC).toEpochMilli();
            default -> Instant.from(time).toEpochMilli();
        };
    }

    /** A local time, to the millisecond where it is not at a second; null for null. */
    static String text(LocalDateTime time) {
        return time == null ? null : LONG.format(time).replaceFirst("\\.000$", "");
    }

    /** The label of a time, with a longer time of day if the label's format, that of one text, is too short. */
    static String text(String label, LocalDateTime time) {
        try {
            TemporalAccessor read = ISO.parseBest(label, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            LocalDateTime shown = read instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(read);
            if (shown.equals(time)) return label;
        } catch (DateTimeException inAnotherFormat) {
            return label;
        }
        String longer = text(time);
        String offset = label.replaceFirst("^.{10}.*?(Z|[+-]\\d\\d(:\\d\\d)?)?$", "$1");
        return (label.indexOf('T') > 0 ? longer.replace(' ', 'T') : longer) + offset;
    }

    /** The format of a text, for writing the times of a forecast in the same format. */
    static TimeFormat format(String text) {
        MatchResult parts = PARTS.matcher(text.strip()).results().findFirst().orElseThrow();
        String time = switch (parts.group(2).length()) {
            case 0 -> "";
            case 5 -> "HH:mm";
            case 8 -> "HH:mm:ss";
            default -> "HH:mm:ss.SSS";
        };
        String offset = parts.group(3);
        String zone = offset.equals("Z") ? "XXX" : "x".repeat(offset.length() / 2);
        return new TimeFormat("uuuu-MM-dd" + parts.group(1).replace("T", "'T'") + time + zone,
                offset.isEmpty() ? ZoneOffset.UTC : ZoneOffset.of(offset));
    }
}
