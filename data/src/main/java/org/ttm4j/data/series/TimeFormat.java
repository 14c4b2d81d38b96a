package org.ttm4j.data.series;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The format in which a file writes times, so that the times of a forecast can be written in it too. Times without an
 * offset or zone are local times of an unknown place: they are counted as if they were in UTC and never shifted.
 * Immutable.
 *
 * @param pattern a {@link DateTimeFormatter} pattern, in which {@code k} is an hour from 0 to 24 and 24:00 the end of its day,
 *     {@code U} the half of a year, and the second of two years that in which the first ends; or {@link #EPOCH_SECONDS},
 *     {@link #EPOCH_MILLIS}, {@link #EPOCH_MICROS}, {@link #EPOCH_NANOS} or {@link #EXCEL_DAYS}, to which {@code .S},
 *     {@code .SS} and so on add decimals; or {@link #NUMBERS}
 * @param zone the zone or offset in which times are written
 * @param locale the language of names of months and days
 * @param months the names of the twelve months as the file writes them; empty for those of the language
 * @param local whether times are counted in the local time of the zone instead of UTC, so that a day has 24 hours in
 *     any zone
 */
public record TimeFormat(String pattern, ZoneId zone, Locale locale, List<String> months, boolean local) {
    /** The pattern of seconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_SECONDS = "epoch seconds";

    /** The pattern of milliseconds since 1970-01-01 00:00 UTC. */
    public static final String EPOCH_MILLIS = "epoch milliseconds";

    /** The pattern of microseconds since 1970-01-01 00:00 UTC, of which whole milliseconds are kept. */
    public static final String EPOCH_MICROS = "epoch microseconds";

    /** The pattern of nanoseconds since 1970-01-01 00:00 UTC, of which whole milliseconds are kept. */
    public static final String EPOCH_NANOS = "epoch nanoseconds";

    /** The pattern of days since 1899-12-30, as Excel counts them, in local time. */
    public static final String EXCEL_DAYS = "Excel days";

    /** The pattern of numbers that are no times: they are written as they are. */
    public static final String NUMBERS = "numbers";

    /** The units that are counted since 1970, with the power of ten of one in a millisecond. */
    private static final Map<String, Integer> SCALES = Map.of(EPOCH_SECONDS, 3, EPOCH_MILLIS, 0, EPOCH_MICROS, -3,
            EPOCH_NANOS, -6);

    private record Built(String pattern, Locale locale, List<String> months, DateTimeFormatter formatter) {}

    /** The formatter built last. The times of a file have one format, and building its formatter takes longer than using it. */
    private static volatile Built last;

    /** A year, and that in which it ends, as in 2019/20. */
    private static final Pattern PAIR_OF_YEARS = Pattern.compile("([^u]*uu(?:uu)?[^u]+)(uu(?:uu)?)([^u]*)");
    private static final int LAST_YEAR = 9999;

    /** Follows a letter of a pattern outside its quoted texts. */
    private static final String UNQUOTED = "(?=[^']*(?:'[^']*'[^']*)*$)";
    private static final Pattern HOUR_TO_24 = Pattern.compile("k" + UNQUOTED);
    private static final Pattern ZONE = Pattern.compile("[xXVzO]" + UNQUOTED);

    private static final int EXCEL_DAY_OF_1970 = 25_569;

    /** The earliest year that two digits can mean. */
    private static final int FIRST_OF_TWO_DIGITS = 1970;

    /** @throws IllegalArgumentException when {@link DateTimeFormatter} does not accept the pattern */
    public TimeFormat {
        months = List.copyOf(months);
        if (!isNumber(pattern)) formatter(pattern, locale, months);
    }

    /** A format without names and without local times. */
    public TimeFormat(String pattern, ZoneId zone) {
        this(pattern, zone, Locale.ROOT, List.of(), false);
    }

    /**
     * The formatter of a pattern. Years of two digits are those from 1970 to 2069; weeks are those of ISO 8601.
     *
     * @throws IllegalArgumentException when the pattern is not accepted
     */
    public static DateTimeFormatter formatter(String pattern, Locale locale) {
        return formatter(pattern, locale, List.of());
    }

    private static DateTimeFormatter formatter(String pattern, Locale locale, List<String> months) {
        Built built = last;
        if (built == null || !built.pattern.equals(pattern) || !built.locale.equals(locale)
                || !built.months.equals(months)) {
            built = new Built(pattern, locale, months, build(pattern, locale, months));
            last = built;
        }
        return built.formatter;
    }

    private static DateTimeFormatter build(String pattern, Locale locale, List<String> months) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        Matcher pair = PAIR_OF_YEARS.matcher(pattern);
        if (pair.matches()) {
            Map<Long, String> ends = new HashMap<>();
            for (long year = 0; year < LAST_YEAR; year++) {
                ends.put(year, String.format(Locale.ROOT, "%04d", year + 1).substring(4 - pair.group(2).length()));
            }
            return builder.append(formatter(pair.group(1), locale))
                    .appendText(ChronoField.YEAR, ends)
                    .append(formatter(pair.group(3), locale))
                    .toFormatter(locale);
        }
        String[] pieces = pattern.split("(?<!u)uu(?!u)", -1);
        for (int i = 0; i < pieces.length; i++) {
            if (i > 0) builder.appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_OF_TWO_DIGITS);
            append(builder, pieces[i], months);
        }
        // The weeks of the United Kingdom are those of ISO 8601.
        return builder.toFormatter(pattern.contains("w") ? Locale.UK : locale);
    }

    private static void append(DateTimeFormatterBuilder builder, String pattern, List<String> months) {
        Map<Long, String> names = new HashMap<>();
        for (String month : months) names.put(names.size() + 1L, month);
        String[] pieces = months.isEmpty() ? new String[]{pattern} : pattern.split("MMMM?", -1);
        for (int i = 0; i < pieces.length; i++) {
            if (i > 0) builder.appendText(ChronoField.MONTH_OF_YEAR, names);
            String[] halves = pieces[i].split("U" + UNQUOTED, -1);
            for (int j = 0; j < halves.length; j++) {
                if (j > 0) builder.appendText(IsoFields.QUARTER_OF_YEAR, Map.of(1L, "1", 2L, "1", 3L, "2", 4L, "2"));
                if (!halves[j].isEmpty()) builder.appendPattern(halves[j]);
            }
        }
    }

    /** The same format for times that are counted in the local time of the zone. */
    public TimeFormat countedLocally() {
        return new TimeFormat(pattern, zone, locale, months, true);
    }

    /** The same format in another zone. */
    public TimeFormat in(ZoneId other) {
        return new TimeFormat(pattern, other, locale, months, local);
    }

    /** Writes a time given in milliseconds since 1970-01-01 00:00. */
    public String format(long millis) {
        if (pattern.equals(NUMBERS)) return Long.toString(millis);
        if (isExcel()) {
            return BigDecimal.valueOf(clockAt(millis))
                    .divide(BigDecimal.valueOf(OpenTimes.DAY), decimals(), RoundingMode.HALF_EVEN)
                    .add(BigDecimal.valueOf(EXCEL_DAY_OF_1970))
                    .toPlainString();
        }
        if (isNumber(pattern)) {
            long utc = local ? shown(millis).toInstant().toEpochMilli() : millis;
            return BigDecimal.valueOf(utc, SCALES.get(unit(pattern)))
                    .setScale(decimals(), RoundingMode.FLOOR)
                    .toPlainString();
        }
        ZonedDateTime shown = shown(millis);
        String written = pattern;
        if (shown.getHour() == 0 && HOUR_TO_24.matcher(pattern).find()) {
            if (shown.toLocalTime().equals(LocalTime.MIDNIGHT)) shown = shown.minusDays(1);
            else written = HOUR_TO_24.matcher(pattern).replaceAll("H");
        }
        return formatter(written, locale, months).format(shown);
    }

    private ZonedDateTime shown(long millis) {
        Instant time = Instant.ofEpochMilli(millis);
        return local ? time.atZone(ZoneOffset.UTC).withZoneSameLocal(zone) : time.atZone(zone);
    }

    /** What the clock shows at a time where the file was written; both are milliseconds since 1970-01-01 00:00. */
    public long clockAt(long millis) {
        if (local) return millis;
        return millis + zone.getRules().getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds() * 1000L;
    }

    /**
     * Whether times in both formats can be compared: both have an offset from UTC, or neither has, or one is an epoch.
     */
    public boolean isComparable(TimeFormat other) {
        return isNumber(pattern) || isNumber(other.pattern) || isAbsolute() == other.isAbsolute();
    }

    /** Whether the times are known in UTC. */
    public boolean isAbsolute() {
        boolean hasOffset = ZONE.matcher(pattern).find();
        return isNumber(pattern) && !isExcel() || !zone.equals(ZoneOffset.UTC) || hasOffset;
    }

    /** The format of an epoch or of {@link #EXCEL_DAYS} with decimals. */
    public static TimeFormat counting(String unit, int decimals) {
        return new TimeFormat(decimals == 0 ? unit : unit + "." + "S".repeat(decimals), ZoneOffset.UTC);
    }

    /** Whether it counts seconds, days or the like since a date. */
    boolean isCountOfTime() {
        return isNumber(pattern) && !pattern.equals(NUMBERS);
    }

    private boolean isExcel() {
        return pattern.startsWith(EXCEL_DAYS);
    }

    /** The decimals of a pattern of numbers. */
    private int decimals() {
        int point = pattern.lastIndexOf('.');
        return point < 0 ? 0 : pattern.length() - point - 1;
    }

    private static boolean isNumber(String pattern) {
        String unit = unit(pattern);
        return unit.equals(EXCEL_DAYS) || SCALES.containsKey(unit) || unit.equals(NUMBERS);
    }

    /** A pattern of numbers without its decimals. */
    private static String unit(String pattern) {
        return pattern.replaceFirst("\\.S+$", "");
    }
}
