package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.engine.KernelSelectionTest.Child;
import org.ttm4j.engine.kernel.MatMulKernels;

/**
 * In a process that seldom accumulates, as where a frozen backbone runs beside a head that is trained, C2 does not inline what
 * it seldom sees. The sums of a product must stay in registers all the same.
 */
@Tag("process")
class SeldomAccumulationTest {
    @Test
    void productsAllocateNothing() throws Exception {
        Child child = Child.run(Products.class, List.of("--add-modules", "jdk.incubator.vector"));
        assertEquals("", child.error().replaceAll("WARNING: Using incubator modules.*\\R", ""));
        assertTrue(Long.parseLong(child.out()) < Products.CALLS,
                child.out() + " bytes in " + Products.CALLS + " calls");
    }

    /** The program of the other JVM: prints the bytes that so many products allocate. */
    static final class Products {
        static final int CALLS = 2_000;
        private static final int BLOCKS = 8;
        private static final int N = 36;
        private static final int D = 48;
        private static final float[] W = new float[N * N];
        private static final float[] X = new float[BLOCKS * N * D];
        private static final float[] Y = new float[BLOCKS * N * D];

        private Products() {}

        public static void main(String[] arguments) {
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            for (int i = 0; i < 20; i++) run();
            long before = threads.getCurrentThreadAllocatedBytes();
            run();
            System.out.println(threads.getCurrentThreadAllocatedBytes() - before);
        }

        private static void run() {
            MatMulKernels kernels = KernelSelection.active().matMul();
            for (int i = 0; i < CALLS; i++) {
                kernels.multiplyLeft(Y, W, false, null, X, BLOCKS, N, N, D, i % 1000 == 999);
            }
        }
    }
}
