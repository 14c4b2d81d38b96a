package org.ttm4j.data.grid;

import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

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
     */
    static Set<Double> of(Supplier<DoubleStream> values) {
        Set<Double> found = new HashSet<>();
        double size = largest(values, Double.POSITIVE_INFINITY);
        for (; found.size() < MOST_KINDS && isFill(values, size); size = largest(values, size)) found.add(size);
        return found;
    }

    private static double largest(Supplier<DoubleStream> values, double below) {
        return values.get().map(Math::abs).filter(size -> size < below).max().orElse(0);
    }

    private static boolean isFill(Supplier<DoubleStream> values, double size) {
        if (size < LEAST || !OF_NINES.matcher(Double.toString(size)).matches()) return false;
        DoubleSummaryStatistics others = values.get().filter(value -> Math.abs(value) < size).summaryStatistics();
        double low = others.getMin();
        double high = others.getMax();
        double room = FAR * Math.max(high - low, Math.max(Math.abs(high), Math.abs(low)));
        return others.getCount() >= FEWEST_OTHERS && room > 0
                && (size > high + room || values.get().noneMatch(value -> value == size))
                && (-size < low - room || values.get().noneMatch(value -> value == -size));
    }
}
