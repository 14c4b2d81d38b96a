package org.ttm4j.eval.backtest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ttm4j.eval.backtest.BacktestScores.OnlineIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

class OnlineIntervalsTest {
    private static final int ROWS = 400;
    private static final QuantileGrid GRID = QuantileGrid.of(0.8);

    private static double[] noise(long seed) {
        Random random = new Random(seed);
        double[] series = new double[ROWS];
        for (int t = 0; t < ROWS; t++) series[t] = (float) random.nextGaussian();
        return series;
    }

    private static BacktestPlan plan(int stride, int horizon) {
        Origins origins = Origins.in(new Rows(0, ROWS), 50, horizon, stride);
        return new BacktestPlan(origins, new Season(1, "step"), BacktestPlan.Window.EXPANDING, GRID, 0);
    }

    private static double[] forecast(int number, int horizon) {
        double[] forecast = new double[horizon];
        for (int h = 0; h < horizon; h++) forecast[h] = 0.1f * ((number + h) % 7);
        return forecast;
    }

    /** The scores of a step that are known before an origin, sorted, from scratch. */
    private static double[] known(double[] series, BacktestPlan plan, int number, int step) {
        double[] scores = new double[number];
        int count = 0;
        for (int w = 0; w < number; w++) {
            int row = plan.origins().at(w) + step;
            if (row >= plan.origins().at(number)) continue;
            scores[count++] = (series[row] - forecast(w, plan.origins().horizon())[step]) / (1 + w % 3);
        }
        double[] known = Arrays.copyOf(scores, count);
        Arrays.sort(known);
        return known;
    }

    @Test
    void quantilesAreThoseOfTheErrorsKnownAtTheOrigin() {
        for (int stride : new int[]{1, 4, 10, 13}) {
            BacktestPlan plan = plan(stride, 10);
            double[] series = noise(stride);
            OnlineIntervals intervals = new OnlineIntervals(series, plan, ConformalOptions.defaults().withRate(0));
            for (int w = 0; w < plan.origins().count(); w++) {
                double[] forecast = forecast(w, 10);
                float scale = 1 + w % 3;
                double[][] quantiles = intervals.quantiles(w, forecast, scale);
                int fewest = known(series, plan, w, 9).length;
                if (fewest < 9) {
                    assertNull(quantiles, "window " + w + " with " + fewest + " errors");
                    continue;
                }
                for (int h = 0; h < 10; h++) {
                    double[] known = known(series, plan, w, h);
                    int rank = (int) Math.ceil((known.length + 1) * 0.9 - 1e-9) - 1;
                    assertEquals(forecast[h] + scale * known[rank], quantiles[8][h], 1e-5);
                }
            }
        }
    }

    @Test
    void whatComesLaterChangesNothing() {
        BacktestPlan plan = plan(3, 12);
        double[] series = noise(1);
        double[] changed = series.clone();
        int origin = plan.origins().at(60);
        Arrays.fill(changed, origin, ROWS, 1000);
        ConformalOptions options = ConformalOptions.defaults().withWindows(30);
        OnlineIntervals a = new OnlineIntervals(series, plan, options);
        OnlineIntervals b = new OnlineIntervals(changed, plan, options);
        for (int w = 0; w <= 60; w++) {
            double[][] expected = a.quantiles(w, forecast(w, 12), 1);
            double[][] actual = b.quantiles(w, forecast(w, 12), 1);
            if (expected == null) assertNull(actual);
            else for (int q = 0; q < expected.length; q++) assertArrayEquals(expected[q], actual[q]);
        }
        double[][] later = null;
        for (int w = 61; w <= 70; w++) later = b.quantiles(w, forecast(w, 12), 1);
        assertTrue(later[8][0] > 100, "ten origins on it has been seen");
    }

    @Test
    void missingTruthsTeachNothing() {
        BacktestPlan plan = plan(1, 1);
        double[] series = noise(2);
        Arrays.fill(series, 50, 80, Double.NaN);
        OnlineIntervals intervals = new OnlineIntervals(series, plan, ConformalOptions.defaults());
        for (int w = 0; w <= 38; w++) assertNull(intervals.quantiles(w, forecast(w, 1), 1), "window " + w);
        assertTrue(intervals.quantiles(39, forecast(39, 1), 1) != null);
    }
}
