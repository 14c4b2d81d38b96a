package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
    private static final int FORECAST = 2;
    private static final int QUANTILES = 3;

    private static Row forecast(double offset) throws Exception {
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
        return Steps.of(RowFactory.create(), series, spec.forecaster().forecast(spec.request(series)), LEVELS);
    }

    @Test
    void isForecastWithItsDigitsWithinItsIntervals() throws Exception {
        // Nearer to 0 the series grows by a factor, and its logarithms are forecast too.
        Row plain = forecast(1e4);
        Row counter = forecast(1e9);
        double[] points = counter.getAs(FORECAST);
        double[][] quantiles = counter.getAs(QUANTILES);
        for (int t = 0; t < HORIZON; t++) {
            assertEquals(plain.<double[]>getAs(FORECAST)[t] - 1e4, points[t] - 1e9, 1e-3);
            assertEquals(plain.<double[][]>getAs(QUANTILES)[0][t] - 1e4, quantiles[0][t] - 1e9, 1e-3);
            assertTrue(quantiles[0][t] <= points[t] && points[t] <= quantiles[1][t], "step " + t);
        }
    }
}
