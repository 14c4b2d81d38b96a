package org.ttm4j.forecast.live;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.live.Judge.Expected;
import org.ttm4j.ttm.run.RunRules;

/**
 * The state of one series that arrives value by value: its last values, what was forecast for the next ones, and both as
 * bytes. The forecaster is an argument, shared by any number of series; another one may take its place at any call.
 *
 * <p><b>In order, without times.</b> Every so many values a forecast is issued, and each value is compared with the interval
 * of the last one before it. Values that arrive together, as a past of 2,000, cost one forecast at their end.
 *
 * <pre>{@code
 * ForecastRequest wanted = ForecastRequest.of(history).withFrequency(Duration.ofHours(1)).withHorizon(24)
 *         .withQuantiles(0.005, 0.995);
 * LiveSeries live = LiveSeries.of(wanted, 24);
 * for (Judged value : live.add(forecaster, load, temperature)) if (value.isAnomaly()) report(value); // every hour
 * Forecast next = live.forecast(forecaster);
 * }</pre>
 *
 * <p>These methods are safe for any number of threads. The model runs outside the lock for {@link #forecast(Forecaster)},
 * and inside it, once every so many values, for {@link #add(Forecaster, double...)}.
 *
 * <p><b>With times</b>, as engines keep it for each of many series: it takes values in any order, says when a forecast is
 * due, and makes the request, whose dates are those of UTC. For one thread at a time.
 *
 * <pre>{@code
 * LiveSeries series = LiveSeries.of(settings, state); // null for a new one
 * series.add(time, value).ifPresent(origin -> wakeAt(origin));
 * state = series.toBytes();
 * }</pre>
 *
 * <p>Forecasts of a series are made in the order of their origins, each once. A value that comes after the forecast of its
 * time counts in later ones, where it is not too old for them. So what comes of a series depends on nothing but its values
 * and which of them had come when each forecast was made.
 *
 * <p>One wild time must not make all values after it too old. A value that is more than 2,048 steps ahead of those before it,
 * or more than the context where that is longer, is held back until another one is as near to it, as after a gap. One value
 * is held at a time, in 16 bytes of the state; the next one that is far from it and from the others takes its place.
 *
 * <p><b>Bytes:</b> 33 and four for each step of the context; more while values wait for forecasts before them; where values
 * are judged, 24 for each step of the last forecast, about 100 for each channel, and 16 for each value that was unusual. Values
 * take four bytes each there, float32 or a difference from a double, and eight in memory. The intervals that learn are not
 * among them: their owner keeps these.
 */
public final class LiveSeries {
    /** The first format: one channel. */
    private static final byte VERSION = 1;
    /** The same with a value that is held back, between the header and the window. */
    private static final byte VERSION_HELD = 2;
    /** Of any number of channels, with the last forecast. */
    private static final byte VERSION_EXPECTED = 3;
    /** The same with what is known of how usual its values are. */
    private static final byte VERSION_JUDGE = 4;
    /** With sizes of errors below and above forecasts. */
    private static final byte VERSION_SIZES = 5;
    private static final int HEADER = 1 + 2 * Long.BYTES;
    private static final long NONE = Long.MIN_VALUE;
    /** The end of the year 9999; keeps sums of times in range. */
    private static final long LAST_TIME = 253_402_300_799_999L;
    /** The most steps from one value to the next at which the later one is not held back. */
    private static final int LEAP = 2048;
    /** Values without times that are kept: as many as a combination looks at. */
    private static final int KEPT = 2048;

    /** The requested forecast; its history is not read again. */
    private final ForecastRequest wanted;
    /** 0 for a series without times, whose first value has step 1. */
    private final long stepMillis;
    private final long every;
    private int context;
    private ValueWindow window;
    /** The step of the last origin. */
    private long last = NONE;
    /** The step of the values that are held back. */
    private long heldStep = NONE;
    private double[] held;
    private final Judge judge;
    /** Intervals that learn from each value; null if there are none. */
    private volatile ConformalIntervals intervals;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Judged values that were not returned yet. */
    private final List<Judged> judged = new ArrayList<>();

