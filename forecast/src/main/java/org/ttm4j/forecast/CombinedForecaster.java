package org.ttm4j.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import org.ttm4j.forecast.combine.Combination;
import org.ttm4j.forecast.combine.Drivers;
import org.ttm4j.forecast.combine.Member;
import org.ttm4j.forecast.combine.Members;
import org.ttm4j.forecast.combine.Seasons;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.train.Channels;

/**
 * Combines a model with itself on transformed histories and with statistical forecasts, for every channel apart. What each
 * of them would have been worth at earlier origins of the history gives its weight; the combination's own errors there give
 * the quantiles, which every forecast has. Where repeating the past clearly beats all that in the backtest, the forecast
 * repeats the past, and a note says so.
 *
 * <pre>{@code
 * Forecaster forecaster = CombinedForecaster.of(Forecaster.bundled());
 * Forecast forecast = forecaster.forecast(ForecastRequest.of(history).withFrequency(Duration.ofHours(1)));
 * forecast.quantile(0.9); // the deciles, or the levels that the request names
 * forecast.weights(); // the members, by channel
 * }</pre>
 *
 * <p>Steps that are missing at the end of a channel, up to 512, are forecast on the way: the forecast is that of the channel
 * up to its last value, and its first steps are left out. A channel with nothing observed is forecast as 0 with quantiles of 0, and a note says so.
 *
 * <p>A known future in a request is that of the last channels of its history, as many as it has rows. These are drivers and
 * not forecast; a ridge regression on them corrects the combination where that makes its errors at the earlier origins
 * smaller, and a note says whether it does. Models that need a known future have their own use for it.
 *
 * <p>A forecast takes some forty runs of the model in one batch. A model that mixes channels, was fine-tuned on channels of
 * its own or needs more than a history makes its forecasts alone, as does {@link #forecast(float[][], float[][])}.
 *
 * <p>Deterministic on one kernel set; immutable and thread-safe. Source of the weights: Bates and Granger 1969, with a power
 * of the error; of combining a method with itself on transformed series: docs/forecasting.md.
 */
public final class CombinedForecaster implements Forecaster {
    private static final int LEAST_STEPS = 3;
    private static final double MEDIAN = 0.5;
    /** Missing steps at the end that are forecast on the way: as many as the members on the recent past look back. */
    private static final int MOST_MISSING = Member.RECENT;
    private static final int MOST_STEPS = 1_000_000;
    private static final String UNOBSERVED = "nothing observed in the history; forecast as 0";
    private static final String DRIVERS_HELP = "corrected by what is known of the future, which made the errors at "
            + "earlier origins smaller";
    private static final String DRIVERS_DO_NOT = "what is known of the future did not make the errors at earlier "
            + "origins smaller, and is left out";

    private final Forecaster model;
    /** Earlier origins at most that the members are measured on. */
    private final int windows;
    private final IntConsumer progress;
    private final boolean suits;

    private CombinedForecaster(Forecaster model, int windows, IntConsumer progress) {
        this.model = model;
        this.windows = windows;
        this.progress = progress;
        suits = suits(model);
    }

    /** Combines around a model, or the best of several for each request, in {@link ForecastMode#BALANCED}. */
    public static CombinedForecaster of(Forecaster model) {
        return of(model, ForecastMode.BALANCED);
    }

    /**
     * As {@link #of(Forecaster)}, in a mode.
     *
     * @throws IllegalArgumentException in {@link ForecastMode#FAST}, which combines nothing
     */
    public static CombinedForecaster of(Forecaster model, ForecastMode mode) {
        if (model == null || mode == null) throw new IllegalArgumentException("the model or the mode is null");
        if (mode == ForecastMode.FAST) throw new IllegalArgumentException("mode fast: it is the model alone");
        return new CombinedForecaster(model, mode.windows(), channels -> {});
    }

