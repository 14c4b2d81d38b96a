package org.ttm4j.ttm.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class OriginsTest {
    @Test
    void windowsLieWithinTheRows() {
        Origins origins = Origins.in(new Rows(10, 40), 8, 3, 4);
        assertEquals(new Origins(18, 4, 5, 3, 8), origins);
        assertEquals(34, origins.at(4), "the last window ends at row 37");
        assertEquals(new Rows(10, 18), origins.contextOf(18));
        assertEquals(new Rows(0, 5), origins.contextOf(5));
        assertEquals(0, Origins.in(new Rows(10, 20), 8, 3, 1).count());
        assertEquals(1, Origins.in(new Rows(10, 21), 8, 3, 5).count());
    }

    @Test
    void rowsOfWindows() {
        assertEquals(0, new Rows(10, 20).windows(11));
        assertEquals(1, new Rows(10, 20).windows(10));
        assertEquals(10, new Rows(10, 20).length());
        assertThrows(IllegalArgumentException.class, () -> new Rows(-1, 2));
        assertThrows(IllegalArgumentException.class, () -> new Rows(3, 2));
    }

    @Test
    void aStrideBeyondTheRowsLeavesTheFirst() {
        assertEquals(new Origins(10, Integer.MAX_VALUE, 1, 5, 10),
                Origins.in(new Rows(0, 100), 10, 5, Integer.MAX_VALUE));
    }

    @Test
    void partsAndEverySecondOrThird() {
        Origins origins = new Origins(5, 2, 10, 1, 3);
        assertEquals(new Origins(11, 2, 4, 1, 3), origins.part(3, 7));
        assertEquals(origins, origins.thinned(10));
        assertEquals(new Origins(5, 6, 4, 1, 3), origins.thinned(4), "0, 3, 6, 9");
        assertEquals(new Origins(7, 4, 5, 1, 3), origins.thinned(5), "1, 3, 5, 7, 9");
        assertEquals(new Origins(23, 20, 1, 1, 3), origins.thinned(1));
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Origins(0, 0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Origins(0, 1, 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Origins(0, 1, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Origins(-1, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Origins(0, 1 << 20, 1 << 20, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Origins.in(new Rows(0, 9), 2, 1, 0));
    }
}
