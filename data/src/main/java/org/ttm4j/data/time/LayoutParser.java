package org.ttm4j.data.time;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.ttm4j.data.series.TimeFormat;

/**
 * Reads the times of one column, all in one layout, and learns how they are written. It is written by hand because a
 * {@code DateTimeFormatter} would take longer than the rest of the row. Not thread-safe.
 */
public final class LayoutParser implements TimeParser {
    /** Digits of a date and a time of day are accepted in these years only: others are more likely epochs. */
    private static final int EARLIEST_COMPACT_TIME = 1900;
    private static final int LATEST_COMPACT_TIME = 2100;

    private static final int LONGEST_NUMBER = 15;
    private static final int LONGEST_EPOCH = 40;
    /** In a time of these years; one less until 2001. */
    private static final int DIGITS_OF_MILLIS = 13;

    /** From 1927 to 2173. */
    private static final int EXCEL_DIGITS = 5;
    private static final int EXCEL_DAY_OF_1970 = 25_569;

    private static final long MILLIS_PER_DAY = 86_400_000;

    private final TimeLayout layout;
    private TimeStyle style;
    private int decimals; // of an epoch
    private long millis;

    // The cell being read.
    private String text;
    private int at;
    private int width;

    public LayoutParser(TimeLayout layout) {
        this.layout = layout;
    }

