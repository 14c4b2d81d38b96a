package org.ttm4j.forecast;

import org.ttm4j.ttm.config.TtmConfig;

/**
 * A model that a forecaster has chosen. Immutable.
 *
 * @param name such as {@code 512-96}, context and horizon
 * @param reason why it was chosen, in words
 * @param config of the model: its context, its horizon in one pass, what it needs to know
 */
public record ModelChoice(String name, String reason, TtmConfig config) {}
