package org.ttm4j.eval.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.rolling.Baselines;
import org.ttm4j.ttm.rolling.PastRequests;

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
 * Immutable and thread-safe. Source of the protocol: {@link org.ttm4j.eval.protocol.EvaluationProtocol}.
 */
public final class Evaluation {
    /** Series a task: full tiles for the model, and little memory at a time. */
    private static final int SERIES_PER_TASK = 256;

    /** Channels × time, in the units that errors are taken in. */
    private final float[][] values;
    /** The same in original units: what a model with {@code channels.json} takes. */
    private final float[][] original;
    /** From original units to those of the errors; null where they are the same. */
    private final Standardizer standardizer;
    private final Split.Range rows;
    private final int context;
    private final int horizon;
    private final int stride;

    private Evaluation(float[][] original, Standardizer standardizer, Split.Range rows, int context, int horizon,
            int stride) {
        if (context < 1 || horizon < 1 || stride < 1) {
            throw new IllegalArgumentException("context " + context + ", horizon " + horizon + ", stride " + stride
                    + ": expected at least 1 each");
        }
        if (rows.windows(context, horizon) == 0) {
            throw new IllegalArgumentException(
                    rows.length() + " rows hold no window of " + context + " + " + horizon + " rows");
        }
        this.original = original;
        this.standardizer = standardizer;
        this.values = standardizer == null ? original : standardizer.scale(original);
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
        return new Evaluation(values, null, rows, context, horizon, stride);
    }

    /** The windows of the test rows of a split, standardised by its training rows. */
    public static Evaluation ofTest(float[][] values, SplitRule rule, int context, int horizon, int stride) {
        Split split = rule.split(values[0].length, context, horizon);
        return new Evaluation(values, Standardizer.fit(values, split.train()), split.test(), context, horizon, stride);
    }

    /** The windows of the validation rows of a split, standardised by its training rows. */
    public static Evaluation ofValidation(float[][] values, SplitRule rule, int context, int horizon, int stride) {
        Split split = rule.split(values[0].length, context, horizon);
        return new Evaluation(values, Standardizer.fit(values, split.train()), split.validation(), context, horizon,
                stride);
    }

    /**
     * Mean errors.
     *
     * @param mse mean squared error
     * @param mae mean absolute error
     * @param count of the errors, over windows, steps and channels
     */
    public record Scores(double mse, double mae, long count) {

        /** The means over the errors of several series together; NaN where there is none. */
        public static Scores pooled(List<Scores> all) {
            if (all.size() == 1) return all.get(0);
            double squared = 0;
            double absolute = 0;
            long count = 0;
            for (Scores scores : all) {
                if (scores.count == 0) continue;
                squared += scores.mse * scores.count;
                absolute += scores.mae * scores.count;
                count += scores.count;
            }
            return new Scores(squared / count, absolute / count, count);
        }
    }

    /** The number of windows measured. */
    public int windows() {
        return (rows.windows(context, horizon) - 1) / stride + 1;
    }

    /** As {@link #scores(Forecaster, Duration, int[], int, IntConsumer)}, for models without static categories. */
    public Scores scores(Forecaster forecaster, Duration frequency, int threads, IntConsumer progress) {
        return scores(forecaster, frequency, null, threads, progress);
    }

    /**
     * Measures a model on its forecast channels. A horizon longer than its own is reached as {@link Forecaster} does. A
     * model with {@link org.ttm4j.ttm.Channels} gets original units, any other the units of the errors. Exogenous channels
     * are known; their missing steps are interpolated, so that every window counts.
     *
     * @param frequency of the rows, for models with a resolution prefix; null when unknown
     * @param categories the static categories of the series; null without
     * @param threads at most so many at a time
     * @param progress told the number of windows of each finished part, from any thread
     * @throws IllegalArgumentException when the model cannot use such windows, or forecasts what is not a number
     */
    public Scores scores(Forecaster forecaster, Duration frequency, int[] categories, int threads,
            IntConsumer progress) {
        boolean inOriginalUnits = forecaster.channels().isPresent();
        float[][] series = inOriginalUnits ? original : values;
        PastRequests windows = new PastRequests(forecaster.models().get(0).config(), series, frequency, categories,
                horizon);
        return scores(threads, progress, (from, to) -> {
            List<ForecastRequest> requests = new ArrayList<>(to - from);
            for (int w = from; w < to; w++) {
                requests.add(windows.at(start(w), start(w) + context));
            }
            return forecaster.forecastAll(requests)
                    .stream()
                    .map(result -> channelForecasts(result.orElseThrow(), inOriginalUnits))
                    .toList();
        });
    }

    /** Measures the last period of each context, repeated, on some channels. */
    public Scores lastPeriod(int[] channels, int period, int threads) {
        return scores(threads, done -> {}, (from, to) -> baselines(channels, from, to, period, Baselines::lastPeriod));
    }

    /** Measures the mean of the last whole periods of each context, on some channels. */
    public Scores meanPeriod(int[] channels, int period, int threads) {
        return scores(threads, done -> {}, (from, to) -> baselines(channels, from, to, period, Baselines::meanPeriod));
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
        return new Scores(squared / count, absolute / count, count);
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

    private ChannelForecasts channelForecasts(Forecast forecast, boolean inOriginalUnits) {
        float[][] forecasts = forecast.values();
        if (inOriginalUnits && standardizer != null) {
            for (int i = 0; i < forecasts.length; i++) {
                forecasts[i] = standardizer.scale(forecast.channels()[i], forecasts[i]);
            }
        }
        return new ChannelForecasts(forecasts, forecast.channels());
    }

    /** A method of {@link Baselines}. */
    private interface Baseline {
        void forecast(float[] forecast, float[] series, int from, int to, int period);
    }

    private List<ChannelForecasts> baselines(int[] channels, int from, int to, int period, Baseline baseline) {
        List<ChannelForecasts> all = new ArrayList<>(to - from);
        for (int w = from; w < to; w++) {
            float[][] forecast = new float[channels.length][horizon];
            for (int i = 0; i < channels.length; i++) {
                baseline.forecast(forecast[i], values[channels[i]], start(w), start(w) + context, period);
            }
            all.add(new ChannelForecasts(forecast, channels));
        }
        return all;
    }

    private int start(int window) {
        return rows.from() + window * stride;
    }
}
