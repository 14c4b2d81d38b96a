package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.live.SharedForecasters;

/** A counter around 1e9 in steps of 5, on the way through what Spark hands over and takes. */
@Tag("engine")
class CounterTest {
    private static final int STEPS = 300;
    private static final int HORIZON = 24;
    private static final double[] LEVELS = {0.1, 0.9};

    private static Steps forecast(double offset) throws Exception {
        Points points = new Points();
        points.setTimes(new long[STEPS]);
        points.setValues(new double[STEPS]);
        for (int t = 0; t < STEPS; t++) {
            points.getTimes()[t] = t * Readings.HOUR * 1000;
            points.getValues()[t] = offset + 5 * t + t * t * 7919 % 13;
        }
        ForecastSpec spec = new ForecastSpec(HORIZON, LEVELS, null, SharedForecasters.DEFAULT, ForecastMode.BALANCED,
                "UTC");
        TimeSeries series = points.series(spec.builder());
        return Steps.of(series, spec.forecaster().forecast(spec.request(series)), LEVELS);
    }

    @Test
    void isForecastWithItsDigitsWithinItsIntervals() throws Exception {
        // Nearer to 0 the series grows by a factor, and its logarithms are forecast too.
        Steps plain = forecast(1e4);
        Steps counter = forecast(1e9);
        for (int t = 0; t < HORIZON; t++) {
            double point = counter.getForecast()[t];
            assertEquals(plain.getForecast()[t] - 1e4, point - 1e9, 1e-3);
            assertEquals(plain.getQuantiles()[t] - 1e4, counter.getQuantiles()[t] - 1e9, 1e-3);
            assertTrue(counter.getQuantiles()[t] <= point && point <= counter.getQuantiles()[HORIZON + t], "step " + t);
        }
    }
}
