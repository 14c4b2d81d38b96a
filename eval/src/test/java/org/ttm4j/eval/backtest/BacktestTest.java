package org.ttm4j.eval.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

class BacktestTest {
    private static final int ROWS = 300;
    private static final int CONTEXT = Samples.CONTEXT;
    private static final int HORIZON = Samples.HORIZON;
    private static final int PERIOD = 24;

    private static float[][] values() {
        float[][] values = new float[2][ROWS];
        for (int t = 0; t < ROWS; t++) {
            for (int c = 0; c < 2; c++) {
                values[c][t] = (float) (10 + 5 * Math.sin(2 * Math.PI * (t + 3 * c) / 24) + (t * 7919 % 100) / 50.0);
            }
        }
        values[0][200] = Float.NaN;
        return values;
    }

    private static Forecaster forecaster(long seed) {
        return Forecaster.of(new TtmModel(Samples.config().build()).initialize(seed)).fast();
    }

    private static Backtest.Refit fixed(long seed) {
        Forecaster forecaster = forecaster(seed);
        return rows -> forecaster;
    }

    private static BacktestPlan plan(int rows, int start, int stride, BacktestPlan.Window window, int refit) {
        int count = Math.floorDiv(rows - HORIZON - start, Math.max(1, stride)) + 1;
        return new BacktestPlan(new Origins(start, stride, count, HORIZON, CONTEXT), new Season(PERIOD, "day"), window,
                QuantileGrid.of(0.5, 0.8), refit);
    }

    private static BacktestResult run(float[][] values, BacktestPlan plan, int threads)
            throws IOException, InterruptedException {
        return new Backtest(ForecastRequest.of(values), plan, 0).run(fixed(3), threads, done -> {});
    }

    @Test
    void errorsAreThoseOfForecastingWindowByWindow() throws Exception {
        float[][] values = values();
        for (int start : new int[]{30, 60, 150}) {
            for (int stride : new int[]{1, 7, 40}) {
                BacktestPlan plan = plan(ROWS, start, stride, BacktestPlan.Window.SLIDING, 0);
                BacktestResult result = run(values, plan, 2);
                double squares = 0;
                double absolutes = 0;
                int count = 0;
                int windows = 0;
                for (int origin = start; origin + HORIZON <= ROWS; origin += stride, windows++) {
                    int end = origin;
                    float[][] history = Arrays.stream(values).map(x -> Arrays.copyOf(x, end)).toArray(float[][]::new);
                    float[][] forecast = forecaster(3).forecast(history).values();
                    for (int c = 0; c < 2; c++) {
                        for (int h = 0; h < HORIZON; h++) {
                            double error = (double) values[c][origin + h] - forecast[c][h];
                            if (Double.isNaN(error)) continue;
                            squares += error * error;
                            absolutes += Math.abs(error);
                            count++;
                        }
                    }
                }
                Scores total = result.model().total();
                assertEquals(windows, plan.origins().count());
                assertEquals(count, total.count());
                assertEquals(squares / count, total.mse(), 1e-9 * total.mse());
                assertEquals(absolutes / count, total.mae(), 1e-9 * total.mae());
            }
        }
    }

    @Test
    void simpleForecastsSeeTheWindow() throws Exception {
        float[][] values = values();
        for (BacktestPlan.Window window : BacktestPlan.Window.values()) {
            BacktestPlan plan = plan(ROWS, 60, 5, window, 0);
            BacktestResult result = run(values, plan, 1);
            double absolutes = 0;
            int count = 0;
            for (int w = 0; w < plan.origins().count(); w++) {
                int origin = plan.origins().at(w);
                Origins one = new Origins(origin, 1, 1, HORIZON,
                        window == BacktestPlan.Window.SLIDING ? 60 : Integer.MAX_VALUE);
                RollingForecast made = SimpleForecast.MEAN_PERIOD.on(values, new int[]{1}, PERIOD).forecast(one).get(0);
                for (int h = 0; h < HORIZON; h++, count++) {
                    absolutes += Math.abs(values[1][origin + h] - made.values()[0][h]);
                }
            }
            Scores mean = result.simple().get(SimpleForecast.MEAN_PERIOD).channel(1);
            assertEquals(absolutes / count, mean.mae(), 1e-5);
        }
    }

    @Test
    void threadsDoNotChangeTheResult() throws Exception {
        BacktestPlan plan = plan(ROWS, 60, 1, BacktestPlan.Window.EXPANDING, 0);
        AtomicInteger done = new AtomicInteger();
        BacktestResult one = new Backtest(ForecastRequest.of(values()), plan, 0).run(fixed(3), 1, done::addAndGet);
        BacktestResult three = run(values(), plan, 3);
        assertEquals(plan.origins().count(), done.get());
        assertEquals(one.model().total().mse(), three.model().total().mse());
        assertEquals(one.model().total().mase(), three.model().total().mase());
        assertEquals(one.model().total().quantiles().crps(), three.model().total().quantiles().crps());
        assertEquals(one.calibrated(), three.calibrated());
    }

