package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;

/** The reference activations in plain Java. Each copies its input first and works in place: see {@link ScalarMath}. */
public final class ScalarActivation implements ActivationKernels {
    @Override
    public void gelu(float[] y, int yOffset, float[] x, int xOffset, int n) {
        System.arraycopy(x, xOffset, y, yOffset, n);
        gelu(y, yOffset, n);
    }

    /** x = gelu(x). */
    private static void gelu(float[] x, int xOffset, int n) {
        for (int i = xOffset; i < xOffset + n; i++) x[i] = ScalarMath.gelu(x[i]);
    }

    @Override
    public void geluWithSlope(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset, int n) {
        System.arraycopy(x, xOffset, y, yOffset, n);
        System.arraycopy(x, xOffset, slope, slopeOffset, n);
        gelu(y, yOffset, n);
        for (int i = slopeOffset; i < slopeOffset + n; i++) slope[i] = ScalarMath.geluSlope(slope[i]);
    }

    /**
     * First without subtracting the greatest logit, which C2 finds one element at a time. Where the sum shows that it lies
     * beyond some −18 or 69, which in a trained model is rare, the row is done again.
     */
    @Override
    public void softmax(float[] y, int yOffset, float[] x, int xOffset, int rows, int n) {
        int group = Math.max(1, Math.min(rows, Scratch.LENGTH / Math.max(1, n)));
        float[][] scratch = Scratch.local(0, 2, group * n).rows;
        float[] block = scratch[0];
        float[] factors = scratch[1];
        for (int row = 0; row < rows; row += group) {
            int at = row * n;
            int length = Math.min(group, rows - row) * n;
            System.arraycopy(x, xOffset + at, block, 0, length);
            exp(block, 0, length);
            for (int from = 0; from < length; from += n) {
                double sum = ScalarMath.sum(block, from, n);
                if (!(sum > 1e-8 && sum < 1e30)) {
                    System.arraycopy(x, xOffset + at + from, block, from, n);
                    sum = expBelowMax(block, from, n);
                }
                Arrays.fill(factors, from, from + n, ScalarMath.probabilityFactor(sum));
            }
            probabilities(block, factors, length);
            System.arraycopy(block, 0, y, yOffset + at, length);
        }
    }

    /** x = softmax(x), one row. */
    static void softmax(float[] x, int xOffset, int n) {
        float factor = ScalarMath.probabilityFactor(expBelowMax(x, xOffset, n));
        for (int i = xOffset; i < xOffset + n; i++) x[i] = ScalarMath.probability(x[i], factor);
    }

    /** x = exp(x − max x); returns the sum. */
    private static double expBelowMax(float[] x, int xOffset, int n) {
        float max = ScalarMath.max(x, xOffset, n);
        for (int i = xOffset; i < xOffset + n; i++) x[i] -= max;
        exp(x, xOffset, n);
        return ScalarMath.sum(x, xOffset, n);
    }

    private static void probabilities(float[] x, float[] factors, int n) {
        for (int i = 0; i < n; i++) x[i] = ScalarMath.probability(x[i], factors[i]);
    }

    private static void exp(float[] x, int xOffset, int n) {
        for (int i = xOffset; i < xOffset + n; i++) x[i] = (float) ScalarMath.exp(x[i]);
    }

