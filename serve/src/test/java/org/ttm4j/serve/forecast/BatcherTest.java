package org.ttm4j.serve.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.ForecastCost;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.settings.Settings.Batching;

/** Which series share a batch, and which requests are refused. */
class BatcherTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final long HEAP = 256 << 20;
    private static final ForecastRequest REQUEST = ForecastRequest.of(new float[1][64]).withHorizon(1);

    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    /** A batch needs a permit to end. */
    private final Semaphore permits = new Semaphore(0);
    private final Forecaster forecaster = controlled();
    private final List<CompletableFuture<ForecastResult>> results = new ArrayList<>();
    /** The horizon of the last request of the batch that began last. */
    private volatile int last;

    private Forecaster controlled() {
        ModelForecaster real = Forecaster.bundled().fast();
        return (Forecaster) Proxy.newProxyInstance(Forecaster.class.getClassLoader(), new Class<?>[]{Forecaster.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("cost")) return cost((ForecastRequest) arguments[0]);
                    if (method.getName().equals("forecastAll")) {
                        List<?> requests = (List<?>) arguments[0];
                        batches.add(requests.size());
                        last = ((ForecastRequest) requests.get(requests.size() - 1)).horizon();
                        permits.acquire();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** As many runs as steps, and a megabyte for each channel but the first. */
    private static ForecastCost cost(ForecastRequest request) {
        return new ForecastCost(request.horizon(), 1 + (request.history().length - 1L << 20), 0);
    }

    private static Batcher batcher(Batching settings) {
        return new Batcher(settings, new Memory(HEAP), new SimpleMeterRegistry());
    }

    private void add(Batcher batcher, int series) {
        add(batcher, series, REQUEST);
    }

    private void add(Batcher batcher, int series, ForecastRequest request) {
        add(batcher, Client.UNNAMED, series, request);
    }

    private void add(Batcher batcher, Client client, int series, ForecastRequest request) {
        try (Batcher.Arrival arrival = batcher.arrive(client, watch -> {})) {
            results.addAll(arrival.forecast(forecaster, Collections.nCopies(series, request)));
        }
    }

    private void awaitBatches(int count) throws InterruptedException {
        while (batches.size() < count) Thread.sleep(1);
    }

    private void end() {
        permits.release(1000);
        for (CompletableFuture<ForecastResult> result : results) {
            assertTrue(result.join() instanceof ForecastResult.Success, "not forecast");
        }
    }

    @Test
    void seriesOfRequestsThatAreReadAtTheSameTimeShareABatch() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 8, LONG, 100, LONG))) {
            Batcher.Arrival late = batcher.arrive(Client.UNNAMED, watch -> {});
            add(batcher, 1);
            add(batcher, 2);
            results.addAll(late.forecast(forecaster, List.of(REQUEST)));
            awaitBatches(1);
            end();
            assertEquals(List.of(4), batches);
        }
    }

    @Test
    void aSeriesWaitsNoLongerThanTheDelayAndABatchIsNoLargerThanItsSize() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 3, SHORT, 100, LONG))) {
            // It never says what it wants.
            batcher.arrive(Client.UNNAMED, watch -> {});
            add(batcher, 1);
            awaitBatches(1);
            add(batcher, 5);
            end();
            assertEquals(List.of(1, 3, 2), batches);
        }
    }

    @Test
    void whileTheQueueIsFullRequestsAreRefused() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 2, LONG))) {
            add(batcher, 1);
            awaitBatches(1);
            // The series of one request count as one.
            add(batcher, 3);
            add(batcher, 1);
            Problem full = assertThrows(Problem.class, () -> batcher.arrive(Client.UNNAMED, watch -> {}));
            assertEquals(Problem.Type.TOO_MANY_REQUESTS, full.type());
            assertEquals(1, full.retryAfter());
            permits.release(4);
            awaitBatches(5);
            add(batcher, 1);
            end();
        }
    }

    @Test
    void whoeverWouldWaitTooLongIsRefusedAndToldWhenToTryAgain() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 100, SHORT))) {
            add(batcher, 1);
            awaitBatches(1);
            Thread.sleep(500);
            permits.release();
            add(batcher, 1);
            // The first has taken half a second and more, and four may wait however long it takes.
            awaitBatches(2);
            for (int i = 0; i < 4; i++) add(batcher, 1);
            Problem late = assertThrows(Problem.class, () -> batcher.arrive(Client.UNNAMED, watch -> {}));
            assertTrue(late.retryAfter() >= 2, late.retryAfter() + " s");
            end();
        }
    }

    /** What it took is answered and the thread lives on, whatever a model throws. */
    @Test
    void anErrorOfTheModelEndsItsBatchAlone() {
        Forecaster broken = (Forecaster) Proxy.newProxyInstance(Forecaster.class.getClassLoader(),
                new Class<?>[]{Forecaster.class}, (self, method, arguments) -> {
                    if (method.getName().equals("cost")) return new ForecastCost(1, 1, 0);
                    throw new StackOverflowError();
                });
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 100, LONG))) {
            for (int i = 0; i < 2; i++) {
                try (Batcher.Arrival arrival = batcher.arrive(Client.UNNAMED, watch -> {})) {
                    CompletableFuture<ForecastResult> result = arrival.forecast(broken, List.of(REQUEST)).get(0);
                    assertTrue(assertThrows(CompletionException.class, result::join)
                            .getCause() instanceof StackOverflowError);
                }
            }
        }
    }

    @Test
    void seriesThatAreBeingForecastCountAmongThoseBefore() throws Exception {
        Duration patience = Duration.ofSeconds(1);
        try (Batcher batcher = batcher(new Batching(1, 8, SHORT, 100, patience))) {
            add(batcher, 1);
            awaitBatches(1);
            Thread.sleep(100);
            permits.release();
            // A series has taken a tenth of a second. Eight are begun and four wait.
            add(batcher, 8);
            awaitBatches(2);
            for (int i = 0; i < 4; i++) add(batcher, 1);
            assertThrows(Problem.class, () -> batcher.arrive(Client.UNNAMED, watch -> {}));
            end();
        }
    }

    /** Whoever asks for little waits for a turn of the one who asks for much, and not for all of it. */
    @Test
    void requestsTakeTurnsByTheirCost() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 100, LONG))) {
            add(batcher, 50, REQUEST.withHorizon(90));
            awaitBatches(1);
            add(batcher, 30, REQUEST.withHorizon(2));
            permits.release(30);
            awaitBatches(31);
            assertEquals(2, last);
            // 30 series of the second cost less than one of the first.
            assertEquals(31, batches.size());
            end();
        }
    }

    /** Who sends many requests does not come before whoever sends one. */
    @Test
    void clientsTakeTurnsWhateverTheNumberOfTheirRequests() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 100, LONG))) {
            Client many = new Client("many");
            for (int i = 0; i < 11; i++) add(batcher, many, 1, REQUEST.withHorizon(90));
            awaitBatches(1);
            Client few = new Client("few");
            for (int i = 0; i < 2; i++) add(batcher, few, 1, REQUEST.withHorizon(2));
            for (int i = 2; i <= 3; i++) {
                permits.release();
                awaitBatches(i);
                assertEquals(2, last);
            }
            end();
        }
    }

    @Test
    void whileOthersCallAClientLeavesThemAWorkerAndAPlace() throws Exception {
        try (Batcher batcher = batcher(new Batching(2, 1, SHORT, 8, LONG))) {
            Client many = new Client("many");
            add(batcher, new Client("few"), 1, REQUEST.withHorizon(2));
            awaitBatches(1);
            permits.release();
            while (permits.availablePermits() > 0) Thread.sleep(1);
            add(batcher, many, 1, REQUEST.withHorizon(90));
            awaitBatches(2);
            for (int i = 0; i < 5; i++) add(batcher, many, 1, REQUEST.withHorizon(90));
            Problem own = assertThrows(Problem.class, () -> add(batcher, many, 1, REQUEST));
            assertEquals("5 requests of many wait, half of all that may", own.getMessage());
            Thread.sleep(50);
            assertEquals(2, batches.size());
            add(batcher, new Client("other"), 1, REQUEST.withHorizon(3));
            awaitBatches(3);
            assertEquals(3, last);
            end();
        }
    }

    /** A request that asks for more, forecast after forecast, as a search for anomalies does. */
    @Test
    void aRequestMayAskAgainUntilItIsCancelled() throws Exception {
        permits.release(1000);
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 1, LONG));
                Batcher.Arrival arrival = batcher.arrive(Client.UNNAMED, watch -> {})) {
            for (int i = 0; i < 3; i++) {
                List<CompletableFuture<ForecastResult>> own = arrival.forecast(forecaster, List.of(REQUEST));
                assertTrue(arrival.await());
                assertTrue(own.get(0).join() instanceof ForecastResult.Success);
            }
            arrival.cancel();
            assertThrows(CancellationException.class, () -> arrival.forecast(forecaster, List.of(REQUEST)));
        }
    }

    /** The series of a request that nobody waits for are not forecast, and its batch ends where it can. */
    @Test
    void theWorkEndsWhenTheClientIsGone() throws Exception {
        try (Batcher batcher = batcher(new Batching(1, 1, SHORT, 100, LONG))) {
            List<Runnable> gone = Collections.synchronizedList(new ArrayList<>());
            try (Batcher.Arrival arrival = batcher.arrive(Client.UNNAMED, gone::add)) {
                List<CompletableFuture<ForecastResult>> own = arrival.forecast(forecaster,
                        Collections.nCopies(50, REQUEST));
                CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(arrival::await);
                awaitBatches(1);
                while (gone.isEmpty()) Thread.sleep(1);
                gone.get(0).run();
                assertFalse(waiting.join());
                assertTrue(own.stream().allMatch(CompletableFuture::isCancelled));
            }
            add(batcher, 1);
            end();
            assertEquals(List.of(1, 1), batches);
        }
    }

    @Test
    void whatWaitsIsEndedWhenTheServiceStops() throws Exception {
        Batcher batcher = batcher(new Batching(1, 1, SHORT, 100, LONG));
        add(batcher, 50);
        awaitBatches(1);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(batcher::close);
        try {
            assertThrows(CancellationException.class, () -> results.get(49).get(20, TimeUnit.SECONDS));
        } finally {
            permits.release(1000);
        }
        closed.join();
        assertEquals(List.of(1), batches);
    }

    @Test
    void batchesTakeNoMoreMemoryThanThereIs() throws Exception {
        try (Batcher batcher = batcher(new Batching(2, 32, SHORT, 100, LONG))) {
            long half = new Memory(HEAP).ofBatches();
            int most = (int) (half >> 20);
            add(batcher, 5, ForecastRequest.of(new float[most / 2][64]).withHorizon(1));
            awaitBatches(1);
            end();
            assertEquals(List.of(2, 2, 1), batches);
            ForecastRequest large = ForecastRequest.of(new float[most + 2][64]).withHorizon(1);
            Problem problem = assertThrows(Problem.class, () -> add(batcher, 1, large));
            assertEquals(Problem.Type.TOO_LARGE, problem.type());
        }
    }
}
