package org.ttm4j.ttm.run;

import java.util.Arrays;
import java.util.stream.Stream;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Gaps;
import org.ttm4j.ttm.series.Standardization;
import org.ttm4j.ttm.train.Channels;

/**
 * Forecasts one series by a model: checks the series, prepares each pass, and converts the forecasts to original units.
 * For a horizon longer than one pass, forecasts are fed back to the model.
 *
 * <p>A channel that the model scales by its standard deviation and forecasts independently is first brought to a
 * standard magnitude: the mean is subtracted, and the rest is multiplied by the power of two that brings the standard
 * deviation into [1, 2). Both are undone in double, so that neither a large mean nor a small unit costs precision, and
 * scaling a series by a power of two scales its forecast exactly. The reference library does not do this; its scaler
 * adds 1e-5 to the variance, which shrinks series of small variance.
 *
 * <p>The memory is reused for all passes and forecasts; only the constructor, and a series longer than any before,
 * allocate. Not thread-safe.
 */
public final class ForecastRun {
    private static final int MINIMUM_SHARE = 32;

    private final TtmConfig config;
    /** The channels of a fine-tuned model and their scale, as in training; null if the model reads original units. */
    private final Channels known;
    private final Standardization scale;
    /** True if each channel is a separate sample; false if all channels together are one sample. */
    private final boolean alone;
    private final boolean centres;
    private final boolean magnifies;
    private final int context;
    private final int output;
    private final int[] channels;
    private final int[] exogenous;
    private final Predictor.Samples samples;
    /** Input channels × (end of the history + horizon), standardised. Forecasts are appended to the history. */
    private final double[][] series;
    private final double[] offsets;
    private final double[] factors;
    /** The constant forecast of a channel that replaces the model's; NaN for other channels. */
    private final double[] repeated;
    /** The last value of each channel so far, in original units; NaN if there is none. */
    private final double[] last;
    private final State[] states;
    private final int[] missing;
    /** The distance of neighbouring floats at the largest value if float is too coarse for the channel; otherwise 0. */
    private final double[] grid;
    /** The bounds of each forecast channel, used from pass {@link FeedbackBounds#FREE_PASSES} on. */
    private final FeedbackBounds[] bounds;
    private double[][] result;
    /** Levels × forecast channels × horizon, in original units; without a quantile head there is no level. */
    private final double[][][] quantiles;
    /** Forecast channels × d_model, of the first pass; no row if it is not wanted. */
    private float[][] embeddings = new float[0][];

    /** The predictor that made the forecasts of the last pass. */
    private Predictor lastPredictor;
    private boolean singlePrecision;
    private double[][] knownFuture;
    private int start;
    private int horizon;
    private int done;
    /** The first step of the forecast that was clamped to its bounds; the horizon if none was. */
    private int held;
    private int passes;

    private enum State {
        VARYING, CONSTANT, UNOBSERVED, NEVER_OBSERVED
    }

    /** Receives notes on a forecast. */
    @FunctionalInterface
    public interface Notes {
        /** Adds a note on a channel; −1 stands for all channels. */
        void add(NoteKind kind, int channel, String note);
    }

    /** The subject of a note. */
    public enum NoteKind {
        PADDED, FED_BACK, HELD, REPEATED_FUTURE, UNOBSERVED, CONSTANT, INTERPOLATED, COARSE
    }

