package org.ttm4j.serve.model;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.settings.Batching;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;

/**
 * Forecasts the series of all requests in batches, on a few threads. A thread takes the series that has waited longest, and
 * with it those behind it that want the same forecaster; while the batch is not full and a request that is being read may
 * still join it, it waits until the first series has been here for the delay. Which batch a series is in changes nothing of
 * its forecast. While more series wait than the queue is long or can be forecast soon, requests are refused. Thread-safe.
 */
public final class Batcher implements AutoCloseable {
    private static final int MOST_SECONDS = 60;
    /** Weight of the newest batch in the mean time of a series. */
    private static final double NEWEST = 0.1;
    /** Series for each worker that may wait however long each takes. */
    private static final int ALWAYS = 4;

    private final Batching settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Work> queue = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private final DistributionSummary batchSizes;
    private int arriving;
    /** Series in batches that are being forecast. */
    private int running;
    private double secondsPerSeries;
    private boolean closed;

    private record Work(Forecaster forecaster, ForecastRequest request, long since,
            CompletableFuture<ForecastResult> result) {}

    /** Starts the threads. */
    public Batcher(Batching settings, MeterRegistry metrics) {
        this.settings = settings;
        batchSizes = DistributionSummary.builder("ttm4j.batch.size")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(metrics);
        metrics.gauge("ttm4j.queue.length", queue, Deque::size);
        for (int i = 0; i < settings.workers(); i++) {
            threads.add(Thread.ofPlatform().name("forecasts-" + i).daemon().start(this::work));
        }
    }

    /** A request that is being read and may join a batch. For one thread. */
    public final class Arrival implements AutoCloseable {
        private boolean counted = true;

        /**
         * Forecasts the series of the request, all in their order. Once for each arrival.
         *
         * @throws Problem when the queue is full
         */
        public List<CompletableFuture<ForecastResult>> forecast(Forecaster forecaster, List<ForecastRequest> requests) {
            lock.lock();
            try {
                if (closed) throw new Problem(Problem.Type.UNAVAILABLE, "the service is stopping").retryAfter(1);
                requireRoom();
                List<CompletableFuture<ForecastResult>> results = new ArrayList<>(requests.size());
                long now = System.nanoTime();
                for (ForecastRequest request : requests) {
                    Work work = new Work(forecaster, request, now, new CompletableFuture<>());
                    queue.add(work);
                    results.add(work.result);
                }
                leave();
                changed.signalAll();
                return results;
            } finally {
                lock.unlock();
            }
        }

        /** The request joins no batch any more. */
        @Override
        public void close() {
            lock.lock();
            try {
                leave();
            } finally {
                lock.unlock();
            }
        }

        private void leave() {
            if (!counted) return;
            counted = false;
            if (--arriving == 0) changed.signalAll();
        }
    }

    /**
     * Says that a request is being read.
     *
     * @throws Problem when the queue is full
     */
    public Arrival arrive() {
        lock.lock();
        try {
            requireRoom();
            arriving++;
            return new Arrival();
        } finally {
            lock.unlock();
        }
    }

    private void requireRoom() {
        double seconds = (queue.size() + running) * secondsPerSeries / settings.workers();
        boolean isLate = queue.size() >= ALWAYS * settings.workers() && seconds > settings.patience().toMillis() / 1e3;
        if (queue.size() < settings.queue() && !isLate) return;
        throw new Problem(Problem.Type.TOO_MANY_REQUESTS,
                queue.size() + " series wait, for more than the service takes on")
                .retryAfter((int) Math.clamp(Math.ceil(seconds), 1, MOST_SECONDS));
    }

    private void work() {
        while (true) {
            List<Work> batch = next();
            if (batch.isEmpty()) return;
            long start = System.nanoTime();
            try {
                List<ForecastResult> results = batch.get(0).forecaster
                        .forecastAll(batch.stream().map(Work::request).toList());
                for (int i = 0; i < results.size(); i++) batch.get(i).result.complete(results.get(i));
            } catch (RuntimeException | Error bug) {
                for (Work work : batch) work.result.completeExceptionally(bug);
            }
            batchSizes.record(batch.size());
            ended(batch.size(), (System.nanoTime() - start) / 1e9);
        }
    }

    private void ended(int count, double seconds) {
        lock.lock();
        try {
            running -= count;
            secondsPerSeries += (secondsPerSeries == 0 ? 1 : NEWEST) * (seconds / count - secondsPerSeries);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch; empty once closed. */
    private List<Work> next() {
        List<Work> batch = new ArrayList<>();
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed) return batch;
                changed.awaitUninterruptibly();
            }
            batch.add(queue.remove());
            long end = batch.get(0).since + settings.delay().toNanos();
            take(batch);
            for (long left = end - System.nanoTime(); left > 0 && arriving > 0 && batch.size() < settings.batch()
                    && !closed; left = end - System.nanoTime()) {
                changed.awaitNanos(left);
                take(batch);
            }
            return batch;
        } catch (InterruptedException e) {
            return batch;
        } finally {
            running += batch.size();
            lock.unlock();
        }
    }

    private void take(List<Work> batch) {
        for (Iterator<Work> waiting = queue.iterator(); waiting.hasNext() && batch.size() < settings.batch();) {
            Work work = waiting.next();
            if (work.forecaster != batch.get(0).forecaster) continue;
            batch.add(work);
            waiting.remove();
        }
    }

    /** Finishes what waits, and ends the threads. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
