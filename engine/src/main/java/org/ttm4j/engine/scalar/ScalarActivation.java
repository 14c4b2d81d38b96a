package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.kernel.ActivationKernels;

/**
 * GELU and the gates in plain Java. Operands are copied, some hundred elements at a time, to the working memory of the
 * thread, where a loop has one index and works in place: C2, the optimising JIT compiler of the JVM, vectorises only
 * such loops, see {@link ScalarMath}. {@code Scratch.local(0, 2, n)} returns that memory, with no sums and at least 2
 * rows of n floats. The formulas are in {@link org.ttm4j.engine.reference.ReferenceActivation}.
 */
public final class ScalarActivation implements ActivationKernels {
    @Override
    public void gelu(float[] y, float[] x, int n) {
        geluWithSlope(y, null, x, n);
    }

    @Override
    public void geluWithSlope(float[] y, float[] slope, float[] x, int n) {
        System.arraycopy(x, 0, y, 0, n);
        geluInPlace(y, slope, n);
    }

    /** y = gelu(y) and, unless it is null, slope = gelu′(y). */
    static void geluInPlace(float[] y, float[] slope, int n) {
        if (slope != null) {
            System.arraycopy(y, 0, slope, 0, n);
            slopes(slope, n);
        }
        for (int i = 0; i < n; i++) y[i] = ScalarMath.gelu(y[i]);
    }

    private static void slopes(float[] x, int n) {
        for (int i = 0; i < n; i++) x[i] = ScalarMath.geluSlope(x[i]);
    }

