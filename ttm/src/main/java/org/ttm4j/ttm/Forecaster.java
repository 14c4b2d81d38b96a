package org.ttm4j.ttm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.LocalScales;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.History;
import org.ttm4j.ttm.run.Predictor;

/**
 * Forecasts time series with a Tiny Time Mixer: the class that an embedding program calls.
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
 * <p>Models with std scaling that do not mix channels see a channel that deviates less than 1/512 from its mean, or is
 * huge, times a power of two. There alone a forecast differs from the reference, whose scaler adds 1e-5 to the variance
 * and so shrinks what it sees of such a channel to half and less.
 *
 * <p>Immutable and safe for any number of threads. The forecast of a series is the same, bit for bit, whatever else is
 * forecast with it.
 */
public final class Forecaster {
    /** One model, or those of the table. */
    private final List<ForecastModel> models;
    /** The table by which one of several is chosen; empty where there is one. */
    private final List<BundledModels.Row> table;
    private final Channels channels;
    private final ConformalIntervals intervals;

    private Forecaster(List<ForecastModel> models, List<BundledModels.Row> table, Channels channels,
            ConformalIntervals intervals) {
        this.models = models;
        this.table = table;
        this.channels = channels;
        this.intervals = intervals;
    }

    private Forecaster(TtmModel model, Channels channels) {
        this(List.of(new ForecastModel(model::config, channels == null ? null : new Standardization(channels.inputs()),
                () -> model)), List.of(), channels, null);
    }

    /** Models by name, of which the table chooses one for each request. */
    Forecaster(List<BundledModels.Row> table, Function<String, TtmConfig> configs, Function<String, TtmModel> loader) {
        this(table.stream()
                .map(row -> new ForecastModel(() -> configs.apply(row.name()), null, () -> loader.apply(row.name())))
                .toList(), table, null, null);
    }

    /**
     * The models that ship with this library. Each request is forecast by the one that suits the length of its history,
     * its horizon and its frequency, as {@link BundledModels} says; {@link Forecast#model} tells which and why. Each loads
     * when it is first needed.
     */
    public static Forecaster bundled() {
        return new Forecaster(BundledModels.TABLE, BundledModels::config, BundledModels::model);
    }

    /**
     * One of the models that ship with this library, for all requests.
     *
     * @param name one of {@link BundledModels#names()}
     * @throws IllegalArgumentException when no bundled model has this name
     */
    public static Forecaster bundled(String name) {
        return of(BundledModels.model(name));
    }