    /** A forecast that intervals issued, until its last step is settled. */
    private record Waiting(long origin, int[] channels, IssuedForecast issued) {}

    private LiveSeries(ForecastRequest wanted, long stepMillis, long every, int context) {
        this.wanted = wanted;
        this.stepMillis = stepMillis;
        this.every = every;
        this.context = context;
        window = new ValueWindow(wanted.channels());
        judge = new Judge(wanted);
    }

    /**
     * A series of values without times. Nothing of what it begins with is judged.
     *
     * @param start the values that it begins with, maybe none, channels × time; and what is asked for, with a horizon
     * @param every steps from one forecast of its own to the next, no more than the horizon
     * @throws IllegalArgumentException when a value is infinite, {@code every} is not within the horizon, or a future is known
     */
    public static LiveSeries of(ForecastRequest start, int every) {
        RunRules.requireGiven("start", start);
        if (start.horizon() == 0) {
            throw new IllegalArgumentException("start has no horizon: give it withHorizon(steps)");
        }
        // Values further than the horizon after the last forecast would not be judged.
        if (every < 1 || every > start.horizon()) {
            throw new IllegalArgumentException(
                    "every " + every + ": expected 1 to " + start.horizon() + " steps, the horizon");
        }
        if (start.knownFuture().isPresent()) {
            throw new IllegalArgumentException(
                    "the known future is that of one time: add it to request() for each forecast");
        }
        LiveSeries series = new LiveSeries(start, 0, every, KEPT);
        requireFit(start.history(), start.channels());
        double[][] rows = rows(start.history());
        int first = Math.max(0, rows.length - ValueWindow.MAX_STEPS);
        series.window.clear(first + 1);
        for (int t = first; t < rows.length; t++) series.window.put(t + 1, rows[t]);
        return series;
    }

    /**
     * A series of values without times, of a state.
     *
     * @param wanted what is asked for, with as many channels; its history does not count, and its start is that of the first value
     * @param state of {@link #toBytes()}; null for a series without values
     * @throws IllegalArgumentException as {@link #of(ForecastRequest, int)} and {@link #of(StreamSettings, byte[])}
     */
    public static LiveSeries of(ForecastRequest wanted, int every, byte[] state) {
        RunRules.requireGiven("wanted", wanted);
        LiveSeries series = of(wanted.withHistory(new double[wanted.channels()][0]), every);
        if (state != null) series.read(state);
        return series;
    }

    /**
     * The series of a state. One of another frequency begins anew.
     *
     * @param state of {@link #toBytes()}; null for a series without values
     * @throws IllegalArgumentException when a later version of this library wrote it, or it is not whole
     */
    public static LiveSeries of(StreamSettings settings, byte[] state) {
        RunRules.requireGiven("settings", settings);
        LiveSeries series = new LiveSeries(settings.request(), settings.frequency().toMillis(),
                settings.every().dividedBy(settings.frequency()), settings.context());
        if (state != null) series.read(state);
        return series;
    }