    /**
     * Allocates memory for series with the given number of channels.
     *
     * @param known the channels of a fine-tuned model; null if the model reads original units
     * @param token the resolution token, for models that read one
     * @param categories the static categories; empty if the model has none
     * @param embedding whether {@link #embeddings} are wanted
     * @throws IllegalArgumentException when the model cannot use this number of channels or categories, or is decomposed
     *     and so has no embedding
     */
    public ForecastRun(TtmConfig config, Channels known, int inputs, int token, int[] categories, boolean embedding) {
        if (embedding && config.decomposed()) {
            throw new IllegalArgumentException("embedding: a decomposed model has none");
        }
        this.config = config;
        this.known = known;
        scale = known == null ? null : known.standardization();
        RunRules.channels(config, known, inputs);
        if (categories.length != config.categoricalVocabSizeList().size()) {
            throw new IllegalArgumentException(categories.length + " static categories given: this model needs "
                    + config.categoricalVocabSizeList().size() + " (categorical_vocab_size_list)");
        }
        alone = !config.mixesChannels();
        boolean scaledAlone = alone && config.scaling() == TtmConfig.Scaling.STD;
        // The masked variant inserts its mask value into the series.
        centres = scaledAlone && !config.maskedPrediction();
        magnifies = centres || scaledAlone && config.maskValue() == 0;
        context = config.contextLength();
        output = config.outputLength();
        channels = config.predictionChannels(inputs);
        exogenous = config.exogenousChannels();
        series = new double[inputs][0];
        offsets = new double[inputs];
        factors = new double[inputs];
        repeated = new double[inputs];
        states = new State[inputs];
        missing = new int[inputs];
        grid = new double[inputs];
        last = new double[inputs];
        result = new double[channels.length][0];
        bounds = Stream.generate(FeedbackBounds::new).limit(channels.length).toArray(FeedbackBounds[]::new);
        int count = alone ? inputs : 1;
        int[] tokens = config.resolutionPrefixTuning() ? new int[count] : null;
        if (tokens != null) Arrays.fill(tokens, token);
        // If the model does not require a known future, zeros are used.
        float[] future = config.usesExogenous() && !alone ? new float[exogenous.length * output] : null;
        int[][] columns = categories.length == 0 ? null : new int[categories.length][1];
        for (int i = 0; i < categories.length; i++) columns[i][0] = categories[i];
        int levels = config.quantileHead().enabled() ? config.quantileHead().levels().size() : 0;
        quantiles = new double[levels][channels.length][0];
        int size = (alone ? inputs : channels.length) * output;
        samples = new Predictor.Samples(new float[inputs * context], new float[inputs * context], tokens, future,
                columns, new float[size], levels == 0 ? null : new float[size * levels],
                embedding ? new float[inputs * config.dModel()] : null);
    }

    /** The fewest steps of history that a model with this context length requires. */
    public static int minimumHistory(int contextLength) {
        return Math.max(2, contextLength / MINIMUM_SHARE);
    }

    /** The input channel of each forecast channel. */
    public int[] channels() {
        return channels;
    }

    /** The input and output of the model for the pass that was prepared last. */
    public Predictor.Samples samples() {
        return samples;
    }

    /**
     * Prepares the first pass of a forecast.
     *
     * @param history channels × time, NaN = missing; each at least {@code steps} long
     * @param steps the number of steps of the history, from its beginning, that are used
     * @param single true if the values were given as floats; later passes then read floats too
     * @param future exogenous channels × at least the horizon; null if nothing is known
     * @param horizon steps to forecast, at least 1
     * @throws IllegalArgumentException naming the input that the model cannot use
     */
    public void begin(double[][] history, int steps, boolean single, double[][] future, int horizon) {
        this.horizon = horizon;
        int minimum = minimumHistory(context);
        if (steps < minimum) {
            throw new IllegalArgumentException("the history has " + steps + " steps: a model with a context of "
                    + context + " needs at least " + minimum);
        }
        for (int c = 0; c < series.length; c++) RunRules.numbers(history[c], steps, "history", c);
        RunRules.knownFuture(config, future, horizon, stepsRead());
        singlePrecision = single;
        knownFuture = future;
        start = Math.min(context, steps);
        done = 0;
        passes = 0;
        held = horizon;
        int length = start + horizon;
        for (int c = 0; c < series.length; c++) {
            if (series[c].length < length) series[c] = new double[length];
            for (int t = 0; t < start; t++) series[c][t] = standardized(c, history[c][steps - start + t]);
            Arrays.fill(series[c], start, length, Double.NaN);
            int t = steps - 1;
            while (t >= 0 && Double.isNaN(history[c][t])) t--;
            last[c] = t < 0 ? Double.NaN : history[c][t];
        }
        if (result[0].length < horizon) {
            result = new double[channels.length][horizon];
            for (int q = 0; q < quantiles.length; q++) quantiles[q] = new double[channels.length][horizon];
        }
        write(start);
        for (int c = 0; c < series.length; c++) {
            missing[c] = 0;
            for (int t = 0; t < start; t++) if (Double.isNaN(series[c][t])) missing[c]++;
            boolean exact = !single && (centres || scale != null);
            grid[c] = exact ? 0 : Magnitude.coarseGrid(history[c], steps - start, steps);
        }
    }

