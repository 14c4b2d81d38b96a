package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.forecast.ForecasterTest.small;
import static org.ttm4j.forecast.ForecasterTest.walks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamSettings;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Origins;

/** Units and offsets: what a model sees of a series does not depend on them. */
class ForecasterPrecisionTest {
    private static final int L = ForecasterTest.L;
    private static final int HORIZON = 40;

    private final ModelForecaster forecaster = Forecaster.of(new TtmModel(small().build()).initialize(1)).fast();

    private static double[][] walk(double scale, double offset) {
        float[] walk = walks(4, 1, L)[0];
        double[][] scaled = new double[1][L];
        for (int t = 0; t < L; t++) scaled[0][t] = walk[t] * scale + offset;
        return scaled;
    }

    /** The bundled model on the sample series once was 7.8 % worse at 1.02/512 than in its own units. */
    @ParameterizedTest
    @ValueSource(doubles = {0.98 / 512, 1.02 / 512, 16.0 / 512, 0.3, 1, 3e5})
    void noUnitIsSpecial(double scale) {
        double[] plain = forecaster.forecast(ForecastRequest.of(walk(1, 0)).withHorizon(HORIZON)).doubleValues()[0];
        double[] scaled = forecaster.forecast(ForecastRequest.of(walk(scale, 0)).withHorizon(HORIZON))
                .doubleValues()[0];
        for (int t = 0; t < HORIZON; t++) assertEquals(plain[t], scaled[t] / scale, 2e-4, "step " + t);
    }

    @Test
    void powersOfTwoAreFollowedExactly() {
        ForecastRequest request = ForecastRequest.of(walks(4, 1, L)).withHorizon(HORIZON);
        float[] plain = forecaster.forecast(request).values()[0];
        for (int exponent = -100; exponent <= 100; exponent += 25) {
            float unit = Math.scalb(1f, exponent);
            float[][] walk = walks(4, 1, L);
            for (int t = 0; t < L; t++) walk[0][t] *= unit;
            float[] scaled = forecaster.forecast(walk, HORIZON).values()[0];
            for (int t = 0; t < HORIZON; t++) assertEquals(plain[t] * unit, scaled[t], "2^" + exponent + ", " + t);
        }
    }

    @Test
    void aLargeCounterKeepsItsDigits() {
        double[] plain = forecaster.forecast(ForecastRequest.of(walk(1, 0)).withHorizon(HORIZON)).doubleValues()[0];
        Forecast counter = forecaster.forecast(ForecastRequest.of(walk(1, 1e9)).withHorizon(HORIZON));
        for (int t = 0; t < HORIZON; t++) {
            assertEquals(plain[t], counter.doubleValues()[0][t] - 1e9, 1e-4, "step " + t);
            assertEquals((float) counter.doubleValues()[0][t], counter.values()[0][t]);
        }
        assertEquals(List.of(counter.notes().get(0)), counter.notes(), "on the passes alone");
    }

    /** Quantiles of intervals, of a quantile head, of a combination, and of those of a live series and its past. */
    @ParameterizedTest
    @ValueSource(strings = {"intervals", "head", "combination", "live", "stream", "past"})
    void quantilesOfALargeCounterKeepItsDigits(String kind, @TempDir Path folder) throws IOException {
        Quantiles plain = quantiles(kind, 0, folder);
        Quantiles counter = quantiles(kind, 1e9, folder);
        for (int q = 0; q < plain.levels().length; q++) {
            for (int t = 0; t < plain.doubleValues()[q][0].length; t++) {
                assertEquals(plain.doubleValues()[q][0][t], counter.doubleValues()[q][0][t] - 1e9, 1e-3, "step " + t);
                assertEquals((float) counter.doubleValues()[q][0][t], counter.values()[q][0][t]);
            }
        }
        double[] middle = counter.doublesAt(0.5)[0];
        assertTrue(counter.doubleValues()[0][0][3] < middle[3], "below " + middle[3]);
    }

