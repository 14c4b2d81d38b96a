package org.ttm4j.ttm.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a decomposed model besides those of its two forecasters, named as in {@link Key}. The residual
 * forecaster uses the plain keys of the configuration; the trend forecaster uses the keys with the prefix
 * {@code trend_} if they are given, otherwise the plain keys.
 */
public record DecompositionConfig(Optional<Integer> residualContextLength, double trendLossWeight,
        double residualLossWeight, double jointLossWeight, boolean combineQuantilesViaVariance) {
    /** The most steps that are smoothed, which takes about a second. */
    public static final int MAX_CONTEXT = 1 << 16;

    DecompositionConfig(Map<Key, Object> v) {
        this(Key.RESIDUAL_CONTEXT_LENGTH.of(v), Key.TREND_LOSS_WEIGHT.of(v), Key.RESIDUAL_LOSS_WEIGHT.of(v),
                Key.JOINT_LOSS_WEIGHT.of(v), Key.COMBINE_QUANTILES_VIA_VARIANCE.of(v));
    }

    static TtmConfig trendOf(TtmConfig whole) {
        int length = Key.TREND_PATCH_LENGTH.<Optional<Integer>>of(whole.values()).orElse(whole.patchLength());
        int stride = Key.TREND_PATCH_STRIDE.<Optional<Integer>>of(whole.values()).orElse(whole.patchStride());
        if (stride != length) {
            throw ConfigJson.wrong("trend_patch_stride", stride,
                    "trend_patch_length = " + length + ": in models of the third generation patches do not overlap");
        }
        return forecaster(whole, Key.OF_TREND);
    }

    static TtmConfig residualOf(TtmConfig whole) {
        boolean contextOfItsOwn = whole.decomposition().residualContextLength.isPresent();
        return forecaster(whole, contextOfItsOwn ? Set.of(Key.RESIDUAL_CONTEXT_LENGTH) : Set.of());
    }

    /**
     * The configuration of one forecaster, without scaling and channel selection, which are done once for both. Errors
     * name the keys of the whole model.
     */
    private static TtmConfig forecaster(TtmConfig whole, Set<Key> own) {
        TtmConfig.Builder part = whole.toBuilder()
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.PREDICTION)
                .set(Key.SCALING, TtmConfig.Scaling.NONE);
        for (Key key : Key.OF_DECOMPOSITION) part.set(key, key.standard);
        // On its own, a forecaster may be of the first two generations, whose channel indices must be below this
        // number.
        if (!whole.mixesChannels()) part.set(Key.NUM_INPUT_CHANNELS, whole.leastChannels());
        if (!whole.exogenousChannelIndices().isEmpty()) {
            int[] channels = whole.predictionChannels(whole.numInputChannels());
            part.set(Key.PREDICTION_CHANNEL_INDICES, Arrays.stream(channels).boxed().toList());
        }
        for (Key key : own) {
            Optional<Object> value = key.of(whole.values());
            if (value.isPresent()) part.set(key.replaced, value.get());
        }
        try {
            return part.build();
        } catch (IllegalArgumentException wrong) {
            String message = wrong.getMessage();
            for (Key key : own) {
                String replaced = "\"" + key.replaced + "\"";
                if (!message.startsWith(replaced)) continue;
                throw new IllegalArgumentException("\"" + key + "\"" + message.substring(replaced.length()), wrong);
            }
            throw wrong;
        }
    }
}
