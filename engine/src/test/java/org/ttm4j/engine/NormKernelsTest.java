package org.ttm4j.engine;

import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.assertRowsAlone;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.filled;
import static org.ttm4j.engine.KernelFixtures.part;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.NormKernels.FeatureStatistics;
import org.ttm4j.engine.kernel.NormKernels.RowStatistics;

/** LayerNorm and BatchNorm against the reference kernels. */
class NormKernelsTest {
    private static final float EPS = 1e-5f;

    static Stream<Arguments> sizes() {
        return each(new int[][]{{0, 3}, {1, 1}, {3, 2}, {2, 7}, {3, 8}, {2, 9}, {2, 15}, {3, 16}, {2, 17}, {19, 31},
                {3, 33}, {40, 48}, {2, 97}, {16, 192}});
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void layerNorm(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = random(1, d);
        float[] bias = random(2, d);
        // A mean thousands of times the standard deviation must not cost accuracy beyond what x itself has lost.
        for (float offset : new float[]{0, 1, -3000}) {
            float[] x = random(3, rows * d);
            for (int i = 0; i < rows * d; i++) x[i] += offset;
            float[] y = assertLikeReference("offset " + offset, kernels, 1.5e-6, 1e-6, k -> {
                RowStatistics statistics = new RowStatistics(empty(rows), empty(rows));
                float[] result = empty(rows * d);
                k.norm().layerNorm(result, statistics, x, gain, bias, rows, d, EPS);
                return new float[][]{result, statistics.mean(), statistics.rstd()};
            })[0];
            assertRowsAlone(y, rows, d, from -> {
                float[] alone = empty(d);
                kernels.norm().layerNorm(alone, null, part(x, from, d), gain, bias, 1, d, EPS);
                return alone;
            });
            kernels.norm().layerNorm(x, null, x, gain, bias, rows, d, EPS);
            assertSame("in place", y, x);
        }
    }

    /** Sums are of deviations from a value near the mean, which must not be the odd one out. */
    @ParameterizedTest
    @MethodSource("sizes")
    void layerNormOfAnOutlier(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] x = random(3, rows * d);
        for (int row = 0; row < rows; row++) x[row * d] += 1000;
        assertLikeReference("outlier", kernels, 1e-6, 5e-6, k -> {
            float[] y = empty(rows * d);
            k.norm().layerNorm(y, null, x, filled(1, d), filled(0, d), rows, d, EPS);
            return new float[][]{y};
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void layerNormBackward(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = random(1, d);
        float[] x = random(2, rows * d);
        RowStatistics statistics = new RowStatistics(empty(rows), empty(rows));
        KernelSelection.reference().norm().layerNorm(empty(rows * d), statistics, x, gain, gain, rows, d, EPS);
        double tolerance = d == 1 ? 1e-3 : 1e-5; // one value alone has rstd = 316
        for (boolean accumulate : new boolean[]{false, true}) {
            assertLikeReference("accumulate " + accumulate, kernels, tolerance, 1e-5, k -> {
                float[] dy = random(3, rows * d);
                float[] dx = accumulate ? random(5, rows * d) : dy;
                float[] dgain = random(6, d);
                float[] dbias = random(7, d);
                k.norm().layerNormBackward(dx, accumulate, dgain, dbias, dy, x, statistics, gain, rows, d);
                return new float[][]{dx, dgain, dbias};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void featureMoments(Kernels kernels, int[] size) {
        int rows = Math.max(size[0], 1);
        int d = size[1];
        float[] x = random(1, rows * d);
        for (int i = 0; i < rows * d; i++) x[i] += 3000;
        assertLikeReference("mean, variance", kernels, 1e-12, 1e-6, k -> {
            float[] mean = empty(d);
            float[] variance = empty(d);
            k.norm().featureMoments(mean, variance, x, rows, d);
            return new float[][]{mean, variance};
        });
    }

    /** Means and variances for d features. */
    private static FeatureStatistics statistics(int d, boolean ofBatch) {
        float[] variance = random(5, d);
        for (int j = 0; j < d; j++) variance[j] = 0.5f + Math.abs(variance[j]);
        return new FeatureStatistics(random(4, d), variance, EPS, ofBatch);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void batchNorm(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = random(1, d);
        float[] bias = random(2, d);
        float[] x = random(3, rows * d);
        float[] y = assertLikeReference("y", kernels, 1e-6, 1e-6, k -> {
            float[] result = empty(rows * d);
            k.norm().batchNorm(result, x, statistics(d, false), gain, bias, rows, d);
            return new float[][]{result};
        })[0];
        kernels.norm().batchNorm(x, x, statistics(d, false), gain, bias, rows, d);
        assertSame("in place", y, x);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void batchNormBackward(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        for (int form = 0; form < 4; form++) {
            FeatureStatistics statistics = statistics(d, (form & 1) != 0);
            boolean accumulate = (form & 2) != 0;
            assertLikeReference("form " + form, kernels, 1e-5, 1e-5, k -> {
                float[] dx = accumulate ? random(6, rows * d) : empty(rows * d);
                float[] dgain = random(7, d);
                float[] dbias = random(8, d);
                k.norm()
                        .batchNormBackward(dx, accumulate, dgain, dbias, random(3, rows * d), random(2, rows * d),
                                statistics, random(1, d), rows, d);
                return new float[][]{dx, dgain, dbias};
            });
        }
    }
}
