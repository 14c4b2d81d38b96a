package org.ttm4j.ttm.model;

import java.util.Arrays;
import org.ttm4j.autograd.Tensor;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/** Checks that inputs fit a model. Errors name the input, its shape and the configuration key that determines it. */
final class InputRules {
    private InputRules() {}

    /**
     * Checks the inputs of a forward pass.
     *
     * @throws IllegalArgumentException when an input does not fit
     */
    static void check(TtmConfig config, TtmModel.Inputs in) {
        past(config, in.past().shape());
        Shape past = in.past().shape();
        int batch = past.dim(0);
        if (in.mask() != null && !in.mask().shape().equals(past)) {
            throw new IllegalArgumentException("mask " + in.mask().shape() + ": expected the shape of past, " + past);
        }
        knownFuture(config, in.knownFuture(), batch);
        tokens(config, in, batch);
        if (in.hidden() == null) return;
        if (config.decomposed()) {
            throw new IllegalArgumentException("hidden is given, but a decomposed model has two backbones");
        }
        Shape expected = Shape.of(batch, config.featureChannels(past.dim(1)).length, config.numPatches(),
                config.dModel());
        if (in.hidden().shape().equals(expected)) return;
        throw new IllegalArgumentException("hidden " + in.hidden().shape() + ": expected " + expected);
    }

    private static void past(TtmConfig config, Shape past) {
        int context = config.contextLength();
        boolean fits = past.rank() == 3 && (past.dim(2) == context || config.decomposed() && past.dim(2) > context);
        if (!fits) {
            throw new IllegalArgumentException("past " + past + ": expected [batch, channels, " + context
                    + (config.decomposed() ? " or more]" : "]"));
        }
        if (config.mixesChannels() && past.dim(1) != config.numInputChannels()) {
            throw new IllegalArgumentException("past " + past + ": this model mixes exactly "
                    + config.numInputChannels() + " channels (num_input_channels)");
        }
        if (past.dim(1) < config.leastChannels()) {
            throw new IllegalArgumentException("past " + past + ": this model needs at least " + config.leastChannels()
                    + " channels (prediction_channel_indices, exogenous_channel_indices)");
        }
    }

    private static void knownFuture(TtmConfig config, Tensor known, int batch) {
        int exogenous = config.exogenousChannels().length;
        if (known == null) {
            if (!config.needsKnownFuture()) return;
            throw new IllegalArgumentException("this model needs the known future of its " + exogenous
                    + " exogenous channels (exogenous_channel_indices)");
        }
        if (!config.usesExogenous()) {
            throw new IllegalArgumentException(
                    "this model cannot use known future values: it has no exogenous channels "
                            + "(exogenous_channel_indices with enable_forecast_channel_mixing)");
        }
        Shape expected = Shape.of(batch, exogenous, config.outputLength());
        if (!known.shape().equals(expected)) {
            throw new IllegalArgumentException("known future " + known.shape() + ": expected " + expected);
        }
    }

    private static void tokens(TtmConfig config, TtmModel.Inputs in, int batch) {
        int[] tokens = in.resolutionTokens();
        if (config.resolutionPrefixTuning() && (tokens == null || tokens.length != batch)) {
            throw new IllegalArgumentException(
                    "this model needs a resolution token for each of " + batch + " samples (resolution_prefix_tuning)");
        }
        int[][] categories = in.categories();
        int count = config.categoricalVocabSizeList().size();
        if (count == 0) return;
        if (categories == null || categories.length != count
                || Arrays.stream(categories).anyMatch(values -> values == null || values.length != batch)) {
            throw new IllegalArgumentException("this model needs " + count + " static categories for each of " + batch
                    + " samples (categorical_vocab_size_list)");
        }
    }
}
