package org.ttm4j.data.time;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.NumberParser;

/**
 * The patterns by which a time can be read. They follow from the digits, letters and signs of a cell: numbers with the year
 * first or last, names of months ({@code Jan 2020}, {@code 1. Mai 2020}), ISO weeks ({@code 2018-W01}), quarters
 * ({@code 1990Q1}), years of two digits, names of zones ({@code [Europe/Berlin]}), digits without separators.
 */
final class TimePatterns {
    private static final int SHORTEST = 4;
    private static final int LONGEST = 60;
    private static final int LONGEST_STATED = 1000;
    private static final String ISO = "uuuu-MM-dd HH:mm:ss";
    private static final int ISO_DATE = 10;
    static final String DIGITS_OF_WEEK = "YYYYww";
    /** The date patterns that a number without separators can have. */
    private static final List<String> DIGITS = List.of("uuuuMMdd", "ddMMuuuu", "uuuuMM", "uuuuMMddHH", "uuuuMMddHHmm",
            "uuuuMMddHHmmss", "uuuu", "uuuu.MM", "uuuu.M", "MM.uuuu", DIGITS_OF_WEEK);
    /**
     * The orders that the numbers of a date can have, by their count and by what else there is: a name of a month (M), the
     * letter M or P before a month (m), a word for quarters (Q), halves (H), weeks (W), weeks or quarters (K), years (J) or
     * fiscal years (F). An x is a date without separators, and the second of two years is that in which the first ends.
     */
    private static final Map<String, List<String>> ORDERS = Map.ofEntries(Map.entry("1", List.of("x")),
            Map.entry("2", List.of("uu", "uM", "Mu", "uQ", "Qu", "uD")), Map.entry("3", List.of("dMu", "Mdu", "uMd")),
            Map.entry("M1", List.of("u")), Map.entry("M2", List.of("du", "ud")), Map.entry("m2", List.of("uM", "Mu")),
            Map.entry("Q2", List.of("uQ", "Qu")), Map.entry("Q3", List.of("uuQ", "Quu")),
            Map.entry("H2", List.of("uU", "Uu")), Map.entry("W2", List.of("Yw", "wY")), Map.entry("W3", List.of("Ywe")),
            Map.entry("K2", List.of("Yw", "wY", "uQ", "Qu")), Map.entry("K3", List.of("Ywe")),
            Map.entry("J2", List.of("u")), Map.entry("F1", List.of("u")), Map.entry("F2", List.of("uu")));
    /** The counts of digits that the number of a letter can have. */
    private static final Map<Character, String> WIDTHS = Map.of('u', "42", 'Y', "4", 'M', "12", 'd', "12", 'w', "12",
            'D', "3", 'Q', "1", 'U', "1", 'e', "1");
    /** The words beside numbers, by what they stand for in {@link #ORDERS}. */
    private static final Map<String, Pattern> WORDS = Map.of("m", Pattern.compile("(?i)MM?|P"), "Q",
            Pattern.compile("(?i)F?Q|T|qtr|quarter|quartal|trim|trimestre|kwartaal|kvartal|K"), "W",
            Pattern.compile("(?i)W|CW|wk|week|woche|v|vecka|semaine|semana|settimana|uke"), "H",
            Pattern.compile("(?i)H|HY|HJ|S|half|halbjahr|semester|semestre"), "F", Pattern.compile("(?i)FY?|GJ"), "K",
            Pattern.compile("(?i)KW"), "J", Pattern.compile("JJ"));
    private static final Set<String> FILLERS = Set.of("de", "of", "er", "e", "年", "月", "日", "년", "월", "일");
    private static final Pattern TOKEN = Pattern.compile("\\d+|\\p{L}+|[^\\d\\p{L}]");
    private static final Pattern ZONE = Pattern.compile("\\s?(\\[?)([A-Z][A-Za-z_]+/[A-Za-z_/+-]+"
            + "|UTC|GMT|CET|CEST|EST|EDT|PST|PDT|CST|CDT|MST|MDT|BST|EET|WET|JST)(]?)$");
    /** What stands before the date with which a week begins or ends. */
    private static final Pattern PREFIX = Pattern.compile("(?i)w/[ec] (?=\\d)");
    private static final int LONGEST_SHORT = 4;
    private static final String CLOCK = "\0";
    /** The German word after a time of day. */
    private static final String CLOCK_WORD = " Uhr";
    /** Times of day: an hour behind a date, or one with minutes anywhere; then those with points; digits behind those of a date. */
    private static final List<Pattern> CLOCKS = List.of(
            clock("(?:(?<=[-/.]\\d{1,2}[-/.]\\d{1,4}[ T]|^\\d{4}/\\d{3} |^\\d{8} )|(?<!\\d\\d)(?=\\d{1,2}:\\d\\d))",
                    ":", ""),
            clock("(?<=/\\p{L}{3}/\\d{4}:)", ":", "$"), clock("(?<=[ T])(?=\\d{1,2}[.]\\d\\d)", "[.]", "$"),
            clock("(?<=[ T])(?=\\d{1,2}h\\d\\d)", "h", "$"),
            clock("(?<=^(19|20)\\d{6}[ T:])(?=\\d{4}(\\d\\d)?(?!\\d))", "", "$"));
    /** An hour from 1 to 12 in a pattern outside its quoted texts. */
    private static final Pattern HOUR_OF_HALF = Pattern.compile("h(?=[^']*(?:'[^']*'[^']*)*$)");
    /** The letters of patterns that {@link PatternReader} knows. */
    private static final Pattern KNOWN = Pattern.compile("('[^']*'|[uYMLdDQUweEHhkmsSaxXVz]|[^\\p{L}'\\[\\]{}#])*");
    private static final Map<Character, String> DIRECTIVES = Map.ofEntries(Map.entry('Y', "uuuu"), Map.entry('y', "uu"),
            Map.entry('m', "MM"), Map.entry('d', "dd"), Map.entry('H', "HH"), Map.entry('I', "hh"),
            Map.entry('M', "mm"), Map.entry('S', "ss"), Map.entry('f', "SSSSSS"), Map.entry('p', "a"),
            Map.entry('b', "MMM"), Map.entry('B', "MMMM"), Map.entry('a', "EEE"), Map.entry('A', "EEEE"),
            Map.entry('j', "DDD"), Map.entry('G', "YYYY"), Map.entry('V', "ww"), Map.entry('u', "e"),
            Map.entry('z', "xx"), Map.entry('Z', "z"), Map.entry('F', "uuuu-MM-dd"), Map.entry('T', "HH:mm:ss"));

