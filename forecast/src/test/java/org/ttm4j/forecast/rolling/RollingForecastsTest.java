package org.ttm4j.forecast.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Precision;

class RollingForecastsTest {
    private static final int[] CHANNELS = {0, 1};

    private static float[][] series(int rows) {
        float[][] series = new float[2][rows];
        for (int t = 0; t < rows; t++) {
            series[0][t] = (float) Math.sin(t) + t % 13;
            series[1][t] = t % 29 == 3 ? Float.NaN : (float) Math.cos(t * 1.7) * 100;
        }
        return series;
    }

    /** Forecasts of ones; slow at early origins, so that later batches are ready first. */
    private record Ones(AtomicInteger held, AtomicInteger most, int failAt) implements ForecastFunction {

        @Override
        public int[] channels() {
            return CHANNELS;
        }

        @Override
        public int originsAtATime() {
            return 3;
        }

        @Override
        public List<RollingForecast> forecast(Origins origins) {
            most.accumulateAndGet(held.addAndGet(origins.count()), Math::max);
            for (int spin = 0; spin < 1_000_000 / (origins.first() + 1); spin++) Thread.onSpinWait();
            if (origins.first() <= failAt && failAt <= origins.at(origins.count() - 1)) {
                throw new IllegalArgumentException("origin " + failAt);
            }
            return IntStream.range(0, origins.count())
                    .mapToObj(i -> new RollingForecast(origins.at(i), new double[2][origins.horizon()],
                            origins.context(), null))
                    .toList();
        }
    }

    private record Counted(List<Integer> batches) implements ForecastFunction {
        @Override
        public int[] channels() {
            return new int[]{0, 1};
        }

        @Override
        public int originsAtATime() {
            return Integer.MAX_VALUE;
        }

        @Override
        public List<RollingForecast> forecast(Origins origins) {
            batches.add(origins.count());
            return List.of();
        }
    }

    @Test
    void forecastsComeInOrderWhateverTheThreads() throws InterruptedException {
        for (int threads : new int[]{1, 2, 5}) {
            for (int count : new int[]{0, 1, 2, 13, 50}) {
                Origins origins = new Origins(7, 2, count, 3, 5);
                List<Integer> seen = new ArrayList<>();
                AtomicInteger held = new AtomicInteger();
                AtomicInteger most = new AtomicInteger();
                AtomicInteger done = new AtomicInteger();
                RollingForecasts.run(new Ones(held, most, -1), origins, threads, forecast -> {
                    seen.add(forecast.origin());
                    held.decrementAndGet();
                }, done::addAndGet);
                assertEquals(IntStream.range(0, count).map(origins::at).boxed().toList(), seen);
                assertEquals(count, done.get());
                assertTrue(most.get() <= 3 * threads, "a batch a thread, found " + most.get());
            }
        }
    }

    @Test
    void aRunThatIsWatchedHasMoreBatches() throws InterruptedException {
        Origins origins = new Origins(7, 2, 80, 3, 5);
        List<Integer> batches = new ArrayList<>();
        ForecastFunction function = new Counted(batches);
        RollingForecasts.run(function, origins, 1, forecast -> {});
        assertEquals(4, batches.size());
        batches.clear();
        RollingForecasts.run(function, origins, 1, forecast -> {}, done -> {});
        assertEquals(16, batches.size());
    }

    @Test
    void errorsAreTheSameBitForBit() throws InterruptedException {
        float[][] series = series(500);
        Origins origins = new Origins(60, 1, 400, 7, Integer.MAX_VALUE);
        for (SimpleForecast method : SimpleForecast.values()) {
            ForecastFunction function = method.on(series, CHANNELS, 24);
            Scores one = RollingForecasts.errors(function, series, origins, 24, 1).total();
            for (int threads : new int[]{2, 3, 7}) {
                Scores several = RollingForecasts.errors(function, series, origins, 24, threads).total();
                assertEquals(one.mse(), several.mse());
                assertEquals(one.mase(), several.mase());
                assertEquals(one.count(), several.count());
            }
        }
    }

