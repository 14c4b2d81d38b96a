package org.ttm4j.serve.model;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastCost;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.settings.Batching;

/**
 * Forecasts the series of all requests in batches, on a few threads. Requests take turns, and each series moves the next turn
 * of its request back by its cost, so that one of many series or steps delays others little (start-time fair queueing, Goyal,
 * Vin and Cheng 1996). A thread takes the series whose turn it is, and with it the next ones that want the same forecaster;
 * while the batch is not full and a request that is being read may still join it, it waits until the first series has been
 * here for the delay. Which batch a series is in changes nothing of its forecast. While more requests wait than the queue is
 * long or can soon have a turn, others are refused. Thread-safe.
 */
public final class Batcher implements AutoCloseable {
    private static final int MOST_SECONDS = 60;
    /** Weight of the newest batch in the mean time of a run. */
    private static final double NEWEST = 0.1;
    /** Requests for each worker that may wait however long each takes. */
    private static final int ALWAYS = 4;
    /** Runs in a batch at most, where it has several series: some tenths of a second. */
    private static final long MOST_RUNS = 2000;
    /** Runs of a series that is long: where there are several workers, one is kept for others. */
    private static final long LONG = 2 * MOST_RUNS;
    /** Time after which the client of a request is watched, at the cost of its connection: longer than requests usually wait. */
    private static final long WATCHED_MILLIS = 1000;

    private final Batching settings;
    private final Memory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Those of which series wait, in the order in which they came. */
    private final List<Arrival> queue = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final DistributionSummary batchSizes;
    private int arriving;
    /** What the batches take that are being forecast. */
    private long runningRuns;
    private long runningBytes;
    private int runningLong;
    private double secondsPerRun;
    /** The turn of the series that was taken last. */
    private long turn;
    private boolean closed;

    private record Work(Arrival arrival, ForecastRequest request, ForecastCost cost, long since,
            CompletableFuture<ForecastResult> result) {
        boolean isLong() {
            return cost.runs() > LONG;
        }
    }

    /** Starts the threads. */
    public Batcher(Batching settings, Memory memory, MeterRegistry metrics) {
        this.settings = settings;
        this.memory = memory;
        batchSizes = DistributionSummary.builder("ttm4j.batch.size")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(metrics);
        metrics.gauge("ttm4j.queue.length", this, Batcher::waiting);
        for (int i = 0; i < settings.workers(); i++) {
            threads.add(Thread.ofPlatform().name("forecasts-" + i).daemon().start(this::work));
        }
    }

    /** The memory of requests. */
    public Memory memory() {
        return memory;
    }

    /** Series that wait. */
    private int waiting() {
        lock.lock();
        try {
            return queue.stream().mapToInt(request -> request.waiting.size()).sum();
        } finally {
            lock.unlock();
        }
    }

    /** A request that is being read and may join a batch, and then its series. For one thread. */
    public final class Arrival implements AutoCloseable {
        private final Consumer<Runnable> watch;
        private final Memory.Share share = memory.share();
        private final Deque<Work> waiting = new ArrayDeque<>();
        private final List<CompletableFuture<ForecastResult>> results = new ArrayList<>();
        private boolean counted = true;
        private Forecaster forecaster;
        private long ownTurn;
        private volatile boolean cancelled;

        private Arrival(Consumer<Runnable> watch) {
            this.watch = watch;
        }

        /** Memory that the request holds until this is closed. */
        public Memory.Share memory() {
            return share;
        }

