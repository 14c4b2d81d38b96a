/**
 * What a program needs to forecast. Start with {@link org.ttm4j.forecast.Forecaster}:
 *
 * <pre>{@code
 * Forecaster forecaster = Forecaster.bundled();
 * float[][] history = {load, temperature}; // channels × time, original units, NaN = missing
 * Forecast forecast = forecaster.forecast(history);
 * float[] nextLoad = forecast.values()[0]; // 96 steps after a long history
 * forecast.notes().forEach(System.err::println); // which model and why, what was filled or left out
 * }</pre>
 *
 * <p>A {@link org.ttm4j.forecast.ForecastRequest} adds what is known of a series, such as its frequency, and how far to
 * forecast. {@link org.ttm4j.forecast.PastForecasts} forecasts the past of a series, which measures a model on it.
 */
package org.ttm4j.forecast;
