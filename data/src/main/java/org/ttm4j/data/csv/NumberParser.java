package org.ttm4j.data.csv;

import java.util.Locale;
import java.util.Set;

/**
 * Reads the numeric cells of one file: digits with at most one decimal mark and one exponent, without hexadecimal
 * numbers and thousands separators. The first number with a decimal mark decides the mark of the file. Not thread-safe.
 */
final class NumberParser {
    private static final Set<String> MISSING = Set.of("na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "?", ".");
    private static final Set<String> INFINITE = Set.of("inf", "infinity", "∞");
    private static final int LONGEST_WORD = 10;
    private static final int DIGITS_OF_LONG = 18;
    private static final double[] POWERS_OF_TEN = new double[DIGITS_OF_LONG + 1];

    static {
        // The powers of ten up to 10^22 are exact in double precision.
        double power = 1;
        for (int i = 0; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = power;
            power *= 10;
        }
    }

    private final boolean commaAllowed;
    private char mark;
    private double value;

    NumberParser(boolean commaAllowed) {
        this.commaAllowed = commaAllowed;
    }

    /** Whether a cell stands for a missing value. */
    static boolean isMissing(String cell) {
        return cell.isEmpty() || (cell.length() <= LONGEST_WORD && MISSING.contains(cell.toLowerCase(Locale.ROOT)));
    }

    /** Whether a cell stands for an infinite value. */
    static boolean isInfinite(String cell) {
        String unsigned = cell.startsWith("-") || cell.startsWith("+") ? cell.substring(1) : cell;
        return unsigned.length() <= LONGEST_WORD && INFINITE.contains(unsigned.toLowerCase(Locale.ROOT));
    }

    /** The number last read, at least in the precision of float; infinite when it is beyond the range of double. */
    double value() {
        return value;
    }

    /** Reads a cell. False when it is not a number. */
    boolean read(String cell) {
        int length = cell.length();
        int at = 0;
        boolean negative = length > 0 && cell.charAt(0) == '-';
        if (negative || (length > 0 && cell.charAt(0) == '+')) at++;
        long mantissa = 0;
        int digits = 0;
        int decimals = 0;
        char seen = 0;
        for (; at < length; at++) {
            char c = cell.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
                decimals += seen != 0 ? 1 : 0;
                mantissa = mantissa * 10 + (c - '0');
            } else if (seen == 0 && isMark(c)) {
                seen = c;
            } else {
                break;
            }
        }
        if (digits == 0) return false;
        if (at == length && digits <= DIGITS_OF_LONG) {
            // This rounds twice in double precision, which float does not show; parseDouble would take most of the
            // time.
            value = (negative ? -mantissa : mantissa) / POWERS_OF_TEN[decimals];
        } else if (at == length || isExponent(cell, at)) {
            value = Double.parseDouble(cell.replace(',', '.'));
        } else {
            return false;
        }
        mark = seen != 0 ? seen : mark;
        return true;
    }

    private boolean isMark(char c) {
        return (c == '.' || (c == ',' && commaAllowed)) && (mark == 0 || mark == c);
    }

    private static boolean isExponent(String cell, int from) {
        int at = from + 1;
        if (cell.charAt(from) != 'e' && cell.charAt(from) != 'E') return false;
        if (at < cell.length() && (cell.charAt(at) == '-' || cell.charAt(at) == '+')) at++;
        int digits = cell.length() - at;
        while (at < cell.length() && cell.charAt(at) >= '0' && cell.charAt(at) <= '9') at++;
        return digits > 0 && at == cell.length();
    }
}
