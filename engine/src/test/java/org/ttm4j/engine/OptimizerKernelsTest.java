package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.engine.KernelFixtures.random;
import static org.ttm4j.engine.KernelFixtures.values;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** AdamW against its formula in double over several steps. */
class OptimizerKernelsTest {

    static Stream<Arguments> lengths() {
        return KernelFixtures.each(new int[][]{{0}, {1}, {7}, {16}, {17}, {97}, {256}});
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void adamW(Kernels kernels, int[] size) {
        int n = size[0];
        float[] w = values(random(1, n + 1));
        float[] m = new float[n + 1];
        float[] v = new float[n + 1];
        float untouched = w[n];
        double[] expected = new double[n];
        double[] mean = new double[n];
        double[] square = new double[n];
        for (int i = 0; i < n; i++) expected[i] = w[i];
        for (int t = 1; t <= 10; t++) {
            float[] g = values(random(1 + t, n + 1));
            kernels.optimizer().adamW(w, m, v, g, n, 0.5, 1e-2, 0.9, 0.999, 1e-8, 0.1, t);
            for (int i = 0; i < n; i++) {
                double gradient = 0.5 * g[i];
                mean[i] = 0.9 * mean[i] + 0.1 * gradient;
                square[i] = 0.999 * square[i] + 0.001 * gradient * gradient;
                double meanHat = mean[i] / (1 - Math.pow(0.9, t));
                double squareHat = square[i] / (1 - Math.pow(0.999, t));
                expected[i] -= 1e-2 * (0.1 * expected[i] + meanHat / (Math.sqrt(squareHat) + 1e-8));
                assertEquals(expected[i], w[i], 2e-6, "w[" + i + "] at step " + t);
                assertEquals(mean[i], m[i], 1e-6, "m[" + i + "] at step " + t);
                assertEquals(square[i], v[i], 1e-8 + 1e-6 * square[i], "v[" + i + "] at step " + t);
            }
        }
        assertEquals(untouched, w[n], "beyond the end");
    }
}
