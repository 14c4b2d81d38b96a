package org.ttm4j.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of smoothing against differences in double, with steps so small that medians stay where they are. */
class SmoothGradientTest {
    private static final double STEP = 1e-7;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 16, 17, 52, 95, 128})
    void equalsDifferences(int n) {
        Random random = new Random(n);
        float[] x = new float[n];
        float[] dy = new float[n];
        for (int t = 0; t < n; t++) {
            x[t] = random.nextFloat(-1, 1) + (t % 7 == 3 ? 20 : 0);
            dy[t] = random.nextFloat(-1, 1);
        }
        double[] gradient = new SmoothGradient(x, 0, n).of(dy, 0);
        for (int t = 0; t < n; t++) {
            double difference = (sum(x, dy, t, STEP) - sum(x, dy, t, -STEP)) / (2 * STEP);
            assertEquals(difference, gradient[t], 1e-5 * (1 + Math.abs(difference)), "step " + t);
        }
    }

    /** ⟨dy, smooth(x)⟩ where a step of x is moved. */
    private static double sum(float[] x, float[] dy, int moved, double by) {
        double[] series = new double[x.length];
        for (int t = 0; t < x.length; t++) series[t] = x[t] + (t == moved ? by : 0);
        double[] smoothed = ReferenceSeries.smooth(series);
        double sum = 0;
        for (int t = 0; t < x.length; t++) sum += dy[t] * smoothed[t];
        return sum;
    }
}
