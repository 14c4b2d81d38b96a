package org.ttm4j.forecast.interval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.run.RunRules;

/**
 * Prediction quantiles of one series from the model's own errors on windows it was not fitted to: split-conformal,
 * one-sided on signed errors, for each channel and horizon step.
 *
 * <pre>{@code
 * ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(), channels, 96,
 *         ConformalOptions.defaults());
 * for (…) intervals.update(forecast, truth, scales); // windows of which the truth is known
 * double[][][] quantiles = intervals.quantiles(nextForecast, nextScales); // levels × channels × steps
 * }</pre>
 *
 * <p>An error enters as the score (truth − forecast) / scale, a scale being {@link LocalScales} or 1. With n scores of a
 * step, the quantile of a level q is the forecast plus scale times the k-th smallest score, k = ⌈(n + 1)q⌉ for q ≥ ½ and
 * ⌊(n + 1)q⌋ below, which is the same seen from the other side. If the scores and the next one are exchangeable, the
 * truth is at or below the quantile of q ≥ ½ with a probability of at least q and, without ties, at most q + 1/(n + 1).
 * Source: Vovk et al. 2005; Lei et al. 2018, arXiv:1604.04173. A half-life gives an error that is a windows old the
 * weight 2^(−a/halfLife) beside the weight 1 of the next one. Source: Barber et al. 2023, arXiv:2202.13415.
 *
 * <p><b>Online.</b> A series changes, and then its errors are not exchangeable. A forecast that is {@linkplain #issue
 * issued} and later {@linkplain #settle settled} also corrects the levels of its channel and steps: by rate · (q − 1)
 * where the truth was at or below the quantile of q as issued, else by rate · q. Source: Gibbs and Candès 2021,
 * arXiv:2106.00104. The rate is that of the options, but at most 0.1 / d where d forecasts were issued before the first
 * was settled: late news of many forecasts must not all be acted upon.
 *
 * <p>A forecast issued at time t meets its truth of step h at t + h. Only then may it enter, or the intervals have seen
 * the future. A window whose truth is known in part is given with NaN for the rest, and later with NaN for what it gave
 * before.
 *
 * <p>Memory: 12 bytes a score, of which {@link ConformalOptions#windows()} are kept for each channel and step. Safe for
 * any number of threads; each call sees the others' whole or not at all.
 */
public final class ConformalIntervals {
    /** Beside the checkpoint's own files, where a model has intervals. */
    public static final String FILE = Checkpoint.INTERVALS;

    private static final double MOST_PER_DELAY = 0.1;
    /** The least distance of corrected levels from 0 and 1, from which they would return slowly. */
    private static final double MARGIN = 0.001;

    private final double[] levels;
    private final int horizon;
    private final ConformalOptions options;
    private final ScoreWindow.Ranks ranks;
    // What IntervalsFile holds beside levels and options:
    /** Channels × steps. */
    final ScoreWindow[][] scores;
    /** Levels × channels × steps: what is added to a level. */
    final float[][][] corrections;
    final MeanScales meanScales;
    private long issued;

    /**
     * The mean scale of each channel. It replaces the scale of a context that hardly varies, which would inflate the score.
     *
     * @param means by channel
     * @param counts how many scales each mean rests on
     * @param most how many scales a mean remembers, roughly
     */
    record MeanScales(float[] means, int[] counts, int most) {
        private static final float LEAST_SHARE = 0.05f;

        /** Updates the means by these scales and returns the scales to use. */
        float[] learn(float[] scales) {
            for (int c = 0; c < means.length; c++) {
                counts[c] = Math.min(counts[c] + 1, most);
                means[c] += (scales[c] - means[c]) / counts[c];
            }
            return effective(scales);
        }

        /** The scales to use: at least a twentieth of the mean scale, and 1 for a channel whose scales were all 0. */
        float[] effective(float[] scales) {
            float[] effective = new float[means.length];
            for (int c = 0; c < means.length; c++) {
                effective[c] = Math.max(scales[c], LEAST_SHARE * means[c]);
                if (effective[c] < Float.MIN_NORMAL) effective[c] = 1;
            }
            return effective;
        }
    }

