/**
 * Forecast combination: several ways to forecast the same series, weighted by what each of them would have been worth in
 * the series' own past. Start with {@link org.ttm4j.forecast.combine.Combination}; {@link org.ttm4j.forecast.combine.Members}
 * lists the members and says which of them apply to a series.
 */
package org.ttm4j.forecast.combine;
