/**
 * Prediction intervals from a model's own errors on windows it was not fitted to. Start with
 * {@link org.ttm4j.ttm.interval.ConformalIntervals}.
 */
package org.ttm4j.ttm.interval;
