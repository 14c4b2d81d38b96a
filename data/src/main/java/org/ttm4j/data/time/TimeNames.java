package org.ttm4j.data.time;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.ttm4j.data.series.TimeFormat;

/** The names of months and of days of the week, in the languages in which times are read. */
public final class TimeNames {
    /** The languages; where a name is of several, the first is taken. */
    static final List<Locale> LOCALES = Stream
            .concat(Stream.of("en", "en-GB", "de", "de-AT", "fr", "es", "it", "nl", "pt", "sv", "nb", "pl")
                    .map(Locale::forLanguageTag), TimeFormat.shortLocales().stream())
            .toList();
    private static final int SHORTEST = 3;
    private static final Map<Locale, Map<String, Name>> NAMES = new ConcurrentHashMap<>();

    private TimeNames() {}

    /**
     * A name.
     *
     * @param letters those by which a pattern writes it, such as {@code MMM}, or {@code EEE} for a day of the week
     * @param number the month, or the day from Monday on, from 1
     */
    record Name(String letters, int number) {}

    /** The names of a language, in lower case. */
    static Map<String, Name> of(Locale locale) {
        return NAMES.computeIfAbsent(locale, TimeNames::names);
    }

    private static Map<String, Name> names(Locale locale) {
        Map<String, Name> names = new HashMap<>();
        List<String> styles = List.of("MMM", "EEE", "LLL", "ccc", "MMMM", "EEEE", "LLLL", "cccc");
        for (String letters : locale.getVariant().isEmpty() ? styles : styles.subList(0, 2)) {
            TemporalAccessor[] all = "ML".indexOf(letters.charAt(0)) >= 0 ? Month.values() : DayOfWeek.values();
            DateTimeFormatter formatter = TimeFormat.formatter(letters, locale);
            for (int i = 0; i < all.length; i++) {
                String name = formatter.format(all[i]).toLowerCase(Locale.ROOT);
                if (name.length() >= SHORTEST) names.putIfAbsent(name, new Name(letters.replace('c', 'E'), i + 1));
            }
        }
        return names;
    }

    /** Whether a text names a month in any of the languages, with or without the point of an abbreviation. */
    public static boolean isMonth(String text, int month) {
        String name = text.toLowerCase(Locale.ROOT);
        String other = name.endsWith(".") ? name.substring(0, name.length() - 1) : name + ".";
        return LOCALES.stream()
                .map(TimeNames::of)
                .flatMap(names -> Stream.of(names.get(name), names.get(other)))
                .anyMatch(found -> found != null && found.number == month && found.letters.charAt(0) != 'E');
    }
}
