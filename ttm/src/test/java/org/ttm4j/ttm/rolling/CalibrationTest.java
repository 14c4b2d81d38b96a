package org.ttm4j.ttm.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.Channels;
import org.ttm4j.ttm.Channels.Channel;
import org.ttm4j.ttm.Channels.Role;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.ConformalOptions;
import org.ttm4j.ttm.interval.LocalScales;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;

class CalibrationTest {
    private static final int CONTEXT = 24;
    private static final int HORIZON = 4;
    private static final double[] LEVELS = {0.1, 0.9};

    private static TtmModel model() {
        TtmConfig config = TtmConfig.builder()
                .contextLength(CONTEXT)
                .predictionLength(HORIZON)
                .patchLength(8)
                .patchStride(8)
                .dModel(8)
                .numLayers(1)
                .decoderNumLayers(1)
                .decoderDModel(8)
                .build();
        return new TtmModel(config).initialize(1);
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

    @Test
    void windowsSeeOnlyWhatIsBeforeThem() {
        Forecaster forecaster = Forecaster.of(model());
        float[][] series = series(120);
        ConformalIntervals calibrated = Calibration.on(forecaster, ForecastRequest.of(series), 60, 112, 3, LEVELS,
                ConformalOptions.defaults());
        ConformalIntervals byHand = new ConformalIntervals(LEVELS, 2, HORIZON, ConformalOptions.defaults());
        for (int origin = 60; origin + HORIZON <= 112; origin += 3) {
            float[][] history = {Arrays.copyOf(series[0], origin), Arrays.copyOf(series[1], origin)};
            float[][] truth = {Arrays.copyOfRange(series[0], origin, origin + HORIZON),
                    Arrays.copyOfRange(series[1], origin, origin + HORIZON)};
            byHand.update(forecaster.forecast(history).values(), truth,
                    LocalScales.of(history, origin, CONTEXT, new int[]{0, 1}));
        }
        float[][] forecast = new float[2][HORIZON];
        float[] scales = {1, 1};
        assertArrayEquals(byHand.quantiles(forecast, scales), calibrated.quantiles(forecast, scales));
        Exception few = assertThrows(IllegalArgumentException.class, () -> Calibration.on(forecaster,
                ForecastRequest.of(series), 60, 80, 3, LEVELS, ConformalOptions.defaults()));
        assertEquals("quantiles from 0.1 to 0.9 need 9 windows: rows 60 to 80 hold 6 of 4 steps at stride 3",
                few.getMessage());
    }

    @Test
    void aCalibratedFolderForecastsQuantiles(@TempDir Path folder) throws IOException {
        float[][] series = series(120);
        Path model = folder.resolve("model");
        model().save(model, DType.F32);
        assertTrue(Forecaster.load(model).forecast(series).quantiles().isEmpty());
        Calibration
                .on(Forecaster.load(model), ForecastRequest.of(series), 60, 120, 1, LEVELS, ConformalOptions.defaults())
                .write(model);
        Forecast forecast = Forecaster.load(model).forecast(series);
        assertArrayEquals(LEVELS, forecast.quantiles().orElseThrow().levels());
        assertEquals(HORIZON, forecast.quantiles().orElseThrow().at(0.9)[1].length);
        float[][][] again = Forecaster.load(model).forecast(series).quantiles().orElseThrow().values();
        assertArrayEquals(forecast.quantiles().orElseThrow().values(), again, "bit-identical");
        assertTrue(Forecaster.load(model).forecast(series, HORIZON + 1).quantiles().isEmpty(),
                "beyond the calibrated horizon");
        float[][] one = {series[0]};
        assertTrue(Forecaster.load(model).forecast(one).quantiles().isEmpty(), "other channels");
    }

    @Test
    void storedIntervalsMayHaveAnyHorizon(@TempDir Path folder) throws IOException {
        model().save(folder, DType.F32);
        float[][] series = series(120);
        for (int horizon : new int[]{HORIZON - 1, HORIZON + 1}) {
            ForecastRequest rows = ForecastRequest.of(series).withHorizon(horizon);
            Forecaster forecaster = Forecaster.of(model());
            ConformalIntervals inMemory = new ConformalIntervals(LEVELS, 2, horizon, ConformalOptions.defaults());
            for (int i = 0; i < 20; i++) {
                inMemory.update(forecaster.forecast(rows).values(), new float[2][horizon], new float[]{1, 1});
            }
            inMemory.write(folder);
            assertArrayEquals(forecaster.withIntervals(inMemory).forecast(rows).quantiles().orElseThrow().values(),
                    Forecaster.load(folder).forecast(rows).quantiles().orElseThrow().values());
            assertTrue(Forecaster.load(folder).forecast(series, horizon + 1).quantiles().isEmpty());
        }
    }

    @Test
    void storedIntervalsOfOtherChannelsAreRefused(@TempDir Path folder) throws IOException {
        model().save(folder, DType.F32);
        new ConformalIntervals(LEVELS, 2, HORIZON, ConformalOptions.defaults()).write(folder);
        assertTrue(Forecaster.load(folder).intervals().isPresent());
        new Channels(List.of(Channel.of("only", Role.TARGET, 0, 1))).write(folder);
        String message = assertThrows(CheckpointException.class, () -> Forecaster.load(folder)).getMessage();
        assertTrue(message.endsWith("scores holds 2 channels; expected 1, as the model forecasts"), message);
    }

    @Test
    void aLongHistoryCalibratesItself() {
        Forecaster forecaster = Forecaster.of(model());
        ForecastRequest request = ForecastRequest.of(series(400));
        Forecast forecast = forecaster.forecast(request);
        ConformalIntervals intervals = Calibration.within(forecaster, request, forecast, LEVELS, 20);
        assertEquals(20, intervals.options().windows());
        ForecastRequest shorter = ForecastRequest.of(series(CONTEXT + 8 + HORIZON));
        assertEquals(9, Calibration.within(forecaster, shorter, forecast, new double[]{0.1}, 99).windows(),
                "nine windows, one step apart");
        Exception few = assertThrows(IllegalArgumentException.class, () -> Calibration.within(forecaster,
                ForecastRequest.of(series(CONTEXT + 7 + HORIZON)), forecast, new double[]{0.1}, 99));
        assertEquals("quantiles from 0.1 to 0.1 need 9 forecasts of the past, 36 steps of history or more",
                few.getMessage());
    }

    @Test
    void ofTooManyWindowsEverySecondOrThirdIsTaken() {
        Forecaster forecaster = Forecaster.of(model());
        ForecastRequest rows = ForecastRequest.of(series(160));
        ConformalOptions options = ConformalOptions.defaults().withWindows(20);
        ConformalIntervals spread = Calibration.on(forecaster, rows, 60, 60 + 41 + HORIZON - 1, 1, LEVELS, options);
        ConformalIntervals everyThird = Calibration.on(forecaster, rows, 61, 60 + 41 + HORIZON - 1, 3, LEVELS, options);
        float[][] forecast = new float[2][HORIZON];
        float[] scales = {1, 1};
        assertArrayEquals(everyThird.quantiles(forecast, scales), spread.quantiles(forecast, scales));
    }
}
