package org.ttm4j.forecast.live;

import java.time.temporal.TemporalAmount;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.DoubleSummaryStatistics;
import java.util.Iterator;
import java.util.List;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Precision;

/**
 * One series that arrives value by value: forecasts on demand, with intervals that learn from what comes true.
 *
 * <pre>{@code
 * LiveForecaster live = new LiveForecaster(forecaster, 2, Duration.ofHours(1), intervals, 12);
 * live.add(load, temperature); // every hour; NaN = missing
 * Forecast next = live.forecast(); // values, and quantiles once there are enough windows
 * }</pre>
 *
 * <p>{@link #add} says which of the values are {@linkplain Anomaly anomalies}: outside the outermost interval that was
 * forecast for them, in the last forecast of its own that has one. A forecast that saw nothing of a channel has no interval
 * for it.
 *
 * <p>Every so many steps it makes a forecast of its own and {@linkplain ConformalIntervals#issue issues} it; each later
 * value settles the step of every such forecast that it is the truth of. Forecasts on demand do not count, so that
 * intervals do not depend on who asks when. Nothing enters before it is known.
 *
 * <p>Memory with C channels, context L, horizon H, a forecast every s steps, Q levels and N windows, in bytes: 8·C·(L + H)
 * for values, 8·C·H·(Q + 1)·⌈H/s⌉ for forecasts that wait for their truth, and 12·C·H·N + 4·C·H·Q for the intervals. With
 * 7 channels at 512 → 96, s = 12, deciles and 500 windows: 34 kB, 430 kB and 4.1 MB. The forecaster is shared by any
 * number of series.
 *
 * <p>A {@linkplain #combined combination} brings quantiles of its own, from the last 2,048 values, and needs no intervals. A
 * forecast of its own takes some forty runs of the model, a few milliseconds a channel.
 *
 * <p>Safe for any number of threads; values enter in the order of the calls. The model runs outside the lock for
 * {@link #forecast()}, and inside it, once every s values, for {@link #add}.
 */
public final class LiveForecaster {
    /** Values that a combination looks at. */
    private static final int COMBINED_CONTEXT = 2048;

    private final Forecaster forecaster;
    private final TemporalAmount frequency;
    /** Steps that a combination is told; 0 for none. */
    private final int season;
    /** Null for a combination. */
    private final ConformalIntervals intervals;
    /** The levels that a combination is asked for. */
    private final double[] levels;
    private final int every;
    private final int context;
    private final int horizon;
    /** Channels × (context + horizon); the oldest horizon is dropped when the rows are full. */
    private final double[][] values;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean single = true;
    private int length;
    private long added;
    private long judged;

    /**
     * A forecast of its own.
     *
     * @param issued null for a combination
     * @param quantiles null where there are none
     * @param since values that had arrived
     * @param ranges for each forecast channel, how far its values that the forecast saw lie apart; NaN where none was
     *     observed
     */
    private record Waiting(IssuedForecast issued, Forecast forecast, Quantiles quantiles, long since,
            double[] ranges) {}

    /**
     * An empty series.
     *
     * @param channels values that arrive together
     * @param frequency between them; null when unknown
     * @param intervals of this series alone, empty or calibrated, for the forecast channels and the model's own horizon;
     *     updated here
     * @param every steps from one forecast of its own to the next, no more than the horizon
     * @throws IllegalArgumentException when the model needs known future values or static categories, the intervals
     *     or channels do not fit it, the frequency is not positive, or the forecaster or the intervals are null
     */
    public LiveForecaster(Forecaster forecaster, int channels, TemporalAmount frequency, ConformalIntervals intervals,
            int every) {
        requireFit(forecaster, channels, frequency);
        if (intervals == null) throw new IllegalArgumentException("intervals is null");
        TtmConfig config = forecaster.info().longestModel().config();
        horizon = config.outputLength();
        int forecast = config.predictionChannels(channels).length;
        if (intervals.channels() != forecast || intervals.horizon() < horizon) {
            throw new IllegalArgumentException("intervals of " + intervals.channels() + " channels × "
                    + intervals.horizon() + " steps: expected " + forecast + " × " + horizon + " or more");
        }
        requireWithin(horizon, every);
        this.forecaster = forecaster.fast().withIntervals(intervals);
        this.frequency = frequency;
        this.intervals = intervals;
        this.every = every;
        season = 0;
        levels = new double[0];
        context = config.contextLength();
        values = new double[channels][context + horizon];
    }

