package org.ttm4j.cli.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The value axis, with ticks at multiples of 1, 2, 2.5 or 5 times a power of ten and a little margin around the values.
 *
 * @param min the lower end of the axis
 * @param max the upper end of the axis
 * @param values the ticks, ascending, between the ends
 * @param labels the ticks as text, all with the same number of decimals
 */
public record ValueTicks(double min, double max, double[] values, List<String> labels) {
    private static final double MARGIN = 0.06;
    private static final double[] MULTIPLES = {1, 2, 2.5, 5, 10};
    /** Labels with more digits than this before or after the decimal point have an exponent. */
    private static final int MOST_DIGITS = 6;

    /** The axis for values from {@code low} to {@code high}, with about {@code count} ticks. */
    public static ValueTicks of(double low, double high, int count) {
        double spread = high - low;
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (spread <= size * 1e-6) spread = size == 0 ? 2 : size * 0.2;
        double middle = low / 2 + high / 2;
        double min = Math.min(low, middle - spread / 2) - MARGIN * spread;
        double max = Math.max(high, middle + spread / 2) + MARGIN * spread;
        double step = step((max - min) / count);
        long from = (long) Math.ceil(min / step);
        long to = (long) Math.floor(max / step);
        double[] values = new double[(int) (to - from + 1)];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            values[i] = (from + i) * step;
            labels.add(label(values[i], step, Math.max(Math.abs(min), Math.abs(max))));
        }
        return new ValueTicks(min, max, values, labels);
    }

    private static double step(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double multiple : MULTIPLES) if (multiple * power >= atLeast * 0.999) return multiple * power;
        return MULTIPLES[MULTIPLES.length - 1] * power;
    }

    /** A value with as many digits as distinguish it from the neighbours a step away. */
    static String label(double value, double step, double largest) {
        BigDecimal exactStep = new BigDecimal(step).round(new MathContext(2)).stripTrailingZeros();
        int decimals = Math.max(0, exactStep.scale());
        BigDecimal rounded = new BigDecimal(value).setScale(exactStep.scale(), RoundingMode.HALF_EVEN);
        if (rounded.signum() == 0) return "0";
        if (decimals <= MOST_DIGITS && largest < Math.pow(10, MOST_DIGITS + 1)) {
            return rounded.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        }
        BigDecimal digits = rounded.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        return digits.movePointLeft(exponent).toPlainString() + "e" + exponent;
    }
}
