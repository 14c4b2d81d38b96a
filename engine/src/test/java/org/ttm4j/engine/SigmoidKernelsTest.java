package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.mask;
import static org.ttm4j.engine.KernelFixtures.part;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;

/** The sigmoid gate, softplus, and the maps of gates in groups and of quantiles, against the reference kernels. */
class SigmoidKernelsTest {
    private static final int AT = 3;

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    static Stream<Arguments> lengths() {
        return each(new int[][]{{0}, {1}, {3}, {7}, {8}, {9}, {15}, {16}, {17}, {33}, {192}, {1009}});
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void gate(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(1, AT + n);
        float[] logits = random(2, AT + n);
        for (float[] residual : new float[][]{null, random(3, AT + n)}) {
            assertLikeReference("gate", kernels, 5e-7, 5e-7, k -> {
                float[] y = random(4, AT + n);
                float[] p = random(5, AT + n);
                float[] without = random(4, AT + n);
                k.activation().sigmoidGate(y, p, x, logits, residual, AT, 1, 2, n);
                k.activation().sigmoidGate(without, null, x, logits, residual, AT, 1, 2, n);
                float[] inPlace = logits.clone();
                k.activation().sigmoidGate(inPlace, inPlace, x, inPlace, residual, AT, AT, AT, 0);
                return new float[][]{y, p, without, inPlace};
            });
        }
        float[] p = random(6, AT + n);
        for (boolean accumulate : new boolean[]{false, true}) {
            assertLikeReference("backward", kernels, 1e-6, 1e-6, k -> {
                float[] dx = random(7, AT + n);
                float[] dlogits = random(8, AT + n);
                k.activation().sigmoidGateBackward(dx, accumulate, dlogits, x, logits, p, AT, 1, 2, n);
                return new float[][]{dx, dlogits};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void extremes(Kernels kernels) {
        float[] extremes = {0, -0f, 1e-30f, 20, -20, 45, -45, 200, -200, 1e30f, -1e30f, Float.POSITIVE_INFINITY,
                Float.NaN};
        int n = extremes.length;
        float[] x = part(extremes, 0, n);
        float[] ones = KernelFixtures.filled(1, n);
        assertLikeReference("sigmoid and softplus", kernels, 1e-20, 3e-7, k -> {
            float[] y = empty(n);
            float[] slope = empty(n);
            float[] p = empty(n);
            k.activation().softplus(y, slope, x, 0, n);
            k.activation().sigmoidGate(p, null, ones, x, null, 0, 0, 0, n);
            return new float[][]{y, slope, p};
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void softplusIsExactToFloatAccuracy(Kernels kernels) {
        int n = 40_001;
        float[] x = empty(n);
        for (int i = 0; i < n; i++) x[i] = (i - n / 2) * 0.001f;
        assertLikeReference("softplus", kernels, 0, 1e-6, k -> {
            float[] y = empty(n);
            float[] slope = empty(n);
            k.activation().softplus(y, slope, x, 0.25f, n);
            float[] alone = empty(n);
            k.activation().softplus(alone, null, x, 0, n);
            return new float[][]{y, slope, alone};
        });
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void mapsOfQuantiles(Kernels kernels, int[] size) {
        int n = size[0];
        float[] a = random(1, n);
        float[] b = random(2, n);
        for (int i = 0; i < n; i += 3) b[i] = -a[i];
        for (boolean accumulate : new boolean[]{false, true}) {
            assertLikeReference("signedNorm", kernels, 1e-6, 1e-6, k -> {
                float[] y = empty(n);
                k.elementwise().signedNorm(y, a, b, 1e-8f, n);
                float[] da = random(3, n);
                k.elementwise().signedNormBackward(da, accumulate, random(4, n), a, b, 1e-8f, n);
                return new float[][]{y, da};
            });
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void rowsAndGroups(Kernels kernels) {
        for (int[] s : new int[][]{{0, 1, 1}, {1, 1, 1}, {2, 3, 1}, {3, 4, 5}, {7, 5, 16}, {2, 24, 9}}) {
            int n = s[0] * s[1] * s[2];
            float[] x = random(1, n);
            float[] scale = random(2, s[0] * s[1]);
            float[] shift = random(3, s[0] * s[1]);
            for (boolean accumulate : new boolean[]{false, true}) {
                assertLikeReference("rows and groups", kernels, 1e-6, 1e-6, k -> {
                    float[] means = random(4, n);
                    k.elementwise().groupMeans(means, x, s[0], s[1], s[2], accumulate);
                    float[] y = empty(n);
                    k.elementwise().unscaleRows(y, x, scale, shift, s[0] * s[1], s[2]);
                    return new float[][]{means, y};
                });
            }
        }
    }

    /** The mean of the pinball losses of the levels, which have a kernel of their own, and the penalty on widths. */
    @ParameterizedTest
    @MethodSource("implementations")
    void quantileLoss(Kernels kernels) {
        float[] levels = {0.1f, 0.5f, 0.8f};
        float[] widths = {-0.3f, 0, 0.2f};
        int rows = 2;
        int n = 5;
        float[] output = random(1, rows * 3 * n);
        float[] target = random(2, rows * n);
        for (float[] mask : new float[][]{null, mask(3, rows * n)}) {
            double expected = 0;
            float[] slopes = empty(rows * 3 * n);
            for (int row = 0; row < rows; row++) {
                for (int q = 0; q < 3; q++) {
                    int at = (row * 3 + q) * n;
                    float[] slope = new float[n];
                    float[] rowMask = mask == null ? null : part(mask, row * n, n);
                    expected += kernels.loss()
                            .pinball(slope, part(output, at, n), part(target, row * n, n), rowMask, n, levels[q]) / 3;
                    for (int t = 0; t < n; t++) {
                        boolean observed = mask == null || mask[row * n + t] != 0;
                        if (observed) expected += widths[q] * output[at + t];
                        slopes[at + t] = observed ? slope[t] / 3 + widths[q] : 0;
                    }
                }
            }
            float[] actual = empty(rows * 3 * n);
            double sum = kernels.loss().quantiles(actual, output, target, mask, levels, widths, rows, n);
            assertEquals(expected, sum, 1e-6);
            assertArrayEquals(slopes, actual, 1e-6f);
            assertEquals(expected, kernels.loss().quantiles(null, output, target, mask, levels, widths, rows, n), 1e-6);
        }
    }
}
