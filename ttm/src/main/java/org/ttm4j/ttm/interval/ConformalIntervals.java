package org.ttm4j.ttm.interval;

import java.util.Arrays;

/**
 * Prediction quantiles of one series from the model's own errors on windows it was not fitted to: split-conformal,
 * one-sided on signed errors, for each channel and horizon step.
 *
 * <pre>{@code
 * ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(), channels, 96,
 *         ConformalOptions.defaults());
 * for (…) intervals.update(forecast, truth, scales); // windows of which the truth is known
 * float[][][] quantiles = intervals.quantiles(nextForecast, nextScales); // level × channel × step
 * }</pre>
 *
 * <p>An error enters as the score (truth − forecast) / scale. With n scores of a step, the quantile of a level q is the
 * forecast plus scale times the k-th smallest score, k = ⌈(n + 1)q⌉ for q ≥ ½ and ⌊(n + 1)q⌋ below, which is the same
 * seen from the other side. If the scores and the next one are exchangeable, the truth is at or below the quantile of
 * q ≥ ½ with a probability of at least q and, without ties, at most q + 1/(n + 1). Source: Vovk et al. 2005; Lei et al.
 * 2018, arXiv:1604.04173. A half-life gives an error that is a windows old the weight 2^(−a/halfLife) beside the weight
 * 1 of the next one. Source: Barber et al. 2023, arXiv:2202.13415.
 *
 * <p>A forecast issued at time t meets its truth of step h at t + h. Only then may it enter, or the intervals have seen
 * the future: a window whose truth is known in part is given with NaN for the rest, and later with NaN for what it gave
 * before.
 *
 * <p>Memory: 12 bytes a score, of which {@link ConformalOptions#windows()} are kept for each channel and step. Safe for
 * any number of threads; each call sees the others' whole or not at all.
 */
public final class ConformalIntervals {
    /** Keeps ⌈10 · 0.9⌉ from becoming 10 in floating-point arithmetic. */
    private static final double ROUNDING = 1e-9;

    private final double[] levels;
    private final int horizon;
    private final ConformalOptions options;
    /** Channels × steps. */
    private final Scores[][] scores;

    /**
     * Without any scores yet.
     *
     * @param levels strictly ascending, each between 0 and 1, both excluded
     * @throws IllegalArgumentException when the levels are not that, a size is below 1, or the remembered windows can
     *     never be enough for a level
     */
    public ConformalIntervals(double[] levels, int channels, int horizon, ConformalOptions options) {
        checkLevels(levels);
        if (channels < 1 || horizon < 1) {
            throw new IllegalArgumentException(
                    "channels " + channels + ", horizon " + horizon + ": expected at least 1 each");
        }
        this.levels = levels.clone();
        this.horizon = horizon;
        this.options = options;
        double most = weight(options.windows());
        for (double level : levels) {
            if (!enough(level, most)) {
                throw new IllegalArgumentException(
                        "level " + level + " needs " + windowsNeeded(level) + " windows: the last " + options.windows()
                                + " with a half-life of " + options.halfLife() + " count as " + most);
            }
        }
        scores = new Scores[channels][horizon];
        for (Scores[] steps : scores) Arrays.setAll(steps, h -> new Scores(options.windows()));
    }

