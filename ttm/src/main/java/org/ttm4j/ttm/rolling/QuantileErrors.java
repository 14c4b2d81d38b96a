package org.ttm4j.ttm.rolling;

/**
 * Sums of the errors of quantile forecasts, by channel and horizon step: {@link QuantileScores} of any number of windows
 * in memory of channels × steps × quantiles. Not thread-safe. Sources: Koenker and Bassett 1978, doi:10.2307/1913643
 * (pinball loss); Gneiting and Ranjan 2011, doi:10.1198/jbes.2010.08110 (CRPS as its integral).
 */
public final class QuantileErrors {
    private final QuantileGrid grid;
    private final double[] quantiles;
    /** What the trapezoidal rule multiplies the loss of each quantile by. */
    private final double[] weights;
    private final int[] lower;
    private final int[] upper;
    private final int channels;
    private final int steps;
    // channels × steps, times quantiles or levels where there is one for each
    private final long[] count;
    private final double[] pinball;
    private final double[] weighted;
    private final long[] below;
    private final long[] covered;
    private final double[] width;

    /** Sums for the quantiles and levels of a grid. */
    public QuantileErrors(QuantileGrid grid, int channels, int steps) {
        this.grid = grid;
        this.channels = channels;
        this.steps = steps;
        quantiles = grid.quantiles();
        weights = weights(quantiles);
        int levels = grid.levels().length;
        lower = new int[levels];
        upper = new int[levels];
        for (int i = 0; i < levels; i++) {
            lower[i] = grid.lowerIndex(i);
            upper[i] = grid.upperIndex(i);
        }
        int cells = Math.multiplyExact(channels, steps);
        count = new long[cells];
        pinball = new double[cells];
        weighted = new double[cells];
        below = new long[Math.multiplyExact(cells, quantiles.length)];
        covered = new long[Math.multiplyExact(cells, levels)];
        width = new double[covered.length];
    }

    private static double[] weights(double[] quantiles) {
        double[] weights = new double[quantiles.length];
        for (int i = 0; i < weights.length; i++) {
            double before = i == 0 ? 0 : quantiles[i - 1];
            double after = i == weights.length - 1 ? 1 : quantiles[i + 1];
            weights[i] = (after - before) / 2;
        }
        return weights;
    }

    /** The levels and quantiles that are measured. */
    public QuantileGrid grid() {
        return grid;
    }

    /**
     * Adds the quantiles of a channel and step. A truth that is NaN is left out.
     *
     * @param values the quantiles of the grid, ascending
     */
    public void add(int channel, int step, float truth, float[] values) {
        if (Float.isNaN(truth)) return;
        int cell = channel * steps + step;
        count[cell]++;
        for (int i = 0; i < quantiles.length; i++) {
            double error = (double) truth - values[i];
            double loss = Math.max(quantiles[i] * error, (quantiles[i] - 1) * error);
            pinball[cell] += loss;
            weighted[cell] += weights[i] * loss;
            if (error <= 0) below[cell * quantiles.length + i]++;
        }
        // Beyond the outermost quantiles the loss goes on to that of quantile 0 and 1, which they stand in for.
        int last = quantiles.length - 1;
        weighted[cell] += quantiles[0] / 2 * Math.max(0, (double) values[0] - truth);
        weighted[cell] += (1 - quantiles[last]) / 2 * Math.max(0, (double) truth - values[last]);
        for (int i = 0; i < lower.length; i++) {
            double from = values[lower[i]];
            double to = values[upper[i]];
            if (truth >= from && truth <= to) covered[cell * lower.length + i]++;
            width[cell * lower.length + i] += to - from;
        }
    }

    /** Over all channels and steps. */
    public QuantileScores total() {
        return scores(0, channels, 0, steps);
    }

    /** Over all steps of a channel. */
    public QuantileScores channel(int channel) {
        return scores(channel, channel + 1, 0, steps);
    }

    /** Over all channels of a step, 0 = the first. */
    public QuantileScores step(int step) {
        return scores(0, channels, step, step + 1);
    }

    /** Of one channel and step. */
    public QuantileScores cell(int channel, int step) {
        return scores(channel, channel + 1, step, step + 1);
    }

    private QuantileScores scores(int channelFrom, int channelTo, int stepFrom, int stepTo) {
        long pairs = 0;
        double pinballs = 0;
        double integrals = 0;
        double[] coverage = new double[lower.length];
        double[] widths = new double[lower.length];
        double[] shares = new double[quantiles.length];
        for (int c = channelFrom; c < channelTo; c++) {
            for (int cell = c * steps + stepFrom; cell < c * steps + stepTo; cell++) {
                pairs += count[cell];
                pinballs += pinball[cell];
                integrals += weighted[cell];
                for (int i = 0; i < shares.length; i++) shares[i] += below[cell * shares.length + i];
                for (int i = 0; i < coverage.length; i++) {
                    coverage[i] += covered[cell * coverage.length + i];
                    widths[i] += width[cell * coverage.length + i];
                }
            }
        }
        divide(coverage, pairs);
        divide(widths, pairs);
        divide(shares, pairs);
        return new QuantileScores(pairs, pinballs / pairs / quantiles.length, 2 * integrals / pairs, coverage, widths,
                shares);
    }

    private static void divide(double[] sums, long count) {
        for (int i = 0; i < sums.length; i++) sums[i] /= count;
    }
}
