package org.ttm4j.forecast.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.series.Origins;

class SimpleForecastTest {
    private static final float NAN = Float.NaN;

    /** Two whole periods of three and one step before them: 9 | 1 2 3 | 5 8 NaN. */
    private static final float[][] SERIES = {{-1, 9, 1, 2, 3, 5, 8, NAN, -1}};

    private static float[] forecast(SimpleForecast method, int from, int origin, int period, int horizon) {
        return method.on(SERIES, new int[]{0}, period)
                .forecast(new Origins(origin, 1, 1, horizon, origin - from))
                .get(0)
                .values()[0];
    }

    @Test
    void lastPeriodIsRepeated() {
        float[] expected = {5, 8, 3, 5, 8, 3, 5};
        assertArrayEquals(expected, forecast(SimpleForecast.SEASONAL_NAIVE, 1, 8, 3, 7), "3 of the period before");
        assertArrayEquals(new float[]{5, 8, NAN, 5}, forecast(SimpleForecast.SEASONAL_NAIVE, 4, 8, 3, 4),
                "no other in the context");
    }

    /** A model forecasts after a missing value too: what it has to beat is measured there as well. */
    @Test
    void whereValuesAreMissingAllAreMeasuredByTheSameOnes() throws InterruptedException {
        Random random = new Random(7);
        double[][] series = {random.doubles(400).map(u -> u < 0.3 ? Double.NaN : 100 + 10 * u).toArray()};
        Origins origins = new Origins(100, 5, 50, 10, 100);
        long observed = IntStream.range(0, origins.count())
                .flatMap(i -> IntStream.range(origins.at(i), origins.at(i) + 10))
                .filter(t -> !Double.isNaN(series[0][t]))
                .count();
        for (SimpleForecast method : SimpleForecast.values()) {
            ForecastFunction function = method.on(series, new int[]{0}, 4);
            assertEquals(observed, RollingForecasts.errors(function, series, origins, 4, 2).total().count(),
                    method.key());
        }
    }

    @Test
    void meanOfTheWholePeriodsOfTheContext() {
        assertArrayEquals(new float[]{3, 5, 3, 3}, forecast(SimpleForecast.MEAN_PERIOD, 1, 8, 3, 4));
    }

    @Test
    void meanOfTheWholePeriodsWhateverTheWindow() {
        Random random = new Random(7);
        double[][] series = {random.doubles(300).map(u -> u < 0.2 ? Double.NaN : 100 + 10 * u).toArray()};
        for (int period : new int[]{1, 7, 24}) {
            for (int stride : new int[]{1, 5, 24, 120}) {
                for (int context : new int[]{24, 60}) {
                    Origins origins = new Origins(60, stride, 240 / stride, 30, context);
                    for (RollingForecast made : SimpleForecast.MEAN_PERIOD.on(series, new int[]{0}, period)
                            .forecast(origins)) {
                        double[] expected = plainMeans(series[0], made.origin(), context / period, period, 30);
                        assertArrayEquals(expected, made.doubleValues()[0], 1e-9,
                                "period " + period + ", origin " + made.origin());
                    }
                }
            }
        }
    }

    private static double[] plainMeans(double[] series, int origin, int periods, int period, int horizon) {
        double[] means = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            double sum = 0;
            int count = 0;
            for (int k = 1; k <= periods; k++) {
                double value = series[origin - k * period + h % period];
                if (Double.isNaN(value)) continue;
                sum += value;
                count++;
            }
            means[h] = count == 0 ? Double.NaN : sum / count;
        }
        return means;
    }

    @Test
    void aHugeValueLeavesNoTrace() {
        double[][] series = {IntStream.range(0, 60).mapToDouble(t -> t == 4 ? 1e20 : t % 3).toArray()};
        List<RollingForecast> made = SimpleForecast.MEAN_PERIOD.on(series, new int[]{0}, 3)
                .forecast(new Origins(12, 3, 16, 3, 12));
        assertArrayEquals(new double[]{0, 1, 2}, made.get(15).doubleValues()[0], 1e-6);
    }

    @Test
    void periodOfOneStep() {
        assertArrayEquals(new float[]{3, 3}, forecast(SimpleForecast.SEASONAL_NAIVE, 0, 5, 1, 2));
        assertArrayEquals(new float[]{2, 2}, forecast(SimpleForecast.MEAN_PERIOD, 2, 5, 1, 2));
        assertArrayEquals(new float[]{8, 8}, forecast(SimpleForecast.NAIVE, 0, 7, 3, 2), "whatever the period");
    }

    @Test
    void contextShorterThanThePeriod() {
        assertThrows(IllegalArgumentException.class, () -> forecast(SimpleForecast.MEAN_PERIOD, 1, 3, 3, 2));
        assertThrows(IllegalArgumentException.class, () -> forecast(SimpleForecast.SEASONAL_NAIVE, 1, 3, 0, 2));
    }

    @Test
    void channelsAndOriginsInTheirOrder() {
        double[][] series = {{0, 1, 2, 3, 4}, {9, 9, 9, 9, 9}, {0, 2, 4, 6, 8}};
        ForecastFunction function = SimpleForecast.NAIVE.on(series, new int[]{2, 0}, 1);
        RollingForecast second = function.forecast(new Origins(2, 2, 2, 1, 4)).get(1);
        assertEquals(4, second.origin());
        assertArrayEquals(new float[][]{{6}, {3}}, second.values());
        assertArrayEquals(new double[][]{{8}, {4}}, second.truth(series, function.channels()));
    }
}
