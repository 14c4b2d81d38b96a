/**
 * Forecasts of the past, and how good they are. A {@link org.ttm4j.forecast.rolling.ForecastFunction} forecasts one series from
 * any of its rows; {@link org.ttm4j.forecast.rolling.RollingForecasts} runs it over {@link org.ttm4j.ttm.series.Origins} on
 * several threads; {@link org.ttm4j.forecast.rolling.ForecastErrors} keeps sums only, so that any number of windows fits into
 * memory. A backtest of a series (channels × time) is five lines:
 *
 * <pre>{@code
 * Origins origins = Origins.in(new Rows(0, series[0].length), 512, 96, 24);
 * ForecastFunction model = PastForecasts.of(Forecaster.bundled(), ForecastRequest.of(series));
 * ForecastFunction naive = SimpleForecast.SEASONAL_NAIVE.on(series, model.channels(), 24);
 * double mase = RollingForecasts.errors(model, series, origins, 24, 2).total().mase();
 * double naiveMase = RollingForecasts.errors(naive, series, origins, 24, 2).total().mase();
 * }</pre>
 *
 * The definitions of the metrics, with their sources, are in {@code docs/judging.md}.
 */
package org.ttm4j.forecast.rolling;
