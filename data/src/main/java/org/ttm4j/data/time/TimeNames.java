package org.ttm4j.data.time;

import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of months and of days of the week. A word is a name that it begins, in any of the languages, with or without
 * accents and the point of an abbreviation: no beginning of three letters has two meanings.
 */
public final class TimeNames {
    /** The languages; where names are of several, the first is taken. */
    private static final List<Locale> LOCALES = Stream
            .of("en", "de", "de-AT", "fr", "es", "it", "nl", "pt", "sv", "nb", "pl")
            .map(Locale::forLanguageTag)
            .toList();
    private static final int SHORTEST_MONTH = 3;
    private static final int SHORTEST_DAY = 2;
    private static final Map<String, Integer> MONTHS = new HashMap<>();
    private static final Map<String, Integer> DAYS = new HashMap<>();

    static {
        for (Locale locale : LOCALES) {
            for (TextStyle style : List.of(TextStyle.FULL, TextStyle.FULL_STANDALONE)) {
                for (Month month : Month.values()) {
                    add(month.getDisplayName(style, locale), SHORTEST_MONTH, month.getValue(), MONTHS);
                }
                for (DayOfWeek day : DayOfWeek.values()) {
                    add(day.getDisplayName(style, locale), SHORTEST_DAY, day.getValue(), DAYS);
                }
            }
        }
        // These abbreviations are not beginnings of the names in their languages.
        MONTHS.putAll(Map.of("mrz", 3, "mrt", 3, "setiembre", 9));
    }

    private TimeNames() {}

    private static void add(String name, int shortest, int number, Map<String, Integer> numbers) {
        String plain = plain(name);
        for (int length = shortest; length <= plain.length(); length++) {
            numbers.merge(plain.substring(0, length), number, (one, other) -> one.equals(other) ? one : 0);
        }
    }

    /** A word in lower case, without accents and points. */
    private static String plain(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        boolean isAscii = lower.chars().allMatch(c -> c < 128 && c != '.');
        return isAscii ? lower : Normalizer.normalize(lower, Normalizer.Form.NFD).replaceAll("[\\p{M}.]", "");
    }

    /** The month that a word names, from 1; 0 without. */
    public static int month(String word) {
        return MONTHS.getOrDefault(plain(word), 0);
    }

    /** The day of the week that a word names, from Monday on, from 1; 0 without. */
    static int day(String word) {
        return DAYS.getOrDefault(plain(word), 0);
    }

    /** Whether a word names a month or a day of the week. */
    public static boolean isName(String word) {
        return month(word) > 0 || isDay(word);
    }

    static boolean isDay(String word) {
        return DAYS.containsKey(plain(word));
    }

    /**
     * The first language of those in which the most names are those that were found.
     *
     * @param months as found, by month; null for those that were not found
     * @param days as found, by day
     */
    static Locale language(String[] months, String[] days) {
        return LOCALES.stream().max(Comparator.comparing(locale -> {
            long ofDays = Stream.of(DayOfWeek.values())
                    .filter(day -> begins(day.getDisplayName(TextStyle.FULL, locale), days[day.ordinal()]))
                    .count();
            return ofDays + Stream.of(Month.values())
                    .filter(month -> begins(month.getDisplayName(TextStyle.FULL, locale), months[month.ordinal()])
                            || begins(month.getDisplayName(TextStyle.FULL_STANDALONE, locale), months[month.ordinal()]))
                    .count();
        })).orElseThrow();
    }

    private static boolean begins(String name, String word) {
        return word != null && plain(name).startsWith(plain(word));
    }

    /** The names of all months in the style of those that were found, which stay as they are; none without. */
    static List<String> completed(String[] found, Locale locale) {
        List<Function<Month, String>> styles = List.of(month -> month.getDisplayName(TextStyle.SHORT, locale),
                month -> month.getDisplayName(TextStyle.SHORT, locale).replace(".", ""),
                month -> month.getDisplayName(TextStyle.FULL, locale).substring(0, SHORTEST_MONTH),
                month -> month.getDisplayName(TextStyle.FULL, locale).substring(0, SHORTEST_MONTH) + ".",
                month -> month.getDisplayName(TextStyle.FULL, locale));
        Function<Month, String> style = styles.stream()
                .max(Comparator.comparing(names -> Stream.of(Month.values())
                        .filter(month -> names.apply(month).equalsIgnoreCase(found[month.ordinal()]))
                        .count()))
                .orElseThrow();
        String all = Stream.of(found).filter(Objects::nonNull).collect(Collectors.joining());
        if (all.isEmpty()) return List.of();
        List<String> names = new ArrayList<>();
        for (Month month : Month.values()) {
            String name = style.apply(month);
            String upper = name.toUpperCase(locale);
            if (all.equals(all.toUpperCase(locale))) name = upper;
            else if (Character.isUpperCase(all.charAt(0))) name = upper.charAt(0) + name.substring(1);
            names.add(Objects.requireNonNullElse(found[month.ordinal()], name));
        }
        return names;
    }
}
