package org.ttm4j.forecast.explain;

/**
 * How much each step of a history has to do with a forecast. Immutable; arrays are not to be changed.
 *
 * @param target what is explained
 * @param forecast its value, in original units
 * @param baseline what the values are the difference from: the mean forecast of the baselines of integrated gradients; NaN
 *     for a gradient, which is no difference
 * @param firstStep the step of the history that the values begin at: earlier ones are not read
 * @param values input channels × steps from the first on; 0 at missing steps, whose part goes to those that they are
 *     interpolated from
 */
public record Attribution(Target target, double forecast, double baseline, int firstStep, double[][] values) {

    /** The sum over the steps {@code from} (inclusive) to {@code to} (exclusive) of the history of an input channel. */
    public double sum(int channel, int from, int to) {
        double sum = 0;
        for (int t = Math.max(from, firstStep); t < Math.min(to, firstStep + values[channel].length); t++) {
            sum += values[channel][t - firstStep];
        }
        return sum;
    }

    /** The sum over all channels and steps; of integrated gradients {@code forecast − baseline}, nearly. */
    public double total() {
        double total = 0;
        for (int c = 0; c < values.length; c++) total += sum(c, firstStep, firstStep + values[c].length);
        return total;
    }
}
