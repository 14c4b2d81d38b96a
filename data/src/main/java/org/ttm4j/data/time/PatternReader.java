package org.ttm4j.data.time;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;

/**
 * Reads times by a pattern of {@link DateTimeFormatter}: the formatter itself takes longer than the rest of a row. Columns are
 * less regular than patterns: zeros may lead numbers or not, names may be short or full, a midnight may lack its time of day and a
 * whole minute its seconds. Parts that the pattern lacks are the first: the first month of a quarter, Monday, midnight. A day
 * may end at 24:00.
 */
final class PatternReader extends TimeReader {
    /** Patterns of digits alone. The years of some are bounded: other numbers are more likely epochs. */
    private static final Pattern DIGITS = Pattern.compile("(?!.*MMM)[uYMwdHms]+");
    private static final Pattern BOUNDED = Pattern.compile("ddMMuuuu|uuuuMM(ddH[Hms]+)?|YYYYww|uuuu\\.M+|MM\\.uuuu");
    private static final Pattern HALF = Pattern.compile("[AaPp][.]?\\s?[Mm][.]?");
    private static final int EARLIEST = 1900;
    private static final int LATEST = 2100;
    private static final int FIRST_OF_TWO_DIGITS = 1970;
    private static final int LAST_HOUR = 24;
    private static final int NONE = Integer.MIN_VALUE;
    private static final int OCTOBER = 10;
    private static final int MOST_CHANGES = 1_000;
    /** An hour of a pattern outside its quoted texts. */
    private static final Pattern HOUR = Pattern.compile("H(?=[^']*(?:'[^']*'[^']*)*$)");

    /** BST is the time of London, not that of Bougainville. */
    private static final DateTimeFormatter NAMES_OF_ZONES = new DateTimeFormatterBuilder().parseCaseInsensitive()
            .appendZoneText(TextStyle.SHORT, Set.of(ZoneId.of("Europe/London")))
            .toFormatter(Locale.ENGLISH);

    private final DateTimeFormatter formatter;
    private final boolean isDigits;
    private final boolean isBounded;
    private final boolean isYearAndMonth;
    private int[] tokens;
    private final Map<String, ZoneId> zones = new HashMap<>();
    private ZoneId zone = ZoneOffset.UTC;
    private boolean hasOffsets;
    /** What the one name of a zone so far, such as CET, stands for; null without, and where times are those of a place. */
    private ZoneOffset named;
    private boolean areDaysOfUtc; // whole days of 24 hours go by from one offset to another
    /** The times on both sides where cells go from one offset to another, as where a clock is set; not all of very many. */
    private final Map<Instant, ZoneOffset> changes = new HashMap<>();
    // How the cells so far are written.
    private boolean unpaddedDate;
    private boolean unpaddedHour;
    private boolean shortMonth; // one digit behind the year and a point
    private boolean paddedMonth; // a zero before it
    private int november = NONE; // the year of the cell before, where that is its month
    private boolean midnightAtStart; // a day begins at 0:00
    private boolean midnightAtEnd; // a day ends at 24:00

    private final String[] monthNames = new String[12];
    private final String[] dayNames = new String[7];
    /** AM and PM as the file writes them: as in the United States, in Britain or in Canada. */
    private Locale half = Locale.ROOT;

    /** The number that the cell has for each letter of the pattern. */
    private final int[] parts = new int['z'];
    private ZoneOffset offset;
    private String cell;
    private int at;

    /** @param formatter that of a pattern with letters that only a formatter knows; null for all others */
    PatternReader(String pattern, DateTimeFormatter formatter) {
        super(pattern);
        this.formatter = formatter;
        tokens = tokens(pattern);
        isDigits = DIGITS.matcher(pattern).matches();
        isBounded = BOUNDED.matcher(pattern).matches();
        isYearAndMonth = pattern.matches("uuuu\\.M+");
    }

    @Override
    boolean isNumber() {
        return isDigits || pattern.equals("MM.uuuu");
    }

