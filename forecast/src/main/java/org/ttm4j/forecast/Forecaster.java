package org.ttm4j.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.train.Channels;

/**
 * Forecasts time series with Tiny Time Mixers: what an embedding program calls.
 *
 * <pre>{@code
 * Forecaster forecaster = Forecaster.bundled();
 * float[][] history = {load, temperature}; // channels × time, original units, NaN = missing
 * Forecast forecast = forecaster.forecast(history);
 * float[] nextLoad = forecast.values()[0]; // 96 steps after a long history
 * }</pre>
 *
 * <p>Missing values are interpolated between their neighbours (the nearest value at the edges) and do not count in the
 * scaling. A history longer than the context is cut to its end; a shorter one, down to {@link ForecasterInfo#minimumHistory()}, is
 * extended to the left with its earliest value as unobserved, and the result says so. A horizon longer than the model's
 * is reached by feeding the forecast back. A channel with nothing observed in the context is forecast as its last value
 * before, or 0 where there is none; one that never varies as its value, in models that do not mix channels.
 *
 * <p>A model that was fine-tuned comes with its {@link Channels}: histories and known futures have the columns of its
 * inputs, in their order and in original units, and are standardised as in training.
 *
 * <p>Models with std scaling that do not mix channels see every channel at one standard magnitude: less its mean, times a
 * power of two that brings its deviation into [1, 2). Forecasts therefore follow a change of units by a power of two
 * exactly, and any other closely. The forecast of a quiet series differs from the reference, whose scaler adds 1e-5 to the
 * variance and so shrinks what it sees of a series that deviates by a hundredth or less.
 *
 * <p>A forecaster combines the model with itself on transformed histories and with statistical forecasts, weighted by their
 * errors in the past of the series, as {@link ForecastMode} says; {@link #fast()} is the model alone. Models that were
 * fine-tuned on channels of their own, were calibrated, mix channels, or need more than a history are not combined.
 *
 * <p>Implementations are safe for any number of threads, and immutable but for intervals that their owner updates. On
 * one set of kernels, the forecast of a series is the same, bit for bit, whatever else is forecast with it. Where the
 * JVM has the vector module and {@code ttm4j.kernels} names no set, a model begins on plain Java and changes to the
 * vector kernels once these are hot, some seconds later: the first forecasts of a JVM may differ in their last bits
 * from later ones. After {@link #warmUp()}, or with a set named by that property, they do not. Each model computes
 * one {@link #forecastAll} on one set.
 */
public interface Forecaster {
    /**
     * The models that ship with this library, combined. Each request is forecast by the one that suits the length of its
     * history and its frequency; {@link #modelFor} and {@link Forecast#models} say which and why. Each loads when it is
     * first needed.
     */
    static Forecaster bundled() {
        return ForecastMode.BALANCED.around(
                new ChoosingForecaster(ChoosingForecaster.BUNDLED, BundledModels::config, BundledModels::model));
    }

    /**
     * One of the models that ship with this library, for all requests, combined.
     *
     * @param name one of {@link BundledModels#names()}
     * @throws IllegalArgumentException when no bundled model has this name
     */
    static Forecaster bundled(String name) {
        RunRules.requireGiven("name", name);
        return ForecastMode.BALANCED.around(SingleForecaster.bundled(name));
    }

    /**
     * The model of a checkpoint folder, with its {@link Channels} where it was fine-tuned and its intervals where it was
     * calibrated; combined where it was neither. Nobody may change the folder meanwhile.
     *
     * @throws CheckpointException naming the file and the byte, key or tensor at fault, also where the files are not of one
     *     model
     */
    static Forecaster load(Path folder) throws IOException {
        RunRules.requireGiven("folder", folder);
        return ForecastMode.BALANCED.around(SingleForecaster.load(folder));
    }

    /** A forecaster of a model in memory, combined. The model must not be trained while the forecaster is in use. */
    static Forecaster of(TtmModel model) {
        RunRules.requireGiven("model", model);
        return ForecastMode.BALANCED.around(new SingleForecaster(model, null));
    }

    /**
     * A forecaster of a model that was fine-tuned on these channels: histories have its inputs, in their order.
     *
     * @throws IllegalArgumentException when the roles of the channels are not those of the model
     */
    static Forecaster of(TtmModel model, Channels channels) {
        RunRules.requireGiven("model", model);
        RunRules.requireGiven("channels", channels);
        channels.requireMatch(model.config());
        return new SingleForecaster(model, channels);
    }

