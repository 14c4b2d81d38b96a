package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.run.Predictor;

/** Forecasts into the caller's arrays, and many at once on an executor. */
class ForecastIntoTest {
    private static final ModelForecaster FORECASTER = Forecaster.of(new TtmModel(
            Samples.config(64, 16).set(Key.D_MODEL, 16).set(Key.NUM_LAYERS, 3).set(Key.DECODER_NUM_LAYERS, 2).build())
            .initialize(5)).fast();

    private static float[][] history(int channels, int steps, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] history = new float[channels][steps];
        for (float[] channel : history) {
            for (int t = 0; t < steps; t++) channel[t] = (float) random.nextDouble(-3, 9);
        }
        return history;
    }

    @Test
    void isTheForecastOfARequest() {
        float[][] history = history(5, 80, 1);
        history[1][70] = Float.NaN;
        Arrays.fill(history[2], 4);
        Arrays.fill(history[3], Float.NaN);
        for (int t = 0; t < 80; t++) history[4][t] *= 1e-6f;
        float[][] result = new float[5][16];
        FORECASTER.forecast(history, result);
        Forecast expected = FORECASTER.forecast(history);
        for (int c = 0; c < 5; c++) assertArrayEquals(expected.values()[c], result[c], "channel " + c);
    }

    @Test
    void cutsToTheRowsGiven() {
        float[][] history = history(2, 64, 2);
        float[][] result = new float[2][3];
        FORECASTER.forecast(history, result);
        assertArrayEquals(FORECASTER.forecast(history, 3).values()[1], result[1]);
    }

    @Test
    void rowsBeyondTheModelsHorizonFeedTheForecastBack() {
        for (int steps : new int[]{200, 40, 64, 3}) {
            float[][] history = history(3, steps, 6);
            Arrays.fill(history[1], Float.NaN);
            history[2][steps - 1] = Float.NaN;
            float[][] expected = FORECASTER.forecast(history, 60).values();
            float[][] result = {new float[60], new float[1], new float[33]};
            FORECASTER.forecast(history, result);
            for (int c = 0; c < 3; c++) assertArrayEquals(Arrays.copyOf(expected[c], result[c].length), result[c]);
        }
    }

    @Test
    void refusesAResultThatDoesNotFit() {
        float[][] history = history(2, 64, 3);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> FORECASTER.forecast(history, new float[1][16]))
                .getMessage()
                .contains("1 rows: expected 2"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> FORECASTER.forecast(history, new float[2][0]))
                .getMessage()
                .contains("result[0] has 0 steps: expected 1 to 1000000"));
    }

    /**
     * On the reference kernels, where it does not depend on what the JIT compiler makes of vectors; bin/bench measures
     * the vector kernels.
     */
    @Test
    @Tag("allocation")
    void allocatesNothingOnceWarm() {
        assumeTrue(KernelSelection.active().name().equals("scalar"), "skipped: bin/bench measures the vector kernels");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        float[][] history = history(3, 64, 4);
        float[][] result = new float[3][40];
        long least = Long.MAX_VALUE;
        // The compiler decides when it is warm: the least of many rounds counts.
        for (int round = 0; round < 4000 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 50; i++) FORECASTER.forecast(history, result);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in 50 forecasts");
    }

    @Test
    void whatATaskThrowsIsThrownHere() {
        Predictor predictor = new Predictor(new TtmModel(FORECASTER.info().models().get(0).config()),
                KernelSelection.active());
        Predictor.Samples tooFew = new Predictor.Samples(new float[64], new float[64], null, null, null, new float[15],
                null, null);
        List<Predictor.Samples> blocks = Collections.nCopies(40, tooFew);
        assertThrows(IndexOutOfBoundsException.class, () -> predictor.predict(blocks, Runnable::run, () -> {}));
        Error error = new StackOverflowError();
        assertSame(error, assertThrows(StackOverflowError.class, () -> predictor.predict(blocks, task -> {
            throw error;
        }, () -> {})));
    }

    @Test
    void executorGivesTheSameBits() {
        List<ForecastRequest> requests = IntStream.range(0, 90)
                .mapToObj(i -> ForecastRequest.of(history(3, 64, i)))
                .toList();
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            List<ForecastResult> together = FORECASTER.forecastAll(requests, Execution.ALONE.withExecutor(executor));
            for (int i = 0; i < requests.size(); i++) {
                float[][] alone = FORECASTER.forecast(requests.get(i)).values();
                for (int c = 0; c < 3; c++) assertArrayEquals(alone[c], together.get(i).orElseThrow().values()[c]);
            }
        } finally {
            executor.shutdown();
        }
    }
}
