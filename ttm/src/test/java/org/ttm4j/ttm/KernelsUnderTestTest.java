package org.ttm4j.ttm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelection;

/** A test run that asks for one kernel implementation must not pass with the other. */
class KernelsUnderTestTest {

    @Test
    void theseAreTheKernelsAskedFor() {
        String expected = System.getProperty("ttm4j.kernels");
        assumeTrue(expected != null, "no implementation asked for");
        assertEquals(expected, KernelSelection.active().name());
    }
}
