package org.ttm4j.ttm.published;

/**
 * The channels of a history as the reference evaluates them: gaps hold the last value before, or the first one where there is
 * none, and each channel is standardised by mean and biased deviation of all its steps.
 *
 * @param values channels × steps
 * @param means of the channels
 * @param deviations of the channels; 1 for one that never varies
 */
record StandardizedSeries(double[][] values, double[] means, double[] deviations) {

    static StandardizedSeries of(double[][] history) {
        int channels = history.length;
        double[][] values = new double[channels][];
        double[] means = new double[channels];
        double[] deviations = new double[channels];
        for (int c = 0; c < channels; c++) {
            values[c] = carriedForward(history[c]);
            int steps = values[c].length;
            for (double value : values[c]) means[c] += value / steps;
            double squares = 0;
            for (double value : values[c]) squares += (value - means[c]) * (value - means[c]) / steps;
            deviations[c] = squares > 0 ? Math.sqrt(squares) : 1;
            for (int t = 0; t < steps; t++) values[c][t] = (values[c][t] - means[c]) / deviations[c];
        }
        return new StandardizedSeries(values, means, deviations);
    }

    private static double[] carriedForward(double[] channel) {
        double[] filled = channel.clone();
        double last = 0;
        for (int t = filled.length - 1; t >= 0; t--) if (!Double.isNaN(filled[t])) last = filled[t];
        for (int t = 0; t < filled.length; t++) {
            if (Double.isNaN(filled[t])) filled[t] = last;
            last = filled[t];
        }
        return filled;
    }

    int steps() {
        return values[0].length;
    }

    /** A value of a channel in its units. */
    double inUnits(int channel, double value) {
        return value * deviations[channel] + means[channel];
    }
}
