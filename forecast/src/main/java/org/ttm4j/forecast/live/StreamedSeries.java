package org.ttm4j.forecast.live;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;

/**
 * One series of a stream, as the state of an engine that keeps it for many: takes values in any order, says when a forecast
 * is due, and makes the request. The state is 33 bytes and 4 a step of the context; more while values wait for forecasts
 * before them.
 *
 * <pre>{@code
 * StreamedSeries series = StreamedSeries.of(settings, state); // null for a new one
 * series.add(time, value).ifPresent(origin -> wakeAt(origin));
 * state = series.toBytes();
 * }</pre>
 *
 * <p>Forecasts of a series are made in the order of their origins, each once. A value that comes after the forecast of its
 * time counts in later ones, where it is not too old for them. So what comes of a series depends on nothing but its values
 * and which of them had come when each forecast was made. Mutable; for one thread at a time.
 *
 * <p>One wild time must not make all values after it too old. A value that is more than 2,048 steps ahead of those before it,
 * or more than the context where that is longer, is held back until another one is as near to it, as after a gap. One value
 * is held at a time, in 16 bytes of the state; the next one that is far from it and from the others takes its place.
 */
public final class StreamedSeries {
    private static final byte VERSION = 1;
    /** With a value that is held back, between the header and the window. */
    private static final byte VERSION_HELD = 2;
    private static final int HEADER = 1 + 2 * Long.BYTES;
    private static final int HELD = Long.BYTES + Double.BYTES;
    private static final long NONE = Long.MIN_VALUE;
    /** The end of the year 9999; keeps sums of times in range. */
    private static final long LAST_TIME = 253_402_300_799_999L;
    /** The most steps from one value to the next that is believed at once. */
    private static final int LEAP = 2048;

    private final StreamSettings settings;
    private final ValueWindow window;
    /** The step of the last origin. */
    private long last;
    /** The step of the value that is held back. */
    private long heldStep = NONE;
    private double held;

    private StreamedSeries(StreamSettings settings, ValueWindow window, long last) {
        this.settings = settings;
        this.window = window;
        this.last = last;
    }

    /**
     * The series of a state. One of another frequency begins anew.
     *
     * @param state of {@link #toBytes()}; null for a series without values
     * @throws IllegalArgumentException when a later version of this library wrote it, or it is not whole
     */
    public static StreamedSeries of(StreamSettings settings, byte[] state) {
        if (state == null) return new StreamedSeries(settings, new ValueWindow(), NONE);
        ByteBuffer bytes = ByteBuffer.wrap(state);
        byte version = state.length == 0 ? VERSION : bytes.get();
        if (version != VERSION && version != VERSION_HELD) {
            throw new IllegalArgumentException("the state of a series has version " + version
                    + ": this version of ttm4j reads up to " + VERSION_HELD);
        }
        if (!ValueWindow.isWhole(state.length - HEADER - (version == VERSION_HELD ? HELD : 0))) {
            throw new IllegalArgumentException("the state of a series is not whole: it has " + state.length + " bytes");
        }
        if (bytes.getLong() != settings.stepMillis()) return of(settings, null);
        long last = bytes.getLong();
        long heldStep = version == VERSION_HELD ? bytes.getLong() : NONE;
        double held = version == VERSION_HELD ? bytes.getDouble() : 0;
        StreamedSeries series = new StreamedSeries(settings, ValueWindow.read(bytes), last);
        series.hold(heldStep, held);
        return series;
    }

    private void hold(long step, double value) {
        heldStep = step;
        held = value;
    }

