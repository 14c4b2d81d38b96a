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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.forecast.combine.Combination;
import org.ttm4j.forecast.combine.Components;
import org.ttm4j.forecast.combine.CrossValidation;
import org.ttm4j.forecast.combine.DriverEffects;
import org.ttm4j.forecast.combine.Drivers;
import org.ttm4j.forecast.combine.EndOfDemand;
import org.ttm4j.forecast.combine.LastValue;
import org.ttm4j.forecast.combine.Member;
import org.ttm4j.forecast.combine.Members;
import org.ttm4j.forecast.combine.MonthlyEvents;
import org.ttm4j.forecast.combine.Outliers;
import org.ttm4j.forecast.combine.Predictive;
import org.ttm4j.forecast.combine.SamplePaths;
import org.ttm4j.forecast.combine.Seasons;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Gaps;

/**
 * A request whose channels are being combined: what is forecast for each of them, and what the forecast of all says of how that
 * was made. Used by one thread, but for {@link Channel#combination}.
 */
final class CombinedRequest {
    /** Missing steps at the end that are forecast on the way: as many as the members on the recent past look back. */
    private static final int MOST_MISSING = Member.RECENT;
    /** The largest multiple of the usual distance that a note states for an odd last value. */
    private static final double MOST_TIMES = 1000;
    /** Outliers that a note names. */
    private static final int NAMED = 3;
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
    private static final Duration YEAR = Duration.ofHours(8766);

    /**
     * A target, as it is or without the effects of its drivers, among which its events are; {@code effects} are empty where they
     * are not known. Both have the same seasons, those beside the events, and so the same earlier origins.
     */
    record Channel(CombinedRequest of, int index, List<Season> seasons, Drivers drivers, Optional<MonthlyEvents> events,
            Optional<DriverEffects> effects, boolean withoutDrivers) {

        ForecastRequest request() {
            return of.request;
        }

        Combination combination() {
            double[] history = of.histories[index];
            double[] values = of.values(index);
            OptionalDouble lower = of.request.lower();
            if (withoutDrivers) values = effects.orElseThrow().without(values);
            // What was below 0 in a winter long ago may be so again.
            boolean wasNegative = lower.isEmpty() && Arrays.stream(history).anyMatch(value -> value < 0);
            if (withoutDrivers || wasNegative) lower = OptionalDouble.of(Double.NEGATIVE_INFINITY);
            return new Combination(values, of.missingAtEnd(history) + of.request.horizon(), seasons,
                    of.model.info().minimumHistory(),
                    isObserved(history) ? CrossValidation.mostOrigins(observed(history).length) : 0, lower,
                    Members.isLikeTraining(of.request.frequency(), observed(values).length), of.year());
        }
    }

    final ForecastRequest request;
    final int targets;
    private final ModelForecaster model;
    private final Execution execution;
    private final int index;
    private final ForecastResult[] results;
    private final double[][] histories;
    private final Drivers drivers;
    /** The channels of the history that the drivers are. */
    private final int[] driverChannels;
    private final int[] missingInside;
    private final boolean[] oddAtEnd;
    /** The result for the history of the current target as it is, with the effects of its drivers. */
    private Combination.Result whole;
    /** The finished targets. */
    private final List<Predictive> forecasts = new ArrayList<>();
    private final List<Map<String, double[]>> components = new ArrayList<>();
    private final List<DriverEffect> effects = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    /** The models that made forecasts for members. */
    private final Map<String, ModelChoice> models = new LinkedHashMap<>();

