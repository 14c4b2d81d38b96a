package org.ttm4j.data.csv;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.ttm4j.data.series.TimeFormat;

/**
 * Reads the times of one column, all in one layout, and learns how they are written. Written by hand since a
 * {@code DateTimeFormatter} costs more than the rest of a row together.
 */
final class TimeParser {
    /** The order of the parts of a time. */
    enum Layout {
        YEAR_FIRST, DAY_FIRST, MONTH_FIRST, COMPACT, COMPACT_HOUR, COMPACT_MINUTE, COMPACT_SECOND, YEAR, EPOCH_SECONDS, EPOCH_MILLIS;

        /** Whether times in this layout are plain numbers. */
        boolean isNumber() {
            return ordinal() >= COMPACT.ordinal();
        }

        /** The layout of times written so. */
        static Layout of(TimeFormat format) {
            String pattern = format.pattern();
            if (pattern.startsWith(TimeFormat.EPOCH_SECONDS)) return EPOCH_SECONDS;
            if (pattern.startsWith(TimeFormat.EPOCH_MILLIS)) return EPOCH_MILLIS;
            if (!pattern.startsWith("uuuu")) return pattern.startsWith("d") ? DAY_FIRST : MONTH_FIRST;
            switch (pattern) {
                case "uuuu" :
                    return YEAR;
                case "uuuuMMdd" :
                    return COMPACT;
                case "uuuuMMddHH" :
                    return COMPACT_HOUR;
                case "uuuuMMddHHmm" :
                    return COMPACT_MINUTE;
                case "uuuuMMddHHmmss" :
                    return COMPACT_SECOND;
                default :
                    return YEAR_FIRST;
            }
        }

        boolean isEpoch() {
            return ordinal() >= EPOCH_SECONDS.ordinal();
        }

        /** Whether these are digits of a date and a time of day, which may look like an epoch. */
        boolean isCompactTime() {
            return this == COMPACT_HOUR || this == COMPACT_MINUTE || this == COMPACT_SECOND;
        }
    }

    /** Compact times of day are believed in these years only: others are more likely epochs. */
    private static final int EARLIEST_COMPACT_TIME = 1900;
    private static final int LATEST_COMPACT_TIME = 2100;

    private static final long MILLIS_PER_DAY = 86_400_000;

    private final Layout layout;
    private Style style;
    private int decimals; // of an epoch
    private long millis;

    // The cell being read.
    private String text;
    private int at;
    private int width;

    TimeParser(Layout layout) {
        this.layout = layout;
    }

    Layout layout() {
        return layout;
    }

    /** The time of the cell last read, in milliseconds since 1970-01-01 00:00. */
    long millis() {
        return millis;
    }

    /** Reads a cell; false if it is not a time in this layout, or is written unlike the cells before. */
    boolean read(String cell) {
        text = cell;
        at = 0;
        return layout.isNumber() ? readNumber() : readDateTime();
    }

    /** How the cells read so far are written. */
    TimeFormat format() {
        switch (layout) {
            case COMPACT :
                return new TimeFormat("uuuuMMdd", ZoneOffset.UTC);
            case COMPACT_HOUR :
                return new TimeFormat("uuuuMMddHH", ZoneOffset.UTC);
            case COMPACT_MINUTE :
                return new TimeFormat("uuuuMMddHHmm", ZoneOffset.UTC);
            case COMPACT_SECOND :
                return new TimeFormat("uuuuMMddHHmmss", ZoneOffset.UTC);
            case YEAR :
                return new TimeFormat("uuuu", ZoneOffset.UTC);
            case EPOCH_SECONDS :
                return TimeFormat.epoch(TimeFormat.EPOCH_SECONDS, decimals);
            case EPOCH_MILLIS :
                return TimeFormat.epoch(TimeFormat.EPOCH_MILLIS, decimals);
            default :
                return new TimeFormat(style.pattern(layout), style.offset);
        }
    }

    private boolean readNumber() {
        if (layout.isEpoch()) return readEpoch();
        int length = text.length();
        if (length > 14 || digitsEnd(0) < length) return false;
        switch (layout) {
            case COMPACT :
                return length == 8 && setTime(number(0, 4), number(4, 6), number(6, 8), 0);
            case COMPACT_HOUR :
                return length == 10 && readCompactTime(0, 0);
            case COMPACT_MINUTE :
                return length == 12 && readCompactTime(number(10, 12), 0);
            case COMPACT_SECOND :
                return length == 14 && readCompactTime(number(10, 12), number(12, 14));
            default :
                return length == 4 && setTime(number(0, 4), 1, 1, 0);
        }
    }

    private boolean readCompactTime(int minute, int second) {
        int year = number(0, 4);
        int hour = number(8, 10);
        return year >= EARLIEST_COMPACT_TIME && year <= LATEST_COMPACT_TIME && isTimeOfDay(hour, minute, second, 0)
                && setTime(year, number(4, 6), number(6, 8), millis(hour, minute, second, 0));
    }

