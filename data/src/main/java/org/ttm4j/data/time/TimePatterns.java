package org.ttm4j.data.time;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.data.series.TimeFormat;

/**
 * The patterns by which a time can be read that no {@link LayoutParser} reads: names of months ({@code Jan 2020},
 * {@code 1. Mai 2020}), ISO weeks ({@code 2018-W01}), quarters ({@code 1990Q1}), years of two digits, names of zones
 * ({@code [Europe/Berlin]}). They follow from the digits, letters and signs of the first cell.
 */
public final class TimePatterns {
    private static final int LONGEST = 60;
    private static final Pattern TIME_OF_DAY = Pattern.compile("(?<!\\d\\d)" + timeOfDay(":"));
    private static final Pattern TIME_WITH_POINTS = Pattern.compile("(?<=[ T])" + timeOfDay("\\.") + "$");
    private static final String CLOCK = "\0";
    private static final Pattern ZONE = Pattern.compile(
            "\\s?(\\[?)([A-Z][A-Za-z_]+/[A-Za-z_/+-]+|UTC|GMT|CET|CEST|EST|EDT|PST|PDT|CST|CDT|MST|MDT|BST|EET|WET|JST)(]?)$");
    private static final Pattern WEEK_OR_QUARTER = Pattern.compile("(?i)Q|W|KW|wk|week");
    private static final Set<String> FILLERS = Set.of("T", "de", "of");
    private static final Pattern TOKEN = Pattern.compile("\\d+|\\p{L}+|[^\\d\\p{L}]");
    public static final List<Locale> LOCALES = Stream
            .concat(Stream.of("en", "en-GB", "de", "de-AT", "fr", "es", "it", "nl", "pt", "sv", "nb", "pl")
                    .map(Locale::forLanguageTag), TimeFormat.shortLocales().stream())
            .toList();
    /** The letters of a pattern for each name of a month or a day of the week, in lower case, by language. */
    private static final Map<Locale, Map<String, String>> NAMES = LOCALES.stream()
            .collect(Collectors.toMap(locale -> locale, TimePatterns::names));

    private static final Map<Character, String> DIRECTIVES = Map.ofEntries(Map.entry('Y', "uuuu"), Map.entry('y', "uu"),
            Map.entry('m', "MM"), Map.entry('d', "dd"), Map.entry('H', "HH"), Map.entry('I', "hh"),
            Map.entry('M', "mm"), Map.entry('S', "ss"), Map.entry('f', "SSSSSS"), Map.entry('p', "a"),
            Map.entry('b', "MMM"), Map.entry('B', "MMMM"), Map.entry('a', "EEE"), Map.entry('A', "EEEE"),
            Map.entry('j', "DDD"), Map.entry('G', "YYYY"), Map.entry('V', "ww"), Map.entry('u', "e"),
            Map.entry('z', "xx"), Map.entry('Z', "z"), Map.entry('F', "uuuu-MM-dd"), Map.entry('T', "HH:mm:ss"));

    private TimePatterns() {}

    /** A parser for each pattern that reads the cell, made when it is asked for: most callers want the first alone. */
    static Stream<TimeParser> of(String cell) {
        if (cell.length() > LONGEST || cell.length() < 4) return Stream.of();
        String date = cell;
        String end = "";
        Matcher zone = ZONE.matcher(date);
        if (zone.find() && zone.start() > 0) {
            boolean bracket = !zone.group(1).isEmpty();
            if (bracket == zone.group(3).isEmpty()) return Stream.of();
            String blank = date.charAt(zone.start()) == ' ' ? " " : "";
            end = blank + (bracket
                    ? "'['VV']'"
                    : zone.group(2).indexOf('/') > 0 || zone.group(2).length() == 3 && zone.group(2).matches("UTC|GMT")
                            ? "VV"
                            : "z");
            date = date.substring(0, zone.start());
        }
        boolean points = date.indexOf(':') < 0;
        Matcher time = (points ? TIME_WITH_POINTS : TIME_OF_DAY).matcher(date);
        if (!time.find()) return parsers(date, "", end, cell);
        String apart = date.substring(0, time.start()) + CLOCK
                + date.substring(time.start() + time.group().stripTrailing().length());
        String clock = clockPattern(time, points ? '.' : ':');
        // The points may be those of the date.
        if (points && parsers(apart, clock, end, cell).findFirst().isEmpty()) return parsers(date, "", end, cell);
        return parsers(apart, clock, end, cell);
    }