    /**
     * Throws IllegalArgumentException for what cannot be combined.
     *
     * @param results of all requests; that of this one is set at its index
     */
    CombinedRequest(ForecastRequest request, ModelForecaster model, Execution execution, int index,
            ForecastResult[] results) {
        if (request.categories().length > 0) {
            throw new IllegalArgumentException("categories: these models have none");
        }
        this.request = request;
        this.model = model;
        this.execution = execution;
        this.index = index;
        this.results = results;
        histories = histories(request).clone();
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
        if (Arrays.stream(histories).limit(targets).noneMatch(CombinedRequest::isObserved)) {
            throw new IllegalArgumentException(ForecastRequest.NOTHING_OBSERVED);
        }
        for (int c = 0; c < targets && all.count() == 0; c++) {
            leaveOutOddEnd(c);
            leaveOutOutliers(c);
        }
        ModelChoice choice = model.modelFor(all.count() == 0 ? request : alone());
        models.put(choice.name(), choice);
        model.note().ifPresent(text -> note(NoteCode.ALIAS, Note.ALL, text));
    }

    private static double[][] histories(ForecastRequest request) {
        double[][] histories = request.rows();
        for (int c = 0; c < histories.length; c++) {
            SingleForecaster.requireLength(c, histories[c].length, histories[0].length);
            if (histories[c].length < CombinedForecaster.LEAST_STEPS) {
                throw new IllegalArgumentException("the history has " + histories[c].length
                        + " steps: expected at least " + CombinedForecaster.LEAST_STEPS);
            }
            RunRules.numbers(histories[c], histories[c].length, "history", c);
        }
        return histories;
    }

    /** The targets without their drivers; only they decide which model is chosen. */
    private ForecastRequest alone() {
        return ForecastRequest.of(Arrays.copyOf(histories, targets))
                .withHorizon(request.horizon())
                .withStepsOf(request);
    }

    /** Leaves out an odd last value. Not called if there are drivers, which may explain it. */
    private void leaveOutOddEnd(int target) {
        if (!isObserved(histories[target])) return;
        double[] history = observed(histories[target]);
        int season = request.season()
                .orElseGet(() -> Seasons.ofCalendar(history, request.frequency().orElse(null), request.openStepsOfDay())
                        .stream()
                        .findFirst()
                        .map(Season::steps)
                        .orElse(1));
        LastValue.odd(history, season).ifPresent(times -> {
            note(NoteCode.ODD_AT_END, target, "the last value, " + shortest(history[history.length - 1]) + ", lies "
                    + Math.round(Math.min(times, MOST_TIMES))
                    + " times as far from those before it as any other, and is left out: is its step complete?");
            histories[target] = histories[target].clone();
            histories[target][histories[target].length - 1] = Double.NaN;
            oddAtEnd[target] = true;
        });
    }

    /**
     * Takes values far beyond all others, and a reading that was stuck, as missing. Not called if there are drivers, which may
     * explain them.
     */
    private void leaveOutOutliers(int target) {
        double[] history = histories[target];
        int[] outliers = Outliers.of(history);
        int[] stuck = Outliers.stuck(history);
        if (outliers.length + stuck.length == 0) return;
        // What was there in the only cycle of a season may return.
        int observed = observed(history).length;
        if (seasons(history).stream().anyMatch(season -> observed < 2 * season.steps())) return;
        if (outliers.length > 0) {
            String values = IntStream.of(outliers)
                    .limit(NAMED)
                    .mapToObj(t -> shortest(history[t]).toString())
                    .collect(Collectors.joining(", "));
            String some = outliers.length == 1
                    ? "1 value lies far beyond all others and is"
                    : outliers.length + " values lie far beyond all others and are";
            note(NoteCode.OUTLIERS, target, some + " left out: " + values + (outliers.length > NAMED ? ", …" : ""));
        }
        if (stuck.length > 0) {
            note(NoteCode.STUCK, target, "the value " + shortest(history[stuck[0]]) + " is repeated " + stuck.length
                    + " times in a row, as no other is, and is left out: was there an outage?");
        }
        histories[target] = history.clone();
        IntStream.concat(IntStream.of(outliers), IntStream.of(stuck)).forEach(t -> histories[target][t] = Double.NaN);
    }

