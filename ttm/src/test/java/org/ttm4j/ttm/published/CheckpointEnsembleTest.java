package org.ttm4j.ttm.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class CheckpointEnsembleTest {
    private static final int H = 8;

    private static TtmModel model(int context, long seed, String... levels) {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config(context, H).build().toJson());
        json.put("multi_quantile_head", true);
        json.put("quantile_levels", levels.length == 0 ? List.of(0.1, 0.5, 0.9) : List.of(0.5));
        return new TtmModel(TtmConfig.fromJson(json)).initialize(seed);
    }

    private static double[][] waves(int steps, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[2][steps];
        for (int t = 0; t < steps; t++) {
            values[0][t] = 50 + 10 * Math.sin(t / 3.0) + random.nextGaussian();
            values[1][t] = 3 * t + 5 * random.nextGaussian();
        }
        return values;
    }

    private static ForecastRequest request(double[][] history) {
        return ForecastRequest.of(history).withFrequency(Duration.ofHours(1));
    }

    @Test
    void weightsOfErrorsWorkedOutByHand() {
        // Shares 2/3 and 1/3; with one series local and global weights agree.
        double[][] one = BacktestWeights.of(new double[][]{{1}, {2}}, 1);
        assertEquals(2 / 3.0, one[0][0], 1e-5);
        assertEquals(1 / 3.0, one[1][0], 1e-5);
        // Of two series the local shares are 3/4, 1/4 and 1/4, 3/4; the global ones 1/2. v = 1/16, s = 1/2 of 1 window,
        // λ = 1/9.
        double[][] two = BacktestWeights.of(new double[][]{{1, 3}, {3, 1}}, 2);
        assertEquals(0.5 + 0.25 / 9, two[0][0], 1e-5);
        assertEquals(0.5 - 0.25 / 9, two[0][1], 1e-5);
        assertEquals(0.5 - 0.25 / 9, two[1][0], 1e-5);
        assertEquals(2, BacktestWeights.median(new double[]{3, 1}));
    }

    /**
     * A model alone computes what a forecaster does, but that gaps hold the last value, and that the quantiles of further
     * passes are not widened.
     */
    @Test
    void oneModelAloneForecastsItsOwnQuantiles() {
        TtmModel model = model(32, 5);
        double[][] history = waves(40, 1);
        Forecast alone = Forecaster.of(model).forecast(ForecastRequest.of(history).withHorizon(2 * H + 1));
        Forecast ensemble = new CheckpointEnsemble(List.of(model)).forecastAll(List.of(request(history)), 2 * H + 1)
                .get(0);
        for (double level : new double[]{0.1, 0.5, 0.9}) {
            for (int c = 0; c < 2; c++) {
                int steps = level == 0.5 ? 2 * H + 1 : H;
                assertArrayEquals(Arrays.copyOf(alone.quantile(level)[c], steps),
                        Arrays.copyOf(ensemble.quantile(level)[c], steps), c == 0 ? 0.01f : 0.1f);
            }
        }
        assertArrayEquals(ensemble.quantile(0.5)[0], ensemble.values()[0]);
    }

    @Test
    void theForecastIsTheWeightedMean() {
        List<TtmModel> models = List.of(model(16, 1), model(32, 2), model(24, 3));
        List<ForecastRequest> requests = new ArrayList<>();
        for (int j = 0; j < 3; j++) requests.add(request(waves(60 + 5 * j, j)));
        List<Forecast> forecasts = new CheckpointEnsemble(models).forecastAll(requests, H);
        for (int j = 0; j < 3; j++) {
            List<Double> weights = List.copyOf(forecasts.get(j).weights().get(0).values());
            assertEquals(1, weights.stream().mapToDouble(w -> w).sum(), 1e-4);
            float[] mean = new float[H];
            for (int m = 0; m < 3; m++) {
                Forecast one = new CheckpointEnsemble(List.of(models.get(m))).forecastAll(List.of(requests.get(j)), H)
                        .get(0);
                for (int t = 0; t < H; t++) mean[t] += (float) (weights.get(m) * one.quantile(0.9)[1][t]);
            }
            assertArrayEquals(mean, forecasts.get(j).quantile(0.9)[1], 0.05f);
        }
    }

    @Test
    void manySeriesTakeTheFirstModel() {
        List<TtmModel> models = List.of(model(16, 1), model(32, 2));
        ForecastRequest request = request(waves(50, 1));
        Forecast first = new CheckpointEnsemble(models).forecastAll(Collections.nCopies(51, request), H).get(50);
        Forecast alone = new CheckpointEnsemble(models.subList(0, 1)).forecastAll(List.of(request), H).get(0);
        assertEquals(List.of("0: 16-8"), List.copyOf(first.weights().get(0).keySet()));
        for (int t = 0; t < H; t++) assertEquals(alone.values()[0][t], first.values()[0][t], 1e-4);
    }

    @Test
    void manySeriesTakeTheMeanOfTheFirstTunedModelAndItsUntunedCopy() {
        List<TtmModel> tuned = List.of(model(16, 1), model(32, 2));
        List<TtmModel> untuned = List.of(model(16, 3), model(32, 4));
        CheckpointEnsemble ensemble = new CheckpointEnsemble(tuned, untuned);
        ForecastRequest request = request(waves(50, 1));
        Forecast many = ensemble.forecastAll(Collections.nCopies(51, request), H).get(50);
        assertEquals(Map.of("0: 16-8", 0.5, "2: 16-8", 0.5), many.weights().get(0));
        float[] one = new CheckpointEnsemble(tuned.subList(0, 1)).forecastAll(List.of(request), H)
                .get(0)
                .quantile(0.9)[1];
        float[] other = new CheckpointEnsemble(untuned.subList(0, 1)).forecastAll(List.of(request), H)
                .get(0)
                .quantile(0.9)[1];
        for (int t = 0; t < H; t++) assertEquals((one[t] + other[t]) / 2, many.quantile(0.9)[1][t], 1e-3);
        Forecast few = ensemble.forecastAll(List.of(request), H).get(0);
        assertEquals(List.of("0: 16-8", "1: 32-8", "2: 16-8", "3: 32-8"), List.copyOf(few.weights().get(0).keySet()));
    }

    /** A jump from channel to channel counts, and their joint length decides whether there is a season to look back. */
    @Test
    void channelsLieEndToEndWhereErrorsAreScaled() {
        QuantilePass pass = new QuantilePass(model(16, 1));
        double[][] series = new double[2][20];
        for (int t = 0; t < 20; t++) {
            series[0][t] = t;
            series[1][t] = 100 + 2 * t;
        }
        // From step 4 on: 15 changes by 1, 15 by 2, and from 19 to 108.
        assertEquals((15 * 1 + 89 + 15 * 2) / 31.0, pass.scale(series, 20, 1), 1e-12);
        // 12 of 32 values have one 20 before them: 116 + 2i and 4 + i.
        assertEquals((12 * 112 + 66) / 12.0, pass.scale(series, 20, 20), 1e-12);
        assertEquals(pass.scale(series, 20, 1), pass.scale(series, 20, 32));
        // 12 zeros in front of either: up by 1 to 3, down to 0, up to 100, and on by 2.
        assertEquals((3 * 1 + 3 + 100 + 3 * 2) / 31.0, pass.scale(series, 4, 1), 1e-12);
    }

    /** Gaps, a channel that never varies, and histories shorter than context or target. */
    @Test
    void anyHistoryHasAForecast() {
        List<TtmModel> models = List.of(model(16, 1), model(32, 2));
        double[][] history = waves(20, 3);
        for (int t = 0; t < 20; t++) history[1][t] = 4;
        history[0][0] = Double.NaN;
        history[0][10] = Double.NaN;
        for (double[][] each : new double[][][]{history, {{1}, {2}},
                {{1, 2, 3}, {Double.NaN, Double.NaN, Double.NaN}}}) {
            Forecast forecast = new CheckpointEnsemble(models).forecastAll(List.of(request(each)), 3 * H).get(0);
            for (float[] row : forecast.values()) for (float value : row) assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        TtmModel plain = new TtmModel(Samples.config(16, H).build());
        assertEquals("the model 16-8 has no quantile head", refusal(List.of(plain)));
        assertEquals("the model 16-8 has the quantile levels [0.5]; expected those of the first, [0.1, 0.5, 0.9]",
                refusal(List.of(model(16, 1), model(16, 2, "0.5"))));
        assertEquals("an ensemble of no models", refusal(List.of()));
        assertEquals("2 models and 1 untuned copies: expected one of each",
                assertThrows(IllegalArgumentException.class,
                        () -> new CheckpointEnsemble(List.of(model(16, 1), model(32, 2)), List.of(model(16, 1))))
                        .getMessage());
    }

    private static String refusal(List<TtmModel> models) {
        return assertThrows(IllegalArgumentException.class, () -> new CheckpointEnsemble(models)).getMessage();
    }

    @Test
    void seasons() {
        assertEquals(24, CheckpointEnsemble.season(Duration.ofHours(1)));
        assertEquals(96, CheckpointEnsemble.season(Duration.ofMinutes(15)));
        assertEquals(1, CheckpointEnsemble.season(Duration.ofMinutes(7)));
        assertEquals(360, CheckpointEnsemble.season(Duration.ofSeconds(10)));
        assertEquals(1, CheckpointEnsemble.season(Duration.ofDays(7)));
        assertEquals(5, CheckpointEnsemble.season(Duration.ofDays(7).dividedBy(5)), "business days");
        assertEquals(12, CheckpointEnsemble.season(Period.ofMonths(1)));
        assertEquals(4, CheckpointEnsemble.season(Period.ofMonths(3)));
        assertEquals(1, CheckpointEnsemble.season(Period.ofYears(1)));
        assertEquals(1, CheckpointEnsemble.season(null));
    }
}
