package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

/** Requests that are forecast together are forecast as if each were alone. */
class ForecastAllTest {
    private static final int CONTEXT = 32;

    private static TtmConfig.Builder config() {
        return Samples.config(CONTEXT, 8);
    }

    private static float[][] series(int seed, int channels, int length) {
        float[][] values = new float[channels][length];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < length; t++) values[c][t] = (float) Math.sin(seed + c + 0.3 * t) + seed;
            values[c][length / 2] = Float.NaN;
        }
        return values;
    }

    private static void assertSameAsAlone(TtmConfig config, List<ForecastRequest> requests) {
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config).initialize(5)).fast();
        List<Forecast> together = forecaster.forecastAll(requests).stream().map(ForecastResult::orElseThrow).toList();
        assertEquals(requests.size(), together.size());
        for (int i = 0; i < requests.size(); i++) {
            Forecast alone = forecaster.forecast(requests.get(i));
            assertArrayEquals(alone.values(), together.get(i).values(), "request " + i);
            assertArrayEquals(alone.missing(), together.get(i).missing(), "request " + i);
            assertEquals(alone.passes(), together.get(i).passes(), "request " + i);
        }
    }

    @Test
    void channelsLengthsAndHorizonsMayDiffer() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(ForecastRequest.of(series(i, 1 + i % 4, 10 + i)).withHorizon(1 + 7 * i % 40));
        }
        assertSameAsAlone(config().build(), requests);
    }

    @Test
    void tokensAndKnownFuturesStayWithTheirRequest() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            requests.add(ForecastRequest.of(series(i, 2, CONTEXT))
                    .withHorizon(12)
                    .withFrequency(Duration.ofMinutes(i % 3 == 0 ? 60 : 1))
                    .withKnownFuture(new float[][]{future(i)}));
        }
        assertSameAsAlone(config().set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.RESOLUTION_PREFIX_TUNING, true)
                .set(Key.FREQUENCY_TOKEN_VOCAB_SIZE, 10)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1))
                .set(Key.ENABLE_FORECAST_CHANNEL_MIXING, true)
                .build(), requests);
    }

    private static float[] future(int seed) {
        float[] future = new float[12];
        for (int t = 0; t < 12; t++) future[t] = seed * t % 5;
        return future;
    }

    @Test
    void categoriesStayWithTheirRequest() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            requests.add(ForecastRequest.of(series(1, 2, CONTEXT)).withCategories(i % 3, i % 2));
        }
        assertSameAsAlone(config().set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.CATEGORICAL_VOCAB_SIZE_LIST, List.of(3, 2))
                .build(), requests);
    }

    @Test
    void oneBadRequestDoesNotLoseTheOthers() {
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config().build()).initialize(5)).fast();
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) requests.add(ForecastRequest.of(series(i, 1, i == 500 ? 1 : CONTEXT)));
        requests.set(700, null);
        Temporal start = LocalDate.of(2026, 1, 1);
        Period[] beyond = {Period.ofYears(30_000_000), Period.ofDays(10_000_000), Period.ofDays(365_000_000)};
        for (int i = 0; i < beyond.length; i++) {
            requests.set(800 + i,
                    ForecastRequest.of(series(i, 1, CONTEXT))
                            .withStart(start)
                            .withFrequency(beyond[i])
                            .withHorizon(300));
        }
        List<ForecastResult> results = forecaster.forecastAll(requests);
        for (int i = 0; i < 1000; i++) {
            if (i == 500 || i == 700 || i >= 800 && i < 800 + beyond.length) continue;
            assertEquals(8, results.get(i).orElseThrow().horizon());
        }
        assertEquals("request 500: the history has 1 steps: a model with a context of 32 needs at least 2",
                results.get(500).toString());
        assertEquals("request 700: requests[700] is null", results.get(700).toString());
        for (int i = 0; i < beyond.length; i++) {
            String text = results.get(800 + i).toString();
            assertTrue(text.startsWith(
                    "request " + (800 + i) + ": start 2026-01-01, frequency " + beyond[i] + ": the time of step "),
                    text);
        }
        assertEquals(500, ((ForecastResult.Failure) results.get(500)).index());
        assertThrows(IllegalArgumentException.class, results.get(500)::orElseThrow);
    }

    /** Executors that reject, that drop what they took, and that are busy with the task that asks. */
    @Test
    @Timeout(60)
    void anExecutorThatDoesNothingIsNotWaitedFor() throws Exception {
        ModelForecaster forecaster = Forecaster.of(new TtmModel(config().build()).initialize(5)).fast();
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) requests.add(ForecastRequest.of(series(i, 1, CONTEXT)));
        ExecutorService shutDown = Executors.newFixedThreadPool(2);
        shutDown.shutdown();
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            List<List<ForecastResult>> all = List.of(
                    forecaster.forecastAll(requests, Execution.ALONE.withExecutor(shutDown)),
                    forecaster.forecastAll(requests, Execution.ALONE.withExecutor(task -> {})),
                    single.submit(() -> forecaster.forecastAll(requests, Execution.ALONE.withExecutor(single))).get());
            for (List<ForecastResult> results : all) {
                for (int i = 0; i < 200; i++) {
                    assertArrayEquals(forecaster.forecast(requests.get(i)).values(),
                            results.get(i).orElseThrow().values());
                }
            }
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void noRequestsGiveNoForecasts() {
        assertEquals(List.of(), Forecaster.of(new TtmModel(config().build())).fast().forecastAll(List.of()));
    }
}
