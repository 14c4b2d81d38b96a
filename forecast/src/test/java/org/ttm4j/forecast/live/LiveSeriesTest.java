package org.ttm4j.forecast.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ForecasterInfo;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Precision;

class LiveSeriesTest {
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

    private static double[][] upTo(double[][] series, int end) {
        return new double[][]{Arrays.copyOf(series[0], end), Arrays.copyOf(series[1], end)};
    }

    private static float[][] upTo(float[][] series, int end) {
        return new float[][]{Arrays.copyOf(series[0], end), Arrays.copyOf(series[1], end)};
    }

    /** Counts what is asked of a forecaster. */
    private static class CountingForecaster implements Forecaster {
        private final Forecaster forecaster;
        private int requests;

        private CountingForecaster(Forecaster forecaster) {
            this.forecaster = forecaster;
        }

        @Override
        public ForecasterInfo info() {
            return forecaster.info();
        }

        @Override
        public ModelForecaster fast() {
            throw new AssertionError("the model alone was asked");
        }

        @Override
        public List<ForecastResult> forecastAll(List<ForecastRequest> of, Execution execution) {
            requests += of.size();
            return forecaster.forecastAll(of, execution);
        }
    }

    private static LiveSeries learning(int channels, int every) {
        LiveSeries live = LiveSeries.of(ForecastRequest.of(new double[channels][0]).withHorizon(HORIZON), every);
        live.learn(intervals(channels));
        return live;
    }

    private static ForecastRequest wanted(int channels, int horizon) {
        return ForecastRequest.of(new double[channels][0]).withHorizon(horizon).withQuantiles(0.05, 0.95);
    }

    @Test
    void forecastsAreThoseOfTheWholeHistory() {
        ModelForecaster forecaster = forecaster();
        LiveSeries live = learning(2, EVERY);
        float[][] series = series(150);
        for (int t = 0; t < 150; t++) {
            live.add(forecaster, series[0][t], series[1][t]);
            if (t + 1 < forecaster.info().minimumHistory()) {
                assertThrows(IllegalArgumentException.class, () -> live.forecast(forecaster));
            } else {
                assertArrayEquals(forecaster.forecast(upTo(series, t + 1)).values(), live.forecast(forecaster).values(),
                        "t " + t);
            }
        }
        assertEquals(150, live.added());
    }

    /** The same as a loop over origins that settles, at each time, whatever steps became known then. */
    @Test
    void intervalsLearnWhatIsKnownAndNothingElse() {
        ModelForecaster forecaster = forecaster();
        float[][] series = series(200);
        LiveSeries live = learning(2, EVERY);
        ConformalIntervals byHand = intervals(2);
        List<IssuedForecast> issued = new ArrayList<>();
        List<Integer> since = new ArrayList<>();
        for (int t = 0; t < 200; t++) {
            live.add(forecaster, series[0][t], series[1][t]);
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
            double[][] history = upTo(Precision.doubles(series), t + 1);
            if ((t + 1) % EVERY == 0 && t + 1 >= forecaster.info().minimumHistory()) {
                issued.add(byHand.issue(forecaster.forecast(ForecastRequest.of(history)).doubleValues(),
                        LocalScales.of(history, t + 1, CONTEXT, new int[]{0, 1})));
                since.add(t + 1);
            }
            if (t + 1 < forecaster.info().minimumHistory()) continue;
            Forecast asked = live.forecast(forecaster);
            Forecast expected = forecaster.withIntervals(byHand).forecast(ForecastRequest.of(history));
            if (expected.quantiles().isEmpty()) assertTrue(asked.quantiles().isEmpty());
            else
                assertArrayEquals(expected.quantiles().orElseThrow().values(), asked.quantiles().orElseThrow().values(),
                        "t " + t);
        }
        assertEquals(25, live.forecast(forecaster).quantiles().orElseThrow().windows());
    }

