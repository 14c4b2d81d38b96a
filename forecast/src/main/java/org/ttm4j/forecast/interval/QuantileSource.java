package org.ttm4j.forecast.interval;

import java.util.Optional;

/**
 * Where the quantiles of a forecast come from: the model's quantile head, errors that the model made on rows held out for that,
 * its errors within the history, or those that a combination made at earlier origins.
 */
public interface QuantileSource {
    /**
     * The quantiles of a forecast; empty where the errors are too few. Errors within a history are made by this call, which
     * forecasts that history from many origins; the other sources have theirs.
     *
     * @param forecast channels × steps
     * @param levels strictly ascending; none for those of the head or of the calibrated intervals, where the source is one
     * @throws IllegalArgumentException saying why this source has no quantiles of a level
     */
    Optional<Quantiles> quantiles(double[][] forecast, double... levels);
}
