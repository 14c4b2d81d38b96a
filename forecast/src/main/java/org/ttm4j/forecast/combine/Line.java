package org.ttm4j.forecast.combine;

import java.util.stream.IntStream;

/**
 * A straight line through observed values by least squares: level + slope · t.
 *
 * @param level at t = 0
 * @param slope per step; 0 where fewer than two values are observed
 */
record Line(double level, double slope) {
    /** Values, to tell a line from a random walk. */
    private static final int LEAST = 8;

    /** The line through observed values; NaN = missing. */
    static Line through(double[] values) {
        double n = 0;
        double sumT = 0;
        double sumY = 0;
        for (int t = 0; t < values.length; t++) {
            if (Double.isNaN(values[t])) continue;
            n++;
            sumT += t;
            sumY += values[t];
        }
        if (n == 0) return new Line(0, 0);
        double meanT = sumT / n;
        double meanY = sumY / n;
        double covariance = 0;
        double variance = 0;
        for (int t = 0; t < values.length; t++) {
            if (Double.isNaN(values[t])) continue;
            covariance += (t - meanT) * (values[t] - meanY);
            variance += (t - meanT) * (t - meanT);
        }
        double slope = variance == 0 ? 0 : covariance / variance;
        return new Line(meanY - slope * meanT, slope);
    }

    /**
     * The logarithm of how many times likelier observed values are as a line with noise that has no memory than as a random walk
     * with drift, both normal: n / 2 · log(variance of the changes / variance around the line). 0 where that is not known.
     */
    static double logLikelihoodOverRandomWalk(double[] values) {
        Line line = through(values);
        int[] known = IntStream.range(0, values.length).filter(t -> !Double.isNaN(values[t])).toArray();
        int n = known.length;
        if (n < LEAST) return 0;
        double drift = (values[known[n - 1]] - values[known[0]]) / (known[n - 1] - known[0]);
        double around = 0;
        double ofChanges = 0;
        for (int i = 0; i < n; i++) {
            double rest = values[known[i]] - line.at(known[i]);
            around += rest * rest;
            if (i == 0) continue;
            int steps = known[i] - known[i - 1];
            double change = values[known[i]] - values[known[i - 1]] - drift * steps;
            ofChanges += change * change / steps;
        }
        return around > 0 ? n / 2.0 * Math.log(ofChanges / around) : 0;
    }

    double at(int t) {
        return level + slope * t;
    }
}
