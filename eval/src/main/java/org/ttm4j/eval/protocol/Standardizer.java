package org.ttm4j.eval.protocol;

import org.ttm4j.ttm.rolling.Rows;

/**
 * Standardises every channel by its own mean and biased standard deviation: z = (x − mean) / std. Statistics are double
 * precision and leave out missing values; a constant channel has std 1, so that it becomes 0, and a channel without
 * values has mean 0 and std 1. Immutable.
 */
public final class Standardizer {
    private final double[] means;
    private final double[] stds;

    private Standardizer(double[] means, double[] stds) {
        this.means = means;
        this.stds = stds;
    }

    /**
     * Takes the statistics of some rows, in the benchmark all training rows.
     *
     * @param values channels × time
     * @throws IndexOutOfBoundsException when the range is not within the values
     */
    public static Standardizer fit(float[][] values, Rows rows) {
        double[] means = new double[values.length];
        double[] stds = new double[values.length];
        for (int c = 0; c < values.length; c++) {
            double sum = 0;
            int count = 0;
            for (int t = rows.from(); t < rows.to(); t++) {
                if (!Float.isNaN(values[c][t])) {
                    sum += values[c][t];
                    count++;
                }
            }
            means[c] = count == 0 ? 0 : sum / count;
            double squares = 0;
            for (int t = rows.from(); t < rows.to(); t++) {
                double deviation = values[c][t] - means[c];
                squares += Double.isNaN(deviation) ? 0 : deviation * deviation;
            }
            stds[c] = squares == 0 ? 1 : Math.sqrt(squares / count);
        }
        return new Standardizer(means, stds);
    }

    /** The mean of a channel. */
    public double mean(int channel) {
        return means[channel];
    }

    /** The standard deviation of a channel. */
    public double std(int channel) {
        return stds[channel];
    }

    /**
     * The standardised values, channels × time, in new arrays.
     *
     * @throws IllegalArgumentException when the number of channels differs from that of the fit
     */
    public float[][] scale(float[][] values) {
        checkChannels(values);
        float[][] scaled = new float[values.length][];
        for (int c = 0; c < values.length; c++) {
            scaled[c] = scale(c, values[c]);
        }
        return scaled;
    }

    /** The standardised values of one channel, in a new array. */
    public float[] scale(int channel, float[] values) {
        float[] scaled = new float[values.length];
        for (int t = 0; t < scaled.length; t++) {
            scaled[t] = (float) ((values[t] - means[channel]) / stds[channel]);
        }
        return scaled;
    }

    private void checkChannels(float[][] values) {
        if (values.length != means.length) {
            throw new IllegalArgumentException("expected " + means.length + " channels, found " + values.length);
        }
    }
}
