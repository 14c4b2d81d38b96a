package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;

class AdaptationTest {

    /** Published models have 2, the bundled ones 1. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0.25, 0.25", "1, 1", "2, 2"})
    void theLossOfTheForecastKeepsTheWeightThatAModelGivesIt(double own, double expected) {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config().build().toJson());
        json.putAll(Map.of("multi_quantile_head", true, "point_extra_weight", own));
        Channels channels = new Channels(List.of(Channel.of("load", Role.TARGET, 0, 1)));
        FineTuningOptions options = FineTuningOptions.defaults().withLoss(TtmConfig.Loss.HUBER);
        TtmConfig tuned = Adaptation.configuration(TtmConfig.fromJson(json), channels, options);
        assertEquals(expected, tuned.quantileHead().pointExtraWeight());
        assertEquals(TtmConfig.Loss.HUBER, tuned.quantileHead().pointExtraLoss());
    }

    /** The heads of the forecast and of the widths of its quantiles have a row of weights a step. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, Samples.HORIZON, Samples.HORIZON + 7})
    void headsOfAnotherLengthKeepTheStepsThatBothHave(int horizon) {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config().build().toJson());
        json.putAll(Map.of("multi_quantile_head", true, "mq_use_decoder_pool", true, "mq_q50_type", "mean",
                "mq_step_widths", true));
        TtmModel base = new TtmModel(TtmConfig.fromJson(json)).initialize(3);
        Channels channels = new Channels(List.of(Channel.of("load", Role.TARGET, 0, 1)));
        TtmConfig config = Adaptation.configuration(base.config(), channels,
                FineTuningOptions.defaults().withHorizon(horizon));
        Adaptation adaptation = Adaptation.of(base, config, 9);
        float[][] history = new float[1][Samples.CONTEXT];
        for (int t = 0; t < history[0].length; t++) history[0][t] = 5 + (float) Math.sin(t / 3.0);
        float[] expected = Forecaster.of(base).fast().forecast(history).values()[0];
        float[] actual = Forecaster.of(adaptation.model()).fast().forecast(history).values()[0];
        int both = Math.min(horizon, Samples.HORIZON);
        assertEquals(horizon, actual.length);
        assertArrayEquals(Arrays.copyOf(expected, both), Arrays.copyOf(actual, both), 1e-5f);
        float mean = 0;
        for (float value : history[0]) mean += value / history[0].length;
        for (int t = both; t < horizon; t++) assertEquals(mean, actual[t], 1e-4f);
        assertEquals(horizon > Samples.HORIZON
                ? List.of("head.base_forecast_block", "multi_quantile_head_block.dec_to_steps")
                : List.of(), adaptation.initialized());
    }
}
