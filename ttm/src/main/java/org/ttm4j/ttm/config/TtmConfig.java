package org.ttm4j.ttm.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Everything that decides the shape and the computation of a Tiny Time Mixer: the keys of a checkpoint's {@code
 * config.json} under their Java names, and the sizes that follow from them. Immutable. {@link #builder}, {@link
 * #fromJson} and {@link TtmModel#TtmModel} check it: an impossible value throws IllegalArgumentException naming the JSON
 * key.
 *
 * <pre>{@code
 * TtmConfig config = TtmConfig.builder()
 *         .contextLength(512).predictionLength(96).patchLength(64).patchStride(64)
 *         .dModel(192).numLayers(2).adaptivePatchingLevels(3)
 *         .decoderNumLayers(2).decoderDModel(128)
 *         .build(); // 805,280 parameters
 * }</pre>
 *
 * Letters in the comments: B batch, C input channels, L context length, H prediction length, P patches, D = d_model.
 * Source: Ekambaram et al. 2024, arXiv:2401.03955.
 *
 * @param contextLength L, time steps the model looks at
 * @param predictionLength H, time steps it forecasts
 * @param patchLength steps in a patch
 * @param patchStride steps from one patch to the next
 * @param numInputChannels C; binding only where {@link #mixesChannels}, but that channels named by models of the first two
 *     generations lie below it
 * @param dModel D, features of a patch in the backbone
 * @param expansionFactor hidden size of every MLP over its input size
 * @param numLayers mixer layers of the backbone, or of each level when there are levels
 * @param adaptivePatchingLevels levels of the backbone; 0 is a plain stack
 * @param mode whether the backbone mixes channels
 * @param decoderMode whether the decoder mixes channels
 * @param gatedAttn whether each mixer ends in a softmax gate
 * @param normMlp normalisation in front of each mixer
 * @param normEps added to the variance there
 * @param selfAttn whether each patch mixer adds attention over patches
 * @param selfAttnHeads heads of that attention
 * @param usePositionalEncoding whether positions are added to the patches
 * @param positionalEncodingType fixed or trained positions
 * @param scaling per-sample, per-channel scaling of the context
 * @param dropout probability in the backbone, training only
 * @param headDropout probability in decoder and head, training only
 * @param useDecoder whether a decoder stands between backbone and head
 * @param decoderNumLayers mixer layers of the decoder, or of each of its levels
 * @param decoderDModel features of a patch in the decoder
 * @param decoderAdaptivePatchingLevels levels of the decoder; 0 is a plain stack
 * @param decoderRawResidual whether the decoder also sees the scaled patches themselves
 * @param resolutionPrefixTuning whether a token of the sampling resolution leads the patches
 * @param frequencyTokenVocabSize how many such tokens there are
 * @param predictionChannelIndices channels that are forecast, ascending; empty when the configuration names none
 * @param exogenousChannelIndices channels known in the future, ascending; empty for none
 * @param enableForecastChannelMixing whether the forecast channels (and known future values) are mixed in the head
 * @param fcmContextLength l, steps seen on either side there
 * @param fcmUseMixer whether mixer layers precede the last linear layer there
 * @param fcmMixLayers how many
 * @param fcmGatedAttn whether they, and the last linear layer, are gated
 * @param fcmPrependPast whether the last l steps of the past lead the forecast there (else zeros)
 * @param fcmPrependPastOffset how many steps before the end of the past these l steps end
 * @param categoricalVocabSizeList vocabulary of each static categorical input; empty for none
 * @param predictionFilterLength only the first so many of H steps are used, when present
 * @param loss training loss
 * @param quantile of the pinball loss
 * @param huberDelta threshold of the Huber loss
 * @param maskValue fills the unknown steps of the masked-prediction variant
 * @param initStd standard deviation of {@link Init#NORMAL} weights
 * @param initLinear initial weights of linear layers
 * @param initEmbed initial weights of embeddings
 * @param architecture which of three models this is ({@code architectures})
 * @param gate the gates of all mixers
 * @param tokens tokens beside the patches
 * @param quantileHead the quantile head and its loss
 * @param decomposition of a decomposed model
 * @param lightMode kept for the reference, which then returns forecasts alone; this library stores nothing that is not read
 * @param postInit whether convolutions of fresh models start at 1/kernel
 */
public record TtmConfig(int contextLength, int predictionLength, int patchLength, int patchStride, int numInputChannels,
        int dModel, int expansionFactor, int numLayers, int adaptivePatchingLevels, Mode mode, Mode decoderMode,
        boolean gatedAttn, Norm normMlp, double normEps, boolean selfAttn, int selfAttnHeads,
        boolean usePositionalEncoding, PositionalEncoding positionalEncodingType, Scaling scaling, double dropout,
        double headDropout, boolean useDecoder, int decoderNumLayers, int decoderDModel,
        int decoderAdaptivePatchingLevels, boolean decoderRawResidual, boolean resolutionPrefixTuning,
        int frequencyTokenVocabSize, List<Integer> predictionChannelIndices, List<Integer> exogenousChannelIndices,
        boolean enableForecastChannelMixing, int fcmContextLength, boolean fcmUseMixer, int fcmMixLayers,
        boolean fcmGatedAttn, boolean fcmPrependPast, int fcmPrependPastOffset, List<Integer> categoricalVocabSizeList,
        OptionalInt predictionFilterLength, Loss loss, double quantile, double huberDelta, double maskValue,
        double initStd, Init initLinear, Init initEmbed, Architecture architecture, GateConfig gate, TokenConfig tokens,
        QuantileHeadConfig quantileHead, DecompositionConfig decomposition, boolean lightMode, boolean postInit) {

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

    /** Whether channels are processed alone by shared weights or also mixed with each other. */
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

    /** Sorts the channel lists and copies all lists; the values are checked where the class comment says. */
    public TtmConfig {
        predictionChannelIndices = predictionChannelIndices.stream().sorted().toList();
        exogenousChannelIndices = exogenousChannelIndices.stream().sorted().toList();
        categoricalVocabSizeList = List.copyOf(categoricalVocabSizeList);
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
        return ConfigJson.read(json);
    }

    /** The keys that {@link #fromJson} reads, in alphabetical order; it ignores all others. */
    public static SortedSet<String> jsonKeys() {
        return ConfigJson.keys();
    }

    /** The {@code config.json} that the reference library and {@link #fromJson} read back, keys in a fixed order. */
    public Map<String, Object> toJson() {
        return ConfigJson.write(this);
    }

    /** Whether this is the masked-prediction variant. */
    public boolean maskedPrediction() {
        return architecture == Architecture.MASKED;
    }

    /** Whether this model consists of two forecasters, {@link #trendForecaster} and {@link #residualForecaster}. */
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

    /** Whether anything differs from a model of the first two generations. */
    public boolean isThirdGeneration() {
        return decomposed() || lightMode
                || !ConfigJson.ofParts(gate, tokens, quantileHead, decomposition).equals(ConfigJson.DEFAULT_PARTS);
    }

    /** Whether there is something to train on: a loss, or a quantile head, which has one of its own. */
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

    /** Whether known future values of exogenous channels are read. */
    public boolean usesExogenous() {
        return !exogenousChannelIndices.isEmpty() && (enableForecastChannelMixing || maskedPrediction());
    }

    /** Whether there is no forecast without them. */
    public boolean needsKnownFuture() {
        return !exogenousChannelIndices.isEmpty() && enableForecastChannelMixing;
    }

    /** Whether some weight is shaped by the number of channels, so that exactly C must come in. */
    public boolean mixesChannels() {
        return mixesPast() || enableForecastChannelMixing;
    }

    /** Whether the forecast of a channel sees the whole past of others: backbone or decoder mix channels. */
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
}
