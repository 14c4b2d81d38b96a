package org.ttm4j.ttm.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ttm4j.ttm.config.TtmConfig.Architecture;
import org.ttm4j.ttm.config.TtmConfig.Init;
import org.ttm4j.ttm.config.TtmConfig.Loss;
import org.ttm4j.ttm.config.TtmConfig.Mode;
import org.ttm4j.ttm.config.TtmConfig.Norm;
import org.ttm4j.ttm.config.TtmConfig.PositionalEncoding;
import org.ttm4j.ttm.config.TtmConfig.Scaling;

/**
 * The keys of {@code config.json}, in the order of the file. The arguments of a constant are its default, which is that
 * of the reference library, and the {@link Domain} of its possible values; for flags and enums the default implies the
 * domain. {@link ConfigRules} has the rules that involve several keys. A new key is a constant here, and a component of
 * {@link TtmConfig} or of one of its parts.
 *
 * <p>Letters: L context length, H prediction length, C input channels, D = d_model, P patches.
 */
public enum Key {
    /** Which of three kinds of model this is: a list of class names of the reference library. */
    ARCHITECTURES(Architecture.PREDICTION),
    /** L, the number of time steps that the model sees. */
    CONTEXT_LENGTH(64, Domain.SIZE),
    /** H, the number of time steps that it forecasts. */
    PREDICTION_LENGTH(16, Domain.SIZE),
    /** Steps in a patch. */
    PATCH_LENGTH(8, Domain.SIZE),
    /** Steps from one patch to the next. */
    PATCH_STRIDE(8, Domain.SIZE),
    /**
     * C. A forecast must have exactly C channels only if {@link TtmConfig#mixesChannels}. In the first two generations,
     * channel indices must be below C.
     */
    NUM_INPUT_CHANNELS(1, Domain.SIZE),
    /** D, features of a patch in the backbone. */
    D_MODEL(16, Domain.SIZE),
    /** The hidden size of every MLP divided by its input size. */
    EXPANSION_FACTOR(2, Domain.SIZE),
    /** Mixer layers of the backbone, or of each of its adaptive patching levels. */
    NUM_LAYERS(3, Domain.LAYERS),
    /** Adaptive patching levels of the backbone; 0 is a plain stack. */
    ADAPTIVE_PATCHING_LEVELS(0, Domain.LEVELS),
    /** Whether the backbone mixes channels. */
    MODE(Mode.COMMON_CHANNEL),
    /** Whether the decoder mixes channels. */
    DECODER_MODE(Mode.COMMON_CHANNEL),
    /** True if each mixer ends in a gate. */
    GATED_ATTN(true),
    /** Normalisation in front of each mixer. */
    NORM_MLP(Norm.LAYER),
    /** Added to the variance in this normalisation. */
    NORM_EPS(1e-5, Domain.INSIDE_UNIT),
    /** True if each patch mixer adds attention over patches. */
    SELF_ATTN(false),
    /** Heads of that attention. */
    SELF_ATTN_HEADS(1, Domain.SIZE),
    /** True if positions are added to the patches. */
    USE_POSITIONAL_ENCODING(false),
    /** Fixed or trained positions. */
    POSITIONAL_ENCODING_TYPE(PositionalEncoding.SINCOS),
    /** Scaling of the context, for each sample and channel. */
    SCALING(Scaling.STD),
    /** Dropout probability in the backbone, in training. */
    DROPOUT(0.2, Domain.PROBABILITY),
    /** Dropout probability in decoder and head, in training. */
    HEAD_DROPOUT(0.2, Domain.PROBABILITY),
    /** True if there is a decoder between backbone and head. */
    USE_DECODER(true),
    /** Mixer layers of the decoder, or of each of its levels. */
    DECODER_NUM_LAYERS(8, Domain.LAYERS),
    /** Features of a patch in the decoder. */
    DECODER_D_MODEL(8, Domain.SIZE),
    /** Adaptive patching levels of the decoder; 0 is a plain stack. */
    DECODER_ADAPTIVE_PATCHING_LEVELS(0, Domain.LEVELS),
    /** True if the decoder also sees the scaled patches themselves. */
    DECODER_RAW_RESIDUAL(false),
    /** True if a prefix token for the sampling resolution precedes the patches. */
    RESOLUTION_PREFIX_TUNING(false),
    /** The number of different resolution tokens. */
    FREQUENCY_TOKEN_VOCAB_SIZE(5, Domain.SIZE),
    /** Channels that are forecast, ascending; null, in Java an empty list, for all that are not exogenous. */
    PREDICTION_CHANNEL_INDICES(List.of(), Domain.INDICES),
    /** Exogenous channels, whose future is known, ascending. */
    EXOGENOUS_CHANNEL_INDICES(List.of(), Domain.INDICES),
    /** True if the forecast channels (and known future values) are mixed in the head. */
    ENABLE_FORECAST_CHANNEL_MIXING(false),
    /** l, the steps on either side that forecast channel mixing sees. */
    FCM_CONTEXT_LENGTH(1, Domain.COUNT),
    /** True if forecast channel mixing has mixer layers before its last linear layer. */
    FCM_USE_MIXER(false),
    /** The number of these mixer layers. */
    FCM_MIX_LAYERS(2, Domain.LAYERS),
    /** True if these mixer layers and the last linear layer are gated. */
    FCM_GATED_ATTN(true),
    /** True if forecast channel mixing sees the last l steps of the past before the forecast, otherwise zeros. */
    FCM_PREPEND_PAST(true),
    /** The steps between the end of these l steps and the end of the past; null for 0. */
    FCM_PREPEND_PAST_OFFSET(Optional.empty(), new Domain.Maybe(Domain.COUNT)),
    /** The vocabulary size of each static categorical input; null, in Java an empty list, for none. */
    CATEGORICAL_VOCAB_SIZE_LIST(List.of(), Domain.VOCABULARIES),
    /** If not null, only this number of the H steps is used, from the first on. */
    PREDICTION_FILTER_LENGTH(Optional.empty(), new Domain.Maybe(Domain.INTEGER)),
    /** Training loss. */
    LOSS(Loss.MSE),
    /** The quantile of the pinball loss. */
    QUANTILE(0.5, Domain.INSIDE_UNIT),
    /** Threshold of the Huber loss. */
    HUBER_DELTA(1.0, Domain.POSITIVE),
    /** The value of the unknown steps in the masked-prediction variant. */
    MASK_VALUE(0.0, Domain.FINITE),
    /** Standard deviation of {@link Init#NORMAL} weights. */
    INIT_STD(0.02, Domain.NOT_NEGATIVE),
    /** Initial weights of linear layers. */
    INIT_LINEAR(Init.PYTORCH),
    /** Initial weights of embeddings. */
    INIT_EMBED(Init.PYTORCH),