    /**
     * Without any scores yet.
     *
     * @param levels strictly ascending, each between 0 and 1, both excluded
     * @throws IllegalArgumentException when the levels are not that, a size is below 1, or the remembered windows can
     *     never be enough for a level
     */
    public ConformalIntervals(double[] levels, int channels, int horizon, ConformalOptions options) {
        if (channels < 1 || horizon < 1) {
            throw new IllegalArgumentException(
                    "channels " + channels + ", horizon " + horizon + ": expected at least 1 each");
        }
        requireLevels(levels);
        this.levels = levels.clone();
        this.horizon = horizon;
        RunRules.requireGiven("options", options);
        this.options = options;
        ranks = new ScoreWindow.Ranks(options.halfLife());
        double most = ranks.total(options.windows());
        for (double level : levels) {
            if (ScoreWindow.Ranks.enough(level, most)) continue;
            throw new IllegalArgumentException(
                    "level " + level + " needs " + windowsNeeded(level) + " windows: the last " + options.windows()
                            + " with a half-life of " + options.halfLife() + " count as " + most);
        }
        scores = new ScoreWindow[channels][horizon];
        for (ScoreWindow[] steps : scores) Arrays.setAll(steps, h -> new ScoreWindow(options.windows()));
        corrections = new float[levels.length][channels][horizon];
        meanScales = new MeanScales(new float[channels], new int[channels], options.windows());
    }

