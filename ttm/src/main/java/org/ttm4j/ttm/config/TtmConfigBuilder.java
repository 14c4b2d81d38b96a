package org.ttm4j.ttm.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Collects the values of a {@link TtmConfig}; what is not set keeps its default. Each setter is documented by the
 * {@link Key} of its name. Not thread-safe; may build any number of configurations.
 */
public final class TtmConfigBuilder {
    /** What config.json would hold, so that files and programs pass the same reader and the same checks. */
    private final Map<String, Object> json;

    TtmConfigBuilder(Map<String, ?> json) {
        this.json = new LinkedHashMap<>(json);
    }

    /** The configuration. Throws IllegalArgumentException naming the first key whose value is impossible. */
    public TtmConfig build() {
        return TtmConfig.fromJson(json);
    }

    public TtmConfigBuilder contextLength(int value) {
        return set(Key.CONTEXT_LENGTH, value);
    }

    public TtmConfigBuilder predictionLength(int value) {
        return set(Key.PREDICTION_LENGTH, value);
    }

    public TtmConfigBuilder patchLength(int value) {
        return set(Key.PATCH_LENGTH, value);
    }

    public TtmConfigBuilder patchStride(int value) {
        return set(Key.PATCH_STRIDE, value);
    }

    public TtmConfigBuilder numInputChannels(int value) {
        return set(Key.NUM_INPUT_CHANNELS, value);
    }

    public TtmConfigBuilder dModel(int value) {
        return set(Key.D_MODEL, value);
    }

    public TtmConfigBuilder expansionFactor(int value) {
        return set(Key.EXPANSION_FACTOR, value);
    }

    public TtmConfigBuilder numLayers(int value) {
        return set(Key.NUM_LAYERS, value);
    }

    public TtmConfigBuilder adaptivePatchingLevels(int value) {
        return set(Key.ADAPTIVE_PATCHING_LEVELS, value);
    }

    public TtmConfigBuilder mode(TtmConfig.Mode value) {
        return set(Key.MODE, value);
    }

    public TtmConfigBuilder decoderMode(TtmConfig.Mode value) {
        return set(Key.DECODER_MODE, value);
    }

    public TtmConfigBuilder normMlp(TtmConfig.Norm value) {
        return set(Key.NORM_MLP, value);
    }

    public TtmConfigBuilder selfAttn(boolean value) {
        return set(Key.SELF_ATTN, value);
    }

    public TtmConfigBuilder selfAttnHeads(int value) {
        return set(Key.SELF_ATTN_HEADS, value);
    }

    public TtmConfigBuilder usePositionalEncoding(boolean value) {
        return set(Key.USE_POSITIONAL_ENCODING, value);
    }

    public TtmConfigBuilder scaling(TtmConfig.Scaling value) {
        return set(Key.SCALING, value);
    }

    public TtmConfigBuilder dropout(double value) {
        return set(Key.DROPOUT, value);
    }

    public TtmConfigBuilder headDropout(double value) {
        return set(Key.HEAD_DROPOUT, value);
    }

    public TtmConfigBuilder useDecoder(boolean value) {
        return set(Key.USE_DECODER, value);
    }

    public TtmConfigBuilder decoderNumLayers(int value) {
        return set(Key.DECODER_NUM_LAYERS, value);
    }

    public TtmConfigBuilder decoderDModel(int value) {
        return set(Key.DECODER_D_MODEL, value);
    }

    public TtmConfigBuilder decoderRawResidual(boolean value) {
        return set(Key.DECODER_RAW_RESIDUAL, value);
    }

    public TtmConfigBuilder resolutionPrefixTuning(boolean value) {
        return set(Key.RESOLUTION_PREFIX_TUNING, value);
    }

    public TtmConfigBuilder frequencyTokenVocabSize(int value) {
        return set(Key.FREQUENCY_TOKEN_VOCAB_SIZE, value);
    }

    public TtmConfigBuilder predictionChannelIndices(int... values) {
        return set(Key.PREDICTION_CHANNEL_INDICES, IntStream.of(values).boxed().toList());
    }

    public TtmConfigBuilder exogenousChannelIndices(int... values) {
        return set(Key.EXOGENOUS_CHANNEL_INDICES, IntStream.of(values).boxed().toList());
    }

    public TtmConfigBuilder enableForecastChannelMixing(boolean value) {
        return set(Key.ENABLE_FORECAST_CHANNEL_MIXING, value);
    }

    public TtmConfigBuilder fcmContextLength(int value) {
        return set(Key.FCM_CONTEXT_LENGTH, value);
    }

    public TtmConfigBuilder fcmUseMixer(boolean value) {
        return set(Key.FCM_USE_MIXER, value);
    }

    public TtmConfigBuilder categoricalVocabSizeList(int... values) {
        return set(Key.CATEGORICAL_VOCAB_SIZE_LIST, IntStream.of(values).boxed().toList());
    }

    public TtmConfigBuilder predictionFilterLength(int steps) {
        return set(Key.PREDICTION_FILTER_LENGTH, steps);
    }

    public TtmConfigBuilder loss(TtmConfig.Loss value) {
        return set(Key.LOSS, value);
    }

    public TtmConfigBuilder initLinear(TtmConfig.Init value) {
        return set(Key.INIT_LINEAR, value);
    }

    public TtmConfigBuilder initEmbed(TtmConfig.Init value) {
        return set(Key.INIT_EMBED, value);
    }

    public TtmConfigBuilder maskedPrediction(boolean masked) {
        return architecture(masked ? TtmConfig.Architecture.MASKED : TtmConfig.Architecture.PREDICTION);
    }

    public TtmConfigBuilder architecture(TtmConfig.Architecture value) {
        return set(Key.ARCHITECTURES, value);
    }

    public TtmConfigBuilder postInit(boolean value) {
        return set(Key.POST_INIT, value);
    }

    /** Sets a key to a value of its type in Java: a number, a flag, a constant, or a list. */
    public TtmConfigBuilder set(Key key, Object value) {
        json.put(key.toString(), ConfigJson.json(value));
        return this;
    }
}