    /** True if the whole horizon has been forecast. */
    public boolean isComplete() {
        return done == horizon;
    }

    /**
     * Takes over the forecasts of the pass that was prepared last, and prepares the next pass if there is one.
     *
     * @throws IllegalArgumentException naming the channel and the model when the forecast is not finite
     */
    public void accept(Predictor predictor) {
        lastPredictor = predictor;
        if (passes == 0 && samples.embedding() != null) {
            int width = config.dModel();
            embeddings = Arrays.stream(channels)
                    .mapToObj(c -> Arrays.copyOfRange(samples.embedding(), c * width, (c + 1) * width))
                    .toArray(float[][]::new);
        }
        int kept = Math.min(output, horizon - done);
        for (int i = 0; i < exogenous.length && knownFuture != null; i++) {
            for (int t = 0; t < kept; t++) {
                series[exogenous[i]][start + done + t] = standardized(exogenous[i], knownFuture[i][done + t]);
            }
        }
        for (int i = 0; i < channels.length; i++) {
            int c = channels[i];
            if (passes == FeedbackBounds.FREE_PASSES) bounds[i].set(series[c], start + done);
            for (int t = 0; t < kept; t++) {
                double value = bounded(inOriginalUnits(forecast(i, c, t), c), i, c, t);
                result[i][done + t] = singlePrecision ? (float) value : value;
                series[c][start + done + t] = standardized(c, result[i][done + t]);
            }
            last[c] = result[i][done + kept - 1];
            acceptQuantiles(i, c, kept);
        }
        done += kept;
        passes++;
        if (done < horizon) write(start + done);
    }

    private float forecast(int i, int c, int t) {
        return samples.forecast()[(alone ? c : i) * output + t];
    }

    private double bounded(double value, int i, int c, int t) {
        if (passes < FeedbackBounds.FREE_PASSES) return value;
        double free = standardized(c, value);
        double bounded = bounds[i].held(free, done + t - FeedbackBounds.FREE_PASSES * output);
        if (bounded == free) return value;
        held = Math.min(held, done + t);
        return scale == null ? bounded : scale.invert(c, bounded);
    }

    /**
     * Takes over the quantiles of a pass. The quantiles of a later pass do not account for the errors of the forecasts
     * that it reads. Their distances from the median are therefore combined with those at the end of the previous pass,
     * like the deviations of independent errors.
     */
    private void acceptQuantiles(int i, int c, int kept) {
        int middle = quantiles.length / 2;
        for (int q = 0; q < quantiles.length; q++) {
            int from = ((alone ? c : i) * quantiles.length + q) * output;
            double before = done == 0 ? 0 : quantiles[q][i][done - 1] - quantiles[middle][i][done - 1];
            for (int t = 0; t < kept; t++) {
                double value = inOriginalUnits(samples.quantiles()[from + t], c);
                if (before != 0) {
                    double centre = inOriginalUnits(samples.quantiles()[from + (middle - q) * output + t], c);
                    value = centre + Math.signum(before) * Math.hypot(value - centre, before);
                }
                // Quantiles move with a forecast that was clamped.
                if (held <= done + t) value += result[i][done + t] - inOriginalUnits(forecast(i, c, t), c);
                quantiles[q][i][done + t] = value;
            }
        }
    }

