package org.ttm4j.forecast.combine;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A straight line through observed values by least squares: level + slope · t.
 *
 * @param level at t = 0
 * @param slope per step; 0 where fewer than two values are observed
 */
record Line(double level, double slope) {
    private static final int LEAST = 8;

    /** The line through the values from a step on; t counts from the first of all. */
    static Line through(double[] values, int from) {
        double n = 0;
        double sumT = 0;
        double sumY = 0;
        for (int t = from; t < values.length; t++) {
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
        for (int t = from; t < values.length; t++) {
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
        Line line = through(values, 0);
        double[] rest = IntStream.range(0, values.length)
                .filter(t -> !Double.isNaN(values[t]))
                .mapToDouble(t -> values[t] - line.at(t))
                .toArray();
        int n = rest.length;
        double around = Arrays.stream(rest).map(value -> value * value).sum();
        if (n < LEAST || !(around > 0)) return 0;
        // The drift of these changes is that of what is left of the line, from the first value to the last.
        double drift = (rest[n - 1] - rest[0]) / (n - 1);
        double ofChanges = IntStream.range(1, n).mapToDouble(i -> rest[i] - rest[i - 1] - drift).map(d -> d * d).sum();
        return n / 2.0 * Math.log(ofChanges / around);
    }

    double at(int t) {
        return level + slope * t;
    }
}
