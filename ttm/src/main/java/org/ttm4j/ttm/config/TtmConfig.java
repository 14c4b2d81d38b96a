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
 * Everything that decides the shape and the computation of a Tiny Time Mixer: the keys of a checkpoint's {@code
 * config.json} under their Java names, and the sizes that follow from them. Immutable. Made by {@link #builder} and {@link
 * #fromJson}, which check it: an impossible value throws IllegalArgumentException naming the JSON key. The constructor of
 * all components does not.
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
 * @param values the value of every key; the other components are these under names of Java, as {@link Key} describes them
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
        /** The same on a context extended by the steps to forecast, which are masked. */
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

    /** True if channels are processed alone by shared weights or also mixed with each other. */
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

    /** What a channel of the context is divided by: its standard deviation (after centring), its mean size, nothing. */
    public enum Scaling {
        STD, MEAN, NONE
    }

    /** The training loss; {@link #NONE} computes none. */
    public enum Loss {
        MSE, MAE, PINBALL, HUBER, NONE
    }

    /** How weights of a fresh model are drawn; {@link #PYTORCH} is that library's default of the layer. */
    public enum Init {
        PYTORCH, NORMAL, UNIFORM, XAVIER_UNIFORM
    }

    /** The configuration of these values, not checked yet. */
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
    public static TtmConfigBuilder builder() {
        return new TtmConfigBuilder(Map.of());
    }

    /** A builder that starts from this configuration. */
    public TtmConfigBuilder toBuilder() {
        return new TtmConfigBuilder(toJson());
    }

    /**
     * The configuration of a parsed {@code config.json}: Strings, Booleans, Longs, Doubles, Lists and null under the
     * reference library's keys. Missing keys take their default, keys that mean nothing here are ignored.
     *
     * @throws IllegalArgumentException naming the key whose value has the wrong type or is impossible, or that asks for
     *     a computation this library does not have
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

    /** The {@code config.json} that the reference library and {@link #fromJson} read back, keys in a fixed order. */
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

    /** True if anything differs from a model of the first two generations. */
    public boolean isThirdGeneration() {
        for (Key key : Key.THIRD_GENERATION) {
            if (!values.get(key).equals(key.standard)) return true;
        }
        return decomposed();
    }

    /** True if there is something to train on: a loss, or a quantile head, which has one of its own. */
    public boolean hasLoss() {
        return quantileHead.enabled() || loss != Loss.NONE;
    }

    /** Steps appended to the context by the masked-prediction variant, 0 for the plain one. */
    public int maskedSteps() {
        return maskedPrediction() ? outputLength() : 0;
    }

    /** Steps the backbone is built for: L, plus {@link #maskedSteps}. */
    public int modelContextLength() {
        return contextLength + maskedSteps();
    }

    /** Patches cut from the context, without the resolution prefix. */
    public int numPatchesWithoutPrefix() {
        return (Math.max(modelContextLength(), patchLength) - patchLength) / patchStride + 1;
    }

    /** P, tokens the mixers see: the patches of all scales, a resolution prefix, registers, and frequencies. */
    public int numPatches() {
        return tokens.patches(numPatchesWithoutPrefix()) + (resolutionPrefixTuning ? 1 : 0) + tokens.registerTokens()
                + tokens.frequencyTokens(this);
    }

    /** Forecast steps that are kept: the filter length, or H. */
    public int outputLength() {
        return predictionFilterLength.orElse(predictionLength);
    }

    /**
     * Channels that are forecast of {@code inputs} channels, ascending: those named, or all that are not exogenous. Models of
     * the third generation that name exogenous channels alone forecast the others of C, as in the reference.
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
     * The fewest channels that may come in: exactly C where channels are mixed, elsewhere enough for every channel named
     * by index and one to forecast.
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

    /** Channels whose future is known, ascending; empty for none. */
    public int[] exogenousChannels() {
        return exogenousChannelIndices.stream().mapToInt(i -> i).toArray();
    }

    /** Channels that are forecast of C. */
    public int forecastChannelCount() {
        return predictionChannels(numInputChannels).length;
    }

    /** True if known future values of exogenous channels are read. */
    public boolean usesExogenous() {
        return !exogenousChannelIndices.isEmpty() && (enableForecastChannelMixing || maskedPrediction());
    }

    /** True if there is no forecast without them. */
    public boolean needsKnownFuture() {
        return !exogenousChannelIndices.isEmpty() && enableForecastChannelMixing;
    }

    /** True if some weight is shaped by the number of channels, so that exactly C must come in. */
    public boolean mixesChannels() {
        return mixesPast() || enableForecastChannelMixing;
    }

    /** True if the forecast of a channel sees the whole past of others: backbone or decoder mix channels. */
    public boolean mixesPast() {
        return mode == Mode.MIX_CHANNEL || (useDecoder && decoderMode == Mode.MIX_CHANNEL);
    }

    /**
     * Channels of {@code inputs} whose features decide the forecast, ascending: all of them where backbone or decoder mix
     * channels, else those that are forecast.
     */
    public int[] featureChannels(int inputs) {
        return mixesPast() ? IntStream.range(0, inputs).toArray() : predictionChannels(inputs);
    }

    /** Features of a patch that the head reads: the decoder's, or the backbone's without one. */
    public int headWidth() {
        return useDecoder ? decoderDModel : dModel;
    }

    /** Hidden size of the resolution prefix. */
    public int prefixHiddenSize() {
        return (patchLength + dModel) / 2;
    }

    /** Steps seen at once by forecast channel mixing: 2l + 1. */
    public int fcmWindow() {
        return 2 * fcmContextLength + 1;
    }

    /** Steps between the past that forecast channel mixing prepends and the end of the (extended) context. */
    public int fcmPastOffset() {
        return maskedPrediction() ? maskedSteps() : fcmPrependPastOffset;
    }

    /**
     * The factor f of each level, in the order the levels run (finest first): 2^i for i = levels − 1 … 0, but 1 where
     * width / f would be 4 or less. A level sees P·f patches of width / f features.
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
        return (long) ParameterCount.of(this).total();
    }

    /**
     * About how many floats a forward pass of one sample holds at a time. A sample is one channel, or all of them where
     * {@link #mixesChannels}.
     */
    public long activations() {
        return (long) ActivationCount.of(this).total();
    }

    /** The keys and their values. */
    @Override
    public String toString() {
        return "TtmConfig" + values;
    }
}
