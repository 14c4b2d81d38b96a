package org.ttm4j.ttm.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.Channels;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.PastForecasts;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.rolling.ForecastFunction;
import org.ttm4j.ttm.rolling.Origins;
import org.ttm4j.ttm.rolling.RollingForecast;
import org.ttm4j.ttm.rolling.Rows;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;

class ChannelImportanceTest {
    private static final int ROWS = 400;
    private static final Origins ORIGINS = Origins.in(new Rows(0, ROWS), Samples.CONTEXT, Samples.HORIZON, 12);

    /** A target that follows a driver, the driver, and what has to do with nothing. */
    private static double[][] series() {
        Random random = new Random(3);
        double[][] series = new double[3][ROWS];
        for (int t = 0; t < ROWS; t++) {
            series[1][t] = random.nextGaussian();
            series[2][t] = random.nextGaussian();
            series[0][t] = 2 * series[1][t] + 0.1f * random.nextGaussian();
        }
        return series;
    }

    /** Knows that the target is twice the driver. */
    private record TwiceTheDriver(double[][] series) implements ForecastFunction {
        @Override
        public int[] channels() {
            return new int[]{0};
        }

        @Override
        public List<RollingForecast> forecast(Origins origins) {
            return IntStream.range(0, origins.count()).map(origins::at).mapToObj(origin -> {
                double[][] values = new double[1][origins.horizon()];
                for (int h = 0; h < origins.horizon(); h++) values[0][h] = 2 * series[1][origin + h];
                return new RollingForecast(origin, values, origins.context(), null);
            }).toList();
        }
    }

    @Test
    void aDriverThatIsUsedIsImportantAndOthersAreNot() throws InterruptedException {
        List<ChannelImportance> importance = ChannelImportance.of(TwiceTheDriver::new, series(), ORIGINS, 4, 2);
        assertEquals(new ChannelImportance(0, 0, 0), importance.get(0));
        assertEquals(new ChannelImportance(2, 0, 0), importance.get(2));
        // |2x − 2x'| of independent normal values over |0.1·noise|: 2·√2/0.1.
        assertEquals(28, importance.get(1).increase(), 5);
        assertTrue(importance.get(1).spread() > 0 && importance.get(1).spread() < 5, importance.toString());
    }

    @Test
    void aModelReactsToTheChannelsThatItMixes() throws InterruptedException {
        double[][] series = new double[][]{series()[0], series()[1]};
        TtmConfig mixing = Samples.config()
                .numInputChannels(2)
                .decoderMode(TtmConfig.Mode.MIX_CHANNEL)
                .exogenousChannelIndices(1)
                .enableForecastChannelMixing(true)
                .fcmUseMixer(true)
                .build();
        assertNotEquals(0, importance(mixing, series).get(1).increase());
        TtmConfig alone = Samples.config().predictionChannelIndices(0).build();
        assertEquals(0, importance(alone, series).get(1).increase());
    }

    private static List<ChannelImportance> importance(TtmConfig config, double[][] series) throws InterruptedException {
        Forecaster forecaster = Forecaster.of(new TtmModel(config).initialize(1));
        ForecastRequest request = ForecastRequest.of(series);
        return ChannelImportance.of(moved -> PastForecasts.of(forecaster, request.withHistory(moved)), series, ORIGINS,
                2, 2);
    }

    /** Of a model that was fine-tuned on a target and two drivers that are known ahead, one of which drives it. */
    @Test
    void aFineTunedModelUsesTheDriverThatHelps() throws InterruptedException {
        Random random = new Random(1);
        double[][] values = new double[3][1500];
        for (int t = 0; t < values[0].length; t++) {
            values[1][t] = random.nextInt(3);
            values[2][t] = random.nextInt(3);
            values[0][t] = 50 + 20 * values[1][t];
        }
        Channels channels = new Channels(List.of(Channels.Channel.of("sold", Channels.Role.TARGET, 0, 1),
                Channels.Channel.of("open", Channels.Role.KNOWN_FUTURE, 0, 1),
                Channels.Channel.of("moon", Channels.Role.KNOWN_FUTURE, 0, 1)));
        FineTuningData data = FineTuningData.chronological(channels, values, Samples.CONTEXT, 0.6, 0.2, 1);
        FineTuned tuned = FineTuning.run(new TtmModel(Samples.config().build()).initialize(3), data,
                FineTuningOptions.defaults().withEpochs(8).withBatch(16).withSeed(7).withThreads(1),
                (epoch, best) -> {});
        ForecastRequest request = ForecastRequest.of(values);
        Origins unseen = Origins.in(new Rows(1200, 1500), Samples.CONTEXT, Samples.HORIZON, 12);
        List<ChannelImportance> importance = ChannelImportance
                .of(moved -> PastForecasts.of(tuned.forecaster(), request.withHistory(moved)), values, unseen, 4, 1);
        assertTrue(importance.get(1).increase() > 1, importance.toString());
        assertTrue(Math.abs(importance.get(2).increase()) < importance.get(1).increase() / 10, importance.toString());
    }

    @Test
    void tooLittleIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> ChannelImportance.of(TwiceTheDriver::new, series(), ORIGINS, 1, 1));
        Origins longest = new Origins(ROWS - 20, 1, 1, 20, ROWS - 20);
        assertThrows(IllegalArgumentException.class,
                () -> ChannelImportance.of(TwiceTheDriver::new, series(), longest, 2, 1));
    }
}
