package org.ttm4j.engine;

import static org.ttm4j.engine.KernelFixtures.GUARD;
import static org.ttm4j.engine.KernelFixtures.assertClose;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.guarded;
import static org.ttm4j.engine.KernelFixtures.random;
import static org.ttm4j.engine.KernelFixtures.values;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** LayerNorm and BatchNorm against double precision. */
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
            for (int i = GUARD; i < GUARD + rows * d; i++) x[i] += offset;
            float[] y = empty(rows * d);
            float[] mean = new float[rows];
            float[] rstd = new float[rows];
            kernels.norm().layerNorm(y, GUARD, mean, rstd, x, GUARD, gain, GUARD, bias, GUARD, rows, d, EPS);
            for (int row = 0; row < rows; row++) {
                double[] expected = moments(x, GUARD + row * d, 1, d);
                assertClose("mean", i -> expected[0], guarded(mean[row]), 3e-7, 1e-6);
                assertClose("rstd", i -> 1 / Math.sqrt(expected[1] + EPS), guarded(rstd[row]), 0, 1e-6);
                int at = GUARD + row * d;
                assertClose("y, offset " + offset,
                        j -> (x[at + j] - expected[0]) / Math.sqrt(expected[1] + EPS) * gain[GUARD + j]
                                + bias[GUARD + j],
                        guarded(Arrays.copyOfRange(y, at, at + d)), 1.5e-6, 1e-6);
                float[] alone = empty(d);
                kernels.norm().layerNorm(alone, GUARD, null, null, x, at, gain, GUARD, bias, GUARD, 1, d, EPS);
                assertSame("row " + row, values(alone), Arrays.copyOfRange(y, at, at + d));
            }
            kernels.norm().layerNorm(x, GUARD, mean, rstd, x, GUARD, gain, GUARD, bias, GUARD, rows, d, EPS);
            assertSame("in place", values(y), values(x));
        }
    }

    /** Sums are of deviations from a value near the mean, which must not be the odd one out. */
    @ParameterizedTest
    @MethodSource("sizes")
    void layerNormOfAnOutlier(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = empty(d);
        Arrays.fill(gain, GUARD, GUARD + d, 1);
        float[] bias = empty(d);
        Arrays.fill(bias, GUARD, GUARD + d, 0);
        float[] x = random(3, rows * d);
        for (int row = 0; row < rows; row++) x[GUARD + row * d] += 1000;
        float[] y = empty(rows * d);
        kernels.norm().layerNorm(y, GUARD, null, null, x, GUARD, gain, GUARD, bias, GUARD, rows, d, EPS);
        for (int row = 0; row < rows; row++) {
            int at = GUARD + row * d;
            double[] expected = moments(x, at, 1, d);
            assertClose("y", j -> (x[at + j] - expected[0]) / Math.sqrt(expected[1] + EPS),
                    guarded(Arrays.copyOfRange(y, at, at + d)), 1e-6, 5e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void layerNormBackward(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = random(1, d);
        float[] x = random(2, rows * d);
        float[] dy = random(3, rows * d);
        float[] mean = new float[rows];
        float[] rstd = new float[rows];
        kernels.norm()
                .layerNorm(empty(rows * d), GUARD, mean, rstd, x, GUARD, gain, GUARD, random(4, d), GUARD, rows, d,
                        EPS);
        float[] dx = random(5, rows * d);
        float[] dgain = random(6, d);
        float[] dbias = random(7, d);
        double[] expected = new double[rows * d];
        double[] expectedGain = new double[d];
        double[] expectedBias = new double[d];
        for (int j = 0; j < d; j++) {
            expectedGain[j] = dgain[GUARD + j];
            expectedBias[j] = dbias[GUARD + j];
        }
        for (int row = 0; row < rows; row++) {
            double meanG = 0;
            double meanDot = 0;
            for (int j = 0; j < d; j++) {
                int at = GUARD + row * d + j;
                double normalised = ((double) x[at] - mean[row]) * rstd[row];
                meanG += (double) dy[at] * gain[GUARD + j] / d;
                meanDot += (double) dy[at] * gain[GUARD + j] * normalised / d;
                expectedGain[j] += dy[at] * normalised;
                expectedBias[j] += dy[at];
            }
            for (int j = 0; j < d; j++) {
                int at = GUARD + row * d + j;
                double normalised = ((double) x[at] - mean[row]) * rstd[row];
                expected[row * d + j] = rstd[row] * ((double) dy[at] * gain[GUARD + j] - meanG - normalised * meanDot);
            }
        }
        float[] before = dx.clone();
        double tolerance = d == 1 ? 1e-3 : 1e-5; // one value alone has rstd = 316
        kernels.norm()
                .layerNormBackward(dx, GUARD, true, dgain, GUARD, dbias, GUARD, dy, GUARD, x, GUARD, mean, rstd, gain,
                        GUARD, rows, d);
        assertClose("dx accumulated", i -> before[GUARD + i] + expected[i], dx, tolerance, 1e-5);
        assertClose("dgain", j -> expectedGain[j], dgain, 1e-5, 1e-6);
        assertClose("dbias", j -> expectedBias[j], dbias, 1e-5, 1e-6);
        float[] dgainAgain = empty(d);
        Arrays.fill(dgainAgain, GUARD, GUARD + d, 0);
        float[] dbiasAgain = dgainAgain.clone();
        kernels.norm()
                .layerNormBackward(dy, GUARD, false, dgainAgain, GUARD, dbiasAgain, GUARD, dy, GUARD, x, GUARD, mean,
                        rstd, gain, GUARD, rows, d);
        assertClose("dx in place of dy", i -> expected[i], dy, tolerance, 1e-5);
        assertClose("dbias", j -> expectedBias[j] - random(7, d)[GUARD + j], dbiasAgain, 1e-5, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void featureMoments(Kernels kernels, int[] size) {
        int rows = Math.max(size[0], 1);
        int d = size[1];
        float[] x = random(1, rows * d);
        for (int i = GUARD; i < GUARD + rows * d; i++) x[i] += 3000;
        float[] mean = new float[d];
        float[] variance = new float[d];
        kernels.norm().featureMoments(mean, variance, x, GUARD, rows, d);
        assertClose("mean", j -> moments(x, GUARD + j, d, rows)[0], guarded(mean), 0, 1e-7);
        assertClose("variance", j -> moments(x, GUARD + j, d, rows)[1], guarded(variance), 1e-12, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void batchNorm(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = random(1, d);
        float[] bias = random(2, d);
        float[] x = random(3, rows * d);
        float[] mean = values(random(4, d));
        float[] variance = values(random(5, d));
        for (int j = 0; j < d; j++) variance[j] = 0.5f + Math.abs(variance[j]);
        float[] y = empty(rows * d);
        kernels.norm().batchNorm(y, GUARD, x, GUARD, mean, variance, gain, GUARD, bias, GUARD, rows, d, EPS);
        assertClose("y", i -> normalised(x, mean, variance, i, d) * gain[GUARD + i % d] + bias[GUARD + i % d], y, 1e-6,
                1e-6);
        kernels.norm().batchNorm(x, GUARD, x, GUARD, mean, variance, gain, GUARD, bias, GUARD, rows, d, EPS);
        assertSame("in place", values(y), values(x));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void batchNormBackward(Kernels kernels, int[] size) {
        int rows = size[0];
        int d = size[1];
        float[] gain = random(1, d);
        float[] x = random(2, rows * d);
        float[] dy = random(3, rows * d);
        float[] mean = values(random(4, d));
        float[] variance = values(random(5, d));
        for (int j = 0; j < d; j++) variance[j] = 0.5f + Math.abs(variance[j]);
        for (int form = 0; form < 4; form++) {
            boolean batchStatistics = (form & 1) != 0;
            boolean accumulate = (form & 2) != 0;
            float[] dx = accumulate ? random(6, rows * d) : empty(rows * d);
            float[] before = dx.clone();
            float[] dgain = random(7, d);
            float[] dbias = random(8, d);
            double[] sums = new double[d];
            double[] dots = new double[d];
            for (int i = 0; i < rows * d; i++) {
                sums[i % d] += dy[GUARD + i];
                dots[i % d] += dy[GUARD + i] * normalised(x, mean, variance, i, d);
            }
            float[] gainBefore = dgain.clone();
            float[] biasBefore = dbias.clone();
            kernels.norm()
                    .batchNormBackward(dx, GUARD, accumulate, dgain, GUARD, dbias, GUARD, dy, GUARD, x, GUARD, mean,
                            variance, gain, GUARD, rows, d, EPS, batchStatistics);
            assertClose("dgain", j -> gainBefore[GUARD + j] + dots[j], dgain, 1e-5, 1e-6);
            assertClose("dbias", j -> biasBefore[GUARD + j] + sums[j], dbias, 1e-5, 1e-6);
            assertClose("dx, form " + form, i -> {
                double inner = dy[GUARD + i];
                if (batchStatistics) {
                    inner -= sums[i % d] / rows + normalised(x, mean, variance, i, d) * dots[i % d] / rows;
                }
                double gradient = gain[GUARD + i % d] / Math.sqrt((double) variance[i % d] + EPS) * inner;
                return accumulate ? before[GUARD + i] + gradient : gradient;
            }, dx, 1e-5, 1e-5);
        }
    }

    private static double normalised(float[] x, float[] mean, float[] variance, int i, int d) {
        return ((double) x[GUARD + i] - mean[i % d]) / Math.sqrt((double) variance[i % d] + EPS);
    }

    /** Mean and biased variance of the n values from x[from] that lie stride apart. */
    static double[] moments(float[] x, int from, int stride, int n) {
        double mean = 0;
        double variance = 0;
        for (int i = 0; i < n; i++) mean += (double) x[from + i * stride] / n;
        for (int i = 0; i < n; i++) variance += Math.pow(x[from + i * stride] - mean, 2) / n;
        return new double[]{mean, variance};
    }
}
