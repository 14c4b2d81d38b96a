package org.ttm4j.forecast.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.rolling.Scores.QuantileScores;

class ForecastErrorsTest {
    private static final float NAN = Float.NaN;
    private static final double EXACT = 1e-12;

    private static void assertScores(Scores scores, long count, double mse, double mae, double rmse, double mase,
            double smape, double wape) {
        assertEquals(count, scores.count());
        assertEquals(mse, scores.mse(), EXACT);
        assertEquals(mae, scores.mae(), EXACT);
        assertEquals(rmse, scores.rmse(), EXACT);
        assertEquals(mase, scores.mase(), EXACT);
        assertEquals(smape, scores.smape(), EXACT);
        assertEquals(wape, scores.wape(), EXACT);
    }

    /** Two channels, two steps, one window: errors 1 and −2, then 3 and 0. */
    private static ForecastErrors twoChannels() {
        ForecastErrors errors = new ForecastErrors(2, 2);
        errors.add(0, new double[]{1, 6}, new double[]{9, 9, 2, 4}, 2, 0.5);
        errors.add(1, new double[]{-1, 8}, new double[]{2, 8}, 0, 4);
        return errors;
    }

    @Test
    void aChannelByHand() {
        // e = 1, −2: (1 + 4)/2, (1 + 2)/2, √2.5, (1 + 2)/2/0.5, (2·1/3 + 2·2/10)/2, 3/6
        assertScores(twoChannels().channel(0), 2, 2.5, 1.5, Math.sqrt(2.5), 3, (2 / 3.0 + 0.4) / 2, 0.5);
        // e = 3, 0: 9/2, 3/2, √4.5, 1.5/4, (2·3/3 + 0)/2, 3/10
        assertScores(twoChannels().channel(1), 2, 4.5, 1.5, Math.sqrt(4.5), 0.375, 1, 0.3);
    }

    @Test
    void aStepByHand() {
        // e = 1, 3: (1 + 9)/2, 4/2, √5, (1/0.5 + 3/4)/2, (2/3 + 2)/2, 4/4
        assertScores(twoChannels().step(0), 2, 5, 2, Math.sqrt(5), 1.375, (2 / 3.0 + 2) / 2, 1);
        assertScores(twoChannels().cell(0, 1), 1, 4, 2, 2, 4, 0.4, 0.5);
    }

    @Test
    void theTotalIsTakenOverAllPairsAtOnce() {
        // (1 + 4 + 9 + 0)/4, 6/4, √3.5, (2 + 4 + 0.75 + 0)/4, (2/3 + 0.4 + 2 + 0)/4, 6/16
        assertScores(twoChannels().total(), 4, 3.5, 1.5, Math.sqrt(3.5), 6.75 / 4, (2 / 3.0 + 2.4) / 4, 6 / 16.0);
    }

    @Test
    void windowsAddUp() {
        ForecastErrors errors = new ForecastErrors(1, 1);
        errors.add(0, new double[]{3}, new double[]{1, 5}, 0, 1);
        errors.add(0, new double[]{3}, new double[]{1, 6}, 1, 1);
        // e = −2, 3
        assertScores(errors.total(), 2, 6.5, 2.5, Math.sqrt(6.5), 2.5, (2 * 2 / 4.0 + 2 * 3 / 9.0) / 2, 5 / 7.0);
    }

    @Test
    void missingValuesDoNotCount() {
        ForecastErrors errors = new ForecastErrors(1, 3);
        errors.add(0, new double[]{1, NAN, 5}, new double[]{NAN, 2, 7}, 0, 1);
        assertScores(errors.total(), 1, 4, 2, 2, 2, 4 / 12.0, 2 / 7.0);
        assertEquals(0, errors.step(0).count());
        assertTrue(Double.isNaN(errors.step(0).mse()) && Double.isNaN(errors.step(1).mase()));
    }

    @Test
    void whatHasNoScaleHasNoMaseAndWhatIsZeroNoWape() {
        ForecastErrors errors = new ForecastErrors(2, 1);
        errors.add(0, new double[]{0}, new double[]{0}, 0, Double.NaN);
        errors.add(1, new double[]{4}, new double[]{0}, 0, 2);
        assertTrue(Double.isNaN(errors.channel(0).mase()));
        assertEquals(2, errors.total().mase(), EXACT);
        assertEquals(0, errors.channel(0).smape(), EXACT);
        assertEquals(2, errors.channel(1).smape(), EXACT);
        assertTrue(Double.isNaN(errors.total().wape()));
    }

