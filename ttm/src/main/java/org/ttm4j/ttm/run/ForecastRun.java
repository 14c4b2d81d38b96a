package org.ttm4j.ttm.run;

import java.util.Arrays;
import java.util.stream.Stream;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Gaps;

/**
 * The way of one series through a model: checks it, prepares each pass, and takes the forecasts back to its units. A
 * horizon beyond one pass is reached by feeding the forecast back.
 *
 * <p>A channel that the model scales by its deviation and forecasts alone is seen at one standard magnitude, whatever its
 * units: its values less their mean, times the power of two that brings their deviation into [1, 2). Both are undone in
 * double, so that neither a large mean nor a small unit costs precision, and forecasts follow powers of two exactly. The
 * reference does not do this: its scaler adds 1e-5 to the variance and so shrinks what it sees of a quiet series.
 *
 * <p>The memory serves pass after pass and forecast after forecast; only the constructor, and a longer series than any
 * before, allocate. Not thread-safe.
 */
public final class ForecastRun {
    private static final int MINIMUM_SHARE = 32;

    private final TtmConfig config;
    /** Null where the model takes original units. */
    private final InputChannels known;
    /** True if each channel is a sample of its own, else all are one sample. */
    private final boolean alone;
    private final boolean centres;
    private final boolean magnifies;
    private final int context;
    private final int output;
    private final int[] channels;
    private final int[] exogenous;
    private final Predictor.Samples samples;
    /** Input channels × (end of the history + horizon), standardised: the forecast grows behind the history. */
    private final double[][] series;
    private final double[] offsets;
    private final double[] factors;
    /** The value that is the forecast of a channel, whatever the model says; NaN elsewhere. */
    private final double[] repeated;
    /** The last value of each channel so far, in original units; NaN when there is none. */
    private final double[] last;
    private final State[] states;
    private final int[] missing;
    /** The distance of neighbouring floats at the largest value, where it is too coarse for the channel; else 0. */
    private final double[] grid;
    /** Of each forecast channel, from {@link FeedbackBounds#FREE_PASSES} on. */
    private final FeedbackBounds[] bounds;
    private double[][] result;
    /** Levels × forecast channels × horizon, as the result; no level without a quantile head. */
    private final double[][][] quantiles;

    /** What made the forecasts of the last pass. */
    private Predictor by;
    private boolean singlePrecision;
    private double[][] knownFuture;
    private int start;
    private int horizon;
    private int done;
    /** The first step of the forecast that was held at its bounds; the horizon where none was. */
    private int held;
    private int passes;

    private enum State {
        VARYING, CONSTANT, UNOBSERVED, NEVER_OBSERVED
    }

    /** Takes notes on a forecast. */
    @FunctionalInterface
    public interface Notes {
        /** {@code channel} is −1 for what concerns all. */
        void add(NoteKind kind, int channel, String note);
    }

    /** What a note is about. */
    public enum NoteKind {
        PADDED, FED_BACK, HELD, REPEATED_FUTURE, UNOBSERVED, CONSTANT, INTERPOLATED, COARSE
    }

    /**
     * The memory for series of so many channels.
     *
     * @param known the channels; null where the model takes original units
     * @param token resolution token, where the model reads one
     * @param categories static categories; none where the model has none
     * @throws IllegalArgumentException when the model cannot use as many channels or categories
     */
    public ForecastRun(TtmConfig config, InputChannels known, int inputs, int token, int[] categories) {
        this.config = config;
        this.known = known;
        RunRules.channels(config, known, inputs);
        if (categories.length != config.categoricalVocabSizeList().size()) {
            throw new IllegalArgumentException(categories.length + " static categories given: this model needs "
                    + config.categoricalVocabSizeList().size() + " (categorical_vocab_size_list)");
        }
        alone = !config.mixesChannels();
        boolean scaledAlone = alone && config.scaling() == TtmConfig.Scaling.STD;
        // The masked variant puts its mask value among the series' own.
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
        // Zeros are the known future of a model that can do without.
        float[] future = config.usesExogenous() && !alone ? new float[exogenous.length * output] : null;
        int[][] columns = categories.length == 0 ? null : new int[categories.length][1];
        for (int i = 0; i < categories.length; i++) columns[i][0] = categories[i];
        int levels = config.quantileHead().enabled() ? config.quantileHead().levels().size() : 0;
        quantiles = new double[levels][channels.length][0];
        int size = (alone ? inputs : channels.length) * output;
        samples = new Predictor.Samples(new float[inputs * context], new float[inputs * context], tokens, future,
                columns, new float[size], levels == 0 ? null : new float[size * levels]);
    }

    /** The fewest steps of history that a model with this context is given. */
    public static int minimumHistory(int contextLength) {
        return Math.max(2, contextLength / MINIMUM_SHARE);
    }

    /** The input channel of each forecast. */
    public int[] channels() {
        return channels;
    }

    /** What the model reads and writes in the pass that was prepared last. */
    public Predictor.Samples samples() {
        return samples;
    }

    /**
     * Prepares the first pass of a forecast.
     *
     * @param history channels × time, NaN = missing; at least {@code steps} long each
     * @param steps of the history that count, from its beginning
     * @param single true if the values were given as floats; then further passes read floats too
     * @param future exogenous channels × at least the horizon; null where nothing is known
     * @param horizon steps to forecast, at least 1
     * @throws IllegalArgumentException naming what the model cannot use
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
            boolean exact = !single && (centres || known != null);
            grid[c] = exact ? 0 : History.coarseGrid(history[c], steps - start, steps);
        }
    }

    /** True if the whole horizon is forecast. */
    public boolean isComplete() {
        return done == horizon;
    }

