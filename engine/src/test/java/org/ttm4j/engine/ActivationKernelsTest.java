package org.ttm4j.engine;

import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.assertSame;
import static org.ttm4j.engine.KernelFixtures.each;
import static org.ttm4j.engine.KernelFixtures.empty;
import static org.ttm4j.engine.KernelFixtures.part;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;

/** GELU against the reference kernels. The gates have a test of their own. */
class ActivationKernelsTest {

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    static Stream<Arguments> lengths() {
        return each(
                new int[][]{{0}, {1}, {2}, {3}, {5}, {7}, {8}, {9}, {15}, {16}, {17}, {31}, {33}, {67}, {192}, {1536}});
    }

    /** gelu; gelu and slope in one pass. */
    private static float[][] all(Kernels kernels, float[] x, int n) {
        float[] alone = empty(n);
        kernels.activation().gelu(alone, x, n);
        float[] y = empty(n);
        float[] slope = empty(n);
        kernels.activation().geluWithSlope(y, slope, x, n);
        return new float[][]{alone, y, slope};
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void geluIsExactToFloatAccuracy(Kernels kernels) {
        int n = 60_001;
        float[] x = empty(n);
        for (int i = 0; i < n; i++) x[i] = (i - n / 2) * 0.0005f;
        assertLikeReference("gelu", kernels, 1.5e-7, 2e-7, k -> {
            float[][] results = all(k, x, n);
            return new float[][]{results[0], results[1]};
        });
        assertLikeReference("slope", kernels, 4e-7, 2e-7, k -> new float[][]{all(k, x, n)[2]});
    }

    /** ∞·Φ(−∞) and ∞·φ(∞) are ∞·0 and so NaN, as in PyTorch. */
    @ParameterizedTest
    @MethodSource("implementations")
    void geluOfExtremes(Kernels kernels) {
        float infinity = Float.POSITIVE_INFINITY;
        float[] extremes = {0, -0f, Float.MIN_VALUE, 20, -20, 1e30f, -1e30f, infinity, -infinity, Float.NaN, 13.26f,
                -13.28f};
        float[] x = part(extremes, 0, extremes.length);
        assertLikeReference("extremes", kernels, 2e-9, 0, k -> all(k, x, extremes.length));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void geluOfAnElementDoesNotDependOnItsPlace(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(n, n);
        float[][] results = assertLikeReference("gelu", kernels, 4e-7, 2e-7, k -> all(k, x, n));
        for (int i = 0; i < n; i++) {
            float[][] single = all(kernels, part(x, i, 1), 1);
            for (int r = 0; r < 3; r++) assertSame("element " + i, part(results[r], i, 1), single[r]);
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void outputsMayReplaceTheInput(Kernels kernels, int[] size) {
        int n = size[0];
        float[] x = random(n, n);
        float[][] expected = all(kernels, x, n);
        float[] y = x.clone();
        kernels.activation().gelu(y, y, n);
        assertSame("gelu in place", expected[0], y);
        float[] slope = x.clone();
        kernels.activation().geluWithSlope(y, slope, slope, n);
        assertSame("gelu, the slope in place of x", expected[1], y);
        assertSame("slope in place of x", expected[2], slope);
        y = x.clone();
        kernels.activation().geluWithSlope(y, slope, y, n);
        assertSame("gelu in place of x", expected[1], y);
        assertSame("slope, gelu in place of x", expected[2], slope);
    }
}