    // From here on: keys of the third generation, in which null counts as false for a flag.

    /** How a gate weights its input. */
    GATE_MODE(GateConfig.Mode.SOFTMAX),
    /** The number of groups of {@link GateConfig.Mode#GROUP_SIGMOID}. */
    GATE_GROUPS(8, Domain.COUNT),
    /** True if the model also sees the series at a half, a quarter and so on of its resolution. */
    MULTI_SCALE(false),
    /** Learned tokens that are the same for every series. */
    REGISTER_TOKENS(0, Domain.COUNT),
    /** The number of Fourier frequencies of each series that become tokens; 0 for none. */
    FFT_LENGTH(0, Domain.COUNT),
    /** True if frequencies are embedded by a table; otherwise by a small MLP of their number. */
    USE_FFT_EMBEDDING(true),
    /** True if all frequencies of a series together become one token. */
    GET_ONE_FREQ_EMB(false),
    /** True if frequency 0, the mean, is ignored. */
    FFT_IGNORE_DC(false),
    /** The fewest features of a frequency in that single token. */
    FFT_D_FREQ_MIN(4, Domain.COUNT),
    /** The most features of a frequency in that single token. */
    FFT_D_FREQ_MAX(64, Domain.COUNT),
    /** True if all tokens of a series are normalised together even without {@link #MULTI_SCALE}. */
    ENABLE_BASE_NORM_ALWAYS(false),
    /** True if there is a quantile head. */
    MULTI_QUANTILE_HEAD(false),
    /** The Q quantile levels, ascending: an odd number, 0.5 in the middle. Earlier files say {@code quantile_list}. */
    QUANTILE_LEVELS(List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), Domain.QUANTILES),
    /** Features of a step within the quantile head. */
    MQ_HIDDEN(8, Domain.HIDDEN),
    /** The kernel size of its convolution in steps; odd. */
    MQ_KERNEL_SIZE(3, Domain.HIDDEN),
    /** The least distance between neighbouring quantiles, on the scaled series. */
    MQ_EPS(1e-6, Domain.NOT_NEGATIVE),
    /** True if the quantile head also reads the output of the decoder. */
    MQ_USE_DECODER_POOL(false),
    /** How it reads that output: as the mean over tokens, or with all tokens flattened. */
    MQ_COND_PATH(QuantileHeadConfig.Path.POOL),
    /** How that output is combined with the features of a step: added or concatenated. */
    MQ_COND_MODE(QuantileHeadConfig.Mode.ADD),
    /** Features of a token on the flattened path. */
    MQ_DECODER_D_MODEL(8, Domain.SIZE),
    /** How the median is computed. */
    MQ_Q50_TYPE(QuantileHeadConfig.Middle.MEDIAN),
    /**
     * True if the output of the decoder also widens or narrows the quantiles of each step. Published models do not have
     * this key: their quantiles are as far apart at the first step as at the last.
     */
    MQ_STEP_WIDTHS(false),
    /** The weight of an additional loss of the point forecast. */
    POINT_EXTRA_WEIGHT(0.0, Domain.NOT_NEGATIVE),
    /** That additional loss. Published models do not have this key: they use the absolute error. */
    POINT_EXTRA_LOSS(Loss.MAE),
    /** The weight of the penalty on distances between quantiles. */
    PENALIZE_LARGE_WIDTH_RATIO(0.0, Domain.NOT_NEGATIVE),
    /** The distances that are penalised. */
    WIDTH_PENALTY_MODE(QuantileHeadConfig.Width.BOUNDARY),
    /** Context of the residual forecaster; null for L. */
    RESIDUAL_CONTEXT_LENGTH(CONTEXT_LENGTH, Domain.INTEGER),
    /** {@link #PATCH_LENGTH} of the trend forecaster; null, here and below, for that of the residual forecaster. */
    TREND_PATCH_LENGTH(PATCH_LENGTH, Domain.SIZE),
    /** {@link #PATCH_STRIDE} of the trend forecaster. */
    TREND_PATCH_STRIDE(PATCH_STRIDE, Domain.SIZE),
    /** {@link #D_MODEL} of the trend forecaster. */
    TREND_D_MODEL(D_MODEL, Domain.SIZE),
    /** {@link #DECODER_D_MODEL} of the trend forecaster. */
    TREND_DECODER_D_MODEL(DECODER_D_MODEL, Domain.SIZE),
    /** {@link #NUM_LAYERS} of the trend forecaster. */
    TREND_NUM_LAYERS(NUM_LAYERS, Domain.SIZE),
    /** {@link #DECODER_NUM_LAYERS} of the trend forecaster. */
    TREND_DECODER_NUM_LAYERS(DECODER_NUM_LAYERS, Domain.SIZE),
    /** {@link #REGISTER_TOKENS} of the trend forecaster. */
    TREND_REGISTER_TOKENS(REGISTER_TOKENS, Domain.COUNT),
    /** {@link #FFT_LENGTH} of the trend forecaster. */
    TREND_FFT_LENGTH(FFT_LENGTH, Domain.COUNT),
    /** {@link #ADAPTIVE_PATCHING_LEVELS} of the trend forecaster. */
    TREND_ADAPTIVE_PATCHING_LEVELS(ADAPTIVE_PATCHING_LEVELS, Domain.COUNT),
    /** {@link #MULTI_SCALE} of the trend forecaster. */
    TREND_MULTI_SCALE(MULTI_SCALE, Domain.FLAG),
    /** The weight of the trend's loss. */
    TREND_LOSS_WEIGHT(1.0, Domain.NOT_NEGATIVE),
    /** The weight of the residual's loss. */
    RESIDUAL_LOSS_WEIGHT(1.0, Domain.NOT_NEGATIVE),
    /** The weight of the loss of their sum. */
    JOINT_LOSS_WEIGHT(1.0, Domain.NOT_NEGATIVE),
    /** True if deviations from the median add up as those of independent parts; otherwise quantiles add up by level. */
    COMBINE_QUANTILES_VIA_VARIANCE(false),
    /** Kept for the reference library, which then returns only forecasts. Has no effect here. */
    LIGHT_MODE(false),

    /** True if convolutions of new models are initialised with 1/kernel. */
    POST_INIT(false),
    /** Must be false: the reference library has no input for such gates. */
    USE_REGISTER_CONTEXT_GATING(false);

    /** The keys that earlier generations do not have. Their files are written without these keys. */
    static final Set<Key> THIRD_GENERATION = EnumSet.range(GATE_MODE, LIGHT_MODE);
    /** The keys that only decomposed models have. */
    static final Set<Key> OF_DECOMPOSITION = EnumSet.range(RESIDUAL_CONTEXT_LENGTH, COMBINE_QUANTILES_VIA_VARIANCE);
    /** The keys that only the trend forecaster uses. */
    static final Set<Key> OF_TREND = EnumSet.range(TREND_PATCH_LENGTH, TREND_MULTI_SCALE);
    /** Keys of this library, and keys that published files rarely have: written only if not the default. */
    static final Set<Key> RARE = EnumSet.of(MQ_STEP_WIDTHS, POINT_EXTRA_LOSS, POST_INIT, USE_REGISTER_CONTEXT_GATING);

    static final String EARLIER_LEVELS = "quantile_list";

    /** The default value. */
    final Object standard;
    /** The key that this one replaces in one of the forecasters of a decomposed model; null for most keys. */
    final Key replaced;
    private final String name = name().toLowerCase(Locale.ROOT);
    private final Domain domain;

    Key(Object standard, Domain domain, Key replaced) {
        this.standard = standard;
        this.domain = domain;
        this.replaced = replaced;
    }

    Key(Object standard, Domain domain) {
        this(standard, domain, null);
    }

    Key(boolean standard) {
        this(standard, Domain.FLAG);
    }

    Key(Enum<?> standard) {
        this(standard, new Domain.Choice<>(standard.getDeclaringClass()));
    }

    Key(Key replaced, Domain domain) {
        this(Optional.empty(), new Domain.Maybe(domain), replaced);
    }

    /** The name in the file. */
    @Override
    public String toString() {
        return name;
    }

    /** The value in a parsed file, or the default if the file does not have the key. Errors name the key. */
    Object read(Map<String, ?> json) {
        String found = this == QUANTILE_LEVELS && json.get(name) == null ? EARLIER_LEVELS : name;
        Object value = json.get(found);
        if (!json.containsKey(found) || this == QUANTILE_LEVELS && value == null) return standard;
        return domain.read(found, usual(value));
    }

    /** Converts a spelling that the reference library also accepts to the one that this library writes. */
    private Object usual(Object json) {
        return switch (this) {
            case ARCHITECTURES -> architecture(json);
            case NORM_MLP -> norm(json);
            case SCALING -> Boolean.TRUE.equals(json) ? "std" : Boolean.FALSE.equals(json) ? null : json;
            case LOSS -> {
                if (!"nll".equals(json)) yield json;
                throw new IllegalArgumentException("\"loss\" is \"nll\": distribution heads are not supported");
            }
            case INIT_LINEAR, INIT_EMBED -> init(json);
            case EXOGENOUS_CHANNEL_INDICES -> List.of().equals(json) ? null : json;
            case FCM_PREPEND_PAST_OFFSET -> Long.valueOf(0).equals(json) ? null : json;
            case MQ_COND_PATH, MQ_COND_MODE, MQ_Q50_TYPE, POINT_EXTRA_LOSS, WIDTH_PENALTY_MODE ->
                json instanceof String word ? word.toLowerCase(Locale.ROOT) : json;
            default -> json == null && domain == Domain.FLAG && compareTo(GATE_MODE) > 0 ? false : json;
        };
    }

    /** Any word of no other meaning is that of the default. */
    private static Object init(Object json) {
        if (!(json instanceof String word)) return json;
        return Arrays.stream(Init.values()).anyMatch(one -> one.name().toLowerCase(Locale.ROOT).equals(word))
                ? word
                : "pytorch";
    }

    private static String norm(Object json) {
        if (!(json instanceof String norm)) throw ConfigJson.wrong("norm_mlp", json, "a string such as \"LayerNorm\"");
        return norm.toLowerCase(Locale.ROOT).contains("batch") ? "BatchNorm" : "LayerNorm";
    }

    private static String architecture(Object json) {
        if (json == null) return Architecture.PREDICTION.className();
        if (!(json instanceof List<?> classes)) throw ConfigJson.wrong("architectures", json, "a list of strings");
        boolean masked = classes.contains(Architecture.MASKED.className());
        boolean decomposed = classes.contains(Architecture.DECOMPOSED.className());
        if (masked && decomposed) {
            throw ConfigJson.wrong("architectures", json, "one class: no model is masked and decomposed");
        }
        if (decomposed) return Architecture.DECOMPOSED.className();
        return (masked ? Architecture.MASKED : Architecture.PREDICTION).className();
    }

    /** The value of this key in a map of all values, cast to the type that the caller expects. */
    @SuppressWarnings("unchecked")
    <T> T of(Map<Key, Object> values) {
        return (T) values.get(this);
    }
}