    /**
     * The model's own quantiles, levels × forecast channels × at least the horizon, ascending in the level; overwritten
     * by the next forecast. There is no level if the model has no quantile head.
     */
    public double[][][] quantiles() {
        return quantiles;
    }

    /** The forecasts, forecast channels × at least the horizon; overwritten by the next forecast. */
    public double[][] result() {
        return result;
    }

    /** Forecast channels × d_model, as {@link Predictor.Samples#embedding}, of the first pass; no row if not wanted. */
    public float[][] embeddings() {
        return embeddings;
    }

    /** The number of passes so far. */
    public int passes() {
        return passes;
    }

    /** The number of steps by which the history is shorter than the context. */
    public int paddedSteps() {
        return context - start;
    }

    /** For each input channel, the number of missing steps in the context of the first pass. */
    public int[] missing() {
        return missing;
    }

    /** The number of future steps that the passes read beyond the known ones. */
    private int repeatedFuture() {
        int most = 0;
        for (int i = 0; knownFuture != null && samples.knownFuture() != null && i < knownFuture.length; i++) {
            most = Math.max(most, stepsRead() - knownFuture[i].length);
        }
        return most;
    }

    /** True if any channel has an observed value in the history. */
    public boolean isObserved() {
        for (State state : states) if (state != State.NEVER_OBSERVED) return true;
        return false;
    }

    /** Passes on what a user of the forecast should know. */
    public void notes(Notes notes) {
        if (paddedSteps() > 0) {
            notes.add(NoteKind.PADDED, -1, "the history is " + count(paddedSteps(), "step")
                    + " shorter than the model's context; its earliest value was repeated to the left as unobserved");
        }
        for (int c = 0; c < series.length; c++) notes(c, notes);
        if (passes > 1) {
            notes.add(NoteKind.FED_BACK, -1, "the horizon is longer than the model's; it ran " + passes
                    + " times, each time on its own forecast before");
        }
        if (held < horizon) {
            notes.add(NoteKind.HELD, -1, "from step " + (held + 1) + " on the forecast leaves what the history and its "
                    + "trend can bear, and is held at these bounds; choose a shorter horizon");
        }
        if (repeatedFuture() > 0) {
            notes.add(NoteKind.REPEATED_FUTURE, -1, "the model looks " + count(repeatedFuture(), "step")
                    + " beyond the known future values; the last ones were repeated there");
        }
    }

    private void notes(int c, Notes notes) {
        if (states[c] == State.UNOBSERVED || states[c] == State.NEVER_OBSERVED) {
            String instead = states[c] == State.UNOBSERVED ? "its last value before" : "0";
            boolean isForecast = Arrays.binarySearch(channels, c) >= 0;
            notes.add(NoteKind.UNOBSERVED, c, "nothing observed in the last " + missing[c] + " steps"
                    + (isForecast ? "; forecast as " + instead : ""));
            return;
        }
        if (states[c] == State.CONSTANT) notes.add(NoteKind.CONSTANT, c, "never varies");
        if (missing[c] > 0) notes.add(NoteKind.INTERPOLATED, c, interpolated(missing[c]));
        if (grid[c] == 0) return;
        notes.add(NoteKind.COARSE, c, "float32 holds these values in steps of " + (float) grid[c]
                + ", which is too coarse for how they change; "
                + (singlePrecision
                        ? "subtract a constant from them, or in Java give them as double[][], to keep what is finer"
                        : "this model reads float32 and does not see what is finer"));
    }

    /** The note that steps which are missing were interpolated. */
    public static String interpolated(int missing) {
        return count(missing, "missing step") + (missing == 1 ? " was" : " were") + " interpolated";
    }