    @Test
    void intervalsCountOnceThereAreEnough() throws Exception {
        BacktestResult result = run(values(), plan(ROWS, 60, 12, BacktestPlan.Window.SLIDING, 0), 2);
        // Stride and horizon are equal, so that origin w knows w errors of each step; the level 0.8 needs 9 of them.
        assertEquals(20, result.plan().origins().count());
        assertEquals(11, result.calibrated());
        // One truth is missing in channel 0, in window 11.
        assertEquals(11 * HORIZON - 1, result.model().channel(0).quantiles().count());
        assertEquals(11 * HORIZON, result.model().channel(1).quantiles().count());
        assertTrue(
                result.model().total().quantiles().coverage()[0] <= result.model().total().quantiles().coverage()[1]);
        BacktestResult few = run(values(), plan(ROWS, 200, 12, BacktestPlan.Window.SLIDING, 0), 2);
        assertEquals(0, few.calibrated());
        assertEquals(0, few.model().total().quantiles().count());
    }

    @Test
    void theQuantilesThatAModelMakesAreMeasured() throws Exception {
        ModelForecaster forecaster = Forecaster.bundled("96-24").fast();
        float[][] values = {values()[1]};
        Origins origins = new Origins(100, 40, 5, HORIZON, 96);
        for (double level : new double[]{0.8, 0.9}) {
            BacktestPlan plan = new BacktestPlan(origins, new Season(PERIOD, "day"), BacktestPlan.Window.SLIDING,
                    QuantileGrid.of(level), 0);
            BacktestResult result = new Backtest(ForecastRequest.of(values), plan, 0).run(rows -> forecaster, 1,
                    done -> {});
            // Deciles reach as far as 80 %; beyond, calibration would need 19 windows.
            assertEquals(level == 0.8, result.ownQuantiles());
            assertEquals(level == 0.8 ? origins.count() : 0, result.calibrated());
        }
    }

    @Test
    @Tag("training")
    void aRefitSeesItsRowsOnlyAndItsModelForecastsWhatFollows() throws Exception {
        for (BacktestPlan.Window window : BacktestPlan.Window.values()) {
            BacktestPlan plan = plan(ROWS, 100, 8, window, 50);
            List<Rows> seen = new ArrayList<>();
            Backtest backtest = new Backtest(ForecastRequest.of(values()), plan, 0);
            BacktestResult result = backtest.run(rows -> {
                seen.add(rows);
                return forecaster(seen.size());
            }, 2, done -> {});
            // Origins are 100, 108 …; 156, 212 and 268 are the first that are 50 rows after the fit before.
            List<Integer> ends = List.of(100, 156, 212, 268);
            assertEquals(ends, seen.stream().map(Rows::to).toList());
            seen.forEach(
                    rows -> assertEquals(window == BacktestPlan.Window.SLIDING ? rows.to() - 100 : 0, rows.from()));
            assertEquals(4, result.fits());
            double squares = 0;
            long count = 0;
            for (int i = 0; i < 4; i++) {
                int end = i == 3 ? ROWS : ends.get(i + 1) + HORIZON - 1;
                BacktestPlan part = plan(end, ends.get(i), 8, window, 0);
                float[][] rows = Arrays.stream(values()).map(x -> Arrays.copyOf(x, end)).toArray(float[][]::new);
                Scores scores = new Backtest(ForecastRequest.of(rows), part, 0).run(fixed(i + 1), 1, done -> {})
                        .model()
                        .total();
                squares += scores.mse() * scores.count();
                count += scores.count();
            }
            assertEquals(squares / count, result.model().total().mse(), 1e-9);
        }
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> plan(71, 60, 1, BacktestPlan.Window.SLIDING, 0));
        assertThrows(IllegalArgumentException.class, () -> plan(ROWS, 60, 0, BacktestPlan.Window.SLIDING, 0));
        assertThrows(IllegalArgumentException.class, () -> plan(ROWS, 20, 1, BacktestPlan.Window.SLIDING, -1));
        assertEquals(1, plan(72, 60, 1, BacktestPlan.Window.SLIDING, 0).origins().count());
    }

    /** The errors of a counter in steps of 5, and the intervals of its windows, are those of the series from 0 on. */
    @Test
    void aLargeCounterIsMeasuredWithItsDigits() throws Exception {
        BacktestResult[] results = new BacktestResult[2];
        for (int i = 0; i < 2; i++) {
            double[][] counter = {new double[ROWS]};
            for (int t = 0; t < ROWS; t++) counter[0][t] = i * 1e9 + 5 * t + t % 3;
            Forecaster forecaster = forecaster(3);
            results[i] = new Backtest(ForecastRequest.of(counter), plan(ROWS, 60, 3, BacktestPlan.Window.EXPANDING, 0),
                    0).run(rows -> forecaster, 1, done -> {});
        }
        Scores plain = results[0].model().total();
        Scores counter = results[1].model().total();
        assertEquals(plain.mae(), counter.mae(), 1e-4);
        assertEquals(plain.mase(), counter.mase(), 1e-5);
        assertEquals(plain.quantiles().pinball(), counter.quantiles().pinball(), 1e-4);
        double[] expected = results[0].worst().get(0).forecast();
        double[] found = results[1].worst().get(0).forecast();
        for (int h = 0; h < HORIZON; h++) assertEquals(expected[h], found[h] - 1e9, 1e-3);
    }
}
