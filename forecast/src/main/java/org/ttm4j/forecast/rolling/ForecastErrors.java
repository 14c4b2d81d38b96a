package org.ttm4j.forecast.rolling;

import org.ttm4j.ttm.series.Precision;

/**
 * Sums of the errors of one forecasting method, by channel and horizon step: {@link Scores} of any number of windows in
 * memory of channels × steps × quantiles. Not thread-safe.
 *
 * <pre>{@code
 * ForecastErrors errors = new ForecastErrors(1, 96);
 * errors.add(0, forecast, series, 512, SeasonalScale.of(series, 0, 512, 24)); // 96 steps against rows 512 to 607
 * double mase = errors.total().mase();
 * }</pre>
 *
 * Sources: Koenker and Bassett 1978, doi:10.2307/1913643 (pinball loss); Gneiting and Ranjan 2011,
 * doi:10.1198/jbes.2010.08110 (CRPS as its integral); {@code docs/judging.md} has the definitions of all.
 */
public final class ForecastErrors {
    /** Steps of a double by which a truth may pass a quantile that is the same. */
    private static final double ROUNDING = 64;

    private final int channels;
    private final int steps;
    private final double[] quantiles;
    /** What the trapezoidal rule multiplies the loss of each quantile by. */
    private final double[] weights;
    /** For each level the indices of its ends among the quantiles. */
    private final int[] lower;
    private final int[] upper;
    // channels × steps each
    private final double[] squared;
    private final double[] absolute;
    private final double[] symmetric;
    private final double[] magnitude;
    private final long[] count;
    private final double[] scaled;
    private final long[] scaledCount;
    private final long[] quantileCount;
    private final double[] pinball;
    private final double[] weighted;
    // channels × steps, times quantiles or levels
    private final long[] below;
    private final long[] covered;
    private final double[] width;

    /** Sums of values alone. */
    public ForecastErrors(int channels, int steps) {
        this(channels, steps, new double[0], new int[0], new int[0]);
    }

    /** Sums of values, and of the quantiles and levels of a grid. */
    public ForecastErrors(int channels, int steps, QuantileGrid grid) {
        this(channels, steps, grid.quantiles(), grid.lowerIndices(), grid.upperIndices());
    }

