package org.ttm4j.eval.backtest;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.rolling.PastRequests;

/**
 * Forecasts a series from many origins, each time from the rows before alone, and measures every forecast as soon as it
 * is made: memory does not grow with the windows. Errors are in the units of the values. The result is the same, bit for
 * bit, on any number of threads. An object runs once.
 *
 * <pre>{@code
 * Backtest backtest = new Backtest(series.values(), Duration.ofHours(1), null, plan);
 * BacktestResult result = backtest.run(rows -> forecaster, 2, windows -> {});
 * double mase = result.model().total().mase();
 * }</pre>
 */
public final class Backtest {
    /** Series a batch: full tiles for the threads, and little memory. */
    private static final int SERIES_PER_BATCH = 512;

    private final float[][] values;
    private final Duration frequency;
    private final int[] categories;
    private final BacktestPlan plan;

    /**
     * @param values channels × time; NaN = missing; not copied
     * @param frequency of the rows, for models with a resolution prefix; null when unknown
     * @param categories the static categories of the series; null without
     */
    public Backtest(float[][] values, Duration frequency, int[] categories, BacktestPlan plan) {
        this.values = values;
        this.frequency = frequency;
        this.categories = categories;
        this.plan = plan;
    }

    /**
     * Runs with a model made at the first origin and, if the plan says so, made anew every so many rows after it.
     *
     * @param refit asked for each model; one model throughout is {@code rows -> forecaster}
     * @param threads that forecast at the same time
     * @param progress told the number of windows of each finished part, from one thread at a time
     * @throws IOException that the refit throws
     * @throws InterruptedException when this thread is interrupted
     * @throws IllegalArgumentException when the model cannot use such windows, or forecasts what is not a number
     */
    public BacktestResult run(Refit refit, int threads, IntConsumer progress) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Forecaster forecaster = refit.fit(plan.history(plan.start()));
        PastRequests past = past(forecaster);
        BacktestScores scores = new BacktestScores(values, plan, forecaster.models().get(0).config());
        int perBatch = Math.max(1, SERIES_PER_BATCH / values.length);
        int fits = 1;
        int nextFit = plan.refit() == 0 ? Integer.MAX_VALUE : plan.start() + plan.refit();
        try (ExecutorService workers = pool(threads, "ttm-forecast");
                ExecutorService measuring = pool(1, "ttm-measure")) {
            // One batch is measured while the next one is forecast.
            Future<?> measured = null;
            for (int from = 0, to; from < plan.windows(); from = to) {
                if (plan.origin(from) >= nextFit) {
                    forecaster = refit.fit(plan.history(plan.origin(from)));
                    past = past(forecaster);
                    fits++;
                    nextFit = Math.addExact(plan.origin(from), plan.refit());
                }
                to = from + 1;
                while (to < Math.min(plan.windows(), from + perBatch) && plan.origin(to) < nextFit) to++;
                List<Forecast> forecasts = forecaster.forecastAll(requests(past, from, to), workers)
                        .stream()
                        .map(ForecastResult::orElseThrow)
                        .toList();
                if (measured != null) await(measured);
                int first = from;
                measured = measuring.submit(() -> {
                    for (int i = 0; i < forecasts.size(); i++) scores.add(first + i, forecasts.get(i));
                    progress.accept(forecasts.size());
                });
            }
            await(measured);
        }
        return scores.result(plan.refit() == 0 ? 0 : fits, (System.nanoTime() - begin) / 1e9);
    }

    private List<ForecastRequest> requests(PastRequests past, int from, int to) {
        List<ForecastRequest> requests = new ArrayList<>(to - from);
        for (int w = from; w < to; w++) {
            Split.Range context = plan.context(plan.origin(w));
            requests.add(past.at(context.from(), context.to()));
        }
        return requests;
    }

    private PastRequests past(Forecaster forecaster) {
        return new PastRequests(forecaster.models().get(0).config(), values, frequency, categories, plan.horizon());
    }

    private static ExecutorService pool(int threads, String name) {
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void await(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException) throw (RuntimeException) e.getCause();
            if (e.getCause() instanceof Error) throw (Error) e.getCause();
            throw new IllegalStateException(e.getCause());
        }
    }
}
