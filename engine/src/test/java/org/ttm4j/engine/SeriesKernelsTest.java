package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.SeriesKernels;

/** Halving, frequencies and smoothing against the reference kernels, and those against known series. */
class SeriesKernelsTest {

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    /** Rows and steps: powers of two, primes, and the lengths of published contexts. */
    static Stream<Arguments> sizes() {
        return each(new int[][]{{0, 8}, {2, 1}, {1, 2}, {3, 3}, {2, 4}, {3, 5}, {2, 16}, {1, 17}, {5, 52}, {2, 95},
                {2, 90}, {3, 128}, {1, 225}, {2, 509}, {1, 512}, {1, 1022}, {1, 1536}});
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void halve(Kernels kernels, int[] size) {
        float[] x = random(1, size[0] * size[1]);
        assertLikeReference("halve", kernels, 0, 0, k -> {
            float[] y = empty(size[0] * (size[1] / 2));
            k.series().halve(y, x, size[0], size[1]);
            return new float[][]{y};
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void halveBackward(Kernels kernels, int[] size) {
        float[] dy = random(1, size[0] * (size[1] / 2));
        for (boolean accumulate : new boolean[]{false, true}) {
            assertLikeReference("halve backward", kernels, 1e-7, 1e-6, k -> {
                float[] dx = random(2, size[0] * size[1]);
                k.series().halveBackward(dx, accumulate, dy, size[0], size[1]);
                return new float[][]{dx};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void strongestFrequencies(Kernels kernels, int[] size) {
        int n = size[1];
        float[] x = random(3, size[0] * n);
        for (int k : new int[]{1, n / 2 + 1}) {
            for (boolean ignoreFirst : new boolean[]{false, true}) {
                assertLikeReference("bins", kernels, 0, 0, set -> {
                    float[] bins = empty(size[0] * k);
                    set.series().strongestFrequencies(bins, x, size[0], n, k, ignoreFirst);
                    return new float[][]{bins};
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void smooth(Kernels kernels, int[] size) {
        int n = size[1];
        float[] x = random(4, size[0] * n);
        for (int i = 0; i < size[0] * n; i += 7) x[i] += n < 16 ? 0 : 20;
        // A window of one or three steps leaves hardly an error: what rounds differently is then no longer small.
        Assumptions.assumeTrue(n >= 5);
        assertLikeReference("smooth", kernels, 2e-5, 2e-5, k -> {
            float[] y = empty(size[0] * n);
            k.series().smooth(y, new float[k.series().smoothScratch(n)], x, size[0], n);
            return new float[][]{y};
        });
    }

    /** Smoothing by the weights of a series is the smoothing of that series, and linear: its backward is its transpose. */
    @ParameterizedTest
    @MethodSource("sizes")
    void smoothByHeldWeights(Kernels kernels, int[] size) {
        int rows = size[0];
        int n = size[1];
        float[] x = random(4, rows * n);
        float[] v = empty(rows * n);
        float[] y = empty(rows * n);
        kernels.series().smoothWeights(v, x, rows, n);
        kernels.series().smoothBy(y, x, v, rows, n);
        float[] smoothed = empty(rows * n);
        kernels.series().smooth(smoothed, new float[kernels.series().smoothScratch(n)], x, rows, n);
        for (int i = 0; n >= 5 && i < rows * n; i++) assertEquals(smoothed[i], y[i], 2e-5 * (1 + Math.abs(y[i])));
        float[] other = random(5, rows * n);
        float[] dy = random(6, rows * n);
        float[] dx = random(7, rows * n);
        kernels.series().smoothBy(y, other, v, rows, n);
        kernels.series().smoothBackward(dx, false, dy, x, v, rows, n);
        double forward = 0;
        double backward = 0;
        for (int i = 0; i < rows * n; i++) {
            forward += (double) dy[i] * y[i];
            backward += (double) dx[i] * other[i];
        }
        assertEquals(forward, backward, 1e-5 * (1 + rows * n));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void smoothBackward(Kernels kernels, int[] size) {
        float[] dy = random(1, size[0] * size[1]);
        for (boolean accumulate : new boolean[]{false, true}) {
            assertLikeReference("smooth backward", kernels, 1e-5, 1e-5, k -> {
                float[] dx = random(2, size[0] * size[1]);
                k.series().smoothBackward(dx, accumulate, dy, random(3, size[0] * size[1]), null, size[0], size[1]);
                return new float[][]{dx};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aSeriesWithoutStepsIsRefused(Kernels kernels) {
        assertEquals("a series of 0 steps: expected at least 1",
                assertThrows(IllegalArgumentException.class,
                        () -> kernels.series().strongestFrequencies(new float[1], new float[0], 1, 0, 1, false))
                        .getMessage());
    }

    /** Σ of two waves and a level; what is not there has no order but that of the bins. */
    @ParameterizedTest
    @MethodSource("implementations")
    void knownFrequencies(Kernels kernels) {
        for (int n : new int[]{60, 64}) {
            float[] x = new float[2 * n];
            for (int t = 0; t < n; t++) {
                x[t] = (float) (1 + 3 * Math.sin(2 * Math.PI * 5 * t / n) + Math.cos(2 * Math.PI * 11 * t / n));
            }
            float[] bins = new float[10];
            kernels.series().strongestFrequencies(bins, x, 2, n, 5, false);
            assertArrayEquals(new float[]{5, 0, 11}, new float[]{bins[0], bins[1], bins[2]});
            assertArrayEquals(new float[]{0, 1, 2, 3, 4}, new float[]{bins[5], bins[6], bins[7], bins[8], bins[9]},
                    "a row of zeros");
            kernels.series().strongestFrequencies(bins, x, 2, n, 5, true);
            assertArrayEquals(new float[]{5, 11}, new float[]{bins[0], bins[1]});
            assertArrayEquals(new float[]{1, 2, 3, 4, 5}, new float[]{bins[5], bins[6], bins[7], bins[8], bins[9]},
                    "bin 0 comes last");
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void aSpikeLeavesNoTrace(Kernels kernels) {
        int n = 101;
        float[] x = new float[n];
        for (int t = 0; t < n; t++) x[t] = 3 + 0.1f * (float) Math.sin(t);
        float[] plain = new float[n];
        float[] scratch = new float[kernels.series().smoothScratch(n)];
        kernels.series().smooth(plain, scratch, x, 1, n);
        x[50] += 1000;
        float[] spiked = new float[n];
        kernels.series().smooth(spiked, scratch, x, 1, n);
        // The mean of the series is kept, and a spike is part of it.
        for (int t = 0; t < n; t++) assertEquals(plain[t] + 1000f / n, spiked[t], 0.1, "step " + t);
    }

    @Test
    void windows() {
        int[] widths = {1, 1, 3, 3, 5, 5, 5, 15, 77};
        int[] steps = {1, 2, 3, 4, 5, 16, 36, 100, 512};
        for (int i = 0; i < steps.length; i++) {
            assertEquals(widths[i], SeriesKernels.smoothWindow(steps[i]), "of " + steps[i] + " steps");
        }
    }
}
