package org.ttm4j.engine;

import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.assertRowsAlone;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.filled;
import static org.ttm4j.engine.KernelFixtures.mask;
import static org.ttm4j.engine.KernelFixtures.part;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.NormKernels.MeanScaling;

/** The scaling of series, whose values may lie far from 0 and in part be missing, against the reference kernels. */
class StandardizeKernelTest {
    private static final float MIN_VARIANCE = 1e-5f;

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    static Stream<Arguments> sizes() {
        return each(new int[][]{{0, 3}, {1, 1}, {3, 2}, {2, 3}, {2, 5}, {2, 7}, {3, 8}, {2, 9}, {2, 15}, {3, 16},
                {2, 17}, {2, 101}, {3, 512}});
    }

    /** y, loc and scale like those of the reference kernels. */
    private static float[] check(String what, Kernels kernels, float[] x, float[] mask, int rows, int n,
            float minVariance) {
        return assertLikeReference(what, kernels, 1e-6, 1e-6, k -> {
            float[] y = empty(rows * n);
            float[] loc = empty(rows);
            float[] scale = empty(rows);
            k.norm().standardize(y, loc, scale, x, mask, rows, n, minVariance);
            return new float[][]{y, loc, scale};
        })[0];
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void standardize(Kernels kernels, int[] size) {
        int rows = size[0];
        int n = size[1];
        for (float offset : new float[]{0, 5000, -2e6f}) {
            for (float[] mask : new float[][]{null, mask(2, rows * n)}) {
                float[] x = random(1, rows * n);
                for (int i = 0; i < rows * n; i++) x[i] += offset;
                float[] y = check("offset " + offset, kernels, x, mask, rows, n, MIN_VARIANCE);
                assertRowsAlone(y, rows, n, from -> {
                    float[] alone = empty(n);
                    float[] observed = mask == null ? null : part(mask, from, n);
                    kernels.norm()
                            .standardize(alone, empty(1), empty(1), part(x, from, n), observed, 1, n, MIN_VARIANCE);
                    return alone;
                });
                kernels.norm().standardize(x, empty(rows), empty(rows), x, mask, rows, n, MIN_VARIANCE);
                assertSame("in place", y, x);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void standardizeBackward(Kernels kernels, int[] size) {
        int rows = size[0];
        int total = rows * size[1];
        for (float[] mask : new float[][]{null, mask(2, total), filled(0, total)}) {
            for (boolean accumulate : new boolean[]{false, true}) {
                assertLikeReference("backward", kernels, 1e-5, 1e-5, k -> {
                    float[] dx = random(3, total);
                    k.norm()
                            .standardizeBackward(dx, accumulate, random(4, total), random(5, rows), random(6, rows),
                                    random(7, total), filled(2, rows), mask, rows, size[1]);
                    return new float[][]{dx};
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void nothingObserved(Kernels kernels, int[] size) {
        int total = size[0] * size[1];
        check("nothing observed", kernels, random(1, total), filled(0, total), size[0], size[1], MIN_VARIANCE);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void valuesWhoseSquaresAreNoFloats(Kernels kernels) {
        for (float size : new float[]{3e38f, 1e25f, 1e-25f, 1e-30f}) {
            float[] x = {size, -size, -size, -size, -size / 2};
            check("size " + size, kernels, x, new float[]{1, 1, 1, 1, 1}, 1, 5, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void scaleByMean(Kernels kernels, int[] size) {
        int channels = size[0];
        int n = size[1];
        int total = 3 * channels * n;
        MeanScaling series = new MeanScaling(3, channels, n, 1e-3f);
        float[] sparse = mask(2, total);
        // Of the first series nothing is observed, and of the first channel nothing in any series.
        for (int i = 0; i < channels * n; i++) sparse[i] = 0;
        for (int b = 0; b < 3 && channels > 0; b++) {
            for (int t = 0; t < n; t++) sparse[b * channels * n + t] = 0;
        }
        for (float[] mask : new float[][]{null, mask(3, total), sparse}) {
            assertLikeReference("scale by mean", kernels, 1e-7, 1e-6, k -> {
                float[] y = empty(total);
                float[] scale = empty(3 * channels);
                k.norm().scaleByMean(y, scale, random(1, total), mask, series);
                return new float[][]{y, scale};
            });
            assertLikeReference("backward", kernels, 1e-5, 1e-5, k -> {
                float[] dx = random(4, total);
                float[] y = empty(total);
                float[] scale = empty(3 * channels);
                k.norm().scaleByMean(y, scale, random(1, total), mask, series);
                k.norm()
                        .scaleByMeanBackward(dx, true, random(5, total), random(6, 3 * channels), random(1, total), y,
                                scale, mask, series);
                return new float[][]{dx};
            });
        }
    }
}
