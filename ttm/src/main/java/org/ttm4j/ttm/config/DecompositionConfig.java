package org.ttm4j.ttm.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A decomposed model: a forecaster of the trend and one of the residual. The residual forecaster takes the plain keys of the
 * configuration, the trend forecaster those that are given here.
 *
 * @param residualContextLength context of the residual forecaster; empty for the model's
 * @param trend the trend forecaster's own values, by the names of the plain keys
 * @param trendLossWeight weight of the trend's loss
 * @param residualLossWeight weight of the residual's loss
 * @param jointLossWeight weight of the loss of their sum
 * @param combineQuantilesViaVariance whether deviations from the middle add up as those of independent parts; otherwise
 *     quantiles add up level by level
 */
public record DecompositionConfig(OptionalInt residualContextLength, Map<String, Object> trend, double trendLossWeight,
        double residualLossWeight, double jointLossWeight, boolean combineQuantilesViaVariance) {
    static final DecompositionConfig DEFAULT = new DecompositionConfig(OptionalInt.empty(), Map.of(), 1, 1, 1, false);

    /** The most steps that are smoothed: a second or so. */
    public static final int MAX_CONTEXT = 1 << 16;

    private static final String PREFIX = "trend_";
    private static final String MULTI_SCALE = "multi_scale";
    private static final List<String> SIZES = List.of("patch_length", "patch_stride", "d_model", "decoder_d_model",
            "num_layers", "decoder_num_layers", "register_tokens", "fft_length", "adaptive_patching_levels");

    private static final List<String> MAY_BE_ZERO = List.of("register_tokens", "fft_length",
            "adaptive_patching_levels");

    /** Copies the map. */
    public DecompositionConfig {
        trend = Map.copyOf(trend);
    }

    static DecompositionConfig read(Map<String, ?> json) {
        Map<String, Object> trend = new LinkedHashMap<>();
        for (String key : SIZES) {
            ConfigJson.optionalInteger(json, PREFIX + key).ifPresent(value -> trend.put(key, (long) value));
        }
        if (json.get(PREFIX + MULTI_SCALE) != null) {
            trend.put(MULTI_SCALE, ConfigJson.flagOrNull(json, PREFIX + MULTI_SCALE, false));
        }
        return new DecompositionConfig(ConfigJson.optionalInteger(json, "residual_context_length"), trend,
                ConfigJson.number(json, "trend_loss_weight", 1), ConfigJson.number(json, "residual_loss_weight", 1),
                ConfigJson.number(json, "joint_loss_weight", 1),
                ConfigJson.flagOrNull(json, "combine_quantiles_via_variance", false));
    }

    void write(Map<String, Object> json) {
        json.put("residual_context_length",
                residualContextLength.isPresent() ? (Object) (long) residualContextLength.getAsInt() : null);
        for (String key : SIZES) json.put(PREFIX + key, trend.get(key));
        json.put(PREFIX + MULTI_SCALE, trend.get(MULTI_SCALE));
        json.put("trend_loss_weight", trendLossWeight);
        json.put("residual_loss_weight", residualLossWeight);
        json.put("joint_loss_weight", jointLossWeight);
        json.put("combine_quantiles_via_variance", combineQuantilesViaVariance);
    }

    /** The rules that hold by themselves. */
    void check(TtmConfig c) {
        ConfigRules.require(!c.decomposed() || c.contextLength() <= MAX_CONTEXT, "context_length", c.contextLength(),
                "at most " + MAX_CONTEXT + " in a decomposed model, whose smoothing takes time in the square of it");
        ConfigRules.requireNonNegative("trend_loss_weight", trendLossWeight);
        ConfigRules.requireNonNegative("residual_loss_weight", residualLossWeight);
        ConfigRules.requireNonNegative("joint_loss_weight", jointLossWeight);
        for (String key : SIZES) {
            if (!trend.containsKey(key)) continue;
            int size = (int) (long) (Long) trend.get(key);
            ConfigRules.between(PREFIX + key, size, MAY_BE_ZERO.contains(key) ? 0 : 1, ConfigRules.MAX_SIZE);
        }
        if (residualContextLength.isEmpty()) return;
        int length = residualContextLength.getAsInt();
        ConfigRules.require(length > c.patchLength() && length <= c.contextLength(), "residual_context_length", length,
                "more than patch_length = " + c.patchLength() + " and at most context_length = " + c.contextLength());
    }

    /** The same with other weights of the three losses. */
    public DecompositionConfig withLossWeights(double ofTrend, double ofResidual, double joint) {
        return new DecompositionConfig(residualContextLength, trend, ofTrend, ofResidual, joint,
                combineQuantilesViaVariance);
    }

    /** The configuration of the trend forecaster. Errors name the keys of the whole. */
    static TtmConfig trendOf(TtmConfig whole) {
        Map<String, Object> json = forecaster(whole);
        json.putAll(whole.decomposition().trend);
        ConfigRules.require(json.get("patch_stride").equals(json.get("patch_length")), "trend_patch_stride",
                json.get("patch_stride"), "trend_patch_length = " + json.get("patch_length")
                        + ": in models of the third generation patches do not overlap");
        return checked(json,
                key -> SIZES.contains(key) || key.equals(MULTI_SCALE) ? Optional.of(PREFIX + key) : Optional.empty());
    }

    /** The configuration of the residual forecaster. Errors name the keys of the whole. */
    static TtmConfig residualOf(TtmConfig whole) {
        Map<String, Object> json = forecaster(whole);
        OptionalInt context = whole.decomposition().residualContextLength;
        context.ifPresent(length -> json.put("context_length", (long) length));
        return checked(json,
                key -> context.isPresent() && key.equals("context_length")
                        ? Optional.of("residual_context_length")
                        : Optional.empty());
    }

    /** What both forecasters have in common: the scaler stands outside, and channels are chosen once for all. */
    private static Map<String, Object> forecaster(TtmConfig whole) {
        Map<String, Object> json = new LinkedHashMap<>(whole.toJson());
        DEFAULT.write(json);
        json.put("architectures", ConfigJson.architectures(TtmConfig.Architecture.PREDICTION));
        json.put("scaling", null);
        // By itself a forecaster may be one of the first two generations, whose channels lie below this number.
        if (!whole.mixesChannels()) json.put("num_input_channels", (long) whole.leastChannels());
        if (!whole.exogenousChannelIndices().isEmpty()) {
            json.put("prediction_channel_indices", ConfigJson
                    .list(Arrays.stream(whole.predictionChannels(whole.numInputChannels())).boxed().toList()));
        }
        return json;
    }

    /** The key under which the whole configuration has what a forecaster's key says. */
    private interface Renaming {
        Optional<String> of(String key);
    }

    private static TtmConfig checked(Map<String, Object> json, Renaming renaming) {
        try {
            return TtmConfig.fromJson(json);
        } catch (IllegalArgumentException wrong) {
            String message = wrong.getMessage();
            int end = message.indexOf('"', 1);
            if (!message.startsWith("\"") || end < 0) throw wrong;
            Optional<String> key = renaming.of(message.substring(1, end));
            if (key.isEmpty()) throw wrong;
            throw new IllegalArgumentException('"' + key.get() + message.substring(end), wrong);
        }
    }
}
