package org.ttm4j.data.time;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.time.temporal.TemporalQueries;
import java.time.temporal.WeekFields;
import java.util.Locale;
import java.util.regex.Pattern;
import org.ttm4j.data.series.TimeFormat;

/**
 * Reads times by a pattern of {@link DateTimeFormatter}. Parts that the pattern lacks are the first: the first month of
 * a quarter, Monday, midnight. A day may end at 24:00.
 */
final class PatternParser implements TimeParser {
    private static final int LAST_HOUR = 24;
    /** An hour of a pattern outside its quoted texts. */
    private static final Pattern HOUR = Pattern.compile("H(?=[^']*(?:'[^']*'[^']*)*$)");

    private final String pattern;
    private final Locale locale;
    private final DateTimeFormatter formatter;
    private ZoneId zone = ZoneOffset.UTC;
    private long millis;
    private boolean midnightAtStart; // a day begins at 0:00
    private boolean midnightAtEnd; // a day ends at 24:00

    PatternParser(String pattern, Locale locale) {
        this.pattern = pattern;
        this.locale = locale;
        formatter = TimeFormat.formatter(pattern, locale);
    }

    @Override
    public TimeLayout layout() {
        return TimeLayout.PATTERN;
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public TimeFormat format() {
        String written = midnightAtEnd && !midnightAtStart ? HOUR.matcher(pattern).replaceAll("k") : pattern;
        return new TimeFormat(written, zone, locale, false);
    }

    @Override
    public boolean read(String cell) {
        try {
            ParsePosition position = new ParsePosition(0);
            // Returns null for what it does not read, and throws for an offset that no clock has.
            TemporalAccessor parts = formatter.parseUnresolved(cell, position);
            if (parts == null || position.getIndex() < cell.length()) return false;
            LocalTime inHour = LocalTime.of(0, get(parts, ChronoField.MINUTE_OF_HOUR, 0),
                    get(parts, ChronoField.SECOND_OF_MINUTE, 0), get(parts, ChronoField.NANO_OF_SECOND, 0));
            int hour = hour(parts, inHour);
            LocalDateTime time = LocalDateTime.of(date(parts), inHour).plusHours(hour);
            ZoneId region = parts.query(TemporalQueries.zoneId());
            ZoneOffset offset = parts.isSupported(ChronoField.OFFSET_SECONDS)
                    ? ZoneOffset.ofTotalSeconds(get(parts, ChronoField.OFFSET_SECONDS, 0))
                    : null;
            if (region != null) zone = region;
            else if (offset != null) zone = offset;
            millis = offset != null
                    ? time.toInstant(offset).toEpochMilli()
                    : time.atZone(zone).toInstant().toEpochMilli();
            midnightAtStart |= hour == 0 && inHour.equals(LocalTime.MIDNIGHT);
            midnightAtEnd |= hour == LAST_HOUR;
            return true;
        } catch (DateTimeException | ArithmeticException noSuchTime) {
            return false;
        }
    }

    private LocalDate date(TemporalAccessor parts) {
        TemporalField weekYear = WeekFields.ISO.weekBasedYear();
        if (pattern.indexOf('Y') >= 0) {
            return LocalDate.of(get(parts, weekYear, 0), 1, 4)
                    .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, get(parts, WeekFields.ISO.weekOfWeekBasedYear(), 1))
                    .with(DayOfWeek.of(get(parts, WeekFields.ISO.dayOfWeek(), get(parts, ChronoField.DAY_OF_WEEK, 1))));
        }
        if (!parts.isSupported(ChronoField.YEAR)) throw new DateTimeException("without a year");
        int year = get(parts, ChronoField.YEAR, 0);
        if (parts.isSupported(ChronoField.DAY_OF_YEAR)) {
            return LocalDate.ofYearDay(year, get(parts, ChronoField.DAY_OF_YEAR, 1));
        }
        int quarter = get(parts, IsoFields.QUARTER_OF_YEAR, 1);
        return LocalDate.of(year, get(parts, ChronoField.MONTH_OF_YEAR, 3 * quarter - 2),
                get(parts, ChronoField.DAY_OF_MONTH, 1));
    }

    private static int hour(TemporalAccessor parts, LocalTime inHour) {
        boolean endsDay = parts.isSupported(ChronoField.HOUR_OF_DAY)
                && parts.getLong(ChronoField.HOUR_OF_DAY) == LAST_HOUR && inHour.equals(LocalTime.MIDNIGHT);
        if (endsDay) return LAST_HOUR;
        int hour = get(parts, ChronoField.HOUR_OF_DAY, get(parts, ChronoField.CLOCK_HOUR_OF_DAY, 0));
        if (!parts.isSupported(ChronoField.AMPM_OF_DAY)) return hour;
        return 12 * get(parts, ChronoField.AMPM_OF_DAY, 0) + get(parts, ChronoField.CLOCK_HOUR_OF_AMPM, 12) % 12;
    }

    private static int get(TemporalAccessor parts, TemporalField field, int otherwise) {
        if (!parts.isSupported(field)) return otherwise;
        return field.range().checkValidIntValue(parts.getLong(field), field);
    }
}
