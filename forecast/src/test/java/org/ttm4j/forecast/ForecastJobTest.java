package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class ForecastJobTest {
    private static final Forecaster COMBINED = Forecaster.of(new TtmModel(Samples.config().build()).initialize(1));

    private static ForecastRequest request(int series, int steps) {
        double[] values = IntStream.range(0, steps).mapToDouble(t -> 5 + series + Math.sin(t + series)).toArray();
        return ForecastRequest.of(new double[][]{values}).withFrequency(Duration.ofHours(1));
    }

    /** More series than are read at a time; every seventh cannot be forecast, every eleventh has no request. */
    @Test
    void everySeriesIsAnsweredInItsOrderAndAsAlone() {
        AtomicInteger channels = new AtomicInteger();
        ForecastJob<Integer> job = new ForecastJob<>(COMBINED.fast(), IntStream.range(0, 600).iterator(), series -> {
            if (series % 11 == 0) throw new IllegalArgumentException("unreadable");
            return request(series, series % 7 == 0 ? 1 : 60);
        }, Execution.ALONE.withExecutor(ForkJoinPool.commonPool()).withProgress(channels::addAndGet));
        for (int series = 0; series < 600; series++) {
            ForecastJob.Answer<Integer> answer = job.next();
            assertEquals(series, answer.source());
            if (series % 11 == 0) {
                assertEquals("request " + series + ": unreadable", answer.result().toString());
            } else if (series % 7 == 0) {
                assertTrue(answer.result().toString().startsWith("request " + series + ": "), answer.toString());
            } else {
                assertEquals(COMBINED.fast().forecast(request(series, 60)), answer.result().orElseThrow());
            }
        }
        assertEquals(IntStream.range(0, 600).filter(series -> series % 11 != 0 && series % 7 != 0).count(),
                channels.get());
    }

    @Test
    void whatIsWrongWithTheTimesOfOneRequestIsItsFailureAlone() {
        ForecastRequest good = request(0, 200);
        ForecastRequest bad = good.withStart(LocalDateTime.MAX.minusHours(201));
        List<ForecastRequest> requests = new ArrayList<>();
        // More than the combination takes at a time.
        for (int i = 0; i < 40; i++) requests.add(i % 10 == 3 ? bad : good);
        List<ForecastResult> results = COMBINED.forecastAll(requests);
        for (int i = 0; i < 40; i++) {
            if (i % 10 == 3) assertEquals(i, assertInstanceOf(ForecastResult.Failure.class, results.get(i)).index());
            else assertInstanceOf(ForecastResult.Success.class, results.get(i));
        }
    }

    @Test
    void whatIsCancelledSaysSoAndIsNoRefusal() {
        List<ForecastRequest> requests = IntStream.range(0, 40).mapToObj(i -> request(i, 200)).toList();
        for (Forecaster forecaster : List.of(COMBINED, COMBINED.fast())) {
            AtomicInteger asked = new AtomicInteger();
            List<ForecastResult> results = forecaster.forecastAll(requests,
                    Execution.ALONE.until(() -> asked.incrementAndGet() > 1, "enough"));
            ForecastResult last = results.get(39);
            assertEquals("request 39: enough", last.toString());
            assertThrows(CancellationException.class, last::requireNotCancelled);
            ForecastJob<ForecastRequest> job = new ForecastJob<>(forecaster, requests.iterator(), one -> one,
                    Execution.ALONE.withTimeout(Duration.ZERO));
            assertThrows(CancellationException.class, job::next);
            Execution endless = Execution.ALONE.withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
            assertInstanceOf(ForecastResult.Success.class,
                    forecaster.forecastAll(requests.subList(0, 1), endless).get(0));
            Thread.currentThread().interrupt();
            try {
                assertThrows(CancellationException.class, () -> forecaster.forecastAll(requests));
            } finally {
                assertTrue(Thread.interrupted());
            }
        }
    }
}
