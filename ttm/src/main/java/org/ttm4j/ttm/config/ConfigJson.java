package org.ttm4j.ttm.config;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ttm4j.ttm.config.TtmConfig.Architecture;
import org.ttm4j.ttm.config.TtmConfig.Init;
import org.ttm4j.ttm.config.TtmConfig.Loss;
import org.ttm4j.ttm.config.TtmConfig.Mode;
import org.ttm4j.ttm.config.TtmConfig.Norm;
import org.ttm4j.ttm.config.TtmConfig.PositionalEncoding;
import org.ttm4j.ttm.config.TtmConfig.Scaling;

/** A {@link TtmConfig} from and to the keys of {@code config.json}, with the reference library's defaults. */
public final class ConfigJson {
    /** What the parts of models of the first two generations write. */
    static final Map<String, Object> DEFAULT_PARTS = ofParts(GateConfig.DEFAULT, TokenConfig.DEFAULT,
            QuantileHeadConfig.DEFAULT, DecompositionConfig.DEFAULT);
    private static final String UNSUPPORTED = "use_register_context_gating";

    private ConfigJson() {}

    /** Reads types and names; {@link ConfigRules} judges the values. Errors name the key. */
    static TtmConfig read(Map<String, ?> json) {
        if (flagOrNull(json, UNSUPPORTED, false)) {
            throw wrong(UNSUPPORTED, true, "false: the reference library has nothing that feeds such gates");
        }
        TtmConfig config = new TtmConfig(integer(json, "context_length", 64), integer(json, "prediction_length", 16),
                integer(json, "patch_length", 8), integer(json, "patch_stride", 8),
                integer(json, "num_input_channels", 1), integer(json, "d_model", 16),
                integer(json, "expansion_factor", 2), integer(json, "num_layers", 3),
                integer(json, "adaptive_patching_levels", 0), constant(json, "mode", Mode.COMMON_CHANNEL),
                constant(json, "decoder_mode", Mode.COMMON_CHANNEL), flag(json, "gated_attn", true), norm(json),
                number(json, "norm_eps", 1e-5), flag(json, "self_attn", false), integer(json, "self_attn_heads", 1),
                flag(json, "use_positional_encoding", false),
                constant(json, "positional_encoding_type", PositionalEncoding.SINCOS), scaling(json),
                number(json, "dropout", 0.2), number(json, "head_dropout", 0.2), flag(json, "use_decoder", true),
                integer(json, "decoder_num_layers", 8), integer(json, "decoder_d_model", 8),
                integer(json, "decoder_adaptive_patching_levels", 0), flag(json, "decoder_raw_residual", false),
                flag(json, "resolution_prefix_tuning", false), integer(json, "frequency_token_vocab_size", 5),
                integers(json, "prediction_channel_indices"), integers(json, "exogenous_channel_indices"),
                flag(json, "enable_forecast_channel_mixing", false), integer(json, "fcm_context_length", 1),
                flag(json, "fcm_use_mixer", false), integer(json, "fcm_mix_layers", 2),
                flag(json, "fcm_gated_attn", true), flag(json, "fcm_prepend_past", true),
                optionalInteger(json, "fcm_prepend_past_offset").orElse(0),
                integers(json, "categorical_vocab_size_list"), optionalInteger(json, "prediction_filter_length"),
                loss(json), number(json, "quantile", 0.5), number(json, "huber_delta", 1),
                number(json, "mask_value", 0), number(json, "init_std", 0.02),
                constant(json, "init_linear", Init.PYTORCH), constant(json, "init_embed", Init.PYTORCH),
                architecture(json), GateConfig.read(json), TokenConfig.read(json), QuantileHeadConfig.read(json),
                DecompositionConfig.read(json), flagOrNull(json, "light_mode", false),
                flagOrNull(json, "post_init", false));
        return ConfigRules.checked(config);
    }

    /**
     * The keys that mean something: those that reading asks for. A list of them would fall behind the parts of the
     * configuration, and {@link #write} leaves out what stands for a default.
     */
    static SortedSet<String> keys() {
        SortedSet<String> asked = new TreeSet<>();
        read(new AbstractMap<String, Object>() {
            @Override
            public boolean containsKey(Object key) {
                asked.add((String) key);
                return false;
            }

            @Override
            public Object get(Object key) {
                asked.add((String) key);
                return null;
            }

            @Override
            public Set<Entry<String, Object>> entrySet() {
                return Set.of();
            }
        });
        return asked;
    }