    /**
     * Checks that a forecaster can forecast series of which nothing but the values arrives.
     *
     * @param frequency between them; null when unknown
     * @throws IllegalArgumentException when the model needs known future values, static categories or another number of
     *     channels, the frequency is not positive, or the forecaster is null
     */
    public static void requireFit(Forecaster forecaster, int channels, TemporalAmount frequency) {
        if (forecaster == null) throw new IllegalArgumentException("forecaster is null");
        TtmConfig config = forecaster.info().longestModel().config();
        if (config.needsKnownFuture() || !config.categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories, which a "
                    + "stream of values does not have");
        }
        boolean exactly = config.mixesChannels() || forecaster.info().channels().isPresent();
        int least = forecaster.info().channels().map(known -> known.inputs().size()).orElse(config.leastChannels());
        if (channels < least || exactly && channels > least) {
            throw new IllegalArgumentException(
                    channels + " channels: this model needs " + (exactly ? "" : "at least ") + least);
        }
        if (frequency != null) ForecastRequest.of(new float[1][1]).withFrequency(frequency);
    }

    /** Values further than the horizon after the last forecast would not be judged. */
    private static void requireWithin(int horizon, int every) {
        if (every >= 1 && every <= horizon) return;
        throw new IllegalArgumentException("every " + every + ": expected 1 to " + horizon + " steps, the horizon");
    }

    private LiveForecaster(Forecaster forecaster, int channels, TemporalAmount frequency, int season, int horizon,
            int every, double[] levels) {
        this.forecaster = forecaster;
        this.frequency = frequency;
        this.season = season;
        this.horizon = horizon;
        this.every = every;
        this.levels = levels;
        intervals = null;
        context = COMBINED_CONTEXT;
        values = new double[channels][context + horizon];
    }

    /**
     * An empty series for a combination.
     *
     * @param channels values that arrive together
     * @param frequency between them; null when unknown
     * @param horizon steps to forecast
     * @param every steps from one forecast of its own to the next, no more than the horizon
     * @param levels of the quantiles, ascending
     * @throws IllegalArgumentException when a number is below 1, the levels are not strictly between 0 and 1, or as the
     *     constructor
     */
    public static LiveForecaster combined(Forecaster forecaster, int channels, TemporalAmount frequency, int horizon,
            int every, double... levels) {
        requireFit(forecaster, channels, frequency);
        // Checks the horizon and the levels.
        ForecastRequest.of(new float[channels][1]).withHorizon(horizon).withQuantiles(levels);
        requireWithin(horizon, every);
        return new LiveForecaster(forecaster, channels, frequency, 0, horizon, every, levels.clone());
    }

    /**
     * An empty series for the same combination, with the season of the values, as
     * {@link ForecastRequest#withSeason} takes it.
     *
     * @throws IllegalArgumentException when the steps are fewer than 2, or the forecaster is no combination
     */
    public LiveForecaster withSeason(int steps) {
        if (intervals != null) throw new IllegalArgumentException("a season: only a combination has a use for it");
        if (steps < 2) throw new IllegalArgumentException("season " + steps + ": expected at least 2 steps");
        return new LiveForecaster(forecaster, values.length, frequency, steps, horizon, every, levels);
    }

    /**
     * Takes the next values.
     *
     * @param next one for each channel; NaN = missing
     * @return those of them that are outside their interval; empty also where there is none yet
     * @throws IllegalArgumentException when they are not as many as the channels or one is infinite; or as
     *     {@link Forecaster#forecast(ForecastRequest)}, with the values taken, when the model's arithmetic overflows
     */
    public List<Anomaly> add(double... next) {
        return add(next, false);
    }

    /** As {@link #add(double...)}; values that came as floats alone are forecast as {@link ForecastRequest#of(float[][])}. */
    public List<Anomaly> add(float... next) {
        return add(Precision.doubles(next), true);
    }

    private synchronized List<Anomaly> add(double[] next, boolean floats) {
        if (next.length != values.length) {
            throw new IllegalArgumentException(next.length + " values: expected " + values.length);
        }
        for (int c = 0; c < next.length; c++) {
            if (Float.isInfinite((float) next[c])) {
                throw new IllegalArgumentException(
                        "channel " + c + " is " + next[c] + ", which no float holds; missing values are NaN");
            }
        }
        if (length == values[0].length) {
            for (double[] channel : values) System.arraycopy(channel, horizon, channel, 0, context);
            length = context;
        }
        single &= floats;
        for (int c = 0; c < next.length; c++) values[c][length] = next[c];
        length++;
        List<Anomaly> anomalies = anomalies(next);
        settle(next);
        added++;
        if (added % every == 0 && length >= forecaster.info().minimumHistory()) issue();
        return anomalies;
    }

    private List<Anomaly> anomalies(double[] next) {
        Waiting last = null;
        for (Waiting one : waiting) if (one.quantiles != null) last = one;
        if (last == null) return List.of();
        List<Anomaly> anomalies = new ArrayList<>();
        int step = (int) (added - last.since);
        for (int i = 0; i < last.forecast.channels().length; i++) {
            int channel = last.forecast.channels()[i];
            if (Double.isNaN(last.ranges[i])) continue;
            if (!Double.isNaN(next[channel])) judged++;
            double[] of = last.quantiles.levels();
            int outermost = of.length - 1;
            double[][][] quantiles = last.quantiles.doubleValues();
            Anomaly.of(added, channel, next[channel], last.forecast.doubleValues()[i][step], quantiles[0][i][step],
                    quantiles[outermost][i][step], of[outermost] - of[0], last.ranges[i]).ifPresent(anomalies::add);
        }
        return anomalies;
    }

    /** Values so far, of each channel. */
    public synchronized long added() {
        return added;
    }

    /** Values so far, of all channels together, that had an interval. */
    public synchronized long judged() {
        return judged;
    }

    /** The fewest values that a forecast needs. */
    public int minimumHistory() {
        return forecaster.info().minimumHistory();
    }

    /**
     * The model's own horizon, or that of the combination, after the last value.
     *
     * @throws IllegalArgumentException when fewer than {@link #minimumHistory()} values have arrived, or as
     *     {@link Forecaster#forecast(ForecastRequest)}
     */
    public Forecast forecast() {
        ForecastRequest request = history().withHorizon(horizon);
        if (levels.length > 0) request = request.withQuantiles(levels);
        if (season > 0) request = request.withSeason(season);
        return forecaster.forecast(frequency == null ? request : request.withFrequency(frequency));
    }

    private synchronized ForecastRequest history() {
        double[][] history = new double[values.length][];
        for (int c = 0; c < history.length; c++) {
            history[c] = Arrays.copyOfRange(values[c], Math.max(0, length - context), length);
        }
        return single ? ForecastRequest.of(Precision.floats(history)) : ForecastRequest.of(history);
    }

    private void issue() {
        Forecast forecast = forecast();
        double[] ranges = ranges(forecast.channels());
        if (intervals == null) {
            waiting.add(new Waiting(null, forecast, forecast.quantiles().orElse(null), added, ranges));
            return;
        }
        float[] scales = LocalScales.of(values, length, PastForecasts.contextLength(forecast), forecast.channels());
        IssuedForecast issued = intervals.issue(forecast.doubleValues(), scales);
        waiting.add(new Waiting(issued, forecast, issued.quantiles(), added, ranges));
    }

    private double[] ranges(int[] channels) {
        return Arrays.stream(channels).mapToDouble(c -> {
            DoubleSummaryStatistics seen = Arrays.stream(values[c], Math.max(0, length - context), length)
                    .filter(value -> !Double.isNaN(value))
                    .summaryStatistics();
            return seen.getCount() == 0 ? Double.NaN : seen.getMax() - seen.getMin();
        }).toArray();
    }

    private void settle(double[] next) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext();) {
            Waiting one = all.next();
            int step = (int) (added - one.since);
            if (one.issued != null) {
                double[][] truth = new double[one.forecast.channels().length][horizon];
                for (int i = 0; i < truth.length; i++) {
                    Arrays.fill(truth[i], Double.NaN);
                    truth[i][step] = next[one.forecast.channels()[i]];
                }
                intervals.settle(one.issued, truth);
            }
            if (step == horizon - 1) all.remove();
        }
    }
}
