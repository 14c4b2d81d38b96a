package org.ttm4j.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.ttm4j.data.Baselines;
import org.ttm4j.data.EvaluationProtocol;
import org.ttm4j.data.Split;
import org.ttm4j.data.Standardizer;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.TtmConfig;

/**
 * Measures forecasts on every window of a range of rows, as the long-horizon benchmark does: MSE and MAE are means over
 * windows, steps and channels of standardised values. Missing targets are left out. The result is the same, bit for bit,
 * on any number of threads.
 *
 * <pre>{@code
 * Evaluation test = Evaluation.ofTest(series.values(), EvaluationProtocol.ETTH, 512, 96, 1);
 * Evaluation.Scores scores = test.scores(forecaster, Duration.ofHours(1), 2, windows -> {});
 * }</pre>
 *
 * Immutable and thread-safe. Source of the protocol: {@link EvaluationProtocol}.
 */
public final class Evaluation {
    /** Series a task: full tiles for the model, and little memory at a time. */
    private static final int SERIES_PER_TASK = 256;

    private final float[][] values;
    private final Split.Range rows;
    private final int context;
    private final int horizon;
    private final int stride;

    private Evaluation(float[][] values, Split.Range rows, int context, int horizon, int stride) {
        this.values = values;
        this.rows = rows;
        this.context = context;
        this.horizon = horizon;
        this.stride = stride;
    }

    /**
     * The windows of some rows; errors are taken in the units of the values, which are not copied.
     *
     * @param values channels × time; NaN = missing
     * @param rows where the windows lie, the context of the first included
     * @param stride rows from one window to the next
     * @throws IllegalArgumentException when a size is below 1 or no window fits into the rows
     */
    public static Evaluation of(float[][] values, Split.Range rows, int context, int horizon, int stride) {
        if (context < 1 || horizon < 1 || stride < 1) {
            throw new IllegalArgumentException("context " + context + ", horizon " + horizon + ", stride " + stride
                    + ": expected at least 1 each");
        }
        if (rows.windows(context, horizon) == 0) {
            throw new IllegalArgumentException(
                    rows.length() + " rows hold no window of " + context + " + " + horizon + " rows");
        }
        return new Evaluation(values, rows, context, horizon, stride);
    }

    /** The windows of a protocol's test rows, standardised by its training rows. */
    public static Evaluation ofTest(float[][] values, EvaluationProtocol protocol, int context, int horizon,
            int stride) {
        Split split = protocol.split(values[0].length, context, horizon);
        return of(Standardizer.fit(values, split.train()).scale(values), split.test(), context, horizon, stride);
    }

    /** The windows of a protocol's validation rows, standardised by its training rows. */
    public static Evaluation ofValidation(float[][] values, EvaluationProtocol protocol, int context, int horizon,
            int stride) {
        Split split = protocol.split(values[0].length, context, horizon);
        return of(Standardizer.fit(values, split.train()).scale(values), split.validation(), context, horizon, stride);
    }

    /**
     * Mean errors.
     *
     * @param mse mean squared error
     * @param mae mean absolute error
     */
    public record Scores(double mse, double mae) {}

    /** The number of windows measured. */
    public int windows() {
        return (rows.windows(context, horizon) - 1) / stride + 1;
    }

    /**
     * Measures a model. A horizon longer than its own is reached as {@link Forecaster} does; exogenous channels are
     * known, and errors are those of the forecast channels.
     *
     * @param interval of the rows, for models with a resolution prefix; null when unknown
     * @param threads at most so many at a time
     * @param progress told the number of windows of each finished part, from any thread
     * @throws IllegalArgumentException when the model cannot use such windows, or forecasts what is not a number
     */
    public Scores scores(Forecaster forecaster, Duration interval, int threads, IntConsumer progress) {
        return scores(threads, progress, (from, to) -> forecasts(forecaster, interval, from, to));
    }

    /** Measures the last period of each context, repeated. */
    public Scores lastPeriod(int period, int threads) {
        return scores(threads, done -> {}, (from, to) -> baselines(from, to, period, Baselines::lastPeriod));
    }

