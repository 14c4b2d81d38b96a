package org.ttm4j.serve.forecast;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastCost;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.settings.Settings.Batching;

/**
 * Forecasts the series of all requests in batches, on a few threads. Requests take turns, and each series moves the next turn
 * of its request back by its cost, so that one of many series or steps delays others little (start-time fair queueing, Goyal,
 * Vin and Cheng 1996). Clients that are named take turns in the same way, whatever the number of their requests, and the
 * requests of each among themselves. A thread takes the series whose turn it is, and with it the next ones that want the same
 * forecaster; while the batch is not full and a request that is being read may still join it, it waits until the first series
 * has been here for the delay. Which batch a series is in changes nothing of its forecast. While more requests wait than the queue is
 * long or can soon have a turn, others are refused. Thread-safe.
 */
public final class Batcher implements AutoCloseable {
    private static final int MOST_SECONDS = 60;
    /** Weight of the newest batch in the mean time of a run. */
    private static final double NEWEST = 0.1;
    /** Requests for each worker that may always wait, however long they take. */
    private static final int ALWAYS = 4;
    /** Runs in a batch at most, where it has several series: some tenths of a second. */
    private static final long MOST_RUNS = 2000;
    /** Runs of a series that is long: where there are several workers, one is kept for others. */
    private static final long LONG = 2 * MOST_RUNS;
    /** Time after which the client of a request is watched, at the cost of its connection: longer than requests usually wait. */
    private static final long WATCHED_MILLIS = 1000;
    /** Runs of a request that is watched from the beginning, as it would go on for long. */
    private static final long WATCHED_RUNS = 500;
    /** The client of a request of fewer runs is not watched: a timer for each would cost more than work for one that is gone. */
    private static final long LEAST_WATCHED_RUNS = 8;
    /** Runs in a batch while others call too: some hundredths of a second. */
    private static final long SHARED_RUNS = 250;
    /** Time for which a client that has called is expected to call again. */
    private static final long PRESENT = TimeUnit.SECONDS.toNanos(10);

    private final Batching settings;
    private final Memory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** The requests with series that wait, in the order in which they arrived. */
    private final List<Arrival> queue = new ArrayList<>();
    private final Map<Client, Flow> flows = new WeakHashMap<>();
    /** The client that called last, the time of its call, and that of the last call of another. */
    private Flow newest;
    private long seen = System.nanoTime() - PRESENT;
    private long seenBefore = seen;
    private final List<Thread> threads = new ArrayList<>();
    private final DistributionSummary batchSizes;
    private final AtomicInteger busy = new AtomicInteger();
    private int arriving;
    /** The runs and the memory of the batches that are being forecast. */
    private long runningRuns;
    private long runningBytes;
    private int runningLong;
    private double secondsPerRun;
    /** The turn of the series that was taken last. */
    private long turn;
    private volatile boolean closed;

    private record Work(Arrival arrival, ForecastRequest request, ForecastCost cost, long since,
            CompletableFuture<ForecastResult> result) {
        boolean isLong() {
            return cost.runs() > LONG;
        }
    }

    /** The turns of a client. Guarded by the lock. */
    private static final class Flow {
        /** The turn of the client among all clients, and that of its newest request at work among its own. */
        private long turn;
        private long ownTurn;
        /** Batches that are being forecast and began with one of its series. */
        private int running;
    }

    public Batcher(Batching settings, Memory memory, MeterRegistry metrics) {
        this.settings = settings;
        this.memory = memory;
        batchSizes = DistributionSummary.builder("ttm4j.batch.size")
                .description("Series that are forecast together")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(metrics);
        gauge(metrics, "ttm4j.queue.length", "Series that wait for a turn",
                batcher -> batcher.locked(() -> queue.stream().mapToInt(request -> request.waiting.size()).sum()));
        gauge(metrics, "ttm4j.workers", "Threads that run models", batcher -> settings.workers());
        gauge(metrics, "ttm4j.workers.busy", "Worker threads that are running a model", batcher -> batcher.busy.get());
        gauge(metrics, "ttm4j.memory.held.bytes", "Memory that requests hold", batcher -> memory.held());
        gauge(metrics, "ttm4j.memory.limit.bytes", "Memory that requests may hold", batcher -> memory.ofRequests());
        for (int i = 0; i < settings.workers(); i++) {
            threads.add(Thread.ofPlatform().name("forecasts-" + i).daemon().start(this::work));
        }
    }

    private void gauge(MeterRegistry metrics, String name, String help, ToDoubleFunction<Batcher> value) {
        Gauge.builder(name, this, value).description(help).register(metrics);
    }

