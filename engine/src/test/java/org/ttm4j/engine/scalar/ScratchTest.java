package org.ttm4j.engine.scalar;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The scratch memory of a thread when no more memory can be had. */
class ScratchTest {

    @Test
    void aFailedAllocationLeavesWhatWasThere() {
        int fourGigabytes = 1 << 30;
        Scratch before = Scratch.local(1, 1, 8);
        float[][] rows = before.rows;
        assertThrows(OutOfMemoryError.class, () -> Scratch.local(1, 1, fourGigabytes));
        assertThrows(OutOfMemoryError.class, () -> Scratch.local(2, 2, fourGigabytes));
        Scratch after = Scratch.local(1, 1, 8);
        assertTrue(after.rows == rows, "the arrays from before still serve");
        Scratch grown = Scratch.local(40, 40, 1000);
        assertTrue(grown.sums.length >= 40 && grown.rows.length >= 40);
        for (float[] row : grown.rows) assertTrue(row.length >= 1000);
        for (float[] sum : grown.sums) assertTrue(sum.length >= 1000);
    }
}