    private TimePatterns() {}

    /** A regular expression for times of day: hours, minutes, seconds, their decimals, AM or PM, the offset. */
    private static Pattern clock(String before, String mark, String end) {
        return Pattern.compile(before + "(?<hour>\\d{1,2})(?:(?<minute>" + mark + "\\d{2})(?:(?<second>" + mark
                + "\\d{2})(?<fraction>[.,]\\d{1,9})?)?)?(?<half>\\s?[AaPp][.]?\\s?[Mm][.]?)?"
                + "(?<offset>\\s?(?:Z|[+-]\\d{2}(?::?\\d{2})?))?" + end);
    }

    /** A reader for each way in which a cell can be read, the most probable first. */
    static Stream<? extends TimeReader> of(String cell) {
        if (cell.chars().noneMatch(c -> c >= '0' && c <= '9')) return Stream.of();
        String iso = iso(cell);
        // 1.2.20 and 2020 1 have the signs of a number, but not its groups.
        if (iso == null && !NumberParser.isPlain(cell)) {
            List<PatternReader> readers = inferred(cell);
            // With points, the month comes first only where it can come nowhere else.
            return readers.stream()
                    .filter(reader -> readers.size() == 1 || !reader.pattern.matches("M+\\.d+\\.uuuu.*"));
        }
        Stream<PatternReader> dates = (iso == null ? DIGITS : List.of(iso)).stream()
                .filter(pattern -> iso != null || pattern.length() == cell.length())
                .filter(pattern -> !pattern.equals("uuuu") || cell.charAt(0) != '0') // 0000 counts rows
                .map(pattern -> new PatternReader(pattern, null))
                .filter(reader -> reader.readExactly(cell));
        Stream<TimeReader.Counting> counts = TimeReader.Unit.USUAL.stream()
                .filter(unit -> iso == null)
                .map(TimeReader.Counting::new)
                .filter(reader -> reader.read(cell));
        return Stream.concat(dates, counts);
    }