    @Test
    void aCombinationJudgesEachValueByTheLastForecastBeforeIt() {
        Forecaster combined = Forecaster.bundled();
        Duration hour = Duration.ofHours(1);
        LiveSeries live = LiveSeries.of(wanted(2, EVERY).withFrequency(hour), EVERY);
        float[][] series = series(90);
        series[0][80] = 50;
        List<Judged> judged = new ArrayList<>();
        for (int t = 0; t < 90; t++) judged.addAll(live.add(combined, series[0][t], series[1][t]));
        List<Judged> found = judged.stream().filter(Judged::isAnomaly).toList();
        Judged worst = found.stream().max(Comparator.comparingDouble(Judged::score)).orElseThrow();
        assertEquals(80, worst.index());
        assertEquals(0, worst.channel());
        assertEquals(50, worst.value());
        assertEquals(0.9, worst.level(), 1e-12);
        // The forecast from the 78 values before, with forecasts in the place of those that were unusual.
        double[][] known = Precision.doubles(upTo(series, 78));
        found.stream()
                .filter(one -> one.index() < 78)
                .forEach(one -> known[one.channel()][(int) one.index()] = one.forecast());
        Forecast before = combined
                .forecast(ForecastRequest.of(known).withFrequency(hour).withHorizon(EVERY).withQuantiles(0.05, 0.95));
        assertEquals(before.values()[0][2], worst.forecast(), 0.05);
        double factor = (worst.upper() - worst.lower())
                / (before.doubleQuantile(0.95)[0][2] - before.doubleQuantile(0.05)[0][2]);
        assertTrue(factor > 0.5 && factor < 3, "intervals are widened or narrowed: " + factor);
        assertEquals((50 - worst.forecast()) / (worst.upper() - worst.forecast()), worst.score(), 1e-9);
        long missing = IntStream.range(EVERY, 90).filter(t -> Float.isNaN(series[1][t])).count();
        assertEquals(2 * (90 - EVERY) - missing, judged.size());
        assertTrue(found.size() < judged.size() / 4, found.size() + " of " + judged.size());
    }

    /** As to start with a past, or after a failure: the values cost one forecast, and judge the next ones as if one by one. */
    @Test
    void manyValuesAtOnceCostOneForecast() {
        CountingForecaster counting = new CountingForecaster(Forecaster.bundled());
        double[][] past = Precision.doubles(series(2000));
        LiveSeries start = LiveSeries.of(wanted(2, 6).withHistory(past), 6);
        assertEquals(0, counting.requests);
        List<Judged> afterStart = start.add(counting, 9, -9);
        assertEquals(1, counting.requests);
        LiveSeries bulk = LiveSeries.of(wanted(2, 6), 6);
        assertEquals(List.of(), bulk.addAll(counting, past));
        assertEquals(2, counting.requests);
        LiveSeries oneByOne = LiveSeries.of(wanted(2, 6).withHistory(upTo(past, 1980)), 6);
        for (int t = 1980; t < 2000; t++) oneByOne.add(counting, past[0][t], past[1][t]);
        assertEquals(2 + 4, counting.requests);
        List<Judged> expected = oneByOne.add(counting, 9, -9);
        assertEquals(2, expected.size());
        assertEquals(afterStart, bulk.add(counting, 9, -9));
        for (int c = 0; c < 2; c++) {
            assertEquals(expected.get(c).forecast(), afterStart.get(c).forecast(), 0.3);
            assertTrue(expected.get(c).isAnomaly() && afterStart.get(c).isAnomaly());
        }
        // Values that were late together are judged by what was forecast for them.
        assertEquals(2 * 3, bulk.addAll(counting, new double[2][10]).size());
    }

    /** The forecast after a third value fails: what was judged comes with the next one, and so does the forecast. */
    @Test
    void aForecastThatFailsLosesNothing() {
        losesNothing(new CancellationException("late"));
        losesNothing(new IllegalStateException("a bug"));
        losesNothing(new OutOfMemoryError("of another"));
    }

