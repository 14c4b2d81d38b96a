package org.ttm4j.ttm;

import java.util.Arrays;
import java.util.stream.IntStream;

/** One request on its way through the model: checks it, prepares each pass, takes the forecasts back to its units. */
final class ForecastRun {
    private final TtmModel model;
    private final TtmConfig config;
    private final ForecastRequest request;
    private final int length;
    private final int horizon;
    /** Input channels × (history's end + horizon): the history with the forecast growing behind it. */
    private final float[][] series;
    private final int start;
    private final int[] channels;
    private final float[][] result;
    private final float[] factors;
    private final int[] missing;
    private final Predictor.Samples samples;
    private int done;
    private int passes;

    ForecastRun(TtmModel model, ForecastRequest request, int minimumHistory) {
        this.model = model;
        this.config = model.config();
        this.request = request;
        length = config.contextLength();
        horizon = request.horizon() == 0 ? config.outputLength() : request.horizon();
        if (horizon < 1) throw new IllegalArgumentException("horizon " + horizon + ": expected at least 1 step");
        float[][] history = request.history();
        checkHistory(model, history, minimumHistory);
        checkCategories();
        checkKnownFuture(request.knownFuture());
        start = Math.min(length, history[0].length);
        series = new float[history.length][];
        for (int c = 0; c < history.length; c++) {
            series[c] = Arrays.copyOfRange(history[c], history[c].length - start, history[c].length + horizon);
        }
        int[] named = config.predictionChannels();
        channels = named == null ? IntStream.range(0, history.length).toArray() : named;
        result = new float[channels.length][horizon];
        factors = new float[history.length];
        missing = new int[history.length];
        samples = allocate();
    }

    private Predictor.Samples allocate() {
        int inputs = series.length * length;
        int[] tokens = null;
        if (config.resolutionPrefixTuning()) {
            tokens = new int[samples()];
            Arrays.fill(tokens, Resolution.of(request.interval()).tokenWithin(config.frequencyTokenVocabSize()));
        }
        float[] known = config.usesExogenous()
                ? new float[config.exogenousChannels().length * config.outputLength()]
                : null;
        int[][] categories = null;
        if (request.categories() != null) {
            categories = new int[request.categories().length][];
            for (int i = 0; i < categories.length; i++) categories[i] = new int[]{request.categories()[i]};
        }
        return new Predictor.Samples(new float[inputs], new float[inputs], tokens, known, categories,
                new float[channels.length * config.outputLength()]);
    }

    /** Samples a pass: one, or one a channel where channels do not affect each other. */
    int samples() {
        return model.fixedChannels() ? 1 : series.length;
    }

    boolean complete() {
        return done == horizon;
    }

    /** Fills the samples of the next pass. */
    Predictor.Samples nextPass() {
        boolean magnify = History.mayMagnify(model);
        for (int c = 0; c < series.length; c++) {
            int offset = c * length;
            factors[c] = History.write(series[c], start + done, samples.past(), samples.mask(), offset, length,
                    magnify);
            if (passes == 0) missing[c] = countMissing(offset);
        }
        if (samples.knownFuture() != null) fillKnownFuture();
        passes++;
        return samples;
    }

    private int countMissing(int offset) {
        int count = start - length;
        for (int t = offset; t < offset + length; t++) count += samples.mask()[t] == 0 ? 1 : 0;
        return count;
    }

    private void fillKnownFuture() {
        int steps = config.outputLength();
        float[][] future = request.knownFuture();
        for (int i = 0; i < future.length; i++) {
            for (int t = 0; t < steps; t++) {
                // Beyond the horizon asked for, the last known value stands in.
                samples.knownFuture()[i * steps + t] = future[i][Math.min(done + t, future[i].length - 1)];
            }
        }
    }

    /** Takes the forecasts of the pass that was prepared last. */
    void accept() {
        int steps = config.outputLength();
        int kept = Math.min(steps, horizon - done);
        for (float[] channel : series) Arrays.fill(channel, start + done, start + done + kept, Float.NaN);
        int[] exogenous = config.exogenousChannels();
        for (int i = 0; i < exogenous.length && request.knownFuture() != null; i++) {
            System.arraycopy(request.knownFuture()[i], done, series[exogenous[i]], start + done, kept);
        }
        for (int i = 0; i < channels.length; i++) {
            int c = channels[i];
            for (int t = 0; t < kept; t++) {
                float value = inOriginalUnits(samples.forecast()[i * steps + t], c);
                result[i][done + t] = value;
                series[c][start + done + t] = value;
            }
        }
        done += kept;
    }

    private float inOriginalUnits(float forecast, int channel) {
        if (model.fixedChannels()) return History.inOriginalUnits(forecast, 1, 0);
        return History.inOriginalUnits(forecast, factors[channel], samples.past()[channel * length]);
    }

    Forecast result() {
        return new Forecast(result, channels, length - start, missing, passes);
    }

    /** Throws IllegalArgumentException for a history that the model cannot use, naming what is wrong. */
    static void checkHistory(TtmModel model, float[][] history, int minimum) {
        TtmConfig config = model.config();
        if (history.length == 0) throw new IllegalArgumentException("the history has no channel");
        if (model.fixedChannels() && history.length != config.numInputChannels()) {
            throw new IllegalArgumentException("the history has " + history.length + " channels: this model needs "
                    + config.numInputChannels() + " (num_input_channels)");
        }
        int steps = history[0].length;
        if (steps < minimum) {
            throw new IllegalArgumentException("the history has " + steps + " steps: a model with a context of "
                    + config.contextLength() + " needs at least " + minimum);
        }
        for (int c = 0; c < history.length; c++) {
            if (history[c].length != steps) {
                throw new IllegalArgumentException(
                        "channel " + c + " has " + history[c].length + " steps where channel 0 has " + steps);
            }
            requireFiniteOrNaN(history[c], "history", c);
        }
    }

    private void checkCategories() {
        int categories = request.categories() == null ? 0 : request.categories().length;
        if (categories != config.categoricalVocabSizeList().size()) {
            throw new IllegalArgumentException(categories + " static categories given: this model needs "
                    + config.categoricalVocabSizeList().size() + " (categorical_vocab_size_list)");
        }
    }

    private void checkKnownFuture(float[][] future) {
        int exogenous = config.exogenousChannels().length;
        if (!config.usesExogenous()) {
            if (future == null) return;
            throw new IllegalArgumentException("known future values were given to a model that cannot use them: it has "
                    + "no exogenous channels (exogenous_channel_indices)");
        }
        if (future == null || future.length != exogenous) {
            throw new IllegalArgumentException("this model needs the known future of its " + exogenous
                    + " exogenous channels, not of " + (future == null ? 0 : future.length));
        }
        for (int i = 0; i < exogenous; i++) {
            if (future[i].length < horizon) {
                throw new IllegalArgumentException("the known future of exogenous channel " + i + " has "
                        + future[i].length + " steps: the horizon needs " + horizon);
            }
            for (int t = 0; t < horizon; t++) {
                if (Float.isNaN(future[i][t])) {
                    throw new IllegalArgumentException("knownFuture[" + i + "][" + t + "] is missing (NaN)");
                }
            }
            requireFiniteOrNaN(future[i], "knownFuture", i);
        }
    }

    private static void requireFiniteOrNaN(float[] values, String name, int channel) {
        for (int t = 0; t < values.length; t++) {
            if (Float.isInfinite(values[t])) {
                throw new IllegalArgumentException(
                        name + "[" + channel + "][" + t + "] is infinite; missing values are NaN");
            }
        }
    }
}
