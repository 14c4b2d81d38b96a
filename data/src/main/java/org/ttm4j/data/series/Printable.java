package org.ttm4j.data.series;

/** Makes text from outside, such as the name of a column, safe to show to people. Thread-safe. */
public final class Printable {
    private static final int LONGEST = 60;

    private Printable() {}

    /** The text without characters that could move the cursor, recolour a terminal or turn the direction of writing, and without
     * halves of characters. */
    public static String of(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
    }

    /** The {@linkplain #of printable} text, cut after 60 characters. */
    public static String shortened(String text) {
        return of(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
    }

    /** The {@linkplain #shortened} text in quotes. */
    public static String quoted(String text) {
        return "'" + shortened(text) + "'";
    }
}
