package org.ttm4j.ttm.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The configuration of a Tiny Time Mixer, which decides its shapes and computation: the keys of a checkpoint's
 * {@code config.json} under their Java names, and the sizes that follow from them. Immutable. Create it by
 * {@link #builder} or {@link #fromJson}, which check it: an invalid value throws IllegalArgumentException naming the
 * JSON key. The constructor checks nothing.
 *
 * <pre>{@code
 * TtmConfig config = TtmConfig.builder()
 *         .set(Key.CONTEXT_LENGTH, 512).set(Key.PREDICTION_LENGTH, 96)
 *         .set(Key.PATCH_LENGTH, 64).set(Key.PATCH_STRIDE, 64)
 *         .set(Key.D_MODEL, 192).set(Key.NUM_LAYERS, 2).set(Key.ADAPTIVE_PATCHING_LEVELS, 3)
 *         .set(Key.DECODER_D_MODEL, 128).set(Key.DECODER_NUM_LAYERS, 2)
 *         .build(); // 805,280 parameters
 * }</pre>
 *
 * Letters in the comments: B batch, C input channels, L context length, H prediction length, P patches, D = d_model.
 * Source: Ekambaram et al. 2024, arXiv:2401.03955.
 *
 * @param values the value of every key; the other components are the same values under Java names, described in
 *     {@link Key}
 */
public record TtmConfig(Map<Key, Object> values, int contextLength, int predictionLength, int patchLength,
        int patchStride, int numInputChannels, int dModel, int expansionFactor, int numLayers,
        int adaptivePatchingLevels, Mode mode, Mode decoderMode, boolean gatedAttn, Norm normMlp, double normEps,
        boolean selfAttn, int selfAttnHeads, boolean usePositionalEncoding, PositionalEncoding positionalEncodingType,
        Scaling scaling, double dropout, double headDropout, boolean useDecoder, int decoderNumLayers,
        int decoderDModel, int decoderAdaptivePatchingLevels, boolean decoderRawResidual,
        boolean resolutionPrefixTuning, int frequencyTokenVocabSize, List<Integer> predictionChannelIndices,
        List<Integer> exogenousChannelIndices, boolean enableForecastChannelMixing, int fcmContextLength,
        boolean fcmUseMixer, int fcmMixLayers, boolean fcmGatedAttn, boolean fcmPrependPast, int fcmPrependPastOffset,
        List<Integer> categoricalVocabSizeList, Optional<Integer> predictionFilterLength, Loss loss, double quantile,
        double huberDelta, double maskValue, double initStd, Init initLinear, Init initEmbed, Architecture architecture,
        GateConfig gate, TokenConfig tokens, QuantileHeadConfig quantileHead, DecompositionConfig decomposition,
        boolean postInit) {

    /** The classes of the reference library. */
    public enum Architecture {
        /** One forecaster. */
        PREDICTION("TinyTimeMixerForPrediction"),
        /** One forecaster that sees the context extended by the steps to forecast, which are masked. */
        MASKED("TinyTimeMixerForMaskedPrediction"),
        /** A forecaster of the trend and one of the residual. */
        DECOMPOSED("TinyTimeMixerForDecomposedPrediction");

        private final String className;

        Architecture(String className) {
            this.className = className;
        }

        /** The name in {@code architectures}. */
        public String className() {
            return className;
        }
    }

    /** How channels are processed: independently, with shared weights, or also mixed with each other. */
    public enum Mode {
        COMMON_CHANNEL, MIX_CHANNEL
    }

    /** Layer normalisation over the features of a patch, or batch normalisation of each feature. */
    public enum Norm {
        LAYER, BATCH
    }

    /** Sine and cosine positions stored in the checkpoint, or trained ones that start at random. */
    public enum PositionalEncoding {
        SINCOS, RANDOM
    }

    /** The divisor of a channel: its standard deviation (after centring), its mean absolute value, or none. */
    public enum Scaling {
        STD, MEAN, NONE
    }

    /** The training loss; {@link #NONE} computes none. */
    public enum Loss {
        MSE, MAE, PINBALL, HUBER, NONE
    }

    /** How the weights of a new model are drawn; {@link #PYTORCH} is PyTorch's default for the layer. */
    public enum Init {
        PYTORCH, NORMAL, UNIFORM, XAVIER_UNIFORM
    }

    /** An unchecked configuration of these values. */
    TtmConfig(Map<Key, Object> v) {
        this(v, Key.CONTEXT_LENGTH.of(v), Key.PREDICTION_LENGTH.of(v), Key.PATCH_LENGTH.of(v), Key.PATCH_STRIDE.of(v),
                Key.NUM_INPUT_CHANNELS.of(v), Key.D_MODEL.of(v), Key.EXPANSION_FACTOR.of(v), Key.NUM_LAYERS.of(v),
                Key.ADAPTIVE_PATCHING_LEVELS.of(v), Key.MODE.of(v), Key.DECODER_MODE.of(v), Key.GATED_ATTN.of(v),
                Key.NORM_MLP.of(v), Key.NORM_EPS.of(v), Key.SELF_ATTN.of(v), Key.SELF_ATTN_HEADS.of(v),
                Key.USE_POSITIONAL_ENCODING.of(v), Key.POSITIONAL_ENCODING_TYPE.of(v), Key.SCALING.of(v),
                Key.DROPOUT.of(v), Key.HEAD_DROPOUT.of(v), Key.USE_DECODER.of(v), Key.DECODER_NUM_LAYERS.of(v),
                Key.DECODER_D_MODEL.of(v), Key.DECODER_ADAPTIVE_PATCHING_LEVELS.of(v), Key.DECODER_RAW_RESIDUAL.of(v),
                Key.RESOLUTION_PREFIX_TUNING.of(v), Key.FREQUENCY_TOKEN_VOCAB_SIZE.of(v),
                Key.PREDICTION_CHANNEL_INDICES.of(v), Key.EXOGENOUS_CHANNEL_INDICES.of(v),
                Key.ENABLE_FORECAST_CHANNEL_MIXING.of(v), Key.FCM_CONTEXT_LENGTH.of(v), Key.FCM_USE_MIXER.of(v),
                Key.FCM_MIX_LAYERS.of(v), Key.FCM_GATED_ATTN.of(v), Key.FCM_PREPEND_PAST.of(v),
                Key.FCM_PREPEND_PAST_OFFSET.<Optional<Integer>>of(v).orElse(0), Key.CATEGORICAL_VOCAB_SIZE_LIST.of(v),
                Key.PREDICTION_FILTER_LENGTH.of(v), Key.LOSS.of(v), Key.QUANTILE.of(v), Key.HUBER_DELTA.of(v),
                Key.MASK_VALUE.of(v), Key.INIT_STD.of(v), Key.INIT_LINEAR.of(v), Key.INIT_EMBED.of(v),
                Key.ARCHITECTURES.of(v), new GateConfig(v), new TokenConfig(v), new QuantileHeadConfig(v),
                new DecompositionConfig(v), Key.POST_INIT.of(v));
    }

    /** A builder that starts from the defaults of the reference library. */
    public static Builder builder() {
        return new Builder(Map.of());
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(toJson());
    }

    /**
     * The configuration of a parsed {@code config.json}: Strings, Booleans, Longs, Doubles, Lists and null under the
     * reference library's keys. Missing keys have their default; unknown keys are ignored.
     *
     * @throws IllegalArgumentException naming the key whose value has the wrong type, is invalid, or needs a
     *     computation that this library does not support
     */
    public static TtmConfig fromJson(Map<String, ?> json) {
        Map<Key, Object> values = new EnumMap<>(Key.class);
        for (Key key : Key.values()) values.put(key, key.read(json));
        return ConfigRules.checked(new TtmConfig(Collections.unmodifiableMap(values)));
    }

    /** The keys that {@link #fromJson} reads, in alphabetical order; it ignores all others. */
    public static SortedSet<String> jsonKeys() {
        SortedSet<String> keys = new TreeSet<>();
        for (Key key : Key.values()) keys.add(key.toString());
        keys.add(Key.EARLIER_LEVELS);
        return keys;
    }

    /** The content of a {@code config.json} for {@link #fromJson} and the reference library, in a fixed order. */
    public Map<String, Object> toJson() {
        boolean thirdGeneration = isThirdGeneration();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", "tinytimemixer");
        json.put(Key.ARCHITECTURES.toString(), ConfigJson.json(architecture));
        json.put("torch_dtype", "float32");
        for (Key key : Key.values()) {
            Object value = values.get(key);
            boolean rare = Key.RARE.contains(key) || Key.THIRD_GENERATION.contains(key) && !thirdGeneration;
            if (!rare || !value.equals(key.standard)) json.put(key.toString(), ConfigJson.json(value));
        }
        return json;
    }

    /** True if this is the masked-prediction variant. */
    public boolean maskedPrediction() {
        return architecture == Architecture.MASKED;
    }

    /** True if this model consists of two forecasters, {@link #trendForecaster} and {@link #residualForecaster}. */
    public boolean decomposed() {
        return architecture == Architecture.DECOMPOSED;
    }

    /** The configuration of a decomposed model's trend forecaster. */
    public TtmConfig trendForecaster() {
        return DecompositionConfig.trendOf(this);
    }

    /** The configuration of a decomposed model's residual forecaster. */
    public TtmConfig residualForecaster() {
        return DecompositionConfig.residualOf(this);
    }

    /** True if the model uses anything that the first two generations do not have. */
    public boolean isThirdGeneration() {
        for (Key key : Key.THIRD_GENERATION) {
            if (!values.get(key).equals(key.standard)) return true;
        }
        return decomposed();
    }

    /** True if the model can be trained: it has a loss, or a quantile head, which has its own loss. */
    public boolean hasLoss() {
        return quantileHead.enabled() || loss != Loss.NONE;
    }

    /** The number of steps that the masked-prediction variant appends to the context; 0 for other models. */
    public int maskedSteps() {
        return maskedPrediction() ? outputLength() : 0;
    }

    /** The number of steps that the backbone sees: L + {@link #maskedSteps}. */
    public int modelContextLength() {
        return contextLength + maskedSteps();
    }

    /** The number of patches of the context, without the resolution prefix. */
    public int numPatchesWithoutPrefix() {
        return (Math.max(modelContextLength(), patchLength) - patchLength) / patchStride + 1;
    }

    /** P, the number of tokens in the mixers: patches of all scales, resolution prefix, registers and frequencies. */
    public int numPatches() {
        return tokens.patches(numPatchesWithoutPrefix()) + (resolutionPrefixTuning ? 1 : 0) + tokens.registerTokens()
                + tokens.frequencyTokens(this);
    }

    /** Hf, the number of forecast steps that are used: the filter length, or H. */
    public int outputLength() {
        return predictionFilterLength.orElse(predictionLength);
    }

    /**
     * The channels, of {@code inputs}, that are forecast, ascending: those configured, or all that are not exogenous. A
     * model of the third generation that configures only exogenous channels forecasts the remaining ones of C, as the
     * reference library does.
     */
    public int[] predictionChannels(int inputs) {
        if (!predictionChannelIndices.isEmpty()) {
            return predictionChannelIndices.stream().mapToInt(i -> i).toArray();
        }
        boolean ofConfiguration = !exogenousChannelIndices.isEmpty() && isThirdGeneration();
        return IntStream.range(0, ofConfiguration ? numInputChannels : inputs)
                .filter(i -> Collections.binarySearch(exogenousChannelIndices, i) < 0)
                .toArray();
    }

    /**
     * The fewest channels of an input: exactly C if channels are mixed, otherwise enough for every configured channel
     * index and for one channel to forecast.
     */
    public int leastChannels() {
        if (mixesChannels()) return numInputChannels;
        int least = Math.max(end(predictionChannelIndices), end(exogenousChannelIndices));
        if (!exogenousChannelIndices.isEmpty() && predictionChannelIndices.isEmpty() && isThirdGeneration()) {
            int[] forecast = predictionChannels(numInputChannels);
            return Math.max(least, forecast[forecast.length - 1] + 1);
        }
        boolean allExogenous = predictionChannelIndices.isEmpty() && exogenousChannelIndices.size() == least;
        return allExogenous ? least + 1 : least;
    }

    /** One more than the largest index. */
    private static int end(List<Integer> ascending) {
        return ascending.isEmpty() ? 0 : ascending.get(ascending.size() - 1) + 1;
    }

    /** The exogenous channels, whose future is known, ascending; may be empty. */
    public int[] exogenousChannels() {
        return exogenousChannelIndices.stream().mapToInt(i -> i).toArray();
    }

    /** The number of channels that are forecast if the input has C. */
    public int forecastChannelCount() {
        return predictionChannels(numInputChannels).length;
    }

    /** True if the model reads known future values of exogenous channels. */
    public boolean usesExogenous() {
        return !exogenousChannelIndices.isEmpty() && (enableForecastChannelMixing || maskedPrediction());
    }

    /** True if the model cannot forecast without the future values of its exogenous channels. */
    public boolean needsKnownFuture() {
        return !exogenousChannelIndices.isEmpty() && enableForecastChannelMixing;
    }

    /** True if the shape of some weight depends on the number of channels, so that the input must have exactly C. */
    public boolean mixesChannels() {
        return mixesPast() || enableForecastChannelMixing;
    }

    /** True if the forecast of a channel depends on the whole past of others: backbone or decoder mix channels. */
    public boolean mixesPast() {
        return mode == Mode.MIX_CHANNEL || (useDecoder && decoderMode == Mode.MIX_CHANNEL);
    }

    /**
     * The channels, of {@code inputs}, whose features affect the forecast, ascending: all if backbone or decoder mix
     * channels, otherwise those that are forecast.
     */
    public int[] featureChannels(int inputs) {
        return mixesPast() ? IntStream.range(0, inputs).toArray() : predictionChannels(inputs);
    }

    /** The number of features of a patch that the head reads: the decoder's or, without a decoder, the backbone's. */
    public int headWidth() {
        return useDecoder ? decoderDModel : dModel;
    }

    /** Hidden size of the resolution prefix. */
    public int prefixHiddenSize() {
        return (patchLength + dModel) / 2;
    }

    /** The number of steps that forecast channel mixing sees at once: 2l + 1. */
    public int fcmWindow() {
        return 2 * fcmContextLength + 1;
    }

    /** The number of steps from the past that forecast channel mixing prepends to the end of the (extended) context. */
    public int fcmPastOffset() {
        return maskedPrediction() ? maskedSteps() : fcmPrependPastOffset;
    }

    /**
     * The factor f of each adaptive patching level in the order of computation, finest first: 2^i for i = levels − 1 …
     * 0, or 1 if width / f would be 4 or less. A level sees P·f patches of width / f features.
     */
    public static int[] levelFactors(int width, int levels) {
        int[] factors = new int[levels];
        for (int j = 0; j < levels; j++) {
            int factor = 1 << (levels - 1 - j);
            factors[j] = width / factor <= 4 ? 1 : factor;
        }
        return factors;
    }

    /** The number of weights, without the running statistics of batch normalisation. */
    public long parameterCount() {
        return (long) ModelSize.parameters(this).total;
    }

    /**
     * An estimate of the floats that a forward pass of one sample holds at the same time. A sample is all channels if
     * {@link #mixesChannels}, otherwise one.
     */
    public long activations() {
        return (long) ModelSize.activations(this).total;
    }

    /** The keys and their values. */
    @Override
    public String toString() {
        return "TtmConfig" + values;
    }

    /** Collects the values of a configuration; keys that are not set have their default. Not thread-safe. */
    public static final class Builder {
        /** The content of a config.json, so that files and programs use the same reader and the same checks. */
        private final Map<String, Object> json;

        Builder(Map<String, ?> json) {
            this.json = new LinkedHashMap<>(json);
        }

        /** Sets a key to a value of its Java type: a number, a Boolean, an enum constant, or a list of numbers. */
        public Builder set(Key key, Object value) {
            json.put(key.toString(), ConfigJson.json(value));
            return this;
        }

        /** The configuration. Throws IllegalArgumentException naming the first key with an invalid value. */
        public TtmConfig build() {
            return TtmConfig.fromJson(json);
        }
    }
}
