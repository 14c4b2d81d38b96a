package org.ttm4j.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.forecast.combine.Combination;
import org.ttm4j.forecast.combine.EndOfDemand;
import org.ttm4j.forecast.combine.MonthlyEvents;
import org.ttm4j.forecast.combine.Outliers;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.run.WarmUp;

/**
 * Combines a model with itself on transformed histories and with statistical forecasts, for every channel separately. The
 * weight of a member follows from its errors at earlier origins of the history. The quantiles, which every forecast has,
 * follow from the errors of the combination there or, for intermittent demand, from past values. If the seasonal naive
 * forecast clearly beats the combination in this backtest, it is used instead, and a note says so. {@link CombinedRequest} has
 * the steps on the way of one request.
 *
 * <p>Steps that are missing at the end of a channel, up to 512, are forecast on the way: the forecast is that of the channel
 * up to its last value, and its first steps are left out. A channel with nothing observed beside others is
 * forecast as 0 with quantiles of 0, and a note says so. {@link Outliers} count as missing where there are no drivers. Of
 * demand that has ended ({@link EndOfDemand}), only what came since counts, and of zeros before it began none. What was the
 * same in each of the last cycles of the season is forecast as that.
 *
 * <p>A known future in a request is that of the last channels of its history, as many as it has rows. These are drivers and
 * not forecast. Their effects on the whole history are forecast apart from the rest of it, or a regression on them
 * corrects the combination, where that makes its errors at the earlier origins smaller, and a note says whether it does.
 * Models that need a known future have their own use for it.
 *
 * <p>In a daily series whose start is known, what comes on one day of every month is such a driver too ({@link MonthlyEvents}).
 *
 * <p>A forecast takes some thirty to ninety runs of the model in one batch, twice as many with drivers.
 *
 * <p>Deterministic on one kernel set; immutable and thread-safe. Source of the weights: Bates and Granger 1969, with a power
 * of the error; of combining a method with itself on transformed series: docs/forecasting.md.
 */
final class CombinedForecaster implements Forecaster {
    static final int LEAST_STEPS = 3;
    /** The most steps of history that a forecast uses, where long horizons or seasons do not ask for more. */
    private static final int CONTEXT = 2048;
    private static final int HORIZONS = 8;
    private static final int SEASONS = 4;
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int MOST_OF_A_WEEK = 4096;
    private static final int WARM_REQUESTS = 50;
    /** A day of minutes. Shorter steps have no more of them, since the work grows with the square of the steps. */
    private static final int MOST_USUAL_STEPS = 1440;
    private static final String BEST = "best is another name of balanced: more backtest origins did not improve it enough";

    private final ModelForecaster model;
    private final ForecastMode mode;
    /** Made at the first call, because it needs the configurations of all models. */
    private volatile ForecasterInfo info;

    /** Around a model whose forecasts can be combined, or the best of several for each request. */
    CombinedForecaster(ModelForecaster model, ForecastMode mode) {
        this.model = model;
        this.mode = mode;
    }

    @Override
    public ForecasterInfo info() {
        if (info == null) {
            ForecasterInfo of = model.info();
            info = new ForecasterInfo(mode, of.models(), of.channels(), of.intervals(), LEAST_STEPS, CONTEXT);
        }
        return info;
    }

    @Override
    public ModelForecaster fast() {
        return model;
    }

    @Override
    public int horizon(ForecastRequest request) {
        RunRules.requireGiven("request", request);
        boolean isUsual = request.horizon() == 0 && request.frequency().isPresent() && info().models().size() > 1;
        if (!isUsual) return model.horizon(request);
        int usual = Math.clamp(request.observedSteps() / 2, 1, usualHorizon(request.stepLength()));
        if (request.future() == null) return usual;
        int known = Arrays.stream(request.future()).mapToInt(row -> row.length).min().orElse(usual);
        return Math.clamp(known, 1, usual);
    }

    @Override
    public int context(ForecastRequest request) {
        return contextOf(request.withHorizon(horizon(request)));
    }

