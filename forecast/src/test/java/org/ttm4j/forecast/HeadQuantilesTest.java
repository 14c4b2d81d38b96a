package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.forecast.ForecasterTest.H;
import static org.ttm4j.forecast.ForecasterTest.L;
import static org.ttm4j.forecast.ForecasterTest.small;
import static org.ttm4j.forecast.ForecasterTest.walks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

/** A model with a quantile head answers with quantiles of its own. */
class HeadQuantilesTest {
    private static final double[] DECILES = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

    private static Forecaster forecaster(boolean decomposed) {
        Map<String, Object> json = new LinkedHashMap<>(small().build().toJson());
        json.put("multi_quantile_head", true);
        json.put("multi_scale", true);
        json.put("register_tokens", 2L);
        json.put("fft_length", 2L);
        json.put("mq_use_decoder_pool", true);
        if (decomposed) json.put("architectures", List.of(TtmConfig.Architecture.DECOMPOSED.className()));
        return Forecaster.of(new TtmModel(TtmConfig.fromJson(json)).initialize(3)).fast();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theyAscendAndTheForecastIsInTheirMiddle(boolean decomposed) {
        Forecaster forecaster = forecaster(decomposed);
        Forecast forecast = forecaster.forecast(walks(1, 3, L + 5), 2 * H + 3);
        Quantiles quantiles = forecast.quantiles().orElseThrow();
        assertArrayEquals(DECILES, quantiles.levels());
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(forecast.values()[c], forecast.quantile(0.5)[c], "the middle, over three passes");
            for (int q = 1; q < DECILES.length; q++) {
                for (int t = 0; t < forecast.horizon(); t++) {
                    assertTrue(quantiles.values()[q - 1][c][t] < quantiles.values()[q][c][t]);
                }
            }
        }
        float[][] alone = forecaster.forecast(new float[][]{walks(1, 3, L + 5)[1]}, 2 * H + 3).quantile(0.2);
        assertArrayEquals(forecast.quantile(0.2)[1], alone[0], "a channel does not depend on the others");
    }

    @Test
    void wantedLevelsAreTakenOrInterpolated() {
        Forecaster forecaster = forecaster(false);
        ForecastRequest request = ForecastRequest.of(walks(2, 2, L));
        Forecast all = forecaster.forecast(request);
        Forecast some = forecaster.forecast(request.withQuantiles(0.1, 0.45, 0.8));
        assertArrayEquals(new double[]{0.1, 0.45, 0.8}, some.quantiles().orElseThrow().levels());
        assertArrayEquals(all.quantile(0.1), some.quantile(0.1));
        assertArrayEquals(all.quantile(0.8), some.quantile(0.8));
        for (int t = 0; t < H; t++) {
            double expected = (all.quantile(0.4)[1][t] + all.quantile(0.5)[1][t]) / 2;
            assertEquals(expected, some.quantile(0.45)[1][t], 1e-4);
        }
    }

    @Test
    void levelsBeyondThoseOfTheModelAreExtrapolated() {
        Forecaster forecaster = forecaster(false);
        ForecastRequest request = ForecastRequest.of(walks(2, 2, L));
        Forecast forecast = forecaster.forecast(request.withQuantiles(0.02, 0.1, 0.5, 0.9, 0.98));
        double far = Math.log(0.98 / 0.02) / Math.log(0.9 / 0.1);
        for (int t = 0; t < H; t++) {
            double middle = forecast.quantile(0.5)[1][t];
            assertEquals(far * (forecast.quantile(0.1)[1][t] - middle), forecast.quantile(0.02)[1][t] - middle, 1e-4);
            assertEquals(far * (forecast.quantile(0.9)[1][t] - middle), forecast.quantile(0.98)[1][t] - middle, 1e-4);
        }
        String note = "quantiles below 0.1 and above 0.9, which the model was not trained for, are extrapolated";
        assertTrue(forecast.notes().contains(note), forecast.notes().toString());
        assertTrue(!forecaster.forecast(request.withQuantiles(0.1, 0.9)).notes().contains(note));
    }

    @Test
    void aPassAddsToTheErrorsOfTheOneBefore() {
        Forecast forecast = forecaster(false).forecast(walks(4, 1, L), 2 * H);
        float[] middle = forecast.quantile(0.5)[0];
        float[] upper = forecast.quantile(0.9)[0];
        float[] lower = forecast.quantile(0.2)[0];
        for (int t = H; t < 2 * H; t++) {
            assertTrue(upper[t] - middle[t] > upper[H - 1] - middle[H - 1], "step " + t);
            assertTrue(middle[t] - lower[t] > middle[H - 1] - lower[H - 1], "step " + t);
        }
    }

    @Test
    void theyFollowTheUnits() {
        Forecaster forecaster = forecaster(true);
        float[][] walk = walks(3, 1, L);
        float[][] larger = new float[1][L];
        for (int t = 0; t < L; t++) larger[0][t] = 1024 * walk[0][t];
        float[][] expected = forecaster.forecast(walk).quantile(0.9);
        float[][] actual = forecaster.forecast(larger).quantile(0.9);
        for (int t = 0; t < H; t++) assertEquals(1024 * expected[0][t], actual[0][t], 1e-3 * Math.abs(actual[0][t]));
    }

    @Test
    void aChannelThatNeverVariesHasNoSpread() {
        float[][] constant = new float[1][L];
        Arrays.fill(constant[0], 7);
        for (float value : forecaster(false).forecast(constant).quantile(0.9)[0]) assertEquals(7, value);
    }

    @Test
    void theyStayWithinTheRangeOfFloats() {
        float[][] walk = walks(5, 1, L);
        for (int t = 0; t < L; t++) walk[0][t] = Float.MAX_VALUE * (t % 7 < 3 ? 0.99f : -0.99f);
        Forecast forecast = forecaster(false)
                .forecast(ForecastRequest.of(walk).withHorizon(3 * H).withQuantiles(0.001, 0.1, 0.5, 0.9, 0.999));
        for (float[][] level : forecast.quantiles().orElseThrow().values()) {
            for (float value : level[0]) assertTrue(Float.isFinite(value));
        }
    }
}
