package org.ttm4j.forecast.interval;

import java.util.Arrays;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;

/**
 * Quantiles of a forecast. Immutable: arrays are copied where they come in and go out.
 *
 * @param levels strictly ascending, between 0 and 1
 * @param doubleValues levels × forecast channels × steps, ascending in the level, in the units of the forecast
 * @param windows how many windows the quantiles rest on, at the channel and step that has the fewest; 0 for those of a
 *     quantile head
 */
public record Quantiles(double[] levels, double[][][] doubleValues, int windows) {

    /** Throws IllegalArgumentException naming what is null, or where there are not as many rows as levels. */
    public Quantiles {
        RunRules.requireGiven("levels", levels);
        RunRules.requireRows("doubleValues", doubleValues);
        for (int i = 0; i < doubleValues.length; i++) RunRules.requireRows("doubleValues[" + i + "]", doubleValues[i]);
        if (levels.length != doubleValues.length) {
            throw new IllegalArgumentException(
                    "doubleValues of " + doubleValues.length + " levels: expected the " + levels.length + " of levels");
        }
        levels = levels.clone();
        doubleValues = Arrays.stream(doubleValues).map(Rows::copy).toArray(double[][][]::new);
    }

    /** The quantiles of samples, channels × samples × steps. */
    public static Quantiles ofSamples(double[] levels, double[][][] samples, int windows) {
        double[][][] values = new double[levels.length][samples.length][samples[0][0].length];
        for (int c = 0; c < samples.length; c++) {
            double[] sorted = new double[samples[c].length];
            for (int t = 0; t < samples[c][0].length; t++) {
                for (int i = 0; i < sorted.length; i++) sorted[i] = samples[c][i][t];
                Arrays.sort(sorted);
                for (int q = 0; q < levels.length; q++) values[q][c][t] = ofSorted(sorted, levels[q]);
            }
        }
        return new Quantiles(levels, values, windows);
    }

    /** A quantile of ascending samples, between its two nearest. */
    public static double ofSorted(double[] samples, double level) {
        double place = Math.clamp(level * samples.length - 0.5, 0, samples.length - 1);
        int below = (int) place;
        double above = samples[Math.min(below + 1, samples.length - 1)];
        return samples[below] + (place - below) * (above - samples[below]);
    }

    @Override
    public double[] levels() {
        return levels.clone();
    }

    @Override
    public double[][][] doubleValues() {
        return Arrays.stream(doubleValues).map(Rows::copy).toArray(double[][][]::new);
    }

    /** The quantile of one level by its index, of a channel and a step. */
    public double value(int level, int channel, int step) {
        return doubleValues[level][channel][step];
    }

    /** The values as float32, made at each call: of those about 1e9 in steps of 64. */
    public float[][][] values() {
        return Arrays.stream(doubleValues).map(Precision::floats).toArray(float[][][]::new);
    }

    /** The quantiles of a level, channels × steps; null where the level is not among them. */
    public double[][] doublesAt(double level) {
        for (int i = 0; i < levels.length; i++) if (levels[i] == level) return Rows.copy(doubleValues[i]);
        return null;
    }

    /** The quantiles of a channel, levels × steps. */
    public double[][] ofChannel(int channel) {
        return Arrays.stream(doubleValues).map(level -> level[channel].clone()).toArray(double[][]::new);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantiles of && windows == of.windows && Arrays.equals(levels, of.levels)
                && Arrays.deepEquals(doubleValues, of.doubleValues);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(levels) + Arrays.deepHashCode(doubleValues);
    }

    /** The levels, and what they rest on. */
    @Override
    public String toString() {
        return "quantiles " + Arrays.toString(levels) + (windows > 0 ? " from " + windows + " windows" : "");
    }
}
