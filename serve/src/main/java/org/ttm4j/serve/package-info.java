/** Forecasts over HTTP. Start with {@link org.ttm4j.serve.ForecastServer}; docs/serve.md has the requests. */
package org.ttm4j.serve;
