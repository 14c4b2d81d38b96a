package org.ttm4j.data.text;

import java.util.Set;

/**
 * A number as people write it: {@code 1,234.50}, {@code 1.234,5 €}, {@code $ -12}, {@code (120)}, {@code 12 kWh},
 * {@code 45%}, {@code 1 234}, {@code 1'234}, {@code 1.5e-3}, {@code <1}.
 *
 * @param negative whether a minus sign or parentheses make it negative
 * @param digits the digits with the marks and separators between them
 * @param exponent such as {@code e-3}, or empty
 * @param unit the currency sign or unit; empty without
 * @param isBound whether the number stands for all below or above it
 */
public record DecoratedNumber(boolean negative, String digits, String exponent, String unit, boolean isBound) {
    /** The mark of a number that has none. */
    public static final char NONE = '0';

    private static final String SPACES = " \u00a0\u2009\u202f";
    private static final String SEPARATORS = SPACES + "'\u2019.,";
    private static final String BOUNDS = "<>≤≥";
    private static final int LONGEST_UNIT = 8;
    private static final Set<String> CURRENCIES = Set.of("USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD",
            "SEK", "NOK", "DKK", "PLN", "CZK", "BRL", "US$", "A$", "C$", "R$", "Fr.", "kr", "kr.", "zł", "Rs", "Rs.");

    /** Splits a cell; null when it is no such number. */
    public static DecoratedNumber of(String cell) {
        String text = trim(cell);
        boolean isBound = !text.isEmpty() && BOUNDS.indexOf(text.charAt(0)) >= 0;
        if (isBound) text = trim(text.substring(text.startsWith("=", 1) ? 2 : 1));
        boolean negative = text.startsWith("(") && text.endsWith(")");
        if (negative) text = trim(text.substring(1, text.length() - 1));
        int from = 0;
        while (from < text.length() && !isDigit(text.charAt(from))) from++;
        if (from == text.length()) return null;
        if (from > 0 && (text.charAt(from - 1) == '.' || text.charAt(from - 1) == ',')) from--;
        int to = from;
        while (to < text.length() && (isDigit(text.charAt(to)) || SEPARATORS.indexOf(text.charAt(to)) >= 0)) to++;
        String digits = trim(text.substring(from, to));
        String rest = text.substring(from + digits.length());
        int exponent = exponentEnd(rest);
        String before = text.substring(0, from);
        String after = trim(rest.substring(exponent));
        boolean minus = isSigned(before, '-') || isSigned(before, '\u2212');
        boolean plus = isSigned(before, '+');
        if (minus || plus) before = before.replaceFirst("[-+\u2212]", "");
        else if (exponent == 0 && (after.equals("-") || after.equals("\u2212"))) {
            minus = true;
            after = "";
        }
        before = trim(before);
        if ((negative && (minus || plus)) || !(before.isEmpty() || isCurrency(before)) || !isUnit(after)
                || !(before.isEmpty() || after.isEmpty())) {
            return null;
        }
        return new DecoratedNumber(negative || minus, digits, rest.substring(0, exponent), before + after, isBound);
    }

    /** The decimal mark that this number must have; 0 when it can be read both ways, NONE when it has no mark. */
    public char mark() {
        int comma = digits.lastIndexOf(',');
        int point = digits.lastIndexOf('.');
        if (comma < 0 && point < 0) return NONE;
        if (comma >= 0 && point >= 0) return comma > point ? ',' : '.';
        int last = Math.max(comma, point);
        char c = digits.charAt(last);
        char other = c == ',' ? '.' : ',';
        if (digits.indexOf(c) < last) return other;
        boolean couldGroup = digits.length() - last == 4 && last >= 1 && last <= 3 && digits.charAt(0) != '0'
                && exponent.isEmpty();
        boolean groupedOtherwise = digits.chars().anyMatch(d -> !isDigit((char) d) && d != c);
        return couldGroup && !groupedOtherwise ? 0 : c;
    }

    /** The number as Java writes it, with this decimal mark; null when the digits are not grouped by thousands. */
    public String plain(char mark) {
        int at = digits.indexOf(mark);
        String whole = at < 0 ? digits : digits.substring(0, at);
        String decimals = at < 0 ? "" : digits.substring(at + 1);
        if (!decimals.chars().allMatch(c -> isDigit((char) c)) || whole.length() + decimals.length() == 0) return null;
        StringBuilder plain = new StringBuilder(negative ? "-" : "");
        char separator = 0;
        int group = 0; // digits since the last separator
        boolean first = true;
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (isDigit(c)) {
                plain.append(c);
                group++;
                continue;
            }
            // In India groups but the last have two digits.
            boolean complete = first ? group >= 1 && group <= 3 : group == 3 || group == 2;
            if (!complete || (separator != 0 && c != separator)) return null;
            separator = c;
            first = false;
            group = 0;
        }
        if (separator != 0 && group != 3) return null;
        return plain.append('.').append(decimals).append(decimals.isEmpty() ? "0" : "").append(exponent).toString();
    }

    private static boolean isSigned(String before, char sign) {
        int at = before.indexOf(sign);
        return at >= 0 && before.indexOf(sign, at + 1) < 0;
    }

    private static int exponentEnd(String rest) {
        if (rest.isEmpty() || (rest.charAt(0) != 'e' && rest.charAt(0) != 'E')) return 0;
        int at = rest.length() > 1 && (rest.charAt(1) == '-' || rest.charAt(1) == '+') ? 2 : 1;
        int end = at;
        while (end < rest.length() && isDigit(rest.charAt(end))) end++;
        return end > at ? end : 0;
    }

    private static boolean isCurrency(String text) {
        return CURRENCIES.contains(text)
                || (text.length() == 1 && Character.getType(text.charAt(0)) == Character.CURRENCY_SYMBOL);
    }

    private static boolean isUnit(String text) {
        if (text.length() > LONGEST_UNIT) return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean sign = Character.getType(c) == Character.CURRENCY_SYMBOL || "%‰°/²³·µ.".indexOf(c) >= 0;
            boolean power = (c == '2' || c == '3') && i > 0 && text.charAt(i - 1) == 'm';
            if (!Character.isLetter(c) && !sign && !power) return false;
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) <= ' ' || SPACES.indexOf(text.charAt(from)) >= 0)) from++;
        while (to > from && (text.charAt(to - 1) <= ' ' || SPACES.indexOf(text.charAt(to - 1)) >= 0)) to--;
        return text.substring(from, to);
    }
}
