/**
 * How good forecasts are: {@link org.ttm4j.ttm.rolling.PointErrors} for values, {@link org.ttm4j.ttm.rolling.QuantileErrors}
 * for intervals and quantiles. Both take forecasts as they come and keep sums only, so that any number of windows fits
 * into memory. The definitions, with their sources, are in {@code docs/metrics.md}.
 */
package org.ttm4j.ttm.rolling;
