package org.ttm4j.ttm.config;

import java.util.List;
import java.util.Map;

/**
 * Keys of later model generations that change the computation. Ignoring them like other unknown keys would load such a
 * checkpoint, or nearly so, and forecast something else.
 */
final class LaterGenerations {
    private static final String GATE = "gate_mode";
    private static final String SOFTMAX = "softmax";
    private static final Map<String, String> FEATURES = Map.of("multi_scale", "several scales at once",
            "register_tokens", "register tokens", "fft_length", "a Fourier-domain input", "multi_quantile_head",
            "a head of several quantiles", "multi_quantile_heads", "a head of several quantiles", "decompose",
            "trend and residual decomposition", "enable_base_norm_always", "another normalisation of the forecast");

    private LaterGenerations() {}

    /** Throws IllegalArgumentException when one of these keys is switched on, or names a gate other than softmax. */
    static void refuse(Map<String, ?> json) {
        if (json.containsKey(GATE) && !SOFTMAX.equals(json.get(GATE))) {
            throw ConfigJson.wrong(GATE, json.get(GATE), '"' + SOFTMAX + '"');
        }
        for (Map.Entry<String, ?> entry : json.entrySet()) {
            String feature = FEATURES.get(entry.getKey());
            if (feature == null || isOff(entry.getValue())) continue;
            throw ConfigJson.wrong(entry.getKey(), entry.getValue(),
                    "it to be off: " + feature + " (a later generation) is not supported");
        }
        Object architectures = json.get("architectures");
        if (architectures instanceof List
                && ((List<?>) architectures).contains("TinyTimeMixerForDecomposedPrediction")) {
            throw new IllegalArgumentException("\"architectures\" names TinyTimeMixerForDecomposedPrediction: "
                    + FEATURES.get("decompose") + " is not supported");
        }
    }

    private static boolean isOff(Object value) {
        if (value == null || Boolean.FALSE.equals(value)) return true;
        if (value instanceof List) return ((List<?>) value).isEmpty();
        return value instanceof Number && ((Number) value).doubleValue() <= 0;
    }
}