    private static String count(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    /** Prepares a pass whose context ends after {@code end} steps of the series. */
    private void write(int end) {
        for (int c = 0; c < series.length; c++) write(c, end);
        if (samples.knownFuture() == null) return;
        if (knownFuture == null) {
            Arrays.fill(samples.knownFuture(), 0);
            return;
        }
        for (int i = 0; i < exogenous.length; i++) {
            for (int t = 0; t < output; t++) {
                // After the given steps the last one is repeated; repeatedFuture() counts these steps.
                double value = knownFuture[i][Math.min(done + t, knownFuture[i].length - 1)];
                samples.knownFuture()[i * output + t] = (float) standardized(exogenous[i], value);
            }
        }
    }

    private void write(int c, int end) {
        double[] values = series[c];
        float[] past = samples.past();
        float[] mask = samples.mask();
        int from = Math.max(0, end - context);
        int at = (c + 1) * context - (end - from);
        Arrays.fill(past, c * context, at, Float.NaN);
        Arrays.fill(mask, c * context, at, 0);
        int observed = 0;
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int t = from; t < end; t++) {
            double value = values[t];
            boolean present = value == value; // not NaN
            mask[at + t - from] = present ? 1 : 0;
            if (!present) continue;
            observed++;
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        boolean varies = observed > 0 && min < max;
        double mean = sum / observed;
        double offset = centres && observed > 0 ? mean : 0;
        double factor = magnifies && varies ? Magnitude.factor(values, from, end, mean, observed, min, max, offset) : 1;
        for (int t = from; t < end; t++) past[at + t - from] = (float) ((values[t] - offset) * factor);
        if (observed < context) Gaps.fill(past, mask, c * context, context);
        offsets[c] = offset;
        factors[c] = factor;
        if (done == 0) {
            State empty = Double.isNaN(last[c]) ? State.NEVER_OBSERVED : State.UNOBSERVED;
            states[c] = varies ? State.VARYING : observed > 0 ? State.CONSTANT : empty;
        }
        if (states[c] == State.NEVER_OBSERVED) repeated[c] = 0;
        else if (states[c] == State.UNOBSERVED || alone && !varies) repeated[c] = last[c];
        else repeated[c] = Double.NaN;
    }

    private double inOriginalUnits(float forecast, int c) {
        if (!Double.isNaN(repeated[c])) return repeated[c];
        if (!Float.isFinite(forecast)) {
            String fault = magnifies ? "the weights are damaged or too large in " : "the values are too large for ";
            throw new IllegalArgumentException(
                    "channel " + c + ": the forecast is " + forecast + ": " + fault + lastPredictor.model().source());
        }
        return Math.clamp(inUnits(c, forecast), -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /** Converts a value of a channel in the pass that was prepared last to original units. */
    public double inUnits(int c, double value) {
        double standardized = value / factors[c] + offsets[c];
        return scale == null ? standardized : scale.invert(c, standardized);
    }

    /** The size, in original units, of a difference of 1 in a channel of the pass that was prepared last. */
    public double unit(int c) {
        return (scale == null ? 1 : scale.deviations()[c]) / factors[c];
    }

    /** The constant forecast of a channel that replaces the model's; NaN if the model forecasts the channel. */
    public double repeated(int c) {
        return repeated[c];
    }

    private double standardized(int c, double value) {
        if (scale == null || Double.isNaN(value)) return value;
        double standardized = scale.apply(c, value);
        if (!Float.isInfinite((float) standardized)) return standardized;
        throw new IllegalArgumentException("channel " + Channels.shortened(known.inputs().get(c).name()) + ": " + value
                + " is too far from the values that this model was fine-tuned on");
    }

    /** The number of future steps that all passes read; the last pass may go beyond the horizon. */
    private int stepsRead() {
        return (horizon + output - 1) / output * output;
    }
}
