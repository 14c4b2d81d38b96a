/** {@code POST /v1/forecast}. Start with {@link org.ttm4j.serve.forecast.ForecastRoute}. */
package org.ttm4j.serve.forecast;
