package org.ttm4j.ttm.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/**
 * A pre-trained model in a configuration with new parts. Weights of parts that both configurations have are copied. New
 * parts are initialised at random, except for their last layers, which are zero, so that the model at first forecasts
 * as before. Heads are shortened or lengthened to the new number of forecast steps.
 *
 * @param model the model with the new configuration
 * @param initialized the prefixes of the parameter names of the parts that are new or longer
 */
record Adaptation(TtmModel model, List<String> initialized) {
    /** Parts that the pre-trained model may not have, or have for another number of channels. */
    private static final List<String> NEW_PARTS = List.of(".channel_feature_mixer.", "head.fcm_block.",
            "decoder.decoder_cat_embedding_layer.");
    /** The last layers of these parts. If they are zero, the parts add nothing to the forecast. */
    private static final List<String> LAST_LAYERS = List.of(".channel_feature_mixer.mlp.fc2.", "head.fcm_block.mlp.");
    /** Layers with a row of weights for each step of the forecast. */
    private static final List<String> STEP_LAYERS = List.of("head.base_forecast_block.", ".dec_to_steps.");

    /**
     * The configuration of a model for these channels.
     *
     * @throws IllegalArgumentException when the model cannot use a channel's role, naming the channel and the roles
     *     that the model can use
     */
    static TtmConfig configuration(TtmConfig base, Channels channels, FineTuningOptions options) {
        TtmConfig.Builder adapted = base.toBuilder();
        if (options.channelMixing()) adapted.set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL);
        boolean exogenous = !channels.of(Channels.Role.KNOWN_FUTURE).isEmpty();
        if (exogenous && !base.maskedPrediction()) {
            adapted.set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true);
            if (!base.enableForecastChannelMixing()) adapted.set(Key.FCM_USE_MIXER, base.fcmContextLength() > 0);
        }
        adapted.set(Key.CATEGORICAL_VOCAB_SIZE_LIST, channels.vocabularySizes());
        int inputs = channels.inputs().size();
        boolean selects = channels.of(Channels.Role.TARGET).size() < inputs;
        adapted.set(Key.PREDICTION_CHANNEL_INDICES, selects ? channels.indices(Channels.Role.TARGET) : List.of());
        adapted.set(Key.EXOGENOUS_CHANNEL_INDICES, channels.indices(Channels.Role.KNOWN_FUTURE));
        if (selects || options.channelMixing() || base.mixesChannels()) adapted.set(Key.NUM_INPUT_CHANNELS, inputs);
        if (options.horizon() > 0) {
            boolean longer = options.horizon() > base.predictionLength();
            // The backbone of a masked-prediction model has a fixed number of forecast steps among its inputs.
            if (longer && base.maskedPrediction()) {
                throw new IllegalArgumentException("horizon " + options.horizon() + ": the model forecasts at most "
                        + base.predictionLength() + " steps in one pass");
            }
            if (longer) adapted.set(Key.PREDICTION_LENGTH, options.horizon());
            adapted.set(Key.PREDICTION_FILTER_LENGTH,
                    options.horizon() >= base.predictionLength() ? null : options.horizon());
        }
        adapted.set(Key.LOSS, options.loss()).set(Key.QUANTILE, options.quantile());
        if (base.quantileHead().enabled()) {
            // The loss of the quantiles alone would minimise the absolute error instead of the requested loss.
            if (base.quantileHead().pointExtraWeight() == 0) adapted.set(Key.POINT_EXTRA_WEIGHT, 1.0);
            adapted.set(Key.POINT_EXTRA_LOSS, options.loss());
        }
        adapted.set(Key.HEAD_DROPOUT, options.headDropout());
        if (base.decomposed()) {
            adapted.set(Key.TREND_LOSS_WEIGHT, Stage.JOINT.trendWeight())
                    .set(Key.RESIDUAL_LOSS_WEIGHT, Stage.JOINT.residualWeight())
                    .set(Key.JOINT_LOSS_WEIGHT, Stage.JOINT.jointWeight());
        }
        TtmConfig config = adapted.build();
        requireUse(config, base, channels);
        channels.requireMatch(config);
        return config;
    }

    private static void requireUse(TtmConfig config, TtmConfig base, Channels channels) {
        List<Channels.Channel> past = channels.of(Channels.Role.PAST_ONLY);
        if (!past.isEmpty() && !config.mixesPast()) {
            throw new IllegalArgumentException("channel " + past.get(0).name() + " is known in the past only, which "
                    + "this model cannot use: it reads other channels' past only with channel mixing");
        }
        if (config.usesExogenous() && !config.mixesChannels()) {
            throw new IllegalArgumentException("channel " + channels.of(Channels.Role.KNOWN_FUTURE).get(0).name()
                    + " has a known future, which this model cannot use: a masked-prediction model reads other "
                    + "channels only with channel mixing");
        }
        if (config.numPatches() != base.numPatches()) {
            throw new IllegalArgumentException("horizon " + config.outputLength() + ": the patches of this "
                    + "masked-prediction model include the " + base.outputLength() + " steps that it forecasts");
        }
        if (base.mode() == TtmConfig.Mode.MIX_CHANNEL && config.numInputChannels() != base.numInputChannels()) {
            throw new IllegalArgumentException("the model's backbone mixes exactly " + base.numInputChannels()
                    + " channels, found " + config.numInputChannels());
        }
    }

    /**
     * Adapts a model to a configuration.
     *
     * @param seed the seed of the new parameters
     * @throws IllegalArgumentException naming a parameter that the model does not have and that belongs to no new part
     */
    static Adaptation of(TtmModel base, TtmConfig config, long seed) {
        TtmModel model = new TtmModel(config).initialize(seed);
        Map<String, Parameter> known = base.parameters();
        List<String> initialized = new ArrayList<>();
        model.parameters().forEach((name, parameter) -> {
            Parameter source = known.get(name);
            if (source != null && fits(name, source.shape(), parameter.shape())) {
                int kept = Math.min(source.value().length, parameter.value().length);
                System.arraycopy(source.value(), 0, parameter.value(), 0, kept);
                // With zero weights, additional steps at first forecast the mean of the context.
                Arrays.fill(parameter.value(), kept, parameter.value().length, 0);
                if (kept < parameter.value().length) initialized.add(name.substring(0, name.lastIndexOf('.')));
                parameter.count(source.count());
                parameter.changed();
                return;
            }
            String part = NEW_PARTS.stream().filter(name::contains).findFirst().orElse(null);
            if (part == null) {
                throw new IllegalArgumentException(
                        "the model has " + (source == null ? "no " + name : name + " " + source.shape()) + "; expected "
                                + parameter.shape());
            }
            if (LAST_LAYERS.stream().anyMatch(name::contains)) parameter.fill(() -> 0);
            initialized.add(name.substring(0, name.indexOf(part) + part.length() - 1));
        });
        return new Adaptation(model, initialized.stream().distinct().toList());
    }

    private static boolean fits(String name, Shape from, Shape to) {
        return from.equals(to) || STEP_LAYERS.stream().anyMatch(name::contains) && from.with(0, to.dim(0)).equals(to);
    }
}