    /** The pattern of a date as in ISO 8601, with a time of day or without, which most files have; null for any other. */
    private static String iso(String cell) {
        int length = cell.length();
        if (length < ISO_DATE || length > ISO.length() || (length - ISO_DATE) % 3 != 0) return null;
        for (int i = 0; i < length; i++) {
            char c = cell.charAt(i);
            boolean fits = Character.isLetter(ISO.charAt(i)) ? c >= '0' && c <= '9' : c == ISO.charAt(i);
            if (!fits && (i != ISO_DATE || c != 'T')) return null;
        }
        String pattern = ISO.substring(0, length);
        return cell.indexOf('T') < 0 ? pattern : pattern.replace(" ", "'T'");
    }

    /**
     * The reader of a pattern that a user states.
     *
     * @throws IllegalArgumentException when it is no pattern
     */
    static TimeReader stated(String format) {
        // The expressions of TimeFormat take a level of the stack for each quoted text of a pattern.
        if (format.length() > LONGEST_STATED) {
            throw new IllegalArgumentException(
                    "expected a form of times of at most " + LONGEST_STATED + " characters, found " + format.length());
        }
        boolean areDays = format.equalsIgnoreCase(TimeFormat.EXCEL_DAYS);
        if (areDays) return new TimeReader.Counting(TimeReader.Unit.EXCEL_DAYS);
        String pattern = ofUser(format).replace("QQQ", "'Q'Q");
        // Without AM and PM, hours are those of a day.
        if (pattern.replaceAll("'[^']*'", "").indexOf('a') < 0) pattern = HOUR_OF_HALF.matcher(pattern).replaceAll("H");
        boolean hasNames = pattern.matches(".*(MMM|EEE).*");
        DateTimeFormatter formatter = TimeFormat.formatter(pattern, hasNames ? Locale.ENGLISH : Locale.ROOT);
        return new PatternReader(pattern, KNOWN.matcher(pattern).matches() ? null : formatter);
    }

    /** Converts {@code %d.%m.%Y}, {@code dd.mm.yyyy} and the like to what {@link TimeFormat} reads. */
    private static String ofUser(String format) {
        if (format.indexOf('%') >= 0) return ofDirectives(format);
        String letters = format.replaceAll("'[^']*'", "");
        boolean weeks = letters.indexOf('w') >= 0;
        boolean hours = letters.indexOf('H') >= 0 || letters.indexOf('h') >= 0;
        String[] pieces = format.split("'", -1); // of which every second one is quoted
        for (int i = 0; i < pieces.length; i += 2) {
            if (!weeks) pieces[i] = pieces[i].replace('Y', 'u').replaceAll("(?<!D)DD(?!D)", "dd");
            if (!hours) pieces[i] = pieces[i].replace('m', 'M');
            pieces[i] = pieces[i].replace('y', 'u').replace('L', 'M');
        }
        return String.join("'", pieces);
    }

