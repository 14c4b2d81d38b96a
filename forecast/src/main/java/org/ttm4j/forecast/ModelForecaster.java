package org.ttm4j.forecast;

import java.util.Optional;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.ttm.inspect.Trace;

/**
 * A forecaster that combines nothing: one model, or for each request one of several. Made by {@link Forecaster#fast()}.
 * Immutable and thread-safe as {@link Forecaster} says.
 */
public interface ModelForecaster extends Forecaster {
    @Override
    default ModelForecaster fast() {
        return this;
    }

    @Override
    ModelChoice modelFor(ForecastRequest request);

    /**
     * Forecasts into the caller's arrays and, once warm and while the number of channels stays the same, allocates
     * nothing: for services that count every byte. Models that need more than a history (known future values, static
     * categories) take a request instead; a resolution prefix reads that the frequency is unknown. Where models of several
     * shapes run in one JVM on vector kernels, its compiler may still make objects of a few vectors: some 1 KB a forecast.
     *
     * @param history channels × time
     * @param result overwritten; forecast channels × steps, at least 1; the longest row is the horizon
     * @throws IllegalArgumentException as {@link #forecast(ForecastRequest)}, or when the result's shape does not fit
     */
    void forecast(float[][] history, float[][] result);

    /**
     * Every tensor that the model makes on the way to a forecast, by the names of the checkpoint: of the first pass, where
     * the horizon takes several. What the model sees of a channel is
     * its values at one standard magnitude, as above; {@code loc}, {@code scale} and the results are in original units and
     * have a row for each forecast channel. Other layers have a row for each input channel.
     *
     * <p>Takes some two megabytes a channel, or more in a wide model, so that a few channels at a time are plenty. The values
     * are those of a forecast but for rounding: kernels that keep the weights of gates are others than those that do not.
     *
     * @throws IllegalArgumentException as {@link #forecast(ForecastRequest)}, but for quantiles
     */
    Trace trace(ForecastRequest request);

    /**
     * Asks what a forecast rests on: of its first pass.
     *
     * @throws IllegalArgumentException as {@link #forecast(ForecastRequest)}, but for quantiles
     */
    Explanation explain(ForecastRequest request);

    /** A note for every forecast if the requested model name is an alias of another. */
    default Optional<String> note() {
        return Optional.empty();
    }

    /** Whether its forecasts can be combined, as its {@link #info} says. */
    default boolean canCombine() {
        return info().canCombine();
    }

    /** Loads every model and runs it until its time is steady. */
    @Override
    WarmedUp warmUp();

    /**
     * The same forecaster with intervals: its forecasts have quantiles where their channels are as many as those of the
     * intervals and their horizon is no longer, of the levels that the request wants, else of all. Whoever updates the
     * intervals changes the quantiles of later forecasts. Levels that the intervals lack are derived for each request by
     * {@link ConformalIntervals#withLevels}, which copies all errors: many such requests are faster with intervals that
     * have these levels.
     */
    default ModelForecaster withIntervals(ConformalIntervals of) {
        return new CalibratedForecaster(this, of);
    }

    /** The same forecaster without intervals. */
    default ModelForecaster withoutIntervals() {
        return this;
    }
}