    /** As {@link #context}, of a request with a horizon. */
    static int contextOf(ForecastRequest request) {
        boolean isFine = request.frequency().isPresent() && request.stepLength().compareTo(Duration.ofDays(1)) < 0;
        long week = isFine ? WEEK.toMillis() / Math.max(1, request.stepLength().toMillis()) : 0;
        long season = Math.max(Math.min(week, MOST_OF_A_WEEK), request.season().orElse(0));
        return Math.clamp(Math.max(HORIZONS * (long) request.horizon(), SEASONS * season), CONTEXT, Integer.MAX_VALUE);
    }

    /**
     * How far people look ahead at a frequency: 5 years, 24 months, 8 quarters, 13 weeks, 28 days, 20 business days, a week of
     * hours or a day of shorter steps, and as much time of steps between these. A step of the calendar and one of as many days
     * count alike: years have 360 days or more, quarters 13 weeks, months 28 days or more.
     */
    private static int usualHorizon(Duration step) {
        if (step.compareTo(Duration.ofDays(360)) >= 0) return 5;
        if (step.equals(ForecastRequest.BUSINESS_DAY)) return 20;
        long days = 1;
        if (step.compareTo(Duration.ofDays(28)) >= 0) days = 8 * 91;
        else if (step.compareTo(Duration.ofDays(7)) >= 0) days = 91;
        else if (step.compareTo(Duration.ofDays(1)) >= 0) days = 28;
        else if (step.compareTo(Duration.ofHours(1)) >= 0) days = 7;
        // Months of the calendar are a little longer than those of weeks.
        double steps = (double) Duration.ofDays(days).toMillis() / Math.max(1, step.toMillis());
        return Math.clamp(Math.round(steps), 1, MOST_USUAL_STEPS);
    }

