package org.ttm4j.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.forecast.combine.Combination;
import org.ttm4j.forecast.combine.Components;
import org.ttm4j.forecast.combine.DriverEffects;
import org.ttm4j.forecast.combine.Drivers;
import org.ttm4j.forecast.combine.EndOfDemand;
import org.ttm4j.forecast.combine.LastValue;
import org.ttm4j.forecast.combine.Member;
import org.ttm4j.forecast.combine.Members;
import org.ttm4j.forecast.combine.MonthlyEvents;
import org.ttm4j.forecast.combine.Predictive;
import org.ttm4j.forecast.combine.SamplePaths;
import org.ttm4j.forecast.combine.Seasons;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.config.QuantileHeadConfig;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.run.WarmUp;
import org.ttm4j.ttm.series.Gaps;

/**
 * Combines a model with itself on transformed histories and with statistical forecasts, for every channel separately. The
 * weight of a member follows from its errors at earlier origins of the history. The quantiles, which every forecast has,
 * follow from the errors of the combination there or, for intermittent demand, from past values. If the seasonal naive
 * forecast clearly beats the combination in this backtest, it is used instead, and a note says so.
 *
 * <p>Steps that are missing at the end of a channel, up to 512, are forecast on the way: the forecast is that of the channel
 * up to its last value, and its first steps are left out. A channel with nothing observed beside others is
 * forecast as 0 with quantiles of 0, and a note says so. Of demand that has ended ({@link EndOfDemand}), only what came since
 * counts, and of zeros before it began none. What was the same in each of the last cycles of the season is forecast as that.
 *
 * <p>A known future in a request is that of the last channels of its history, as many as it has rows. These are drivers and
 * not forecast. Their effects on the whole history are forecast apart from the rest of it, or a regression on them
 * corrects the combination, where that makes its errors at the earlier origins smaller, and a note says whether it does.
 * Models that need a known future have their own use for it.
 *
 * <p>In a daily series whose start is known, what comes on one day of every month is such a driver too ({@link MonthlyEvents}).
 *
 * <p>A forecast takes some thirty to sixty runs of the model in one batch, twice as many with drivers.
 *
 * <p>Deterministic on one kernel set; immutable and thread-safe. Source of the weights: Bates and Granger 1969, with a power
 * of the error; of combining a method with itself on transformed series: docs/forecasting.md.
 */