    @Override
    public void gate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int rows, int n) {
        float[] probabilities = p == null ? logits : p;
        softmax(probabilities, logits, rows, n);
        applyGate(y, probabilities, x, residual, rows * n);
    }

    /**
     * p = softmax(x) by rows; p may be x. A row is first computed without subtracting its greatest logit, because C2
     * does not vectorise the search for a maximum. If the sum of the exponentials shows that the greatest logit lies
     * outside about −18 to 69, which is rare in a trained model, the row is computed again with the subtraction.
     */
    private static void softmax(float[] p, float[] x, int rows, int n) {
        int group = Scratch.group(rows, n);
        float[][] scratch = Scratch.local(0, 2, group * n).rows;
        float[] block = scratch[0];
        float[] factors = scratch[1];
        for (int row = 0; row < rows; row += group) {
            int length = Math.min(group, rows - row) * n;
            System.arraycopy(x, row * n, block, 0, length);
            exp(block, 0, length);
            for (int from = 0; from < length; from += n) {
                double sum = ScalarMath.sum(block, from, n);
                if (!(sum > 1e-8 && sum < 1e30)) {
                    System.arraycopy(x, row * n + from, block, from, n);
                    sum = expBelowMax(block, from, n);
                }
                Arrays.fill(factors, from, from + n, ScalarMath.probabilityFactor(sum));
            }
            probabilities(block, factors, length);
            System.arraycopy(block, 0, p, row * n, length);
        }
    }

    /** x = exp(x − max x); returns the sum. */
    private static double expBelowMax(float[] x, int from, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + n; i++) max = Math.max(max, x[i]);
        for (int i = from; i < from + n; i++) x[i] -= max;
        exp(x, from, n);
        return ScalarMath.sum(x, from, n);
    }

    /** Turns exponentials into probabilities, given the {@link ScalarMath#probabilityFactor}s. */
    private static void probabilities(float[] x, float[] factors, int n) {
        for (int i = 0; i < n; i++) x[i] = ScalarMath.probability(x[i], factors[i]);
    }

    private static void exp(float[] x, int from, int n) {
        for (int i = from; i < from + n; i++) x[i] = (float) ScalarMath.exp(x[i]);
    }

    /** y = x ⊙ p + residual. */
    private static void applyGate(float[] y, float[] p, float[] x, float[] residual, int size) {
        float[][] block = Scratch.local(0, 2, Scratch.LENGTH).rows;
        for (int at = 0; at < size; at += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, size - at);
            System.arraycopy(p, at, block[0], 0, length);
            System.arraycopy(x, at, block[1], 0, length);
            multiply(block[0], block[1], length);
            if (residual != null) {
                System.arraycopy(residual, at, block[1], 0, length);
                add(block[0], block[1], length);
            }
            System.arraycopy(block[0], 0, y, at, length);
        }
    }

    @Override
    public void gateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int rows, int n) {
        int group = Scratch.group(rows, n);
        float[][] block = Scratch.local(0, 5, group * n).rows;
        for (int row = 0; row < rows; row += group) {
            int at = row * n;
            int length = Math.min(group, rows - row) * n;
            System.arraycopy(dy, at, block[0], 0, length);
            System.arraycopy(x, at, block[1], 0, length);
            System.arraycopy(p, at, block[2], 0, length);
            products(block[3], block[1], block[0], block[1], block[2], length);
            for (int from = 0; from < length; from += n) {
                Arrays.fill(block[4], from, from + n, (float) ScalarMath.sum(block[3], from, n));
            }
            multiplyDeviations(block[1], block[4], block[2], length);
            System.arraycopy(block[1], 0, dlogits, at, length);
            multiply(block[0], block[2], length);
            if (accumulate) {
                System.arraycopy(dx, at, block[3], 0, length);
                add(block[0], block[3], length);
            }
            System.arraycopy(block[0], 0, dx, at, length);
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

    static void multiply(float[] x, float[] factor, int n) {
        for (int i = 0; i < n; i++) x[i] *= factor[i];
    }

    static void add(float[] x, float[] term, int n) {
        for (int i = 0; i < n; i++) x[i] += term[i];
    }

    @Override
    public void gateLeft(float[] y, float[] p, float[] x, float[] logits, float[] residual, int blocks, int n, int d) {
        float[] probabilities = p == null ? logits : p;
        int group = Scratch.group(blocks, d);
        Scratch scratch = Scratch.local(2, n, group * d);
        float[][] rows = scratch.rows;
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            Scratch.read(rows, 0, logits, from, count, n, d);
            softmaxOfColumns(rows, n, scratch.sums[0], scratch.sums[1], count * d);
            Scratch.write(probabilities, from, rows, 0, count, n, d);
        }
        applyGate(y, probabilities, x, residual, blocks * n * d);
    }

    /** Softmax of the n values rows[i][c] of each column c; max and sum are scratch. */
    static void softmaxOfColumns(float[][] rows, int n, float[] max, float[] sum, int length) {
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
    public void gateLeftBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int blocks, int n, int d) {
        int group = Scratch.group(blocks, d);
        // n rows each: dy, which is overwritten by the new dx; x, overwritten by dlogits; p, overwritten by the old dx.
        Scratch scratch = Scratch.local(2, 3 * n, group * d);
        float[][] rows = scratch.rows;
        float[] mean = scratch.sums[0];
        float[] dot = scratch.sums[1];
        for (int from = 0; from < blocks; from += group) {
            int count = Math.min(group, blocks - from);
            int length = count * d;
            Scratch.read(rows, 0, dy, from, count, n, d);
            Scratch.read(rows, n, x, from, count, n, d);
            Scratch.read(rows, 2 * n, p, from, count, n, d);
            Arrays.fill(mean, 0, length, 0);
            for (int i = 0; i < n; i++) {
                products(dot, rows[n + i], rows[i], rows[n + i], rows[2 * n + i], length);
                add(mean, dot, length);
            }
            for (int i = 0; i < n; i++) {
                multiplyDeviations(rows[n + i], mean, rows[2 * n + i], length);
                multiply(rows[i], rows[2 * n + i], length);
            }
            Scratch.write(dlogits, from, rows, n, count, n, d);
            if (accumulate) {
                Scratch.read(rows, 2 * n, dx, from, count, n, d);
                for (int i = 0; i < n; i++) add(rows[i], rows[2 * n + i], length);
            }
            Scratch.write(dx, from, rows, 0, count, n, d);
        }
    }

    @Override
    public void sigmoidGate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int offset, int xOffset,
            int logitsOffset, int n) {
        float[][] block = Scratch.local(0, 2, Scratch.LENGTH).rows;
        for (int at = 0; at < n; at += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, n - at);
            System.arraycopy(logits, logitsOffset + at, block[0], 0, length);
            sigmoid(block[0], length);
            if (p != null) System.arraycopy(block[0], 0, p, offset + at, length);
            System.arraycopy(x, xOffset + at, block[1], 0, length);
            multiply(block[0], block[1], length);
            if (residual != null) {
                System.arraycopy(residual, offset + at, block[1], 0, length);
                add(block[0], block[1], length);
            }
            System.arraycopy(block[0], 0, y, offset + at, length);
        }
    }

    private static void sigmoid(float[] x, int n) {
        for (int i = 0; i < n; i++) x[i] = (float) (1 / (1 + ScalarMath.exp(-x[i])));
    }

    @Override
    public void sigmoidGateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int offset, int xOffset, int logitsOffset, int n) {
        float[][] block = Scratch.local(0, 3, Scratch.LENGTH).rows;
        for (int at = 0; at < n; at += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, n - at);
            System.arraycopy(dy, offset + at, block[0], 0, length);
            System.arraycopy(p, offset + at, block[1], 0, length);
            System.arraycopy(x, xOffset + at, block[2], 0, length);
            multiply(block[0], block[1], length);
            multiplyWithRest(block[2], block[0], block[1], length);
            System.arraycopy(block[2], 0, dlogits, logitsOffset + at, length);
            if (accumulate) {
                System.arraycopy(dx, xOffset + at, block[2], 0, length);
                add(block[0], block[2], length);
            }
            System.arraycopy(block[0], 0, dx, xOffset + at, length);
        }
    }

    /** x = x ⊙ y ⊙ (1 − p). */
    private static void multiplyWithRest(float[] x, float[] y, float[] p, int n) {
        for (int i = 0; i < n; i++) x[i] = x[i] * y[i] * (1 - p[i]);
    }

    @Override
    public void softplus(float[] y, float[] slope, float[] x, float shift, int n) {
        System.arraycopy(x, 0, y, 0, n);
        if (slope != null) {
            System.arraycopy(y, 0, slope, 0, n);
            sigmoid(slope, n);
        }
        for (int i = 0; i < n; i++) y[i] = ScalarMath.softplus(y[i]) + shift;
    }
}
