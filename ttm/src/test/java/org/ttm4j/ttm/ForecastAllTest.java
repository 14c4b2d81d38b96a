package org.ttm4j.ttm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.config.TtmConfigBuilder;
import org.ttm4j.ttm.model.TtmModel;

/** Requests that are forecast together are forecast as if each were alone. */
class ForecastAllTest {
    private static final int CONTEXT = 32;

    private static TtmConfigBuilder config() {
        return TtmConfig.builder().contextLength(CONTEXT).predictionLength(8).numLayers(1).decoderNumLayers(1);
    }

    private static float[][] series(int seed, int channels, int length) {
        float[][] values = new float[channels][length];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < length; t++) values[c][t] = (float) Math.sin(seed + c + 0.3 * t) + seed;
            values[c][length / 2] = Float.NaN;
        }
        return values;
    }

    private static void assertSameAsAlone(TtmConfig config, List<ForecastRequest> requests) {
        Forecaster forecaster = Forecaster.of(new TtmModel(config).initialize(5));
        List<Forecast> together = forecaster.forecastAll(requests);
        assertEquals(requests.size(), together.size());
        for (int i = 0; i < requests.size(); i++) {
            Forecast alone = forecaster.forecast(requests.get(i));
            assertArrayEquals(alone.values(), together.get(i).values(), "request " + i);
            assertArrayEquals(alone.missing(), together.get(i).missing(), "request " + i);
            assertEquals(alone.passes(), together.get(i).passes(), "request " + i);
        }
    }

    @Test
    void channelsLengthsAndHorizonsMayDiffer() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(ForecastRequest.of(series(i, 1 + i % 4, 10 + i)).withHorizon(1 + 7 * i % 40));
        }
        assertSameAsAlone(config().build(), requests);
    }

    @Test
    void tokensAndKnownFuturesStayWithTheirRequest() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            requests.add(ForecastRequest.of(series(i, 2, CONTEXT))
                    .withHorizon(12)
                    .withFrequency(Duration.ofMinutes(i % 3 == 0 ? 60 : 1))
                    .withKnownFuture(new float[][]{future(i)}));
        }
        assertSameAsAlone(config().numInputChannels(2)
                .resolutionPrefixTuning(true)
                .frequencyTokenVocabSize(10)
                .exogenousChannelIndices(1)
                .enableForecastChannelMixing(true)
                .build(), requests);
    }

    private static float[] future(int seed) {
        float[] future = new float[12];
        for (int t = 0; t < 12; t++) future[t] = seed * t % 5;
        return future;
    }

    @Test
    void categoriesStayWithTheirRequest() {
        List<ForecastRequest> requests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            requests.add(ForecastRequest.of(series(1, 2, CONTEXT)).withCategories(i % 3, i % 2));
        }
        assertSameAsAlone(config().numInputChannels(2)
                .decoderMode(TtmConfig.Mode.MIX_CHANNEL)
                .categoricalVocabSizeList(3, 2)
                .build(), requests);
    }

    @Test
    void noRequestsGiveNoForecasts() {
        assertEquals(List.of(), Forecaster.of(new TtmModel(config().build())).forecastAll(List.of()));
    }
}
