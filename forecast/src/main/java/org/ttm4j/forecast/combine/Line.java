package org.ttm4j.forecast.combine;

/**
 * A straight line through observed values by least squares: level + slope · t.
 *
 * @param level at t = 0
 * @param slope per step; 0 where fewer than two values are observed
 */
record Line(double level, double slope) {
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

    double at(int t) {
        return level + slope * t;
    }
}