    /** The capabilities of this forecaster. Loads no weights. */
    ForecasterInfo info();

    /** Its model alone, or the choice among its models: itself where nothing is combined. */
    ModelForecaster fast();

    /**
     * Forecasts many requests together, which keeps the cores busy where each has few channels. Every request is answered
     * for itself, in its place: what is wrong with one does not concern the others. Memory grows with the requests: a few
     * hundred series at a time are plenty, and {@link ForecastJob} takes any number. A request that is null fails as any
     * other that is wrong. Once the deadline is past or this thread is interrupted, what is not yet forecast fails with
     * a {@link java.util.concurrent.CancellationException}.
     *
     * @param execution helping threads, a deadline and a progress listener
     * @throws IllegalArgumentException when an argument is null
     */
    List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution);

    /**
     * As {@link #forecastAll(List, Execution)}, by this thread alone, all or none.
     *
     * @throws java.util.concurrent.CancellationException when this thread is interrupted
     */
    default List<ForecastResult> forecastAll(List<ForecastRequest> requests) {
        List<ForecastResult> results = forecastAll(requests, Execution.ALONE);
        results.forEach(ForecastResult::requireNotCancelled);
        return results;
    }

    /**
     * Forecasts what a request asks for.
     *
     * @throws java.util.concurrent.CancellationException when this thread is interrupted
     * @throws IllegalArgumentException when nothing of the history is observed, it is too short, ragged, infinite somewhere or too large for float32
     *     arithmetic in this model, has another number of channels than the model needs, when known future values are
     *     missing, too short, or of no use to this model, when a step has a time beyond the calendar's, or when
     *     quantiles are wanted of a level that needs more windows than the intervals remember, or of another level than
     *     the only one of a quantile head
     */
    default Forecast forecast(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return forecastAll(List.of(request)).get(0).orElseThrow();
    }

    /** The model's own horizon after a history (channels × time), whose frequency is unknown. */
    default Forecast forecast(float[][] history) {
        return forecast(ForecastRequest.of(history));
    }

    /** Forecasts {@code horizon} steps after a history (channels × time). */
    default Forecast forecast(float[][] history, int horizon) {
        return forecast(ForecastRequest.of(history).withHorizon(horizon));
    }

    /** The same models in another mode; those that are not combined stay as they are. */
    default Forecaster in(ForecastMode mode) {
        RunRules.requireGiven("mode", mode);
        return mode.around(fast());
    }

    /** The model that this request would be forecast by, and why. Does not check the request, and loads no weights. */
    default ModelChoice modelFor(ForecastRequest request) {
        return fast().modelFor(request);
    }

    /**
     * The steps that this request would be forecast: those that it wants, or else as many as its model makes in one pass.
     * Without a horizon, a combination of the bundled models uses the usual horizon of the frequency: 24 months, 8 quarters,
     * 5 years, 13 weeks, 28 days, 20 business days, 168 hours or a day of shorter steps, at most 1,440; never more than half
     * of the history or than the known future has.
     */
    default int horizon(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return request.horizon() > 0 ? request.horizon() : modelFor(request).config().outputLength();
    }

    /**
     * The most steps of its history that the forecast of this request uses, not counting missing ones. A combination uses the last
     * 2,048, or eight times the horizon, or four times the season that is given, or four weeks of steps shorter than a day, at
     * most 16,384 of these, whichever is most; with drivers, all, where they are given: effects are those of the whole history.
     */
    default int context(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return info().context();
    }

    /** An estimate of the cost of a forecast, for callers who may refuse it. Does not check the request. */
    default ForecastCost cost(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return ForecastCost.of(request.rows().length, request.rows()[0].length, horizon(request),
                modelFor(request).config().outputLength(), request.quantiles().length);
    }

    /**
     * Loads every model and forecasts until the time of a forecast is steady, on the kernels that later forecasts use: what a
     * service does before it says that it is ready. Takes seconds where the JVM compiles vector kernels.
     */
    default WarmedUp warmUp() {
        return fast().warmUp();
    }

    /**
     * What {@link Forecaster#warmUp()} cost. Immutable.
     *
     * @param duration that it took
     * @param runs of models
     * @param kernels that forecasts run on now: {@code vector} or {@code scalar}
     */
    record WarmedUp(Duration duration, int runs, String kernels) {}
}
