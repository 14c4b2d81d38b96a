package org.ttm4j.forecast.interval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConformalIntervalsTest {
    private static final float[] ONE = {1};

    private static ConformalIntervals intervals(ConformalOptions options, double... levels) {
        return new ConformalIntervals(levels, 1, 1, options);
    }

    private static void add(ConformalIntervals intervals, float error) {
        intervals.update(new double[][]{{0}}, new double[][]{{error}}, ONE);
    }

    private static float quantile(ConformalIntervals intervals, int level) {
        return (float) intervals.quantiles(new double[][]{{0}}, ONE)[level][0][0];
    }

    @Test
    void ranksAreThoseOfTheDefinition() {
        ConformalIntervals nine = intervals(ConformalOptions.defaults(), ConformalIntervals.deciles());
        for (int error : new int[]{5, 1, 9, 3, 7, 2, 8, 6, 4}) add(nine, error);
        for (int i = 0; i < 9; i++) assertEquals(i + 1, quantile(nine, i), "level " + nine.levels()[i]);
        add(nine, 10); // n = 10: 11 · 0.1 rounds down to 1, 11 · 0.9 up to 10
        assertEquals(1, quantile(nine, 0));
        assertEquals(10, quantile(nine, 8));
    }

    @Test
    void tooFewWindowsAreAnErrorThatSaysHowManyAreNeeded() {
        assertEquals(9, ConformalIntervals.windowsNeeded(0.9));
        assertEquals(9, ConformalIntervals.windowsNeeded(0.1));
        assertEquals(19, ConformalIntervals.windowsNeeded(0.05));
        assertEquals(1, ConformalIntervals.windowsNeeded(0.5));
        ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.5, 0.95);
        for (int i = 0; i < 18; i++) add(intervals, i);
        Exception few = assertThrows(IllegalStateException.class, () -> quantile(intervals, 0));
        assertEquals("level 0.95 needs 19 windows: channel 0 has 18 at step 0", few.getMessage());
        add(intervals, 18);
        assertEquals(18, quantile(intervals, 1));
        assertThrows(IllegalArgumentException.class, () -> intervals(ConformalOptions.defaults().withWindows(8), 0.9));
    }

    @Test
    void levelIsExactOnExchangeableErrors() {
        int trials = 20_000;
        double[] levels = {0.05, 0.1, 0.5, 0.8, 0.95};
        Random random = new Random(7);
        for (double halfLife : new double[]{Double.POSITIVE_INFINITY, 30}) {
            int[] below = new int[levels.length];
            for (int trial = 0; trial < trials / 40; trial++) {
                ConformalIntervals intervals = intervals(ConformalOptions.defaults().withHalfLife(halfLife), levels);
                for (int i = 0; i < 39; i++) add(intervals, skewed(random));
                for (int next = 0; next < 40; next++) {
                    float truth = skewed(random);
                    for (int i = 0; i < levels.length; i++) if (truth <= quantile(intervals, i)) below[i]++;
                }
            }
            for (int i = 0; i < levels.length; i++) {
                double coverage = (double) below[i] / trials;
                // Trials share their calibration: the deviation of a coverage is that of a Beta(k, n + 1 − k).
                double deviation = Math.sqrt(levels[i] * (1 - levels[i]) / 40 / (trials / 40));
                double slack = halfLife < 100 ? 1.0 / 20 : 0;
                assertTrue(coverage > levels[i] - 4 * deviation - (levels[i] < 0.5 ? slack : 0)
                        && coverage < levels[i] + 4 * deviation + slack, levels[i] + ": " + coverage);
            }
        }
    }

    private static float skewed(Random random) {
        return (float) -Math.log(1 - random.nextDouble());
    }

    @Test
    void aStepIsSettledOnce() {
        ConformalIntervals once = new ConformalIntervals(new double[]{0.5}, 1, 2, ConformalOptions.defaults());
        ConformalIntervals twice = new ConformalIntervals(new double[]{0.5}, 1, 2, ConformalOptions.defaults());
        double[][] forecast = {{0, 0}};
        for (int i = 0; i < 5; i++) {
            IssuedForecast a = once.issue(forecast, ONE);
            once.settle(a, new double[][]{{i, -i}});
            IssuedForecast b = twice.issue(forecast, ONE);
            twice.settle(b, new double[][]{{i, Double.NaN}});
            twice.settle(b, new double[][]{{i, -i}});
            twice.settle(b, new double[][]{{100, 100}});
            assertEquals(i + 1, twice.windows());
            assertArrayEquals(once.quantiles(forecast, ONE), twice.quantiles(forecast, ONE));
        }
    }

    @Test
    void oldWindowsGiveWay() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults().withWindows(20), 0.1, 0.9);
        Random random = new Random(1);
        for (int i = 0; i < 57; i++) add(intervals, random.nextFloat());
        for (int i = 0; i < 20; i++) add(intervals, 100 + i % 3);
        assertEquals(20, intervals.windows());
        assertEquals(100, quantile(intervals, 0));
        assertEquals(102, quantile(intervals, 1));
    }

    @Test
    void aHalfLifeFavoursTheRecentPast() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults().withHalfLife(10), 0.1, 0.9);
        for (int i = 0; i < 500; i++) add(intervals, i % 2 == 0 ? -10 : 10);
        for (int i = 0; i < 100; i++) add(intervals, i % 2 == 0 ? -1 : 1);
        assertEquals(-1, quantile(intervals, 0));
        assertEquals(1, quantile(intervals, 1));
        assertThrows(IllegalArgumentException.class, () -> intervals(ConformalOptions.defaults().withHalfLife(2), 0.9));
    }

    @Test
    void aLongHalfLifeIsNone() {
        double[] levels = ConformalIntervals.deciles();
        ConformalIntervals plain = intervals(ConformalOptions.defaults(), levels);
        ConformalIntervals weighted = intervals(ConformalOptions.defaults().withHalfLife(1e12), levels);
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            float error = (float) random.nextGaussian();
            add(plain, error);
            add(weighted, error);
            if (i < 8) continue;
            for (int level = 0; level < levels.length; level++) {
                assertEquals(quantile(plain, level), quantile(weighted, level), i + " windows, level " + levels[level]);
            }
        }
    }

    @Test
    void quantilesAscendAndRespectTheBound() {
        ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(), 2, 3,
                ConformalOptions.defaults().withLowerBound(0).withHalfLife(15));
        Random random = new Random(5);
        double[][] forecast = {{1, 2, 3}, {0.1f, 0, -5}};
        for (int i = 0; i < 40; i++) {
            double[][] truth = new double[2][3];
            for (double[] channel : truth) for (int h = 0; h < 3; h++) channel[h] = (float) random.nextGaussian();
            intervals.update(forecast, truth, new float[]{1, 0.5f});
        }
        double[][][] quantiles = intervals.quantiles(forecast, new float[]{2, 3});
        for (int i = 0; i < 9; i++) {
            for (int c = 0; c < 2; c++) {
                for (int h = 0; h < 3; h++) {
                    assertTrue(quantiles[i][c][h] >= 0);
                    if (i > 0) assertTrue(quantiles[i][c][h] >= quantiles[i - 1][c][h]);
                }
            }
        }
    }

    @Test
    void unknownTruthIsLeftOutAndMayFollow() {
        ConformalIntervals intervals = new ConformalIntervals(new double[]{0.5}, 1, 2, ConformalOptions.defaults());
        double[][] forecast = {{0, 0}};
        intervals.update(forecast, new double[][]{{1, Float.NaN}}, ONE);
        assertEquals(0, intervals.windows());
        assertThrows(IllegalStateException.class, () -> intervals.quantiles(forecast, ONE));
        intervals.update(forecast, new double[][]{{Float.NaN, 2}}, ONE);
        assertEquals(1, intervals.windows());
        assertEquals(1, intervals.quantiles(forecast, ONE)[0][0][0]);
        assertEquals(2, intervals.quantiles(forecast, ONE)[0][0][1]);
    }

    @Test
    void scalesDivideErrorsAndMultiplyWidths() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.5);
        intervals.update(new double[][]{{10}}, new double[][]{{14}}, new float[]{2});
        assertEquals(106, intervals.quantiles(new double[][]{{100}}, new float[]{3})[0][0][0]);
    }

    @Test
    void whatCannotBeUsedIsRefusedWhole() {
        ConformalIntervals intervals = new ConformalIntervals(new double[]{0.5}, 1, 2, ConformalOptions.defaults());
        float inf = Float.POSITIVE_INFINITY;
        refused(intervals, new double[][]{{1, inf}}, new double[][]{{1, 1}}, ONE);
        refused(intervals, new double[][]{{1, 1}}, new double[][]{{1, inf}}, ONE);
        refused(intervals, new double[][]{{1, 1, 1}}, new double[][]{{1, 1, 1}}, ONE);
        refused(intervals, new double[][]{{1, 1}}, new double[][]{{1}}, ONE);
        refused(intervals, new double[][]{{1}, {1}}, new double[][]{{1}, {1}}, ONE);
        refused(intervals, new double[][]{{1, 1}}, new double[][]{{1, 1}}, new float[]{-1});
        assertThrows(IllegalArgumentException.class, () -> intervals(ConformalOptions.defaults(), 0.5, 0.5));
        assertThrows(IllegalArgumentException.class, () -> intervals(ConformalOptions.defaults(), 0, 0.5));
        assertThrows(IllegalArgumentException.class, () -> intervals(ConformalOptions.defaults(), Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> intervals(ConformalOptions.defaults()));
    }

    @Test
    void whatIsNullIsNamed() {
        ConformalIntervals intervals = new ConformalIntervals(new double[]{0.5}, 1, 2, ConformalOptions.defaults());
        double[][] one = {{1, 1}};
        named("levels is null", () -> new ConformalIntervals(null, 1, 2, ConformalOptions.defaults()));
        named("options is null", () -> new ConformalIntervals(new double[]{0.5}, 1, 2, null));
        named("forecast is null", () -> intervals.update(null, one, ONE));
        named("forecast[0] is null", () -> intervals.quantiles(new double[1][], ONE));
        named("forecast is null", () -> intervals.quantilesIfEnough(null, ONE, new double[0]));
        named("wanted is null", () -> intervals.quantilesIfEnough(one, ONE, null));
        assertEquals(Optional.empty(), intervals.quantilesIfEnough(new double[0][], ONE, new double[0]));
        named("truth[0] is null", () -> intervals.update(one, new double[1][], ONE));
        named("scales is null", () -> intervals.issue(one, null));
        named("forecast is null", () -> intervals.settle(null, one));
        named("levels is null", () -> new Quantiles(null, new double[1][1][1], 0));
        named("doubleValues[0] is null", () -> new Quantiles(new double[]{0.5}, new double[1][][], 0));
        named("doubleValues[0][0] is null", () -> new Quantiles(new double[]{0.5}, new double[1][1][], 0));
        named("doubleValues of 1 levels: expected the 2 of levels",
                () -> new Quantiles(new double[]{0.1, 0.9}, new double[1][1][1], 0));
        assertEquals(0, intervals.windows());
    }

    private static void named(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void refused(ConformalIntervals intervals, double[][] forecast, double[][] truth, float[] scales) {
        assertThrows(IllegalArgumentException.class, () -> intervals.update(forecast, truth, scales));
        assertEquals(0, intervals.windows());
    }

    @Test
    void aContextThatDoesNotVaryCountsAsATwentiethOfTheMean() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.5);
        intervals.update(new double[][]{{0}}, new double[][]{{4}}, new float[]{2});
        // The mean of 2 and 0 is 1, a twentieth of it divides the error.
        intervals.update(new double[][]{{0}}, new double[][]{{1}}, new float[]{0});
        assertEquals(20, quantile(intervals, 0), 1e-4);
        ConformalIntervals flat = intervals(ConformalOptions.defaults(), 0.5);
        flat.update(new double[][]{{7}}, new double[][]{{7}}, new float[]{0});
        assertEquals(7, flat.quantiles(new double[][]{{7}}, new float[]{0})[0][0][0]);
    }

    @Test
    void issuedForecastsHaveNoQuantilesBeforeThereAreEnoughWindows() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.1, 0.9);
        for (int i = 0; i < 9; i++) {
            IssuedForecast issued = intervals.issue(new double[][]{{0}}, ONE);
            assertEquals(null, issued.quantiles(), i + " windows");
            intervals.settle(issued, new double[][]{{i}});
        }
        Quantiles quantiles = intervals.issue(new double[][]{{0}}, ONE).quantiles();
        assertEquals(9, quantiles.windows());
        assertEquals(8, quantiles.doublesAt(0.9)[0][0]);
        assertEquals(null, quantiles.doublesAt(0.8));
    }

    @Test
    void missesCorrectTheLevelsByTheRate() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults().withRate(0.01), 0.5);
        for (int i = 0; i < 199; i++) add(intervals, i);
        assertEquals(99, quantile(intervals, 0));
        // 201 · (0.5 + 0.005) = 101.5: the 102nd of 0 … 199, with the new error among them at the end.
        intervals.settle(intervals.issue(new double[][]{{0}}, ONE), new double[][]{{1000}});
        assertEquals(101, quantile(intervals, 0));
        // 202 · 0.5 = 101: back, and −1 is a new smallest.
        intervals.settle(intervals.issue(new double[][]{{0}}, ONE), new double[][]{{-1}});
        assertEquals(99, quantile(intervals, 0));
    }

    @Test
    void coverageIsKeptWhereTheNoiseGrows() {
        for (int delay : new int[]{1, 12}) {
            ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.1, 0.9);
            Random random = new Random(11);
            for (int i = 0; i < 400; i++) add(intervals, (float) random.nextGaussian());
            Deque<IssuedForecast> waiting = new ArrayDeque<>();
            int inside = 0;
            int count = 4000;
            for (int i = 0; i < count; i++) {
                IssuedForecast issued = intervals.issue(new double[][]{{0}}, ONE);
                waiting.add(issued);
                if (waiting.size() < delay) continue;
                float truth = (float) ((1 + 3.0 * i / count) * random.nextGaussian());
                IssuedForecast known = waiting.remove();
                if (truth > known.quantiles().values()[0][0][0] && truth <= known.quantiles().values()[1][0][0])
                    inside++;
                intervals.settle(known, new double[][]{{truth}});
            }
            assertEquals(0.8, (double) inside / count, 0.015, "delay " + delay);
        }
    }

    @Test
    void correctedLevelsStayInOrderAndInBounds() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults().withRate(0.5).withLowerBound(0),
                ConformalIntervals.deciles());
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            IssuedForecast issued = intervals.issue(new double[][]{{1}}, ONE);
            if (issued.quantiles() != null) {
                for (int level = 0; level < 9; level++) {
                    float value = issued.quantiles().values()[level][0][0];
                    assertTrue(value >= 0);
                    assertTrue(level == 0 || value >= issued.quantiles().values()[level - 1][0][0]);
                }
            }
            intervals.settle(issued, new double[][]{{Math.abs((float) random.nextGaussian())}});
        }
    }

    @Test
    void otherLevelsRestOnTheSameScores() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.1, 0.9);
        for (int i = 1; i <= 19; i++) add(intervals, i);
        ConformalIntervals wider = intervals.withLevels(0.05, 0.1, 0.95);
        assertEquals(1, quantile(wider, 0));
        assertEquals(quantile(intervals, 0), quantile(wider, 1));
        assertEquals(19, quantile(wider, 2));
        add(wider, -5);
        assertEquals(19, intervals.windows(), "a copy");
    }

    @Test
    void aForecastIssuedByOthersIsRefusedBeforeAnythingChanges() {
        ConformalIntervals intervals = intervals(ConformalOptions.defaults(), 0.1, 0.5, 0.9);
        for (int error = 0; error < 9; error++) add(intervals, error);
        ConformalIntervals fewerLevels = intervals(ConformalOptions.defaults(), 0.5);
        add(fewerLevels, 1);
        ConformalIntervals longer = new ConformalIntervals(new double[]{0.5}, 1, 2, ConformalOptions.defaults());
        ConformalIntervals wider = new ConformalIntervals(new double[]{0.5}, 2, 1, ConformalOptions.defaults());
        refused(intervals, fewerLevels.issue(new double[][]{{0}}, ONE), new double[][]{{1}});
        refused(intervals, longer.issue(new double[][]{{0, 0}}, ONE), new double[][]{{1, 1}});
        refused(intervals, wider.issue(new double[][]{{0}, {0}}, new float[]{1, 1}), new double[][]{{1}});
        assertEquals(9, intervals.windows());
    }

    private static void refused(ConformalIntervals intervals, IssuedForecast issued, double[][] truth) {
        assertThrows(IllegalArgumentException.class, () -> intervals.settle(issued, truth));
    }
}