    /** A value as the caller gave it, with the fewest digits. */
    private static Number shortest(double value) {
        return (float) value == value ? (Number) (float) value : value;
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
        List<Season> seasons = seasons(events.map(found -> found.without(history)).orElse(history));
        Optional<DriverEffects> effects = results[index] == null && isObserved(histories[target])
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
    private double[] values(int target) {
        double[] history = histories[target];
        if (!isObserved(history)) return new double[history.length];
        int missing = missingAtEnd(history);
        double[] upToLast = missing == 0 ? history : Arrays.copyOf(history, history.length - missing);
        return recent(EndOfDemand.sinceItBegan(EndOfDemand.only(upToLast)));
    }

    /** A history in which what came before the steps that the forecast uses is NaN. */
    private double[] recent(double[] history) {
        int begin = firstUsed(history);
        if (begin <= Gaps.atBeginning(history)) return history;
        double[] recent = history.clone();
        Arrays.fill(recent, 0, begin, Double.NaN);
        return recent;
    }

    /**
     * The first step of a history that the forecast uses: as many from there on are observed as it has a use for. With drivers it
     * uses all, as their effects are those of the whole history.
     */
    private int firstUsed(double[] history) {
        int begin = drivers.count() > 0 ? 0 : history.length;
        for (int left = CombinedForecaster.contextOf(request); begin > 0 && left > 0; begin--) {
            if (!Double.isNaN(history[begin - 1])) left--;
        }
        return begin;
    }

    /** Takes the result of the next channel, with the forecasts that the model made for it. */
    void add(Channel channel, Combination.Result result, List<Forecast> made) {
        if (results[index] != null) return;
        for (Forecast run : made) run.models().forEach(choice -> models.putIfAbsent(choice.name(), choice));
        try {
            if (!channel.withoutDrivers) whole = result;
            if (channel.withoutDrivers || channel.effects.isEmpty()) finish(channel, result);
            if (forecasts.size() == targets) results[index] = new ForecastResult.Success(forecast());
        } catch (IllegalArgumentException refused) {
            fail(refused);
        }
    }

    /** The request fails, unless it already has a result. */
    void fail(RuntimeException wrong) {
        if (results[index] == null) results[index] = new ForecastResult.Failure(index, wrong);
    }

    /**
     * Completes the forecast of a target.
     *
     * @param rest the result of its last channel, which is without driver effects if these are known
     */
    private void finish(Channel last, Combination.Result rest) {
        int channel = last.index;
        double[] history = histories[channel];
        double[] values = values(channel);
        int missing = missingAtEnd(history);
        int all = Gaps.atEnd(history);
        Optional<Drivers.Improved> improved = last.drivers.count() == 0
                ? Optional.empty()
                : last.drivers.improve(whole, values, last.effects, rest);
        Combination.Result result = improved.map(Drivers.Improved::result).orElse(whole);
        if (request.components()) components.add(components(last, improved, rest));
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
            int steps = observed(values).length;
            if (Seasons.holds(steps, season)) return;
            note(NoteCode.SEASON_TOO_LONG, channel, "the history of " + steps + " steps holds the season of " + season
                    + " less than one and a half times, so it is forecast without one");
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
        forecasts.add(new Predictive(result, values, request.range().upper(channel), improved.isPresent()));
    }

    private Forecast forecast() {
        double[] levels = CombinedForecaster.levels(request);
        double[][][] quantiles = new double[levels.length][targets][];
        int windows = Integer.MAX_VALUE;
        for (int c = 0; c < targets; c++) {
            Quantiles ofChannel = forecasts.get(c).quantiles(levels);
            double[][] rows = ofChannel.ofChannel(0);
            for (int q = 0; q < levels.length; q++) quantiles[q][c] = asked(rows[q]);
            windows = Math.min(windows, ofChannel.windows());
        }
        List<Combination.Result> all = forecasts.stream().map(Predictive::result).toList();
        Forecast forecast = Forecast
                .of(request, IntStream.range(0, targets).toArray(), asked(all, Combination.Result::values),
                        missingInside)
                .withQuantiles(new Quantiles(levels, quantiles, windows))
                .withWeights(all.stream().map(Combination.Result::weights).toList())
                .withMean(asked(forecasts, Predictive::mean), samples())
                .withModels(List.copyOf(models.values()))
                .withNotes(notes)
                .withParts(components, effects);
        // The embeddings are those of the first model in the forecast's list.
        if (request.embedding()) forecast = forecast.withEmbeddings(model.forecast(alone().withEmbedding()));
        if (!request.crossValidation()) return forecast;
        return forecast.withCrossValidation(all.stream().map(result -> result.past().forecasts(levels)).toList());
    }

    private <T> double[][] asked(List<T> ofTargets, Function<T, double[]> steps) {
        return ofTargets.stream().map(steps).map(this::asked).toArray(double[][]::new);
    }

    /** The forecast without the steps for missing values at the end of the history. */
    private double[] asked(double[] steps) {
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
        double[][][] samples = SamplePaths.of(forecasts, request.samples(), seed, execution::requireTime);
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
            // Business days have a season of a month besides.
            double[] month = parts.getOrDefault("season.month", new double[events[0].length]);
            parts.put("season.month",
                    IntStream.range(0, month.length)
                            .mapToDouble(h -> month[h] + Arrays.stream(events).mapToDouble(event -> event[h]).sum())
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
        if (result.past().measured().isEmpty()) {
            note(NoteCode.NOT_MEASURED, channel,
                    "the history is too short to measure a forecast in it; weights and intervals are those of "
                            + "series like it");
        }
    }

    void note(NoteCode code, int channel, String text) {
        notes.add(new Note(code, channel, text));
    }

    /**
     * Missing steps at the end of a history, which the forecast begins before: its members and their errors at earlier
     * origins are those of forecasts from an observed value. 0 where they are too many for that, or all.
     */
    private int missingAtEnd(double[] history) {
        int missing = Gaps.atEnd(history);
        boolean isPossible = missing <= MOST_MISSING && missing <= history.length - CombinedForecaster.LEAST_STEPS
                && missing <= ForecastRequest.MAX_HORIZON - request.horizon();
        return isPossible ? missing : 0;
    }

    /** The number of missing steps between observed values, among the steps that a forecast uses. */
    private int missingInside(double[] history, int atEnd) {
        if (!isObserved(history)) return 0;
        int end = history.length - atEnd;
        int begin = Math.clamp(firstUsed(history), Gaps.atBeginning(history), end);
        return (int) Arrays.stream(history, begin, end).filter(Double::isNaN).count();
    }

    private static boolean isObserved(double[] history) {
        return Gaps.atBeginning(history) < history.length;
    }

    /** A history from its first value on. */
    private static double[] observed(double[] history) {
        return Arrays.copyOfRange(history, Gaps.atBeginning(history), history.length);
    }

    /** The season that is given, or else those of the calendar. */
    private List<Season> seasons(double[] history) {
        double[] observed = observed(history);
        if (request.season().isEmpty()) {
            return Seasons.of(observed, request.frequency().orElse(null), request.openStepsOfDay());
        }
        int steps = request.season().getAsInt();
        return Seasons.holds(observed.length, steps) ? List.of(new Season(steps, "season")) : List.of();
    }

    /** The steps of a year, where they are a day to a week long and no season is given. */
    private OptionalDouble year() {
        Duration step = request.stepLength();
        boolean isFit = request.season().isEmpty() && step != null && step.compareTo(Duration.ofDays(1)) >= 0
                && step.compareTo(Duration.ofDays(7)) <= 0;
        return isFit ? OptionalDouble.of((double) YEAR.toSeconds() / step.toSeconds()) : OptionalDouble.empty();
    }
}
