package org.ttm4j.forecast.rolling;

import java.util.Arrays;
import org.ttm4j.forecast.rolling.Scores.QuantileScores;

/**
 * Sums of the errors of one forecasting method, by channel and horizon step: {@link Scores} of any number of windows in
 * memory of channels × steps × quantiles. Not thread-safe.
 *
 * <pre>{@code
 * ForecastErrors errors = new ForecastErrors(1, 96);
 * errors.add(0, forecast, series, 512, ForecastErrors.scale(series, 0, 512, 24)); // 96 steps against rows 512 to 607
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
    /** Channels × steps. */
    private final Sums[] cells;

    /** Sums of values alone. */
    public ForecastErrors(int channels, int steps) {
        this(channels, steps, QuantileGrid.NONE);
    }

    /** Sums of values, and of the quantiles and levels of a grid. */
    public ForecastErrors(int channels, int steps, QuantileGrid grid) {
        this.channels = channels;
        this.steps = steps;
        quantiles = grid.quantiles();
        lower = grid.lowerIndices();
        upper = grid.upperIndices();
        weights = weights(quantiles);
        cells = new Sums[Math.multiplyExact(channels, steps)];
        Arrays.setAll(cells, cell -> new Sums());
    }

    /** Sums over the pairs of one channel and step, or of several. */
    private final class Sums {
        double squared;
        double absolute;
        double symmetric;
        double magnitude;
        long count;
        double scaled;
        long scaledCount;
        long quantileCount;
        double pinball;
        double weighted;
        final long[] below = new long[quantiles.length];
        final long[] covered = new long[lower.length];
        final double[] width = new double[lower.length];

        void add(Sums other) {
            squared += other.squared;
            absolute += other.absolute;
            symmetric += other.symmetric;
            magnitude += other.magnitude;
            count += other.count;
            scaled += other.scaled;
            scaledCount += other.scaledCount;
            quantileCount += other.quantileCount;
            pinball += other.pinball;
            weighted += other.weighted;
            for (int i = 0; i < below.length; i++) below[i] += other.below[i];
            for (int i = 0; i < covered.length; i++) covered[i] += other.covered[i];
            for (int i = 0; i < width.length; i++) width[i] += other.width[i];
        }

        Scores scores() {
            double mse = squared / count;
            double pairs = quantileCount;
            return new Scores(count, mse, absolute / count, Math.sqrt(mse), scaled / scaledCount, symmetric / count,
                    magnitude == 0 ? Double.NaN : absolute / magnitude,
                    new QuantileScores(quantileCount, pinball / pairs / quantiles.length, 2 * weighted / pairs,
                            Arrays.stream(covered).mapToDouble(within -> within / pairs).toArray(),
                            Arrays.stream(width).map(sum -> sum / pairs).toArray(),
                            Arrays.stream(below).mapToDouble(share -> share / pairs).toArray()));
        }
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
     * What the MASE divides by: the mean absolute error of the seasonal naive forecast over the rows {@code [from, to)} of a
     * series, those before the first forecast: mean |x[t] − x[t − period]| over the pairs without a missing value. Source:
     * Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001, for a period of 1; Hyndman and Athanasopoulos,
     * Forecasting: Principles and Practice, 3rd ed., section 5.8, for others.
     *
     * @return NaN where no pair is left or nothing ever changes: such a series has no MASE
     * @throws IllegalArgumentException when the period is below 1
     */
    public static double scale(double[] series, int from, int to, int period) {
        if (period < 1) throw new IllegalArgumentException("period " + period + ": expected at least 1");
        double sum = 0;
        long count = 0;
        for (int t = from + period; t < to; t++) {
            double change = Math.abs(series[t] - series[t - period]);
            if (Double.isNaN(change)) continue;
            sum += change;
            count++;
        }
        return sum > 0 ? sum / count : Double.NaN;
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
            Sums cell = cells[channel * steps + h];
            double size = Math.abs(truth) + Math.abs(forecast[h]);
            cell.squared += error * error;
            cell.absolute += Math.abs(error);
            cell.symmetric += size == 0 ? 0 : 2 * Math.abs(error) / size;
            cell.magnitude += Math.abs(truth);
            cell.count++;
            if (Double.isNaN(scale)) continue;
            cell.scaled += Math.abs(error) / scale;
            cell.scaledCount++;
        }
    }

    /**
     * Adds the quantiles of a channel and step. A truth that is NaN is left out.
     *
     * @param values the quantiles of the grid, ascending
     */
    public void addQuantiles(int channel, int step, double truth, double[] values) {
        if (Double.isNaN(truth)) return;
        Sums cell = cells[channel * steps + step];
        cell.quantileCount++;
        // Rounding errors of the sums that made a quantile.
        double rounding = ROUNDING * Math.ulp(truth);
        for (int i = 0; i < quantiles.length; i++) {
            double error = truth - values[i];
            double loss = Math.max(quantiles[i] * error, (quantiles[i] - 1) * error);
            cell.pinball += loss;
            cell.weighted += weights[i] * loss;
            if (error <= rounding) cell.below[i]++;
        }
        // Beyond the outermost quantiles the loss goes on to that of quantile 0 and 1, which they stand in for.
        int last = quantiles.length - 1;
        cell.weighted += quantiles[0] / 2 * Math.max(0, values[0] - truth);
        cell.weighted += (1 - quantiles[last]) / 2 * Math.max(0, truth - values[last]);
        for (int i = 0; i < lower.length; i++) {
            double from = values[lower[i]];
            double to = values[upper[i]];
            if (truth >= from - rounding && truth <= to + rounding) cell.covered[i]++;
            cell.width[i] += to - from;
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
        Sums sums = new Sums();
        for (int c = channelFrom; c < channelTo; c++) {
            for (int h = stepFrom; h < stepTo; h++) sums.add(cells[c * steps + h]);
        }
        return sums.scores();
    }
}
