package org.ttm4j.forecast.rolling;

/**
 * Errors e = y − f of forecasts f against truths y. Each is NaN where there is nothing to take it from.
 *
 * @param count pairs of a forecast and a truth; what was missing is not among them
 * @param mse mean of e²
 * @param mae mean of |e|
 * @param rmse √mse, taken once over all pairs
 * @param mase mean of |e| divided by its {@linkplain ForecastErrors#scale scale}; pairs without a scale are left out
 * @param smape mean of 2·|e| / (|y| + |f|), from 0 to 2; 0 where both are 0
 * @param wape Σ|e| / Σ|y|
 * @param quantiles how good the quantiles are, over those pairs that have some
 */
public record Scores(long count, double mse, double mae, double rmse, double mase, double smape, double wape,
        QuantileScores quantiles) {

    /**
     * How good quantiles q of forecasts are against truths y. Each is NaN where there is nothing to take it from.
     *
     * @param count truths that quantiles were there for
     * @param pinball mean over pairs and quantiles of max(τ·(y − q), (τ − 1)·(y − q))
     * @param crps continuous ranked probability score: twice the integral of the pinball loss over τ from 0 to 1, by the
     *     trapezoidal rule between the quantiles, the outermost held beyond; without any spread it is the absolute error
     * @param coverage for each level the share of truths within its interval, ends included
     * @param width for each level the mean width of its interval
     * @param below for each quantile the share of truths at or below it
     */
    public record QuantileScores(long count, double pinball, double crps, double[] coverage, double[] width,
            double[] below) {}
}
