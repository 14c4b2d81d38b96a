package org.ttm4j.engine.scalar;

/**
 * Fused multiply-add if the processor has an instruction for it. Without one, as with {@code -XX:-UseFMA} or on a
 * processor older than AVX2, Java computes Math.fma in BigDecimal, hundreds of times slower than a multiplication and
 * an addition.
 */
public final class FusedMultiplyAdd {
    /** Per call: far above the time of the instruction, even in the interpreter, and far below that of BigDecimal. */
    private static final long SLOW_NANOS = 300;

    /** The same limit for slow and emulated processors, as a multiple of the time of an addition. */
    private static final long SLOW_RATIO = 20;

    /** True if Math.fma is an instruction, found by measuring. JIT compilers drop the branch that is not taken. */
    public static final boolean FAST = isFast();

    private FusedMultiplyAdd() {}

    /** a·b + c, rounded once if {@link #FAST}, otherwise twice. */
    static float of(float a, float b, float c) {
        return FAST ? Math.fma(a, b, c) : a * b + c;
    }

    /** As {@link #of(float, float, float)}. */
    static double of(double a, double b, double c) {
        return FAST ? Math.fma(a, b, c) : a * b + c;
    }

    /**
     * Measures instead of reading the JVM's flags, because the management bean that knows them takes 20 ms to load. The
     * minimum of several measurements is not disturbed by other load, and these operands are slow in BigDecimal.
     */
    private static boolean isFast() {
        int calls = 16;
        float sum = 1e30f;
        long fused = Long.MAX_VALUE;
        long plain = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 8 && fused > calls * SLOW_NANOS; attempt++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) sum = Math.fma(1.7e-19f, 1.3e-19f, sum);
            long between = System.nanoTime();
            for (int i = 0; i < calls; i++) sum += 2.2e-38f;
            fused = Math.min(fused, between - start);
            plain = Math.min(plain, System.nanoTime() - between);
        }
        return fused <= Math.max(calls * SLOW_NANOS, SLOW_RATIO * plain) && !Float.isNaN(sum);
    }
}
