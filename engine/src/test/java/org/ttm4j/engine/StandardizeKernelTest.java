package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.engine.KernelFixtures.GUARD;
import static org.ttm4j.engine.KernelFixtures.assertClose;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.guarded;
import static org.ttm4j.engine.KernelFixtures.random;
import static org.ttm4j.engine.KernelFixtures.values;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The standardisation of series, whose values may lie far from 0 and in part be missing. */
class StandardizeKernelTest {
    private static final float MIN_VARIANCE = 1e-5f;

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    static Stream<Arguments> sizes() {
        return each(new int[][]{{0, 3}, {1, 1}, {3, 2}, {2, 3}, {2, 5}, {2, 7}, {3, 8}, {2, 9}, {2, 15}, {3, 16},
                {2, 17}, {2, 101}, {3, 512}});
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void standardize(Kernels kernels, int[] size) {
        int rows = size[0];
        int n = size[1];
        for (float offset : new float[]{0, 5000, -2e6f}) {
            for (boolean masked : new boolean[]{false, true}) {
                float[] x = random(1, rows * n);
                for (int i = GUARD; i < GUARD + rows * n; i++) x[i] += offset;
                float[] mask = masked ? mask(2, rows * n) : null;
                float[] y = empty(rows * n);
                float[] loc = new float[rows];
                float[] scale = new float[rows];
                kernels.norm().standardize(y, GUARD, loc, scale, x, GUARD, mask, GUARD, rows, n, MIN_VARIANCE);
                for (int row = 0; row < rows; row++) {
                    int at = GUARD + row * n;
                    double[] expected = expected(x, mask, at, n);
                    assertClose("loc", i -> expected[0], guarded(loc[row]), 1e-8, 1e-7);
                    assertClose("scale", i -> expected[1], guarded(scale[row]), 0, 1e-6);
                    assertClose("y, offset " + offset, i -> (x[at + i] - expected[0]) / expected[1],
                            guarded(Arrays.copyOfRange(y, at, at + n)), 1e-6, 1e-6);
                    float[] alone = empty(n);
                    kernels.norm()
                            .standardize(alone, GUARD, new float[1], new float[1], x, at, mask, at, 1, n, MIN_VARIANCE);
                    assertSame("row " + row, values(alone), Arrays.copyOfRange(y, at, at + n));
                }
                kernels.norm().standardize(x, GUARD, loc, scale, x, GUARD, mask, GUARD, rows, n, MIN_VARIANCE);
                assertSame("in place", values(y), values(x));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void nothingObserved(Kernels kernels, int[] size) {
        int rows = size[0];
        int n = size[1];
        float[] x = random(1, rows * n);
        float[] mask = empty(rows * n);
        Arrays.fill(mask, GUARD, GUARD + rows * n, 0);
        float[] y = empty(rows * n);
        float[] loc = new float[rows];
        float[] scale = new float[rows];
        kernels.norm().standardize(y, GUARD, loc, scale, x, GUARD, mask, GUARD, rows, n, MIN_VARIANCE);
        for (int row = 0; row < rows; row++) {
            assertEquals(0, loc[row]);
            assertEquals((float) Math.sqrt(MIN_VARIANCE), scale[row], 1e-9f);
        }
        assertClose("y", i -> x[GUARD + i] / Math.sqrt(MIN_VARIANCE), y, 0, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void valuesWhoseSquaresAreNoFloats(Kernels kernels) {
        for (float size : new float[]{3e38f, 1e25f, 1e-25f, 1e-30f}) {
            float[] x = guarded(size, -size, -size, -size, -size / 2);
            float[] mask = guarded(1, 1, 1, 1, 1);
            float[] y = empty(5);
            float[] scale = new float[1];
            kernels.norm().standardize(y, GUARD, new float[1], scale, x, GUARD, mask, GUARD, 1, 5, 0);
            // The mean is −size/2, the variance 0.6·size².
            assertClose("scale", i -> size * Math.sqrt(0.6), guarded(scale), 0, 1e-6);
            assertClose("y", i -> ((double) x[GUARD + i] / size + 0.5) / Math.sqrt(0.6), y, 1e-6, 1e-6);
        }
    }

    private static float[] mask(int seed, int n) {
        Random random = new Random(seed);
        float[] mask = empty(n);
        for (int i = 0; i < n; i++) mask[GUARD + i] = random.nextInt(4) == 0 ? 0 : 1;
        return mask;
    }

    private static double[] expected(float[] x, float[] mask, int from, int n) {
        double count = 0;
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            double weight = mask == null ? 1 : mask[i];
            count += weight;
            sum += x[i] * weight;
        }
        count = Math.max(count, 1);
        double loc = sum / count;
        double squares = 0;
        for (int i = from; i < from + n; i++) squares += (mask == null ? 1 : mask[i]) * Math.pow(x[i] - loc, 2);
        return new double[]{loc, Math.sqrt(squares / count + MIN_VARIANCE)};
    }
}
