package org.ttm4j.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ttm4j.forecast.attribution.RequestExplanation;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.Lazy;
import org.ttm4j.ttm.run.Predictor;
import org.ttm4j.ttm.run.RequestTrace;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.run.WarmUp;
import org.ttm4j.ttm.train.Channels;

/** A forecaster of one model, read when first needed. */
final class SingleForecaster implements ModelForecaster {
    private static final int WARM_REQUESTS = 500;

    private final Lazy<TtmConfig> config;
    private final Lazy<WarmUp> warmUp;
    /** Null for a model that takes any series. */
    private final Channels channels;
    private final ModelChoice.Weights weights;
    private final Optional<String> note;
    /** The memory of forecasts into the caller's arrays. */
    private final Deque<Idle> idleRuns = new ArrayDeque<>();

    /** A run, and the history that it reads. */
    private record Idle(ForecastRun run, double[][] history) {}

    /** The configuration has a source of its own, as it is read in a fraction of the time that the weights take. */
    SingleForecaster(Supplier<TtmConfig> config, Supplier<TtmModel> model, Channels channels,
            ModelChoice.Weights weights, Optional<String> note) {
        this.config = new Lazy<>(config);
        warmUp = new Lazy<>(() -> new WarmUp(model.get()));
        this.channels = channels;
        this.weights = weights;
        this.note = note;
    }

    static ModelForecaster bundled(String name) {
        TtmModel model = BundledModels.model(name);
        return new SingleForecaster(model::config, () -> model, null, Optional::empty, BundledModels.note(name));
    }

    /** Of a model in memory; {@code channels} may be null. */
    SingleForecaster(TtmModel model, Channels channels) {
        this(model::config, () -> model, channels, Optional::empty, Optional.empty());
    }