    private Quantiles quantiles(String kind, double offset, Path folder) throws IOException {
        double[][] counter = {new double[3 * L]};
        for (int t = 0; t < 3 * L; t++) counter[0][t] = 5 * t + Math.sin(t) + offset;
        double[] levels = {0.2, 0.5, 0.8};
        ForecastRequest request = ForecastRequest.of(counter)
                .withHorizon(HORIZON)
                .withQuantiles(levels)
                .withLower(-1e9);
        ConformalIntervals intervals = new ConformalIntervals(levels, 1, HORIZON, ConformalOptions.defaults());
        for (int i = 0; i < 9; i++) {
            double[][] truth = {new double[HORIZON]};
            Arrays.fill(truth[0], i + offset);
            double[][] forecast = {new double[HORIZON]};
            Arrays.fill(forecast[0], 4 + offset);
            intervals.update(forecast, truth, new float[]{1});
        }
        Forecaster combined = Forecaster.bundled();
        return switch (kind) {
            case "intervals" -> forecaster.withIntervals(intervals).forecast(request).quantiles().orElseThrow();
            case "head" ->
                Forecaster.load(Samples.quantileModel(folder)).fast().forecast(request).quantiles().orElseThrow();
            case "combination" -> combined.forecast(request).quantiles().orElseThrow();
            case "live" -> {
                LiveSeries live = LiveSeries.of(ForecastRequest.of(counter).withHorizon(HORIZON).withQuantiles(levels),
                        HORIZON);
                yield live.forecast(combined).quantiles().orElseThrow();
            }
            case "stream" -> {
                Duration hour = Duration.ofHours(1);
                LiveSeries series = LiveSeries.of(StreamSettings.of(HORIZON, hour).withQuantiles(levels), null);
                for (int t = 0; t < counter[0].length; t++) series.add(t * hour.toMillis(), counter[0][t]);
                long last = (counter[0].length - 1) * hour.toMillis();
                double[][] quantiles = series.forecast(last, combined).orElseThrow().quantiles();
                yield new Quantiles(levels,
                        Arrays.stream(quantiles).map(level -> new double[][]{level}).toArray(double[][][]::new), 0);
            }
            default -> PastForecasts.of(combined, request)
                    .forecast(new Origins(2 * L, 1, 1, HORIZON, 2 * L))
                    .get(0)
                    .quantiles();
        };
    }

    @Test
    void whatFloatsDoNotResolveIsSaid() {
        float[][] counter = {new float[L]};
        for (int t = 0; t < L; t++) counter[0][t] = (float) (1e9 + 100.0 * t + 30 * Math.sin(t));
        List<String> notes = forecaster.forecast(counter).notes();
        assertEquals(List
                .of("channel 0: float32 holds these values in steps of 64.0, which is too coarse for how they change; "
                        + "subtract a constant from them, or in Java give them as double[][], to keep what is finer"),
                notes);
        assertEquals(List.of(), forecaster.forecast(walks(4, 1, L)).notes());
        // A model without a scaler reads what it is given.
        ModelForecaster raw = Forecaster
                .of(new TtmModel(small().set(Key.SCALING, TtmConfig.Scaling.MEAN).build()).initialize(1))
                .fast();
        assertTrue(raw.forecast(ForecastRequest.of(walk(1, 1e9)))
                .notes()
                .get(0)
                .endsWith("this model reads float32 and " + "does not see what is finer"));
    }

    @Test
    void doublesOfFloatsAreForecastAlike() {
        float[][] walk = walks(6, 2, L);
        double[][] doubles = new double[2][L];
        for (int c = 0; c < 2; c++) for (int t = 0; t < L; t++) doubles[c][t] = walk[c][t];
        assertArrayEquals(forecaster.forecast(walk).values(),
                forecaster.forecast(ForecastRequest.of(doubles)).values());
    }
}