    private static void losesNothing(Throwable failure) {
        Forecaster combined = Forecaster.bundled();
        boolean[] isLate = new boolean[1];
        Forecaster late = new CountingForecaster(combined) {
            @Override
            public List<ForecastResult> forecastAll(List<ForecastRequest> of, Execution execution) {
                if (isLate[0] && failure instanceof Error error) throw error;
                if (isLate[0]) throw (RuntimeException) failure;
                return super.forecastAll(of, execution);
            }
        };
        double[][] past = Precision.doubles(series(90));
        LiveSeries expected = LiveSeries.of(wanted(2, EVERY).withHistory(past), EVERY);
        LiveSeries live = LiveSeries.of(wanted(2, EVERY).withHistory(past), EVERY);
        for (int round = 0; round < 2; round++) {
            List<Judged> whole = new ArrayList<>();
            List<Judged> judged = new ArrayList<>();
            for (int t = 0; t < EVERY; t++) {
                double[] next = {5, t};
                whole.addAll(expected.add(combined, next));
                isLate[0] = t == EVERY - 1;
                if (isLate[0]) assertThrows(failure.getClass(), () -> live.add(late, next));
                else judged.addAll(live.add(late, next));
            }
            isLate[0] = false;
            whole.addAll(expected.add(combined, 4, 1));
            judged.addAll(live.add(late, 4, 1));
            assertEquals(2 * (EVERY + 1), judged.size(), "all have an interval");
            assertEquals(whole, judged);
            for (int t = 1; t < EVERY; t++) assertEquals(expected.add(combined, 6, t), live.add(late, 6, t));
        }
    }

    @Test
    void aForecastOfAStreamThatFailsIsStillToBeMade() {
        Forecaster combined = Forecaster.bundled();
        Forecaster broken = new CountingForecaster(combined) {
            @Override
            public List<ForecastResult> forecastAll(List<ForecastRequest> of, Execution execution) {
                throw new OutOfMemoryError("of another");
            }
        };
        StreamSettings settings = StreamSettings.of(3, Duration.ofHours(1)).withContext(96);
        LiveSeries live = LiveSeries.of(settings, null);
        long hour = Duration.ofHours(1).toMillis();
        for (int t = 0; t < 96; t++) live.add(t * hour, t % 24);
        byte[] before = live.toBytes();
        assertThrows(OutOfMemoryError.class, () -> live.forecast(95 * hour, broken));
        assertThrows(OutOfMemoryError.class, () -> live.issue(95 * hour, broken));
        assertArrayEquals(before, live.toBytes());
        assertTrue(live.isDue(95 * hour));
        assertArrayEquals(LiveSeries.of(settings, before).forecast(95 * hour, combined).orElseThrow().values(),
                live.forecast(95 * hour, combined).orElseThrow().values());
        assertTrue(live.forecast(95 * hour, combined).isEmpty());
    }