    /** Measures the mean of the last whole periods of each context. */
    public Scores meanPeriod(int period, int threads) {
        return scores(threads, done -> {}, (from, to) -> baselines(from, to, period, Baselines::meanPeriod));
    }

    /** Forecasts windows {@code [from, to)}. */
    private interface Method {
        List<ChannelForecasts> forecast(int from, int to);
    }

    /** The forecasts of one window: channels × horizon, and which channels they are. */
    private record ChannelForecasts(float[][] values, int[] channels) {}

    /** The sums of one window. */
    private record Errors(double squared, double absolute, long count) {}

    private Scores scores(int threads, IntConsumer progress, Method method) {
        int perTask = Math.max(1, SERIES_PER_TASK / values.length);
        Errors[] errors = new Errors[windows()];
        Parallel.forEach((errors.length + perTask - 1) / perTask, threads, task -> {
            int from = task * perTask;
            int to = Math.min(errors.length, from + perTask);
            List<ChannelForecasts> forecasts = method.forecast(from, to);
            for (int w = from; w < to; w++) errors[w] = errors(forecasts.get(w - from), start(w) + context);
            progress.accept(to - from);
        });
        double squared = 0;
        double absolute = 0;
        long count = 0;
        for (Errors window : errors) {
            squared += window.squared;
            absolute += window.absolute;
            count += window.count;
        }
        return new Scores(squared / count, absolute / count);
    }

    private Errors errors(ChannelForecasts forecast, int begin) {
        double squared = 0;
        double absolute = 0;
        long count = 0;
        for (int i = 0; i < forecast.channels.length; i++) {
            float[] target = values[forecast.channels[i]];
            for (int h = 0; h < horizon; h++) {
                double error = (double) forecast.values[i][h] - target[begin + h];
                // The target is missing, or a baseline has nothing to go by; a model's forecast is never NaN.
                if (Double.isNaN(error)) continue;
                squared += error * error;
                absolute += Math.abs(error);
                count++;
            }
        }
        return new Errors(squared, absolute, count);
    }

    private List<ChannelForecasts> forecasts(Forecaster forecaster, Duration interval, int from, int to) {
        TtmConfig config = forecaster.config();
        List<ForecastRequest> requests = new ArrayList<>(to - from);
        for (int w = from; w < to; w++) {
            int begin = start(w) + context;
            float[][] history = new float[values.length][];
            for (int c = 0; c < history.length; c++) {
                history[c] = Arrays.copyOfRange(values[c], begin - context, begin);
            }
            ForecastRequest request = ForecastRequest.of(history).withHorizon(horizon).withInterval(interval);
            if (config.usesExogenous()) request = request.withKnownFuture(future(config.exogenousChannels(), begin));
            requests.add(request);
        }
        return forecaster.forecastAll(requests).stream().map(Evaluation::forecasts).toList();
    }

    private static ChannelForecasts forecasts(Forecast forecast) {
        return new ChannelForecasts(forecast.values(), forecast.channels());
    }

    private float[][] future(int[] exogenous, int begin) {
        float[][] future = new float[exogenous.length][];
        for (int i = 0; i < future.length; i++) {
            if (exogenous[i] >= values.length) {
                throw new IllegalArgumentException(
                        "the model needs channel " + exogenous[i] + ", there are only " + values.length);
            }
            future[i] = Arrays.copyOfRange(values[exogenous[i]], begin, begin + horizon);
        }
        return future;
    }

    /** A method of {@link Baselines}. */
    private interface Baseline {
        void forecast(float[] forecast, float[] series, int from, int to, int period);
    }

    private List<ChannelForecasts> baselines(int from, int to, int period, Baseline baseline) {
        int[] channels = new int[values.length];
        Arrays.setAll(channels, c -> c);
        List<ChannelForecasts> all = new ArrayList<>(to - from);
        for (int w = from; w < to; w++) {
            float[][] forecast = new float[values.length][horizon];
            for (int c = 0; c < values.length; c++) {
                baseline.forecast(forecast[c], values[c], start(w), start(w) + context, period);
            }
            all.add(new ChannelForecasts(forecast, channels));
        }
        return all;
    }

    private int start(int window) {
        return rows.from() + window * stride;
    }
}
