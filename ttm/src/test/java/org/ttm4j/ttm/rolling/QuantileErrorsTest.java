package org.ttm4j.ttm.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantileErrorsTest {
    private static final double EXACT = 1e-12;
    private static final QuantileGrid DECILES = QuantileGrid.of(0.8);
    /** The deciles of a uniform distribution from 0 to 10. */
    private static final float[] ONE_TO_NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    @Test
    void gridIsDecilesAndTheEndsOfTheLevels() {
        assertArrayEquals(new double[]{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, DECILES.quantiles());
        QuantileGrid grid = QuantileGrid.of(0.9, 0.8, 0.5);
        assertArrayEquals(new double[]{0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95},
                grid.quantiles());
        assertArrayEquals(new double[]{0.5, 0.8, 0.9}, grid.levels());
        assertEquals(3, grid.lowerIndex(0));
        assertEquals(9, grid.upperIndex(0));
        assertEquals(12, grid.upperIndex(2));
        for (double level : new double[]{0, 1, -0.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> QuantileGrid.of(level));
        }
        Exception twice = assertThrows(IllegalArgumentException.class, () -> QuantileGrid.of(0.8, 0.9, 0.8));
        assertEquals("level 0.8 comes twice: expected each level once", twice.getMessage());
        assertThrows(IllegalArgumentException.class, QuantileGrid::of);
    }

    @Test
    void oneTruthByHand() {
        QuantileErrors errors = new QuantileErrors(DECILES, 1, 1);
        errors.add(0, 0, 5, ONE_TO_NINE);
        QuantileScores scores = errors.total();
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
        QuantileErrors errors = new QuantileErrors(DECILES, 1, 2);
        errors.add(0, 0, 5, ONE_TO_NINE);
        errors.add(0, 1, 9.5f, ONE_TO_NINE);
        // Σ k/10 · (9.5 − k) = (9.5 · 45 − 285)/10 = 14.25
        assertEquals(14.25 / 9, errors.step(1).pinball(), EXACT);
        // 2 · (0.1 · 14.25 + 0.05 · 0.5): beyond 0.9 the loss goes on to 1 · (9.5 − 9)
        assertEquals(2.9, errors.step(1).crps(), EXACT);
        assertEquals((4 + 14.25) / 18, errors.total().pinball(), EXACT);
        assertEquals(1.85, errors.total().crps(), EXACT);
        assertArrayEquals(new double[]{0.5}, errors.total().coverage());
        assertArrayEquals(new double[]{0}, errors.cell(0, 1).coverage());
        assertEquals(2, errors.total().count());
    }

    @Test
    void endsOfAnIntervalBelongToIt() {
        QuantileErrors errors = new QuantileErrors(DECILES, 2, 1);
        errors.add(0, 0, 1, ONE_TO_NINE);
        errors.add(0, 0, 9, ONE_TO_NINE);
        errors.add(1, 0, Math.nextUp(9f), ONE_TO_NINE);
        assertEquals(1, errors.channel(0).coverage()[0]);
        assertEquals(0, errors.channel(1).coverage()[0]);
        assertEquals(2 / 3.0, errors.step(0).coverage()[0], EXACT);
    }

    @Test
    void levelsAndTheirWidthsByHand() {
        QuantileErrors errors = new QuantileErrors(QuantileGrid.of(0.6, 0.9), 1, 1);
        float[] quantiles = {-5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20};
        errors.add(0, 0, 1.5f, quantiles);
        errors.add(0, 0, 3, quantiles);
        assertArrayEquals(new double[]{0.5, 1}, errors.total().coverage());
        assertArrayEquals(new double[]{6, 25}, errors.total().width());
    }

    @Test
    void withoutSpreadTheCrpsIsTheAbsoluteError() {
        for (float truth : new float[]{-3, 7, 11.5f}) {
            QuantileErrors errors = new QuantileErrors(QuantileGrid.of(0.8, 0.95), 1, 1);
            float[] same = new float[11];
            Arrays.fill(same, 7);
            errors.add(0, 0, truth, same);
            assertEquals(Math.abs(truth - 7), errors.total().crps(), EXACT);
        }
    }

    @Test
    void crpsOfTheNormalDistribution() {
        float[] normal = {-1.6449f, -1.2816f, -0.8416f, -0.5244f, -0.2533f, 0, 0.2533f, 0.5244f, 0.8416f, 1.2816f,
                1.6449f};
        QuantileErrors errors = new QuantileErrors(QuantileGrid.of(0.8, 0.9), 1, 1);
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) errors.add(0, 0, (float) random.nextGaussian(), normal);
        // Gneiting and Raftery 2007: the expected CRPS is 1/√π
        assertEquals(1 / Math.sqrt(Math.PI), errors.total().crps(), 0.005);
        assertEquals(0.8, errors.total().coverage()[0], 0.004);
        assertEquals(0.9, errors.total().coverage()[1], 0.004);
    }

    @Test
    void missingTruthsDoNotCount() {
        QuantileErrors errors = new QuantileErrors(DECILES, 1, 1);
        errors.add(0, 0, Float.NaN, ONE_TO_NINE);
        assertEquals(0, errors.total().count());
        assertTrue(Double.isNaN(errors.total().crps()) && Double.isNaN(errors.total().coverage()[0]));
    }
}
