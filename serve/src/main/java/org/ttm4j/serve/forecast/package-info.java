/**
 * Forecasts of requests: {@code POST /v1/forecast}, {@code /v1/anomalies} and the Open Inference Protocol, and the models that
 * make them in batches. Start with {@link org.ttm4j.serve.forecast.ForecastRoute}.
 */
package org.ttm4j.serve.forecast;
