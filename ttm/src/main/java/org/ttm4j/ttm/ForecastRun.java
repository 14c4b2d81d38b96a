package org.ttm4j.ttm;

import java.util.Arrays;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.Predictor;

/** One request on its way through the model: checks it, prepares each pass, takes the forecasts back to its units. */
final class ForecastRun {
    private final TtmConfig config;
    private final ForecastRequest request;
    private final Forecast.Model model;
    private final int horizon;
    /** Input channels × (history's end + horizon): the history with the forecast growing behind it. */
    private final float[][] series;
    private final int start;
    private final ForecastPass pass;
    private final float[][] result;
    private final int[] missing;
    private final Forecast.Context[] contexts;
    private int done;
    private int passes;

    /** {@code model} is what {@link Forecast#model} says. */
    ForecastRun(TtmConfig config, Standardization standardization, ForecastRequest request, Forecast.Model model) {
        this.config = config;
        this.request = request;
        this.model = model;
        horizon = request.horizon() == 0 ? config.outputLength() : request.horizon();
        ForecastRequest.checkHorizon(horizon);
        float[][] history = request.history();
        checkHistory(config, standardization, history);
        checkCategories();
        checkKnownFuture(request.knownFuture());
        start = Math.min(config.contextLength(), history[0].length);
        series = new float[history.length][];
        for (int c = 0; c < history.length; c++) {
            series[c] = Arrays.copyOfRange(history[c], history[c].length - start, history[c].length + horizon);
        }
        int token = Resolution.of(request.frequency()).tokenWithin(config.frequencyTokenVocabSize());
        pass = new ForecastPass(config, standardization, history.length, token, request.categories());
        result = new float[pass.channels().length][horizon];
        missing = new int[history.length];
        contexts = new Forecast.Context[history.length];
    }

    /** Samples a pass. */
    int samples() {
        return pass.count();
    }

    TtmConfig config() {
        return config;
    }

    boolean complete() {
        return done == horizon;
    }

    /** Fills the samples of the next pass. */
    Predictor.Samples nextPass() {
        if (passes == 0) begin();
        else pass.next(series, start + done);
        if (pass.samples().knownFuture() != null && request.knownFuture() != null) fillKnownFuture();
        passes++;
        return pass.samples();
    }

    private void begin() {
        float[][] history = request.history();
        pass.begin(history);
        for (int c = 0; c < history.length; c++) {
            missing[c] = pass.missing(c, start);
            contexts[c] = pass.context(c, history[c]);
        }
    }

    private void fillKnownFuture() {
        int steps = config.outputLength();
        float[][] future = request.knownFuture();
        for (int i = 0; i < future.length; i++) {
            for (int t = 0; t < steps; t++) {
                // Beyond the rows given, the last one stands in; Forecast.repeatedFuture says so.
                pass.samples().knownFuture()[i * steps + t] = future[i][Math.min(done + t, future[i].length - 1)];
            }
        }
        pass.standardizeKnownFuture();
    }

    /** Takes the forecasts of the pass that was prepared last. */
    void accept() {
        int kept = Math.min(config.outputLength(), horizon - done);
        for (float[] channel : series) Arrays.fill(channel, start + done, start + done + kept, Float.NaN);
        int[] exogenous = config.exogenousChannels();
        for (int i = 0; i < exogenous.length && request.knownFuture() != null; i++) {
            System.arraycopy(request.knownFuture()[i], done, series[exogenous[i]], start + done, kept);
        }
        for (int i = 0; i < result.length; i++) {
            pass.read(i, result[i], done, kept);
            System.arraycopy(result[i], done, series[pass.channels()[i]], start + done, kept);
        }
        done += kept;
    }

    Forecast result() {
        return new Forecast(result, pass.channels(), config.contextLength() - start, missing, contexts,
                repeatedFuture(), passes, model, null);
    }

    /** Future steps that the passes read beyond the known ones. */
    private int repeatedFuture() {
        if (pass.samples().knownFuture() == null || request.knownFuture() == null) return 0;
        int most = 0;
        for (float[] channel : request.knownFuture()) most = Math.max(most, stepsRead() - channel.length);
        return most;
    }

    /** Future steps that all passes together read: whole passes, even where the horizon ends within one. */
    private int stepsRead() {
        int steps = config.outputLength();
        return (horizon + steps - 1) / steps * steps;
    }

    /** Throws IllegalArgumentException for a history that the model cannot use, naming what is wrong. */
    static void checkHistory(TtmConfig config, Standardization standardization, float[][] history) {
        if (history == null || history.length == 0) throw new IllegalArgumentException("the history has no channel");
        if (standardization != null) standardization.requireChannels(history.length);
        if (config.mixesChannels() && history.length != config.numInputChannels()) {
            throw new IllegalArgumentException("the history has " + history.length + " channels: this model needs "
                    + config.numInputChannels() + " (num_input_channels)");
        }
        if (history.length < config.leastChannels()) {
            throw new IllegalArgumentException(
                    "the history has " + history.length + " channels: this model needs at least "
                            + config.leastChannels() + " (prediction_channel_indices, exogenous_channel_indices)");
        }
        for (int c = 0; c < history.length; c++) requireRow(history[c], "history", c);
        int steps = history[0].length;
        int minimum = ForecastModel.minimumHistory(config.contextLength());
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
        if (future == null && !config.needsKnownFuture()) return;
        if (!config.usesExogenous()) {
            throw new IllegalArgumentException("known future values were given to a model that cannot use them: it has "
                    + "no exogenous channels (exogenous_channel_indices)");
        }
        if (future == null || future.length != exogenous) {
            throw new IllegalArgumentException("this model needs the known future of its " + exogenous
                    + " exogenous channels, not of " + (future == null ? 0 : future.length));
        }
        for (int i = 0; i < exogenous; i++) {
            requireRow(future[i], "knownFuture", i);
            if (future[i].length < horizon) {
                throw new IllegalArgumentException("the known future of exogenous channel " + i + " has "
                        + future[i].length + " steps: the horizon needs " + horizon);
            }
            for (int t = 0; t < Math.min(stepsRead(), future[i].length); t++) {
                if (Float.isNaN(future[i][t])) {
                    throw new IllegalArgumentException("knownFuture[" + i + "][" + t + "] is missing (NaN)");
                }
            }
            requireFiniteOrNaN(future[i], "knownFuture", i);
        }
    }

    private static void requireRow(float[] values, String name, int channel) {
        if (values == null) throw new IllegalArgumentException(name + "[" + channel + "] is null");
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
