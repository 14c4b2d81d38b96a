package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.engine.KernelFixtures.random;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.engine.kernel.Kernels;

/** The losses, which are the same kernels in every set, against formulas, their slopes against differences of them. */
class LossKernelsTest {

    static Stream<Kernels> implementations() {
        return KernelFixtures.implementations();
    }

    /** A loss kernel with its parameter bound. */
    private interface Loss {
        double of(float[] slope, float[] output, float[] target, float[] mask, int n);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void mse(Kernels kernels) {
        check(kernels.loss()::mse, e -> e * e, 0);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void mae(Kernels kernels) {
        check(kernels.loss()::mae, Math::abs, 0);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void pinball(Kernels kernels) {
        for (float q : new float[]{0.1f, 0.5f, 0.9f}) {
            check((slope, output, target, mask, n) -> kernels.loss().pinball(slope, output, target, mask, n, q),
                    e -> Math.max(q * e, (q - 1) * e), (1 - 2 * q) / 2);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void huber(Kernels kernels) {
        for (float delta : new float[]{0.5f, 1, 2}) {
            check((slope, output, target, mask, n) -> kernels.loss().huber(slope, output, target, mask, n, delta),
                    e -> Math.abs(e) <= delta ? e * e / 2 : delta * (Math.abs(e) - delta / 2), 0);
        }
    }

    private static void check(Loss kernel, DoubleUnaryOperator loss, double slopeAtZero) {
        for (int n : new int[]{0, 1, 7, 16, 97}) {
            float[] output = random(1, n);
            float[] target = random(2, n);
            float[] mask = new float[n];
            for (int i = 0; i < n; i++) {
                mask[i] = i % 3 == 1 ? 0 : 1;
                if (mask[i] == 0) target[i] = Float.NaN;
            }
            double expected = 0;
            for (int i = 0; i < n; i++)
                if (mask[i] != 0) expected += loss.applyAsDouble((double) target[i] - output[i]);
            float[] slope = new float[n];
            assertEquals(expected, kernel.of(slope, output, target, mask, n), 1e-6 * n);
            assertEquals(expected, kernel.of(null, output, target, mask, n), 1e-6 * n);
            for (int i = 0; i < n; i++) {
                double e = (double) target[i] - output[i];
                double h = 1e-6;
                double difference = (loss.applyAsDouble(e - h) - loss.applyAsDouble(e + h)) / (2 * h);
                assertEquals(mask[i] == 0 ? 0 : difference, slope[i], 2e-6, "slope at e = " + e);
            }
            if (n > 1) assertTrue(Double.isNaN(kernel.of(slope, output, target, null, n)), "NaN is observed");
        }
        float[] slope = {9};
        assertEquals(0, kernel.of(slope, new float[]{3}, new float[]{3}, null, 1));
        assertEquals(slopeAtZero, slope[0], 1e-7);
    }
}
