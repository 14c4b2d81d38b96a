package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastObserverTest {
    private final List<ForecastObserver.Batch> seen = new ArrayList<>();
    private final Forecaster plain = Forecaster.bundled();
    private final Forecaster observed = ForecastObserver.around(plain, seen::add);

    private static ForecastRequest request(int steps) {
        double[] history = IntStream.range(0, steps).mapToDouble(i -> Math.sin(i / 4.0)).toArray();
        return ForecastRequest.of(new double[][]{history}).withFrequency(Duration.ofHours(1));
    }

    @Test
    void itIsToldOfBatchesModelsAndRefusals() {
        ForecastRequest nothing = ForecastRequest.of(new double[][]{{Double.NaN, Double.NaN}});
        List<ForecastResult> results = observed.forecastAll(List.of(request(600), nothing, request(2000)),
                Execution.ALONE);
        assertEquals(1, seen.size());
        ForecastObserver.Batch batch = seen.get(0);
        assertEquals(results, batch.results());
        assertEquals(1, batch.refused());
        assertEquals(ForecastMode.BALANCED, batch.mode());
        assertTrue(batch.duration().toNanos() > 0);
        assertEquals(Map.of(plain.modelFor(request(600)).name(), 1, plain.modelFor(request(2000)).name(), 1),
                batch.models());
    }

    @Test
    void theForecastIsTheSame() {
        for (ForecastMode mode : ForecastMode.values()) {
            assertArrayEquals(plain.in(mode).forecast(request(600)).doubleValues(),
                    observed.in(mode).forecast(request(600)).doubleValues());
        }
        assertEquals(List.of(ForecastMode.values()), seen.stream().map(ForecastObserver.Batch::mode).toList());
        assertEquals(plain.horizon(request(100)), observed.horizon(request(100)));
        assertEquals(plain.cost(request(100)), observed.cost(request(100)));
        assertEquals(plain.info().minimumHistory(), observed.info().minimumHistory());
        observed.fast().forecast(request(600));
        assertEquals(3, seen.size());
    }

    @Test
    void whatRestsOnManyIsObservedToo() {
        Iterator<ForecastJob.Answer<Integer>> job = new ForecastJob<>(observed, List.of(100, 200).iterator(),
                ForecastObserverTest::request, Execution.ALONE);
        while (job.hasNext()) job.next().result().orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> observed.forecast(new float[][]{{Float.NaN}}));
        assertEquals(List.of(2, 1), seen.stream().map(batch -> batch.results().size()).toList());
        assertEquals(1, seen.get(1).refused());
        assertTrue(seen.get(1).models().isEmpty());
        assertFalse(seen.get(0).models().isEmpty());
    }
}
