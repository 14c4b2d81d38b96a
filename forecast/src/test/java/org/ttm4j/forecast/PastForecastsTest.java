package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.rolling.ForecastFunction;
import org.ttm4j.forecast.rolling.PastErrors;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.forecast.rolling.RollingForecasts;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;

class PastForecastsTest {
    private static float[][] series(int channels, int rows) {
        float[][] series = new float[channels][rows];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < rows; t++) series[c][t] = (float) Samples.value(t, c);
        }
        return series;
    }

    @Test
    void aBacktestIsFiveLines() throws InterruptedException {
        float[][] series = series(1, 800);

        Origins origins = Origins.in(new Rows(0, series[0].length), 512, 96, 24);
        ForecastFunction model = PastForecasts.of(Forecaster.bundled().fast(), ForecastRequest.of(series));
        ForecastFunction naive = SimpleForecast.SEASONAL_NAIVE.on(series, model.channels(), 24);
        double mase = RollingForecasts.errors(model, series, origins, 24, 2).total().mase();
        double naiveMase = RollingForecasts.errors(naive, series, origins, 24, 2).total().mase();

        assertEquals(9, origins.count());
        assertTrue(mase < naiveMase, mase + " against " + naiveMase);
    }

    /** With the request that is forecast, too. */
    @Test
    void theKnownFutureOfARequestDoesNotCount() {
        ForecastRequest series = ForecastRequest.of(series(2, 200));
        Origins origins = new Origins(100, 30, 2, 10, 100);
        List<RollingForecast> expected = PastForecasts.of(Forecaster.bundled(), series).forecast(origins);
        ForecastRequest known = series.withKnownFuture(new double[1][30]);
        List<RollingForecast> forecasts = PastForecasts.of(Forecaster.bundled(), known).forecast(origins);
        for (int i = 0; i < 2; i++) assertArrayEquals(expected.get(i).doubleValues(), forecasts.get(i).doubleValues());
    }

    /** A column of texts that begins late, as weather that was not recorded from the first day on. */
    @Test
    void categoriesThatBeginLateAreKnownAsNumbersAre() {
        double[][] series = Precision.doubles(series(2, 200));
        for (int t = 0; t < 200; t++) series[1][t] = t < 120 ? Double.NaN : t % 3;
        PastForecasts past = PastForecasts.withDrivers(Forecaster.bundled(), ForecastRequest.of(series), 1, 0);
        assertEquals(2, past.forecast(new Origins(100, 30, 2, 10, 100)).size());
        assertEquals("origins is null",
                assertThrows(IllegalArgumentException.class, () -> past.forecast(null)).getMessage());
        for (int row : new int[]{-1, 1}) {
            assertEquals("categorical driver " + row + ": knownFuture has 1 rows",
                    assertThrows(IllegalArgumentException.class,
                            () -> PastForecasts.withDrivers(Forecaster.bundled(), ForecastRequest.of(series), 1, row))
                            .getMessage());
        }
    }

    @Test
    void forecastsAreThoseOfTheRowsBeforeTheOrigin(@TempDir Path folder) throws IOException {
        ModelForecaster prefixed = Forecaster.load(Samples.prefixedModel(folder)).fast();
        float[][] series = series(2, 120);
        series[1][70] = Float.NaN;
        ForecastRequest rows = ForecastRequest.of(series).withFrequency(Duration.ofHours(1));
        Origins origins = new Origins(60, 9, 4, 5, 50);
        List<RollingForecast> forecasts = PastForecasts.of(prefixed, rows).forecast(origins);
        for (int i = 0; i < 4; i++) {
            int origin = 60 + 9 * i;
            float[][] history = Arrays.stream(series)
                    .map(channel -> Arrays.copyOfRange(channel, origin - 50, origin))
                    .toArray(float[][]::new);
            assertArrayEquals(
                    prefixed.forecast(ForecastRequest.of(history).withHorizon(5).withFrequency(Duration.ofHours(1)))
                            .values(),
                    forecasts.get(i).values());
            assertEquals(origin, forecasts.get(i).origin());
            assertEquals(Samples.CONTEXT, forecasts.get(i).context());
        }
    }

    @Test
    void anOriginBeyondTheSeriesIsRefused(@TempDir Path folder) throws IOException {
        PastForecasts past = PastForecasts.of(Forecaster.bundled().fast(), ForecastRequest.of(series(1, 100)));
        assertEquals(1, past.forecast(new Origins(100, 1, 1, 5, 50)).size(), "from the end");
        assertEquals("origin 101: the series has 100 rows",
                assertThrows(IllegalArgumentException.class, () -> past.forecast(new Origins(100, 1, 2, 5, 50)))
                        .getMessage());
        PastForecasts known = PastForecasts.of(Forecaster.load(Samples.exogenousModel(folder)).fast(),
                ForecastRequest.of(series(2, 100)));
        assertEquals("origin 96: the series has 100 rows, and 5 steps from there are to be known",
                assertThrows(IllegalArgumentException.class, () -> known.forecast(new Origins(90, 6, 2, 5, 60)))
                        .getMessage());
    }

    @Test
    void exogenousChannelsAreKnownAndTheirGapsInterpolated(@TempDir Path folder) throws IOException {
        ModelForecaster exogenous = Forecaster.load(Samples.exogenousModel(folder)).fast();
        float[][] series = series(2, 100);
        float[] future = Arrays.copyOfRange(series[1], 60, 60 + Samples.HORIZON);
        series[1][63] = Float.NaN;
        future[3] = (series[1][62] + series[1][64]) / 2;
        float[][] history = Arrays.stream(series)
                .map(channel -> Arrays.copyOfRange(channel, 12, 60))
                .toArray(float[][]::new);
        PastForecasts past = PastForecasts.of(exogenous, ForecastRequest.of(series));
        assertArrayEquals(new int[]{0}, past.channels());
        float[][] expected = exogenous
                .forecast(
                        ForecastRequest.of(history).withHorizon(Samples.HORIZON).withKnownFuture(new float[][]{future}))
                .values();
        Origins origin = new Origins(60, 1, 1, Samples.HORIZON, 48);
        assertArrayEquals(expected[0], past.forecast(origin).get(0).values()[0], 1e-5f);
        assertThrows(IllegalArgumentException.class,
                () -> PastForecasts.of(exogenous, ForecastRequest.of(series(1, 100))));
    }

    /** 116 rows are for 96-24. The first rows vary a lot: a model that does not look at them has errors like any other. */
    private static float[][] calmAfterAStorm() {
        Random random = new Random(4);
        float[][] series = new float[1][116];
        for (int t = 0; t < 116; t++) series[0][t] = (float) random.nextGaussian() * (t < 20 ? 1000 : 1);
        return series;
    }

    @Test
    void scalesAreThoseOfTheContextOfTheChosenModel() {
        float[][] series = calmAfterAStorm();
        ConformalIntervals intervals = new ConformalIntervals(new double[]{0.1, 0.9}, 1, 24,
                ConformalOptions.defaults());
        for (int i = 0; i < 20; i++) intervals.update(new double[1][24], filled(1, 24, i - 10), new float[]{1});
        Forecast forecast = Forecaster.bundled().fast().withIntervals(intervals).forecast(series, 24);
        assertEquals("96-24", forecast.models().get(0).name());
        float[] scales = LocalScales.of(Precision.doubles(series), 116, 96, new int[]{0});
        assertArrayEquals(intervals.quantiles(forecast.doubleValues(), scales),
                forecast.quantiles().orElseThrow().doubleValues());
    }

    private static double[][] filled(int channels, int steps, float value) {
        double[][] filled = new double[channels][steps];
        for (double[] row : filled) Arrays.fill(row, value);
        return filled;
    }

    @Test
    void calibrationScalesErrorsByTheContextOfTheChosenModel() throws InterruptedException {
        float[][] series = calmAfterAStorm();
        ModelForecaster bundled = Forecaster.bundled().fast();
        Forecast forecast = bundled.forecast(series, 4);
        assertEquals("96-24", forecast.models().get(0).name());
        RollingForecast last = PastForecasts.rolling(forecast, 116);
        assertEquals(96, last.context());
        PastForecasts past = PastForecasts.of(bundled, ForecastRequest.of(series));
        double[] levels = {0.1, 0.9};
        ConformalIntervals within = new PastErrors(past, Precision.doubles(series), new Rows(0, 116), last, 17, 1)
                .intervals(levels);
        ConformalIntervals byHand = new ConformalIntervals(levels, 1, 4, ConformalOptions.defaults().withWindows(17));
        for (int origin = 96; origin <= 112; origin++) {
            float[][] history = {Arrays.copyOfRange(series[0], origin - 96, origin)};
            byHand.update(bundled.forecast(history, 4).doubleValues(),
                    Precision.doubles(new float[][]{Arrays.copyOfRange(series[0], origin, origin + 4)}),
                    LocalScales.of(Precision.doubles(series), origin, 96, new int[]{0}));
        }
        float[] scales = {1};
        assertArrayEquals(byHand.quantiles(forecast.doubleValues(), scales),
                within.quantiles(forecast.doubleValues(), scales));
    }
}