    /** The levels 0.1, 0.2 … 0.9. */
    public static double[] deciles() {
        return new double[]{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    }

    /** The fewest windows that have a quantile of this level: the least n ≥ 1 / min(q, 1 − q) − 1. */
    public static int windowsNeeded(double level) {
        requireLevels(new double[]{level});
        return ScoreWindow.Ranks.needed(level);
    }

    /**
     * Reads the intervals in a checkpoint folder; empty where there are none.
     *
     * @throws CheckpointException naming the file and what is wrong in it, such as that they are those of another model
     */
    public static Optional<ConformalIntervals> read(Path folder) throws CheckpointException {
        return IntervalsFile.read(folder);
    }

    /**
     * Writes the intervals into the checkpoint folder of their model: whole, or not at all. They belong to the weights in that
     * folder, and are refused beside others. Any horizon is possible; a folder whose model forecasts another number of
     * channels, where that number is fixed, does not load with them.
     *
     * @throws IOException when the folder holds no {@code model.safetensors}, or the file system refuses
     */
    public void write(Path folder) throws IOException {
        IntervalsFile.write(folder, this);
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

    /** True if these intervals support forecasts of so many channels and steps. */
    public boolean covers(int channels, int steps) {
        return channels == channels() && steps <= horizon;
    }

    /** The reason why forecasts of so many channels and steps have no quantiles by these intervals. */
    public String reasonWithout(int channels, int steps) {
        if (channels != channels()) return "the intervals are for " + channels() + " channels, these are " + channels;
        if (steps > horizon) return "the intervals are for " + horizon + " steps, the horizon is " + steps;
        return "the intervals hold " + windows() + " windows, too few for these levels";
    }

    public ConformalOptions options() {
        return options;
    }

    /** The scores of the channel and step that has the fewest. */
    public synchronized int windows() {
        int fewest = Integer.MAX_VALUE;
        for (ScoreWindow[] steps : scores) for (ScoreWindow step : steps) fewest = Math.min(fewest, step.count());
        return fewest;
    }

    /**
     * A copy with the same scores for other levels. Levels of both keep their corrections.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public synchronized ConformalIntervals withLevels(double... others) {
        ConformalIntervals copy = new ConformalIntervals(others, channels(), horizon, options);
        for (int c = 0; c < channels(); c++) {
            for (int h = 0; h < horizon; h++) {
                for (float score : scores[c][h].inOrder()) copy.scores[c][h].add(score);
            }
        }
        for (int i = 0; i < others.length; i++) {
            int same = Arrays.binarySearch(levels, others[i]);
            for (int c = 0; same >= 0 && c < channels(); c++) {
                copy.corrections[i][c] = corrections[same][c].clone();
            }
        }
        System.arraycopy(meanScales.means, 0, copy.meanScales.means, 0, channels());
        System.arraycopy(meanScales.counts, 0, copy.meanScales.counts, 0, channels());
        copy.issued = issued;
        return copy;
    }

    /**
     * Adds the errors of a window; the oldest give way when the memory is full.
     *
     * @param forecast channels × steps, in any unit; at most as many steps as the horizon
     * @param truth of the same shape; NaN = missing or not yet known, and left out
     * @param scales for each channel the divisor of its errors; 0 where the context does not vary, which counts as
     *     a twentieth of the mean scale so far
     * @throws IllegalArgumentException naming the channel and step at fault; nothing is added then
     */
    public synchronized void update(double[][] forecast, double[][] truth, float[] scales) {
        requireForecast(forecast, scales);
        requireTruth(forecast, truth);
        add(forecast, truth, meanScales.learn(scales));
    }

    /**
     * The quantiles of a forecast.
     *
     * @param forecast channels × steps, at most as many steps as the horizon
     * @param scales for each channel the factor of its scores; 0 as in {@link #update}
     * @return levels × channels × steps, ascending in the level
     * @throws IllegalStateException when there are too few windows for a level, naming it, the channel and step, and how
     *     many are needed
     * @throws IllegalArgumentException when the shape does not fit, or a forecast or scale is no finite number
     */
    public synchronized double[][][] quantiles(double[][] forecast, float[] scales) {
        requireForecast(forecast, scales);
        String lacking = lacking(forecast);
        if (lacking != null) throw new IllegalStateException(lacking);
        return compute(forecast, meanScales.effective(scales));
    }

    /**
     * The same with the number of windows that they rest on; empty while the windows are too few.
     *
     * @throws IllegalArgumentException as {@link #quantiles}
     */
    public synchronized Optional<Quantiles> quantilesIfEnough(double[][] forecast, float[] scales) {
        requireForecast(forecast, scales);
        if (lacking(forecast) != null) return Optional.empty();
        return Optional.of(new Quantiles(levels(), compute(forecast, meanScales.effective(scales)), windows()));
    }

    /**
     * The quantiles of these levels; empty also where the forecast has other channels than the intervals, or more steps.
     *
     * @param wanted strictly ascending; none for the levels of the intervals
     * @throws IllegalArgumentException where there can never be quantiles of a level
     */
    public Optional<Quantiles> quantilesIfEnough(double[][] forecast, float[] scales, double[] wanted) {
        RunRules.requireRows("forecast", forecast);
        RunRules.requireGiven("wanted", wanted);
        if (forecast.length == 0 || !covers(forecast.length, forecast[0].length)) return Optional.empty();
        Optional<Quantiles> all = having(wanted).quantilesIfEnough(forecast, scales);
        if (wanted.length == 0) return all;
        return all.map(of -> new Quantiles(wanted,
                Arrays.stream(wanted).mapToObj(of::doublesAt).toArray(double[][][]::new), of.windows()));
    }

    /** Intervals that have these levels, maybe among others. */
    private ConformalIntervals having(double[] wanted) {
        if (Arrays.stream(wanted).allMatch(level -> Arrays.binarySearch(levels, level) >= 0)) return this;
        try {
            return withLevels(wanted);
        } catch (IllegalArgumentException neverEnough) {
            throw new IllegalArgumentException("quantiles: " + neverEnough.getMessage(), neverEnough);
        }
    }

    /**
     * The same for a forecast that will be {@linkplain #settle settled}.
     *
     * @throws IllegalArgumentException as {@link #quantiles}
     */
    public synchronized IssuedForecast issue(double[][] forecast, float[] scales) {
        Quantiles quantiles = quantilesIfEnough(forecast, scales).orElse(null);
        return new IssuedForecast(forecast, quantiles, meanScales.learn(scales), ++issued,
                new boolean[channels()][forecast[0].length]);
    }

    /**
     * Adds the errors of an issued forecast and corrects the levels by its misses. Each channel and step is settled once,
     * when its truth is first known: a forecast may be settled again as more of the truth arrives, and what was settled
     * before is left out.
     *
     * @param forecast that these intervals issued
     * @param truth channels × steps; NaN = missing or not yet known
     * @throws IllegalArgumentException as {@link #update}, or when the forecast was issued by intervals of another shape
     *     or other levels
     */
    public synchronized void settle(IssuedForecast forecast, double[][] truth) {
        RunRules.requireGiven("forecast", forecast);
        requireForecast(forecast.forecast(), forecast.scales());
        if (forecast.quantiles() != null && !Arrays.equals(levels, forecast.quantiles().levels())) {
            throw new IllegalArgumentException("the forecast was issued with the levels "
                    + Arrays.toString(forecast.quantiles().levels()) + ": expected " + Arrays.toString(levels));
        }
        requireTruth(forecast.forecast(), truth);
        double[][] news = forecast.settle(truth);
        add(forecast.forecast(), news, forecast.scales());
        if (forecast.quantiles() == null || options.rate() == 0) return;
        double rate = Math.min(options.rate(), MOST_PER_DELAY / Math.max(1, issued - forecast.number() + 1));
        for (int c = 0; c < channels(); c++) {
            for (int h = 0; h < news[c].length; h++) {
                if (!Double.isNaN(news[c][h])) correct(forecast.quantiles(), c, h, news[c][h], rate);
            }
        }
    }

    private void correct(Quantiles quantiles, int c, int h, double truth, double rate) {
        for (int i = 0; i < levels.length; i++) {
            double quantile = quantiles.value(i, c, h);
            // A quantile at the bound says nothing about the level: other levels would have given the same one.
            if (quantile <= options.lowerBound()) continue;
            double corrected = levels[i] + corrections[i][c][h]
                    + rate * (truth <= quantile ? levels[i] - 1 : levels[i]);
            corrections[i][c][h] = (float) (Math.clamp(corrected, Math.min(MARGIN, levels[i]),
                    Math.max(1 - MARGIN, levels[i])) - levels[i]);
        }
    }

    private void add(double[][] forecast, double[][] truth, float[] scales) {
        for (int c = 0; c < channels(); c++) {
            for (int h = 0; h < truth[c].length; h++) {
                if (Double.isNaN(truth[c][h])) continue;
                double score = (truth[c][h] - forecast[c][h]) / scales[c];
                scores[c][h].add((float) Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE));
            }
        }
    }

    private double[][][] compute(double[][] forecast, float[] scales) {
        double[][][] quantiles = new double[levels.length][channels()][forecast[0].length];
        double[] ofLevels = new double[levels.length];
        for (int c = 0; c < channels(); c++) {
            for (int h = 0; h < forecast[c].length; h++) {
                ScoreWindow of = scores[c][h];
                double[] weights = ranks.cumulative(of);
                for (int i = 0; i < levels.length; i++) {
                    int rank = ranks.rank(levels[i] + corrections[i][c][h], levels[i] < 0.5, of.count(), weights);
                    double quantile = forecast[c][h] + (double) scales[c] * of.ranked(rank);
                    ofLevels[i] = Math.max(Math.clamp(quantile, -Float.MAX_VALUE, Float.MAX_VALUE),
                            options.lowerBound());
                }
                // Levels that were corrected apart may have crossed.
                Arrays.sort(ofLevels);
                for (int i = 0; i < levels.length; i++) quantiles[i][c][h] = ofLevels[i];
            }
        }
        return quantiles;
    }

    /** What the first level, channel and step with too few scores lacks; null where all have enough. */
    private String lacking(double[][] forecast) {
        for (int c = 0; c < channels(); c++) {
            for (int h = 0; h < forecast[c].length; h++) {
                int count = scores[c][h].count();
                double total = ranks.total(count);
                for (double level : levels) {
                    if (ScoreWindow.Ranks.enough(level, total)) continue;
                    return "level " + level + " needs " + windowsNeeded(level) + " windows: channel " + c + " has "
                            + count + " at step " + h + (ranks.weighted() ? ", which count as " + total : "");
                }
            }
        }
        return null;
    }

    private static void requireLevels(double[] levels) {
        RunRules.requireGiven("levels", levels);
        if (levels.length == 0) throw new IllegalArgumentException("no level: expected at least one, such as 0.9");
        for (int i = 0; i < levels.length; i++) {
            if (!(levels[i] > 0 && levels[i] < 1) || i > 0 && levels[i] <= levels[i - 1]) {
                throw new IllegalArgumentException("levels " + Arrays.toString(levels)
                        + ": expected strictly ascending numbers between 0 and 1, such as 0.1, 0.5, 0.9");
            }
        }
    }

    private void requireForecast(double[][] forecast, float[] scales) {
        RunRules.requireRows("forecast", forecast);
        RunRules.requireGiven("scales", scales);
        if (forecast.length != channels() || scales.length != channels()) {
            throw new IllegalArgumentException("the forecast has " + forecast.length + " channels, scales "
                    + scales.length + ": expected " + channels());
        }
        for (int c = 0; c < channels(); c++) {
            int steps = forecast[c].length;
            if (steps < 1 || steps > horizon || steps != forecast[0].length) {
                throw new IllegalArgumentException("forecast[" + c + "] has " + steps + " steps: expected 1 to "
                        + horizon + ", the same in all channels");
            }
            for (int h = 0; h < steps; h++) {
                if (!Float.isFinite((float) forecast[c][h])) {
                    throw new IllegalArgumentException(
                            "forecast[" + c + "][" + h + "] is " + forecast[c][h] + ": expected a finite number");
                }
            }
            if (!(scales[c] >= 0) || scales[c] == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("scales[" + c + "] is " + scales[c] + ": expected 0 or more");
            }
        }
    }

    private void requireTruth(double[][] forecast, double[][] truth) {
        RunRules.requireRows("truth", truth);
        if (truth.length != channels()) {
            throw new IllegalArgumentException("truth has " + truth.length + " channels: expected " + channels());
        }
        for (int c = 0; c < channels(); c++) {
            if (truth[c].length != forecast[c].length) {
                throw new IllegalArgumentException("truth[" + c + "] has " + truth[c].length + " steps: expected "
                        + forecast[c].length + ", as the forecast");
            }
            for (int h = 0; h < truth[c].length; h++) {
                if (Double.isInfinite(truth[c][h])) {
                    throw new IllegalArgumentException("truth[" + c + "][" + h + "] is infinite; missing is NaN");
                }
            }
        }
    }
}