    @Test
    void extremesStayFinite() {
        ForecastErrors errors = new ForecastErrors(1, 1);
        errors.add(0, new double[]{-Float.MAX_VALUE}, new double[]{Float.MAX_VALUE}, 0, 1);
        assertEquals(2.0 * Float.MAX_VALUE, errors.total().rmse(), 1e25);
        assertEquals(2, errors.total().smape(), EXACT);
    }

    @Test
    void scaleByHand() {
        double[] series = {99, 1, 3, 2, 5, 99};
        assertEquals((2 + 1 + 3) / 3.0, ForecastErrors.scale(series, 1, 5, 1), EXACT);
        assertEquals((1 + 2) / 2.0, ForecastErrors.scale(series, 1, 5, 2), EXACT);
        assertEquals(1, ForecastErrors.scale(new double[]{1, NAN, 3, 4}, 0, 4, 1), EXACT);
        assertTrue(Double.isNaN(ForecastErrors.scale(series, 1, 5, 4)), "no pair");
        assertTrue(Double.isNaN(ForecastErrors.scale(new double[]{3, 3, 3}, 0, 3, 1)), "never changes");
        assertThrows(IllegalArgumentException.class, () -> ForecastErrors.scale(series, 0, 4, 0));
    }

    private static final QuantileGrid DECILES = QuantileGrid.of(0.8);
    /** The deciles of a uniform distribution from 0 to 10. */
    private static final double[] ONE_TO_NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    @Test
    void gridIsDecilesAndTheEndsOfTheLevels() {
        assertArrayEquals(new double[]{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, DECILES.quantiles());
        QuantileGrid grid = QuantileGrid.of(0.9, 0.8, 0.5);
        assertArrayEquals(new double[]{0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95},
                grid.quantiles());
        assertArrayEquals(new double[]{0.5, 0.8, 0.9}, grid.levels());
        assertArrayEquals(new int[]{3, 1, 0}, grid.lowerIndices());
        assertArrayEquals(new int[]{9, 11, 12}, grid.upperIndices());
        for (double level : new double[]{0, 1, -0.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> QuantileGrid.of(level));
        }
        Exception twice = assertThrows(IllegalArgumentException.class, () -> QuantileGrid.of(0.8, 0.9, 0.8));
        assertEquals("level 0.8 comes twice: expected each level once", twice.getMessage());
        assertThrows(IllegalArgumentException.class, QuantileGrid::of);
    }

    @Test
    void oneTruthByHand() {
        ForecastErrors errors = new ForecastErrors(1, 1, DECILES);
        errors.addQuantiles(0, 0, 5, ONE_TO_NINE);
        QuantileScores scores = errors.total().quantiles();
        // below the truth τ·(5 − q): .1·4 + .2·3 + .3·2 + .4·1 = 2; above it (1 − τ)·(q − 5): 2 as well
        assertEquals(4 / 9.0, scores.pinball(), EXACT);
        // 2 · 0.1 · 4: the rule's weights are 0.1 each
        assertEquals(0.8, scores.crps(), EXACT);
        assertArrayEquals(new double[]{1}, scores.coverage());
        assertArrayEquals(new double[]{8}, scores.width());
        assertArrayEquals(new double[]{0, 0, 0, 0, 1, 1, 1, 1, 1}, scores.below());
    }

    @Test
    void aTruthOutsideByHand() {
        ForecastErrors errors = new ForecastErrors(1, 2, DECILES);
        errors.addQuantiles(0, 0, 5, ONE_TO_NINE);
        errors.addQuantiles(0, 1, 9.5f, ONE_TO_NINE);
        // Σ k/10 · (9.5 − k) = (9.5 · 45 − 285)/10 = 14.25
        assertEquals(14.25 / 9, errors.step(1).quantiles().pinball(), EXACT);
        // 2 · (0.1 · 14.25 + 0.05 · 0.5): beyond 0.9 the loss goes on to 1 · (9.5 − 9)
        assertEquals(2.9, errors.step(1).quantiles().crps(), EXACT);
        assertEquals((4 + 14.25) / 18, errors.total().quantiles().pinball(), EXACT);
        assertEquals(1.85, errors.total().quantiles().crps(), EXACT);
        assertArrayEquals(new double[]{0.5}, errors.total().quantiles().coverage());
        assertArrayEquals(new double[]{0}, errors.cell(0, 1).quantiles().coverage());
        assertEquals(2, errors.total().quantiles().count());
    }

    @Test
    void endsOfAnIntervalBelongToIt() {
        ForecastErrors errors = new ForecastErrors(2, 1, DECILES);
        errors.addQuantiles(0, 0, 1, ONE_TO_NINE);
        errors.addQuantiles(0, 0, 9, ONE_TO_NINE);
        errors.addQuantiles(1, 0, Math.nextUp(9f), ONE_TO_NINE);
        assertEquals(1, errors.channel(0).quantiles().coverage()[0]);
        assertEquals(0, errors.channel(1).quantiles().coverage()[0]);
        assertEquals(2 / 3.0, errors.step(0).quantiles().coverage()[0], EXACT);
    }

    @Test
    void levelsAndTheirWidthsByHand() {
        ForecastErrors errors = new ForecastErrors(1, 1, QuantileGrid.of(0.6, 0.9));
        double[] quantiles = {-5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20};
        errors.addQuantiles(0, 0, 1.5f, quantiles);
        errors.addQuantiles(0, 0, 3, quantiles);
        assertArrayEquals(new double[]{0.5, 1}, errors.total().quantiles().coverage());
        assertArrayEquals(new double[]{6, 25}, errors.total().quantiles().width());
    }

    @Test
    void withoutSpreadTheCrpsIsTheAbsoluteError() {
        for (double truth : new double[]{-3, 7, 11.5f}) {
            ForecastErrors errors = new ForecastErrors(1, 1, QuantileGrid.of(0.8, 0.95));
            double[] same = new double[11];
            Arrays.fill(same, 7);
            errors.addQuantiles(0, 0, truth, same);
            assertEquals(Math.abs(truth - 7), errors.total().quantiles().crps(), EXACT);
        }
    }

    @Test
    void crpsOfTheNormalDistribution() {
        double[] normal = {-1.6449, -1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816, 1.6449};
        ForecastErrors errors = new ForecastErrors(1, 1, QuantileGrid.of(0.8, 0.9));
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) errors.addQuantiles(0, 0, (float) random.nextGaussian(), normal);
        // Gneiting and Raftery 2007: the expected CRPS is 1/√π
        assertEquals(1 / Math.sqrt(Math.PI), errors.total().quantiles().crps(), 0.005);
        assertEquals(0.8, errors.total().quantiles().coverage()[0], 0.004);
        assertEquals(0.9, errors.total().quantiles().coverage()[1], 0.004);
    }

    @Test
    void missingTruthsDoNotCount() {
        ForecastErrors errors = new ForecastErrors(1, 1, DECILES);
        errors.addQuantiles(0, 0, Float.NaN, ONE_TO_NINE);
        assertEquals(0, errors.total().quantiles().count());
        assertTrue(Double.isNaN(errors.total().quantiles().crps())
                && Double.isNaN(errors.total().quantiles().coverage()[0]));
    }

    @Test
    void valuesAndQuantilesCountApart() {
        ForecastErrors errors = new ForecastErrors(1, 2, DECILES);
        errors.add(0, new double[]{1, 1}, new double[]{2, 3}, 0, Double.NaN);
        double[][] quantiles = new double[9][];
        for (int q = 0; q < 9; q++) quantiles[q] = new double[]{q + 1, q + 2};
        errors.addQuantiles(0, quantiles, new double[]{9, 2, NAN}, 1);
        assertEquals(2, errors.total().count());
        assertEquals(1, errors.total().quantiles().count());
        assertArrayEquals(new double[]{0, 1, 1, 1, 1, 1, 1, 1, 1}, errors.step(0).quantiles().below());
        assertEquals(0, new ForecastErrors(1, 1).total().quantiles().coverage().length);
    }
}
