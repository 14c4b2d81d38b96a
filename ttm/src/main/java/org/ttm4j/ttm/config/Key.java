package org.ttm4j.ttm.config;

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
 * The keys of {@code config.json}, in the order of the file. In parentheses stand the default, which is that of the
 * reference library, and the {@link Domain} of the possible values; for a flag and for the constants of an enum the default
 * says it. {@link ConfigRules} has what ties keys to each other. A new key is a constant here, and a component of {@link
 * TtmConfig} or of one of its parts.
 *
 * <p>Letters: L context length, H prediction length, C input channels, D = d_model, P patches.
 */
public enum Key {
    /** Which of three models this is: a list of names of classes, as the reference library has it. */
    ARCHITECTURES(Architecture.PREDICTION),
    /** L, time steps the model looks at. */
    CONTEXT_LENGTH(64, Domain.SIZE),
    /** H, time steps it forecasts. */
    PREDICTION_LENGTH(16, Domain.SIZE),
    /** Steps in a patch. */
    PATCH_LENGTH(8, Domain.SIZE),
    /** Steps from one patch to the next. */
    PATCH_STRIDE(8, Domain.SIZE),
    /**
     * C; binding only where {@link TtmConfig#mixesChannels}, but that channels named by models of the first two generations
     * lie below it.
     */
    NUM_INPUT_CHANNELS(1, Domain.SIZE),
    /** D, features of a patch in the backbone. */
    D_MODEL(16, Domain.SIZE),
    /** Hidden size of every MLP over its input size. */
    EXPANSION_FACTOR(2, Domain.SIZE),
    /** Mixer layers of the backbone, or of each level when there are levels. */
    NUM_LAYERS(3, Domain.LAYERS),
    /** Levels of the backbone; 0 is a plain stack. */
    ADAPTIVE_PATCHING_LEVELS(0, Domain.LEVELS),
    /** True if the backbone mixes channels. */
    MODE(Mode.COMMON_CHANNEL),
    /** True if the decoder mixes channels. */
    DECODER_MODE(Mode.COMMON_CHANNEL),
    /** True if each mixer ends in a gate. */
    GATED_ATTN(true),
    /** Normalisation in front of each mixer. */
    NORM_MLP(Norm.LAYER),
    /** What is added to the variance there. */
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
    /** Probability in the backbone, training only. */
    DROPOUT(0.2, Domain.PROBABILITY),
    /** Probability in decoder and head, training only. */
    HEAD_DROPOUT(0.2, Domain.PROBABILITY),
    /** True if a decoder stands between backbone and head. */
    USE_DECODER(true),
    /** Mixer layers of the decoder, or of each of its levels. */
    DECODER_NUM_LAYERS(8, Domain.LAYERS),
    /** Features of a patch in the decoder. */
    DECODER_D_MODEL(8, Domain.SIZE),
    /** Levels of the decoder; 0 is a plain stack. */
    DECODER_ADAPTIVE_PATCHING_LEVELS(0, Domain.LEVELS),
    /** True if the decoder also sees the scaled patches themselves. */
    DECODER_RAW_RESIDUAL(false),
    /** True if a token of the sampling resolution leads the patches. */
    RESOLUTION_PREFIX_TUNING(false),
    /** How many such tokens there are. */
    FREQUENCY_TOKEN_VOCAB_SIZE(5, Domain.SIZE),
    /** Channels that are forecast, ascending; null, an empty list in Java, where none is named. */
    PREDICTION_CHANNEL_INDICES(List.of(), Domain.INDICES),
    /** Channels known in the future, ascending. */
    EXOGENOUS_CHANNEL_INDICES(List.of(), Domain.INDICES),
    /** True if the forecast channels (and known future values) are mixed in the head. */
    ENABLE_FORECAST_CHANNEL_MIXING(false),
    /** l, steps seen on either side there. */
    FCM_CONTEXT_LENGTH(1, Domain.COUNT),
    /** True if mixer layers precede the last linear layer there. */
    FCM_USE_MIXER(false),
    /** How many. */
    FCM_MIX_LAYERS(2, Domain.LAYERS),
    /** True if they, and the last linear layer, are gated. */
    FCM_GATED_ATTN(true),
    /** True if the last l steps of the past lead the forecast there (else zeros). */
    FCM_PREPEND_PAST(true),
    /** How many steps before the end of the past these l steps end; null for 0. */
    FCM_PREPEND_PAST_OFFSET(Optional.empty(), new Domain.Maybe(Domain.COUNT)),
    /** Vocabulary of each static categorical input; null, an empty list in Java, for none. */
    CATEGORICAL_VOCAB_SIZE_LIST(List.of(), Domain.VOCABULARIES),
    /** Only the first so many of H steps are used, where this is not null. */
    PREDICTION_FILTER_LENGTH(Optional.empty(), new Domain.Maybe(Domain.INTEGER)),
    /** Training loss. */
    LOSS(Loss.MSE),
    /** The quantile of the pinball loss. */
    QUANTILE(0.5, Domain.INSIDE_UNIT),
    /** Threshold of the Huber loss. */
    HUBER_DELTA(1.0, Domain.POSITIVE),
    /** Fills the unknown steps of the masked-prediction variant. */
    MASK_VALUE(0.0, Domain.FINITE),
    /** Standard deviation of {@link Init#NORMAL} weights. */
    INIT_STD(0.02, Domain.NOT_NEGATIVE),
    /** Initial weights of linear layers. */
    INIT_LINEAR(Init.PYTORCH),
    /** Initial weights of embeddings. */
    INIT_EMBED(Init.PYTORCH),