    @Override
    TimeFormat format(TimeFormat expected, ZoneId stated) {
        if (named != null && !standsAllYear(expected, stated)) countInPlace();
        String written = pattern;
        if (unpaddedDate) written = TimePatterns.unpadded(written);
        if (unpaddedHour) written = written.replace("HH", "H").replace("hh", "h");
        if (midnightAtEnd && !midnightAtStart) written = HOUR.matcher(written).replaceAll("k");
        boolean hasMonths = pattern.contains("MMM");
        // Without a point, as German and French have it where a day stands alone.
        boolean hasPoints = Stream.of(dayNames).anyMatch(name -> name != null && name.endsWith("."));
        if (!hasPoints) written = written.replaceAll("(?<!E)EEE(?!E)", "ccc");
        Locale locale = hasMonths || pattern.contains("EEE")
                ? TimeNames.language(monthNames, dayNames)
                : pattern.contains("z") && half == Locale.ROOT ? Locale.ENGLISH : half; // the root has no names of zones
        List<String> months = hasMonths ? TimeNames.completed(monthNames, locale) : List.of();
        if (named == null) return new TimeFormat(written, place(), locale, months, false);
        String name = zones.keySet().iterator().next();
        if (stated == null) written = written.replaceFirst("z(?=[^']*(?:'[^']*'[^']*)*$)", "'" + name + "'");
        return new TimeFormat(written, ZoneId.ofOffset("UTC", named), locale, months, false);
    }

    /**
     * Whether clocks were not set where the times are from: they have the name of winter in an hour that is skipped in spring, or
     * that of the other half of the year in all rows, unless the history has both names or the stated place has this one.
     */
    private boolean standsAllYear(TimeFormat expected, ZoneId stated) {
        boolean isOfPlace = stated != null && offset(zones.keySet().iterator().next(), stated) != null;
        boolean areOthers = !isOfPlace && (expected == null || !expected.pattern().contains("z"));
        for (long i = 0; i < times.size(); i++) {
            List<ZoneOffset> valid = zone.getRules().getValidOffsets(clock(i));
            if (valid.isEmpty()) return true;
            areOthers &= !valid.contains(named);
        }
        return areOthers;
    }

    /** The clock of a time that was counted by the name of its zone. */
    private LocalDateTime clock(long row) {
        return TimeAxis.local(times.get(row) + named.getTotalSeconds() * 1000L);
    }

    /** Counts the times so far by the clocks of the place, although they have one name of its zone all year. */
    private void countInPlace() {
        for (long i = 0; i < times.size(); i++) times.set(i, clock(i).atZone(zone).toInstant().toEpochMilli());
        named = null;
    }

    /** The offset that a name of a zone stands for in winter or in summer; null where it is another name of the place. */
    private static ZoneOffset offset(String name, ZoneId place) {
        return Stream.of(1, 7)
                .map(month -> ZonedDateTime.of(2020, month, 1, 0, 0, 0, 0, place))
                .filter(time -> NAMES_OF_ZONES.format(time).equalsIgnoreCase(name))
                .map(ZonedDateTime::getOffset)
                .findFirst()
                .orElse(null);
    }

    /**
     * The zone; of several offsets, one that has them at these times, of Europe before all others. The last offset where none has,
     * or days are those of UTC.
     */
    private ZoneId place() {
        if (changes.isEmpty() || areDaysOfUtc) return zone;
        return ZoneId.getAvailableZoneIds()
                .stream()
                .filter(name -> name.contains("/") && !name.startsWith("Etc/"))
                .sorted(Comparator.comparing((String name) -> !name.startsWith("Europe/"))
                        .thenComparing(Comparator.naturalOrder()))
                .map(ZoneId::of)
                .filter(known -> changes.entrySet()
                        .stream()
                        .allMatch(change -> known.getRules().getOffset(change.getKey()).equals(change.getValue())))
                .findFirst()
                .orElse(zone);
    }

    @Override
    boolean read(String text) {
        if (readExactly(text)) return true;
        String wider = TimePatterns.widened(this, text);
        if (wider == null || !new PatternReader(wider, null).readExactly(text)) return false;
        pattern = wider;
        tokens = tokens(wider);
        return readExactly(text);
    }

    /** Reads a cell that does not have more parts than the pattern. */
    boolean readExactly(String text) {
        cell = text;
        at = 0;
        offset = null;
        Arrays.fill(parts, NONE);
        return formatter == null ? readParts() && readTime() : readByFormatter();
    }

    private boolean readByFormatter() {
        try {
            TemporalAccessor time = formatter.parse(cell);
            LocalTime clock = time.query(TemporalQueries.localTime());
            zone = Objects.requireNonNullElse(time.query(TemporalQueries.zone()), ZoneOffset.UTC);
            millis = LocalDate.from(time)
                    .atTime(Objects.requireNonNullElse(clock, LocalTime.MIDNIGHT))
                    .atZone(zone)
                    .toInstant()
                    .toEpochMilli();
            return true;
        } catch (DateTimeException noSuchTime) {
            return false;
        }
    }