    public Memory memory() {
        return memory;
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A request from its arrival to its answer: while it is being read, batches that are not full wait for it for a moment, and
     * then its series wait for their turns. For one thread.
     */
    public final class Arrival implements AutoCloseable {
        final Client client;
        /** How long the last of its series waited for its turn. */
        long queuedNanos;
        /** Whether the client is known to have closed the connection. */
        volatile boolean cancelled;
        private final Flow flow;
        private final Consumer<Runnable> watch;
        private final Deque<Work> waiting = new ArrayDeque<>();
        private List<CompletableFuture<ForecastResult>> results = List.of();
        private boolean counted = true;
        private boolean watched;
        private long runs;
        private Forecaster forecaster;
        private long ownTurn;

        private Arrival(Client client, Flow flow, Consumer<Runnable> watch) {
            this.client = client;
            this.flow = flow;
            this.watch = watch;
        }

        /**
         * Lets the series of the request wait for their turns, in their order. Called again for more series once those before
         * are forecast.
         *
         * @throws Problem when the queue is full the first time, or a series needs more memory than there is
         * @throws CancellationException when the request is cancelled
         */
        public List<CompletableFuture<ForecastResult>> forecast(Forecaster by, List<ForecastRequest> requests) {
            forecaster = by;
            long now = System.nanoTime();
            List<CompletableFuture<ForecastResult>> made = new ArrayList<>(requests.size());
            for (ForecastRequest request : requests) {
                Work work = new Work(this, request, by.cost(request), now, new CompletableFuture<>());
                if (work.cost.bytes() > memory.ofBatches()) throw memory.tooLarge(work.cost.bytes());
                waiting.add(work);
                runs += work.cost.runs();
                made.add(work.result);
            }
            return locked(() -> {
                if (closed) throw new Problem(Problem.Type.UNAVAILABLE, "the service is stopping").retryAfter(1);
                if (cancelled) throw new CancellationException("the client is gone");
                if (counted) requireRoom(client, flow);
                results = made;
                flow.turn = Math.max(flow.turn, turn);
                ownTurn = flow.ownTurn;
                if (!waiting.isEmpty()) queue.add(this);
                leave();
                changed.signalAll();
                return results;
            });
        }

        /**
         * Waits until all series are forecast. Returns false if the client has closed the connection before, which ends the work,
         * unless that is of a few runs, whose client is not watched.
         */
        public boolean await() {
            CompletableFuture<Void> all = CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                    .exceptionally(failed -> null);
            if (runs >= LEAST_WATCHED_RUNS && runs <= WATCHED_RUNS) {
                all.copy().completeOnTimeout(null, WATCHED_MILLIS, TimeUnit.MILLISECONDS).join();
            }
            if (runs >= LEAST_WATCHED_RUNS && !watched && !all.isDone()) {
                watched = true;
                watch.accept(this::cancel);
            }
            all.join();
            return results.stream().noneMatch(CompletableFuture::isCancelled);
        }

        /** Ends the work on the request, as far as it is not done. */
        public void cancel() {
            List<CompletableFuture<ForecastResult>> ended = locked(() -> {
                cancelled = true;
                queue.remove(this);
                changed.signalAll();
                return results;
            });
            for (CompletableFuture<ForecastResult> result : ended) result.cancel(false);
        }

        /** Ends the request: no batch waits for it any more. */
        @Override
        public void close() {
            locked(this::leave);
        }

        /** Returns true if batches have waited for it so far. */
        private boolean leave() {
            if (!counted) return false;
            counted = false;
            if (--arriving == 0) changed.signalAll();
            return true;
        }
    }

    /**
     * Registers a request that is being read; a batch that is not full waits briefly for its series.
     *
     * @param client the client of the request
     * @param watch starts to watch the client's connection, and runs its argument when the connection is closed
     * @throws Problem when the queue is full
     */
    public Arrival arrive(Client client, Consumer<Runnable> watch) {
        return locked(() -> {
            Flow flow = flows.computeIfAbsent(client, any -> new Flow());
            if (flow != newest) seenBefore = seen;
            newest = flow;
            seen = System.nanoTime();
            requireRoom(client, flow);
            arriving++;
            return new Arrival(client, flow, watch);
        });
    }

    /** Clients take turns: of each other client, one request at most comes before this one. */
    private void requireRoom(Client client, Flow flow) {
        Set<Flow> others = new HashSet<>();
        long runs = runningRuns;
        int before = 0;
        int own = 0;
        for (Arrival request : queue) {
            if (request.flow == flow) own++;
            else if (!others.add(request.flow)) continue;
            runs += request.waiting.peek().cost.runs();
            before++;
        }
        double seconds = runs * secondsPerRun / settings.workers();
        boolean isLate = before >= ALWAYS * settings.workers() && seconds > settings.patience().toMillis() / 1e3;
        boolean isHalf = client.name() != null && own > settings.queue() / 2;
        if (queue.size() < settings.queue() && !isLate && !isHalf) return;
        throw new Problem(Problem.Type.TOO_MANY_REQUESTS,
                isHalf
                        ? own + " requests of " + client.name() + " wait, half of all that may"
                        : queue.size() + " requests wait, for more than the service takes on")
                .retryAfter((int) Math.clamp(Math.ceil(seconds), 1, MOST_SECONDS));
    }

    /** Returns true if other clients than this one call too. */
    private boolean isShared(Flow flow) {
        return System.nanoTime() - (flow == newest ? seenBefore : seen) < PRESENT;
    }

    private void work() {
        while (true) {
            List<Work> batch = next();
            if (batch.isEmpty()) return;
            long start = System.nanoTime();
            busy.incrementAndGet();
            batchSizes.record(batch.size());
            BooleanSupplier areGone = () -> closed || batch.stream().allMatch(work -> work.arrival.cancelled);
            try {
                List<ForecastResult> results = batch.get(0).arrival.forecaster.forecastAll(
                        batch.stream().map(Work::request).toList(),
                        Execution.ALONE.until(areGone, "the clients are gone"));
                for (int i = 0; i < results.size(); i++) batch.get(i).result.complete(results.get(i));
            } catch (RuntimeException | Error bug) {
                for (Work work : batch) work.result.completeExceptionally(bug);
            } finally {
                busy.decrementAndGet();
                ended(batch, (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private void ended(List<Work> batch, double seconds) {
        locked(() -> {
            long runs = 0;
            for (Work work : batch) {
                runs += work.cost.runs();
                work.arrival.client.ran(work.cost.runs());
                runningBytes -= work.cost.bytes();
                if (work.isLong()) runningLong--;
            }
            batch.get(0).arrival.flow.running--;
            runningRuns -= runs;
            secondsPerRun += (secondsPerRun == 0 ? 1 : NEWEST) * (seconds / runs - secondsPerRun);
            changed.signalAll();
            return null;
        });
    }

    /** Waits for the next batch; returns an empty list once closed. */
    private List<Work> next() {
        List<Work> batch = new ArrayList<>();
        lock.lock();
        try {
            while (!take(batch)) {
                if (closed && queue.isEmpty()) return batch;
                changed.awaitUninterruptibly();
            }
            batch.get(0).arrival.flow.running++;
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

    /** Adds the series whose turn it is. Returns false if no series waits that the batch and the memory have room for. */
    private boolean take(List<Work> batch) {
        Arrival next = null;
        for (Arrival one : queue) if ((next == null || isBefore(one, next)) && suits(one, batch)) next = one;
        if (next == null) return false;
        Work work = next.waiting.peek();
        boolean hasRoom = runningBytes == 0 || runningBytes + work.cost.bytes() <= memory.ofBatches();
        if (!hasRoom) return false;
        batch.add(next.waiting.remove());
        if (next.waiting.isEmpty()) queue.remove(next);
        turn = Math.max(turn, next.flow.turn);
        next.flow.turn += work.cost.runs();
        next.flow.ownTurn = Math.max(next.flow.ownTurn, next.ownTurn);
        next.ownTurn += work.cost.runs();
        next.queuedNanos = System.nanoTime() - work.since;
        runningRuns += work.cost.runs();
        runningBytes += work.cost.bytes();
        if (work.isLong()) runningLong++;
        return true;
    }

    private static boolean isBefore(Arrival one, Arrival other) {
        return one.flow == other.flow ? one.ownTurn < other.ownTurn : one.flow.turn < other.flow.turn;
    }

    /** Where there are several workers, one is kept for others: for series that are not long, and for clients that call too. */
    private boolean suits(Arrival request, List<Work> batch) {
        Work work = request.waiting.peek();
        boolean isShared = isShared(request.flow);
        if (batch.isEmpty()) {
            int most = Math.max(1, settings.workers() - 1);
            return !(work.isLong() && runningLong >= most) && !(isShared && request.flow.running >= most);
        }
        long runs = work.cost.runs();
        for (Work one : batch) runs += one.cost.runs();
        return request.forecaster == batch.get(0).arrival.forecaster && runs <= (isShared ? SHARED_RUNS : MOST_RUNS);
    }

    /** Ends what waits and what is being forecast, and the threads. */
    @Override
    public void close() {
        List<Arrival> unanswered = locked(() -> {
            closed = true;
            changed.signalAll();
            return List.copyOf(queue);
        });
        unanswered.forEach(Arrival::cancel);
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
