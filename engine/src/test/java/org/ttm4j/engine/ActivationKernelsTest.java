package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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

/** GELU and softmax against double precision. The gates have a test of their own. */
class ActivationKernelsTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    static Stream<Arguments> lengths() {
        return each(
                new int[][]{{0}, {1}, {2}, {3}, {5}, {7}, {8}, {9}, {15}, {16}, {17}, {31}, {33}, {67}, {192}, {1536}});
    }

    static Stream<Arguments> rows() {
        return each(new int[][]{{0, 3}, {3, 0}, {1, 1}, {3, 2}, {2, 5}, {2, 7}, {3, 8}, {2, 9}, {2, 15}, {3, 16},
                {2, 17}, {1, 31}, {3, 33}, {5, 48}, {2, 97}, {4, 192}, {1, 384}});
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void geluIsExactToFloatAccuracy(Kernels kernels) {
        int n = 60_001;
        float[] x = empty(n);
        for (int i = 0; i < n; i++) x[GUARD + i] = (i - n / 2) * 0.0005f;
        float[] y = empty(n);
        float[] slope = empty(n);
        kernels.activation().gelu(y, GUARD, x, GUARD, n);
        assertClose("gelu", i -> x[GUARD + i] * distribution(x[GUARD + i]), y, 1.5e-7, 1.5e-7);
        float[] again = empty(n);
        kernels.activation().geluWithSlope(again, GUARD, slope, GUARD, x, GUARD, n);
        assertClose("gelu with slope", i -> x[GUARD + i] * distribution(x[GUARD + i]), again, 1.5e-7, 1.5e-7);
        assertClose("slope", i -> slope(x[GUARD + i]), slope, 4e-7, 1e-7);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void geluOfExtremes(Kernels kernels) {
        float[] x = guarded(0, -0f, Float.MIN_VALUE, 20, -20, 1e30f, -1e30f, INFINITY, -INFINITY, Float.NaN, 13.26f,
                -13.28f);
        int n = values(x).length;
        float[] y = empty(n);
        float[] slope = empty(n);
        kernels.activation().geluWithSlope(y, GUARD, slope, GUARD, x, GUARD, n);
        // ∞·Φ(−∞) and ∞·φ(∞) are ∞·0, as in PyTorch.
        double[] gelu = {0, 0, 0, 20, 0, 1e30f, 0, INFINITY, Double.NaN, Double.NaN, 13.26f, 0};
        double[] slopes = {0.5, 0.5, 0.5, 1, 0, 1, 0, Double.NaN, Double.NaN, Double.NaN, 1, 0};
        assertClose("gelu", i -> gelu[i], y, 1e-30, 0);
        float[] alone = empty(n);
        kernels.activation().gelu(alone, GUARD, x, GUARD, n);
        assertClose("gelu without slope", i -> gelu[i], alone, 1e-30, 0);
        assertClose("slope", i -> slopes[i], slope, 2e-9, 0);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void geluOfAnElementDoesNotDependOnItsPlace(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(n, n);
        float[] y = empty(n);
        float[] slope = empty(n);
        kernels.activation().geluWithSlope(y, GUARD, slope, GUARD, x, GUARD, n);
        float[] single = empty(n);
        float[] singleSlope = empty(n);
        for (int i = GUARD; i < GUARD + n; i++) kernels.activation().geluWithSlope(single, i, singleSlope, i, x, i, 1);
        assertSame("gelu", values(single), values(y));
        assertSame("slope", values(singleSlope), values(slope));
        kernels.activation().gelu(y, GUARD, x, GUARD, n);
        for (int i = GUARD; i < GUARD + n; i++) kernels.activation().gelu(single, i, x, i, 1);
        assertSame("gelu without slope", values(single), values(y));
        kernels.activation().gelu(x, GUARD, x, GUARD, n);
        assertSame("gelu in place", values(y), values(x));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void slopeMayReplaceTheInput(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(n, n);
        float[] y = empty(n);
        float[] slope = empty(n);
        kernels.activation().geluWithSlope(y, GUARD, slope, GUARD, x, GUARD, n);
        float[] again = empty(n);
        kernels.activation().geluWithSlope(again, GUARD, x, GUARD, x, GUARD, n);
        assertSame("gelu", values(y), values(again));
        assertSame("slope", values(slope), values(x));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void softmax(Kernels kernels, int[] size) {
        int n = size[1];
        float[] x = random(n, size[0] * n);
        for (int i = 0; i < size[0] * n; i++) x[GUARD + i] *= 5;
        float[] y = empty(size[0] * n);
        kernels.activation().softmax(y, GUARD, x, GUARD, size[0], n);
        assertClose("softmax", i -> softmax(x, GUARD + i - i % n, 1, n)[i % n], y, 1e-7, 4e-7);
        for (int row = 0; row < size[0]; row++) {
            float[] alone = empty(n);
            kernels.activation().softmax(alone, GUARD, x, GUARD + row * n, 1, n);
            int from = GUARD + row * n;
            assertSame("row " + row, values(alone), Arrays.copyOfRange(y, from, from + n));
        }
        kernels.activation().softmax(x, GUARD, x, GUARD, size[0], n);
        assertSame("in place", values(y), values(x));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void softmaxOfExtremes(Kernels kernels, int[] size) {
        int n = size[0];
        for (int at = 0; at < n; at += 1 + n / 7) {
            float[] x = empty(n);
            Arrays.fill(x, GUARD, GUARD + n, -INFINITY);
            assertTrue(Float.isNaN(softmaxOf(kernels, x, n)[at]), "all −∞");
            x[GUARD + at] = -1e30f;
            float[] y = softmaxOf(kernels, x, n);
            for (int i = 0; i < n; i++) assertEquals(i == at ? 1 : 0, y[i], "the only finite value");
            Arrays.fill(x, GUARD, GUARD + n, -200);
            x[GUARD + at] = 3e38f;
            y = softmaxOf(kernels, x, n);
            for (int i = 0; i < n; i++) assertEquals(i == at ? 1 : 0, y[i], "one great value");
            for (float bad : new float[]{INFINITY, Float.NaN}) {
                x[GUARD + at] = bad;
                for (float value : softmaxOf(kernels, x, n)) assertTrue(Float.isNaN(value), "a row with " + bad);
            }
        }
    }

    private static float[] softmaxOf(Kernels kernels, float[] x, int n) {
        float[] y = empty(n);
        kernels.activation().softmax(y, GUARD, x, GUARD, 1, n);
        return values(y);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void softmaxBackward(Kernels kernels, int[] size) {
        int n = size[1];
        int total = size[0] * n;
        float[] p = empty(total);
        kernels.activation().softmax(p, GUARD, random(n, total), GUARD, size[0], n);
        float[] dp = random(n + 1, total);
        double[] expected = new double[total];
        for (int i = 0; i < total; i++) {
            double dot = 0;
            for (int j = i - i % n; j < i - i % n + n; j++) dot += (double) dp[GUARD + j] * p[GUARD + j];
            expected[i] = p[GUARD + i] * (dp[GUARD + i] - dot);
        }
        float[] dx = random(3, total);
        float[] before = dx.clone();
        kernels.activation().softmaxBackward(dx, GUARD, true, dp, GUARD, p, GUARD, size[0], n);
        assertClose("accumulated", i -> before[GUARD + i] + expected[i], dx, 1e-6, 0);
        kernels.activation().softmaxBackward(dp, GUARD, false, dp, GUARD, p, GUARD, size[0], n);
        assertClose("in place of dp", i -> expected[i], dp, 5e-7, 0);
    }

    /** Softmax in double of the n values from x[from] that lie stride apart. */
    static double[] softmax(float[] x, int from, int stride, int n) {
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double[] p = new double[n];
        for (int i = 0; i < n; i++) max = Math.max(max, x[from + i * stride]);
        for (int i = 0; i < n; i++) sum += p[i] = Math.exp(x[from + i * stride] - max);
        for (int i = 0; i < n; i++) p[i] /= sum;
        return p;
    }

    /** Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …); beyond 7, where the tail is 1e-12, a step. */
    private static double distribution(double x) {
        if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-18; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * density(x);
    }

    private static double density(double x) {
        return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    private static double slope(double x) {
        return distribution(x) + x * density(x);
    }
}
