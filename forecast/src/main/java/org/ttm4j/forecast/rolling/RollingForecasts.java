package org.ttm4j.forecast.rolling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Parallel;
import org.ttm4j.ttm.series.Precision;

/**
 * Forecasts from rolling origins: the one place where methods are run over the past of a series, for backtests, benchmarks,
 * validation and calibration alike. Origins go through a method in batches on several threads. Forecasts are handed over
 * on the calling thread in the order of the origins, so that whatever is made of them is the same, bit for bit, on any number
 * of threads. There is one batch a thread at most: memory does not grow with the origins. Stateless.
 */
public final class RollingForecasts {
    /** The fewest batches of a short run, so that several threads have work. */
    private static final int LEAST_BATCHES = 4;
    /** The same if there is a progress listener. */
    private static final int LEAST_TO_WATCH = 16;

    private RollingForecasts() {}

    /** As {@link #run(ForecastFunction, Origins, int, Consumer, IntConsumer)}, while nobody watches. */
    public static void run(ForecastFunction function, Origins origins, int threads, Consumer<RollingForecast> measure)
            throws InterruptedException {
        run(function, origins, threads, measure, null);
    }

    /**
     * Runs a method over origins.
     *
     * @param threads that forecast at the same time
     * @param measure takes each forecast
     * @param progress takes the number of origins of each batch that is done; null where nobody watches, for larger batches
     * @throws IllegalArgumentException when the method cannot forecast from an origin
     * @throws InterruptedException when this thread is interrupted
     */
    public static void run(ForecastFunction function, Origins origins, int threads, Consumer<RollingForecast> measure,
            IntConsumer progress) throws InterruptedException {
        int count = origins.count();
        int batches = progress == null ? LEAST_BATCHES : LEAST_TO_WATCH;
        int batch = Math.max(1, Math.min(function.originsAtATime(), Math.ceilDiv(count, batches)));
        int workers = Math.max(1, Math.min(threads, Math.ceilDiv(count, batch)));
        Deque<FutureTask<List<RollingForecast>>> running = new ArrayDeque<>();
        // Closing the pool waits for its threads; a single one is the calling thread.
        try (ExecutorService pool = workers == 1 ? null : Parallel.pool(workers)) {
            try {
                for (int begin = 0; begin < count || !running.isEmpty();) {
                    if (Thread.interrupted()) throw new InterruptedException();
                    if (begin < count && running.size() < workers) {
                        Origins part = origins.part(begin, Math.min(count, begin + batch));
                        running.add(new FutureTask<>(() -> function.forecast(part)));
                        if (pool == null) running.getLast().run();
                        else pool.execute(running.getLast());
                        begin += batch;
                        continue;
                    }
                    List<RollingForecast> forecasts = Parallel.get(running.getFirst());
                    running.removeFirst();
                    forecasts.forEach(measure);
                    if (progress != null) progress.accept(forecasts.size());
                }
            } finally {
                running.forEach(unused -> unused.cancel(true));
            }
        } catch (CancellationException late) {
            if (!Thread.interrupted()) throw late;
            throw (InterruptedException) new InterruptedException().initCause(late);
        }
    }

    /**
     * The errors of a method at all origins. The scale of the MASE is the error of the seasonal naive forecast on the rows
     * before the first origin.
     *
     * @param series channels × time, as the method forecasts it; NaN = missing
     * @param period steps of the season, less than there are rows before the first origin
     * @param threads that forecast at the same time
     * @throws IllegalArgumentException when the method cannot forecast from an origin, or its steps end beyond the series
     * @throws InterruptedException when this thread is interrupted
     */
    public static ForecastErrors errors(ForecastFunction function, double[][] series, Origins origins, int period,
            int threads) throws InterruptedException {
        return errors(function, series, origins, period, threads, null);
    }

    /** As {@link #errors(ForecastFunction, double[][], Origins, int, int)}. */
    public static ForecastErrors errors(ForecastFunction function, float[][] series, Origins origins, int period,
            int threads) throws InterruptedException {
        return errors(function, Precision.doubles(series), origins, period, threads);
    }

    /** The same, with progress as of {@link #run}. */
    public static ForecastErrors errors(ForecastFunction function, double[][] series, Origins origins, int period,
            int threads, IntConsumer progress) throws InterruptedException {
        origins.requireWithin(series);
        int[] channels = function.channels();
        double[] scales = new double[channels.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = ForecastErrors.scale(series[channels[i]], 0, origins.first(), period);
        }
        ForecastErrors errors = new ForecastErrors(channels.length, origins.horizon());
        run(function, origins, threads, forecast -> errors.add(forecast, series, channels, scales), progress);
        return errors;
    }
}
