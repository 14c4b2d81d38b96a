package org.ttm4j.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.TtmModel;
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
 * scaling. A history longer than the context is cut to its end; a shorter one, down to {@link #minimumHistory()}, is
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
 * <p>Implementations are immutable and safe for any number of threads. On one set of kernels, the forecast of a series is
 * the same, bit for bit, whatever else is forecast with it. Where the JVM has the vector module and
 * {@code ttm4j.kernels} names no set, a model begins on plain Java and changes to the vector kernels once these are hot,
 * some seconds later: the first forecasts of a JVM may differ in their last bits from later ones. After {@link #warmUp()},
 * or with a set named by that property, they do not. Each model computes one {@link #forecastAll} on one set.
 */
public interface Forecaster {
    /**
     * The models that ship with this library. Each request is forecast by the one that suits the length of its history,
     * its horizon and its frequency, as {@link BundledModels} says; {@link #modelFor} and {@link Forecast#model} say which
     * and why. Each loads when it is first needed.
     */
    static Forecaster bundled() {
        return new ChoosingForecaster(ModelTable.BUNDLED, BundledModels::config, BundledModels::model);
    }

    /**
     * One of the models that ship with this library, for all requests.
     *
     * @param name one of {@link BundledModels#names()}
     * @throws IllegalArgumentException when no bundled model has this name
     */
    static Forecaster bundled(String name) {
        return of(BundledModels.model(name));
    }

    /**
     * The model of a checkpoint folder, with its {@link Channels} where it was fine-tuned and its intervals where it was
     * calibrated. Nobody may change the folder meanwhile.
     *
     * @throws CheckpointException naming the file and the byte, key or tensor at fault, also where the files are not of one
     *     model
     */
    static Forecaster load(Path folder) throws IOException {
        ForecastRequest.requireGiven("folder", folder);
        return SingleForecaster.load(folder);
    }

    /** A forecaster of a model in memory, which must not be trained while it is in use. */
    static Forecaster of(TtmModel model) {
        ForecastRequest.requireGiven("model", model);
        return new SingleForecaster(model, null);
    }

    /**
     * The same for a model that was fine-tuned on these channels: histories have its inputs, in their order.
     *
     * @throws IllegalArgumentException when the roles of the channels are not those of the model
     */
    static Forecaster of(TtmModel model, Channels channels) {
        ForecastRequest.requireGiven("model", model);
        ForecastRequest.requireGiven("channels", channels);
        channels.requireMatch(model.config());
        return new SingleForecaster(model, channels);
    }

    /** The models that it has, the longest context first; each with what it is for. Loads no weights. */
    List<ModelChoice> models();

    /**
     * The first of {@link #models()}. Its configuration says which channels the forecaster takes and forecasts, the same in all
     * of its models, and the longest context that it has a use for.
     */
    default ModelChoice longestModel() {
        return models().get(0);
    }

    /** The model that this request would be forecast by, and why. Does not check the request, and loads no weights. */
    ModelChoice modelFor(ForecastRequest request);

    /** About what a forecast takes: for those who must refuse it before it is made. Does not check the request. */
    default ForecastCost cost(ForecastRequest request) {
        int output = modelFor(request).config().outputLength();
        int horizon = request.horizon() > 0 ? request.horizon() : output;
        return ForecastCost.of(request.history().length, request.history()[0].length, horizon, output,
                request.quantiles().length);
    }

    /** The fewest steps of history that are accepted: 1/32 of the (shortest) context, at least 2. */
    int minimumHistory();

    /** What the model was fine-tuned on; empty for one that takes any series. */
    Optional<Channels> channels();

    /**
     * What gives its forecasts quantiles; empty where nothing does, or the quantile heads of its models alone: without
     * intervals that fit, these answer at the levels that a request wants, interpolated linearly between their own and
     * extrapolated, with a note, beyond them.
     */
    Optional<ConformalIntervals> intervals();

    /**
     * The same forecaster with intervals: its forecasts have quantiles where their channels are as many as those of the
     * intervals and their horizon is no longer, of the levels that the request wants, else of all. Whoever updates the
     * intervals changes the quantiles of later forecasts. Levels that the intervals lack are derived for each request by
     * {@link ConformalIntervals#withLevels}, which copies all errors: many such requests are faster with intervals that
     * have these levels.
     */
    Forecaster withIntervals(ConformalIntervals of);

    /** The same forecaster without intervals. */
    Forecaster withoutIntervals();

    /**
     * Forecasts many requests together, which keeps the cores busy where each has few channels. Every request is answered
     * for itself, in its place: what is wrong with one does not concern the others. Memory grows with the requests: a few
     * hundred series at a time are plenty. A request that is null fails as any other that is wrong.
     *
     * @throws IllegalArgumentException when the list is null
     */
    default List<ForecastResult> forecastAll(List<ForecastRequest> requests) {
        return forecastAll(requests, null);
    }

    /**
     * As {@link #forecastAll(List)}, with the help of an executor's threads: this one works too, and does alone what the
     * executor rejects or, as it is shut down, drops.
     *
     * @param executor null for none
     */
    List<ForecastResult> forecastAll(List<ForecastRequest> requests, Executor executor);

    /**
     * Forecasts what a request asks for.
     *
     * @throws IllegalArgumentException when the history is too short, ragged, infinite somewhere or too large for float32
     *     arithmetic in this model, has another number of channels than the model needs, when known future values are
     *     missing, too short, or of no use to this model, when a step has a time beyond the calendar's, or when
     *     quantiles are wanted of a level that needs more windows than the intervals remember, or of another level than
     *     the only one of a quantile head
     */
    default Forecast forecast(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        return forecastAll(List.of(request)).get(0).orElseThrow();
    }

    /** The model's own horizon after a history (channels × time). */
    default Forecast forecast(float[][] history) {
        return forecast(ForecastRequest.of(history));
    }

    /** {@code horizon} steps after a history (channels × time). */
    default Forecast forecast(float[][] history, int horizon) {
        return forecast(ForecastRequest.of(history).withHorizon(horizon));
    }

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
     * the horizon takes several, and of a model alone, whatever combines it with others. What the model sees of a channel is
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
     * Asks what a forecast rests on: of its first pass, and of a model alone, whatever combines it with others.
     *
     * @throws IllegalArgumentException as {@link #forecast(ForecastRequest)}, but for quantiles
     */
    Explanation explain(ForecastRequest request);

    /**
     * Loads every model and runs it until its time is steady, on the kernels that later forecasts use: what a service does
     * before it says that it is ready. Takes seconds where the JVM compiles vector kernels.
     */
    WarmedUp warmUp();
}