    /** The levels 0.1, 0.2 … 0.9. */
    public static double[] deciles() {
        return new double[]{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    }

    /** The fewest windows that have a quantile of this level: the least n ≥ 1 / min(q, 1 − q) − 1. */
    public static int windowsNeeded(double level) {
        checkLevels(new double[]{level});
        return (int) Math.ceil(1 / Math.min(level, 1 - level) - 1 - ROUNDING);
    }

    public double[] levels() {
        return levels.clone();
    }

    public int channels() {
        return scores.length;
    }

    public int horizon() {
        return horizon;
    }

    public ConformalOptions options() {
        return options;
    }

    /** The scores of the channel and step that has the fewest. */
    public synchronized int windows() {
        int fewest = Integer.MAX_VALUE;
        for (Scores[] steps : scores) for (Scores step : steps) fewest = Math.min(fewest, step.count());
        return fewest;
    }

    /**
     * Adds the errors of a window; the oldest give way when the memory is full.
     *
     * @param forecast channels × steps, in any unit; at most as many steps as the horizon
     * @param truth of the same shape; NaN = missing or not yet known, and left out
     * @param scales for each channel what its errors are divided by, more than 0
     * @throws IllegalArgumentException naming the channel and step at fault; nothing is added then
     */
    public synchronized void update(float[][] forecast, float[][] truth, float[] scales) {
        check("forecast", forecast, scales);
        check("truth", truth, scales);
        for (int c = 0; c < scores.length; c++) {
            if (truth[c].length != forecast[c].length) {
                throw new IllegalArgumentException("channel " + c + " has " + truth[c].length + " steps of truth and "
                        + forecast[c].length + " of forecast");
            }
            for (int h = 0; h < truth[c].length; h++) {
                if (!Float.isFinite(forecast[c][h]) || Float.isInfinite(truth[c][h])) {
                    throw new IllegalArgumentException("channel " + c + ", step " + h + ": the forecast is "
                            + forecast[c][h] + ", the truth " + truth[c][h] + "; expected finite numbers");
                }
            }
        }
        for (int c = 0; c < scores.length; c++) {
            for (int h = 0; h < truth[c].length; h++) {
                if (Float.isNaN(truth[c][h])) continue;
                scores[c][h].add((float) (((double) truth[c][h] - forecast[c][h]) / scales[c]));
            }
        }
    }

    /**
     * The quantiles of a forecast.
     *
     * @param forecast channels × steps, at most as many steps as the horizon
     * @param scales for each channel what the scores are multiplied by, more than 0
     * @return levels × channels × steps, ascending in the level
     * @throws IllegalStateException when there are too few windows for a level, naming it, the channel and step, and how
     *     many are needed
     * @throws IllegalArgumentException when the shape does not fit or a scale is not above 0
     */
    public synchronized float[][][] quantiles(float[][] forecast, float[] scales) {
        check("forecast", forecast, scales);
        float[][][] quantiles = new float[levels.length][scores.length][];
        for (int c = 0; c < scores.length; c++) {
            for (float[][] level : quantiles) level[c] = new float[forecast[c].length];
            for (int h = 0; h < forecast[c].length; h++) {
                double[] weights = cumulativeWeights(scores[c][h]);
                for (int i = 0; i < levels.length; i++) {
                    double score = scores[c][h].ranked(rank(c, h, levels[i], weights));
                    double quantile = Math.clamp(forecast[c][h] + scales[c] * score, -Float.MAX_VALUE, Float.MAX_VALUE);
                    quantiles[i][c][h] = Math.max((float) quantile, options.lowerBound());
                }
            }
        }
        return quantiles;
    }

    private int rank(int channel, int step, double level, double[] weights) {
        int count = scores[channel][step].count();
        double total = weight(count);
        if (enough(level, total)) return weights == null ? rank(level, count) : rank(level, total, weights);
        throw new IllegalStateException("level " + level + " needs " + windowsNeeded(level) + " windows: channel "
                + channel + " has " + count + " at step " + step
                + (weights == null ? "" : ", which count as " + total + " with a half-life of " + options.halfLife()));
    }

    /** Whether scores of this total weight have a quantile of a level. */
    private static boolean enough(double level, double total) {
        return (total + 1) * Math.min(level, 1 - level) >= 1 - ROUNDING;
    }

    /** The rank, from 0, among scores that all weigh 1. */
    private static int rank(double level, int count) {
        double position = (count + 1) * level;
        return (int) (level < 0.5 ? Math.floor(position + ROUNDING) : Math.ceil(position - ROUNDING)) - 1;
    }

    /** The same where {@code cumulative[k]} is the weight of the scores up to rank k. */
    private static int rank(double level, double total, double[] cumulative) {
        double position = (total + 1) * level;
        double least = level < 0.5 ? position - 1 + 2 * ROUNDING : position - ROUNDING;
        int rank = 0;
        while (rank < cumulative.length - 1 && cumulative[rank] < least) rank++;
        return rank;
    }

    /** The weight of the scores up to each rank; null where all weigh 1. */
    private double[] cumulativeWeights(Scores of) {
        if (options.halfLife() == Double.POSITIVE_INFINITY) return null;
        double[] cumulative = new double[of.count()];
        double sum = 0;
        for (int rank = 0; rank < cumulative.length; rank++) {
            sum += Math.pow(2, -of.age(rank) / options.halfLife());
            cumulative[rank] = sum;
        }
        return cumulative;
    }

    /** What so many scores weigh together. */
    private double weight(int count) {
        if (options.halfLife() == Double.POSITIVE_INFINITY) return count;
        double decay = Math.log(2) / options.halfLife();
        return Math.expm1(-count * decay) / Math.expm1(-decay);
    }

    private void check(String name, float[][] values, float[] scales) {
        if (values.length != scores.length || scales.length != scores.length) {
            throw new IllegalArgumentException(name + " has " + values.length + " channels, scales " + scales.length
                    + ": expected " + scores.length);
        }
        for (int c = 0; c < scores.length; c++) {
            if (values[c].length > horizon) {
                throw new IllegalArgumentException(name + "[" + c + "] has " + values[c].length
                        + " steps: expected at most " + horizon + ", the horizon of these intervals");
            }
            if (!(scales[c] > 0) || scales[c] == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("scales[" + c + "] is " + scales[c] + ": expected more than 0");
            }
        }
    }

    static void checkLevels(double[] levels) {
        if (levels.length == 0) throw new IllegalArgumentException("no level: expected at least one, such as 0.9");
        for (int i = 0; i < levels.length; i++) {
            if (!(levels[i] > 0 && levels[i] < 1) || i > 0 && levels[i] <= levels[i - 1]) {
                throw new IllegalArgumentException("levels " + Arrays.toString(levels)
                        + ": expected strictly ascending numbers between 0 and 1, such as 0.1, 0.5, 0.9");
            }
        }
    }
}