    @Override
    public List<ForecastResult> forecastAll(List<ForecastRequest> requests, Execution execution) {
        RunRules.requireGiven("requests", requests);
        RunRules.requireGiven("execution", execution);
        ForecastResult[] results = new ForecastResult[requests.size()];
        List<CombinedRequest.Channel> batch = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < results.length; i++) {
            CombinedRequest request;
            long bytesOfChannel;
            try {
                execution.requireTime();
                RunRules.requireGiven("requests[" + i + "]", requests.get(i));
                request = new CombinedRequest(requests.get(i).withHorizon(horizon(requests.get(i))), model, execution,
                        i, results);
                if (mode == ForecastMode.BEST) request.note(NoteCode.MODE, Note.ALL, BEST);
                bytesOfChannel = ForecastCost.ofChannel(request.request, model).bytes();
            } catch (IllegalArgumentException | CancellationException wrong) {
                results[i] = new ForecastResult.Failure(i, wrong);
                continue;
            }
            for (int c = 0; c < request.targets; c++) {
                for (CombinedRequest.Channel channel : request.channels(c)) {
                    batch.add(channel);
                    bytes += bytesOfChannel;
                    if (!ForecastCost.isFull(batch.size(), bytes)) continue;
                    combine(batch, execution);
                    bytes = 0;
                }
            }
        }
        combine(batch, execution);
        return Arrays.asList(results);
    }

    /** Combines channels, and empties their list. */
    private void combine(List<CombinedRequest.Channel> batch, Execution execution) {
        Combination[] combinations = new Combination[batch.size()];
        int[][] places = new int[combinations.length][];
        Runnable[] finished = new Runnable[combinations.length];
        try {
            execution.run(combinations.length, i -> combinations[i] = batch.get(i).combination());
            List<ForecastRequest> runs = new ArrayList<>();
            for (int i = 0; i < places.length; i++) places[i] = addRuns(combinations[i], batch.get(i).request(), runs);
            List<ForecastResult> all = model.forecastAll(runs, execution.withProgress(done -> {}));
            execution.run(finished.length, i -> finished[i] = finished(batch.get(i), combinations[i],
                    IntStream.of(places[i]).mapToObj(all::get).toList()));
            for (Runnable channel : finished) channel.run();
        } catch (CancellationException late) {
            for (CombinedRequest.Channel channel : batch) channel.of().fail(late);
        }
        execution.progress((int) batch.stream().filter(channel -> !channel.withoutDrivers()).count());
        batch.clear();
    }

    /** Combines a channel, and returns what gives the outcome to its request. */
    private static Runnable finished(CombinedRequest.Channel channel, Combination combination,
            List<ForecastResult> runs) {
        try {
            List<Forecast> made = runs.stream().map(ForecastResult::orElseThrow).toList();
            Combination.Result result = combination.combine(made.stream()
                    .map(run -> new Combination.ModelForecast(run.doubleValues()[0], run.quantiles()))
                    .iterator());
            return () -> channel.of().add(channel, result, made);
        } catch (IllegalArgumentException | CancellationException wrong) {
            return () -> channel.of().fail(wrong);
        }
    }

    /**
     * Adds what the model has to forecast for a combination, and returns the place of each of its runs. One on the last steps
     * of the series shares the place of that on the whole series where the same model reads the same of both.
     */
    private int[] addRuns(Combination combination, ForecastRequest of, List<ForecastRequest> runs) {
        List<Combination.ModelRun> wanted = combination.modelRuns();
        int[] places = new int[wanted.size()];
        int whole = 0;
        for (int i = 0; i < places.length; i++) {
            ForecastRequest request = request(wanted.get(i), of);
            if (wanted.get(i).withQuantiles()) whole = i;
            boolean isRead = whole < i && readsTheSame(runs.get(places[whole]), request);
            places[i] = isRead ? places[whole] : runs.size();
            if (!isRead) runs.add(request);
        }
        return places;
    }

    /**
     * Whether the same model reads the same of the only channel of two requests: the steps of its context, and the last
     * value, which may lie before them.
     */
    private boolean readsTheSame(ForecastRequest a, ForecastRequest b) {
        double[] x = a.rows()[0];
        double[] y = b.rows()[0];
        int common = Math.min(x.length, y.length);
        boolean isEqual = a.horizon() == b.horizon()
                && Arrays.equals(x, x.length - common, x.length, y, y.length - common, y.length);
        if (!isEqual) return false;
        ModelChoice choice = model.modelFor(a);
        return common >= Math.min(choice.config().contextLength(), Math.max(x.length, y.length))
                && choice.name().equals(model.modelFor(b).name());
    }

    /** The request to the model for one of the runs of a combination. */
    private ForecastRequest request(Combination.ModelRun run, ForecastRequest of) {
        ForecastRequest request = ForecastRequest.of(new double[][]{run.history()})
                .withHorizon(run.steps())
                .withKnownFrequency(of.frequency());
        if (!run.withQuantiles()) return request;
        QuantileHeadConfig head = model.modelFor(request).config().quantileHead();
        if (!head.enabled() || head.levels().size() == 1) return request;
        // Deciles are included, so that the mean does not depend on the requested levels.
        return request.withQuantiles(
                DoubleStream.concat(DoubleStream.of(levels(of)), DoubleStream.of(ConformalIntervals.deciles()))
                        .distinct()
                        .sorted()
                        .toArray());
    }

    /** The levels that a request names, or else the deciles. */
    static double[] levels(ForecastRequest request) {
        return request.quantiles().length > 0 ? request.quantiles() : ConformalIntervals.deciles();
    }

    @Override
    public ForecastCost cost(ForecastRequest request) {
        ForecastRequest asked = request.withHorizon(horizon(request));
        return ForecastCost.ofAll(asked, ForecastCost.ofChannel(asked, model));
    }

    /** Of the model, then of the combination: of one series with seasons, as long as it has a use for. */
    @Override
    public WarmedUp warmUp() {
        long begin = System.nanoTime();
        WarmedUp ofModel = model.warmUp();
        double[] history = IntStream.range(0, CONTEXT).mapToDouble(t -> Math.sin(Math.PI * t / 12)).toArray();
        ForecastRequest request = ForecastRequest.of(new double[][]{history}).withFrequency(Duration.ofHours(1));
        int requests = WarmUp.rounds(WARM_REQUESTS);
        for (int i = 0; i < requests; i++) forecast(request);
        return new WarmedUp(Duration.ofNanos(System.nanoTime() - begin), ofModel.runs() + requests, ofModel.kernels());
    }
}
