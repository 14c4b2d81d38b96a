package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelectionTest.Child;

/**
 * Softplus with its slope is the longest formula of the vector kernels, nearly as much as C2 inlines into one method: beyond
 * that it puts the vectors on the heap, and takes six times as long.
 */
@Tag("process")
class LongFormulaTest {
    @Test
    void softplusAllocatesNothing() throws Exception {
        Child child = Child.run(Softplus.class, List.of("--add-modules", "jdk.incubator.vector"));
        assertEquals("", child.error().replaceAll("WARNING: Using incubator modules.*\\R", ""));
        assertTrue(Long.parseLong(child.out()) < Softplus.CALLS,
                child.out() + " bytes in " + Softplus.CALLS + " calls");
    }

    /** The program of the other JVM: prints the bytes that so many calls allocate, with a tail and without. */
    static final class Softplus {
        static final int CALLS = 2_000;
        private static final int ROUNDS = 300;
        private static final int N = 1024;
        private static final float[] X = new float[N];
        private static final float[] Y = new float[N];
        private static final float[] SLOPE = new float[N];

        private Softplus() {}

        public static void main(String[] arguments) {
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            // The compiler decides when it is warm: the least of many rounds counts.
            for (int round = 0; round < ROUNDS && least >= CALLS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                run();
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            System.out.println(least);
        }

        private static void run() {
            for (int i = 0; i < CALLS; i++) {
                KernelSelection.active().activation().softplus(Y, SLOPE, X, 0, N - i % 2);
            }
        }
    }
}