    // From here on models of the third generation: null counts as false for a flag.

    /** How a gate weighs its input. */
    GATE_MODE(GateConfig.Mode.SOFTMAX),
    /** Groups that {@link GateConfig.Mode#GROUP_SIGMOID} is to have. */
    GATE_GROUPS(8, Domain.COUNT),
    /** True if the series is also seen at half its resolution, a quarter, and so on. */
    MULTI_SCALE(false),
    /** Learned tokens that are the same for every series. */
    REGISTER_TOKENS(0, Domain.COUNT),
    /** Frequencies of each series that become tokens; 0 for none. */
    FFT_LENGTH(0, Domain.COUNT),
    /** True if a frequency has an embedding; otherwise its number goes through a small MLP. */
    USE_FFT_EMBEDDING(true),
    /** True if all of them together become one token. */
    GET_ONE_FREQ_EMB(false),
    /** True if frequency 0, the mean, counts as absent. */
    FFT_IGNORE_DC(false),
    /** Least features of a frequency in that one token. */
    FFT_D_FREQ_MIN(4, Domain.COUNT),
    /** Most features of one there. */
    FFT_D_FREQ_MAX(64, Domain.COUNT),
    /** True if all tokens of a series are normalised together, also where there is one scale. */
    ENABLE_BASE_NORM_ALWAYS(false),
    /** True if there is a quantile head. */
    MULTI_QUANTILE_HEAD(false),
    /** Q levels, ascending: an odd number, 0.5 in the middle. Earlier files call them {@code quantile_list}. */
    QUANTILE_LEVELS(List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), Domain.QUANTILES),
    /** Features of a step inside. */
    MQ_HIDDEN(8, Domain.HIDDEN),
    /** Steps that its convolution sees at once; odd. */
    MQ_KERNEL_SIZE(3, Domain.HIDDEN),
    /** Least distance of neighbouring quantiles, in the scaled space. */
    MQ_EPS(1e-6, Domain.NOT_NEGATIVE),
    /** True if the head also sees what the decoder made. */
    MQ_USE_DECODER_POOL(false),
    /** How: as the mean over tokens, or all tokens flattened. */
    MQ_COND_PATH(QuantileHeadConfig.Path.POOL),
    /** True if that is added to the features of a step or put beside them. */
    MQ_COND_MODE(QuantileHeadConfig.Mode.ADD),
    /** Features of a token on the flattened path. */
    MQ_DECODER_D_MODEL(8, Domain.SIZE),
    /** Where the middle quantile comes from. */
    MQ_Q50_TYPE(QuantileHeadConfig.Middle.MEDIAN),
    /**
     * True if what the decoder made also widens or narrows each step. A key of ours: quantiles of published models lie as far
     * apart at the first step as at the last.
     */
    MQ_STEP_WIDTHS(false),
    /** Weight of an extra loss of the point forecast in the loss. */
    POINT_EXTRA_WEIGHT(0.0, Domain.NOT_NEGATIVE),
    /** Which. A key of ours: published models know the absolute error alone. */
    POINT_EXTRA_LOSS(Loss.MAE),
    /** Weight of the distances of quantiles in the loss. */
    PENALIZE_LARGE_WIDTH_RATIO(0.0, Domain.NOT_NEGATIVE),
    /** Which distances those are. */
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
    /** Weight of the trend's loss. */
    TREND_LOSS_WEIGHT(1.0, Domain.NOT_NEGATIVE),
    /** Weight of the residual's loss. */
    RESIDUAL_LOSS_WEIGHT(1.0, Domain.NOT_NEGATIVE),
    /** Weight of the loss of their sum. */
    JOINT_LOSS_WEIGHT(1.0, Domain.NOT_NEGATIVE),
    /** True if deviations from the middle add up as those of independent parts; otherwise quantiles add up level by level. */
    COMBINE_QUANTILES_VIA_VARIANCE(false),
    /** Kept for the reference, which then returns forecasts alone; this library stores nothing that is not read. */
    LIGHT_MODE(false),

    /** True if convolutions of fresh models start at 1/kernel. */
    POST_INIT(false),
    /** Refused: the reference library has nothing that feeds such gates. */
    USE_REGISTER_CONTEXT_GATING(false);

    /** The keys that earlier generations do not know, and that their files do without. */
    static final Set<Key> THIRD_GENERATION = EnumSet.range(GATE_MODE, LIGHT_MODE);
    /** Those that a model has only where it is decomposed. */
    static final Set<Key> OF_DECOMPOSITION = EnumSet.range(RESIDUAL_CONTEXT_LENGTH, COMBINE_QUANTILES_VIA_VARIANCE);
    /** The trend forecaster's own values. */
    static final Set<Key> OF_TREND = EnumSet.range(TREND_PATCH_LENGTH, TREND_MULTI_SCALE);
    /** Written only where they do not have their default: keys of ours, and those that published files rarely have. */
    static final Set<Key> RARE = EnumSet.of(MQ_STEP_WIDTHS, POINT_EXTRA_LOSS, POST_INIT, USE_REGISTER_CONTEXT_GATING);

    static final String EARLIER_LEVELS = "quantile_list";

    /** The default. */
    final Object standard;
    /** The key that this one replaces in one forecaster of a decomposed model; null for most. */
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

    /** The value that a parsed file has, or the default where it has none. Errors name the key. */
    Object read(Map<String, ?> json) {
        String found = this == QUANTILE_LEVELS && json.get(name) == null ? EARLIER_LEVELS : name;
        Object value = json.get(found);
        if (!json.containsKey(found) || this == QUANTILE_LEVELS && value == null) return standard;
        return domain.read(found, usual(value));
    }

    /** A value as this library writes it, of one that the reference library also understands. */
    private Object usual(Object json) {
        return switch (this) {
            case ARCHITECTURES -> architecture(json);
            case NORM_MLP -> norm(json);
            case SCALING -> Boolean.TRUE.equals(json) ? "std" : Boolean.FALSE.equals(json) ? null : json;
            case LOSS -> {
                if (!"nll".equals(json)) yield json;
                throw new IllegalArgumentException("\"loss\" is \"nll\": distribution heads are not supported");
            }
            case EXOGENOUS_CHANNEL_INDICES -> List.of().equals(json) ? null : json;
            case FCM_PREPEND_PAST_OFFSET -> Long.valueOf(0).equals(json) ? null : json;
            case MQ_COND_PATH, MQ_COND_MODE, MQ_Q50_TYPE, POINT_EXTRA_LOSS, WIDTH_PENALTY_MODE ->
                json instanceof String word ? word.toLowerCase(Locale.ROOT) : json;
            default -> json == null && domain == Domain.FLAG && compareTo(GATE_MODE) > 0 ? false : json;
        };
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

    /** The value of this key among those of all, as the type of the place that it is passed to. */
    @SuppressWarnings("unchecked")
    <T> T of(Map<Key, Object> values) {
        return (T) values.get(this);
    }
}