    @Test
    void aStateOfBytesGoesOnWithAnotherForecaster() {
        Forecaster combined = Forecaster.bundled();
        LiveSeries live = LiveSeries.of(wanted(2, 6).withHistory(series(100)), 6);
        live.add(combined, 5, 0);
        byte[] state = live.toBytes();
        LiveSeries restored = LiveSeries.of(wanted(2, 6), 6, state);
        assertEquals(live.added(), restored.added());
        assertArrayEquals(live.request().history(), restored.request().history());
        ModelForecaster model = forecaster();
        List<Judged> expected = live.add(model, 50, -50);
        assertEquals(List.of(true, true), expected.stream().map(Judged::isAnomaly).toList());
        assertEquals(expected, restored.add(model, 50, -50));
        assertArrayEquals(model.forecast(live.request()).values(), restored.forecast(model).values());
        assertThrows(IllegalArgumentException.class, () -> LiveSeries.of(wanted(1, 6), 6, state));
        for (int length = 0; length < state.length; length++) {
            byte[] part = Arrays.copyOf(state, length);
            // Whole rows of the window may be gone without a trace.
            if ((state.length - length) % (2 * Float.BYTES) == 0 && state.length - length <= 2 * 101 * Float.BYTES) {
                continue;
            }
            assertThrows(IllegalArgumentException.class, () -> LiveSeries.of(wanted(2, 6), 6, part));
        }
        for (int at = 0; at < state.length - 7; at++) {
            for (long number : new long[]{Integer.MIN_VALUE, -1, Integer.MAX_VALUE, 0x4000000040000000L}) {
                byte[] damaged = state.clone();
                if (number > Integer.MAX_VALUE) ByteBuffer.wrap(damaged).putLong(at, number);
                else ByteBuffer.wrap(damaged).putInt(at, (int) number);
                try {
                    LiveSeries.of(wanted(2, 6), 6, damaged).add(model, 5, 0);
                } catch (IllegalArgumentException refused) {
                    // Or read, as any value may be that a float holds.
                }
            }
        }
    }

    @Test
    void channelsOfDifferentLengthsAreRefused() {
        LiveSeries live = LiveSeries.of(wanted(2, EVERY), EVERY);
        for (double[][] next : new double[][][]{{{1, 2}, {1}}, {{1}, {1, 2}}}) {
            String message = "channel 1 has " + next[1].length + " values where channel 0 has " + next[0].length;
            assertEquals(message,
                    assertThrows(IllegalArgumentException.class, () -> live.addAll(Forecaster.bundled(), next))
                            .getMessage());
            assertEquals(0, live.added());
        }
    }

    @Test
    void aSeriesWithTimesAndOneWithoutAreToldApart() {
        LiveSeries untimed = LiveSeries.of(wanted(2, EVERY), EVERY, null);
        assertEquals(0, untimed.added());
        assertEquals("this series has no times: add values with a forecaster",
                assertThrows(IllegalStateException.class, () -> untimed.add(0L, 1, 2)).getMessage());
        untimed.addAll(forecaster(), new double[2][1]);
        for (Executable withTimes : List.<Executable>of(() -> untimed.due(0), () -> untimed.isDue(0),
                () -> untimed.isHeldBack(0), () -> untimed.judge(0), () -> untimed.request(0, 1),
                () -> untimed.forecast(0, forecaster()), () -> untimed.issue(0, forecaster()))) {
            assertEquals("this series has no times: add values with a forecaster",
                    assertThrows(IllegalStateException.class, withTimes).getMessage());
        }
        LiveSeries timed = LiveSeries.of(StreamSettings.of(EVERY, Duration.ofDays(1)), null);
        assertEquals("this series has times: add each value with its time",
                assertThrows(IllegalStateException.class, () -> timed.add(forecaster(), 1)).getMessage());
        assertEquals("2 values: expected 1",
                assertThrows(IllegalArgumentException.class, () -> timed.add(0L, 1, 2)).getMessage());
        assertTrue(timed.due(Long.MAX_VALUE).isEmpty(), "nothing was taken");
    }

    /** Of a past longer than the window, its last steps are kept. */
    @Test
    void ofALongPastTheLastStepsAreKept() {
        double[][] past = new double[1][400_000];
        Arrays.setAll(past[0], t -> Math.sin(t / 4.0));
        LiveSeries live = LiveSeries.of(wanted(1, 6).withHistory(past), 6);
        assertEquals(2048, live.request().steps());
        live.addAll(forecaster(), past);
        assertEquals(2 * past[0].length, live.added());
        assertArrayEquals(Arrays.copyOfRange(past[0], past[0].length - 2048, past[0].length),
                live.request().history()[0]);
    }

