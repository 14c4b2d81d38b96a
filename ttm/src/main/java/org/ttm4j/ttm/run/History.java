package org.ttm4j.ttm.run;

/** The magnitude and the resolution of the values of a channel. */
final class History {
    /** No value beyond 2¹⁰⁰ reaches a model that magnifies: sums of squares would overflow. */
    private static final int LARGEST_EXPONENT = 100;
    private static final double LEAST_SQUARES = 1e-280;
    /** Where so many representable values or fewer lie between the extremes, the steps are looked at. */
    private static final double COARSE = 4096;
    private static final double RESOLVED = 16;

    private History() {}

    /** The power of two that brings a deviation into [1, 2); smaller where a value would pass 2¹⁰⁰. */
    static double magnification(double[] values, int from, int end, double mean, int observed, double min, double max,
            double offset) {
        double squares = 0;
        for (int t = from; t < end; t++) {
            double centred = values[t] - mean;
            if (centred == centred) squares += centred * centred;
        }
        // The range stands in where squares are too small for a double.
        int exponent = Math.getExponent(squares < LEAST_SQUARES ? max - min : Math.sqrt(squares / observed));
        int room = LARGEST_EXPONENT - Math.getExponent(Math.max(Math.abs(min - offset), Math.abs(max - offset)));
        return Math.scalb(1.0, Math.min(-exponent, room));
    }

    /** The distance of neighbouring floats at the largest of a channel's values, where its steps are hardly larger; else 0. */
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
