package org.ttm4j.forecast;

import java.util.Optional;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * A model that a forecaster has chosen. Immutable.
 *
 * @param name such as {@code 512-96}, context and horizon
 * @param reason why it was chosen, in words
 * @param config of the model: its context, its horizon in one pass, what it needs to know
 * @param weights of the model
 */
public record ModelChoice(String name, String reason, TtmConfig config, Weights weights) {
    /** Tells weights of the same shape apart. */
    @FunctionalInterface
    public interface Weights {
        /** The SHA-256 of the file of the weights in hexadecimal digits; empty for a model that was made in memory. */
        Optional<String> sha256();
    }
}