    /** Digits, with a sign or not, and decimals as programs write that know floating-point numbers only. */
    private boolean readEpoch() {
        int sign = text.startsWith("-") ? 1 : 0;
        int end = digitsEnd(sign);
        int decimalsEnd = end < text.length() && text.charAt(end) == '.' ? digitsEnd(end + 1) : end;
        int digits = end - sign;
        boolean seconds = layout == Layout.EPOCH_SECONDS;
        boolean plausible = seconds ? digits == 9 || digits == 10 : digits == 12 || digits == 13;
        if (!plausible || decimalsEnd < text.length() || decimalsEnd == end + 1) return false;
        int count = Math.max(0, decimalsEnd - end - 1);
        long fraction = 0;
        for (int i = 0; i < (seconds ? 3 : 0); i++) {
            fraction = fraction * 10 + (i < count ? text.charAt(end + 1 + i) - '0' : 0);
        }
        millis = Long.parseLong(text, 0, end, 10) * (seconds ? 1000 : 1) + (sign == 1 ? -fraction : fraction);
        decimals = Math.max(decimals, Math.min(count, 3));
        return true;
    }

    /** The place of the first character from here that is no digit. */
    private int digitsEnd(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') end++;
        return end;
    }

    private int number(int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private boolean readDateTime() {
        Style read = new Style();
        boolean yearFirst = layout == Layout.YEAR_FIRST;
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
        int month = layout == Layout.MONTH_FIRST ? first : second;
        int day = yearFirst ? third : layout == Layout.DAY_FIRST ? first : second;
        if (!setTime(year, month, day, timeOfDay - read.offset.getTotalSeconds() * 1000L)) return false;
        style = style == null ? read : style.merge(read);
        return true;
    }

    private boolean separates(char c) {
        return c == '-' || c == '/' || (c == '.' && layout != Layout.MONTH_FIRST);
    }

    /** The time of day and the offset, from the cursor to the end; −1 if malformed. */
    private long readTime(Style read) {
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
                read.fractionDigits = Math.min(3, width);
                fraction = nanos < 0 ? -1 : (long) (nanos / Math.pow(10, width - 3));
            }
        }
        hour = readHalfOfDay(read, hour);
        if ((read.joint != ' ' && read.joint != 'T') || !isTimeOfDay(hour, minute, second, fraction)
                || !readOffset(read)) {
            return -1;
        }
        return millis(hour, minute, second, fraction);
    }

    /** The hour from 0 after {@code AM} or {@code PM}, with a blank in front or not; the hour itself without either. */
    private int readHalfOfDay(Style read, int hour) {
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

    /** {@code Z}, {@code ±HH}, {@code ±HHMM}, {@code ±HH:MM}, or nothing. */
    private boolean readOffset(Style read) {
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

    /** The number at the cursor and, in width, its count of digits; −1 if the count is out of bounds. */
    private int digits(int fewest, int most) {
        int number = 0;
        width = 0;
        while (width < most && peek() >= '0' && peek() <= '9') {
            number = number * 10 + (next() - '0');
            width++;
        }
        return width < fewest ? -1 : number;
    }

    /** How times are written. */
    private static final class Style {
        private char separator;
        private boolean monthsOnly;
        private boolean padded;
        private char joint = ' ';
        private int timeParts;
        private boolean hourPadded = true;
        private String half = ""; // the pattern of AM and PM
        private int fractionDigits;
        private String zone = "";
        private ZoneOffset offset = ZoneOffset.UTC;

        /** Whether a column may hold both: a midnight may lack its 00:00, a whole second its fraction. */
        boolean agrees(Style other) {
            boolean bothTimes = timeParts > 0 && other.timeParts > 0;
            return separator == other.separator && monthsOnly == other.monthsOnly && (!bothTimes
                    || (joint == other.joint && half.equals(other.half) && zone.isEmpty() == other.zone.isEmpty()));
        }

        /** The fuller of both styles, at the latter's offset. */
        Style merge(Style other) {
            padded &= other.padded;
            hourPadded &= other.hourPadded;
            joint = timeParts > 0 ? joint : other.joint;
            half = timeParts > 0 ? half : other.half;
            zone = zone.isEmpty() ? other.zone : zone;
            timeParts = Math.max(timeParts, other.timeParts);
            fractionDigits = Math.max(fractionDigits, other.fractionDigits);
            offset = other.offset;
            return this;
        }

        String pattern(Layout layout) {
            String day = padded ? "dd" : "d";
            String month = padded ? "MM" : "M";
            String date;
            if (layout == Layout.YEAR_FIRST) {
                date = "uuuu" + separator + month + (monthsOnly ? "" : separator + day);
            } else {
                boolean dayFirst = layout == Layout.DAY_FIRST;
                date = (dayFirst ? day : month) + separator + (dayFirst ? month : day) + separator + "uuuu";
            }
            if (timeParts == 0) return date;
            String hour = half.isEmpty() ? "H" : "h";
            return date + (joint == 'T' ? "'T'" : " ") + (hourPadded ? hour + hour : hour)
                    + (timeParts > 1 ? ":mm" : "") + (timeParts > 2 ? ":ss" : "")
                    + (fractionDigits > 0 ? "." + "S".repeat(fractionDigits) : "") + half + zone;
        }
    }
}
