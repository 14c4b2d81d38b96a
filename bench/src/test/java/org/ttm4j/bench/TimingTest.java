package org.ttm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimingTest {

    @Test
    void medianOfOddEvenAndNone() {
        assertEquals(2, Timing.median(3, 1, 2));
        assertEquals(2.5, Timing.median(4, 1, 2, 3));
        assertEquals(Double.NaN, Timing.median());
    }

    @Test
    void worksTakeTurnsAndAbsentOnesAreLeftOut() throws Exception {
        int[] calls = new int[2];
        double[] medians = new Timing(0, 1e-6, 4).medians(() -> pause(calls, 0), null, () -> pause(calls, 1));
        assertTrue(calls[0] > 3 && calls[1] > 3, "too few calls for a median");
        assertTrue(medians[0] >= 20e6 && medians[2] >= 20e6, "a call took at least as long as it slept");
        assertEquals(Double.NaN, medians[1]);
    }

    private static void pause(int[] calls, int i) throws InterruptedException {
        assertTrue(Math.abs(calls[0] - calls[1]) <= 5, "blocks of both take turns");
        calls[i]++;
        Thread.sleep(20);
    }
}
