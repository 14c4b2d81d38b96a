package org.ttm4j.forecast;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.ttm4j.ttm.run.RunRules;

/**
 * Forecasts any number of series in bounded memory: reads some, forecasts them together, hands the answers out in the order
 * of the series, and goes on. What is wrong with one series is its answer, numbered as the series are, from 0. Once the
 * deadline of the execution is past or the thread is interrupted, {@link #next} throws a
 * {@link java.util.concurrent.CancellationException}.
 *
 * <pre>{@code
 * ForecastJob<Meter> job = new ForecastJob<>(forecaster, meters, meter -> ForecastRequest.of(meter.history()),
 *         Execution.ALONE.withExecutor(pool));
 * while (job.hasNext()) {
 *     ForecastJob.Answer<Meter> answer = job.next();
 *     answer.result(); // of answer.source()
 * }
 * }</pre>
 *
 * <p>Used by one thread.
 *
 * @param <T> what the caller knows a series by
 */
public final class ForecastJob<T> implements Iterator<ForecastJob.Answer<T>> {
    /** Enough series to keep the cores busy if each has one channel. */
    private static final int MOST_AT_A_TIME = 256;
    /** For histories and forecasts; the forecaster itself bounds its working memory. */
    private static final long BYTES_AT_A_TIME = 64L << 20;

    private final Forecaster forecaster;
    private final Iterator<? extends T> sources;
    private final Function<? super T, ForecastRequest> requests;
    private final Execution execution;
    private final Deque<Answer<T>> ready = new ArrayDeque<>();
    private int answered;

    /**
     * A series and its result.
     *
     * @param request null where it could not be made
     */
    public record Answer<T>(T source, ForecastRequest request, ForecastResult result) {}

    /**
     * Reads nothing yet.
     *
     * @param sources the series
     * @param requests makes the request of each; the IllegalArgumentException that it throws is the answer
     * @param execution helping threads, a deadline and a progress listener
     * @throws IllegalArgumentException when an argument is null
     */
    public ForecastJob(Forecaster forecaster, Iterator<? extends T> sources,
            Function<? super T, ForecastRequest> requests, Execution execution) {
        RunRules.requireGiven("forecaster", forecaster);
        RunRules.requireGiven("sources", sources);
        RunRules.requireGiven("requests", requests);
        RunRules.requireGiven("execution", execution);
        this.forecaster = forecaster;
        this.sources = sources;
        this.requests = requests;
        this.execution = execution;
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || sources.hasNext();
    }

    @Override
    public Answer<T> next() {
        if (!hasNext()) throw new NoSuchElementException();
        if (ready.isEmpty()) forecast();
        return ready.remove();
    }

    private void forecast() {
        List<Answer<T>> batch = new ArrayList<>();
        List<ForecastRequest> good = new ArrayList<>();
        long bytes = 0;
        while (sources.hasNext() && batch.size() < MOST_AT_A_TIME && bytes < BYTES_AT_A_TIME) {
            T source = sources.next();
            try {
                ForecastRequest request = requests.apply(source);
                RunRules.requireGiven("request", request);
                bytes += bytes(request);
                good.add(request);
                batch.add(new Answer<>(source, request, null));
            } catch (IllegalArgumentException wrong) {
                batch.add(new Answer<>(source, null, new ForecastResult.Failure(answered + batch.size(), wrong)));
            }
        }
        Iterator<ForecastResult> made = forecaster.forecastAll(good, execution).iterator();
        for (Answer<T> one : batch) {
            int number = answered++;
            ForecastResult result = one.result == null ? made.next().map(number, forecast -> forecast) : one.result;
            result.requireNotCancelled();
            ready.add(new Answer<>(one.source, one.request, result));
        }
    }

    private long bytes(ForecastRequest request) {
        int horizon = forecaster.horizon(request);
        int levels = request.quantiles().length + request.samples();
        return ForecastCost.of(request.channels(), request.steps(), horizon, horizon, levels).bytes();
    }
}
