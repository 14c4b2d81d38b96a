package org.ttm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.engine.KernelFixtures.random;
import static org.ttm4j.engine.KernelFixtures.values;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention against double precision, its gradients against central differences of Σ dy·y. */
class AttentionKernelsTest {

    /** batch, n, d, heads. */
    static Stream<Arguments> sizes() {
        return KernelFixtures.each(new int[][]{{0, 2, 4, 2}, {1, 1, 1, 1}, {2, 3, 4, 1}, {2, 5, 6, 3}, {1, 8, 16, 4}});
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void attention(Kernels kernels, int[] size) {
        int batch = size[0];
        int n = size[1];
        int d = size[2];
        int heads = size[3];
        int total = batch * n * d;
        float[][] inputs = {values(random(1, total)), values(random(2, total)), values(random(3, total))};
        float[] y = new float[total];
        float[] p = new float[batch * heads * n * n];
        kernels.attention().attention(y, p, inputs[0], inputs[1], inputs[2], batch, n, d, heads);
        double[][] exact = {toDouble(inputs[0]), toDouble(inputs[1]), toDouble(inputs[2])};
        double[] expected = attention(exact, batch, n, d, heads);
        for (int i = 0; i < total; i++) assertEquals(expected[i], y[i], 2e-6, "y[" + i + "]");

        float[] dy = values(random(4, total));
        float[][] gradients = {values(random(5, total)), values(random(6, total)), values(random(7, total))};
        float[][] before = {gradients[0].clone(), gradients[1].clone(), gradients[2].clone()};
        kernels.attention()
                .attentionBackward(gradients[0], gradients[1], gradients[2], new float[n * n], dy, p, inputs[0],
                        inputs[1], inputs[2], batch, n, d, heads);
        double h = 1e-5;
        for (int input = 0; input < 3; input++) {
            for (int i = 0; i < total; i++) {
                double value = exact[input][i];
                exact[input][i] = value + h;
                double above = dot(dy, attention(exact, batch, n, d, heads));
                exact[input][i] = value - h;
                double below = dot(dy, attention(exact, batch, n, d, heads));
                exact[input][i] = value;
                double gradient = before[input][i] + (above - below) / (2 * h);
                assertEquals(gradient, gradients[input][i], 1e-5, "gradient " + input + " [" + i + "]");
            }
        }
    }

    private static double[] attention(double[][] qkv, int batch, int n, int d, int heads) {
        double[] y = new double[batch * n * d];
        int width = d / heads;
        for (int row = 0; row < batch * n; row++) {
            int first = row - row % n;
            for (int head = 0; head < heads; head++) {
                double[] weights = new double[n];
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    double score = 0;
                    for (int c = head * width; c < (head + 1) * width; c++) {
                        score += qkv[0][row * d + c] * qkv[1][(first + j) * d + c];
                    }
                    sum += weights[j] = Math.exp(score / Math.sqrt(width));
                }
                for (int j = 0; j < n; j++) {
                    for (int c = head * width; c < (head + 1) * width; c++) {
                        y[row * d + c] += weights[j] / sum * qkv[2][(first + j) * d + c];
                    }
                }
            }
        }
        return y;
    }

    private static double dot(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] toDouble(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) y[i] = x[i];
        return y;
    }
}
