package org.ttm4j.forecast;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Gaps;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;

/**
 * What to forecast: a history, and what else is known of it. Made by {@link #of(float[][])} and the withers. Immutable:
 * arrays are copied where they come in and go out. Whether a model can use it shows when it is forecast.
 *
 * <pre>{@code
 * ForecastRequest request = ForecastRequest.of(history)
 *         .withHorizon(48)
 *         .withStart(LocalDateTime.of(2026, 1, 1, 0, 0))
 *         .withFrequency(Duration.ofHours(1));
 * }</pre>
 */
public final class ForecastRequest {
    /** Far beyond what any forecast can mean; keeps a slip of the pen from taking all memory. */
    static final int MAX_HORIZON = 1_000_000;
    private static final int MOST_SAMPLES = 100_000;
    static final String NOTHING_OBSERVED = "nothing is observed: every value of the history is missing";

    static final Duration BUSINESS_DAY = Duration.ofDays(7).dividedBy(5);
    private static final Set<TemporalAmount> DAYS = Set.of(Duration.ofDays(1), Period.ofDays(1), BUSINESS_DAY);
    private static final int BUSINESS_DAYS = 5;
    private static final int DAYS_OF_A_WEEK = 7;
    private static final double SECONDS_PER_MONTH = 365.2425 / 12 * 86_400;

    private final Values values;
    private final Time time;
    private final Wanted wanted;

    /** The numbers of a request; {@code single} is true if the history was given as floats. */
    private record Values(double[][] history, boolean single, double[][] knownFuture, int[] categories,
            int[] categorical) {
        Values {
            if (history.length == 0) throw new IllegalArgumentException("the history has no channel");
        }
    }

    /** What is known about the times of the steps; unknown values are null or 0. */
    private record Time(Temporal start, TemporalAmount frequency, int season, Duration openStep, int ofDay) {
        static final Time UNKNOWN = new Time(null, null, 0, null, 0);

        Time from(Temporal first) {
            return new Time(first, frequency, season, openStep, ofDay);
        }
    }

    /** Optional parts of a forecast. */
    private enum Extra {
        CROSS_VALIDATION, COMPONENTS, EMBEDDING
    }

    /** The requested outputs. */
    private record Wanted(int horizon, List<Double> quantiles, ValueRange range, Set<Extra> extras, int samples) {

        Wanted ofLevels(double[] levels) {
            return new Wanted(horizon, DoubleStream.of(levels).boxed().toList(), range, extras, samples);
        }

        Wanted within(ValueRange other) {
            return new Wanted(horizon, quantiles, other, extras, samples);
        }

        Wanted with(Extra extra) {
            Set<Extra> more = EnumSet.of(extra);
            more.addAll(extras);
            return new Wanted(horizon, quantiles, range, Collections.unmodifiableSet(more), samples);
        }
    }

