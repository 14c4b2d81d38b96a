package org.ttm4j.forecast.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;

class CalibrationTest {
    private static final int CONTEXT = 24;
    private static final int HORIZON = 4;
    private static final double[] LEVELS = {0.1, 0.9};

    private static TtmModel model() {
        return new TtmModel(Samples.config(CONTEXT, HORIZON).build()).initialize(1);
    }

    private static float[][] series(int steps) {
        Random random = new Random(9);
        float[][] series = new float[2][steps];
        for (int t = 0; t < steps; t++) {
            series[0][t] = (float) (10 + Math.sin(t / 3.0) + 0.3 * random.nextGaussian());
            series[1][t] = t % 17 == 5 ? Float.NaN : (float) (100 * random.nextGaussian());
        }
        return series;
    }

    private static PastForecasts past(Forecaster forecaster, float[][] series) {
        return PastForecasts.of(forecaster, ForecastRequest.of(series));
    }

    private static ConformalIntervals on(Forecaster forecaster, float[][] series, int from, int to, int stride,
            ConformalOptions options) throws InterruptedException {
        Origins origins = Origins.in(new Rows(from - CONTEXT, to), CONTEXT, HORIZON, stride);
        return Calibration.on(past(forecaster, series), Precision.doubles(series), origins, LEVELS, options, 2);
    }

    @Test
    void whatIsNullIsNamed() {
        Origins origins = new Origins(10, 1, 9, 1, 10);
        double[][] series = new double[1][20];
        ForecastFunction naive = SimpleForecast.NAIVE.on(series, new int[]{0}, 1);
        ConformalOptions options = ConformalOptions.defaults();
        named("function is null", () -> Calibration.on(null, series, origins, LEVELS, options, 1));
        named("series is null", () -> Calibration.on(naive, null, origins, LEVELS, options, 1));
        named("origins is null", () -> Calibration.on(naive, series, null, LEVELS, options, 1));
        named("levels is null", () -> Calibration.on(naive, series, origins, null, options, 1));
        named("options is null", () -> Calibration.on(naive, series, origins, LEVELS, null, 1));
        named("intervals is null", () -> Calibration.add(null, naive, series, origins, 1));
    }