    /** The origin of the forecast that is due is never dropped, however far apart forecasts are. */
    @Test
    void forecastsMayBeFurtherApartThanHalfTheWindow() {
        int every = 100_000;
        LiveSeries live = LiveSeries.of(wanted(1, every), every);
        live.addAll(Forecaster.bundled().fast(),
                new double[][]{DoubleStream.iterate(0, x -> (x + 1) % 7).limit(2 * every - 1).toArray()});
        assertEquals(2 * every - 1, live.add(Forecaster.bundled().fast(), 99).get(0).index());
    }

    @Test
    void nothingIsRefusedByName() {
        AnomalySearch search = new AnomalySearch(Forecaster.bundled(), 0.9, 0, 0);
        StreamSettings settings = StreamSettings.of(3, Duration.ofHours(1));
        Map<Executable, String> calls = Map.of(() -> LiveSeries.of((ForecastRequest) null, 1), "start",
                () -> LiveSeries.of(null, 1, null), "wanted", () -> LiveSeries.of((StreamSettings) null, null),
                "settings", () -> LiveSeries.of(wanted(1, 6), 6).forecast(null), "forecaster",
                () -> LiveSeries.of(settings, null).forecast(0, null), "forecaster",
                () -> LiveSeries.of(settings, null).issue(0, null), "forecaster",
                () -> new AnomalySearch(null, 0.9, 0, 0), "forecaster", () -> search.in(null), "series",
                () -> search.live(null, 1), "begin", () -> SharedForecasters.get(null, "fast"), "model");
        calls.forEach((call, name) -> assertEquals(name + " is null",
                assertThrows(IllegalArgumentException.class, call).getMessage()));
    }

    @Test
    void aSearchRefusesWhatItCannotJudge() {
        assertEquals("level 99.0: expected above 0 and below 1",
                assertThrows(IllegalArgumentException.class, () -> new AnomalySearch(Forecaster.bundled(), 99, 0, 0))
                        .getMessage());
        assertEquals("every -1, start 0: expected no negative steps",
                assertThrows(IllegalArgumentException.class, () -> new AnomalySearch(Forecaster.bundled(), 0.9, -1, 0))
                        .getMessage());
        ForecastRequest ragged = ForecastRequest.of(new double[][]{new double[200], new double[20]});
        assertEquals("channel 1 has 20 values where channel 0 has 200", assertThrows(IllegalArgumentException.class,
                () -> new AnomalySearch(Forecaster.bundled(), 0.99, 0, 0).in(ragged)).getMessage());
        double[] ended = new double[200];
        Arrays.setAll(ended, t -> t < 40 ? Math.sin(t) : Double.NaN);
        assertEquals("too few values are observed after the first 50 rows to judge one of them", assertThrows(
                IllegalArgumentException.class,
                () -> new AnomalySearch(Forecaster.bundled(), 0.99, 0, 0).in(ForecastRequest.of(new double[][]{ended})))
                .getMessage());
    }

    /** The oldest of 2,050 values are forgotten. */
    @Test
    void theStartOfARequestIsThatOfItsHistory() {
        LocalDate first = LocalDate.of(2020, 1, 1);
        ForecastRequest days = wanted(1, EVERY).withFrequency(Period.ofDays(1)).withStart(first);
        LiveSeries live = LiveSeries.of(days.withHistory(new double[1][2045]), EVERY);
        assertEquals(Optional.of(first), live.request().start());
        live.addAll(Forecaster.bundled().fast(), new double[1][5]);
        assertEquals(Optional.of(first.plusDays(2)), live.request().start());
        ForecastRequest months = wanted(1, EVERY).withFrequency(Period.ofMonths(1))
                .withStart(LocalDate.of(1799, 12, 31));
        LiveSeries ends = LiveSeries.of(months.withHistory(new double[1][2050]), EVERY);
        assertEquals(Optional.of(LocalDate.of(1800, 2, 28)), ends.request().start());
        assertEquals(LocalDate.of(1800, 3, 31), ends.request().timeOf(1));
        LiveSeries timed = LiveSeries.of(StreamSettings.of(EVERY, Duration.ofDays(1)), null);
        long day = Duration.ofDays(1).toMillis();
        for (int t = 5; t < 30; t++) timed.add(t * day, t);
        assertEquals(Optional.of(Instant.ofEpochMilli(5 * day)), timed.request(29 * day, 3).orElseThrow().start());
    }

