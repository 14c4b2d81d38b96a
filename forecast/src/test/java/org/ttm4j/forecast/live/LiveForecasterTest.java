package org.ttm4j.forecast.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class LiveForecasterTest {
    private static final int CONTEXT = 24;
    private static final int HORIZON = 4;
    private static final int EVERY = 3;

    private static ModelForecaster forecaster() {
        return Forecaster.of(new TtmModel(Samples.config(CONTEXT, HORIZON).build()).initialize(1)).fast();
    }

    private static ConformalIntervals intervals(int channels) {
        return new ConformalIntervals(new double[]{0.2, 0.8}, channels, HORIZON,
                ConformalOptions.defaults().withWindows(25).withRate(0.05));
    }

    private static float[][] series(int steps) {
        Random random = new Random(3);
        float[][] series = new float[2][steps];
        for (int t = 0; t < steps; t++) {
            series[0][t] = (float) (5 + Math.sin(t / 4.0) + 0.2 * random.nextGaussian());
            series[1][t] = t % 13 == 4 ? Float.NaN : (float) random.nextGaussian();
        }
        return series;
    }

    private static float[][] upTo(float[][] series, int end) {
        return new float[][]{Arrays.copyOf(series[0], end), Arrays.copyOf(series[1], end)};
    }

    @Test
    void forecastsAreThoseOfTheWholeHistory() {
        ModelForecaster forecaster = forecaster();
        LiveForecaster live = new LiveForecaster(forecaster, 2, null, intervals(2), EVERY);
        float[][] series = series(150);
        for (int t = 0; t < 150; t++) {
            live.add(series[0][t], series[1][t]);
            if (t + 1 < live.minimumHistory()) assertThrows(IllegalArgumentException.class, live::forecast);
            else
                assertArrayEquals(forecaster.forecast(upTo(series, t + 1)).values(), live.forecast().values(),
                        "t " + t);
        }
        assertEquals(150, live.added());
    }

    /** The same as a loop over origins that settles, at each time, whatever steps became known then. */
    @Test
    void intervalsLearnWhatIsKnownAndNothingElse() {
        ModelForecaster forecaster = forecaster();
        float[][] series = series(200);
        LiveForecaster live = new LiveForecaster(forecaster, 2, null, intervals(2), EVERY);
        ConformalIntervals byHand = intervals(2);
        List<IssuedForecast> issued = new ArrayList<>();
        List<Integer> since = new ArrayList<>();
        for (int t = 0; t < 200; t++) {
            live.add(series[0][t], series[1][t]);
            for (int i = 0; i < issued.size(); i++) {
                int step = t - since.get(i);
                if (step >= HORIZON) continue;
                double[][] truth = new double[2][HORIZON];
                for (int c = 0; c < 2; c++) {
                    Arrays.fill(truth[c], Double.NaN);
                    truth[c][step] = series[c][t];
                }
                byHand.settle(issued.get(i), truth);
            }
            float[][] history = upTo(series, t + 1);
            if ((t + 1) % EVERY == 0 && t + 1 >= live.minimumHistory()) {
                issued.add(byHand.issue(forecaster.forecast(history).doubleValues(),
                        LocalScales.of(history, t + 1, CONTEXT, new int[]{0, 1})));
                since.add(t + 1);
            }
            if (t + 1 < live.minimumHistory()) continue;
            Forecast asked = live.forecast();
            Forecast expected = forecaster.withIntervals(byHand).forecast(history);
            if (expected.quantiles().isEmpty()) assertTrue(asked.quantiles().isEmpty());
            else
                assertArrayEquals(expected.quantiles().orElseThrow().values(), asked.quantiles().orElseThrow().values(),
                        "t " + t);
        }
        assertEquals(25, live.forecast().quantiles().orElseThrow().windows());
    }

    @Test
    void aCombinationJudgesEachValueByTheLastForecastBeforeIt() {
        Forecaster combined = Forecaster.bundled();
        Duration hour = Duration.ofHours(1);
        LiveForecaster live = LiveForecaster.combined(combined, 2, hour, EVERY, EVERY, 0.05, 0.95);
        float[][] series = series(90);
        series[0][80] = 50;
        List<Anomaly> found = new ArrayList<>();
        for (int t = 0; t < 90; t++) found.addAll(live.add(series[0][t], series[1][t]));
        Anomaly worst = found.stream().max(Comparator.comparingDouble(Anomaly::score)).orElseThrow();
        assertEquals(80, worst.index());
        assertEquals(0, worst.channel());
        assertEquals(50, worst.value());
        assertEquals(0.9, worst.level(), 1e-12);
        // The forecast from the 78 values before.
        Forecast before = combined.forecast(
                ForecastRequest.of(upTo(series, 78)).withFrequency(hour).withHorizon(EVERY).withQuantiles(0.05, 0.95));
        assertEquals(before.doubleValues()[0][2], worst.forecast());
        assertEquals(before.doubleQuantile(0.95)[0][2], worst.upper());
        assertEquals(before.doubleQuantile(0.05)[0][2], worst.lower());
        double middle = (worst.lower() + worst.upper()) / 2;
        assertEquals((50 - middle) / (worst.upper() - middle), worst.score(), 1e-9);
        long missing = IntStream.range(EVERY, 90).filter(t -> Float.isNaN(series[1][t])).count();
        assertEquals(2 * (90 - EVERY) - missing, live.judged());
        assertTrue(found.size() < live.judged() / 4, found.size() + " of " + live.judged());
        assertThrows(IllegalArgumentException.class, () -> LiveForecaster.combined(combined, 1, hour, 1, 1, 0.9, 0.1));
        assertThrows(IllegalArgumentException.class, () -> LiveForecaster.combined(combined, 0, hour, 1, 1, 0.5));
    }

    @Test
    void theFirstValueOfAChannelIsNoAnomaly() {
        LiveForecaster live = LiveForecaster.combined(Forecaster.bundled(), 2, null, EVERY, EVERY, 0.05, 0.95);
        for (int t = 0; t < 12; t++) assertEquals(List.of(), live.add(7, Float.NaN));
        assertEquals(List.of(), live.add(7, 5));
        assertEquals(10, live.judged(), "of the channel that is observed");
    }

    @Test
    void aCombinationTakesTheSeasonOfTheValues() {
        Forecaster combined = Forecaster.bundled();
        Duration hour = Duration.ofHours(1);
        LiveForecaster live = LiveForecaster.combined(combined, 1, hour, 6, 6, 0.5).withSeason(9);
        float[][] history = new float[1][60];
        for (int t = 0; t < 60; t++) {
            history[0][t] = t % 9 == 4 ? 10 : t % 3;
            live.add(history[0][t]);
        }
        ForecastRequest request = ForecastRequest.of(history).withFrequency(hour).withHorizon(6).withQuantiles(0.5);
        assertArrayEquals(combined.forecast(request.withSeason(9)).values(), live.forecast().values());
        assertThrows(IllegalArgumentException.class, () -> live.withSeason(1));
        LiveForecaster ofModel = new LiveForecaster(forecaster(), 1, null, intervals(1), 1);
        assertThrows(IllegalArgumentException.class, () -> ofModel.withSeason(9));
    }

    @Test
    void threadsMayAskWhileValuesArrive() throws InterruptedException {
        LiveForecaster live = new LiveForecaster(forecaster(), 1, null, intervals(1), 1);
        for (int t = 0; t < CONTEXT; t++) live.add(t);
        List<Throwable> failures = new ArrayList<>();
        Thread reader = new Thread(() -> {
            for (int i = 0; i < 100; i++) live.forecast();
        });
        reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        reader.start();
        for (int t = 0; t < 100; t++) live.add((float) Math.sin(t));
        reader.join();
        assertEquals(List.of(), failures);
        assertEquals(CONTEXT + 100, live.added());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        ModelForecaster forecaster = forecaster();
        assertThrows(IllegalArgumentException.class,
                () -> new LiveForecaster(forecaster, 2, null, intervals(1), EVERY));
        assertThrows(IllegalArgumentException.class, () -> new LiveForecaster(forecaster, 1, null, intervals(1), 0));
        assertThrows(IllegalArgumentException.class, () -> new LiveForecaster(null, 1, null, intervals(1), EVERY));
        assertThrows(IllegalArgumentException.class, () -> new LiveForecaster(forecaster, 1, null, null, EVERY));
        assertThrows(IllegalArgumentException.class,
                () -> new LiveForecaster(forecaster, 1, Duration.ofHours(-1), intervals(1), EVERY));
        assertThrows(IllegalArgumentException.class, () -> LiveForecaster.combined(null, 1, null, 1, 1, 0.5));
        // Values beyond the horizon of the last forecast would not be judged.
        assertEquals("every 5: expected 1 to 4 steps, the horizon", assertThrows(IllegalArgumentException.class,
                () -> new LiveForecaster(forecaster, 1, null, intervals(1), HORIZON + 1)).getMessage());
        Forecaster combined = forecaster.in(ForecastMode.BALANCED);
        assertThrows(IllegalArgumentException.class, () -> LiveForecaster.combined(combined, 1, null, 7, 8, 0.5));
        LiveForecaster live = new LiveForecaster(forecaster, 2, null, intervals(2), EVERY);
        assertThrows(IllegalArgumentException.class, () -> live.add(1));
        assertThrows(IllegalArgumentException.class, () -> live.add(1, Float.POSITIVE_INFINITY));
        assertEquals(0, live.added());
        assertThrows(IllegalArgumentException.class, () -> live.forecast(), "nothing to forecast from");
    }

    /** Not even that the values so far were floats, as which they are forecast. */
    @Test
    void aValueThatIsRefusedChangesNothing() {
        LiveForecaster live = new LiveForecaster(forecaster(), 1, null, intervals(1), EVERY);
        for (float value : series(CONTEXT)[0]) live.add(value);
        double[][] forecast = live.forecast().doubleValues();
        assertThrows(IllegalArgumentException.class, () -> live.add(1e300));
        assertArrayEquals(forecast, live.forecast().doubleValues());
    }

    @Test
    void whatIsNotCombinedIsCheckedLikewiseAndWaitsForTheHistoryThatItNeeds() {
        TtmConfig.Mode mixing = TtmConfig.Mode.MIX_CHANNEL;
        TtmModel model = new TtmModel(Samples.config(96, HORIZON).numInputChannels(2).decoderMode(mixing).build());
        Forecaster alone = Forecaster.of(model.initialize(1));
        assertThrows(IllegalArgumentException.class, () -> LiveForecaster.combined(alone, 3, null, 2, 1, 0.5));
        assertEquals(3, alone.info().minimumHistory());
        TtmModel longer = new TtmModel(Samples.config(192, HORIZON).numInputChannels(2).decoderMode(mixing).build());
        LiveForecaster live = LiveForecaster.combined(Forecaster.of(longer.initialize(1)), 2, null, 2, 1, 0.5);
        assertEquals(6, live.minimumHistory());
        for (int t = 0; t < 7; t++) live.add(t, -t);
        assertEquals(2, live.forecast().horizon());
    }
}
