package org.ttm4j.forecast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnomalyTest {
    private static Optional<Anomaly> of(float value, float lower, float upper) {
        return Anomaly.of(7, 0, value, (lower + upper) / 2, lower, upper, 0.99, lower);
    }

    @Test
    void isOutsideByMoreThanRounding() {
        assertTrue(of(Float.NaN, 1, 3).isEmpty());
        assertTrue(of(3, 1, 3).isEmpty());
        assertEquals(1.5, of(3.5f, 1, 3).orElseThrow().score());
        assertTrue(of(Float.POSITIVE_INFINITY, 1, 3).isPresent());
        assertTrue(of(0, 1, Float.POSITIVE_INFINITY).isPresent());
        assertEquals(Double.POSITIVE_INFINITY, of(3.1f, 3, 3).orElseThrow().score());
    }

    /** As of a series that repeats exactly: its intervals have no width, and forecasts are rounded. */
    @Test
    void roundingIsNoAnomaly() {
        assertTrue(of(0, 3.5e-44f, 3.5e-44f).isEmpty());
        assertTrue(of(5, Math.nextUp(5f), Math.nextUp(5f)).isEmpty());
        assertTrue(of(1e9f, 1e9f + 256, 1e9f + 256).isEmpty());
        assertTrue(of(1e9f, 1e9f + 512, 1e9f + 512).isPresent());
    }
}