    /**
     * The parsers of a pattern that a user states, one for each language.
     *
     * @throws IllegalArgumentException when it is no pattern
     */
    static List<TimeParser> stated(String format) {
        if (format.equalsIgnoreCase(TimeFormat.EXCEL_DAYS)) return List.of(new LayoutParser(TimeLayout.EXCEL_DAYS));
        String pattern = ofUser(format);
        List<TimeParser> parsers = new ArrayList<>();
        for (Locale locale : pattern.matches(".*(MMM|LLL|EEE).*") ? LOCALES : List.of(Locale.ROOT)) {
            parsers.add(new PatternParser(pattern, locale));
        }
        return parsers;
    }

    /** Converts {@code %d.%m.%Y}, {@code dd.mm.yyyy} and the like to what {@link TimeFormat} reads. */
    static String ofUser(String format) {
        String pattern = format;
        if (format.indexOf('%') >= 0) return ofDirectives(format);
        boolean weeks = pattern.indexOf('w') >= 0;
        if (!weeks) pattern = pattern.replace('Y', 'u').replace("DD", "dd");
        boolean hours = pattern.indexOf('H') >= 0 || pattern.indexOf('h') >= 0;
        if (!hours) pattern = pattern.replace('m', 'M');
        return pattern.replace('y', 'u');
    }

