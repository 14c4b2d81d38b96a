package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;
import org.ttm4j.engine.kernel.Kernels;

/** Operands, comparisons with the reference kernels, and the kernels to test. */
final class KernelFixtures {
    /** How many elements behind each operand must stay as they were. No multiple of a lane count. */
    private static final int GUARD = 5;

    private KernelFixtures() {}

    /** The scalar kernels and, where this JVM has the module, the vector kernels. */
    static Stream<Kernels> implementations() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors
                ? Stream.of(KernelSelection.scalar(), KernelSelection.vector())
                : Stream.of(KernelSelection.scalar());
    }

    /** Each of {@link #implementations} with each size. */
    static Stream<Arguments> each(int[]... sizes) {
        return implementations().flatMap(kernels -> Stream.of(sizes)
                .map(size -> Arguments.of(Named.of(kernels.name(), kernels), Named.of(Arrays.toString(size), size))));
    }

    /** n normal deviates, and a guard. */
    static float[] random(int seed, int n) {
        Random random = new Random(seed);
        float[] x = empty(n);
        for (int i = 0; i < n; i++) x[i] = (float) random.nextGaussian();
        return x;
    }

    /** n values, about a quarter of them 0, the others 1. */
    static float[] mask(int seed, int n) {
        Random random = new Random(seed);
        float[] mask = empty(n);
        for (int i = 0; i < n; i++) mask[i] = random.nextInt(4) == 0 ? 0 : 1;
        return mask;
    }

    /** n values of NaN, for outputs that must be overwritten, and a guard. */
    static float[] empty(int n) {
        float[] x = new float[n + GUARD];
        Arrays.fill(x, 0, n, Float.NaN);
        Arrays.fill(x, n, n + GUARD, -12345.5f);
        return x;
    }

    /** n equal values, and a guard. */
    static float[] filled(float value, int n) {
        float[] x = empty(n);
        Arrays.fill(x, 0, n, value);
        return x;
    }

    /** A copy of n elements, and a guard. */
    static float[] part(float[] x, int from, int n) {
        float[] y = empty(n);
        System.arraycopy(x, from, y, 0, n);
        return y;
    }

    /**
     * Runs the same on the given and on the reference kernels, each on operands of its own, and asserts that every element
     * of the returned arrays, guards included, is within absolute + relative·|reference| of the reference's, and NaN where
     * that is. Returns the arrays of the given kernels.
     */
    static float[][] assertLikeReference(String what, Kernels kernels, double absolute, double relative,
            Function<Kernels, float[][]> run) {
        float[][] all = run.apply(kernels);
        float[][] references = run.apply(KernelSelection.reference());
        for (int k = 0; k < all.length; k++) {
            assertEquals(references[k].length, all[k].length);
            for (int i = 0; i < all[k].length; i++) {
                float expected = references[k][i];
                float actual = all[k][i];
                boolean close = Float.isNaN(expected)
                        ? Float.isNaN(actual)
                        : actual == expected
                                || Math.abs((double) actual - expected) <= absolute + relative * Math.abs(expected);
                if (!close) fail(what + ", output " + k + " [" + i + "]: expected " + expected + ", got " + actual);
            }
        }
        return all;
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

    /** What is computed for one row or block alone. */
    interface Single {
        /** The result, and a guard, for the elements of a row or block that begin at {@code from}. */
        float[] of(int from);
    }

    /** Asserts that each row of n elements is, bit by bit, what the same kernel computes for that row alone. */
    static void assertRowsAlone(float[] all, int rows, int n, Single alone) {
        for (int row = 0; row < rows; row++) {
            assertSame("row " + row + " alone", part(all, row * n, n), alone.of(row * n));
        }
    }
}