final class CombinedForecaster implements Forecaster {
    private static final int LEAST_STEPS = 3;
    /** The most steps of history that a forecast uses. */
    private static final int CONTEXT = 2048;
    private static final int WARM_REQUESTS = 50;
    private static final Duration YEAR = Duration.ofHours(8766);
    /** A day of minutes. Shorter steps have no more of them, since the work grows with the square of the steps. */
    private static final int MOST_USUAL_STEPS = 1440;
    /** Earlier origins at most: twelve gain less than a hundredth. */
    private static final int ORIGINS = 6;
    /** Missing steps at the end that are forecast on the way: as many as the members on the recent past look back. */
    private static final int MOST_MISSING = Member.RECENT;
    /** The largest multiple of the usual distance that a note states for an odd last value. */
    private static final double MOST_TIMES = 1000;
    private static final String BEST = "best is another name of balanced: more backtest origins did not improve it enough";
    private static final String FAR_BEHIND = "the intervals are as wide as behind " + MOST_MISSING + " missing steps";
    private static final String UNOBSERVED = "nothing observed in the history; forecast as 0";
    private static final String DRIVERS_HELP = "the known future values made the errors at earlier origins smaller, "
            + "so the forecast uses them";
    private static final String NEVER_VARIED = "it never varied in the history, so that its effect is unknown; left out";
    private static final String UNSEEN = "its future has a category that the history does not have; it gets the mean effect "
            + "of all but the most frequent one";
    private static final String ZERO_ONE = "it holds only 0 and 1, and is forecast as the others are; where its future is "
            + "known, give it as a driver (--known-future and --future, or withKnownFuture)";
    private static final String DRIVERS_DO_NOT = "the known future values did not make the errors at earlier origins "
            + "smaller, so the forecast does not use them";
    private static final String DRIVERS_UNTRIED = "the history has too few rows to try the known future "
            + "values, or they are too many, so the forecast does not use them";

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
        ForecastRequest.requireGiven("request", request);
        boolean isUsual = request.horizon() == 0 && request.frequency().isPresent() && info().models().size() > 1;
        if (!isUsual) return model.horizon(request);
        int usual = Math.clamp(request.observedSteps() / 2, 1, usualHorizon(request.stepLength()));
        if (request.future() == null) return usual;
        int known = Arrays.stream(request.future()).mapToInt(row -> row.length).min().orElse(usual);
        return Math.clamp(known, 1, usual);
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
        ForecastRequest.requireGiven("requests", requests);
        ForecastRequest.requireGiven("execution", execution);
        ForecastResult[] results = new ForecastResult[requests.size()];
        List<Channel> batch = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < results.length; i++) {
            Pending pending;
            long bytesOfChannel;
            try {
                execution.requireTime();
                ForecastRequest.requireGiven("requests[" + i + "]", requests.get(i));
                pending = new Pending(i, requests.get(i).withHorizon(horizon(requests.get(i))), execution);
                bytesOfChannel = ForecastCost.ofChannel(pending.request, model, ORIGINS).bytes();
            } catch (IllegalArgumentException | CancellationException wrong) {
                results[i] = new ForecastResult.Failure(i, wrong);
                continue;
            }
            for (int c = 0; c < pending.targets; c++) {
                for (Channel channel : pending.channels(c)) {
                    batch.add(channel);
                    bytes += bytesOfChannel;
                    if (!ForecastCost.isFull(batch.size(), bytes)) continue;
                    combine(batch, results, execution);
                    bytes = 0;
                }
            }
        }
        combine(batch, results, execution);
        return Arrays.asList(results);
    }

    /** A request whose channels are being combined. */
    private final class Pending {
        final int index;
        final ForecastRequest request;
        final Execution execution;
        final double[][] histories;
        final Drivers drivers;
        /** The channels of the history that the drivers are. */
        final int[] driverChannels;
        final int targets;
        final List<Map<String, double[]>> components = new ArrayList<>();
        final List<DriverEffect> effects = new ArrayList<>();
        final List<Combination.Result> results = new ArrayList<>();
        final List<Quantiles> quantiles = new ArrayList<>();
        final List<double[]> means = new ArrayList<>();
        final int[] missingInside;
        final boolean[] oddAtEnd;
        /** The distributions by target; empty if no samples are requested. */
        final List<Predictive> predictives = new ArrayList<>();
        /** The result for the history of the current target as it is, with the effects of its drivers. */
        private Combination.Result whole;
        final List<Note> notes = new ArrayList<>();
        /** The models that made forecasts for members. */
        final Map<String, ModelChoice> models = new LinkedHashMap<>();
        /** The error of the request; null while there is none. */
        RuntimeException wrong;

        Pending(int index, ForecastRequest request, Execution execution) {
            if (request.categories().length > 0) {
                throw new IllegalArgumentException("categories: these models have none");
            }
            this.index = index;
            this.request = request;
            this.execution = execution;
            histories = CombinedForecaster.histories(request).clone();
            Drivers all = Drivers.of(histories, request.future() == null ? new double[0][] : request.future(),
                    request.horizon(), request.categoricalDrivers());
            int steps = histories[0].length;
            targets = histories.length - all.count();
            missingInside = new int[histories.length];
            oddAtEnd = new boolean[histories.length];
            int[] varying = IntStream.range(0, all.count()).filter(d -> !all.isConstant(d, steps)).toArray();
            drivers = all.only(varying);
            driverChannels = IntStream.of(varying).map(d -> targets + d).toArray();
            for (int d = 0; d < all.count(); d++) {
                if (all.isConstant(d, steps)) note(NoteCode.DRIVER_UNKNOWN, targets + d, NEVER_VARIED);
                else if (all.unseen(d, steps).length > 0) note(NoteCode.DRIVER_UNKNOWN, targets + d, UNSEEN);
            }
            if (Arrays.stream(histories).limit(targets).noneMatch(CombinedForecaster::isObserved)) {
                throw new IllegalArgumentException(ForecastRequest.NOTHING_OBSERVED);
            }
            for (int c = 0; c < targets && all.count() == 0; c++) leaveOutOddEnd(c);
            ModelChoice choice = model.modelFor(all.count() == 0 ? request : alone());
            models.put(choice.name(), choice);
            model.note().ifPresent(text -> note(NoteCode.ALIAS, Note.ALL, text));
            if (mode == ForecastMode.BEST) note(NoteCode.MODE, Note.ALL, BEST);
        }

        /** The targets without their drivers; only they decide which model is chosen. */
        ForecastRequest alone() {
            return ForecastRequest.of(Arrays.copyOf(histories, targets))
                    .withHorizon(request.horizon())
                    .withStepsOf(request);
        }

        /** Leaves out an odd last value. Not called if there are drivers, which may explain it. */
        private void leaveOutOddEnd(int target) {
            if (!isObserved(histories[target])) return;
            double[] history = observed(histories[target]);
            int season = request.season()
                    .orElseGet(() -> Seasons
                            .ofCalendar(history, request.frequency().orElse(null), request.openStepsOfDay())
                            .stream()
                            .findFirst()
                            .map(Season::steps)
                            .orElse(1));
            LastValue.odd(history, season).ifPresent(times -> {
                // The value as the caller gave it, with the fewest digits.
                double value = history[history.length - 1];
                note(NoteCode.ODD_AT_END, target, "the last value, "
                        + ((float) value == value ? (Number) (float) value : value) + ", lies "
                        + Math.round(Math.min(times, MOST_TIMES))
                        + " times as far from those before it as any other, and is left out: is its step complete?");
                histories[target] = histories[target].clone();
                histories[target][histories[target].length - 1] = Double.NaN;
                oddAtEnd[target] = true;
            });
        }

        /**
         * What is to be combined of a target: its history, and again without the effects of its drivers where these are
         * known. Once the request has failed, effects are no longer looked for.
         */
        List<Channel> channels(int target) {
            double[] history = EndOfDemand.only(histories[target]);
            Optional<MonthlyEvents> events = request.dates()
                    .flatMap(dates -> MonthlyEvents.of(history, request.horizon(), dates));
            List<Channel> channels = channels(target, events);
            // Drivers alone may still fit the rows if drivers and events together are too many.
            return channels.size() == 1 && events.isPresent() ? channels(target, Optional.empty()) : channels;
        }

        private List<Channel> channels(int target, Optional<MonthlyEvents> events) {
            double[] history = values(target);
            Drivers all = events.map(drivers::with).orElse(drivers);
            // Monthly events would look like a cycle of 61 days, two months.
            List<Season> seasons = seasons(events.map(found -> found.without(history)).orElse(history), request);
            Optional<DriverEffects> effects = wrong == null && isObserved(histories[target])
                    ? DriverEffects.of(history, all, seasons)
                    : Optional.empty();
            Channel whole = new Channel(this, target, seasons, all, events, effects, false);
            if (effects.isEmpty()) return List.of(whole);
            return List.of(whole, new Channel(this, target, seasons, all, events, effects, true));
        }

        /**
         * What is combined of a target: its history up to the last value, without the demand that has ended, or zeros where
         * nothing was observed.
         */
        double[] values(int target) {
            double[] history = histories[target];
            if (!isObserved(history)) return new double[history.length];
            double[] upToLast = Arrays.copyOf(history, history.length - missingAtEnd(history, request));
            return EndOfDemand.sinceItBegan(EndOfDemand.only(upToLast));
        }

        void add(Channel channel, Finished finished, ForecastResult[] all) {
            if (wrong != null) return;
            if (finished.wrong != null) {
                fail(this, finished.wrong, all);
                return;
            }
            for (ModelChoice choice : finished.models) models.putIfAbsent(choice.name(), choice);
            try {
                if (!channel.withoutDrivers) whole = finished.result;
                if (channel.withoutDrivers || channel.effects.isEmpty()) finish(channel, finished);
                if (results.size() == targets) all[index] = new ForecastResult.Success(forecast(this));
            } catch (IllegalArgumentException refused) {
                fail(this, refused, all);
            }
        }

        /**
         * Completes the forecast of a target.
         *
         * @param finished the result of its last channel, which is without driver effects if these are known
         */
        private void finish(Channel last, Finished finished) {
            int channel = last.index;
            double[] history = histories[channel];
            int missing = missingAtEnd(history, request);
            int all = Gaps.atEnd(history);
            Optional<Drivers.Improved> improved = last.drivers.count() == 0
                    ? Optional.empty()
                    : last.drivers.improve(whole, values(channel), last.effects, finished.result);
            Combination.Result result = improved.map(Drivers.Improved::result).orElse(whole);
            if (request.components()) components.add(components(last, improved, finished.result));
            if (isObserved(history)) noteOn(result, channel);
            else note(NoteCode.UNOBSERVED, channel, UNOBSERVED);
            int zeros = EndOfDemand.zeros(history);
            if (zeros > 0) {
                note(NoteCode.ZEROS_AT_END, channel, "the last " + zeros
                        + " values are 0, more than ever before in a row; the forecast takes that for the end, and rests on "
                        + "these and the value before");
            }
            int before = EndOfDemand.zerosBefore(history);
            if (before > 0) {
                note(NoteCode.ZEROS_AT_BEGINNING, channel, "the first " + before
                        + " values are 0, more than ever after in a row; the forecast takes demand to begin behind them");
            }
            missingInside[channel] = missingInside(history, all);
            if (missingInside[channel] > 0) {
                note(NoteCode.INTERPOLATED, channel, ForecastRun.interpolated(missingInside[channel]));
            }
            if (isObserved(history) && all > (oddAtEnd[channel] ? 1 : 0)) {
                note(NoteCode.MISSING_AT_END, channel,
                        (all == 1 ? "the last step is" : "the last " + all + " steps are") + " missing; the forecast "
                                + (missing > 0 ? "begins at the value before" : "rests on the values before"));
                if (all > MOST_MISSING) note(NoteCode.MISSING_AT_END, channel, FAR_BEHIND);
            }
            request.season().ifPresent(season -> {
                int steps = observed(values(channel)).length;
                if (Seasons.holds(steps, season)) return;
                note(NoteCode.SEASON_TOO_LONG, channel, "the history of " + steps + " steps holds the season of "
                        + season + " less than one and a half times, so it is forecast without one");
            });
            if (drivers.count() > 0) {
                boolean areTried = last.drivers.areTried(whole.past(), last.effects);
                note(NoteCode.DRIVERS, channel,
                        improved.isPresent() ? DRIVERS_HELP : areTried ? DRIVERS_DO_NOT : DRIVERS_UNTRIED);
                improved.ifPresent(of -> addEffects(channel, last.effects, of));
            }
            if (areEventsApart(last, improved)) noteOn(last.events.orElseThrow(), last);
            if (targets > 1 && isZeroOne(history)) note(NoteCode.ZERO_ONE, channel, ZERO_ONE);
            if (missing == 0 && isObserved(history)) result = result.behind(Math.min(all, MOST_MISSING));
            results.add(result);
            Predictive predictive = new Predictive(result, values(channel), request.range().upper(channel),
                    improved.isPresent());
            quantiles.add(predictive.quantiles(levels(request)));
            means.add(predictive.mean());
            if (request.samples() > 0) predictives.add(predictive);
        }

        /** The forecast without the steps for missing values at the end of the history. */
        double[] asked(double[] steps) {
            return Arrays.copyOfRange(steps, steps.length - request.horizon(), steps.length);
        }

        /** Whether a history holds 0 and 1, and no other value. */
        private static boolean isZeroOne(double[] history) {
            boolean[] seen = new boolean[2];
            for (double value : history) {
                if (value == 0 || value == 1) seen[(int) value] = true;
                else if (!Double.isNaN(value)) return false;
            }
            return seen[0] && seen[1];
        }

        /** Targets × samples × horizon; null where none are wanted. */
        private double[][][] samples() {
            if (request.samples() == 0) return null;
            long seed = 31L * Arrays.deepHashCode(histories) + request.horizon();
            double[][][] samples = SamplePaths.of(predictives, request.samples(), seed, execution::requireTime);
            for (double[][] paths : samples) Arrays.setAll(paths, i -> asked(paths[i]));
            return samples;
        }

        private Map<String, double[]> components(Channel last, Optional<Drivers.Improved> improved,
                Combination.Result rest) {
            double share = improved.map(Drivers.Improved::ofEffects).orElse(0.0);
            double[] values = values(last.index);
            if (share > 0) values = last.effects.orElseThrow().without(values);
            Map<String, double[]> parts = Components.of(Components.mixed(rest.shares(), share, whole.shares()), values,
                    last.seasons);
            improved.ifPresent(of -> {
                for (int d = 0; d < driverChannels.length; d++) parts.put("driver." + driverChannels[d], of.added()[d]);
                if (!areEventsApart(last, improved)) return;
                double[][] events = Arrays.copyOfRange(of.added(), driverChannels.length, of.added().length);
                parts.put("season.month",
                        IntStream.range(0, events[0].length)
                                .mapToDouble(h -> Arrays.stream(events).mapToDouble(event -> event[h]).sum())
                                .toArray());
            });
            parts.replaceAll((name, part) -> asked(part));
            return parts;
        }

        /** Records what the drivers add to a channel, with a note. */
        private void addEffects(int channel, Optional<DriverEffects> of, Drivers.Improved improved) {
            double whole = Arrays.stream(asked(improved.result().values())).map(Math::abs).sum();
            List<DriverEffects.Effect> known = improved.ofEffects() > 0 ? of.orElseThrow().list() : List.of();
            for (int d = 0; d < driverChannels.length; d++) {
                double added = Arrays.stream(asked(improved.added()[d])).map(Math::abs).sum();
                double share = whole > 0 ? added / whole : 0;
                String text = String.format(Locale.ROOT, "it makes up %.1f %% of the forecast", 100 * share);
                for (DriverEffects.Effect effect : known) {
                    if (effect.driver() != d) continue;
                    boolean isWhole = Double.isNaN(effect.category());
                    effects.add(new DriverEffect(channel, driverChannels[d],
                            isWhole ? OptionalDouble.empty() : OptionalDouble.of(effect.category()), effect.size(),
                            effect.error(), share));
                    if (!isWhole) continue;
                    text = String.format(Locale.ROOT, "adds %.4g ± %.2g where it %s; ", effect.size(), effect.error(),
                            drivers.categorical()[d] ? "is other than usual" : "rises by 1") + text;
                }
                notes.add(new Note(NoteCode.DRIVER_EFFECT, driverChannels[d], targets > 1 ? channel : Note.ALL, text));
            }
        }

        /** True if events are forecast separately from the rest; a regression of errors does not know them. */
        private static boolean areEventsApart(Channel of, Optional<Drivers.Improved> improved) {
            return of.events.isPresent() && improved.filter(one -> one.ofEffects() > 0).isPresent();
        }

        private void noteOn(MonthlyEvents events, Channel of) {
            String sizes = of.effects.orElseThrow()
                    .list()
                    .stream()
                    .filter(effect -> effect.driver() >= driverChannels.length)
                    .map(effect -> String.format(Locale.ROOT, "%+.4g ± %.2g on %s", effect.size(), effect.error(),
                            events.names().get(effect.driver() - driverChannels.length)))
                    .collect(Collectors.joining("; "));
            note(NoteCode.MONTHLY_EVENTS, of.index, "what comes on one day of every month is forecast apart: " + sizes);
        }

        private void noteOn(Combination.Result result, int channel) {
            if (result.isNaive()) {
                note(NoteCode.REPEATS_THE_PAST, channel,
                        "nothing beat repeating the past in the backtest, so the forecast does that");
            }
            note(NoteCode.MEMBERS, channel,
                    "combined of " + result.weights()
                            .entrySet()
                            .stream()
                            .map(member -> Math.round(100 * member.getValue()) + " % " + member.getKey())
                            .collect(Collectors.joining(", ")));
            result.found()
                    .ifPresent(season -> note(NoteCode.SEASON_FOUND, channel,
                            "a cycle of " + season.steps()
                                    + " steps was found in the history and is forecast; given as the season, it is "
                                    + "the only one"));
            if (result.toNaive().isPresent() && !result.isNaive() && result.toNaive().get() >= 1) {
                long worse = Math.round(100 * result.toNaive().get()) - 100;
                note(NoteCode.NO_BETTER_THAN_THE_PAST, channel,
                        "expect no more than from repeating the past: where this was tried on the history, the forecast "
                                + "was " + (worse == 0 ? "as far" : worse + " % further") + " from what came");
            }
            if (result.past().windows() == 0) {
                note(NoteCode.NOT_MEASURED, channel,
                        "the history is too short to measure a forecast in it; weights and intervals are those of "
                                + "series like it");
            }
        }

        private void note(NoteCode code, int channel, String text) {
            notes.add(new Note(code, channel, text));
        }
    }

    /**
     * A target, as it is or without the effects of its drivers, among which its events are; {@code effects} are empty where they
     * are not known. Both have the same seasons, those beside the events, and so the same earlier origins.
     */
    private record Channel(Pending of, int index, List<Season> seasons, Drivers drivers, Optional<MonthlyEvents> events,
            Optional<DriverEffects> effects, boolean withoutDrivers) {}

    /** Combines channels, and empties their list. */
    private void combine(List<Channel> batch, ForecastResult[] results, Execution execution) {
        Combination[] combinations = new Combination[batch.size()];
        try {
            execution.run(combinations.length, i -> combinations[i] = combination(batch.get(i)));
            List<ForecastRequest> runs = new ArrayList<>();
            int[][] places = new int[combinations.length][];
            for (int i = 0; i < places.length; i++) places[i] = addRuns(combinations[i], batch.get(i).of.request, runs);
            List<ForecastResult> all = model.forecastAll(runs, execution.withProgress(done -> {}));
            Finished[] finished = new Finished[combinations.length];
            execution.run(finished.length, i -> finished[i] = Finished.of(combinations[i],
                    IntStream.of(places[i]).mapToObj(all::get).toList()));
            for (int i = 0; i < finished.length; i++) batch.get(i).of.add(batch.get(i), finished[i], results);
        } catch (CancellationException late) {
            for (Channel channel : batch) fail(channel.of, late, results);
        }
        execution.progress((int) batch.stream().filter(channel -> !channel.withoutDrivers).count());
        batch.clear();
    }

    /** The outcome of one channel. Either {@code result} or {@code wrong} is null. */
    private record Finished(Combination.Result result, List<ModelChoice> models, RuntimeException wrong) {

        static Finished of(Combination combination, List<ForecastResult> runs) {
            try {
                List<Forecast> made = runs.stream().map(ForecastResult::orElseThrow).toList();
                Combination.Result result = combination.combine(made.stream()
                        .map(run -> new Combination.ModelForecast(run.doubleValues()[0], run.quantiles()))
                        .iterator());
                return new Finished(result, made.stream().flatMap(run -> run.models().stream()).toList(), null);
            } catch (IllegalArgumentException | CancellationException wrong) {
                return new Finished(null, List.of(), wrong);
            }
        }
    }

    /** Sets the failure of a request unless it already has a result. */
    private static void fail(Pending of, RuntimeException wrong, ForecastResult[] results) {
        of.wrong = wrong;
        if (results[of.index] == null) results[of.index] = new ForecastResult.Failure(of.index, wrong);
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
        ForecastRequest request = ForecastRequest.of(new double[][]{run.history()}).withHorizon(run.steps());
        if (of.frequency().isPresent()) request = request.withFrequency(of.frequency().get());
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

    private static double[][] histories(ForecastRequest request) {
        double[][] histories = request.rows();
        for (int c = 0; c < histories.length; c++) {
            SingleForecaster.requireLength(c, histories[c].length, histories[0].length);
            if (histories[c].length < LEAST_STEPS) {
                throw new IllegalArgumentException(
                        "the history has " + histories[c].length + " steps: expected at least " + LEAST_STEPS);
            }
            RunRules.numbers(histories[c], histories[c].length, "history", c);
        }
        return histories;
    }

    private Combination combination(Channel channel) {
        ForecastRequest request = channel.of.request;
        double[] history = channel.of.histories[channel.index];
        int horizon = missingAtEnd(history, request) + request.horizon();
        double[] values = channel.of.values(channel.index);
        OptionalDouble lower = request.lower();
        if (channel.withoutDrivers) {
            values = channel.effects.orElseThrow().without(values);
            lower = OptionalDouble.of(Double.NEGATIVE_INFINITY);
        }
        return new Combination(values, horizon, channel.seasons, model.info().minimumHistory(),
                isObserved(history) ? ORIGINS : 0, lower,
                Members.isLikeTraining(request.frequency(), observed(values).length), year(request));
    }

    /** The steps of a year, where they are a day to a week long and no season is given. */
    private static OptionalDouble year(ForecastRequest request) {
        Duration step = request.stepLength();
        boolean isFit = request.season().isEmpty() && step != null && step.compareTo(Duration.ofDays(1)) >= 0
                && step.compareTo(Duration.ofDays(7)) <= 0;
        return isFit ? OptionalDouble.of((double) YEAR.toSeconds() / step.toSeconds()) : OptionalDouble.empty();
    }

    /**
     * Missing steps at the end of a history, which the forecast begins before: its members and their errors at earlier
     * origins are those of forecasts from an observed value. 0 where they are too many for that, or all.
     */
    private int missingAtEnd(double[] history, ForecastRequest request) {
        int missing = Gaps.atEnd(history);
        boolean isPossible = missing <= MOST_MISSING && missing <= history.length - LEAST_STEPS
                && missing <= ForecastRequest.MAX_HORIZON - request.horizon();
        return isPossible ? missing : 0;
    }

    /** The number of missing steps between observed values, among the steps that a forecast uses. */
    private static int missingInside(double[] history, int atEnd) {
        if (!isObserved(history)) return 0;
        int end = history.length - atEnd;
        return (int) Arrays.stream(history, Math.clamp(history.length - CONTEXT, Gaps.atBeginning(history), end), end)
                .filter(Double::isNaN)
                .count();
    }

    private static boolean isObserved(double[] history) {
        return Gaps.atBeginning(history) < history.length;
    }

    /** A history from its first value on. */
    private static double[] observed(double[] history) {
        return Arrays.copyOfRange(history, Gaps.atBeginning(history), history.length);
    }

    /** The season that is given, or else those of the calendar. */
    private static List<Season> seasons(double[] history, ForecastRequest request) {
        double[] observed = observed(history);
        if (request.season().isEmpty()) {
            return Seasons.of(observed, request.frequency().orElse(null), request.openStepsOfDay());
        }
        int steps = request.season().getAsInt();
        return Seasons.holds(observed.length, steps) ? List.of(new Season(steps, "season")) : List.of();
    }

    /** The levels that a request names, or else the deciles. */
    static double[] levels(ForecastRequest request) {
        return request.quantiles().length > 0 ? request.quantiles() : ConformalIntervals.deciles();
    }

    private Forecast forecast(Pending of) {
        ForecastRequest request = of.request;
        double[] levels = levels(request);
        double[][] values = of.results.stream().map(result -> of.asked(result.values())).toArray(double[][]::new);
        double[][][] quantiles = new double[levels.length][of.targets][];
        for (int c = 0; c < of.targets; c++) {
            double[][] ofChannel = of.quantiles.get(c).ofChannel(0);
            for (int q = 0; q < levels.length; q++) quantiles[q][c] = of.asked(ofChannel[q]);
        }
        int windows = of.quantiles.stream().mapToInt(Quantiles::windows).min().orElseThrow();
        Forecast forecast = Forecast.of(request, IntStream.range(0, of.targets).toArray(), values, of.missingInside)
                .withQuantiles(new Quantiles(levels, quantiles, windows))
                .withWeights(of.results.stream().map(Combination.Result::weights).toList())
                .withMean(of.means.stream().map(of::asked).toArray(double[][]::new), of.samples())
                .withModels(List.copyOf(of.models.values()))
                .withNotes(of.notes)
                .withParts(of.components, of.effects);
        if (request.embedding()) {
            // The embeddings are those of the first model in the forecast's list.
            forecast = forecast.withEmbeddings(model.forecast(of.alone().withEmbedding()));
        }
        if (!request.crossValidation()) return forecast;
        return forecast
                .withCrossValidation(of.results.stream().map(result -> result.past().forecasts(levels)).toList());
    }

    @Override
    public ForecastCost cost(ForecastRequest request) {
        ForecastRequest asked = request.withHorizon(horizon(request));
        return ForecastCost.ofAll(asked, ForecastCost.ofChannel(asked, model, ORIGINS));
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
