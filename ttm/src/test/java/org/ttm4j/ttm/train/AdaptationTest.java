package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.ttm.Channels;
import org.ttm4j.ttm.Channels.Channel;
import org.ttm4j.ttm.Channels.Role;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;

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
}
