package org.ttm4j.ttm.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Collects the values of a {@link TtmConfig}; what is not set keeps its default. Each setter is documented by the
 * record component of its name. Not thread-safe; may build any number of configurations.
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
        return set("context_length", (long) value);
    }

    public TtmConfigBuilder predictionLength(int value) {
        return set("prediction_length", (long) value);
    }

    public TtmConfigBuilder patchLength(int value) {
        return set("patch_length", (long) value);
    }

    public TtmConfigBuilder patchStride(int value) {
        return set("patch_stride", (long) value);
    }

    public TtmConfigBuilder numInputChannels(int value) {
        return set("num_input_channels", (long) value);
    }

    public TtmConfigBuilder dModel(int value) {
        return set("d_model", (long) value);
    }

    public TtmConfigBuilder expansionFactor(int value) {
        return set("expansion_factor", (long) value);
    }

    public TtmConfigBuilder numLayers(int value) {
        return set("num_layers", (long) value);
    }

    public TtmConfigBuilder adaptivePatchingLevels(int value) {
        return set("adaptive_patching_levels", (long) value);
    }

    public TtmConfigBuilder mode(TtmConfig.Mode value) {
        return set("mode", ConfigJson.name(value));
    }

    public TtmConfigBuilder decoderMode(TtmConfig.Mode value) {
        return set("decoder_mode", ConfigJson.name(value));
    }

    public TtmConfigBuilder gatedAttn(boolean value) {
        return set("gated_attn", value);
    }

    public TtmConfigBuilder normMlp(TtmConfig.Norm value) {
        return set("norm_mlp", ConfigJson.name(value));
    }

    public TtmConfigBuilder normEps(double value) {
        return set("norm_eps", value);
    }

    public TtmConfigBuilder selfAttn(boolean value) {
        return set("self_attn", value);
    }

    public TtmConfigBuilder selfAttnHeads(int value) {
        return set("self_attn_heads", (long) value);
    }

    public TtmConfigBuilder usePositionalEncoding(boolean value) {
        return set("use_positional_encoding", value);
    }

    public TtmConfigBuilder positionalEncodingType(TtmConfig.PositionalEncoding value) {
        return set("positional_encoding_type", ConfigJson.name(value));
    }

    public TtmConfigBuilder scaling(TtmConfig.Scaling value) {
        return set("scaling", ConfigJson.name(value));
    }

    public TtmConfigBuilder dropout(double value) {
        return set("dropout", value);
    }

    public TtmConfigBuilder headDropout(double value) {
        return set("head_dropout", value);
    }

    public TtmConfigBuilder useDecoder(boolean value) {
        return set("use_decoder", value);
    }

    public TtmConfigBuilder decoderNumLayers(int value) {
        return set("decoder_num_layers", (long) value);
    }

    public TtmConfigBuilder decoderDModel(int value) {
        return set("decoder_d_model", (long) value);
    }

    public TtmConfigBuilder decoderAdaptivePatchingLevels(int value) {
        return set("decoder_adaptive_patching_levels", (long) value);
    }

    public TtmConfigBuilder decoderRawResidual(boolean value) {
        return set("decoder_raw_residual", value);
    }

    public TtmConfigBuilder resolutionPrefixTuning(boolean value) {
        return set("resolution_prefix_tuning", value);
    }

    public TtmConfigBuilder frequencyTokenVocabSize(int value) {
        return set("frequency_token_vocab_size", (long) value);
    }

    public TtmConfigBuilder predictionChannelIndices(int... values) {
        return set("prediction_channel_indices", ConfigJson.list(IntStream.of(values).boxed().toList()));
    }

    public TtmConfigBuilder exogenousChannelIndices(int... values) {
        return set("exogenous_channel_indices", ConfigJson.list(IntStream.of(values).boxed().toList()));
    }

    public TtmConfigBuilder enableForecastChannelMixing(boolean value) {
        return set("enable_forecast_channel_mixing", value);
    }

    public TtmConfigBuilder fcmContextLength(int value) {
        return set("fcm_context_length", (long) value);
    }

    public TtmConfigBuilder fcmUseMixer(boolean value) {
        return set("fcm_use_mixer", value);
    }

    public TtmConfigBuilder fcmMixLayers(int value) {
        return set("fcm_mix_layers", (long) value);
    }

    public TtmConfigBuilder fcmGatedAttn(boolean value) {
        return set("fcm_gated_attn", value);
    }

    public TtmConfigBuilder fcmPrependPast(boolean value) {
        return set("fcm_prepend_past", value);
    }

    public TtmConfigBuilder fcmPrependPastOffset(int value) {
        return set("fcm_prepend_past_offset", (long) value);
    }

    public TtmConfigBuilder categoricalVocabSizeList(int... values) {
        return set("categorical_vocab_size_list", ConfigJson.list(IntStream.of(values).boxed().toList()));
    }

    public TtmConfigBuilder predictionFilterLength(int steps) {
        return set("prediction_filter_length", (long) steps);
    }

    public TtmConfigBuilder loss(TtmConfig.Loss value) {
        return set("loss", ConfigJson.name(value));
    }

    public TtmConfigBuilder quantile(double value) {
        return set("quantile", value);
    }

    public TtmConfigBuilder huberDelta(double value) {
        return set("huber_delta", value);
    }

    public TtmConfigBuilder maskValue(double value) {
        return set("mask_value", value);
    }

    public TtmConfigBuilder initStd(double value) {
        return set("init_std", value);
    }

    public TtmConfigBuilder initLinear(TtmConfig.Init value) {
        return set("init_linear", ConfigJson.name(value));
    }

    public TtmConfigBuilder initEmbed(TtmConfig.Init value) {
        return set("init_embed", ConfigJson.name(value));
    }

    public TtmConfigBuilder maskedPrediction(boolean masked) {
        return architecture(masked ? TtmConfig.Architecture.MASKED : TtmConfig.Architecture.PREDICTION);
    }

    public TtmConfigBuilder architecture(TtmConfig.Architecture value) {
        return set("architectures", ConfigJson.architectures(value));
    }

    public TtmConfigBuilder gate(GateConfig value) {
        value.write(json);
        return this;
    }

    public TtmConfigBuilder tokens(TokenConfig value) {
        value.write(json);
        return this;
    }

    public TtmConfigBuilder quantileHead(QuantileHeadConfig value) {
        value.write(json);
        return this;
    }

    public TtmConfigBuilder decomposition(DecompositionConfig value) {
        value.write(json);
        return this;
    }

    public TtmConfigBuilder lightMode(boolean value) {
        return set("light_mode", value);
    }

    public TtmConfigBuilder postInit(boolean value) {
        return set("post_init", value);
    }

    private TtmConfigBuilder set(String key, Object value) {
        json.put(key, value);
        return this;
    }
}