    /**
     * Takes the forecasts of the pass that was prepared last, and prepares the next one unless that was the last.
     *
     * @throws IllegalArgumentException naming the channel and the model when its arithmetic overflowed
     */
    public void accept(Predictor predictor) {
        by = predictor;
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
        return known == null ? bounded : known.scale().invert(c, bounded);
    }

    /**
     * Those of a further pass know nothing of the errors that it builds on: their distances from the middle are those of the
     * pass and of the end of the one before, added as the deviations of independent errors.
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
                // They move with a forecast that is held.
                if (held <= done + t) value += result[i][done + t] - inOriginalUnits(forecast(i, c, t), c);
                quantiles[q][i][done + t] = value;
            }
        }
    }

    /**
     * The model's own quantiles, levels × forecast channels × at least the horizon, ascending in the level; overwritten by
     * the next forecast. No level where the model has no quantile head.
     */
    public double[][][] quantiles() {
        return quantiles;
    }

    /** The forecasts, forecast channels × at least the horizon; overwritten by the next forecast. */
    public double[][] result() {
        return result;
    }

    /** How often the model ran. */
    public int passes() {
        return passes;
    }

    /** Steps by which the history is shorter than the context. */
    public int paddedSteps() {
        return context - start;
    }

    /** For each input channel, how many of the steps that the first pass looked at were missing. */
    public int[] missing() {
        return missing;
    }

    /** Future steps that the passes read beyond the known ones. */
    public int repeatedFuture() {
        int most = 0;
        for (int i = 0; knownFuture != null && samples.knownFuture() != null && i < knownFuture.length; i++) {
            most = Math.max(most, stepsRead() - knownFuture[i].length);
        }
        return most;
    }

    /** True if any value of the history is observed, in any channel. */
    public boolean isObserved() {
        for (State state : states) if (state != State.NEVER_OBSERVED) return true;
        return false;
    }

    /** Says what a reader of the forecast should know. */
    public void notes(Notes notes) {
        if (paddedSteps() > 0) notes.add(NoteKind.PADDED, -1, RunNotes.padded(paddedSteps()));
        for (int c = 0; c < series.length; c++) notes(c, notes);
        if (passes > 1) notes.add(NoteKind.FED_BACK, -1, RunNotes.fedBack(passes));
        if (held < horizon) notes.add(NoteKind.HELD, -1, RunNotes.held(held));
        if (repeatedFuture() > 0) {
            notes.add(NoteKind.REPEATED_FUTURE, -1, RunNotes.repeatedFuture(repeatedFuture()));
        }
    }

    private void notes(int c, Notes notes) {
        if (states[c] == State.UNOBSERVED || states[c] == State.NEVER_OBSERVED) {
            String instead = states[c] == State.UNOBSERVED ? "its last value before" : "0";
            notes.add(NoteKind.UNOBSERVED, c,
                    RunNotes.unobserved(missing[c], Arrays.binarySearch(channels, c) >= 0 ? instead : null));
            return;
        }
        if (states[c] == State.CONSTANT) notes.add(NoteKind.CONSTANT, c, "never varies");
        if (missing[c] > 0) notes.add(NoteKind.INTERPOLATED, c, RunNotes.interpolated(missing[c]));
        if (grid[c] > 0) notes.add(NoteKind.COARSE, c, RunNotes.coarse(grid[c], singlePrecision));
    }

    /** Prepares a pass that sees the first {@code end} steps of the series. */
    private void write(int end) {
        for (int c = 0; c < series.length; c++) write(c, end);
        if (samples.knownFuture() == null || knownFuture == null) return;
        for (int i = 0; i < exogenous.length; i++) {
            for (int t = 0; t < output; t++) {
                // Beyond the rows given, the last one stands in; repeatedFuture says so.
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
            boolean known = value == value;
            mask[at + t - from] = known ? 1 : 0;
            if (!known) continue;
            observed++;
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        boolean varies = observed > 0 && min < max;
        double mean = sum / observed;
        double offset = centres && observed > 0 ? mean : 0;
        double factor = magnifies && varies
                ? History.magnification(values, from, end, mean, observed, min, max, offset)
                : 1;
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
                    "channel " + c + ": the forecast is " + forecast + ": " + fault + by.source());
        }
        return Math.clamp(inUnits(c, forecast), -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /** A value of a channel as the model sees it in the pass that was prepared last, in original units. */
    public double inUnits(int c, double value) {
        double standardized = value / factors[c] + offsets[c];
        return known == null ? standardized : known.scale().invert(c, standardized);
    }

    /** What 1 of a channel, as the model sees it in the pass that was prepared last, is in original units. */
    public double unit(int c) {
        return (known == null ? 1 : known.scale().deviations()[c]) / factors[c];
    }

    /** The value that is the forecast of a channel, whatever the model says; NaN where the model forecasts it. */
    public double repeated(int c) {
        return repeated[c];
    }

    private double standardized(int c, double value) {
        return known == null || Double.isNaN(value) ? value : known.standardize(c, value);
    }

    /** Future steps that all passes together read: whole passes, even where the horizon ends within one. */
    private int stepsRead() {
        return (horizon + output - 1) / output * output;
    }
}
