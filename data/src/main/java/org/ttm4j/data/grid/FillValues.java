package org.ttm4j.data.grid;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;

/**
 * Finds the numbers of a series that stand for missing ones: they consist of nines alone, such as -9999 or 999.9, as loggers
 * write them, and are far from all others.
 */
final class FillValues {
    private static final int MOST_KINDS = 4;
    private static final int FEWEST_OTHERS = 10;
    /** Times the range of the others, or the largest of them where that is more. */
    private static final double FAR = 5;
    private static final double LEAST = 999;
    private static final Pattern OF_NINES = Pattern.compile("9+\\.(0|9+)");

    private FillValues() {}

    /**
     * The sizes of the numbers that stand for missing ones, both signs of each.
     *
     * @param values of the series; NaN for none
     * @param count of values
     */
    static Set<Double> of(IntToDoubleFunction values, int count) {
        Set<Double> found = new HashSet<>();
        while (found.size() < MOST_KINDS) {
            double largest = 0;
            for (int i = 0; i < count; i++) {
                double size = Math.abs(values.applyAsDouble(i));
                if (size > largest && !found.contains(size)) largest = size;
            }
            boolean isOfNines = largest >= LEAST && OF_NINES.matcher(Double.toString(largest)).matches();
            if (!isOfNines || !isFar(values, count, found, largest)) break;
            found.add(largest);
        }
        return found;
    }

    private static boolean isFar(IntToDoubleFunction values, int count, Set<Double> found, double size) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        int others = 0;
        boolean isAbove = false;
        boolean isBelow = false;
        for (int i = 0; i < count; i++) {
            double value = values.applyAsDouble(i);
            if (Double.isNaN(value) || found.contains(Math.abs(value))) continue;
            if (Math.abs(value) == size) {
                isAbove |= value > 0;
                isBelow |= value < 0;
            } else {
                low = Math.min(low, value);
                high = Math.max(high, value);
                others++;
            }
        }
        double room = FAR * Math.max(high - low, Math.max(Math.abs(high), Math.abs(low)));
        return others >= FEWEST_OTHERS && room > 0 && (!isAbove || size > high + room)
                && (!isBelow || -size < low - room);
    }
}