    static Map<String, Object> write(TtmConfig c) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", "tinytimemixer");
        json.put("architectures", architectures(c.architecture()));
        json.put("torch_dtype", "float32");
        json.put("context_length", (long) c.contextLength());
        json.put("prediction_length", (long) c.predictionLength());
        json.put("patch_length", (long) c.patchLength());
        json.put("patch_stride", (long) c.patchStride());
        json.put("num_input_channels", (long) c.numInputChannels());
        json.put("d_model", (long) c.dModel());
        json.put("expansion_factor", (long) c.expansionFactor());
        json.put("num_layers", (long) c.numLayers());
        json.put("adaptive_patching_levels", (long) c.adaptivePatchingLevels());
        json.put("mode", name(c.mode()));
        json.put("decoder_mode", name(c.decoderMode()));
        json.put("gated_attn", c.gatedAttn());
        json.put("norm_mlp", name(c.normMlp()));
        json.put("norm_eps", c.normEps());
        json.put("self_attn", c.selfAttn());
        json.put("self_attn_heads", (long) c.selfAttnHeads());
        json.put("use_positional_encoding", c.usePositionalEncoding());
        json.put("positional_encoding_type", name(c.positionalEncodingType()));
        json.put("scaling", name(c.scaling()));
        json.put("dropout", c.dropout());
        json.put("head_dropout", c.headDropout());
        json.put("use_decoder", c.useDecoder());
        json.put("decoder_num_layers", (long) c.decoderNumLayers());
        json.put("decoder_d_model", (long) c.decoderDModel());
        json.put("decoder_adaptive_patching_levels", (long) c.decoderAdaptivePatchingLevels());
        json.put("decoder_raw_residual", c.decoderRawResidual());
        json.put("resolution_prefix_tuning", c.resolutionPrefixTuning());
        json.put("frequency_token_vocab_size", (long) c.frequencyTokenVocabSize());
        json.put("prediction_channel_indices", list(c.predictionChannelIndices()));
        json.put("exogenous_channel_indices", list(c.exogenousChannelIndices()));
        json.put("enable_forecast_channel_mixing", c.enableForecastChannelMixing());
        json.put("fcm_context_length", (long) c.fcmContextLength());
        json.put("fcm_use_mixer", c.fcmUseMixer());
        json.put("fcm_mix_layers", (long) c.fcmMixLayers());
        json.put("fcm_gated_attn", c.fcmGatedAttn());
        json.put("fcm_prepend_past", c.fcmPrependPast());
        json.put("fcm_prepend_past_offset",
                c.fcmPrependPastOffset() == 0 ? null : (Object) (long) c.fcmPrependPastOffset());
        json.put("categorical_vocab_size_list", list(c.categoricalVocabSizeList()));
        json.put("prediction_filter_length",
                c.predictionFilterLength().isPresent() ? (Object) (long) c.predictionFilterLength().getAsInt() : null);
        json.put("loss", name(c.loss()));
        json.put("quantile", c.quantile());
        json.put("huber_delta", c.huberDelta());
        json.put("mask_value", c.maskValue());
        json.put("init_std", c.initStd());
        json.put("init_linear", name(c.initLinear()));
        json.put("init_embed", name(c.initEmbed()));
        if (c.isThirdGeneration()) writeThirdGeneration(c, json);
        if (c.postInit()) json.put("post_init", true);
        return json;
    }

    /**
     * What the parts write. Comparing it, not the records, spares every start of a program the code that the JVM makes for
     * the equality of records: ten milliseconds.
     */
    static Map<String, Object> ofParts(GateConfig gate, TokenConfig tokens, QuantileHeadConfig quantileHead,
            DecompositionConfig decomposition) {
        Map<String, Object> json = new LinkedHashMap<>();
        gate.write(json);
        tokens.write(json);
        quantileHead.write(json);
        decomposition.write(json);
        return json;
    }

    /** The keys that earlier generations do not know, and that their files do without. */
    private static void writeThirdGeneration(TtmConfig c, Map<String, Object> json) {
        json.putAll(ofParts(c.gate(), c.tokens(), c.quantileHead(), c.decomposition()));
        json.put("light_mode", c.lightMode());
    }

    static List<Object> architectures(Architecture architecture) {
        return List.of(architecture.className());
    }

    /** A list as config.json has it; null where the list is empty. */
    static List<Object> list(List<Integer> values) {
        return values.isEmpty() ? null : values.stream().map(value -> (Object) value.longValue()).toList();
    }

    /** The name of a constant in config.json; null where the file says null. */
    static String name(Enum<?> constant) {
        if (constant == Norm.LAYER) return "LayerNorm";
        if (constant == Norm.BATCH) return "BatchNorm";
        if (constant == Scaling.NONE || constant == Loss.NONE) return null;
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static int integer(Map<String, ?> json, String key, int otherwise) {
        return json.containsKey(key) ? integer(key, json.get(key)) : otherwise;
    }

    static OptionalInt optionalInteger(Map<String, ?> json, String key) {
        Object value = json.get(key);
        return value == null ? OptionalInt.empty() : OptionalInt.of(integer(key, value));
    }

    private static int integer(String key, Object value) {
        if (!(value instanceof Long)) throw wrong(key, value, "an integer");
        long number = (Long) value;
        if (number != (int) number) throw wrong(key, value, "an integer below 2³¹");
        return (int) number;
    }

    private static List<Integer> integers(Map<String, ?> json, String key) {
        Object value = json.get(key);
        if (value == null) return List.of();
        if (!(value instanceof List)) throw wrong(key, value, "a list of integers or null");
        List<Integer> integers = new ArrayList<>();
        for (Object element : (List<?>) value) integers.add(integer(key, element));
        // Neither a forecast of no channel nor a vocabulary list of no input is what an empty list could mean.
        if (integers.isEmpty() && !key.equals("exogenous_channel_indices")) {
            throw wrong(key, value, "at least one index, or null");
        }
        return integers;
    }

    static double number(Map<String, ?> json, String key, double otherwise) {
        if (!json.containsKey(key)) return otherwise;
        Object value = json.get(key);
        if (!(value instanceof Number)) throw wrong(key, value, "a number");
        return ((Number) value).doubleValue();
    }

    private static boolean flag(Map<String, ?> json, String key, boolean otherwise) {
        if (!json.containsKey(key)) return otherwise;
        Object value = json.get(key);
        if (!(value instanceof Boolean)) throw wrong(key, value, "true or false");
        return (Boolean) value;
    }

    /** As {@link #flag}, but null is false, as the reference has it of keys of the third generation. */
    static boolean flagOrNull(Map<String, ?> json, String key, boolean otherwise) {
        return (!json.containsKey(key) || json.get(key) != null) && flag(json, key, otherwise);
    }

    /** As {@link #constant}, in upper or lower case. */
    static <E extends Enum<E>> E word(Map<String, ?> json, String key, E otherwise) {
        if (!json.containsKey(key)) return otherwise;
        Object value = json.get(key);
        Object lower = value instanceof String ? ((String) value).toLowerCase(Locale.ROOT) : value;
        return constant(key, lower, otherwise.getDeclaringClass());
    }

    static <E extends Enum<E>> E constant(Map<String, ?> json, String key, E otherwise) {
        return json.containsKey(key) ? constant(key, json.get(key), otherwise.getDeclaringClass()) : otherwise;
    }

    public static <E extends Enum<E>> E constant(String key, Object value, Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = name(constant);
            if (name == null ? value == null : name.equals(value)) return constant;
            names.add(name == null ? "null" : '"' + name + '"');
        }
        throw wrong(key, value, "one of " + String.join(", ", names));
    }

    private static Norm norm(Map<String, ?> json) {
        if (!json.containsKey("norm_mlp")) return Norm.LAYER;
        Object value = json.get("norm_mlp");
        if (!(value instanceof String)) throw wrong("norm_mlp", value, "a string such as \"LayerNorm\"");
        return ((String) value).toLowerCase(Locale.ROOT).contains("batch") ? Norm.BATCH : Norm.LAYER;
    }

    private static Scaling scaling(Map<String, ?> json) {
        if (!json.containsKey("scaling") || Boolean.TRUE.equals(json.get("scaling"))) return Scaling.STD;
        Object value = json.get("scaling");
        return Boolean.FALSE.equals(value) ? Scaling.NONE : constant("scaling", value, Scaling.class);
    }

    private static Loss loss(Map<String, ?> json) {
        if (!json.containsKey("loss")) return Loss.MSE;
        Object value = json.get("loss");
        if ("nll".equals(value)) {
            throw new IllegalArgumentException("\"loss\" is \"nll\": distribution heads are not supported");
        }
        return constant("loss", value, Loss.class);
    }

    private static Architecture architecture(Map<String, ?> json) {
        Object value = json.get("architectures");
        if (value == null) return Architecture.PREDICTION;
        if (!(value instanceof List)) throw wrong("architectures", value, "a list of strings");
        boolean masked = ((List<?>) value).contains(Architecture.MASKED.className());
        boolean decomposed = ((List<?>) value).contains(Architecture.DECOMPOSED.className());
        if (masked && decomposed) throw wrong("architectures", value, "one class: no model is masked and decomposed");
        if (decomposed) return Architecture.DECOMPOSED;
        return masked ? Architecture.MASKED : Architecture.PREDICTION;
    }

    public static IllegalArgumentException wrong(String key, Object value, String expected) {
        String shown = value instanceof String ? '"' + (String) value + '"' : String.valueOf(value);
        if (shown.length() > 80) shown = shown.substring(0, 80) + "…";
        return new IllegalArgumentException('"' + key + "\" is " + shown + "; expected " + expected);
    }
}
