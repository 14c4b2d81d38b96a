package org.ttm4j.ttm.run;

/** Computes the magnitude and the resolution of a channel's values. */
final class Magnitude {
    /** Magnified values stay below 2¹⁰⁰, because sums of squares would overflow otherwise. */
    private static final int LARGEST_EXPONENT = 100;
    private static final double LEAST_SQUARES = 1e-280;
    /** If at most this number of floats lie between the extremes, the steps between values are examined. */
    private static final double COARSE = 4096;
    private static final double RESOLVED = 16;

    private Magnitude() {}

    /** The power of two that brings the deviation into [1, 2), or a smaller one if a value would exceed 2¹⁰⁰. */
    static double factor(double[] values, int from, int end, double mean, int observed, double min, double max,
            double offset) {
        double squares = 0;
        for (int t = from; t < end; t++) {
            double centred = values[t] - mean;
            if (centred == centred) squares += centred * centred;
        }
        // If squares are too small for a double, the range is used.
        int exponent = Math.getExponent(squares < LEAST_SQUARES ? max - min : Math.sqrt(squares / observed));
        int room = LARGEST_EXPONENT - Math.getExponent(Math.max(Math.abs(min - offset), Math.abs(max - offset)));
        return Math.scalb(1.0, Math.min(-exponent, room));
    }

    /** The distance between neighbouring floats at the largest value if steps are hardly larger; otherwise 0. */
    static double coarseGrid(double[] values, int from, int to) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int t = from; t < to; t++) {
            if (values[t] < min) min = values[t];
            if (values[t] > max) max = values[t];
        }
        double distance = Math.ulp((float) Math.max(Math.abs(min), Math.abs(max)));
        if (!(min < max) || max - min > COARSE * distance) return 0;
        double sum = 0;
        int steps = 0;
        for (int t = from + 1; t < to; t++) {
            double step = Math.abs(values[t] - values[t - 1]);
            if (!(step > 0)) continue;
            sum += step;
            steps++;
        }
        return sum < RESOLVED * distance * steps ? distance : 0;
    }
}
