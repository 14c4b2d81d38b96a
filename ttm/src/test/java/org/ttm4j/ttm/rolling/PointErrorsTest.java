package org.ttm4j.ttm.rolling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PointErrorsTest {
    private static final float NAN = Float.NaN;
    private static final double EXACT = 1e-12;

    private static void assertScores(PointScores scores, long count, double mse, double mae, double rmse, double mase,
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
    private static PointErrors twoChannels() {
        PointErrors errors = new PointErrors(new double[]{0.5, 4}, 2);
        errors.add(0, new float[]{1, 6}, new float[]{9, 9, 2, 4}, 2);
        errors.add(1, new float[]{-1, 8}, new float[]{2, 8}, 0);
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
        PointErrors errors = new PointErrors(new double[]{1}, 1);
        errors.add(0, new float[]{3}, new float[]{1, 5}, 0);
        errors.add(0, new float[]{3}, new float[]{1, 6}, 1);
        // e = −2, 3
        assertScores(errors.total(), 2, 6.5, 2.5, Math.sqrt(6.5), 2.5, (2 * 2 / 4.0 + 2 * 3 / 9.0) / 2, 5 / 7.0);
    }

    @Test
    void missingValuesDoNotCount() {
        PointErrors errors = new PointErrors(new double[]{1}, 3);
        errors.add(0, new float[]{1, NAN, 5}, new float[]{NAN, 2, 7}, 0);
        assertScores(errors.total(), 1, 4, 2, 2, 2, 4 / 12.0, 2 / 7.0);
        assertEquals(0, errors.step(0).count());
        assertTrue(Double.isNaN(errors.step(0).mse()) && Double.isNaN(errors.step(1).mase()));
    }

    @Test
    void whatHasNoScaleHasNoMaseAndWhatIsZeroNoWape() {
        PointErrors errors = new PointErrors(new double[]{Double.NaN, 2}, 1);
        errors.add(0, new float[]{0}, new float[]{0}, 0);
        errors.add(1, new float[]{4}, new float[]{0}, 0);
        assertTrue(Double.isNaN(errors.channel(0).mase()));
        assertEquals(2, errors.total().mase(), EXACT);
        assertEquals(0, errors.channel(0).smape(), EXACT);
        assertEquals(2, errors.channel(1).smape(), EXACT);
        assertTrue(Double.isNaN(errors.total().wape()));
    }

    @Test
    void extremesStayFinite() {
        PointErrors errors = new PointErrors(new double[]{1}, 1);
        errors.add(0, new float[]{-Float.MAX_VALUE}, new float[]{Float.MAX_VALUE}, 0);
        assertEquals(2.0 * Float.MAX_VALUE, errors.total().rmse(), 1e25);
        assertEquals(2, errors.total().smape(), EXACT);
    }

    @Test
    void scaleByHand() {
        float[] series = {99, 1, 3, 2, 5, 99};
        assertEquals((2 + 1 + 3) / 3.0, SeasonalScale.of(series, 1, 5, 1), EXACT);
        assertEquals((1 + 2) / 2.0, SeasonalScale.of(series, 1, 5, 2), EXACT);
        assertEquals(1, SeasonalScale.of(new float[]{1, NAN, 3, 4}, 0, 4, 1), EXACT);
        assertTrue(Double.isNaN(SeasonalScale.of(series, 1, 5, 4)), "no pair");
        assertTrue(Double.isNaN(SeasonalScale.of(new float[]{3, 3, 3}, 0, 3, 1)), "never changes");
        assertThrows(IllegalArgumentException.class, () -> SeasonalScale.of(series, 0, 4, 0));
    }
}