    /** Converts the directives of C's strptime; what stands between them stands for itself. */
    private static String ofDirectives(String format) {
        StringBuilder pattern = new StringBuilder();
        boolean isQuoted = false; // the last character
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            boolean follows = isQuoted;
            isQuoted = Character.isLetter(c) || "[]{}#".indexOf(c) >= 0 || follows && c == '\'';
            String text = c == '\'' ? "''" : String.valueOf(c);
            if (c == '%' && i + 1 < format.length()) {
                String letters = DIRECTIVES.get(format.charAt(++i));
                if (letters == null) throw new IllegalArgumentException("unknown directive %" + format.charAt(i));
                pattern.append(letters);
            } else if (isQuoted && follows) {
                pattern.insert(pattern.length() - 1, text);
            } else {
                pattern.append(isQuoted ? "'" + text + "'" : text);
            }
        }
        return pattern.toString();
    }

    /** Readers for all that the digits, letters and signs of a cell can mean. */
    private static List<PatternReader> inferred(String cell) {
        if (cell.length() > LONGEST || cell.length() < SHORTEST) return List.of();
        Matcher prefix = PREFIX.matcher(cell);
        if (prefix.lookingAt()) {
            return inferred(cell.substring(prefix.end())).stream()
                    .map(reader -> new PatternReader("'" + prefix.group() + "'" + reader.pattern, null))
                    .filter(reader -> reader.readExactly(cell))
                    .toList();
        }
        Matcher zone = ZONE.matcher(cell);
        boolean hasZone = zone.find() && zone.start() > 0;
        if (hasZone && zone.group(1).isEmpty() != zone.group(3).isEmpty()) return List.of();
        String rest = hasZone ? cell.substring(0, zone.start()) : cell;
        String end = hasZone ? zonePattern(zone) : "";
        if (rest.endsWith(CLOCK_WORD)) {
            rest = rest.substring(0, rest.length() - CLOCK_WORD.length());
            end = "'" + CLOCK_WORD + "'" + end;
        }
        for (Pattern clock : CLOCKS) {
            Matcher time = clock.matcher(rest);
            if (!time.find()) continue;
            String date = rest.substring(0, time.start()) + CLOCK + rest.substring(time.end());
            List<PatternReader> readers = readers(date, clockPattern(time), end, cell);
            // The points may be those of the date.
            if (!readers.isEmpty() || rest.indexOf(':') >= 0) return readers;
        }
        return readers(rest, "", end, cell);
    }

    private static String zonePattern(Matcher zone) {
        String blank = Character.isWhitespace(zone.group().charAt(0)) ? " " : "";
        if (!zone.group(1).isEmpty()) return blank + "'['VV']'";
        return blank + (zone.group(2).matches(".*/.*|UTC|GMT") ? "VV" : "z");
    }

    private static String clockPattern(Matcher time) {
        StringBuilder pattern = new StringBuilder(
                (time.group("half") == null ? "H" : "h").repeat(time.group("hour").length()));
        String minute = time.group("minute");
        String mark = minute == null ? "" : minute.substring(0, minute.length() - 2).replace("h", "'h'");
        if (minute != null) pattern.append(mark).append("mm");
        if (time.group("second") != null) pattern.append(mark).append("ss");
        String fraction = time.group("fraction");
        if (fraction != null) pattern.append(fraction.charAt(0)).append("S".repeat(fraction.length() - 1));
        if (time.group("half") != null)
            pattern.append(Character.isWhitespace(time.group("half").charAt(0)) ? " a" : "a");
        String offset = time.group("offset");
        if (offset == null) return pattern.toString();
        String sign = offset.strip();
        return pattern.append(offset.length() > sign.length() ? " " : "")
                .append(sign.equals("Z") ? "XXX" : sign.length() == 3 ? "x" : sign.indexOf(':') > 0 ? "xxx" : "xx")
                .toString();
    }

    /** @param date the date, with {@link #CLOCK} where the time of day stands */
    private static List<PatternReader> readers(String date, String clock, String end, String cell) {
        return patterns(TOKEN.matcher(date).results().map(MatchResult::group).toList()).stream()
                .map(pattern -> new PatternReader(pattern.replace(CLOCK, clock) + end, null))
                .filter(reader -> reader.readExactly(cell))
                .toList();
    }

    /** All ways to give a meaning to the digits, given the letters. */
    private static List<String> patterns(List<String> tokens) {
        // No date has a point and then a slash; 2009.1/4 is a quarter.
        if (tokens.size() > 4 && tokens.get(1).equals(".") && tokens.get(3).equals("/")) {
            boolean isQuarter = tokens.size() == 5 && tokens.get(4).equals("4");
            return isQuarter && tokens.get(0).length() == 4 && tokens.get(2).length() == 1
                    ? List.of("uuuu.Q'/4'")
                    : List.of();
        }
        List<String> parts = new ArrayList<>(); // of a pattern
        List<Integer> numbers = new ArrayList<>(); // the places of digits, which are to become letters
        boolean hasMonths = tokens.stream().filter(token -> TimeNames.month(token) > 0).count() > 1;
        String kind = "";
        int beforeMonth = -1; // the place of the letter of a month
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            char c = token.charAt(0);
            if (Character.isDigit(c)) {
                numbers.add(parts.size());
                parts.add(token);
            } else if (Character.isLetter(c)) {
                boolean isMonth = TimeNames.month(token) > 0;
                // The Spanish mar is March or Tuesday.
                boolean isDay = TimeNames.isDay(token) && (!isMonth || hasMonths);
                String name = isDay ? token.length() > LONGEST_SHORT ? "EEEE" : "EEE" : isMonth ? "MMM" : null;
                if (name != null) kind += name.charAt(0);
                else if (!FILLERS.contains(token) && !isJoint(tokens, i)) {
                    String word = WORDS.keySet()
                            .stream()
                            .filter(any -> WORDS.get(any).matcher(token).matches())
                            .findFirst()
                            .orElse(null);
                    if (word == null) return List.of();
                    kind += word;
                    if (word.equals("m")) beforeMonth = parts.size();
                }
                parts.add(name != null ? name : "'" + token + "'");
                boolean abbreviates = name != null && i + 1 < tokens.size() && tokens.get(i + 1).equals(".")
                        && (i + 2 == tokens.size() || !Character.isDigit(tokens.get(i + 2).charAt(0)));
                i += abbreviates ? 1 : 0;
            } else {
                parts.add(c == '\'' ? "''" : "[]{}#".indexOf(c) >= 0 ? "'" + c + "'" : token);
            }
        }
        List<String> patterns = new ArrayList<>();
        for (String order : ORDERS.getOrDefault(kind.replaceAll("E|F(?=[QmH])|(?<=[QmH])F", "") + numbers.size(),
                List.of())) {
            // A year of two digits comes first in ISO 8601 only.
            boolean shortYearFirst = order.charAt(0) == 'u' && parts.get(numbers.get(0)).length() == 2;
            if (shortYearFirst && kind.isEmpty() && (order.equals("uu") || !parts.contains("-"))) continue;
            if (beforeMonth >= 0 && order.startsWith("M") != beforeMonth < numbers.get(0)) continue;
            if (kind.contains("E") && order.indexOf('d') < 0) continue;
            List<String> pattern = new ArrayList<>(parts);
            for (int i = 0; i < order.length(); i++) {
                int digits = parts.get(numbers.get(i)).length();
                pattern.set(numbers.get(i), letters(order.charAt(i), digits, !kind.isEmpty()));
            }
            if (pattern.contains(null)) continue;
            String joined = String.join("", pattern);
            patterns.add(pattern.contains("M") || pattern.contains("d") ? unpadded(joined) : joined);
        }
        return patterns;
    }

    /** Whether a T stands between a date and a time of day. */
    private static boolean isJoint(List<String> tokens, int i) {
        return tokens.get(i).equals("T") && i + 1 < tokens.size() && tokens.get(i + 1).equals(CLOCK);
    }

    /** The letters for a number of so many digits, which a word may stand beside; null where it cannot have them. */
    private static String letters(char letter, int digits, boolean hasWord) {
        if (letter == 'x') return digits == 8 ? "uuuuMMdd" : digits == 6 ? "uuuuMM" : null;
        if (hasWord && (letter == 'Q' || letter == 'U') && digits == 2) return "0" + letter;
        return WIDTHS.get(letter).indexOf('0' + digits) < 0 ? null : String.valueOf(letter).repeat(digits);
    }

    /** The pattern without leading zeros in dates. */
    static String unpadded(String pattern) {
        return pattern.replaceAll("(?<!M)MM(?!M)", "M").replace("dd", "d").replace("ww", "w");
    }

    /**
     * The pattern of a reader with what a cell has more: a time of day after mere dates, seconds, their decimals. Null where the
     * cell is written differently.
     */
    static String widened(PatternReader reader, String cell) {
        String core = core(reader.pattern);
        String named = core.replaceFirst("(?<!')V$", "z"); // GMT may be followed by BST
        return inferred(cell).stream()
                .map(other -> other.pattern)
                .filter(more -> core(more).equals(core) || core(more).equals(named)
                        || core(more).replaceFirst("( |'T'|:)[Hh].*", "").equals(core))
                .findFirst()
                .orElse(null);
    }

    /** The pattern without what cells of one column may lack, and without the counts of letters. */
    private static String core(String pattern) {
        return pattern.replaceAll("[.,:](mm|ss|S+)|'er?'", "")
                .replace('X', 'x')
                .replaceAll("([\\p{L}&&[^u]])\\1+", "$1");
    }

    /** The letters of the date in a pattern, in their order. */
    static String order(String pattern) {
        return pattern.replaceAll("'[^']*'|[^uMLdYwQUDe]", "").replaceAll("(.)\\1+", "$1");
    }
}
