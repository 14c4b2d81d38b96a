package org.ttm4j.forecast;

import java.util.Arrays;
import java.util.List;

/**
 * The values that a forecast may take.
 *
 * @param lower the least; −∞ for none
 * @param upper the largest: one of all channels, or one for each channel of the history; ∞ for none
 * @param whole whether they are whole numbers
 */
record ValueRange(double lower, List<Double> upper, boolean whole) {
    static final ValueRange ANY = new ValueRange(Double.NEGATIVE_INFINITY, List.of(Double.POSITIVE_INFINITY), false);

    ValueRange {
        for (double most : upper) {
            if (lower > most) throw new IllegalArgumentException("lower " + lower + " is above upper " + most);
            if (whole && Math.ceil(lower) > Math.floor(most)) {
                throw new IllegalArgumentException("no whole number lies from lower " + lower + " to upper " + most);
            }
        }
    }

    /** The largest value of a channel of the history. */
    double upper(int channel) {
        return upper.get(upper.size() == 1 ? 0 : channel);
    }

    /** The nearest of these values; ascending in the value, so that quantiles stay in their order. */
    private double nearest(double value, double most) {
        if (!whole) return Math.min(most, Math.max(lower, value));
        // −0 becomes 0.
        return Math.min(Math.floor(most), Math.max(Math.ceil(lower), Math.rint(value))) + 0.0;
    }

    /** The nearest of the values of a channel; the rows themselves where every value is allowed. */
    double[][] nearest(double[][] rows, int channel) {
        if (this == ANY) return rows;
        double most = upper(channel);
        return Arrays.stream(rows)
                .map(row -> Arrays.stream(row).map(value -> nearest(value, most)).toArray())
                .toArray(double[][]::new);
    }

    /** The same for a row of each of these channels. */
    double[][] nearest(double[][] rows, int[] channels) {
        if (this == ANY) return rows;
        double[][] nearest = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) nearest[i] = nearest(new double[][]{rows[i]}, channels[i])[0];
        return nearest;
    }

    @Override
    public String toString() {
        return "from " + lower + " to " + upper + (whole ? ", whole numbers" : "");
    }
}