        /**
         * Forecasts the series of the request, all in their order. Once for each arrival.
         *
         * @throws Problem when the queue is full, or a series needs more memory than there is
         */
        public List<CompletableFuture<ForecastResult>> forecast(Forecaster by, List<ForecastRequest> requests) {
            forecaster = by;
            long now = System.nanoTime();
            for (ForecastRequest request : requests) {
                Work work = new Work(this, request, by.cost(request), now, new CompletableFuture<>());
                if (work.cost.bytes() > memory.ofBatches()) throw memory.tooLarge(work.cost.bytes());
                waiting.add(work);
                results.add(work.result);
            }
            lock.lock();
            try {
                if (closed) throw new Problem(Problem.Type.UNAVAILABLE, "the service is stopping").retryAfter(1);
                requireRoom();
                ownTurn = turn;
                if (!waiting.isEmpty()) queue.add(this);
                leave();
                changed.signalAll();
                return results;
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits until all series are forecast. Whether they are: the work ends when the client is gone.
         */
        public boolean await() {
            CompletableFuture<Void> all = CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                    .exceptionally(failed -> null);
            all.copy().completeOnTimeout(null, WATCHED_MILLIS, TimeUnit.MILLISECONDS).join();
            if (!all.isDone()) watch.accept(this::cancel);
            all.join();
            return !cancelled;
        }

        private void cancel() {
            lock.lock();
            try {
                if (results.stream().allMatch(CompletableFuture::isDone)) return;
                cancelled = true;
                queue.remove(this);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            for (CompletableFuture<ForecastResult> result : results) result.cancel(false);
        }

        /** The request joins no batch any more, and holds no memory. */
        @Override
        public void close() {
            share.close();
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
     * @param watch begins to watch the client of the request, and runs what it is given when that is gone
     * @throws Problem when the queue is full
     */
    public Arrival arrive(Consumer<Runnable> watch) {
        lock.lock();
        try {
            requireRoom();
            arriving++;
            return new Arrival(watch);
        } finally {
            lock.unlock();
        }
    }

    private void requireRoom() {
        long runs = runningRuns;
        for (Arrival request : queue) runs += request.waiting.peek().cost.runs();
        double seconds = runs * secondsPerRun / settings.workers();
        boolean isLate = queue.size() >= ALWAYS * settings.workers() && seconds > settings.patience().toMillis() / 1e3;
        if (queue.size() < settings.queue() && !isLate) return;
        throw new Problem(Problem.Type.TOO_MANY_REQUESTS,
                queue.size() + " requests wait, for more than the service takes on")
                .retryAfter((int) Math.clamp(Math.ceil(seconds), 1, MOST_SECONDS));
    }

    private void work() {
        while (true) {
            List<Work> batch = next();
            if (batch.isEmpty()) return;
            long start = System.nanoTime();
            try {
                List<ForecastResult> results = batch.get(0).arrival.forecaster.forecastAll(
                        batch.stream().map(Work::request).toList(),
                        Execution.ALONE.until(() -> isUnwanted(batch), "the clients are gone"));
                for (int i = 0; i < results.size(); i++) batch.get(i).result.complete(results.get(i));
            } catch (RuntimeException | Error bug) {
                for (Work work : batch) work.result.completeExceptionally(bug);
            } finally {
                ended(batch, (System.nanoTime() - start) / 1e9);
            }
            batchSizes.record(batch.size());
        }
    }

    private static boolean isUnwanted(List<Work> batch) {
        return batch.stream().allMatch(work -> work.arrival.cancelled);
    }

    private void ended(List<Work> batch, double seconds) {
        lock.lock();
        try {
            long runs = 0;
            for (Work work : batch) {
                runs += work.cost.runs();
                runningBytes -= work.cost.bytes();
                if (work.isLong()) runningLong--;
            }
            runningRuns -= runs;
            secondsPerRun += (secondsPerRun == 0 ? 1 : NEWEST) * (seconds / runs - secondsPerRun);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a batch; empty once closed. */
    private List<Work> next() {
        List<Work> batch = new ArrayList<>();
        lock.lock();
        try {
            while (!take(batch)) {
                if (closed && queue.isEmpty()) return batch;
                changed.awaitUninterruptibly();
            }
            long end = batch.get(0).since + settings.delay().toNanos();
            fill(batch);
            for (long left = end - System.nanoTime(); left > 0 && arriving > 0 && batch.size() < settings.batch()
                    && !closed; left = end - System.nanoTime()) {
                changed.awaitNanos(left);
                fill(batch);
            }
            return batch;
        } catch (InterruptedException e) {
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void fill(List<Work> batch) {
        boolean more = true;
        while (more && batch.size() < settings.batch()) more = take(batch);
    }

    /** Adds the series whose turn it is. Whether there is one that the batch and the memory have room for. */
    private boolean take(List<Work> batch) {
        Arrival next = null;
        for (Arrival one : queue) if ((next == null || one.ownTurn < next.ownTurn) && suits(one, batch)) next = one;
        if (next == null) return false;
        Work work = next.waiting.peek();
        boolean hasRoom = runningBytes == 0 || runningBytes + work.cost.bytes() <= memory.ofBatches();
        if (!hasRoom) return false;
        batch.add(next.waiting.remove());
        if (next.waiting.isEmpty()) queue.remove(next);
        turn = Math.max(turn, next.ownTurn);
        next.ownTurn += work.cost.runs();
        runningRuns += work.cost.runs();
        runningBytes += work.cost.bytes();
        if (work.isLong()) runningLong++;
        return true;
    }

    private boolean suits(Arrival request, List<Work> batch) {
        Work work = request.waiting.peek();
        if (batch.isEmpty()) return !work.isLong() || runningLong < Math.max(1, settings.workers() - 1);
        long runs = work.cost.runs();
        for (Work one : batch) runs += one.cost.runs();
        return request.forecaster == batch.get(0).arrival.forecaster && runs <= MOST_RUNS;
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
