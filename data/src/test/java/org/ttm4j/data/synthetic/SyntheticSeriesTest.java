package org.ttm4j.data.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticSeriesTest {
    private static final int LENGTH = 608;
    private static final long SEED = 20_240_229;

    private static float[] series(long index) {
        float[] series = new float[LENGTH];
        SyntheticSeries.fill(series, SEED, index);
        return series;
    }

    @Test
    void sameSeedAndIndexGiveTheSameSeriesOnAnyThread() {
        float[][] parallel = IntStream.range(0, 500)
                .parallel()
                .mapToObj(SyntheticSeriesTest::series)
                .toArray(float[][]::new);
        for (int i = 0; i < parallel.length; i++) {
            assertArrayEquals(series(i), parallel[i], "seed " + SEED + ", index " + i);
        }
    }

    @Test
    void whatTheArrayHeldDoesNotMatter() {
        float[] dirty = new float[LENGTH];
        Arrays.fill(dirty, Float.NaN);
        SyntheticSeries.fill(dirty, SEED, 3);
        assertArrayEquals(series(3), dirty);
    }

    @Test
    void seedsAndIndicesGiveDifferentSeries() {
        float[] other = new float[LENGTH];
        for (int i = 0; i < 200; i++) {
            SyntheticSeries.fill(other, SEED + 1, i);
            assertFalse(Arrays.equals(series(i), other), "index " + i);
            assertFalse(Arrays.equals(series(i), series(i + 1)), "index " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 608, 2000})
    void everyValueIsFinite(int length) {
        float[] series = new float[length];
        for (int i = 0; i < 3000; i++) {
            SyntheticSeries.fill(series, SEED, i);
            for (float value : series) {
                assertTrue(Float.isFinite(value), "seed " + SEED + ", index " + i + ", length " + length);
            }
        }
    }

    /** Daily periods, walks and noise all occur, so that a lag of one day explains different shares of the variance. */
    @Test
    void kindsVary() {
        int periodic = 0;
        int wandering = 0;
        int noisy = 0;
        int constant = 0;
        int count = 2000;
        for (int i = 0; i < count; i++) {
            float[] series = series(i);
            double variance = squaredChange(series, 0);
            constant += variance < 1e-9 ? 1 : 0;
            double step = squaredChange(series, 1) / variance;
            double day = squaredChange(series, 24) / variance;
            double halfDay = squaredChange(series, 12) / variance;
            periodic += day < 0.5 * halfDay ? 1 : 0;
            wandering += step < 0.02 ? 1 : 0;
            noisy += step > 0.8 ? 1 : 0;
        }
        String counts = periodic + " periodic, " + wandering + " wandering, " + noisy + " noisy of " + count;
        assertTrue(periodic > count / 20 && wandering > count / 20 && noisy > count / 20, counts);
        assertTrue(constant < count / 100, constant + " constant");
    }

    /** The mean squared change over a lag, or the variance for lag 0. */
    private static double squaredChange(float[] series, int lag) {
        double mean = 0;
        for (float value : series) mean += value / series.length;
        double sum = 0;
        for (int t = lag; t < series.length; t++) {
            double change = series[t] - (lag == 0 ? mean : series[t - lag]);
            sum += change * change;
        }
        return sum / (series.length - lag);
    }

    @Test
    void shapesHaveMeanZeroAndMeanSquareOne() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 500; i++) {
            SeasonalShape shape = SeasonalShape.draw(random);
            double sum = 0;
            double squares = 0;
            for (int k = 0; k < 256; k++) {
                double value = shape.at(k / 256.0);
                sum += value / 256;
                squares += value * value / 256;
            }
            assertEquals(0, sum, 1e-4, "shape " + i);
            assertEquals(1, squares, 1e-3, "shape " + i);
            assertEquals(shape.at(0), shape.at(Math.nextDown(1.0)), 1e-3, "shape " + i);
        }
    }
}