    @Test
    void driversAreGivenWithTheRequest() {
        Forecaster combined = Forecaster.bundled();
        double[][] history = Precision.doubles(series(80));
        LiveSeries live = LiveSeries.of(wanted(2, HORIZON).withHistory(history), EVERY);
        double[][] known = {{1, 2, 3, 4}};
        assertArrayEquals(combined.forecast(wanted(2, HORIZON).withHistory(history).withKnownFuture(known)).values(),
                combined.forecast(live.request().withKnownFuture(known)).values());
    }

    @Test
    void aFutureThatIsKnownOnceIsRefused() {
        ForecastRequest once = ForecastRequest.of(new double[2][50])
                .withHorizon(2)
                .withKnownFuture(new double[][]{{1, 0}});
        assertThrows(IllegalArgumentException.class, () -> LiveSeries.of(once, 1));
    }

    @Test
    void oneLevelIsNoInterval() {
        double[][] history = {IntStream.range(0, 100).mapToDouble(t -> t % 7).toArray()};
        LiveSeries live = LiveSeries.of(ForecastRequest.of(history).withHorizon(2).withQuantiles(0.9), 1);
        assertEquals(List.of(), live.add(Forecaster.bundled(), 1000));
    }

    @Test
    void theFirstValueOfAChannelIsNotJudged() {
        Forecaster combined = Forecaster.bundled();
        LiveSeries live = LiveSeries.of(wanted(2, EVERY), EVERY);
        int judged = 0;
        for (int t = 0; t < 12; t++) judged += live.add(combined, 7, Float.NaN).size();
        List<Judged> last = live.add(combined, 7, 5);
        assertEquals(10, judged + last.size(), "of the channel that is observed");
        assertFalse(last.get(0).isAnomaly());
    }

    @Test
    void nothingIsForecastUntilSomethingWasObserved() {
        for (Forecaster forecaster : List.of(Forecaster.bundled(), forecaster())) {
            LiveSeries live = LiveSeries.of(wanted(1, EVERY), EVERY);
            for (int t = 0; t < 60; t++) assertEquals(List.of(), live.add(forecaster, Double.NaN));
            for (int t = 0; t < 60; t++) live.add(forecaster, Math.sin(t));
            assertTrue(Double.isFinite(live.forecast(forecaster).doubleValues()[0][0]));
        }
        double[][] series = new double[1][400];
        Arrays.setAll(series[0], t -> t < 150 ? Double.NaN : Math.sin(t));
        List<Judged> judged = new AnomalySearch(Forecaster.bundled(), 0.99, 0, 0).in(ForecastRequest.of(series));
        assertEquals(399, judged.get(judged.size() - 1).index());
        Arrays.fill(series[0], Double.NaN);
        assertEquals("nothing is observed: every value of the history is missing",
                assertThrows(IllegalArgumentException.class,
                        () -> new AnomalySearch(Forecaster.bundled(), 0.99, 0, 0).in(ForecastRequest.of(series)))
                        .getMessage());
    }

    @Test
    void aCombinationTakesTheSeasonOfTheValues() {
        Forecaster combined = Forecaster.bundled();
        ForecastRequest request = wanted(1, 6).withFrequency(Duration.ofHours(1)).withSeason(9);
        double[][] history = new double[1][60];
        for (int t = 0; t < 60; t++) history[0][t] = t % 9 == 4 ? 10 : t % 3;
        LiveSeries live = LiveSeries.of(request, 6);
        live.addAll(combined, history);
        assertArrayEquals(combined.forecast(request.withHistory(history)).values(), live.forecast(combined).values());
    }

