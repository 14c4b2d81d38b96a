package org.ttm4j.engine.scalar;

/**
 * Whether Math.fma is an instruction here. Elsewhere, as with {@code -XX:-UseFMA} or on a processor before AVX2, Java
 * computes it in BigDecimal, hundreds of times slower than a multiplication and an addition.
 */
public final class FusedMultiplyAdd {
    /** Far above what the instruction takes, even called by the interpreter; far below what BigDecimal does. */
    private static final long SLOW_NANOS = 300;

    /** The same on slow and on emulated processors, as a multiple of what an addition takes. */
    private static final long SLOW_RATIO = 20;

    /** Found once, by the clock. A constant for the compilers, which drop the branch that is not taken. */
    public static final boolean FAST = isFast();

    private FusedMultiplyAdd() {}

    /** a·b + c, rounded once where that is fast and twice elsewhere. */
    static float of(float a, float b, float c) {
        return FAST ? Math.fma(a, b, c) : a * b + c;
    }

    /** As {@link #of(float, float, float)}. */
    static double of(double a, double b, double c) {
        return FAST ? Math.fma(a, b, c) : a * b + c;
    }

    /**
     * The JVM tells its flags only to a management bean, which takes 20 ms to load; two runs of the clock take none. The
     * least of several measurements is not disturbed by other load, and these operands make BigDecimal work hard.
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
