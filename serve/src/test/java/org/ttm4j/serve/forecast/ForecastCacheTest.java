package org.ttm4j.serve.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.fixtures.Samples;

class ForecastCacheTest {
    @TempDir
    static Path folder;
    private static Forecaster forecaster;

    @BeforeAll
    static void load() throws Exception {
        forecaster = Forecaster.load(Samples.model(folder));
    }

    private static ForecastRequest request(double first) {
        double[] values = new double[Samples.CONTEXT];
        for (int t = 0; t < values.length; t++) values[t] = t % 12;
        values[0] = first;
        return ForecastRequest.of(new double[][]{values});
    }

    @Test
    void whateverARequestHoldsChangesItsKey() {
        Forecasting.Cache cache = new Forecasting.Cache(1 << 20);
        ForecastRequest request = request(0);
        Forecasting.Cache.Key key = cache.key(forecaster, request);
        assertEquals(key, cache.key(forecaster, request(0)));
        assertNotEquals(key, cache.key(forecaster.fast(), request));
        ForecastRequest timed = request.withFrequency(Duration.ofHours(1));
        List<ForecastRequest> others = List.of(request(1), request(-0.0), request(Double.NaN), request.withHorizon(3),
                request.withQuantiles(0.1), request.withQuantiles(0.2), request.withSeason(4), request.withLower(0),
                request.asCounts(), request.withCrossValidation(), request.withCategories(1), timed,
                timed.withStart(LocalDateTime.of(2024, 1, 1, 0, 0)),
                timed.withStart(LocalDateTime.of(2024, 1, 2, 0, 0)), request.withKnownFuture(new double[][]{{1}}),
                request.withKnownFuture(new double[][]{{2}}), request.withHistory(new double[][]{{1, 2}, {3, 4}}),
                request.withHistory(new double[][]{{1, 2, 3, 4}}), ForecastRequest.of(new float[][]{{0, 1, 2}}),
                ForecastRequest.of(new double[][]{{0, 1, 2}}));
        assertEquals(others.size(), others.stream().map(one -> cache.key(forecaster, one)).distinct().count());
        for (ForecastRequest other : others) assertNotEquals(key, cache.key(forecaster, other));
    }

    @Test
    void theOldestIsForgottenFirst() {
        Forecast forecast = Forecast.of(request(0).withHorizon(12), new int[]{0}, new double[1][12]);
        long bytes = 2000 + 64 * 12;
        Forecasting.Cache cache = new Forecasting.Cache(10 * bytes);
        for (int i = 0; i < 12; i++) {
            cache.put(cache.key(forecaster, request(i)), forecast);
            assertSame(forecast, cache.get(cache.key(forecaster, request(0))));
        }
        assertNull(cache.get(cache.key(forecaster, request(1))));
        assertSame(forecast, cache.get(cache.key(forecaster, request(11))));
        cache.put(cache.key(forecaster, request(99)),
                Forecast.of(request(99).withHorizon(1200), new int[]{0}, new double[1][1200]));
        assertNull(cache.get(cache.key(forecaster, request(99))));
    }
}
