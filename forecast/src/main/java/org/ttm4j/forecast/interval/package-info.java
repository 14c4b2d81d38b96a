/**
 * Prediction intervals from a model's own errors on windows it was not fitted to. Start with
 * {@link org.ttm4j.forecast.interval.ConformalIntervals}.
 */
package org.ttm4j.forecast.interval;