    /**
     * The model of a checkpoint folder, with its {@link Channels} where it was fine-tuned and its intervals where it was
     * calibrated. Nobody may change the folder meanwhile.
     *
     * @throws CheckpointException naming the file and the byte, key or tensor at fault, also where the files are not of one
     *     model
     */
    public static Forecaster load(Path folder) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(folder);
        TtmModel model = TtmModel.of(checkpoint);
        Optional<Channels> channels = Channels.read(folder);
        Forecaster forecaster;
        try {
            forecaster = channels.isEmpty() ? of(model) : of(model, channels.get());
        } catch (IllegalArgumentException mismatch) {
            throw new CheckpointException(folder.resolve(Channels.FILE).toString(), mismatch.getMessage(), mismatch);
        }
        Optional<ConformalIntervals> intervals = ConformalIntervals.read(folder);
        if (intervals.isEmpty()) return forecaster;
        forecaster.requireFit(intervals.get(), folder.resolve(ConformalIntervals.FILE));
        return forecaster.withIntervals(intervals.get());
    }

    /** Stored intervals are for the number of channels that the model forecasts, where it is fixed: others never fit. */
    private void requireFit(ConformalIntervals of, Path file) throws CheckpointException {
        TtmConfig config = config();
        int inputs = channels == null ? config.numInputChannels() : channels.inputs().size();
        boolean fixed = channels != null || config.mixesChannels() || !config.predictionChannelIndices().isEmpty();
        if (!fixed) return;
        int expected = config.predictionChannels(inputs).length;
        if (of.channels() == expected) return;
        throw new CheckpointException(file.toString(), "tensor scores holds " + of.channels() + " channels; expected "
                + expected + ", as the model forecasts");
    }

    /** A forecaster of a model in memory, which must not be trained while it is in use. */
    public static Forecaster of(TtmModel model) {
        return new Forecaster(model, null);
    }

    /**
     * The same for a model that was fine-tuned on these channels: histories have its inputs, in their order.
     *
     * @throws IllegalArgumentException when the roles of the channels are not those of the model
     */
    public static Forecaster of(TtmModel model, Channels channels) {
        channels.requireMatch(model.config());
        return new Forecaster(model, channels);
    }

    /** What the model was fine-tuned on; empty for one that takes any series. */
    public Optional<Channels> channels() {
        return Optional.ofNullable(channels);
    }

    /**
     * The same forecaster with intervals: its forecasts have quantiles where their channels are as many as those of the
     * intervals and their horizon is no longer; null for no quantiles. Whoever updates the intervals changes the quantiles of
     * later forecasts.
     */
    public Forecaster withIntervals(ConformalIntervals of) {
        return new Forecaster(models, table, channels, of);
    }

    /** What gives its forecasts quantiles; empty where nothing does. */
    public Optional<ConformalIntervals> intervals() {
        return Optional.ofNullable(intervals);
    }

    /** The model's configuration; with several, that of the model for the longest histories. */
    public TtmConfig config() {
        return models.get(0).config();
    }

    /** The fewest steps of history that are accepted: 1/32 of the (shortest) context, at least 2. */
    public int minimumHistory() {
        return ForecastModel
                .minimumHistory(table.isEmpty() ? config().contextLength() : table.get(table.size() - 1).context());
    }

    /** The model's own horizon after a history (channels × time). */
    public Forecast forecast(float[][] history) {
        return forecast(ForecastRequest.of(history));
    }

    /** {@code horizon} steps after a history (channels × time). */
    public Forecast forecast(float[][] history, int horizon) {
        return forecast(ForecastRequest.of(history).withHorizon(horizon));
    }

    /**
     * Forecasts what a request asks for.
     *
     * @throws IllegalArgumentException when the history is too short, ragged, infinite somewhere or too large for float32
     *     arithmetic in this model, has another number of channels than the model needs, or when known future values are
     *     missing, too short, or of no use to this model
     */
    public Forecast forecast(ForecastRequest request) {
        return forecastAll(List.of(request)).get(0);
    }

    /**
     * Forecasts into the caller's arrays and, once warm and while the number of channels stays the same, allocates
     * nothing: for services that count every byte. Models that need more than a history (known future values, static
     * categories) take a request instead; a resolution prefix is told nothing. Where models of several shapes run in one
     * JVM on vector kernels, its compiler may still make objects of a few vectors: some 1 KB a forecast.
     *
     * @param history channels × time
     * @param result overwritten; forecast channels × steps, at least 1; the longest row is the horizon
     * @throws IllegalArgumentException as {@link #forecast(ForecastRequest)}, or when the result's shape does not fit
     */
    public void forecast(float[][] history, float[][] result) {
        int horizon = 0;
        for (float[] row : result) horizon = Math.max(horizon, row == null ? 0 : row.length);
        models.get(choose(history, horizon, null)).forecast(history, result);
    }

    /**
     * Forecasts many requests together, which keeps the cores busy where each has few channels. Every result is the same,
     * bit for bit, as that of {@link #forecast(ForecastRequest)}. Memory grows with the requests: a few hundred series at
     * a time are plenty.
     *
     * @throws IllegalArgumentException as {@link #forecast(ForecastRequest)}, for the first request at fault
     */
    public List<Forecast> forecastAll(List<ForecastRequest> requests) {
        return run(requests, (predictor, batch) -> predictor.predict(batch.samples(), 0, batch.count()));
    }

    /**
     * As {@link #forecastAll(List)}, on the threads of an executor: the results are the same, bit for bit. Do not call it
     * from a task of a bounded executor that it is to use.
     */
    public List<Forecast> forecastAll(List<ForecastRequest> requests, Executor executor) {
        return run(requests, (predictor, batch) -> predictor.predict(batch.samples(), batch.count(), executor));
    }

    private List<Forecast> run(List<ForecastRequest> requests, BiConsumer<Predictor, SampleBatch> predict) {
        List<ForecastRun> runs = new ArrayList<>(requests.size());
        Map<ForecastModel, List<ForecastRun>> runsOf = new LinkedHashMap<>();
        for (ForecastRequest request : requests) {
            ForecastModel model = models.get(choose(request.history(), request.horizon(), request.frequency()));
            ForecastRun run = new ForecastRun(model.config(), model.standardization(), request, explain(request));
            runs.add(run);
            runsOf.computeIfAbsent(model, none -> new ArrayList<>()).add(run);
        }
        runsOf.forEach((model, its) -> model.complete(its, predict));
        List<Forecast> forecasts = new ArrayList<>(runs.size());
        for (int i = 0; i < runs.size(); i++) {
            forecasts.add(withQuantiles(runs.get(i).result(), runs.get(i).config(), requests.get(i)));
        }
        return forecasts;
    }

    private Forecast withQuantiles(Forecast forecast, TtmConfig config, ForecastRequest request) {
        if (intervals == null || forecast.channels().length != intervals.channels()
                || forecast.horizon() > intervals.horizon()) {
            return forecast;
        }
        float[] scales = LocalScales.of(request.history(), request.history()[0].length, config.contextLength(),
                forecast.channels());
        return intervals.quantilesIfEnough(forecast.values(), scales).map(forecast::withQuantiles).orElse(forecast);
    }

    private int choose(float[][] history, int horizon, Duration frequency) {
        return table.isEmpty() ? 0 : BundledModels.choose(table, History.steps(history), horizon, frequency);
    }

    private Forecast.Model explain(ForecastRequest request) {
        return table.isEmpty()
                ? null
                : BundledModels.explain(table, History.steps(request.history()), request.horizon(),
                        request.frequency());
    }
}
