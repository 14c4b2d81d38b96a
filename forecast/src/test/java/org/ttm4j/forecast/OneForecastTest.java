package org.ttm4j.forecast;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.fixtures.OneForecast;

/** What {@link OneForecast} says, of the doors of the library. */
class OneForecastTest {
    @Test
    void theLibraryMakesTheForecastOfEveryDoor() {
        ForecastRequest request = ForecastRequest.of(new double[][]{OneForecast.history()})
                .withFrequency(Duration.ofHours(1))
                .withHorizon(OneForecast.HORIZON);
        OneForecast.assertSame(Forecaster.bundled().forecast(request).doubleValues()[0], "forecast");
        ForecastJob<ForecastRequest> job = new ForecastJob<>(Forecaster.bundled(), List.of(request, request).iterator(),
                one -> one, Execution.ALONE);
        while (job.hasNext()) OneForecast.assertSame(job.next().result().orElseThrow().doubleValues()[0], "job");
    }
}
