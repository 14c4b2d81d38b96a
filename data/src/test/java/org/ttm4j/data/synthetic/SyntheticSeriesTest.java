package org.ttm4j.data.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    private static float[] series(SyntheticKind kind, long index) {
        float[] series = new float[LENGTH];
        SyntheticSeries.fill(series, SEED, index, Map.of(kind, 1.0));
        return series;
    }

    @ParameterizedTest
    @EnumSource(SyntheticKind.class)
    void everyKindIsFiniteRepeatableAndVaries(SyntheticKind kind) {
        int constant = 0;
        for (int length : new int[]{1, 2, 7, 156, LENGTH, 2000}) {
            float[] series = new float[length];
            for (int i = 0; i < 500; i++) {
                Arrays.fill(series, Float.NaN);
                SyntheticSeries.fill(series, SEED, i, Map.of(kind, 0.3));
                for (float value : series) {
                    assertTrue(Float.isFinite(value), "seed " + SEED + ", index " + i + ", length " + length);
                }
                if (length != LENGTH) continue;
                assertArrayEquals(series(kind, i), series);
                if (squaredChange(series, 0) < 1e-9) constant++;
            }
        }
        assertTrue(constant < 10, constant + " constant");
    }

    /** The kind is drawn beside the series, so that composed series are those of earlier versions. */
    @Test
    void sharesChooseTheKind() {
        Map<SyntheticKind, Double> shares = Map.of(SyntheticKind.COMPOSED, 0.5, SyntheticKind.INTERMITTENT, 0.25,
                SyntheticKind.COUNTER, 0.25);
        Map<SyntheticKind, Integer> counts = new EnumMap<>(SyntheticKind.class);
        float[] series = new float[LENGTH];
        for (int i = 0; i < 2000; i++) {
            SyntheticSeries.fill(series, SEED, i, shares);
            for (SyntheticKind kind : shares.keySet()) {
                if (Arrays.equals(series(kind, i), series)) counts.merge(kind, 1, Integer::sum);
            }
        }
        assertArrayEquals(series(7), series(SyntheticKind.COMPOSED, 7));
        assertEquals(2000, counts.values().stream().mapToInt(i -> i).sum());
        assertEquals(1000, counts.get(SyntheticKind.COMPOSED), 100);
        assertEquals(500, counts.get(SyntheticKind.COUNTER), 80);
    }

    @Test
    void demandIsMostlyZeroAndCountersFallOnlyToStartAgain() {
        double zeros = 0;
        int falls = 0;
        for (int i = 0; i < 300; i++) {
            float[] demand = series(SyntheticKind.INTERMITTENT, i);
            float[] counter = series(SyntheticKind.COUNTER, i);
            for (int t = 0; t < LENGTH; t++) {
                assertTrue(demand[t] >= 0 && demand[t] == Math.rint(demand[t]), "index " + i);
                if (demand[t] == 0) zeros++;
                if (t > 0 && counter[t] < counter[t - 1]) falls++;
            }
        }
        assertTrue(zeros > 0.5 * 300 * LENGTH && zeros < 0.95 * 300 * LENGTH, zeros + " zeros");
        assertTrue(falls > 300 && falls < 0.2 * 300 * LENGTH, falls + " falls");
    }

    /** The frequencies of a periodic kernel are multiples of that of its season, those of a sum keep their variance. */
    @Test
    void gaussianProcessesHaveSeasonsAndTheVarianceOfTheirKernel() {
        Clock days = new Clock(24, 24, 0);
        int seasonal = 0;
        double variance = 0;
        for (int i = 0; i < 1000; i++) {
            float[] series = new float[LENGTH];
            GaussianProcess.add(series, days, SyntheticSeries.random(SEED, i));
            double all = squaredChange(series, 0);
            variance += Math.min(all, 20) / 1000;
            if (squaredChange(series, 24) < 0.05 * squaredChange(series, 12)) seasonal++;
        }
        assertTrue(seasonal > 150, seasonal + " seasonal of 1000");
        assertTrue(variance > 0.3 && variance < 6, "variance " + variance);
    }

    @Test
    void seasonsAndNoiseGrowWithTheLevelOfStructuralSeries() {
        int proportional = 0;
        for (int i = 0; i < 300; i++) {
            float[] series = series(SyntheticKind.STRUCTURAL, i);
            double[] change = new double[2];
            double[] level = new double[2];
            for (int t = 1; t < LENGTH; t++) {
                int half = 2 * t / LENGTH;
                change[half] += Math.abs(series[t] - series[t - 1]);
                level[half] += Math.abs(series[t]);
            }
            if (level[0] > level[1] == change[0] > change[1]) proportional++;
        }
        assertTrue(proportional > 200, proportional + " of 300");
    }

    @Test
    void businessHasDaysOff() {
        int weekly = 0;
        for (int i = 0; i < 500; i++) {
            float[] series = new float[LENGTH];
            SyntheticKind.BUSINESS.generator.fill(series, new Clock(1, 7, 365.25), SyntheticSeries.random(SEED, i));
            if (squaredChange(series, 7) < squaredChange(series, 3)) weekly++;
        }
        assertTrue(weekly > 300, weekly + " of 500");
    }

    @Test
    void theFrequencyIsThatOfTheClock() {
        float[] series = new float[LENGTH];
        Set<Long> seconds = new TreeSet<>();
        for (int i = 0; i < 500; i++) {
            seconds.add(SyntheticSeries.fill(series, SEED, i, Map.of(SyntheticKind.STRUCTURAL, 1.0)));
        }
        assertEquals(Set.of(0L, 60L, 300L, 600L, 900L, 1800L, 3600L, 86_400L, 120_960L, 604_800L), seconds);
    }

    @Test
    void shapesHaveMeanZeroAndMeanSquareOne() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 500; i++) {
            Season.Shape shape = Season.Shape.draw(random);
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