    /** The letters of a pattern as letter × 65,536 + count, and the characters that stand for themselves. */
    private static int[] tokens(String pattern) {
        int[] tokens = new int[pattern.length()];
        int count = 0;
        boolean isQuoted = false;
        for (int i = 0; i < tokens.length; i++) {
            char c = pattern.charAt(i);
            if (pattern.startsWith("''", i)) tokens[count++] = pattern.charAt(i++);
            else if (c == '\'') isQuoted = !isQuoted;
            else if (isQuoted || !Character.isLetter(c)) tokens[count++] = c;
            else if (count > 0 && tokens[count - 1] >> 16 == c) tokens[count - 1]++;
            else tokens[count++] = (c << 16) + 1;
        }
        return Arrays.copyOf(tokens, count);
    }

    private boolean readParts() {
        for (int i = 0; i < tokens.length; i++) {
            int letter = tokens[i] >> 16;
            if (letter != 0) {
                if (!readPart((char) letter, tokens[i] & 0xffff)) return false;
                continue;
            }
            int next = i + 1 < tokens.length ? tokens[i + 1] >> 16 : 0;
            if (at < cell.length() && cell.charAt(at) == tokens[i]) at++;
            else if (at == cell.length() && (next == 'H' || next == 'h')) return true;
            else if (next == 'm' || next == 's' || next == 'S') i++;
            else return false;
        }
        return at == cell.length();
    }

    private boolean readPart(char letter, int run) {
        int first = at;
        if (letter == 'E' || run > 2 && (letter == 'M' || letter == 'L')) return readName(letter);
        if ("xXVz".indexOf(letter) >= 0) return readZone(letter);
        if (letter == 'a') {
            Matcher word = HALF.matcher(cell).region(first, cell.length());
            if (!word.lookingAt()) return false;
            at = word.end();
            half = word.group().indexOf('.') > 0 ? Locale.CANADA : word.group().endsWith("m") ? Locale.UK : half;
            parts['a'] = "Pp".indexOf(cell.charAt(first)) < 0 ? 0 : 1;
            return true;
        }
        int number = number(run > 1 ? run : "uYD".indexOf(letter) < 0 ? 2 : 4);
        int width = at - first;
        if (letter == 'M' && isYearAndMonth) {
            // Of a number, 1950.10, a spreadsheet drops the last digit: 1950.09, 1950.1, 1950.11, or the other way round.
            boolean isBesideNovember = number == 1 && november == parts['u'] && !shortMonth;
            if (width == 1 && (paddedMonth || isBesideNovember)) {
                parts['M'] = OCTOBER;
                return number == 1;
            }
            november = number == OCTOBER + 1 ? parts['u'] : NONE;
            shortMonth |= width == 1;
            paddedMonth |= width == 2 && number < OCTOBER;
            if (shortMonth && paddedMonth) return false;
        }
        if (width < run && !isUnpadded(letter, width)) return false;
        if (letter == 'S') number *= (int) Math.pow(10, 9 - width);
        if (letter == 'u' && run == 2) number += number < FIRST_OF_TWO_DIGITS % 100 ? 2000 : 1900;
        // The second year is that in which the first ends.
        if (letter == 'u' && parts['u'] != NONE) return (parts['u'] + 1 - number) % 100 == 0;
        parts[letter == 'L' ? 'M' : letter] = number;
        return true;
    }

    /** Whether a number of a letter may have fewer digits than the pattern. */
    private boolean isUnpadded(char letter, int width) {
        boolean isHour = letter == 'H' || letter == 'h';
        boolean mayLack = letter == 'S' || !isDigits && (isHour || letter == 'M' || letter == 'd' || letter == 'w');
        if (width == 0 || !mayLack) return false;
        unpaddedHour |= isHour;
        unpaddedDate |= !isHour && letter != 'S';
        return true;
    }

    private int number(int most) {
        int number = 0;
        int end = Math.min(cell.length(), at + most);
        for (; at < end && cell.charAt(at) >= '0' && cell.charAt(at) <= '9'; at++) {
            number = number * 10 + cell.charAt(at) - '0';
        }
        return number;
    }

