package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void sizesBeyondAnIntAreRefused() {
        int most = Integer.MAX_VALUE;
        assertEquals(most, Shape.of(1, most).size());
        assertThrows(IllegalArgumentException.class, () -> Shape.of(2, most));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(most, most, most));
        assertEquals(0, Shape.of(1 << 16, 1 << 16, 0).size());
    }
}