    @Override
    public void softmaxBackward(float[] dx, int dxOffset, boolean accumulate, float[] dp, int dpOffset, float[] p,
            int pOffset, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            double dot = 0;
            for (int i = 0; i < n; i++) dot += (double) dp[dpOffset + at + i] * p[pOffset + at + i];
            float mean = (float) dot;
            for (int i = at; i < at + n; i++) {
                float gradient = p[pOffset + i] * (dp[dpOffset + i] - mean);
                dx[dxOffset + i] = accumulate ? dx[dxOffset + i] + gradient : gradient;
            }
        }
    }

    @Override
    public void gate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int rows, int n) {
        if (p == null) {
            gate(y, yOffset, logits, logitsOffset, x, xOffset, logits, logitsOffset, residual, residualOffset, rows, n);
            return;
        }
        softmax(p, pOffset, logits, logitsOffset, rows, n);
        applyGate(y, yOffset, p, pOffset, x, xOffset, residual, residualOffset, rows * n);
    }

    /** y = x ⊙ p + residual, by way of scratch, where all have one index. */
    private static void applyGate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset,
            float[] residual, int residualOffset, int size) {
        float[][] block = Scratch.local(0, 2, Scratch.LENGTH).rows;
        for (int at = 0; at < size; at += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, size - at);
            System.arraycopy(p, pOffset + at, block[0], 0, length);
            System.arraycopy(x, xOffset + at, block[1], 0, length);
            multiply(block[0], block[1], length);
            if (residual != null) {
                System.arraycopy(residual, residualOffset + at, block[1], 0, length);
                add(block[0], block[1], length);
            }
            System.arraycopy(block[0], 0, y, yOffset + at, length);
        }
    }

    @Override
    public void gateBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int rows, int n) {
        int group = Math.max(1, Math.min(rows, Scratch.LENGTH / Math.max(1, n)));
        float[][] block = Scratch.local(0, 5, group * n).rows;
        for (int row = 0; row < rows; row += group) {
            int count = Math.min(group, rows - row);
            int at = row * n;
            int length = count * n;
            System.arraycopy(dy, dyOffset + at, block[0], 0, length);
            System.arraycopy(x, xOffset + at, block[1], 0, length);
            System.arraycopy(p, pOffset + at, block[2], 0, length);
            products(block[3], block[1], block[0], block[1], block[2], length);
            for (int from = 0; from < length; from += n) {
                Arrays.fill(block[4], from, from + n, (float) ScalarMath.sum(block[3], from, n));
            }
            multiplyDeviations(block[1], block[4], block[2], length);
            System.arraycopy(block[1], 0, dlogits, dlogitsOffset + at, length);
            multiply(block[0], block[2], length);
            put(dx, dxOffset + at, accumulate, block[0], block[3], length);
        }
    }

    /** dp = dy ⊙ x, and dot = dp ⊙ p. dp may be x. */
    private static void products(float[] dot, float[] dp, float[] dy, float[] x, float[] p, int n) {
        for (int i = 0; i < n; i++) {
            float product = dy[i] * x[i];
            dp[i] = product;
            dot[i] = product * p[i];
        }
    }

    /** x = (x − mean) ⊙ p. */
    private static void multiplyDeviations(float[] x, float[] mean, float[] p, int n) {
        for (int i = 0; i < n; i++) x[i] = (x[i] - mean[i]) * p[i];
    }

    private static void multiply(float[] x, float[] factor, int n) {
        for (int i = 0; i < n; i++) x[i] *= factor[i];
    }

    private static void add(float[] x, float[] term, int n) {
        for (int i = 0; i < n; i++) x[i] += term[i];
    }

    /** y = x, or y += x, for which x and scratch are overwritten. */
    private static void put(float[] y, int yOffset, boolean accumulate, float[] x, float[] scratch, int n) {
        if (accumulate) {
            System.arraycopy(y, yOffset, scratch, 0, n);
            add(x, scratch, n);
        }
        System.arraycopy(x, 0, y, yOffset, n);
    }

    @Override
    public void gateLeft(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int blocks, int n, int d) {
        if (p == null) {
            gateLeft(y, yOffset, logits, logitsOffset, x, xOffset, logits, logitsOffset, residual, residualOffset,
                    blocks, n, d);
            return;
        }
        // The same row of several blocks is one row, as in products from the left.
        int group = Math.max(1, Math.min(blocks, Scratch.LENGTH / Math.max(1, d)));
        Scratch scratch = Scratch.local(2, n, group * d);
        float[][] rows = scratch.rows;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < n; i++) {
                    int at = ((from + block) * n + i) * d;
                    System.arraycopy(logits, logitsOffset + at, rows[i], block * d, d);
                }
            }
            softmaxOfColumns(rows, n, scratch.sums[0], scratch.sums[1], count * d);
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < n; i++) {
                    System.arraycopy(rows[i], block * d, p, pOffset + ((from + block) * n + i) * d, d);
                }
            }
        }
        applyGate(y, yOffset, p, pOffset, x, xOffset, residual, residualOffset, blocks * n * d);
    }

    /** Softmax of the n values rows[i][c] of each column c; max and sum are scratch. */
    private static void softmaxOfColumns(float[][] rows, int n, float[] max, float[] sum, int length) {
        Arrays.fill(max, 0, length, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) takeMax(max, rows[i], length);
        Arrays.fill(sum, 0, length, 0);
        for (int i = 0; i < n; i++) {
            subtract(rows[i], max, length);
            exp(rows[i], 0, length);
            add(sum, rows[i], length);
        }
        for (int c = 0; c < length; c++) sum[c] = ScalarMath.probabilityFactor(sum[c]);
        for (int i = 0; i < n; i++) probabilities(rows[i], sum, length);
    }

    private static void takeMax(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) x[i] = Math.max(x[i], y[i]);
    }

    private static void subtract(float[] x, float[] term, int n) {
        for (int i = 0; i < n; i++) x[i] -= term[i];
    }

    @Override
    public void gateLeftBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int blocks, int n, int d) {
        int group = Math.max(1, Math.min(blocks, Scratch.LENGTH / Math.max(1, d)));
        Scratch scratch = Scratch.local(2, 3 * n, group * d);
        float[][] rows = scratch.rows;
        float[] mean = scratch.sums[0];
        float[] dot = scratch.sums[1];
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            int length = count * d;
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < n; i++) {
                    int at = ((from + block) * n + i) * d;
                    System.arraycopy(dy, dyOffset + at, rows[i], block * d, d);
                    System.arraycopy(x, xOffset + at, rows[n + i], block * d, d);
                    System.arraycopy(p, pOffset + at, rows[2 * n + i], block * d, d);
                }
            }
            Arrays.fill(mean, 0, length, 0);
            for (int i = 0; i < n; i++) {
                products(dot, rows[n + i], rows[i], rows[n + i], rows[2 * n + i], length);
                add(mean, dot, length);
            }
            for (int i = 0; i < n; i++) {
                multiplyDeviations(rows[n + i], mean, rows[2 * n + i], length);
                multiply(rows[i], rows[2 * n + i], length);
            }
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < n; i++) {
                    int at = ((from + block) * n + i) * d;
                    System.arraycopy(rows[n + i], block * d, dlogits, dlogitsOffset + at, d);
                    if (accumulate) addTo(dx, dxOffset + at, rows[i], block * d, dot, mean, d);
                    else System.arraycopy(rows[i], block * d, dx, dxOffset + at, d);
                }
            }
        }
    }

    /** y += x, by way of two arrays of scratch. */
    private static void addTo(float[] y, int yOffset, float[] x, int xOffset, float[] a, float[] b, int n) {
        System.arraycopy(x, xOffset, a, 0, n);
        put(y, yOffset, true, a, b, n);
    }
}
