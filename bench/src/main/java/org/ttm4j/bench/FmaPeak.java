package org.ttm4j.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The most float32 work that this JVM gets out of one core: independent chains of fused multiply-adds in registers, no
 * memory. Needs the module jdk.incubator.vector.
 */
public final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** More than latency × ports of any core (4 × 2 on recent x86, 4 × 4 on recent ARM), fewer than registers. */
    private static final int CHAINS = 12;
    /** Iterations: enough for C2 to compile the loop on its own. Compiled within its caller, it ran at half the rate (Zen 4). */
    private static final int STEPS = 1 << 18;

    /** Receives the result, so that the compiler cannot remove the work. */
    private static volatile float sink;

    private FmaPeak() {}

    /** Floating-point operations of one {@link #run}. */
    public static long flops() {
        return 2L * CHAINS * STEPS * SPECIES.length();
    }

    public static void run() {
        FloatVector a = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector b = FloatVector.broadcast(SPECIES, 1f);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        FloatVector c4 = b;
        FloatVector c5 = b;
        FloatVector c6 = b;
        FloatVector c7 = b;
        FloatVector c8 = b;
        FloatVector c9 = b;
        FloatVector c10 = b;
        FloatVector c11 = b;
        for (int i = 0; i < STEPS; i++) {
            c0 = c0.fma(a, b);
            c1 = c1.fma(a, b);
            c2 = c2.fma(a, b);
            c3 = c3.fma(a, b);
            c4 = c4.fma(a, b);
            c5 = c5.fma(a, b);
            c6 = c6.fma(a, b);
            c7 = c7.fma(a, b);
            c8 = c8.fma(a, b);
            c9 = c9.fma(a, b);
            c10 = c10.fma(a, b);
            c11 = c11.fma(a, b);
        }
        FloatVector sum = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
        sink = sum.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
    }
}
