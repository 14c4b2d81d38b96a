package org.ttm4j.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ttm4j.forecast.attribution.RequestExplanation;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.InputChannels;
import org.ttm4j.ttm.run.Lazy;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.run.RequestTrace;
import org.ttm4j.ttm.run.WarmUp;
import org.ttm4j.ttm.train.Channels;

/** A forecaster of one model, read when first needed. */
final class SingleForecaster implements Forecaster {
    private static final int WARM_REQUESTS = 500;

    private final Model model;
    /** Null for a model that takes any series. */
    private final Channels channels;
    /** Null for none. */
    private final ConformalIntervals intervals;

    /** The model, and the memory of forecasts into the caller's arrays; shared by forecasters of other intervals. */
    private record Model(Lazy<TtmConfig> config, InputChannels inputs, Lazy<WarmUp> warmUp, Deque<Idle> idle) {}

    /** A run, and the history that it reads. */
    private record Idle(ForecastRun run, double[][] history) {}

    private SingleForecaster(Model model, Channels channels, ConformalIntervals intervals) {
        this.model = model;
        this.channels = channels;
        this.intervals = intervals;
    }

    /** The configuration has a source of its own, as it is read in a fraction of the time that the weights take. */
    SingleForecaster(Supplier<TtmConfig> config, Supplier<TtmModel> model, Channels channels) {
        this(new Model(new Lazy<>(config), inputs(channels), new Lazy<>(() -> new WarmUp(model.get())),
                new ArrayDeque<>()), channels, null);
    }

    /** Of a model in memory; {@code channels} may be null. */
    SingleForecaster(TtmModel model, Channels channels) {
        this(model::config, () -> model, channels);
    }

    private static InputChannels inputs(Channels channels) {
        if (channels == null) return null;
        return new InputChannels(channels.inputs().stream().map(input -> Channels.shortened(input.name())).toList(),
                channels.standardization());
    }

