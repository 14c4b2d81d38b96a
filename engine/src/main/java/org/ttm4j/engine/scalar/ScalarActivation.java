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
        for (int i = xOffset; i < xOffset + n; i++) {
            double value = x[i];
            x[i] = (float) (value * ScalarMath.distribution(value));
        }
    }

    @Override
    public void geluWithSlope(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset, int n) {
        System.arraycopy(x, xOffset, y, yOffset, n);
        System.arraycopy(x, xOffset, slope, slopeOffset, n);
        gelu(y, yOffset, n);
        for (int i = slopeOffset; i < slopeOffset + n; i++) slope[i] = (float) ScalarMath.geluSlope(slope[i]);
    }

    @Override
    public void softmax(float[] y, int yOffset, float[] x, int xOffset, int rows, int n) {
        System.arraycopy(x, xOffset, y, yOffset, rows * n);
        for (int row = yOffset; row < yOffset + rows * n; row += n) subtractMax(y, row, n);
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

    private static void subtractMax(float[] x, int xOffset, int n) {
        float max = ScalarMath.max(x, xOffset, n);
        for (int i = xOffset; i < xOffset + n; i++) x[i] -= max;
    }

    /** x = eˣ for x ≤ 0. */
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
        for (int row = 0; row < rows; row++) {
            int at = row * n;
            double dot = 0;
            for (int i = at; i < at + n; i++) {
                dot += (double) (dy[dyOffset + i] * x[xOffset + i]) * p[pOffset + i];
            }
            float mean = (float) dot;
            for (int i = at; i < at + n; i++) {
                float dp = dy[dyOffset + i] * x[xOffset + i];
                dlogits[dlogitsOffset + i] = p[pOffset + i] * (dp - mean);
            }
            for (int i = at; i < at + n; i++) {
                float gradient = dy[dyOffset + i] * p[pOffset + i];
                dx[dxOffset + i] = accumulate ? dx[dxOffset + i] + gradient : gradient;
            }
        }
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
            softmaxOfColumns(rows, n, scratch.sums[0], scratch.sums[1], count * d);
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < n; i++) {
                    System.arraycopy(rows[i], block * d, p, pOffset + ((from + block) * n + i) * d, d);
                }
            }
        }
        applyGate(y, yOffset, p, pOffset, x, xOffset, residual, residualOffset, blocks * n * d);
    }

    /** Softmax of the n values rows[i][c] of each column c. max, sum: scratch of length floats. */
    private static void softmaxOfColumns(float[][] rows, int n, float[] max, float[] sum, int length) {
        Arrays.fill(max, 0, length, Float.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, length, 0);
        for (int i = 0; i < n; i++) addMax(max, rows[i], length);
        for (int i = 0; i < n; i++) addExponentials(sum, rows[i], max, length);
        for (int c = 0; c < length; c++) sum[c] = 1 / sum[c];
        for (int i = 0; i < n; i++) scale(rows[i], sum, length);
    }

    private static void addMax(float[] max, float[] row, int length) {
        for (int c = 0; c < length; c++) max[c] = Math.max(max[c], row[c]);
    }

    private static void addExponentials(float[] sum, float[] row, float[] max, int length) {
        for (int c = 0; c < length; c++) row[c] -= max[c];
        exp(row, 0, length);
        for (int c = 0; c < length; c++) sum[c] += row[c];
    }

    private static void scale(float[] row, float[] factors, int length) {
        for (int c = 0; c < length; c++) row[c] *= factors[c];
    }

    @Override
    public void gateLeftBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int blocks, int n, int d) {
        float[] mean = Scratch.local(1, 0, d).sums[0];
        for (int block = 0; block < blocks; block++) {
            int at = block * n * d;
            Arrays.fill(mean, 0, d, 0);
            for (int i = 0; i < n; i++) {
                int row = at + i * d;
                for (int j = 0; j < d; j++) {
                    mean[j] += dy[dyOffset + row + j] * x[xOffset + row + j] * p[pOffset + row + j];
                }
            }
            for (int i = 0; i < n; i++) {
                int row = at + i * d;
                for (int j = 0; j < d; j++) {
                    float dp = dy[dyOffset + row + j] * x[xOffset + row + j];
                    dlogits[dlogitsOffset + row + j] = p[pOffset + row + j] * (dp - mean[j]);
                }
            }
        }
        for (int i = 0; i < blocks * n * d; i++) {
            float gradient = dy[dyOffset + i] * p[pOffset + i];
            dx[dxOffset + i] = accumulate ? dx[dxOffset + i] + gradient : gradient;
        }
    }
}