    @Override
    public TimeLayout layout() {
        return layout;
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public boolean read(String cell) {
        text = cell;
        at = 0;
        if (layout == TimeLayout.NUMBERS) return readNumber();
        if (layout == TimeLayout.EXCEL_DAYS) return readExcelDays();
        if (layout.isEpoch()) return readEpoch();
        return layout.isNumber() ? readCompact() : readDateTime();
    }

    @Override
    public TimeFormat format() {
        if (layout.isEpoch() || layout == TimeLayout.EXCEL_DAYS) return TimeFormat.counting(layout.pattern(), decimals);
        return layout.isNumber()
                ? new TimeFormat(layout.pattern(), ZoneOffset.UTC)
                : new TimeFormat(style.pattern(layout), style.offset);
    }

    /** Reads a whole number. */
    private boolean readNumber() {
        int sign = text.startsWith("-") ? 1 : 0;
        int digits = digitsEnd(sign) - sign;
        if (digits == 0 || digits > LONGEST_NUMBER || sign + digits < text.length()) return false;
        millis = Long.parseLong(text);
        return true;
    }

    /** Reads the digits of a date, or of a date and a time of day. */
    private boolean readCompact() {
        if (text.length() != layout.pattern().length() || digitsEnd(0) < text.length()) return false;
        int year = Integer.parseInt(text, 0, 4, 10);
        boolean bounded = layout.isCompactTime() || layout == TimeLayout.COMPACT_MONTH;
        if (bounded && (year < EARLIEST_COMPACT_TIME || year > LATEST_COMPACT_TIME)) return false;
        int hour = twoDigits(8, 0);
        int minute = twoDigits(10, 0);
        int second = twoDigits(12, 0);
        return isTimeOfDay(hour, minute, second, 0)
                && setTime(year, twoDigits(4, 1), twoDigits(6, 1), millis(hour, minute, second, 0));
    }

    private int twoDigits(int from, int otherwise) {
        return from < text.length() ? Integer.parseInt(text, from, from + 2, 10) : otherwise;
    }

    /** Reads whole numbers, and decimals because some programs write every number with them. */
    private boolean readEpoch() {
        int sign = text.startsWith("-") ? 1 : 0;
        int end = digitsEnd(sign);
        int decimalsEnd = end < text.length() && text.charAt(end) == '.' ? digitsEnd(end + 1) : end;
        int most = switch (layout) {
            case EPOCH_SECONDS -> DIGITS_OF_MILLIS - 3;
            case EPOCH_MILLIS -> DIGITS_OF_MILLIS;
            case EPOCH_MICROS -> DIGITS_OF_MILLIS + 3;
            default -> DIGITS_OF_MILLIS + 6;
        };
        boolean plausible = (end - sign == most || end - sign == most - 1) && text.length() <= LONGEST_EPOCH;
        if (!plausible || decimalsEnd < text.length() || decimalsEnd == end + 1) return false;
        int count = Math.max(0, decimalsEnd - end - 1);
        millis = new BigDecimal(text).scaleByPowerOfTen(DIGITS_OF_MILLIS - most).longValue();
        decimals = Math.max(decimals, Math.min(count, 3));
        return true;
    }

    /** Reads days to the nearest second. */
    private boolean readExcelDays() {
        int end = digitsEnd(0);
        boolean point = end < text.length() && text.charAt(end) == '.';
        int last = point ? digitsEnd(end + 1) : end;
        if (end != EXCEL_DIGITS || last < text.length() || last > LONGEST_NUMBER || last == end + 1) return false;
        long seconds = Math.round((Double.parseDouble(text) - EXCEL_DAY_OF_1970) * MILLIS_PER_DAY / 1000);
        millis = seconds * 1000;
        decimals = Math.max(decimals, Math.max(0, last - end - 1));
        return true;
    }

    /** The index of the first character at or after {@code from} that is not a digit. */
    private int digitsEnd(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') end++;
        return end;
    }

    private boolean readDateTime() {
        TimeStyle read = new TimeStyle();
        boolean yearFirst = layout == TimeLayout.YEAR_FIRST;
        int first = digits(yearFirst ? 4 : 1, yearFirst ? 4 : 2);
        read.padded = width >= 2;
        read.separator = next();
        int second = digits(1, 2);
        read.padded &= width == 2;
        int third = 1;
        read.monthsOnly = yearFirst && at == text.length();
        if (!read.monthsOnly) {
            if (next() != read.separator) return false;
            third = digits(yearFirst ? 1 : 4, yearFirst ? 2 : 4);
            read.padded &= width >= 2;
        }
        if (Math.min(first, Math.min(second, third)) < 0 || !separates(read.separator)) return false;
        long timeOfDay = at < text.length() ? readTime(read) : 0;
        if (timeOfDay < 0 || at < text.length() || (style != null && !style.agrees(read))) return false;
        int year = yearFirst ? first : third;
        int month = layout == TimeLayout.MONTH_FIRST ? first : second;
        int day = yearFirst ? third : layout == TimeLayout.DAY_FIRST ? first : second;
        if (!setTime(year, month, day, timeOfDay - read.offset.getTotalSeconds() * 1000L)) return false;
        style = style == null ? read : style.merge(read);
        return true;
    }

    private boolean separates(char c) {
        return c == '-' || c == '/' || (c == '.' && layout != TimeLayout.MONTH_FIRST);
    }

    /** Reads the time of day and the offset, from the cursor to the end; −1 when they are malformed. */
    private long readTime(TimeStyle read) {
        read.joint = Character.toUpperCase(next());
        int hour = digits(1, 2);
        read.hourPadded = width == 2;
        read.timeParts = 1;
        int minute = 0;
        int second = 0;
        long fraction = 0;
        if (peek() == ':') {
            at++;
            minute = digits(2, 2);
            read.timeParts = 2;
        }
        if (peek() == ':') {
            at++;
            second = digits(2, 2);
            read.timeParts = 3;
            if (peek() == '.' || peek() == ',') {
                at++;
                int nanos = digits(1, 9);
                read.fractionDigits = width;
                fraction = nanos < 0 ? -1 : (long) (nanos / Math.pow(10, width - 3));
            }
        }
        hour = readHalfOfDay(read, hour);
        if ((read.joint != ' ' && read.joint != 'T') || !isTimeOfDay(hour, minute, second, fraction)
                || !readOffset(read)) {
            return -1;
        }
        long time = millis(hour, minute, second, fraction);
        read.midnightAtStart = time == 0;
        read.midnightAtEnd = time == MILLIS_PER_DAY;
        return time;
    }

    /** Reads {@code AM} or {@code PM}, with or without a blank before it, and returns the hour from 0 to 23. */
    private int readHalfOfDay(TimeStyle read, int hour) {
        int letter = peek() == ' ' ? at + 1 : at;
        if (!text.regionMatches(true, letter, "AM", 0, 2) && !text.regionMatches(true, letter, "PM", 0, 2)) return hour;
        read.half = letter > at ? " a" : "a";
        boolean afternoon = Character.toUpperCase(text.charAt(letter)) == 'P';
        at = letter + 2;
        return hour < 1 || hour > 12 ? -1 : hour % 12 + (afternoon ? 12 : 0);
    }

    private static boolean isTimeOfDay(int hour, int minute, int second, long fraction) {
        boolean midnightAtEnd = hour == 24 && minute == 0 && second == 0 && fraction == 0;
        return hour >= 0 && minute >= 0 && second >= 0 && fraction >= 0 && minute < 60 && second < 60
                && (hour < 24 || midnightAtEnd);
    }

    private static long millis(int hour, int minute, int second, long fraction) {
        return hour * 3_600_000L + minute * 60_000L + second * 1000L + fraction;
    }

    /** Reads {@code Z}, {@code ±HH}, {@code ±HHMM}, {@code ±HH:MM}, or nothing. */
    private boolean readOffset(TimeStyle read) {
        char c = peek();
        if (c == 'Z') {
            at++;
            read.zone = "XXX";
        } else if (c == '+' || c == '-') {
            at++;
            int hours = digits(2, 2);
            read.zone = at == text.length() ? "x" : peek() == ':' ? "xxx" : "xx";
            at += peek() == ':' ? 1 : 0;
            int minutes = at < text.length() ? digits(2, 2) : 0;
            if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) return false;
            read.offset = ZoneOffset.ofTotalSeconds((c == '-' ? -1 : 1) * (hours * 3600 + minutes * 60));
        }
        return true;
    }

    private boolean setTime(int year, int month, int day, long millisOfDay) {
        if (month < 1 || month > 12 || day < 1 || day > 31) return false;
        try {
            millis = LocalDate.of(year, month, day).toEpochDay() * MILLIS_PER_DAY + millisOfDay;
            return true;
        } catch (DateTimeException noSuchDay) {
            return false;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    /** Reads the number at the cursor and stores its count of digits in width; −1 when it has fewer than needed. */
    private int digits(int fewest, int most) {
        int number = 0;
        width = 0;
        while (width < most && peek() >= '0' && peek() <= '9') {
            number = number * 10 + (next() - '0');
            width++;
        }
        return width < fewest ? -1 : number;
    }
}
