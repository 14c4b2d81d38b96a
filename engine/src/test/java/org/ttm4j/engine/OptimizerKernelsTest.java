package org.ttm4j.engine;

import static org.ttm4j.engine.KernelFixtures.assertLikeReference;
import static org.ttm4j.engine.KernelFixtures.filled;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;
import org.ttm4j.engine.kernel.OptimizerKernels.AdamWSettings;

/** Several steps of AdamW against the reference kernels. */
class OptimizerKernelsTest {

    static Stream<Arguments> lengths() {
        return KernelFixtures.each(new int[][]{{0}, {1}, {7}, {16}, {17}, {97}, {256}});
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void adamW(Kernels kernels, int[] size) {
        int n = size[0];
        AdamWSettings settings = new AdamWSettings(0.9, 0.999, 1e-8, 0.1);
        assertLikeReference("w, m, v", kernels, 2e-6, 1e-6, k -> {
            float[] w = random(1, n);
            float[] m = filled(0, n);
            float[] v = filled(0, n);
            for (int t = 1; t <= 10; t++) k.optimizer().adamW(w, m, v, random(1 + t, n), n, 0.5, 1e-2, settings, t);
            // Squares are small: their error counts relative to them.
            float[] squares = new float[n];
            for (int i = 0; i < n; i++) squares[i] = (float) Math.log(v[i] + 1e-8f);
            return new float[][]{w, m, v, squares};
        });
    }
}