    private ForecastRequest(Values values, Time time, Wanted wanted) {
        this.values = values;
        this.time = time;
        this.wanted = wanted;
        int bounds = wanted.range.upper().size();
        if (bounds != 1 && bounds != channels()) {
            throw new IllegalArgumentException(bounds + " upper bounds: expected 1, or 1 for each of the " + channels()
                    + " channels of the history");
        }
        int known = values.knownFuture == null ? 0 : values.knownFuture.length;
        for (int row : values.categorical) {
            if (row >= 0 && row < known) continue;
            throw new IllegalArgumentException("categorical driver " + row + ": knownFuture has " + known + " rows");
        }
        if (time.start == null || time.frequency == null) return;
        try {
            moved(1);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "start " + time.start + ", of type " + time.start.getClass().getSimpleName()
                            + ", cannot be moved by the frequency " + time.frequency + ": " + e.getMessage(),
                    e);
        }
    }

    /**
     * The {@linkplain Forecaster#horizon usual horizon} after a history.
     *
     * @param history channels × time in original units, oldest first, all channels equally long; NaN = missing
     * @throws IllegalArgumentException when the history is null
     */
    public static ForecastRequest of(float[][] history) {
        return of(doubles("history", history), true);
    }

    /** As {@link #of(float[][])}, for values that float32 does not resolve, such as large counters. */
    public static ForecastRequest of(double[][] history) {
        return of(copy("history", history), false);
    }

    private static ForecastRequest of(double[][] history, boolean single) {
        return new ForecastRequest(new Values(history, single, null, new int[0], new int[0]), Time.UNKNOWN,
                new Wanted(0, List.of(), ValueRange.ANY, Set.of(), 0));
    }

    /**
     * With another history, as {@link #of(float[][])} takes it.
     *
     * @throws IllegalArgumentException when there is an upper bound for each channel of the one before, and it has other channels
     */
    public ForecastRequest withHistory(float[][] history) {
        return with(new Values(doubles("history", history), true, values.knownFuture, values.categories,
                values.categorical));
    }

    /** With another history, as {@link #of(double[][])} takes it. */
    public ForecastRequest withHistory(double[][] history) {
        return with(
                new Values(copy("history", history), false, values.knownFuture, values.categories, values.categorical));
    }

    private ForecastRequest with(Values of) {
        return new ForecastRequest(of, time, wanted);
    }

    private ForecastRequest with(Wanted of) {
        return new ForecastRequest(values, time, of);
    }

    private ForecastRequest with(Time of) {
        return new ForecastRequest(values, of, wanted);
    }

    /** With some rows of the history alone, without a known future, and without a start but of days. */
    ForecastRequest withRows(Rows rows) {
        return new ForecastRequest(
                new Values(rows.of(values.history), values.single, null, values.categories, new int[0]),
                time.from(dates().isPresent() ? timeOf(rows.from()) : null), wanted);
    }

    /** With steps to forecast, 1 to 1,000,000. */
    public ForecastRequest withHorizon(int steps) {
        if (steps < 1) throw new IllegalArgumentException("horizon " + steps + ": expected at least 1 step");
        if (steps > MAX_HORIZON) {
            throw new IllegalArgumentException("horizon " + steps + ": expected at most " + MAX_HORIZON + " steps");
        }
        return with(new Wanted(steps, wanted.quantiles, wanted.range, wanted.extras, wanted.samples));
    }

    /**
     * With the time of the first step of the history; with a frequency, the forecast then has times. Steps of months from the last
     * day of one are the last days of others.
     *
     * @param first such as a LocalDate, LocalDateTime, ZonedDateTime, Instant or YearMonth
     * @throws IllegalArgumentException when it is null or cannot be moved by the frequency
     */
    public ForecastRequest withStart(Temporal first) {
        RunRules.requireGiven("start", first);
        return with(time.from(first));
    }

    /**
     * With the time between two steps, which models read and by which one of several is chosen. Business days are a
     * fifth of a week, {@code Duration.ofDays(7).dividedBy(5)}, so that five of them are a season; the times of the forecast
     * are then from Monday to Friday, and the start has to be a date, with or without a time of day. Over a change to summer
     * time a Period of days keeps the hour of the clock, a Duration of 24 hours does not.
     *
     * @param step a Duration, or a Period of days, weeks, months or years
     * @throws IllegalArgumentException when it is null, of another type, not positive, or cannot move the start
     */
    public ForecastRequest withFrequency(TemporalAmount step) {
        RunRules.requireGiven("frequency", step);
        if (!(step instanceof Duration || step instanceof Period)) {
            throw new IllegalArgumentException("frequency " + step + " is of type " + step.getClass().getSimpleName()
                    + ": expected a Duration or a Period");
        }
        boolean positive = step instanceof Period period
                ? !period.isZero() && !period.isNegative()
                : ((Duration) step).compareTo(Duration.ZERO) > 0;
        if (!positive) throw new IllegalArgumentException("frequency " + step + ": expected a positive time");
        return with(new Time(time.start, step, time.season, null, 0));
    }

    /** With the time between two steps where it is known. */
    public ForecastRequest withKnownFrequency(Optional<? extends TemporalAmount> step) {
        RunRules.requireGiven("frequency", step);
        return step.isEmpty() ? this : withFrequency(step.get());
    }

    /**
     * With steps on some weekdays or in some hours only, as of a shop: the {@linkplain #withFrequency frequency} is then a week
     * divided by its number of steps.
     *
     * @param step the time between two steps that are neighbours on one day, which a model alone reads and by which the usual
     *     horizon and the model for the request are chosen; the members of a combination read the frequency. Empty where steps
     *     are at all times
     * @param ofDay steps of an open day, the shortest season of a combination; 0 where they are not known
     * @throws IllegalArgumentException when the step is not positive, or the steps are negative
     */
    public ForecastRequest withOpenTimes(Optional<Duration> step, int ofDay) {
        RunRules.requireGiven("step", step);
        if (step.isEmpty()) return this;
        if (step.get().compareTo(Duration.ZERO) <= 0 || ofDay < 0) {
            throw new IllegalArgumentException("open times of " + ofDay + " steps of " + step.get()
                    + " a day: expected a positive time and number");
        }
        return with(new Time(time.start, time.frequency, time.season, step.get(), ofDay));
    }

    /** With the frequency and the open times of another request. */
    ForecastRequest withStepsOf(ForecastRequest other) {
        return with(new Time(time.start, other.time.frequency, time.season, other.time.openStep, other.time.ofDay));
    }

    /**
     * With the season of the history, such as 8 for hourly values of shifts of eight hours. For a
     * combination it takes the place of the seasons that the calendar
     * has for the frequency: the members repeat it, average over it and difference by it. A history that holds it less than
     * one and a half times is forecast without a season, and a note says so. A model alone has no use for it.
     *
     * @param steps of one season, from 2 on
     * @throws IllegalArgumentException when they are fewer
     */
    public ForecastRequest withSeason(int steps) {
        if (steps < 2) throw new IllegalArgumentException("season " + steps + ": expected at least 2 steps");
        return with(new Time(time.start, time.frequency, steps, time.openStep, time.ofDay));
    }

    /**
     * With the levels that quantiles are wanted of; without, a forecaster gives those that it has.
     *
     * @param levels strictly ascending, each above 0 and below 1
     * @throws IllegalArgumentException when they are not that
     */
    public ForecastRequest withQuantiles(double... levels) {
        RunRules.requireGiven("quantiles", levels);
        if (levels.length == 0) throw new IllegalArgumentException("quantiles are empty: expected a level or more");
        for (int i = 0; i < levels.length; i++) {
            if (!(levels[i] > 0 && levels[i] < 1)) {
                throw new IllegalArgumentException("quantiles: level " + levels[i] + ": expected above 0 and below 1");
            }
            if (i > 0 && levels[i] <= levels[i - 1]) {
                throw new IllegalArgumentException(
                        "quantiles: level " + levels[i] + " after " + levels[i - 1] + ": expected ascending levels");
            }
        }
        return with(wanted.ofLevels(levels));
    }

    /** Without requested quantiles. */
    ForecastRequest withoutQuantiles() {
        return with(wanted.ofLevels(new double[0]));
    }

    /**
     * With a least value: nothing in the forecast or its quantiles is below it. Without, that of a combination is 0 where
     * nothing in the history is negative, and a model alone has none.
     *
     * @param bound in original units
     * @throws IllegalArgumentException when it is not finite as a float
     */
    public ForecastRequest withLower(double bound) {
        if (!Float.isFinite((float) bound)) {
            throw new IllegalArgumentException("lower " + bound + ": expected a finite float");
        }
        return with(wanted.within(new ValueRange(bound, wanted.range.upper(), wanted.range.whole())));
    }

    /**
     * With a largest value: nothing in the forecast, its quantiles, mean or samples is above it.
     *
     * @param bounds in original units: one of all channels, or one for each channel of the history, where ∞ is none
     * @throws IllegalArgumentException when they are as many as neither, or one is NaN or −∞
     */
    public ForecastRequest withUpper(double... bounds) {
        RunRules.requireGiven("upper", bounds);
        for (double bound : bounds) {
            if (bound == Double.POSITIVE_INFINITY || Float.isFinite((float) bound)) continue;
            throw new IllegalArgumentException("upper " + bound + ": expected a finite float, or ∞ for none");
        }
        return with(wanted.within(
                new ValueRange(wanted.range.lower(), DoubleStream.of(bounds).boxed().toList(), wanted.range.whole())));
    }

    /** With forecasts and quantiles in whole numbers: each value becomes the nearest, of two the even one. */
    public ForecastRequest asCounts() {
        return with(wanted.within(new ValueRange(wanted.range.lower(), wanted.range.upper(), true)));
    }

    /** With the forecasts of the past that the forecast rests on, as {@link Forecast#crossValidation} of a combination. */
    public ForecastRequest withCrossValidation() {
        return with(wanted.with(Extra.CROSS_VALIDATION));
    }

    /**
     * With sample paths, as {@link Forecast#samples} of a combination.
     *
     * @param count from 2 to 100,000
     * @throws IllegalArgumentException when it is not
     */
    public ForecastRequest withSamples(int count) {
        if (count < 2 || count > MOST_SAMPLES) {
            throw new IllegalArgumentException("samples " + count + ": expected from 2 to " + MOST_SAMPLES);
        }
        return with(new Wanted(wanted.horizon, wanted.quantiles, wanted.range, wanted.extras, count));
    }

    /** With {@link Forecast#embedding}: what the model makes of a history before it forecasts, as a vector. */
    public ForecastRequest withEmbedding() {
        return with(wanted.with(Extra.EMBEDDING));
    }

    /** With what the parts of the forecast contribute to it, as {@link Forecast#components} of a combination. */
    public ForecastRequest withComponents() {
        return with(wanted.with(Extra.COMPONENTS));
    }

    /**
     * With the known future of the exogenous channels, for models that use it, or of the last channels of the history, for
     * a combination. A model looks beyond a horizon that ends within
     * one of its passes: give these steps too where they are known.
     *
     * @param future exogenous channels × at least the horizon
     * @throws IllegalArgumentException when a row of those {@linkplain #withCategoricalDrivers of categories} is not there
     */
    public ForecastRequest withKnownFuture(float[][] future) {
        return withKnownFuture(doubles("knownFuture", future));
    }

    /** As {@link #withKnownFuture(float[][])}. */
    public ForecastRequest withKnownFuture(double[][] future) {
        return with(new Values(values.history, values.single, copy("knownFuture", future), values.categories,
                values.categorical));
    }

    /**
     * Rows of the known future whose values are codes of categories, such as kinds of holiday or of weather, of which none is more
     * than another: each has an effect of its own in a combination. A category that the history does not have gets the mean
     * effect of all but the most frequent one.
     *
     * @throws IllegalArgumentException when there is no such row
     */
    public ForecastRequest withCategoricalDrivers(int... rows) {
        RunRules.requireGiven("rows", rows);
        return with(new Values(values.history, values.single, values.knownFuture, values.categories, rows.clone()));
    }

    /** The rows of the known future whose values are codes of categories. */
    public int[] categoricalDrivers() {
        return values.categorical.clone();
    }

    /** With a value for each static category, for models that use them. */
    public ForecastRequest withCategories(int... codes) {
        RunRules.requireGiven("categories", codes);
        return with(new Values(values.history, values.single, values.knownFuture, codes.clone(), values.categorical));
    }

    /** Channels × time, a copy; NaN = missing. */
    public double[][] history() {
        return Rows.copy(values.history);
    }

    /** Channels of the history. */
    public int channels() {
        return values.history.length;
    }

    /** Steps of the history. */
    public int steps() {
        return values.history[0].length;
    }

    /** The history itself, which is not to be changed. */
    double[][] rows() {
        return values.history;
    }

    /** Steps to forecast; 0 for as many as {@link Forecaster#horizon} says. */
    public int horizon() {
        return wanted.horizon;
    }

    /** The time of the first step of the history. */
    public Optional<Temporal> start() {
        return Optional.ofNullable(time.start);
    }

    /** The time between two steps. */
    public Optional<TemporalAmount> frequency() {
        return Optional.ofNullable(time.frequency);
    }

    /** Steps of the season, where it was given. */
    public OptionalInt season() {
        return time.season == 0 ? OptionalInt.empty() : OptionalInt.of(time.season);
    }

    /** The levels that are wanted; empty when none are named. */
    public double[] quantiles() {
        return doubles(wanted.quantiles);
    }

    /** The least value that was asked for. */
    public OptionalDouble lower() {
        return wanted.range.lower() == Double.NEGATIVE_INFINITY
                ? OptionalDouble.empty()
                : OptionalDouble.of(wanted.range.lower());
    }

    /** The largest values that were asked for, as {@link #withUpper} takes them; empty where none are finite. */
    public double[] upper() {
        List<Double> upper = wanted.range.upper();
        return upper.stream().allMatch(bound -> bound.isInfinite()) ? new double[0] : doubles(upper);
    }

    /** Whether whole numbers were asked for. */
    public boolean counts() {
        return wanted.range.whole();
    }

    /** Whether the forecasts of the past are wanted. */
    public boolean crossValidation() {
        return wanted.extras.contains(Extra.CROSS_VALIDATION);
    }

    /** Sample paths that are wanted; 0 for none. */
    public int samples() {
        return wanted.samples;
    }

    /** Whether embeddings are wanted. */
    public boolean embedding() {
        return wanted.extras.contains(Extra.EMBEDDING);
    }

    /** Whether what contributes to the forecast is wanted with it. */
    public boolean components() {
        return wanted.extras.contains(Extra.COMPONENTS);
    }

    ValueRange range() {
        return wanted.range;
    }

    /** Exogenous channels × time, a copy. */
    public Optional<double[][]> knownFuture() {
        return Optional.ofNullable(values.knownFuture).map(Rows::copy);
    }

    /** The known future itself, which is not to be changed; null without. */
    double[][] future() {
        return values.knownFuture;
    }

    /** A value for each static category; empty without. */
    public int[] categories() {
        return values.categories.clone();
    }

    /** Whether the history was given as floats. */
    boolean isSinglePrecision() {
        return values.single;
    }

    /** Steps of history from the first on that is observed in any channel; 0 where there is none. */
    int observedSteps() {
        return Arrays.stream(values.history).mapToInt(row -> row.length - Gaps.atBeginning(row)).max().orElse(0);
    }

    /** Steps of an open day, where steps are not at all times; 0 where that is not known. */
    int openStepsOfDay() {
        return time.ofDay;
    }

    /** The length of a step, of open times that between neighbours, for calendar months their mean length over 400 years; null when unknown. */
    Duration stepLength() {
        if (time.openStep != null) return time.openStep;
        if (!(time.frequency instanceof Period period)) return (Duration) time.frequency;
        return Duration.ofMillis(Math.round(1000 * SECONDS_PER_MONTH * period.toTotalMonths()))
                .plusDays(period.getDays());
    }

    /**
     * The date of each step of the history and the forecast; empty where the start is not known or has no date, steps are neither
     * days nor business days, or the calendar ends within two months of them. Those of instants are in UTC.
     */
    Optional<IntFunction<LocalDate>> dates() {
        boolean isDaily = time.openStep == null && time.frequency != null && DAYS.contains(time.frequency);
        if (time.start == null || !isDaily) return Optional.empty();
        try {
            LocalDate first = time.start instanceof Instant instant
                    ? LocalDate.ofInstant(instant, ZoneOffset.UTC)
                    : LocalDate.from(time.start);
            IntFunction<LocalDate> dates = step -> first
                    .plusDays(time.frequency.equals(BUSINESS_DAY) ? daysOfBusinessDays(first, step) : step);
            // Of what comes once a month, months before and after are looked at too.
            first.minusMonths(2);
            dates.apply(values.history[0].length + wanted.horizon).plusMonths(2);
            return Optional.of(dates);
        } catch (DateTimeException | ArithmeticException beyond) {
            return Optional.empty();
        }
    }

    /**
     * The time of a step, counted from the start: months are added at once, so that the end of a month does not drift.
     *
     * @throws IllegalArgumentException when there is no such time, or no start or frequency
     */
    public Temporal timeOf(int step) {
        if (time.start == null || time.frequency == null) {
            throw new IllegalArgumentException("the time of step " + step + " needs a start and a frequency");
        }
        try {
            return moved(step);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("start " + time.start + ", frequency " + time.frequency
                    + ": the time of step " + step + " is beyond the calendar: " + e.getMessage(), e);
        }
    }

    private Temporal moved(int step) {
        Temporal start = time.start;
        if (time.frequency instanceof Period period) {
            Temporal moved = start.plus(period.multipliedBy(step));
            boolean isOfEnds = period.getDays() == 0 && start.isSupported(ChronoField.DAY_OF_MONTH)
                    && start.equals(start.with(TemporalAdjusters.lastDayOfMonth()));
            return isOfEnds ? moved.with(TemporalAdjusters.lastDayOfMonth()) : moved;
        }
        if (time.frequency.equals(BUSINESS_DAY)) return start.plus(daysOfBusinessDays(start, step), ChronoUnit.DAYS);
        Duration passed = ((Duration) time.frequency).multipliedBy(step);
        boolean wholeDays = passed.equals(Duration.ofDays(passed.toDays()));
        if (start.isSupported(ChronoUnit.SECONDS) || !wholeDays) return start.plus(passed);
        return start.plus(passed.toDays(), ChronoUnit.DAYS);
    }

    /** The days to a later business day; one that would be on a weekend counts as the Friday before. */
    private static long daysOfBusinessDays(Temporal start, int steps) {
        int day = start.get(ChronoField.DAY_OF_WEEK) - 1;
        long ahead = Math.min(day, BUSINESS_DAYS - 1) + (long) steps;
        return ahead / BUSINESS_DAYS * DAYS_OF_A_WEEK + ahead % BUSINESS_DAYS - day;
    }

    /** SHA-256 of all that the request holds: those of equal requests are equal, and in practice of no others. */
    public byte[] sha256() {
        MessageDigest digest = Checkpoint.sha256();
        for (double[][] rows : new double[][][]{values.history, values.knownFuture, {quantiles()}}) {
            digest.update(text(rows == null ? "none" : rows.length + " rows"));
            for (int i = 0; rows != null && i < rows.length; i++) {
                ByteBuffer row = ByteBuffer.allocate(Integer.BYTES + Double.BYTES * rows[i].length);
                row.putInt(rows[i].length);
                // Not raw bits: all kinds of NaN are equal.
                for (double value : rows[i]) row.putLong(Double.doubleToLongBits(value));
                digest.update(row.array());
            }
        }
        return digest.digest(text(String.join("|", Boolean.toString(values.single), Arrays.toString(values.categories),
                Arrays.toString(values.categorical),
                time.start == null ? "" : time.start.getClass().getName() + time.start, String.valueOf(time.frequency),
                time.openStep == null ? "" : time.openStep + " " + time.ofDay, Integer.toString(time.season),
                Integer.toString(wanted.horizon), wanted.range.toString(), wanted.extras.toString(),
                Integer.toString(wanted.samples))));
    }

    private static double[] doubles(List<Double> of) {
        return of.stream().mapToDouble(value -> value).toArray();
    }

    private static byte[] text(String of) {
        return of.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ForecastRequest of && Arrays.equals(sha256(), of.sha256());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256());
    }

    /** Channels, steps and what is asked for, without the values. */
    @Override
    public String toString() {
        return "request of " + channels() + " channels × " + steps() + " steps, horizon "
                + (wanted.horizon == 0 ? "of the model" : wanted.horizon)
                + (time.start == null ? "" : ", from " + time.start)
                + (time.frequency == null ? "" : ", every " + time.frequency)
                + (wanted.quantiles.isEmpty() ? "" : ", quantiles " + wanted.quantiles);
    }

    private static double[][] doubles(String name, float[][] rows) {
        RunRules.requireRows(name, rows);
        return Precision.doubles(rows);
    }

    private static double[][] copy(String name, double[][] rows) {
        RunRules.requireRows(name, rows);
        return Rows.copy(rows);
    }
}