    /** Reads the name of a month or a day, with the point of an abbreviation. */
    private boolean readName(char letter) {
        int first = at;
        while (at < cell.length() && Character.isLetter(cell.charAt(at))) at++;
        String word = cell.substring(first, at);
        // A point before digits is a separator.
        boolean isBeforeDigit = at + 1 < cell.length() && Character.isDigit(cell.charAt(at + 1));
        if (cell.startsWith(".", at) && !isBeforeDigit) at++;
        if (letter == 'E') {
            int day = TimeNames.day(word);
            if (day > 0) dayNames[day - 1] = cell.substring(first, at);
            return TimeNames.isDay(word);
        }
        parts['M'] = TimeNames.month(word);
        if (parts['M'] > 0 && monthNames[parts['M'] - 1] == null)
            monthNames[parts['M'] - 1] = cell.substring(first, at);
        return parts['M'] > 0;
    }

    /** Reads an offset, or the name of a zone. */
    private boolean readZone(char letter) {
        int first = at;
        while (at < cell.length() && "[] ".indexOf(cell.charAt(at)) < 0) at++;
        try {
            String name = cell.substring(first, at);
            boolean isFirst = zones.isEmpty();
            ZoneId found = zones.get(name);
            if (found == null) {
                // GMT is a name of winter where other cells have BST.
                ZoneId place = letter != 'z'
                        ? ZoneId.of(name)
                        : offset(name, zone) != null ? zone : ZoneId.from(NAMES_OF_ZONES.parse(name));
                zones.replaceAll((other, known) -> letter == 'z' && offset(other, place) != null ? place : known);
                zones.put(name, place);
                found = place;
            }
            if (letter == 'z' && isFirst) named = offset(name, found);
            else if (named != null && zones.size() > 1) countInPlace();
            if (letter == 'V' || letter == 'z') zone = found;
            else if (found instanceof ZoneOffset known) offset = known;
            else return false;
            return true;
        } catch (DateTimeException noSuchZone) {
            return false;
        }
    }

    private boolean readTime() {
        int minute = part('m', 0);
        int second = part('s', 0);
        int nano = part('S', 0);
        int hour = part('H', part('k', 0));
        if (parts['a'] != NONE) {
            hour = part('h', 12);
            if (hour < 1 || hour > 12) return false;
            hour = hour % 12 + 12 * parts['a'];
        }
        boolean full = minute == 0 && second == 0 && nano == 0;
        int year = part('u', parts['Y']);
        if (isBounded && (year < EARLIEST || year > LATEST)) return false;
        if (minute > 59 || second > 59 || hour > LAST_HOUR || hour == LAST_HOUR && !full) return false;
        try {
            long time = date().toEpochDay() * FrequencyFinder.DAY + ((hour * 60 + minute) * 60 + second) * 1000L
                    + nano / 1_000_000;
            ZoneId place = offset != null ? offset : named != null ? named : zone;
            long before = millis;
            millis = place instanceof ZoneOffset known
                    ? time - known.getTotalSeconds() * 1000L
                    : TimeAxis.local(time).atZone(place).toInstant().toEpochMilli();
            if (offset != null && zone instanceof ZoneOffset last) {
                if (hasOffsets && !offset.equals(last) && changes.size() < MOST_CHANGES) {
                    areDaysOfUtc |= (millis - before) % FrequencyFinder.DAY == 0;
                    changes.put(Instant.ofEpochMilli(before), last);
                    changes.put(Instant.ofEpochMilli(millis), offset);
                }
                hasOffsets = true;
                zone = offset;
            }
        } catch (DateTimeException noSuchTime) {
            return false;
        }
        midnightAtStart |= hour == 0 && full && parts['H'] != NONE;
        midnightAtEnd |= hour == LAST_HOUR;
        return true;
    }

    private LocalDate date() {
        if (parts['Y'] != NONE) {
            LocalDate date = LocalDate.of(parts['Y'], 1, 4)
                    .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, part('w', 1))
                    .with(DayOfWeek.of(part('e', 1)));
            if (date.get(IsoFields.WEEK_BASED_YEAR) == parts['Y']) return date;
            throw new DateTimeException("a year without week 53");
        }
        if (parts['u'] == NONE) throw new DateTimeException("without a year");
        if (parts['D'] != NONE) return LocalDate.ofYearDay(parts['u'], parts['D']);
        return LocalDate.of(parts['u'], part('M', Math.max(3 * part('Q', 1) - 2, 6 * part('U', 1) - 5)), part('d', 1));
    }

    private int part(char letter, int otherwise) {
        return parts[letter] == NONE ? otherwise : parts[letter];
    }
}
