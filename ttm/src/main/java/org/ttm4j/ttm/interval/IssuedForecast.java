package org.ttm4j.ttm.interval;

/**
 * A forecast whose truth is still to come. Immutable by convention; it shares the forecast's array.
 *
 * @param forecast channels × steps
 * @param quantiles what was said of it; null when there were too few windows
 * @param scales what its errors are divided by
 * @param number which of the issued forecasts it is, from 1
 */
public record IssuedForecast(float[][] forecast, Quantiles quantiles, float[] scales, long number) {}
