package org.ttm4j.eval.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten, with as many decimals as this step has. They are counted in decimal
 * numbers, so that no label shows a rounding error.
 */
final class NumberTicks {
    private static final int[] MULTIPLES = {1, 2, 5, 10};
    /** The names of 1000², 1000³ and so on. */
    private static final List<String> UNITS = List.of("", "", " million", " billion", " trillion");
    /** Steps that need more decimals of a unit than this are written without the unit. */
    private static final int MOST_DECIMALS_OF_UNIT = 2;
    /** Labels with more decimals than this have an exponent. */
    private static final int MOST_DECIMALS = 6;
    /** The least number that has commas. */
    private static final int LEAST_WITH_COMMAS = 10_000;
    /** Counts from here on need the room of two. */
    private static final double LEAST_LONG = 1e6;
    /** A step may be so much smaller than the distance asked for, so that it is the nearest and not the next above. */
    private static final double NEAREST = 1.4;

    private NumberTicks() {}

    static List<Axis.Tick> along(Axis axis, int count) {
        boolean whole = axis.kind() == Axis.Kind.COUNTS;
        int fitting = whole && axis.max() >= LEAST_LONG ? count / 2 : count;
        double distance = (axis.max() - axis.min()) / fitting / NEAREST;
        BigDecimal step = step(whole ? Math.max(1, distance) : distance);
        double width = step.doubleValue();
        double largest = width * Math.floor(Math.max(-axis.min(), axis.max()) / width);
        List<Axis.Tick> ticks = new ArrayList<>();
        for (long k = (long) Math.ceil(axis.min() / width); k * width <= axis.max(); k++) {
            BigDecimal value = step.multiply(BigDecimal.valueOf(k));
            String label = switch (axis.kind()) {
                case PERCENT -> decimals(value.movePointRight(2), step.scale() - 2) + " %";
                case VALUES -> label(value, step, largest);
                default -> decimals(value, 0);
            };
            ticks.add(new Axis.Tick(value.doubleValue(), label, ""));
        }
        return ticks;
    }

    private static BigDecimal step(double least) {
        int power = (int) Math.floor(Math.log10(least));
        int i = 0;
        while (i < MULTIPLES.length - 1 && MULTIPLES[i] * Math.pow(10, power) < least) i++;
        return BigDecimal.valueOf(MULTIPLES[i]).scaleByPowerOfTen(power).stripTrailingZeros();
    }

    private static String label(BigDecimal value, BigDecimal step, double largest) {
        if (value.signum() == 0) return "0";
        int thousands = Math.max(0, (int) (Math.log10(largest) / 3));
        if (thousands >= UNITS.size() || step.scale() > MOST_DECIMALS) {
            int exponent = value.precision() - value.scale() - 1;
            return value.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
        }
        int decimalsOfUnit = step.scale() + 3 * thousands;
        if (thousands >= 2 && decimalsOfUnit <= MOST_DECIMALS_OF_UNIT) {
            return decimals(value.movePointLeft(3 * thousands), decimalsOfUnit) + UNITS.get(thousands);
        }
        String digits = decimals(value, step.scale());
        return largest < LEAST_WITH_COMMAS ? digits : digits.replaceAll("(?<!\\.\\d{0,9})\\B(?=(\\d{3})+($|\\.))", ",");
    }

    private static String decimals(BigDecimal value, int decimals) {
        return value.setScale(Math.max(0, decimals), RoundingMode.UNNECESSARY).toPlainString();
    }
}
