package org.ttm4j.forecast;

/**
 * The values that a forecast may take.
 *
 * @param lower the least; −∞ for none
 * @param whole whether they are whole numbers
 */
record ValueRange(double lower, boolean whole) {
    static final ValueRange ANY = new ValueRange(Double.NEGATIVE_INFINITY, false);

    /** The nearest of these values; ascending in the value, so that quantiles stay in their order. */
    double nearest(double value) {
        if (!whole) return Math.max(lower, value);
        // −0 becomes 0.
        return Math.max(Math.ceil(lower), Math.rint(value)) + 0.0;
    }

    /** The rows themselves where every value is allowed. */
    double[][] nearest(double[][] rows) {
        if (equals(ANY)) return rows;
        double[][] nearest = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            nearest[i] = new double[rows[i].length];
            for (int t = 0; t < nearest[i].length; t++) nearest[i][t] = nearest(rows[i][t]);
        }
        return nearest;
    }
}
