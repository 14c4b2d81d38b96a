package org.ttm4j.forecast;

import java.time.Duration;

/**
 * What {@link Forecaster#warmUp()} cost. Immutable.
 *
 * @param duration that it took
 * @param runs of models
 * @param kernels that forecasts run on now: {@code vector} or {@code scalar}
 */
public record WarmedUp(Duration duration, int runs, String kernels) {}