    private static void named(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void windowsSeeOnlyWhatIsBeforeThem() throws InterruptedException {
        ModelForecaster forecaster = Forecaster.of(model()).fast();
        float[][] series = series(120);
        ConformalIntervals calibrated = on(forecaster, series, 60, 112, 3, ConformalOptions.defaults());
        ConformalIntervals byHand = new ConformalIntervals(LEVELS, 2, HORIZON, ConformalOptions.defaults());
        for (int origin = 60; origin + HORIZON <= 112; origin += 3) {
            float[][] history = {Arrays.copyOf(series[0], origin), Arrays.copyOf(series[1], origin)};
            float[][] truth = {Arrays.copyOfRange(series[0], origin, origin + HORIZON),
                    Arrays.copyOfRange(series[1], origin, origin + HORIZON)};
            byHand.update(forecaster.forecast(history).doubleValues(), Precision.doubles(truth),
                    LocalScales.of(Precision.doubles(history), origin, CONTEXT, new int[]{0, 1}));
        }
        double[][] forecast = new double[2][HORIZON];
        float[] scales = {1, 1};
        assertArrayEquals(byHand.quantiles(forecast, scales), calibrated.quantiles(forecast, scales));
        Exception few = assertThrows(IllegalArgumentException.class,
                () -> on(forecaster, series, 60, 80, 3, ConformalOptions.defaults()));
        assertEquals("quantiles from 0.1 to 0.9 need 9 windows: the rows from 60 on hold 6 of 4 steps at stride 3",
                few.getMessage());
    }

    @Test
    void aCalibratedFolderForecastsQuantiles(@TempDir Path folder) throws Exception {
        float[][] series = series(120);
        Path model = folder.resolve("model");
        model().save(model, DType.F32);
        assertTrue(Forecaster.load(model).fast().forecast(series).quantiles().isEmpty());
        on(Forecaster.load(model).fast(), series, 60, 120, 1, ConformalOptions.defaults()).write(model);
        Forecast forecast = Forecaster.load(model).fast().forecast(series);
        assertArrayEquals(LEVELS, forecast.quantiles().orElseThrow().levels());
        assertEquals(HORIZON, forecast.quantile(0.9)[1].length);
        float[][][] again = Forecaster.load(model).fast().forecast(series).quantiles().orElseThrow().values();
        assertArrayEquals(forecast.quantiles().orElseThrow().values(), again, "bit-identical");
        assertTrue(Forecaster.load(model).fast().forecast(series, HORIZON + 1).quantiles().isEmpty(),
                "beyond the calibrated horizon");
        float[][] one = {series[0]};
        assertTrue(Forecaster.load(model).fast().forecast(one).quantiles().isEmpty(), "other channels");
    }

    @Test
    void storedIntervalsMayHaveAnyHorizon(@TempDir Path folder) throws IOException {
        model().save(folder, DType.F32);
        float[][] series = series(120);
        for (int horizon : new int[]{HORIZON - 1, HORIZON + 1}) {
            ForecastRequest rows = ForecastRequest.of(series).withHorizon(horizon);
            ModelForecaster forecaster = Forecaster.of(model()).fast();
            ConformalIntervals inMemory = new ConformalIntervals(LEVELS, 2, horizon, ConformalOptions.defaults());
            for (int i = 0; i < 20; i++) {
                inMemory.update(forecaster.forecast(rows).doubleValues(), new double[2][horizon], new float[]{1, 1});
            }
            inMemory.write(folder);
            assertArrayEquals(forecaster.withIntervals(inMemory).forecast(rows).quantiles().orElseThrow().values(),
                    Forecaster.load(folder).fast().forecast(rows).quantiles().orElseThrow().values());
            assertTrue(Forecaster.load(folder).fast().forecast(series, horizon + 1).quantiles().isEmpty());
        }
    }

    @Test
    void storedIntervalsOfOtherChannelsAreRefused(@TempDir Path folder) throws IOException {
        model().save(folder, DType.F32);
        new ConformalIntervals(LEVELS, 2, HORIZON, ConformalOptions.defaults()).write(folder);
        assertTrue(Forecaster.load(folder).fast().info().intervals().isPresent());
        Files.write(folder.resolve(Channels.FILE), new Channels(List.of(Channel.of("only", Role.TARGET, 0, 1))).json());
        String message = assertThrows(CheckpointException.class, () -> Forecaster.load(folder).fast()).getMessage();
        assertTrue(message.endsWith("scores holds 2 channels; expected 1, as the model forecasts"), message);
    }

    private static ConformalIntervals within(float[][] series, double[] levels, int most) throws InterruptedException {
        ModelForecaster forecaster = Forecaster.of(model()).fast();
        int rows = series[0].length;
        RollingForecast last = PastForecasts.rolling(forecaster.forecast(series), rows);
        return new PastErrors(past(forecaster, series), Precision.doubles(series), new Rows(0, rows), last, most, 2)
                .intervals(levels);
    }

    @Test
    void aLongHistoryCalibratesItself() throws InterruptedException {
        assertEquals(20, within(series(400), LEVELS, 20).options().windows());
        double[] level = {0.1};
        assertEquals(9, within(series(CONTEXT + 8 + HORIZON), level, 99).windows(), "nine windows, one step apart");
        Exception few = assertThrows(IllegalArgumentException.class,
                () -> within(series(CONTEXT + 7 + HORIZON), level, 99));
        assertEquals("quantiles from 0.1 to 0.1 need 9 forecasts of the past, 36 steps of history or more",
                few.getMessage());
    }

    @Test
    void aHistoryMayBeginAnywhere() throws InterruptedException {
        float[][] series = series(200);
        float[][] end = {Arrays.copyOfRange(series[0], 100, 180), Arrays.copyOfRange(series[1], 100, 180)};
        ModelForecaster forecaster = Forecaster.of(model()).fast();
        RollingForecast last = PastForecasts.rolling(forecaster.forecast(end), 180);
        ConformalIntervals inside = new PastErrors(past(forecaster, series), Precision.doubles(series),
                new Rows(100, 180), last, 15, 1).intervals(LEVELS);
        float[] scales = {1, 1};
        assertArrayEquals(within(end, LEVELS, 15).quantiles(last.doubleValues(), scales),
                inside.quantiles(last.doubleValues(), scales));
    }

    @Test
    void stepsWithoutAForecastTeachNothing() throws InterruptedException {
        float[][] series = {new float[60]};
        for (int t = 0; t < 60; t++) series[0][t] = t % 5 == 2 ? Float.NaN : t;
        ForecastFunction naive = SimpleForecast.SEASONAL_NAIVE.on(series, new int[]{0}, 5);
        Origins origins = new Origins(20, 1, 38, 2, 10);
        ConformalIntervals intervals = Calibration.on(naive, Precision.doubles(series), origins, LEVELS,
                ConformalOptions.defaults(), 1);
        assertEquals(30, intervals.windows(), "a fifth of 38 has neither forecast nor truth");
        double[][][] quantiles = intervals.quantiles(new double[1][2], new float[]{1});
        assertTrue(quantiles[0][0][0] > 0, "each truth is 5 above the last period");
    }

    @Test
    void windowsWithoutAnObservedValueDoNotCount() {
        float[][] series = {new float[60]};
        for (int t = 0; t < 60; t++) series[0][t] = t < 27 ? t : Float.NaN;
        ForecastFunction naive = SimpleForecast.SEASONAL_NAIVE.on(series, new int[]{0}, 5);
        Exception few = assertThrows(IllegalArgumentException.class, () -> Calibration.on(naive,
                Precision.doubles(series), new Origins(20, 1, 38, 2, 10), LEVELS, ConformalOptions.defaults(), 1));
        assertTrue(few.getMessage().startsWith("too few observed values: level "), few.getMessage());
    }

    @Test
    void ofTooManyWindowsEverySecondOrThirdIsTaken() throws InterruptedException {
        ModelForecaster forecaster = Forecaster.of(model()).fast();
        float[][] series = series(160);
        ConformalOptions options = ConformalOptions.defaults().withWindows(20);
        ConformalIntervals spread = on(forecaster, series, 60, 60 + 41 + HORIZON - 1, 1, options);
        ConformalIntervals everyThird = on(forecaster, series, 61, 60 + 41 + HORIZON - 1, 3, options);
        double[][] forecast = new double[2][HORIZON];
        float[] scales = {1, 1};
        assertArrayEquals(everyThird.quantiles(forecast, scales), spread.quantiles(forecast, scales));
    }
}