    private ForecastErrors(int channels, int steps, double[] quantiles, int[] lower, int[] upper) {
        this.channels = channels;
        this.steps = steps;
        this.quantiles = quantiles;
        this.lower = lower;
        this.upper = upper;
        weights = weights(quantiles);
        int cells = Math.multiplyExact(channels, steps);
        squared = new double[cells];
        absolute = new double[cells];
        symmetric = new double[cells];
        magnitude = new double[cells];
        count = new long[cells];
        scaled = new double[cells];
        scaledCount = new long[cells];
        quantileCount = new long[cells];
        pinball = new double[cells];
        weighted = new double[cells];
        below = new long[Math.multiplyExact(cells, quantiles.length)];
        covered = new long[Math.multiplyExact(cells, lower.length)];
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

    /**
     * Adds a forecast of all channels.
     *
     * @param series channels × time
     * @param of the channels of the series that are forecast
     * @param scales of each of them, for the MASE; NaN where one has none
     */
    public void add(RollingForecast forecast, double[][] series, int[] of, double[] scales) {
        for (int i = 0; i < of.length; i++) {
            add(i, forecast.doubleValues()[i], series[of[i]], forecast.origin(), scales[i]);
        }
    }

    /**
     * Adds the forecast of a channel from an origin. Steps where forecast or truth is NaN are left out.
     *
     * @param forecast one value a step
     * @param series the channel's truths over time
     * @param origin the row of {@code series} that the first step forecasts
     * @param scale what the MASE divides by; NaN leaves these errors out of it
     */
    public void add(int channel, double[] forecast, double[] series, int origin, double scale) {
        for (int h = 0; h < steps; h++) {
            double truth = series[origin + h];
            double error = truth - forecast[h];
            if (Double.isNaN(error)) continue;
            int cell = channel * steps + h;
            double size = Math.abs(truth) + Math.abs(forecast[h]);
            squared[cell] += error * error;
            absolute[cell] += Math.abs(error);
            symmetric[cell] += size == 0 ? 0 : 2 * Math.abs(error) / size;
            magnitude[cell] += Math.abs(truth);
            count[cell]++;
            if (Double.isNaN(scale)) continue;
            scaled[cell] += Math.abs(error) / scale;
            scaledCount[cell]++;
        }
    }

    /** As {@link #add(int, double[], double[], int, double)}. */
    public void add(int channel, float[] forecast, float[] series, int origin, double scale) {
        add(channel, Precision.doubles(forecast), Precision.doubles(series), origin, scale);
    }

    /**
     * Adds the quantiles of a channel and step. A truth that is NaN is left out.
     *
     * @param values the quantiles of the grid, ascending
     */
    public void addQuantiles(int channel, int step, double truth, double[] values) {
        if (Double.isNaN(truth)) return;
        int cell = channel * steps + step;
        quantileCount[cell]++;
        // Sums of doubles on the way to a quantile.
        double rounding = ROUNDING * Math.ulp(truth);
        for (int i = 0; i < quantiles.length; i++) {
            double error = truth - values[i];
            double loss = Math.max(quantiles[i] * error, (quantiles[i] - 1) * error);
            pinball[cell] += loss;
            weighted[cell] += weights[i] * loss;
            if (error <= rounding) below[cell * quantiles.length + i]++;
        }
        // Beyond the outermost quantiles the loss goes on to that of quantile 0 and 1, which they stand in for.
        int last = quantiles.length - 1;
        weighted[cell] += quantiles[0] / 2 * Math.max(0, values[0] - truth);
        weighted[cell] += (1 - quantiles[last]) / 2 * Math.max(0, truth - values[last]);
        for (int i = 0; i < lower.length; i++) {
            double from = values[lower[i]];
            double to = values[upper[i]];
            if (truth >= from - rounding && truth <= to + rounding) covered[cell * lower.length + i]++;
            width[cell * lower.length + i] += to - from;
        }
    }

    /**
     * Adds the quantiles of a channel from an origin.
     *
     * @param values the quantiles of the grid × steps
     * @param series the channel's truths over time
     */
    public void addQuantiles(int channel, double[][] values, double[] series, int origin) {
        double[] ofStep = new double[quantiles.length];
        for (int h = 0; h < steps; h++) {
            for (int q = 0; q < ofStep.length; q++) ofStep[q] = values[q][h];
            addQuantiles(channel, h, series[origin + h], ofStep);
        }
    }

    /** As {@link #addQuantiles(int, double[][], double[], int)}. */
    public void addQuantiles(int channel, float[][] values, float[] series, int origin) {
        addQuantiles(channel, Precision.doubles(values), Precision.doubles(series), origin);
    }

    /** Over all channels and steps. */
    public Scores total() {
        return scores(0, channels, 0, steps);
    }

    /** Over all steps of a channel. */
    public Scores channel(int channel) {
        return scores(channel, channel + 1, 0, steps);
    }

    /** Over all channels of a step, 0 = the first. */
    public Scores step(int step) {
        return scores(0, channels, step, step + 1);
    }

    /** Of one channel and step. */
    public Scores cell(int channel, int step) {
        return scores(channel, channel + 1, step, step + 1);
    }

    private Scores scores(int channelFrom, int channelTo, int stepFrom, int stepTo) {
        double squares = 0;
        double absolutes = 0;
        double symmetrics = 0;
        double magnitudes = 0;
        double scaleds = 0;
        long pairs = 0;
        long scaledPairs = 0;
        for (int c = channelFrom; c < channelTo; c++) {
            for (int cell = c * steps + stepFrom; cell < c * steps + stepTo; cell++) {
                squares += squared[cell];
                absolutes += absolute[cell];
                symmetrics += symmetric[cell];
                magnitudes += magnitude[cell];
                scaleds += scaled[cell];
                pairs += count[cell];
                scaledPairs += scaledCount[cell];
            }
        }
        double mse = squares / pairs;
        return new Scores(pairs, mse, absolutes / pairs, Math.sqrt(mse), scaleds / scaledPairs, symmetrics / pairs,
                magnitudes == 0 ? Double.NaN : absolutes / magnitudes,
                quantileScores(channelFrom, channelTo, stepFrom, stepTo));
    }

    private QuantileScores quantileScores(int channelFrom, int channelTo, int stepFrom, int stepTo) {
        long pairs = 0;
        double pinballs = 0;
        double integrals = 0;
        double[] coverage = new double[lower.length];
        double[] widths = new double[lower.length];
        double[] shares = new double[quantiles.length];
        for (int c = channelFrom; c < channelTo; c++) {
            for (int cell = c * steps + stepFrom; cell < c * steps + stepTo; cell++) {
                pairs += quantileCount[cell];
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
