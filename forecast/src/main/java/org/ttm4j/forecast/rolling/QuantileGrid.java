package org.ttm4j.forecast.rolling;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The quantiles that a set of central intervals is measured by: 0.1, 0.2, … 0.9 and the two ends (1 − level)/2 and
 * (1 + level)/2 of each level. Immutable.
 */
public final class QuantileGrid {
    /** The grid without quantiles. */
    static final QuantileGrid NONE = new QuantileGrid(new double[0], new double[0]);
    private static final double SAME = 1e6;

    private final double[] levels;
    private final double[] quantiles;

    private QuantileGrid(double[] levels, double[] quantiles) {
        this.levels = levels;
        this.quantiles = quantiles;
    }

    /**
     * The grid of some levels, such as 0.8 and 0.9.
     *
     * @throws IllegalArgumentException for no level, one outside (0, 1), or one that comes twice
     */
    public static QuantileGrid of(double... levels) {
        if (levels.length == 0) throw new IllegalArgumentException("expected at least one level");
        for (double level : levels) {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException("level " + level + ": expected more than 0 and less than 1");
            }
        }
        double[] ascending = DoubleStream.of(levels).sorted().toArray();
        for (int i = 1; i < ascending.length; i++) {
            if (ascending[i] == ascending[i - 1]) {
                throw new IllegalArgumentException("level " + ascending[i] + " comes twice: expected each level once");
            }
        }
        DoubleStream deciles = DoubleStream.iterate(1, i -> i <= 9, i -> i + 1).map(i -> i / 10);
        DoubleStream ends = DoubleStream.concat(DoubleStream.of(ascending).map(QuantileGrid::lower),
                DoubleStream.of(ascending).map(QuantileGrid::upper));
        return new QuantileGrid(ascending, DoubleStream.concat(deciles, ends).sorted().distinct().toArray());
    }

    /** The levels, ascending. */
    public double[] levels() {
        return levels.clone();
    }

    /** The quantiles, ascending. */
    public double[] quantiles() {
        return quantiles.clone();
    }

    /** For each level the index of the lower end of its interval among the quantiles. */
    public int[] lowerIndices() {
        return indices(DoubleStream.of(levels).map(QuantileGrid::lower));
    }

    /** For each level the index of the upper end. */
    public int[] upperIndices() {
        return indices(DoubleStream.of(levels).map(QuantileGrid::upper));
    }

    private int[] indices(DoubleStream ends) {
        return ends.mapToInt(end -> Arrays.binarySearch(quantiles, end)).toArray();
    }

    private static double lower(double level) {
        return rounded((1 - level) / 2);
    }

    private static double upper(double level) {
        return rounded((1 + level) / 2);
    }

    /** (1 − 0.8)/2 is not quite 0.1, but means it. */
    private static double rounded(double quantile) {
        double rounded = Math.rint(quantile * SAME) / SAME;
        return rounded > 0 && rounded < 1 ? rounded : quantile;
    }
}
