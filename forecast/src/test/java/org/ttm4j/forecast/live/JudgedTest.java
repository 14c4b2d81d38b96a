package org.ttm4j.forecast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JudgedTest {
    private static Judged of(float value, float lower, float upper) {
        return Judged.of(7, 0, value, (lower + upper) / 2, lower, upper, 0.99, lower);
    }

    @Test
    void isOutsideByMoreThanRounding() {
        assertFalse(of(Float.NaN, 1, 3).isAnomaly());
        assertFalse(of(3, 1, 3).isAnomaly());
        assertEquals(1.5, of(3.5f, 1, 3).score());
        assertTrue(of(Float.POSITIVE_INFINITY, 1, 3).isAnomaly());
        assertTrue(of(0, 1, Float.POSITIVE_INFINITY).isAnomaly());
        assertEquals(Double.POSITIVE_INFINITY, of(3.1f, 3, 3).score());
    }

    /** As of a series that repeats exactly: its intervals have no width, and forecasts are rounded. */
    @Test
    void roundingIsNoAnomaly() {
        assertFalse(of(0, 3.5e-44f, 3.5e-44f).isAnomaly());
        assertFalse(of(5, Math.nextUp(5f), Math.nextUp(5f)).isAnomaly());
        assertFalse(of(1e9f, 1e9f + 256, 1e9f + 256).isAnomaly());
        assertTrue(of(1e9f, 1e9f + 512, 1e9f + 512).isAnomaly());
    }
}
