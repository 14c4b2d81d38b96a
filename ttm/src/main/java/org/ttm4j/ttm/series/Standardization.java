package org.ttm4j.ttm.series;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Standardises every channel by its own mean and biased standard deviation: z = (x − mean) / deviation, in double
 * precision. Immutable while no one changes the arrays.
 *
 * @param means one for each channel
 * @param deviations one for each channel, above 0
 */
public record Standardization(double[] means, double[] deviations) {

    /** The statistics of the given rows of one series. */
    public static Standardization fit(double[][] values, Rows rows) {
        return fit(List.<double[][]>of(values), List.of(rows));
    }

    /**
     * The statistics of the given rows of all series together. Missing values are ignored. A constant channel has
     * deviation 1, so that it becomes 0; a channel without values also has mean 0.
     *
     * @param series channels × time each, NaN = missing; at least one
     * @param rows of each series
     * @throws IndexOutOfBoundsException when a range is not within the values
     */
    public static Standardization fit(List<double[][]> series, List<Rows> rows) {
        double[] means = new double[series.get(0).length];
        double[] deviations = new double[means.length];
        for (int c = 0; c < means.length; c++) {
            DoubleSummaryStatistics range = new DoubleSummaryStatistics();
            double mean = mean(c, series, rows, x -> {
                range.accept(x);
                return x;
            });
            double variance = mean(c, series, rows, x -> (x - mean) * (x - mean));
            // The mean of equal values can differ from them by rounding.
            boolean varies = range.getMin() < range.getMax();
            means[c] = varies ? mean : range.getCount() == 0 ? 0 : range.getMin();
            deviations[c] = varies && variance > 0 ? Math.sqrt(variance) : 1;
        }
        return new Standardization(means, deviations);
    }

    /** The mean of a function of the values; NaN if there are none. */
    private static double mean(int channel, List<double[][]> series, List<Rows> rows, DoubleUnaryOperator function) {
        double sum = 0;
        long count = 0;
        for (int s = 0; s < series.size(); s++) {
            double[] values = series.get(s)[channel];
            for (int t = rows.get(s).from(); t < rows.get(s).to(); t++) {
                if (Double.isNaN(values[t])) continue;
                sum += function.applyAsDouble(values[t]);
                count++;
            }
        }
        return sum / count;
    }

    /** A value of a channel, standardised. */
    public double apply(int channel, double value) {
        return (value - means[channel]) / deviations[channel];
    }

    /** The standardised values of one channel, in a new array. */
    public double[] apply(int channel, double[] values) {
        return Arrays.stream(values).map(value -> apply(channel, value)).toArray();
    }

    /**
     * The standardised values, channels × time, rounded to float32, in new arrays.
     *
     * @throws IllegalArgumentException when the number of channels differs from that of the statistics
     */
    public float[][] apply(double[][] values) {
        if (values.length != means.length) {
            throw new IllegalArgumentException("expected " + means.length + " channels, found " + values.length);
        }
        float[][] standardized = new float[values.length][];
        for (int c = 0; c < values.length; c++) standardized[c] = Precision.floats(apply(c, values[c]));
        return standardized;
    }

    /** Converts a standardised value of a channel to original units. */
    public double invert(int channel, double standardized) {
        return standardized * deviations[channel] + means[channel];
    }
}