    static ModelForecaster load(Path folder) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(folder);
        TtmModel model = TtmModel.of(checkpoint);
        Optional<Channels> channels = Channels.read(folder);
        try {
            channels.ifPresent(known -> known.requireMatch(model.config()));
        } catch (IllegalArgumentException mismatch) {
            throw new CheckpointException(folder.resolve(Channels.FILE).toString(), mismatch.getMessage(), mismatch);
        }
        Optional<String> sha256 = Optional.of(Checkpoint.sha256(folder));
        ModelForecaster forecaster = new SingleForecaster(model::config, () -> model, channels.orElse(null),
                () -> sha256, Optional.empty());
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
        return config.get();
    }

    ModelChoice.Weights weights() {
        return weights;
    }

    @Override
    public ForecasterInfo info() {
        return new ForecasterInfo(ForecastMode.FAST, List.of(onlyModel()), Optional.ofNullable(channels),
                Optional.empty(), ForecastRun.minimumHistory(config().contextLength()), config().contextLength());
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return onlyModel();
    }

    private ModelChoice onlyModel() {
        return new ModelChoice(config().contextLength() + "-" + config().outputLength(), "the only model", config(),
                weights);
    }

    @Override
    public Optional<String> note() {
        return note;
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
        RunRules.requireGiven("requests", requests);
        RunRules.requireGiven("execution", execution);
        ForecastResult[] results = new ForecastResult[requests.size()];
        ForecastRun[] runs = new ForecastRun[results.length];
        for (int i = 0; i < results.length; i++) {
            attempt(results, i, index -> {
                RunRules.requireGiven("requests[" + index + "]", requests.get(index));
                runs[index] = observed(begin(requests.get(index), requests.get(index).rows()));
            });
        }
        List<Integer> pending = pending(runs, results);
        // One predictor for all tiles and passes, so that the kernels do not change within a call.
        Predictor predictor = pending.isEmpty() ? null : warmUp.get().predictor(pending.size());
        while (!pending.isEmpty()) {
            try {
                predictor.predict(pending.stream().map(i -> runs[i].samples()).toList(), execution.executor(),
                        execution::requireTime);
            } catch (CancellationException late) {
                for (int i : pending) results[i] = new ForecastResult.Failure(i, late);
            }
            for (int i : pending) attempt(results, i, index -> runs[index].accept(predictor));
            pending = pending(runs, results);
        }
        for (int i = 0; i < results.length; i++) {
            attempt(results, i,
                    index -> results[index] = new ForecastResult.Success(
                            withQuantiles(byOnlyModel(Forecast.of(requests.get(index), runs[index])),
                                    requests.get(index).quantiles(), runs[index])));
        }
        execution.progress(Arrays.stream(runs).filter(Objects::nonNull).mapToInt(run -> run.channels().length).sum());
        return Arrays.asList(results);
    }

    private Forecast byOnlyModel(Forecast forecast) {
        Forecast made = forecast.withModels(List.of(onlyModel()));
        return note.map(text -> made.withNote(NoteCode.ALIAS, text)).orElse(made);
    }

    /** Does a step of a request that has not failed; what is wrong with it is its result. */
    static void attempt(ForecastResult[] results, int index, IntConsumer step) {
        if (results[index] != null) return;
        try {
            step.accept(index);
        } catch (IllegalArgumentException wrong) {
            results[index] = new ForecastResult.Failure(index, wrong);
        }
    }

    private static List<Integer> pending(ForecastRun[] runs, ForecastResult[] results) {
        return IntStream.range(0, runs.length)
                .filter(i -> results[i] == null && !runs[i].isComplete())
                .boxed()
                .toList();
    }

    /** With the request's history, or another of its length. */
    private ForecastRun begin(ForecastRequest request, double[][] history) {
        int token = Resolution.of(request.stepLength()).tokenWithin(config().frequencyTokenVocabSize());
        ForecastRun run = new ForecastRun(config(), channels, history.length, token, request.categories(),
                request.embedding());
        for (int c = 0; c < history.length; c++) requireLength(c, history[c].length, history[0].length);
        run.begin(history, history[0].length, request.isSinglePrecision(), request.future(), horizon(request));
        return run;
    }

    private static ForecastRun observed(ForecastRun run) {
        if (run.isObserved()) return run;
        throw new IllegalArgumentException(ForecastRequest.NOTHING_OBSERVED);
    }

    static void requireLength(int channel, int length, int first) {
        if (length == first) return;
        throw new IllegalArgumentException(
                "channel " + channel + " has " + length + " steps where channel 0 has " + first);
    }

    /** Adds the quantiles of the quantile head, if the model has one. */
    private Forecast withQuantiles(Forecast forecast, double[] wanted, ForecastRun run) {
        QuantileHeadConfig head = config().quantileHead();
        if (!head.enabled()) {
            return wanted.length == 0
                    ? forecast
                    : forecast.withNote(NoteCode.NO_QUANTILES, "no quantiles: this forecaster has no intervals");
        }
        HeadQuantiles source = new HeadQuantiles(head, run.quantiles());
        Forecast own = forecast.withQuantiles(source.quantiles(forecast.horizon(), wanted));
        return Arrays.stream(wanted).noneMatch(source::isBeyond)
                ? own
                : own.withNote(NoteCode.EXTRAPOLATED_QUANTILES,
                        "quantiles below " + head.levels().get(0) + " and above "
                                + head.levels().get(head.levels().size() - 1)
                                + ", which the model was not trained for, are extrapolated");
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        RunRules.requireRows("history", history);
        RunRules.requireRows("result", result);
        if (history.length == 0) throw new IllegalArgumentException("the history has no channel");
        Idle idle = borrow(history.length);
        int steps = 0;
        for (int c = 0; c < history.length; c++) {
            if (c == 0) steps = history[c].length;
            requireLength(c, history[c].length, steps);
            if (idle.history[c].length < steps) idle.history[c] = new double[steps];
            for (int t = 0; t < steps; t++) idle.history[c][t] = history[c][t];
        }
        ForecastRun run = idle.run;
        run.begin(idle.history, steps, true, null, horizon(result, run.channels().length));
        observed(run);
        Predictor predictor = warmUp.get().predictor(1);
        while (!run.isComplete()) {
            predictor.predict(run.samples(), 0, run.samples().past().length / predictor.sampleSize());
            run.accept(predictor);
        }
        for (int i = 0; i < result.length; i++) {
            for (int t = 0; t < result[i].length; t++) result[i][t] = (float) run.result()[i][t];
        }
        synchronized (idleRuns) {
            idleRuns.push(idle);
        }
    }

    private Idle borrow(int inputs) {
        synchronized (idleRuns) {
            Idle idle = idleRuns.poll();
            if (idle != null && idle.history.length == inputs) return idle;
        }
        if (config().needsKnownFuture() || !config().categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories: "
                    + "forecast a ForecastRequest that has them");
        }
        return new Idle(new ForecastRun(config(), channels, inputs, Resolution.UNKNOWN.token(), new int[0], false),
                new double[inputs][0]);
    }

    /** The length of the longest row, once all are checked. */
    private static int horizon(float[][] result, int channels) {
        if (result.length != channels) {
            throw new IllegalArgumentException(
                    "the result has " + result.length + " rows: expected " + channels + ", one a forecast channel");
        }
        int longest = 0;
        for (int i = 0; i < channels; i++) {
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
        RunRules.requireGiven("request", request);
        return RequestTrace.of(warmUp.get().predictor(1), observed(begin(request, request.rows())));
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        return new RequestExplanation(warmUp.get().predictor(1), history -> begin(request, history), request.rows(),
                horizon(request));
    }

    @Override
    public WarmedUp warmUp() {
        long begin = System.nanoTime();
        int runs = warmUp.get().run();
        // The model is compiled by now; this compiles the code between it and the caller.
        ForecastRequest request = example();
        int requests = WarmUp.rounds(WARM_REQUESTS);
        for (int i = 0; i < requests; i++) forecast(request);
        return new WarmedUp(Duration.ofNanos(System.nanoTime() - begin), runs + requests,
                warmUp.get().predictor(1).kernels().name());
    }

    private ForecastRequest example() {
        double[][] history = new double[channels == null ? config().leastChannels() : channels.inputs().size()][];
        Arrays.fill(history, IntStream.range(0, config().contextLength()).mapToDouble(Math::sin).toArray());
        ForecastRequest request = ForecastRequest.of(history)
                .withCategories(new int[config().categoricalVocabSizeList().size()]);
        return config().needsKnownFuture()
                ? request.withKnownFuture(new double[config().exogenousChannels().length][config().outputLength()])
                : request;
    }

    /**
     * The quantiles of a model with a quantile head. A level between two of the model's is interpolated linearly, which keeps the
     * order. One beyond them lies on the logistic distribution through the model's middle and its outermost quantile on that side.
     *
     * @param values levels of the model × forecast channels × at least the horizon
     */
    private record HeadQuantiles(QuantileHeadConfig head, double[][][] values) {
        /** Of the first steps, as many as the horizon; of the levels of the model where none are named. */
        Quantiles quantiles(int horizon, double... levels) {
            double[] chosen = levels.length > 0 ? levels : head.levels().stream().mapToDouble(level -> level).toArray();
            double[][][] result = new double[chosen.length][][];
            for (int i = 0; i < chosen.length; i++) result[i] = at(chosen[i], horizon);
            return new Quantiles(chosen, result, 0);
        }

        /** Whether a level lies beyond those of the model. */
        boolean isBeyond(double level) {
            return level < head.levels().get(0) || level > head.levels().get(head.levels().size() - 1);
        }

        private double[][] at(double level, int horizon) {
            List<Double> levels = head.levels();
            int middle = levels.size() / 2;
            int last = levels.size() - 1;
            if (last == 0 && level != levels.get(0)) {
                throw new IllegalArgumentException(
                        "quantiles: level " + level + ": this model has " + levels.get(0) + " alone");
            }
            if (isBeyond(level)) {
                int outer = level < levels.get(0) ? 0 : last;
                return between(values[middle], values[outer], logit(level) / logit(levels.get(outer)), horizon);
            }
            int above = 0;
            while (levels.get(above) < level) above++;
            int below = levels.get(above) == level ? above : above - 1;
            double share = below == above ? 0 : (level - levels.get(below)) / (levels.get(above) - levels.get(below));
            return between(values[below], values[above], share, horizon);
        }

        private static double logit(double level) {
            return Math.log(level / (1 - level));
        }

        private static double[][] between(double[][] low, double[][] high, double share, int horizon) {
            double[][] result = new double[low.length][horizon];
            for (int c = 0; c < low.length; c++) {
                for (int t = 0; t < horizon; t++) {
                    double value = low[c][t] + share * (high[c][t] - low[c][t]);
                    result[c][t] = Math.clamp(value, -Float.MAX_VALUE, Float.MAX_VALUE);
                }
            }
            return result;
        }
    }
}
