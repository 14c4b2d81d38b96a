package org.ttm4j.forecast.rolling;

/**
 * Errors e = y − f of forecasts f against truths y. Each is NaN where there is nothing to take it from.
 *
 * @param count pairs of a forecast and a truth; what was missing is not among them
 * @param mse mean of e²
 * @param mae mean of |e|
 * @param rmse √mse, taken once over all pairs
 * @param mase mean of |e| divided by its {@link SeasonalScale}; pairs without a scale are left out
 * @param smape mean of 2·|e| / (|y| + |f|), from 0 to 2; 0 where both are 0
 * @param wape Σ|e| / Σ|y|
 * @param quantiles how good the quantiles are, over those pairs that have some
 */
public record Scores(long count, double mse, double mae, double rmse, double mase, double smape, double wape,
        QuantileScores quantiles) {}
