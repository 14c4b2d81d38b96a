package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PatienceTest {

    @Test
    void endsAfterSoManyValidationsWithoutABetterOne() {
        PretrainingRun.Patience patience = new PretrainingRun.Patience(2);
        assertTrue(patience.improvedBy(0.9));
        assertFalse(patience.improvedBy(0.9));
        assertTrue(patience.improvedBy(0.8));
        assertFalse(patience.improvedBy(0.85));
        assertFalse(patience.improvedBy(Double.NaN));
        assertFalse(patience.exhausted());
        assertFalse(patience.improvedBy(0.81));
        assertTrue(patience.exhausted());
    }

    @Test
    void onlyTheDigitsOfTheLogCount() {
        PretrainingRun.Patience patience = new PretrainingRun.Patience(1);
        assertTrue(patience.improvedBy(0.500001));
        assertFalse(patience.improvedBy(0.499999));
        assertTrue(patience.exhausted());
    }

    @Test
    void zeroNeverEnds() {
        PretrainingRun.Patience patience = new PretrainingRun.Patience(0);
        assertTrue(patience.improvedBy(Double.POSITIVE_INFINITY));
        for (int i = 0; i < 100; i++) patience.improvedBy(2 + i);
        assertFalse(patience.on() || patience.exhausted());
    }
}
