package org.ttm4j.eval.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Writes numbers with four significant digits, in any unit. */
public final class Digits {
    private static final int COUNTING = 4;

    private Digits() {}

    /**
     * A number such as {@code 0.03412}, {@code 12.30}, {@code 48120} or {@code 3.200 billion}; a dash when it is not finite.
     */
    public static String of(double value) {
        if (!Double.isFinite(value)) return "–";
        double size = Math.abs(value);
        if (size >= 1e12 && size < 1e15) return of(value / 1e12) + " trillion";
        if (size >= 1e9 && size < 1e12) return of(value / 1e9) + " billion";
        if (size >= 1e15 || (size > 0 && size < 1e-4)) return String.format(Locale.ROOT, "%.1e", value);
        if (size > 0 && size < 0.1) return new BigDecimal(value).round(new MathContext(COUNTING)).toPlainString();
        int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** A share as a percentage, such as {@code 79.4 %}. */
    public static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "–";
    }

    /** A level, such as {@code 80 %} or {@code 97.5 %}. */
    public static String level(double level) {
        return new BigDecimal(Double.toString(level)).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }
}
