package org.ttm4j.ttm;

import java.time.Duration;

/**
 * What to forecast. Immutable; arrays are shared, not copied, and must not change until the forecast is made.
 *
 * @param history channels × time in original units, oldest first, all channels equally long; NaN = missing
 * @param horizon steps to forecast, 1 to 1,000,000; 0 means as many as the model makes in one pass
 * @param frequency time between two steps, for models with a resolution prefix and the choice among several models; null
 *     when unknown
 * @param knownFuture exogenous channels × at least the horizon, for models that use it; null otherwise. A model looks
 *     beyond a horizon that ends within one of its passes: give these steps too where they are known
 * @param categories a value for each static category, for models that use them; null otherwise
 */
public record ForecastRequest(float[][] history, int horizon, Duration frequency, float[][] knownFuture,
        int[] categories) {
    /** Far beyond what any forecast can mean; keeps a slip of the pen from taking all memory. */
    static final int MAX_HORIZON = 1_000_000;

    static void checkHorizon(int steps) {
        if (steps < 1) throw new IllegalArgumentException("horizon " + steps + ": expected at least 1 step");
        if (steps > MAX_HORIZON) {
            throw new IllegalArgumentException("horizon " + steps + ": expected at most " + MAX_HORIZON + " steps");
        }
    }

    /** The model's own horizon after this history. */
    public static ForecastRequest of(float[][] history) {
        return new ForecastRequest(history, 0, null, null, null);
    }

    public ForecastRequest withHorizon(int steps) {
        checkHorizon(steps);
        return new ForecastRequest(history, steps, frequency, knownFuture, categories);
    }

    public ForecastRequest withFrequency(Duration step) {
        return new ForecastRequest(history, horizon, step, knownFuture, categories);
    }

    public ForecastRequest withKnownFuture(float[][] values) {
        return new ForecastRequest(history, horizon, frequency, values, categories);
    }

    public ForecastRequest withCategories(int... values) {
        return new ForecastRequest(history, horizon, frequency, knownFuture, values);
    }
}