    @Test
    void errorsByHand() throws InterruptedException {
        float[][] series = {{1, 2, 4, 7, Float.NaN, 16}};
        Origins origins = new Origins(2, 1, 3, 2, 9);
        ForecastFunction naive = SimpleForecast.NAIVE.on(series, new int[]{0}, 1);
        // From 2: 2 against 4, 7; from 3: 4 against 7, NaN; from 4: 7 against NaN, 16. The scale is |2 − 1| = 1.
        Scores scores = RollingForecasts.errors(naive, series, origins, 1, 2).total();
        assertEquals(4, scores.count());
        assertEquals((4 + 25 + 9 + 81) / 4.0, scores.mse());
        assertEquals((2 + 5 + 3 + 9) / 4.0, scores.mase());
    }

    @Test
    void originsWhoseStepsEndBeyondTheSeriesAreRefused() {
        float[][] series = series(100);
        ForecastFunction naive = SimpleForecast.NAIVE.on(series, CHANNELS, 1);
        String problem = "the last origin is row 98, and its 3 steps end beyond the 100 rows of the series";
        Origins beyond = new Origins(90, 1, 9, 3, 50);
        assertEquals(problem,
                assertThrows(IllegalArgumentException.class, () -> RollingForecasts.errors(naive, series, beyond, 1, 2))
                        .getMessage());
        assertEquals(problem, assertThrows(IllegalArgumentException.class, () -> Calibration.on(naive,
                Precision.doubles(series), beyond, new double[]{0.5}, ConformalOptions.defaults(), 2)).getMessage());
    }

    @Test
    void whatHasNotComeYetIsMissing() {
        double[][] series = {{1, 2, 3, 4}};
        for (int origin : new int[]{3, 4, 9}) {
            RollingForecast forecast = new RollingForecast(origin, new double[1][2], 3, null);
            assertArrayEquals(new double[]{origin == 3 ? 4 : Double.NaN, Double.NaN},
                    forecast.truth(series, new int[]{0})[0]);
        }
    }

    @Test
    void whatABatchThrowsIsThrown() {
        for (int threads : new int[]{1, 4}) {
            Origins origins = new Origins(0, 1, 60, 1, 1);
            Ones failing = new Ones(new AtomicInteger(), new AtomicInteger(), 30);
            assertEquals("origin 30",
                    assertThrows(IllegalArgumentException.class,
                            () -> RollingForecasts.run(failing, origins, threads, forecast -> {}, done -> {}))
                            .getMessage());
            IllegalStateException own = new IllegalStateException("measuring");
            assertSame(own, assertThrows(IllegalStateException.class, () -> RollingForecasts
                    .run(new Ones(new AtomicInteger(), new AtomicInteger(), -1), origins, threads, forecast -> {
                        throw own;
                    }, done -> {})));
        }
    }

    @Test
    void anInterruptedRunEnds() {
        Origins origins = new Origins(0, 1, 60, 1, 1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> RollingForecasts
                .run(new Ones(new AtomicInteger(), new AtomicInteger(), -1), origins, 3, forecast -> {}, done -> {}));
    }

    /** Waits at each origin until it is interrupted. */
    private record Waiting(CountDownLatch started, AtomicInteger interrupted) implements ForecastFunction {
        @Override
        public int[] channels() {
            return CHANNELS;
        }

        @Override
        public int originsAtATime() {
            return 1;
        }

        @Override
        public List<RollingForecast> forecast(Origins origins) {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                interrupted.incrementAndGet();
            }
            return List.of();
        }
    }

    @Test
    void anInterruptedRunInterruptsTheForecastsItWaitsFor() throws Exception {
        Waiting waiting = new Waiting(new CountDownLatch(2), new AtomicInteger());
        Thread caller = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.started.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            caller.interrupt();
        });
        assertThrows(InterruptedException.class,
                () -> RollingForecasts.run(waiting, new Origins(0, 1, 60, 1, 1), 2, forecast -> {}, done -> {}));
        assertEquals(2, waiting.interrupted.get());
    }
}