    /** The state to store. */
    public byte[] toBytes() {
        boolean holds = heldStep != NONE;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + (holds ? HELD : 0) + window.bytes());
        bytes.put(holds ? VERSION_HELD : VERSION).putLong(settings.stepMillis()).putLong(last);
        if (holds) bytes.putLong(heldStep).putDouble(held);
        window.write(bytes);
        return bytes.array();
    }

    /**
     * Takes a value.
     *
     * @param time milliseconds since 1970-01-01T00:00Z
     * @param value NaN, or beyond the range of float32, for a missing one
     * @return the time to forecast from once all values up to it have come; empty where the value is missing, too old to
     *     count, held back, belongs to a time that was forecast from before, or has a time beyond the year 9999
     */
    public OptionalLong add(long time, double value) {
        if (!Float.isFinite((float) value) || time < -LAST_TIME || time > LAST_TIME) return OptionalLong.empty();
        long step = stepOf(time);
        if (last != NONE && step < oldestNeeded()) return OptionalLong.empty();
        if (isHeldBack(time)) {
            hold(step, value);
            return OptionalLong.empty();
        }
        if (last == NONE && window.first() == newest() && isFar(newest(), step)) {
            // Of two values, which are all, the later one is in doubt.
            hold(newest(), window.at(newest()));
            window.clear();
        }
        window.put(step, value);
        long origin = originOf(Math.min(step, takeHeld()));
        return origin > last ? OptionalLong.of(origin * settings.stepMillis()) : OptionalLong.empty();
    }

    /** Takes the value that is held back once the series is near it. Returns its step, or a later one than any. */
    private long takeHeld() {
        if (heldStep == NONE || isFar(heldStep, newest())) return Long.MAX_VALUE;
        long step = heldStep;
        if (Double.isNaN(window.at(step))) window.put(step, held);
        hold(NONE, 0);
        return step;
    }

    /** How far the values that are kept lie apart; 0 where there are none. */
    public double range() {
        DoubleSummaryStatistics kept = Arrays.stream(window.values(window.first(), window.end()))
                .filter(value -> !Double.isNaN(value))
                .summaryStatistics();
        return kept.getCount() == 0 ? 0 : kept.getMax() - kept.getMin();
    }

    /** Whether a value of a time is so far ahead of all before it that {@link #add} would hold it back. */
    public boolean isHeldBack(long time) {
        long step = stepOf(time);
        boolean isNearHeld = heldStep != NONE && step != heldStep && !isFar(step, heldStep) && !isFar(heldStep, step);
        return isFar(step, newest()) && !isNearHeld;
    }

    private long stepOf(long time) {
        return Math.ceilDiv(time, settings.stepMillis());
    }

    private boolean isFar(long step, long from) {
        return from != NONE && step - from > Math.max(LEAP, settings.context());
    }

    /** The step of the newest value, or of the last forecast where that is later. */
    private long newest() {
        return window.isEmpty() ? last : Math.max(last, window.end() - 1);
    }

    private long originOf(long step) {
        return Math.ceilDiv(step, settings.everySteps()) * settings.everySteps();
    }

    /** The oldest step that a later forecast may see. */
    private long oldestNeeded() {
        return originOf(last + 1) - settings.context() + 1;
    }

    /** The value of the step at a time; NaN where it is missing, or no later forecast sees it. */
    public double valueAt(long time) {
        return window.at(Math.floorDiv(time, settings.stepMillis()));
    }

    /** The first time up to {@code now} that a forecast is to be made from; empty where all are made. */
    public OptionalLong due(long now) {
        long from = last == NONE ? window.first() : Math.max(window.first(), last + 1);
        for (long step = from; step < window.end(); step++) {
            if (Double.isNaN(window.at(step))) continue;
            long origin = originOf(step) * settings.stepMillis();
            return origin <= now ? OptionalLong.of(origin) : OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    /** Whether it has neither values nor forecasts. */
    public boolean isNew() {
        return window.isEmpty() && last == NONE;
    }

    /**
     * Whether a forecast is to be made from a time that an engine was told to wake up at: not where other settings, from
     * before a savepoint, told it so, and not twice.
     */
    public boolean isDue(long origin) {
        return Math.floorMod(origin, settings.every().toMillis()) == 0 && due(origin).isPresent();
    }

    /**
     * Makes the request of the forecast from a time, and forgets what no later forecast sees.
     *
     * @param origin of {@link #add} or {@link #due}
     * @param minimumHistory steps that the {@linkplain org.ttm4j.forecast.ForecasterInfo#minimumHistory() forecaster} needs
     * @return empty where it was made before, or the history is too short
     */
    public Optional<ForecastRequest> request(long origin, int minimumHistory) {
        long step = origin / settings.stepMillis();
        if (step <= last) return Optional.empty();
        double[] history = history(step);
        last = step;
        window.dropBefore(oldestNeeded());
        if (history.length < minimumHistory) return Optional.empty();
        ForecastRequest request = ForecastRequest.of(new double[][]{history})
                .withHorizon(settings.horizon())
                .withFrequency(settings.frequency());
        return Optional.of(settings.quantiles().length > 0 ? request.withQuantiles(settings.quantiles()) : request);
    }

    /** The values up to a step, from the first of the context that is there. */
    private double[] history(long step) {
        long from = Math.max(window.first(), step - settings.context() + 1);
        while (from <= step && Double.isNaN(window.at(from))) from++;
        return window.values(Math.min(from, step + 1), step + 1);
    }

    /** As {@link #request}, and makes the forecast; also empty where the model refuses the values. */
    public Optional<StreamForecast> forecast(long origin, Forecaster forecaster) {
        return request(origin, forecaster.info().minimumHistory())
                .flatMap(request -> switch (forecaster.forecastAll(List.of(request)).get(0)) {
                    case ForecastResult.Success(Forecast forecast) ->
                        Optional.of(StreamForecast.of(origin, settings, forecast));
                    case ForecastResult.Failure failure -> Optional.empty();
                });
    }
}
