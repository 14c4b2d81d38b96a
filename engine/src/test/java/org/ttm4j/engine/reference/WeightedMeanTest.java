package org.ttm4j.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of smoothing against differences in double, with steps so small that medians stay where they are. */
class WeightedMeanTest {
    private static final double STEP = 1e-7;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 16, 17, 52, 95, 128})
    void equalsDifferences(int n) {
        Random random = new Random(n);
        double[] x = new double[n];
        double[] dy = new double[n];
        for (int t = 0; t < n; t++) {
            x[t] = random.nextFloat(-1, 1) + (t % 7 == 3 ? 20 : 0);
            dy[t] = random.nextFloat(-1, 1);
        }
        double[] gradient = new double[n];
        ReferenceSeries.WeightedMean.of(x).backward(gradient, dy);
        for (int t = 0; t < n; t++) {
            double difference = (sum(x, dy, t, STEP) - sum(x, dy, t, -STEP)) / (2 * STEP);
            assertEquals(difference, gradient[t], 1e-5 * (1 + Math.abs(difference)), "step " + t);
        }
    }

    /** ⟨dy, smooth(x)⟩ where a step of x is moved. */
    private static double sum(double[] x, double[] dy, int moved, double by) {
        double[] series = x.clone();
        series[moved] += by;
        double[] smoothed = ReferenceSeries.WeightedMean.of(series).s;
        double sum = 0;
        for (int t = 0; t < x.length; t++) sum += dy[t] * smoothed[t];
        return sum;
    }
}