    /** See {@link Forecaster#load}. */
    static Forecaster load(Path folder) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(folder);
        TtmModel model = TtmModel.of(checkpoint);
        Optional<Channels> channels = Channels.read(folder);
        Forecaster forecaster;
        try {
            forecaster = channels.isEmpty() ? Forecaster.of(model) : Forecaster.of(model, channels.get());
        } catch (IllegalArgumentException mismatch) {
            throw new CheckpointException(folder.resolve(Channels.FILE).toString(), mismatch.getMessage(), mismatch);
        }
        Optional<ConformalIntervals> intervals = ConformalIntervals.read(folder);
        if (intervals.isEmpty()) return forecaster;
        requireFit(intervals.get(), model.config(), channels, folder.resolve(ConformalIntervals.FILE));
        return forecaster.withIntervals(intervals.get());
    }

    /** Stored intervals are for the number of channels that the model forecasts, where it is fixed: others never fit. */
    private static void requireFit(ConformalIntervals of, TtmConfig config, Optional<Channels> channels, Path file)
            throws CheckpointException {
        int inputs = channels.isEmpty() ? config.numInputChannels() : channels.get().inputs().size();
        boolean fixed = channels.isPresent() || config.mixesChannels() || !config.predictionChannelIndices().isEmpty();
        if (!fixed) return;
        int expected = config.predictionChannels(inputs).length;
        if (of.channels() == expected) return;
        throw new CheckpointException(file.toString(), "tensor scores holds " + of.channels() + " channels; expected "
                + expected + ", as the model forecasts");
    }

    TtmConfig config() {
        return model.config.get();
    }

    @Override
    public List<ModelChoice> models() {
        return List.of(onlyModel());
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        return onlyModel();
    }

    private ModelChoice onlyModel() {
        return new ModelChoice(config().contextLength() + "-" + config().outputLength(), "the only model", config());
    }

    @Override
    public int minimumHistory() {
        return ForecastRun.minimumHistory(config().contextLength());
    }

    @Override
    public Optional<Channels> channels() {
        return Optional.ofNullable(channels);
    }

    @Override
    public Optional<ConformalIntervals> intervals() {
        return Optional.ofNullable(intervals);
    }

    @Override
    public SingleForecaster withIntervals(ConformalIntervals of) {
        ForecastRequest.requireGiven("intervals", of);
        return new SingleForecaster(model, channels, of);
    }

    @Override
    public SingleForecaster withoutIntervals() {
        return new SingleForecaster(model, channels, null);
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Executor executor) {
        ForecastRequest.requireGiven("requests", requests);
        ForecastResult[] results = new ForecastResult[requests.size()];
        ForecastRun[] runs = new ForecastRun[results.length];
        for (int i = 0; i < results.length; i++) {
            int index = i;
            attempt(results, i, () -> {
                ForecastRequest.requireGiven("requests[" + index + "]", requests.get(index));
                runs[index] = begin(requests.get(index), requests.get(index).history());
            });
        }
        List<Integer> pending = pending(runs, results);
        // One for all tiles and passes: the change to other kernels does not come within a call.
        Predictor predictor = pending.isEmpty() ? null : model.warmUp.get().predictor(pending.size());
        while (!pending.isEmpty()) {
            predictor.predict(pending.stream().map(i -> runs[i].samples()).toList(), executor);
            for (int i : pending) attempt(results, i, () -> runs[i].accept(predictor));
            pending = pending(runs, results);
        }
        for (int i = 0; i < results.length; i++) {
            int index = i;
            attempt(results, i, () -> results[index] = new ForecastResult.Success(
                    withQuantiles(Forecast.of(requests.get(index), runs[index]), requests.get(index), runs[index])));
        }
        return Arrays.asList(results);
    }

    /** Does a step of a request that has not failed; what is wrong with it is its result. */
    static void attempt(ForecastResult[] results, int index, Runnable step) {
        if (results[index] != null) return;
        try {
            step.run();
        } catch (IllegalArgumentException wrong) {
            results[index] = new ForecastResult.Failure(index, wrong);
        }
    }

    private static List<Integer> pending(ForecastRun[] runs, ForecastResult[] results) {
        List<Integer> pending = new ArrayList<>();
        for (int i = 0; i < runs.length; i++) if (results[i] == null && !runs[i].isComplete()) pending.add(i);
        return pending;
    }

    /** With the request's history, or another of its length. */
    private ForecastRun begin(ForecastRequest request, double[][] history) {
        int token = Resolution.of(request.stepLength()).tokenWithin(config().frequencyTokenVocabSize());
        ForecastRun run = new ForecastRun(config(), model.inputs, history.length, token, request.categories());
        for (int c = 0; c < history.length; c++) requireLength(c, history[c].length, history[0].length);
        run.begin(history, history[0].length, request.isSinglePrecision(), request.knownFuture().orElse(null),
                horizon(request));
        return run;
    }

    private int horizon(ForecastRequest request) {
        return request.horizon() == 0 ? config().outputLength() : request.horizon();
    }

    private static void requireLength(int channel, int length, int first) {
        if (length == first) return;
        throw new IllegalArgumentException(
                "channel " + channel + " has " + length + " steps where channel 0 has " + first);
    }

    /** By intervals, which were calibrated for this forecaster, where they fit; else those of the model itself. */
    private Forecast withQuantiles(Forecast forecast, ForecastRequest request, ForecastRun run) {
        double[] wanted = request.quantiles();
        boolean fits = intervals != null && forecast.channels().length == intervals.channels()
                && forecast.horizon() <= intervals.horizon();
        if (!fits && config().quantileHead().enabled()) {
            QuantileHeadConfig head = config().quantileHead();
            Forecast own = forecast
                    .withQuantiles(NativeQuantiles.of(head, run.quantiles(), forecast.horizon(), wanted));
            return Arrays.stream(wanted).noneMatch(level -> NativeQuantiles.isBeyond(head, level))
                    ? own
                    : own.withNote("quantiles below " + head.levels().get(0) + " and above "
                            + head.levels().get(head.levels().size() - 1)
                            + ", which the model was not trained for, are extrapolated");
        }
        if (!fits) return without(forecast, wanted);
        double[][] history = request.history();
        float[] scales = LocalScales.of(history, history[0].length, config().contextLength(), forecast.channels());
        Optional<Quantiles> quantiles = intervalsFor(wanted).quantilesIfEnough(forecast.doubleValues(), scales);
        return quantiles.isEmpty() ? without(forecast, wanted) : forecast.withQuantiles(only(wanted, quantiles.get()));
    }

    /** Intervals that have these levels, maybe among others. */
    private ConformalIntervals intervalsFor(double[] wanted) {
        double[] levels = intervals.levels();
        if (Arrays.stream(wanted).allMatch(level -> Arrays.binarySearch(levels, level) >= 0)) return intervals;
        try {
            return intervals.withLevels(wanted);
        } catch (IllegalArgumentException neverEnough) {
            throw new IllegalArgumentException("quantiles: " + neverEnough.getMessage(), neverEnough);
        }
    }

    /** Says why there are no quantiles, where some are wanted. */
    private Forecast without(Forecast forecast, double[] wanted) {
        if (wanted.length == 0) return forecast;
        return forecast.withNote("no quantiles: " + (intervals == null
                ? "this forecaster has no intervals"
                : intervals.reasonWithout(forecast.channels().length, forecast.horizon())));
    }

    /** The quantiles of these levels; all of them for none. */
    private static Quantiles only(double[] wanted, Quantiles of) {
        if (wanted.length == 0) return of;
        double[][][] values = new double[wanted.length][][];
        for (int i = 0; i < wanted.length; i++) values[i] = of.doublesAt(wanted[i]);
        return new Quantiles(wanted, values, of.windows());
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        ForecastRequest.requireGiven("history", history);
        ForecastRequest.requireGiven("result", result);
        if (history.length == 0) throw new IllegalArgumentException("the history has no channel");
        Idle idle = borrow(history.length);
        int steps = 0;
        for (int c = 0; c < history.length; c++) {
            if (history[c] == null) throw new IllegalArgumentException("history[" + c + "] is null");
            if (c == 0) steps = history[c].length;
            requireLength(c, history[c].length, steps);
            if (idle.history[c].length < steps) idle.history[c] = new double[steps];
            for (int t = 0; t < steps; t++) idle.history[c][t] = history[c][t];
        }
        ForecastRun run = idle.run;
        run.begin(idle.history, steps, true, null, horizon(result, run.channels().length));
        Predictor predictor = model.warmUp.get().predictor(1);
        while (!run.isComplete()) {
            predictor.predict(run.samples(), 0, run.samples().past().length / predictor.sampleSize());
            run.accept(predictor);
        }
        for (int i = 0; i < result.length; i++) {
            for (int t = 0; t < result[i].length; t++) result[i][t] = (float) run.result()[i][t];
        }
        synchronized (model.idle) {
            model.idle.push(idle);
        }
    }

    private Idle borrow(int channels) {
        synchronized (model.idle) {
            Idle idle = model.idle.poll();
            if (idle != null && idle.history.length == channels) return idle;
        }
        if (config().needsKnownFuture() || !config().categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories: "
                    + "forecast a ForecastRequest that has them");
        }
        return new Idle(new ForecastRun(config(), model.inputs, channels, Resolution.UNKNOWN.token(), new int[0]),
                new double[channels][0]);
    }

    /** The length of the longest row, once all are checked. */
    private static int horizon(float[][] result, int channels) {
        if (result.length != channels) {
            throw new IllegalArgumentException(
                    "the result has " + result.length + " rows: expected " + channels + ", one a forecast channel");
        }
        int longest = 0;
        for (int i = 0; i < channels; i++) {
            if (result[i] == null) throw new IllegalArgumentException("result[" + i + "] is null");
            if (result[i].length < 1 || result[i].length > ForecastRequest.MAX_HORIZON) {
                throw new IllegalArgumentException("result[" + i + "] has " + result[i].length
                        + " steps: expected 1 to " + ForecastRequest.MAX_HORIZON);
            }
            longest = Math.max(longest, result[i].length);
        }
        return longest;
    }

    @Override
    public Trace trace(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        return RequestTrace.of(model.warmUp.get().predictor(1), begin(request, request.history()));
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        ForecastRequest.requireGiven("request", request);
        return new RequestExplanation(model.warmUp.get().predictor(1), history -> begin(request, history),
                request.history(), horizon(request));
    }

    @Override
    public WarmedUp warmUp() {
        long begin = System.nanoTime();
        int runs = model.warmUp.get().run();
        // The model is hot; what stands between it and the caller is not yet.
        ForecastRequest request = example();
        for (int i = 0; i < WARM_REQUESTS; i++) forecast(request);
        return new WarmedUp(Duration.ofNanos(System.nanoTime() - begin), runs + WARM_REQUESTS,
                model.warmUp.get().predictor(1).kernels().name());
    }

    private ForecastRequest example() {
        double[][] history = new double[channels == null ? config().leastChannels() : channels.inputs().size()][];
        for (int c = 0; c < history.length; c++) {
            history[c] = IntStream.range(0, config().contextLength()).mapToDouble(Math::sin).toArray();
        }
        ForecastRequest request = ForecastRequest.of(history)
                .withCategories(new int[config().categoricalVocabSizeList().size()]);
        return config().needsKnownFuture()
                ? request.withKnownFuture(new double[config().exogenousChannels().length][config().outputLength()])
                : request;
    }
}