    private void read(byte[] state) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        byte version = state.length == 0 ? VERSION : bytes.get();
        if (version < VERSION || version > VERSION_SIZES) {
            throw new IllegalArgumentException("the state of a series has version " + version
                    + ": this version of ttm4j reads up to " + VERSION_SIZES);
        }
        try {
            if (bytes.getLong() != stepMillis) return;
            last = bytes.getLong();
            int channels = version >= VERSION_EXPECTED ? bytes.getInt() : 1;
            if (channels != window.channels()) {
                throw new IllegalArgumentException(
                        "the state of a series has " + channels + " channels: expected " + window.channels());
            }
            if (version != VERSION) {
                heldStep = bytes.getLong();
                held = new double[channels];
                for (int c = 0; c < channels; c++) held[c] = bytes.getDouble();
            }
            if (version >= VERSION_EXPECTED) judge.read(bytes, version >= VERSION_JUDGE, version == VERSION_SIZES);
            if (!ValueWindow.isWhole(bytes.remaining(), channels)) throw new BufferUnderflowException();
            window = ValueWindow.read(bytes, channels);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the state of a series is not whole: it has " + state.length + " bytes",
                    e);
        }
    }

    /** The state to store. */
    public synchronized byte[] toBytes() {
        int channels = window.channels();
        byte version = !judge.isIdle() || channels > 1 ? VERSION_SIZES : heldStep != NONE ? VERSION_HELD : VERSION;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + (version == VERSION ? 0 : Long.BYTES + channels * Double.BYTES)
                + (version == VERSION_SIZES ? Integer.BYTES + judge.bytes() : 0) + window.bytes());
        bytes.put(version).putLong(stepMillis).putLong(last);
        if (version == VERSION_SIZES) bytes.putInt(channels);
        if (version != VERSION) {
            bytes.putLong(heldStep);
            for (int c = 0; c < channels; c++) bytes.putDouble(held == null ? 0 : held[c]);
        }
        if (version == VERSION_SIZES) judge.write(bytes);
        window.write(bytes);
        return bytes.array();
    }

    /**
     * From now on, forecasts of a series without times are of the model alone, their quantiles those of these intervals. They
     * learn from each value the errors of the forecasts issued before it, and nothing before it is known.
     *
     * @param of this series alone, empty or calibrated, for the forecast channels and the horizon; updated here
     * @throws IllegalArgumentException when they are null
     */
    public synchronized void learn(ConformalIntervals of) {
        RunRules.requireGiven("intervals", of);
        intervals = of;
        waiting.clear();
        judge.leaveAsTheyAre();
    }

    /**
     * Takes the next values of a series without times.
     *
     * @param next one for each channel; NaN = missing
     * @return those of them that have an interval, between the first and the last of the levels that are asked for, which says
     *     what is an anomaly; of a channel of which the forecast saw
     *     nothing there is none. Those of calls that threw with the values taken come with the next one that returns
     * @throws IllegalArgumentException when they are not as many as the channels or one is infinite; or as
     *     {@link Forecaster#forecast(ForecastRequest)}, with the values taken
     * @throws IllegalStateException when this series is one with times
     * @throws CancellationException as the forecaster, and so any other error of it, with the values taken; the next call
     *     makes the forecast first
     */
    public List<Judged> add(Forecaster forecaster, double... next) {
        RunRules.requireGiven("next", next);
        return addAll(forecaster, Arrays.stream(next).mapToObj(value -> new double[]{value}).toArray(double[][]::new));
    }

    /**
     * As {@link #add(Forecaster, double...)}, of many values at once, channels × time. At most one forecast is made, at the end.
     */
    public synchronized List<Judged> addAll(Forecaster forecaster, double[][] next) {
        RunRules.requireGiven("forecaster", forecaster);
        requireFit(next, window.channels());
        if (stepMillis > 0) throw new IllegalStateException("this series has times: add each value with its time");
        context = Math.max(context, forecaster.info().context());
        try {
            // The forecast after the values that the series began with, or one that failed, is still to be made.
            issueLast(forecaster);
        } finally {
            for (double[] row : rows(next)) {
                long step = window.end();
                // Many at once where that is possible, as dropping moves all others.
                if (step - window.first() == ValueWindow.MAX_STEPS) {
                    long kept = Math.max(ValueWindow.MAX_STEPS / 2, (long) context + every);
                    window.dropBefore(Math.max(window.first() + 1, step - kept));
                }
                window.put(step, row);
                // Numbered from 0.
                judged.addAll(judge.judge(step, step - 1, window));
                settle(step, row);
            }
            window.dropBefore(window.end() - context - every);
        }
        issueLast(forecaster);
        List<Judged> all = new ArrayList<>(judged);
        judged.clear();
        return all;
    }

    static void requireFit(double[][] next, int channels) {
        RunRules.requireGiven("next", next);
        if (next.length != channels) {
            throw new IllegalArgumentException(next.length + " values: expected " + channels);
        }
        for (int c = 0; c < next.length; c++) {
            RunRules.requireGiven("next[" + c + "]", next[c]);
            if (next[c].length != next[0].length) {
                throw new IllegalArgumentException(
                        "channel " + c + " has " + next[c].length + " values where channel 0 has " + next[0].length);
            }
            for (double value : next[c]) {
                if (!Float.isInfinite((float) value)) continue;
                throw new IllegalArgumentException(
                        "channel " + c + " is " + value + ", which no float holds; missing values are NaN");
            }
        }
    }

    private static double[][] rows(double[][] channels) {
        double[][] rows = new double[channels[0].length][channels.length];
        for (int t = 0; t < rows.length; t++) for (int c = 0; c < channels.length; c++) rows[t][c] = channels[c][t];
        return rows;
    }

    /** Issues the forecast from the last step that one is to be made from, unless it was. */
    private void issueLast(Forecaster forecaster) {
        long origin = Math.floorDiv(added(), every) * every;
        if (origin <= last || origin < window.first()) return;
        long before = last;
        last = origin;
        double[][] history = judge.usual(values(origin, Math.min(context, forecaster.info().context())), origin);
        boolean isObserved = Arrays.stream(history).flatMapToDouble(Arrays::stream).anyMatch(v -> !Double.isNaN(v));
        if (history[0].length < forecaster.info().minimumHistory() || !isObserved) return;
        try {
            expect(origin, history, learnt(forecaster).forecast(request(history, origin)));
        } catch (RuntimeException | Error failed) {
            // Unlike a refused history, this one may be forecast from at the next attempt.
            if (!(failed instanceof IllegalArgumentException)) last = before;
            throw failed;
        }
    }

    private Forecaster learnt(Forecaster forecaster) {
        RunRules.requireGiven("forecaster", forecaster);
        return intervals == null ? forecaster : forecaster.fast().withIntervals(intervals);
    }

    /** The values up to a step, as many as there are. */
    private double[][] values(long step, int most) {
        return window.values(Math.max(window.first(), step + 1 - most), step + 1);
    }

    private void expect(long origin, double[][] history, Forecast forecast) {
        Quantiles quantiles = forecast.quantiles().orElse(null);
        if (intervals != null) {
            IssuedForecast issued = intervals.issue(forecast.doubleValues(),
                    LocalScales.of(history, history[0].length, forecast.context(), forecast.channels()));
            waiting.add(new Waiting(origin, forecast.channels(), issued));
            quantiles = issued.quantiles();
        }
        if (quantiles != null && quantiles.levels().length > 1)
            judge.expect(Expected.of(origin, history, forecast, quantiles), history);
    }

    private void settle(long step, double[] row) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext();) {
            Waiting one = all.next();
            int ahead = (int) (step - one.origin - 1);
            double[][] truth = new double[one.channels.length][one.issued.forecast()[0].length];
            for (int i = 0; i < truth.length; i++) {
                Arrays.fill(truth[i], Double.NaN);
                truth[i][ahead] = row[one.channels[i]];
            }
            intervals.settle(one.issued, truth);
            if (ahead == truth[0].length - 1) all.remove();
        }
    }

    /** Values so far, of each channel of a series without times. */
    public synchronized long added() {
        return window.end() - 1;
    }

    /**
     * The request of a forecast after the last value, to which known futures may be added. Its history is what is kept, 2,048
     * values or the context of a forecaster that reads more.
     */
    public synchronized ForecastRequest request() {
        return request(values(window.end() - 1, context), window.end() - 1);
    }

    /** What is asked for after values that end at a step. */
    private ForecastRequest request(double[][] history, long end) {
        long first = end + 1 - history[0].length;
        ForecastRequest request = wanted.withHistory(history);
        if (stepMillis > 0) return request.withStart(Instant.ofEpochMilli(first * stepMillis));
        boolean hasTimes = wanted.start().isPresent() && wanted.frequency().isPresent();
        return hasTimes ? request.withStart(wanted.timeOf(Math.toIntExact(first - 1))) : request;
    }

    /**
     * The forecast after the last value.
     *
     * @throws IllegalArgumentException as {@link Forecaster#forecast(ForecastRequest)}, as where too few values have arrived
     */
    public Forecast forecast(Forecaster forecaster) {
        return learnt(forecaster).forecast(request());
    }

    /**
     * Takes the values of a time.
     *
     * @param time milliseconds since 1970-01-01T00:00Z
     * @param values one for each channel; NaN, or beyond the range of float32, for a missing one
     * @return the time to forecast from once all values up to it have come; empty where the values are missing, too old to
     *     count, held back, belong to a time that was forecast from before, or have a time beyond the year 9999
     * @throws IllegalArgumentException when they are not as many as the channels
     * @throws IllegalStateException when this series is one without times
     */
    public OptionalLong add(long time, double... values) {
        RunRules.requireGiven("values", values);
        long step = stepOf(time);
        if (values.length != window.channels()) {
            throw new IllegalArgumentException(values.length + " values: expected " + window.channels());
        }
        double[] row = Arrays.stream(values).map(value -> Float.isFinite((float) value) ? value : Double.NaN).toArray();
        if (Arrays.stream(row).allMatch(Double::isNaN) || time < -LAST_TIME || time > LAST_TIME) {
            return OptionalLong.empty();
        }
        if (last != NONE && step < oldestNeeded()) return OptionalLong.empty();
        if (isHeldBack(time)) {
            hold(step, row);
            return OptionalLong.empty();
        }
        if (last == NONE && window.first() == newest() && isFar(newest(), step)) {
            // If there are only two values, the later one is held back.
            hold(newest(), window.at(newest()));
            window.clear(0);
        }
        // No later forecast looks back over such a gap, which would otherwise be stored step by step.
        if (isFar(step, newest()) && due(Long.MAX_VALUE).isEmpty()) window.clear(step);
        window.put(step, row);
        long origin = originOf(Math.min(step, takeHeld()));
        return origin > last ? OptionalLong.of(origin * stepMillis) : OptionalLong.empty();
    }

    private void hold(long step, double[] row) {
        heldStep = step;
        held = row;
    }

    /** Adds the held-back values once the series is near them. Returns their step, or one that is later than any other. */
    private long takeHeld() {
        if (heldStep == NONE || isFar(heldStep, newest())) return Long.MAX_VALUE;
        long step = heldStep;
        if (window.isMissing(step)) window.put(step, held);
        hold(NONE, null);
        return step;
    }

    /** Whether a value of a time is so far ahead of all before it that {@link #add(long, double...)} would hold it back. */
    public boolean isHeldBack(long time) {
        long step = stepOf(time);
        boolean isNearHeld = heldStep != NONE && step != heldStep && !isFar(step, heldStep) && !isFar(heldStep, step);
        return isFar(step, newest()) && !isNearHeld;
    }

    private long stepOf(long time) {
        return Math.ceilDiv(time, timedStep());
    }

    /** The milliseconds of a step, for all that is done with times. */
    private long timedStep() {
        if (stepMillis > 0) return stepMillis;
        throw new IllegalStateException("this series has no times: add values with a forecaster");
    }

    private boolean isFar(long step, long from) {
        return from != NONE && step - from > Math.max(LEAP, context);
    }

    /** The step of the newest value, or of the last forecast where that is later. */
    private long newest() {
        return window.isEmpty() ? last : Math.max(last, window.end() - 1);
    }

    private long originOf(long step) {
        return Math.ceilDiv(step, every) * every;
    }

    /** The oldest step that a later forecast may see. */
    private long oldestNeeded() {
        return originOf(last + 1) - context + 1;
    }

    /** The first time up to {@code now} that a forecast is to be made from; empty where all are made. */
    public OptionalLong due(long now) {
        long from = last == NONE ? window.first() : Math.max(window.first(), last + 1);
        for (long step = from; step < window.end(); step++) {
            if (window.isMissing(step)) continue;
            long origin = originOf(step) * timedStep();
            return origin <= now ? OptionalLong.of(origin) : OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    /**
     * True if a forecast must be made at a timer's time. False for a timer set by other settings before a savepoint, and
     * if the forecast was made before.
     */
    public boolean isDue(long origin) {
        return Math.floorMod(origin, every * timedStep()) == 0 && due(origin).isPresent();
    }

    /**
     * Makes the request of the forecast from a time, and forgets what no later forecast sees.
     *
     * @param origin of {@link #add(long, double...)} or {@link #due}
     * @param minimumHistory steps that the {@linkplain org.ttm4j.forecast.ForecasterInfo#minimumHistory() forecaster} needs
     * @return empty where it was made before, or the history is too short
     */
    public Optional<ForecastRequest> request(long origin, int minimumHistory) {
        long step = origin / timedStep();
        Optional<ForecastRequest> request = requestAt(step, minimumHistory);
        made(step);
        return request;
    }

    private Optional<ForecastRequest> requestAt(long step, int minimumHistory) {
        if (step <= last) return Optional.empty();
        long from = Math.max(window.first(), step - context + 1);
        while (from <= step && window.isMissing(from)) from++;
        double[][] history = window.values(Math.min(from, step + 1), step + 1); // missing to the right of the last
        return history[0].length < minimumHistory ? Optional.empty() : Optional.of(request(history, step));
    }

    private void made(long step) {
        if (step <= last) return;
        last = step;
        window.dropBefore(oldestNeeded());
        window.dropMissing();
    }

    /**
     * As {@link #request(long, int)}, and makes the forecast; also empty where the model refuses the values. Where the
     * forecaster throws, it is still to be made.
     */
    public Optional<StreamForecast> forecast(long origin, Forecaster forecaster) {
        RunRules.requireGiven("forecaster", forecaster);
        long step = origin / timedStep();
        Optional<StreamForecast> forecast = requestAt(step, forecaster.info().minimumHistory())
                .flatMap(request -> result(forecaster, request))
                .map(made -> StreamForecast.of(origin, stepMillis, wanted.quantiles().length, made));
        made(step);
        return forecast;
    }

    private static Optional<Forecast> result(Forecaster forecaster, ForecastRequest request) {
        return forecaster.forecastAll(List.of(request)).get(0) instanceof ForecastResult.Success(Forecast forecast)
                ? Optional.of(forecast)
                : Optional.empty();
    }

    /** Compares the values of a time, once all of it have come and once only, with the last forecast that {@link #issue} made. */
    public List<Judged> judge(long time) {
        long step = Math.floorDiv(time, timedStep());
        return judge.judge(step, step, window);
    }

    /** As {@link #forecast(long, Forecaster)}, and keeps it to judge later values by, where it has quantiles. */
    public void issue(long origin, Forecaster forecaster) {
        RunRules.requireGiven("forecaster", forecaster);
        long step = origin / timedStep();
        requestAt(step, forecaster.info().minimumHistory()).ifPresent(given -> {
            double[][] history = judge.usual(given.history(), step);
            result(forecaster, given.withHistory(history)).ifPresent(made -> expect(step, history, made));
        });
        made(step);
    }

    /** Judges later values of a single channel by a forecast, as one that an earlier version kept beside its series. */
    public void expect(StreamForecast forecast) {
        double[][] history = window.values(window.first(), window.end());
        double[] levels = wanted.quantiles();
        double[][] steps = {forecast.values(), forecast.quantiles()[0],
                forecast.quantiles()[forecast.quantiles().length - 1]};
        judge.expect(new Expected(forecast.origin() / timedStep(), levels[levels.length - 1] - levels[0], new int[]{0},
                new double[]{Expected.range(history[0])}, new double[][][]{steps}), history);
    }

    /** True if this series has neither values nor forecasts. */
    public boolean isNew() {
        return window.isEmpty() && last == NONE;
    }
}
