package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/** Arrays between guard zones, comparisons, and the implementations to test. */
final class KernelFixtures {
    /** Where the values begin, and how many elements before and after them must stay as they were. Not a lane count. */
    static final int GUARD = 5;

    private static final float GUARD_VALUE = -12345.5f;

    private KernelFixtures() {}

    /** The scalar kernels and, where this JVM has the module, the vector kernels. */
    static Stream<Kernels> implementations() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors
                ? Stream.of(KernelSelection.scalar(), KernelSelection.vector())
                : Stream.of(KernelSelection.scalar());
    }

    /** Each implementation with each size. */
    static Stream<Arguments> each(int[]... sizes) {
        return implementations().flatMap(kernels -> Stream.of(sizes)
                .map(size -> Arguments.of(Named.of(kernels.name(), kernels), Named.of(Arrays.toString(size), size))));
    }

    /** n normal deviates. */
    static float[] random(int seed, int n) {
        Random random = new Random(seed);
        float[] x = empty(n);
        for (int i = 0; i < n; i++) x[GUARD + i] = (float) random.nextGaussian();
        return x;
    }

    /** n values of NaN, for outputs that must be overwritten. */
    static float[] empty(int n) {
        float[] x = new float[n + 2 * GUARD];
        Arrays.fill(x, GUARD_VALUE);
        Arrays.fill(x, GUARD, GUARD + n, Float.NaN);
        return x;
    }

    /** The values, between guards. */
    static float[] guarded(float... values) {
        float[] x = empty(values.length);
        System.arraycopy(values, 0, x, GUARD, values.length);
        return x;
    }

    /** The values without the guards, which must be intact. */
    static float[] values(float[] x) {
        for (int i = 0; i < GUARD; i++) {
            assertEquals(GUARD_VALUE, x[i], "the guard before");
            assertEquals(GUARD_VALUE, x[x.length - 1 - i], "the guard after");
        }
        return Arrays.copyOfRange(x, GUARD, x.length - GUARD);
    }

    /** Asserts that every value is within absolute + relative·|expected| of what is expected, and NaN where that is. */
    static void assertClose(String what, IntToDoubleFunction expected, float[] x, double absolute, double relative) {
        float[] actual = values(x);
        for (int i = 0; i < actual.length; i++) {
            double want = expected.applyAsDouble(i);
            boolean close = Double.isNaN(want)
                    ? Float.isNaN(actual[i])
                    : actual[i] == want || Math.abs(actual[i] - want) <= absolute + relative * Math.abs(want);
            if (!close) fail(what + " [" + i + "]: expected " + want + ", got " + actual[i]);
        }
    }

    /** Asserts equality bit by bit. */
    static void assertSame(String what, float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                fail(what + " [" + i + "]: expected " + expected[i] + ", got " + actual[i]);
            }
        }
        assertEquals(expected.length, actual.length, what);
    }
}