    /** Converts the directives of C's strptime; what stands between them stands for itself. */
    private static String ofDirectives(String format) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                String letters = DIRECTIVES.get(format.charAt(++i));
                if (letters == null) throw new IllegalArgumentException("unknown directive %" + format.charAt(i));
                pattern.append(letters);
            } else if (Character.isLetter(c) || "[]{}#'".indexOf(c) >= 0) {
                pattern.append(c == '\'' ? "''" : "'" + c + "'");
            } else {
                pattern.append(c);
            }
        }
        return pattern.toString();
    }

    /** A regular expression for times of day; the groups are hours, minutes, seconds, their decimals, AM or PM, the offset. */
    private static String timeOfDay(String mark) {
        return "(\\d{1,2})" + mark + "(\\d{2})(?:" + mark
                + "(\\d{2})(?:([.,])(\\d{1,9}))?)?(\\s?)([AaPp][Mm])?(\\s?)(Z|[+-]\\d{2}(?::?\\d{2})?)?";
    }

    private static String clockPattern(Matcher time, char mark) {
        boolean half = time.group(7) != null;
        String hour = half ? "h" : "H";
        return (time.group(1).length() == 2 ? hour + hour : hour) + mark + "mm"
                + (time.group(3) == null ? "" : mark + "ss")
                + (time.group(5) == null ? "" : time.group(4) + "S".repeat(time.group(5).length()))
                + (half ? time.group(6) + "a" : "")
                + (time.group(9) == null
                        ? ""
                        : (half ? time.group(8) : time.group(6) + time.group(8)) + offset(time.group(9)));
    }

    private static String offset(String text) {
        if (text.equals("Z")) return "XXX";
        return text.length() == 3 ? "x" : text.indexOf(':') > 0 ? "xxx" : "xx";
    }

    /** @param date the date, with {@link #CLOCK} where the time of day stands */
    private static Stream<TimeParser> parsers(String date, String clock, String end, String cell) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(date);
        while (matcher.find()) tokens.add(matcher.group());
        Locale unnamed = end.indexOf('z') >= 0 ? Locale.ENGLISH : Locale.ROOT; // the root has no names of zones
        return (tokens.stream().anyMatch(TimePatterns::isWord) ? LOCALES : List.of(unnamed)).stream()
                .flatMap(locale -> patterns(tokens, locale).stream()
                        .<TimeParser>map(pattern -> new PatternParser(pattern.replace(CLOCK, clock) + end, locale))
                        .filter(parser -> parser.read(cell)));
    }

    private static boolean isWord(String token) {
        return token.length() > 2 && Character.isLetter(token.charAt(0));
    }

    /** All ways to give a meaning to the digits, given the letters. */
    private static Set<String> patterns(List<String> tokens, Locale locale) {
        Set<String> patterns = new LinkedHashSet<>();
        List<String> parts = new ArrayList<>(); // of a pattern; a digit stands for its length in digits to come
        List<Integer> digits = new ArrayList<>();
        Map<String, String> names = NAMES.getOrDefault(locale, Map.of());
        String kind = "";
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            char c = token.charAt(0);
            if (Character.isDigit(c)) {
                digits.add(parts.size());
                parts.add(token);
            } else if (Character.isLetter(c)) {
                boolean point = i + 1 < tokens.size() && tokens.get(i + 1).equals(".");
                String shortened = point ? names.get(token.toLowerCase(Locale.ROOT) + ".") : null; // Jan. in German
                String name = shortened != null ? shortened : names.get(token.toLowerCase(Locale.ROOT));
                i += shortened != null ? 1 : 0;
                if (name != null) kind += name.charAt(0);
                else if (token.equalsIgnoreCase("M")) kind += "m";
                else if (WEEK_OR_QUARTER.matcher(token).matches()) kind += Character.toUpperCase(token.charAt(0));
                else if (!FILLERS.contains(token)) return patterns;
                parts.add(name != null ? name : "'" + token + "'");
            } else {
                parts.add(c == '\'' ? "''" : "[]{}#".indexOf(c) >= 0 ? "'" + c + "'" : token);
            }
        }
        if (digits.isEmpty() || digits.size() > 3) return patterns;
        for (String[] meaning : meanings(kind.replace("E", ""), digits.size())) {
            // Two digits for the year come first in ISO 8601 only.
            boolean yearFirst = meaning[0].equals("y") && parts.get(digits.get(0)).length() == 2;
            if (yearFirst && kind.isEmpty() && !parts.contains("-")) continue;
            List<List<String>> choices = new ArrayList<>();
            for (int i = 0; i < meaning.length; i++) choices.add(letters(meaning[i], parts.get(digits.get(i))));
            combine(parts, digits, choices, 0, patterns);
        }
        return patterns;
    }

    private static void combine(List<String> parts, List<Integer> digits, List<List<String>> choices, int at,
            Set<String> patterns) {
        if (at == choices.size()) {
            patterns.add(String.join("", parts));
            return;
        }
        String before = parts.get(digits.get(at));
        for (String letters : choices.get(at)) {
            parts.set(digits.get(at), letters);
            combine(parts, digits, choices, at + 1, patterns);
        }
        parts.set(digits.get(at), before);
    }

    /** The orders of year, month, day, quarter and week that so many numbers can have. */
    private static String[][] meanings(String kind, int numbers) {
        if (kind.equals("M") || kind.equals("L")) {
            if (numbers == 1) return new String[][]{{"y"}};
            return numbers == 2 ? new String[][]{{"d", "y"}, {"y", "d"}} : new String[0][];
        }
        // The letter M before the number of a month.
        if (kind.equals("m") && numbers == 2) return new String[][]{{"y", "m"}};
        if (kind.equals("Q") && numbers == 2) return new String[][]{{"y", "q"}, {"q", "y"}};
        if ((kind.equals("W") || kind.equals("K")) && numbers >= 2) {
            return numbers == 2 ? new String[][]{{"Y", "w"}, {"w", "Y"}} : new String[][]{{"Y", "w", "e"}};
        }
        if (!kind.isEmpty()) return new String[0][];
        return switch (numbers) {
            case 1 -> new String[][]{{"8"}, {"6"}};
            case 2 -> new String[][]{{"y", "m"}, {"m", "y"}, {"y", "D"}};
            default -> new String[][]{{"d", "m", "y"}, {"m", "d", "y"}, {"y", "m", "d"}};
        };
    }

    /** The letters of a pattern for a number of this meaning; none when its digits do not suit. */
    private static List<String> letters(String meaning, String number) {
        int length = number.length();
        return switch (meaning) {
            case "y" -> length == 4 ? List.of("uuuu") : length == 2 ? List.of("uu") : List.of();
            case "Y" -> length == 4 ? List.of("YYYY") : List.of();
            case "m" -> padded("M", number, 12);
            case "d" -> padded("d", number, 31);
            case "w" -> padded("w", number, 53);
            case "q" -> length == 1 ? List.of("Q") : List.of();
            case "e" -> length == 1 ? List.of("e") : List.of();
            case "D" -> length == 3 ? List.of("DDD") : List.of();
            case "8" -> length == 8 ? List.of("uuuuMMdd") : List.of();
            default -> length == 6 ? List.of("uuuuMM") : List.of();
        };
    }

    private static List<String> padded(String letter, String number, int most) {
        if (number.length() > 2 || Integer.parseInt(number) > most) return List.of();
        if (number.length() == 1) return List.of(letter);
        return number.charAt(0) == '0' ? List.of(letter + letter) : List.of(letter + letter, letter);
    }

    private static Map<String, String> names(Locale locale) {
        Map<String, String> names = new HashMap<>();
        List<String> styles = List.of("MMM EEE", "LLL ccc", "MMMM EEEE", "LLLL cccc");
        for (String style : locale.getVariant().isEmpty() ? styles : styles.subList(0, 1)) {
            String letters = style.substring(0, style.indexOf(' '));
            DateTimeFormatter months = TimeFormat.formatter(letters, locale);
            for (Month month : Month.values())
                names.putIfAbsent(months.format(month).toLowerCase(Locale.ROOT), letters);
            DateTimeFormatter days = TimeFormat.formatter(style.substring(letters.length() + 1), locale);
            for (DayOfWeek day : DayOfWeek.values()) {
                names.putIfAbsent(days.format(day).toLowerCase(Locale.ROOT), "E".repeat(letters.length()));
            }
        }
        names.keySet().removeIf(name -> name.length() < 3);
        return names;
    }
}