    @Test
    void threadsMayAskWhileValuesArrive() throws InterruptedException {
        ModelForecaster forecaster = forecaster();
        LiveSeries live = learning(1, 1);
        for (int t = 0; t < CONTEXT; t++) live.add(forecaster, new double[]{t});
        List<Throwable> failures = new ArrayList<>();
        Thread reader = new Thread(() -> {
            for (int i = 0; i < 100; i++) live.forecast(forecaster);
        });
        reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        reader.start();
        for (int t = 0; t < 100; t++) live.add(forecaster, Math.sin(t));
        reader.join();
        assertEquals(List.of(), failures);
        assertEquals(CONTEXT + 100, live.added());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        ModelForecaster forecaster = forecaster();
        for (int every : new int[]{0, HORIZON + 1}) {
            assertEquals("every " + every + ": expected 1 to 4 steps, the horizon",
                    assertThrows(IllegalArgumentException.class, () -> learning(1, every)).getMessage());
        }
        ForecastRequest endless = ForecastRequest.of(new double[1][9]);
        assertEquals("start has no horizon: give it withHorizon(steps)",
                assertThrows(IllegalArgumentException.class, () -> LiveSeries.of(endless, 1)).getMessage());
        LiveSeries live = learning(2, EVERY);
        assertThrows(IllegalArgumentException.class, () -> live.add(forecaster, 1.0));
        assertThrows(IllegalArgumentException.class, () -> live.add(forecaster, 1, Float.POSITIVE_INFINITY));
        assertEquals(0, live.added());
        assertThrows(IllegalArgumentException.class, () -> live.forecast(forecaster), "nothing to forecast from");
        live.learn(intervals(1));
        assertThrows(IllegalArgumentException.class, () -> live.addAll(forecaster, new double[2][EVERY]));
    }

    @Test
    void whatIsNullIsNamed() {
        LiveSeries live = LiveSeries.of(wanted(2, EVERY), EVERY, null);
        Map.<String, Executable>of("forecaster", () -> live.add(null, 1, 2), "next",
                () -> live.add(forecaster(), (double[]) null), "next[1]",
                () -> live.addAll(forecaster(), new double[][]{{1}, null}), "intervals", () -> live.learn(null))
                .forEach((name, call) -> assertEquals(name + " is null",
                        assertThrows(IllegalArgumentException.class, call).getMessage()));
        assertEquals(0, live.added());
    }

    @Test
    void aValueThatIsRefusedChangesNothing() {
        ModelForecaster forecaster = forecaster();
        LiveSeries live = learning(1, EVERY);
        for (float value : series(CONTEXT)[0]) live.add(forecaster, value);
        double[][] forecast = live.forecast(forecaster).doubleValues();
        assertThrows(IllegalArgumentException.class, () -> live.add(forecaster, 1e300));
        assertArrayEquals(forecast, live.forecast(forecaster).doubleValues());
    }

    @Test
    void whatIsNotCombinedWaitsForTheHistoryThatItNeeds() {
        TtmConfig.Mode mixing = TtmConfig.Mode.MIX_CHANNEL;
        TtmModel model = new TtmModel(
                Samples.config(192, HORIZON).set(Key.NUM_INPUT_CHANNELS, 2).set(Key.DECODER_MODE, mixing).build());
        Forecaster alone = Forecaster.of(model.initialize(1));
        alone.info().requireHistoryOnly(2);
        assertThrows(IllegalArgumentException.class, () -> alone.info().requireHistoryOnly(3));
        assertEquals(6, alone.info().minimumHistory());
        LiveSeries live = LiveSeries.of(wanted(2, 2), 1);
        for (int t = 0; t < 7; t++) live.add(alone, t, -t);
        assertEquals(2, live.forecast(alone).horizon());
    }
}