    /** The same forecaster, which tells how many channels are combined, from the thread that forecasts. */
    public CombinedForecaster withProgress(IntConsumer channels) {
        if (channels == null) throw new IllegalArgumentException("channels is null");
        return new CombinedForecaster(model, windows, channels);
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Executor executor) {
        if (requests == null) throw new IllegalArgumentException("requests is null");
        ForecastResult[] results = new ForecastResult[requests.size()];
        List<Integer> combined = new ArrayList<>();
        List<Integer> alone = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            ForecastRequest request = requests.get(i);
            if (request == null) {
                results[i] = new ForecastResult.Failure(i, new IllegalArgumentException("requests[" + i + "] is null"));
            } else {
                (isCombined(request) ? combined : alone).add(i);
            }
        }
        List<ForecastResult> ofModel = model.forecastAll(alone.stream().map(requests::get).toList(), executor);
        for (int i = 0; i < alone.size(); i++) results[alone.get(i)] = at(alone.get(i), ofModel.get(i));
        List<Channel> batch = new ArrayList<>();
        long bytes = 0;
        for (int index : combined) {
            try {
                Pending pending = new Pending(index, requests.get(index));
                long bytesOfChannel = CombinationCost.ofChannel(pending.request, model, windows).bytes();
                for (int c = 0; c < pending.targets; c++) {
                    batch.add(new Channel(pending, c));
                    bytes += bytesOfChannel;
                    if (!CombinationCost.isFull(batch.size(), bytes)) continue;
                    combine(batch, results, executor);
                    bytes = 0;
                }
            } catch (IllegalArgumentException wrong) {
                results[index] = new ForecastResult.Failure(index, wrong);
            }
        }
        combine(batch, results, executor);
        return Arrays.asList(results);
    }

    /**
     * Whether forecasts of a model are combined at all: not where it mixes channels, was fine-tuned on channels of its own,
     * forecasts only some of them or needs more than a history.
     */
    public static boolean suits(Forecaster model) {
        TtmConfig config = model.longestModel().config();
        return model.channels().isEmpty() && !config.mixesChannels() && !config.needsKnownFuture()
                && config.categoricalVocabSizeList().isEmpty() && config.predictionChannelIndices().isEmpty();
    }

    /** The model refuses with a message what cannot be combined and it cannot forecast either. */
    private boolean isCombined(ForecastRequest request) {
        return suits && request.categories().length == 0;
    }

    /** The result of another list's request, with its index in this one. */
    private static ForecastResult at(int index, ForecastResult result) {
        return result instanceof ForecastResult.Failure failure
                ? new ForecastResult.Failure(index, failure.cause())
                : result;
    }

    /** A request whose channels are being combined. */
    private final class Pending {
        final int index;
        final ForecastRequest request;
        final double[][] histories;
        final Drivers drivers;
        final int targets;
        final List<Combination.Result> results = new ArrayList<>();
        final List<List<String>> notes = new ArrayList<>();
        /** The reason for which it cannot be forecast; null while there is none. */
        IllegalArgumentException wrong;

        Pending(int index, ForecastRequest request) {
            this.index = index;
            this.request = request;
            histories = CombinedForecaster.histories(request);
            drivers = Drivers.of(histories, request.knownFuture().orElse(new double[0][]), horizon(request));
            targets = histories.length - drivers.count();
        }

        void add(Combination.Result combined) {
            double[] history = histories[results.size()];
            int missing = missingAtEnd(history, request);
            Optional<Combination.Result> corrected = drivers.count() == 0
                    ? Optional.empty()
                    : drivers.correct(combined, history.length - missing);
            List<String> own = isObserved(history)
                    ? corrected.orElse(combined).notes()
                    : new ArrayList<>(List.of(UNOBSERVED));
            if (missing > 0) {
                own.add((missing == 1 ? "the last step is" : "the last " + missing + " steps are")
                        + " missing; the forecast begins at the value before");
            }
            request.season().ifPresent(season -> noteIfTooLong(season, own));
            if (drivers.count() > 0) own.add(corrected.isPresent() ? DRIVERS_HELP : DRIVERS_DO_NOT);
            results.add(corrected.orElse(combined).from(missing));
            notes.add(own);
        }

        private void noteIfTooLong(int season, List<String> own) {
            if (Seasons.holds(histories[0].length, season)) return;
            own.add("the history of " + histories[0].length + " steps holds the season of " + season
                    + " less than one and a half times, so it is forecast without one");
        }
    }

    private record Channel(Pending of, int index) {}

    /** Combines channels, and empties their list. */
    private void combine(List<Channel> batch, ForecastResult[] results, Executor executor) {
        List<Combination> combinations = new ArrayList<>();
        List<ForecastRequest> runs = new ArrayList<>();
        for (Channel channel : batch) {
            Combination combination = combination(channel.of.histories[channel.index], channel.of.request);
            combinations.add(combination);
            for (Combination.ModelRun run : combination.modelRuns()) {
                runs.add(request(run, channel.of.request));
            }
        }
        Iterator<ForecastResult> made = model.forecastAll(runs, executor).iterator();
        for (int i = 0; i < batch.size(); i++) {
            Pending of = batch.get(i).of;
            List<ForecastResult> own = new ArrayList<>();
            for (int run = combinations.get(i).modelRuns().size(); run > 0; run--) own.add(made.next());
            try {
                if (of.wrong != null) continue;
                of.add(combinations.get(i)
                        .combine(own.stream()
                                .map(ForecastResult::orElseThrow)
                                .map(forecast -> new Combination.ModelForecast(forecast.doubleValues()[0],
                                        forecast.quantiles()))
                                .iterator()));
                if (of.results.size() == of.targets) results[of.index] = new ForecastResult.Success(forecast(of));
            } catch (IllegalArgumentException wrong) {
                of.wrong = wrong;
                results[of.index] = new ForecastResult.Failure(of.index, wrong);
            }
        }
        progress.accept(batch.size());
        batch.clear();
    }

    /** What to ask the model for, on the way to a forecast with quantiles of the levels that are wanted. */
    private ForecastRequest request(Combination.ModelRun run, ForecastRequest of) {
        ForecastRequest request = ForecastRequest.of(new double[][]{run.history()}).withHorizon(run.steps());
        if (of.frequency().isPresent()) request = request.withFrequency(of.frequency().get());
        if (!run.withQuantiles()) return request;
        QuantileHeadConfig head = model.modelFor(request).config().quantileHead();
        if (!head.enabled() || head.levels().size() == 1) return request;
        return request.withQuantiles(DoubleStream.concat(DoubleStream.of(levels(of)), DoubleStream.of(MEDIAN))
                .distinct()
                .sorted()
                .toArray());
    }

    private static double[][] histories(ForecastRequest request) {
        double[][] histories = request.history();
        for (int c = 0; c < histories.length; c++) {
            if (histories[c].length != histories[0].length) {
                throw new IllegalArgumentException("channel " + c + " has " + histories[c].length
                        + " steps where channel 0 has " + histories[0].length);
            }
            if (histories[c].length < LEAST_STEPS) {
                throw new IllegalArgumentException(
                        "the history has " + histories[c].length + " steps: expected at least " + LEAST_STEPS);
            }
            for (int t = 0; t < histories[c].length; t++) {
                if (!(Math.abs(histories[c][t]) > Float.MAX_VALUE)) continue;
                throw new IllegalArgumentException("history[" + c + "][" + t + "] is "
                        + (Double.isInfinite(histories[c][t])
                                ? "infinite; missing values are NaN"
                                : histories[c][t] + ", beyond the largest float, " + Float.MAX_VALUE));
            }
        }
        return histories;
    }

    private int horizon(ForecastRequest request) {
        return request.horizon() > 0 ? request.horizon() : model.modelFor(request).config().outputLength();
    }

    private Combination combination(double[] history, ForecastRequest request) {
        int missing = missingAtEnd(history, request);
        int horizon = missing + horizon(request);
        boolean observed = isObserved(history);
        double[] values = observed ? Arrays.copyOf(history, history.length - missing) : new double[history.length];
        return new Combination(values, horizon, seasons(values, request), model.minimumHistory(),
                observed ? windows : 0, request.lower(), Members.isAtHome(request.frequency(), values.length));
    }

    /**
     * Missing steps at the end of a history, which the forecast begins before: its members and their errors at earlier
     * origins are those of forecasts from an observed value. 0 where they are too many for that, or all.
     */
    private int missingAtEnd(double[] history, ForecastRequest request) {
        int missing = 0;
        while (missing < history.length && Double.isNaN(history[history.length - 1 - missing])) missing++;
        boolean isPossible = missing <= MOST_MISSING && missing <= history.length - LEAST_STEPS
                && missing <= MOST_STEPS - horizon(request);
        return isPossible ? missing : 0;
    }

    private static boolean isObserved(double[] history) {
        return !Arrays.stream(history).allMatch(Double::isNaN);
    }

    /** The season that is given, or else those of the calendar. */
    private static List<Season> seasons(double[] history, ForecastRequest request) {
        if (request.season().isEmpty()) return Seasons.of(history, request.frequency().orElse(null));
        int steps = request.season().getAsInt();
        return Seasons.holds(history.length, steps) ? List.of(new Season(steps, "season")) : List.of();
    }

    /** The levels that a request names, or else the deciles. */
    static double[] levels(ForecastRequest request) {
        return request.quantiles().length > 0 ? request.quantiles() : ConformalIntervals.deciles();
    }

    private Forecast forecast(Pending of) {
        ForecastRequest request = of.request;
        int channels = of.targets;
        double[] levels = levels(request);
        double[][] values = new double[channels][];
        double[][][] quantiles = new double[levels.length][channels][];
        List<Map<String, Double>> weights = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            Combination.Result result = of.results.get(c);
            weights.add(Collections.unmodifiableMap(result.weights()));
            values[c] = result.values();
            for (int q = 0; q < levels.length; q++) quantiles[q][c] = result.quantile(levels[q]);
        }
        int windows = of.results.stream().mapToInt(result -> result.past().windows()).min().orElse(0);
        int[] all = new int[channels];
        Arrays.setAll(all, c -> c);
        Forecast forecast = Forecast.of(request, all, values)
                .withQuantiles(new Quantiles(levels, quantiles, windows))
                .withWeights(weights)
                .withNotes(of.notes);
        if (!request.crossValidation()) return forecast;
        return forecast
                .withCrossValidation(of.results.stream().map(result -> result.past().forecasts(levels)).toList());
    }

    @Override
    public ForecastCost cost(ForecastRequest request) {
        if (!isCombined(request)) return model.cost(request);
        return CombinationCost.of(request, CombinationCost.ofChannel(request, model, windows));
    }

    @Override
    public void forecast(float[][] history, float[][] result) {
        model.forecast(history, result);
    }

    @Override
    public List<ModelChoice> models() {
        return model.models();
    }

    @Override
    public ModelChoice modelFor(ForecastRequest request) {
        return model.modelFor(request);
    }

    /** {@value #LEAST_STEPS} where the model is combined; that of the model where it makes its forecasts alone. */
    @Override
    public int minimumHistory() {
        return suits ? LEAST_STEPS : model.minimumHistory();
    }

    @Override
    public Optional<Channels> channels() {
        return model.channels();
    }

    @Override
    public Optional<ConformalIntervals> intervals() {
        return model.intervals();
    }

    @Override
    public CombinedForecaster withIntervals(ConformalIntervals of) {
        return new CombinedForecaster(model.withIntervals(of), windows, progress);
    }

    @Override
    public CombinedForecaster withoutIntervals() {
        return new CombinedForecaster(model.withoutIntervals(), windows, progress);
    }

    @Override
    public Trace trace(ForecastRequest request) {
        return model.trace(request);
    }

    @Override
    public Explanation explain(ForecastRequest request) {
        return model.explain(request);
    }

    @Override
    public WarmedUp warmUp() {
        return model.warmUp();
    }
}
