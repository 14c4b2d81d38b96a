package org.ttm4j.serve.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.settings.Batching;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;

/** Which series share a batch, and which requests are refused. */
class BatcherTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final ForecastRequest REQUEST = ForecastRequest.of(new float[1][64]).withHorizon(1);

    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    /** A batch needs a permit to end. */
    private final Semaphore permits = new Semaphore(0);
    private final Forecaster forecaster = controlled();
    private final List<CompletableFuture<ForecastResult>> results = new ArrayList<>();

    private Forecaster controlled() {
        Forecaster real = Forecaster.bundled();
        return (Forecaster) Proxy.newProxyInstance(Forecaster.class.getClassLoader(), new Class<?>[]{Forecaster.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("forecastAll")) {
                        batches.add(((List<?>) arguments[0]).size());
                        permits.acquire();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void add(Batcher batcher, int series) {
        try (Batcher.Arrival arrival = batcher.arrive()) {
            results.addAll(arrival.forecast(forecaster, Collections.nCopies(series, REQUEST)));
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
        try (Batcher batcher = new Batcher(new Batching(1, 8, LONG, 100, LONG), new SimpleMeterRegistry())) {
            Batcher.Arrival late = batcher.arrive();
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
        try (Batcher batcher = new Batcher(new Batching(1, 3, SHORT, 100, LONG), new SimpleMeterRegistry())) {
            // It never says what it wants.
            batcher.arrive();
            add(batcher, 1);
            awaitBatches(1);
            add(batcher, 5);
            end();
            assertEquals(List.of(1, 3, 2), batches);
        }
    }

    @Test
    void whileTheQueueIsFullRequestsAreRefused() throws Exception {
        try (Batcher batcher = new Batcher(new Batching(1, 1, SHORT, 2, LONG), new SimpleMeterRegistry())) {
            add(batcher, 1);
            awaitBatches(1);
            add(batcher, 2);
            Problem full = assertThrows(Problem.class, batcher::arrive);
            assertEquals(Problem.Type.TOO_MANY_REQUESTS, full.type());
            assertEquals(1, full.retryAfter());
            permits.release();
            awaitBatches(2);
            add(batcher, 1);
            end();
        }
    }

    @Test
    void whoeverWouldWaitTooLongIsRefusedAndToldWhenToTryAgain() throws Exception {
        try (Batcher batcher = new Batcher(new Batching(1, 1, SHORT, 100, SHORT), new SimpleMeterRegistry())) {
            add(batcher, 1);
            awaitBatches(1);
            Thread.sleep(500);
            permits.release();
            add(batcher, 1);
            // The first has taken half a second and more, and four may wait however long it takes.
            awaitBatches(2);
            for (int i = 0; i < 4; i++) add(batcher, 1);
            Problem late = assertThrows(Problem.class, batcher::arrive);
            assertTrue(late.retryAfter() >= 2, late.retryAfter() + " s");
            end();
        }
    }

    /** What it took is answered and the thread lives on, whatever a model throws. */
    @Test
    void anErrorOfTheModelEndsItsBatchAlone() {
        Forecaster broken = (Forecaster) Proxy.newProxyInstance(Forecaster.class.getClassLoader(),
                new Class<?>[]{Forecaster.class}, (self, method, arguments) -> {
                    throw new StackOverflowError();
                });
        try (Batcher batcher = new Batcher(new Batching(1, 1, SHORT, 100, LONG), new SimpleMeterRegistry())) {
            for (int i = 0; i < 2; i++) {
                try (Batcher.Arrival arrival = batcher.arrive()) {
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
        try (Batcher batcher = new Batcher(new Batching(1, 8, SHORT, 100, patience), new SimpleMeterRegistry())) {
            add(batcher, 1);
            awaitBatches(1);
            Thread.sleep(100);
            permits.release();
            // A series has taken a tenth of a second. Eight are begun and four wait.
            add(batcher, 8);
            awaitBatches(2);
            add(batcher, 4);
            assertThrows(Problem.class, batcher::arrive);
            end();
        }
    }
}
