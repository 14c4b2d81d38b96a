package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;

/** The reference activations in plain Java. Each copies its input first and works in place: see {@link ScalarMath}. */
public final class ScalarActivation implements ActivationKernels {
    /** How long rows are made that could be shorter: see {@link ScaledRows}. */
    private static final int LENGTH = 512;

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

    @Override
    public void softmax(float[] y, int yOffset, float[] x, int xOffset, int rows, int n) {
        System.arraycopy(x, xOffset, y, yOffset, rows * n);
        if (!ScalarMath.moderate(y, yOffset, rows * n)) {
            for (int row = yOffset; row < yOffset + rows * n; row += n) subtractMax(y, row, n);
        }
        // All rows in one loop: C2 does the ends of a loop element by element.
        exp(y, yOffset, rows * n);
        for (int row = yOffset; row < yOffset + rows * n; row += n) divideBySum(y, row, n);
    }

    /** x = softmax(x), one row. */
    static void softmax(float[] x, int xOffset, int n) {
        subtractMax(x, xOffset, n);
        exp(x, xOffset, n);
        divideBySum(x, xOffset, n);
    }

    /** Leaves a row of moderate values as it is: its softmax is the same, and must not depend on other rows. */
    private static void subtractMax(float[] x, int xOffset, int n) {
        if (ScalarMath.moderate(x, xOffset, n)) return;
        float max = ScalarMath.max(x, xOffset, n);
        for (int i = xOffset; i < xOffset + n; i++) x[i] -= max;
    }

    /** x = eˣ for x ≤ 60. */
    private static void exp(float[] x, int xOffset, int n) {
        for (int i = xOffset; i < xOffset + n; i++) x[i] = (float) ScalarMath.exp(x[i]);
    }

    private static void divideBySum(float[] x, int xOffset, int n) {
        float factor = (float) (1 / ScalarMath.sum(x, xOffset, n));
        for (int i = xOffset; i < xOffset + n; i++) x[i] *= factor;
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

    /** y = x ⊙ p + residual. */
    private static void applyGate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset,
            float[] residual, int residualOffset, int size) {
        if (residual == null) {
            for (int i = 0; i < size; i++) y[yOffset + i] = x[xOffset + i] * p[pOffset + i];
        } else if (yOffset == pOffset && yOffset == xOffset && yOffset == residualOffset) {
            // The usual case; C2 vectorises only what has one index.
            for (int i = yOffset; i < yOffset + size; i++) y[i] = x[i] * p[i] + residual[i];
        } else {
            for (int i = 0; i < size; i++) {
                y[yOffset + i] = x[xOffset + i] * p[pOffset + i] + residual[residualOffset + i];
            }
        }
    }

    @Override
    public void gateBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int rows, int n) {
        int group = Math.max(1, Math.min(rows, LENGTH / Math.max(1, n)));
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
        int group = Math.max(1, Math.min(blocks, LENGTH / Math.max(1, d)));
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
            float[] shift = scratch.sums[0];
            boolean moderate = ScalarMath.moderate(logits, logitsOffset + from * n * d, count * n * d);
            if (!moderate) {
                maxOfColumns(shift, rows, n, count * d);
                for (int block = 0; block < count; block++) {
                    // As in every row of softmax, what is moderate stays as it is.
                    if (ScalarMath.moderate(logits, logitsOffset + (from + block) * n * d, n * d)) {
                        Arrays.fill(shift, block * d, (block + 1) * d, 0);
                    }
                }
            }
            softmaxOfColumns(rows, n, moderate ? null : shift, scratch.sums[1], count * d);
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < n; i++) {
                    System.arraycopy(rows[i], block * d, p, pOffset + ((from + block) * n + i) * d, d);
                }
            }
        }
        applyGate(y, yOffset, p, pOffset, x, xOffset, residual, residualOffset, blocks * n * d);
    }

    private static void maxOfColumns(float[] max, float[][] rows, int n, int length) {
        Arrays.fill(max, 0, length, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) addMax(max, rows[i], length);
    }

    private static void addMax(float[] max, float[] row, int length) {
        for (int c = 0; c < length; c++) max[c] = Math.max(max[c], row[c]);
    }

    /** Softmax of the n values rows[i][c] of each column c. shift: what to subtract, or null; sum: length floats. */
    private static void softmaxOfColumns(float[][] rows, int n, float[] shift, float[] sum, int length) {
        Arrays.fill(sum, 0, length, 0);
        for (int i = 0; i < n; i++) addExponentials(sum, rows[i], shift, length);
        for (int c = 0; c < length; c++) sum[c] = 1 / sum[c];
        for (int i = 0; i < n; i++) scale(rows[i], sum, length);
    }

    private static void addExponentials(float[] sum, float[] row, float[] shift, int length) {
        if (shift != null) for (int c = 0; c < length; c++) row[c] -= shift[c];
        exp(row, 0, length);
        for (int c = 0; c < length; c++) sum[c] += row[c];
    }

    private static void scale(float[] row, float[] factors, int length) {
        for (int c = 0; c < length; c++) row[c] *= factors[c];
    }

    @Override
    public void gateLeftBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int blocks, int n, int d) {
        int group = Math.max(1, Math.min(blocks, LENGTH / Math.max(1, d)));
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
