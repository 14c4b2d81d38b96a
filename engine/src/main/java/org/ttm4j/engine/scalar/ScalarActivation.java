package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.ActivationKernels;

/** The reference activations in plain Java. Each copies its input first and works in place: see {@link ScalarMath}. */
public final class ScalarActivation implements ActivationKernels {
    private static final ThreadLocal<float[][]> COLUMNS = ThreadLocal.withInitial(() -> new float[2][0]);

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
        for (int row = 0; row < rows; row++) softmax(y, yOffset + row * n, n);
    }

    /** x = softmax(x), one row. */
    static void softmax(float[] x, int xOffset, int n) {
        float max = ScalarMath.max(x, xOffset, n);
        for (int i = xOffset; i < xOffset + n; i++) x[i] = (float) ScalarMath.exp(x[i] - max);
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
        softmax(p, pOffset, logits, logitsOffset, rows, n);
        applyGate(y, yOffset, p, pOffset, x, xOffset, residual, residualOffset, rows * n);
    }

    /** y = x ⊙ p + residual. */
    private static void applyGate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset,
            float[] residual, int residualOffset, int size) {
        if (residual == null) {
            for (int i = 0; i < size; i++) y[yOffset + i] = x[xOffset + i] * p[pOffset + i];
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

    /** One of two rows of scratch memory of this thread, at least d floats, so that no call allocates. */
    private static float[] columns(int index, int d) {
        float[][] columns = COLUMNS.get();
        if (columns[index].length < d) columns[index] = new float[d];
        return columns[index];
    }

    @Override
    public void gateLeft(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int blocks, int n, int d) {
        float[] max = columns(0, d);
        float[] sum = columns(1, d);
        for (int block = 0; block < blocks; block++) {
            int at = block * n * d;
            Arrays.fill(max, 0, d, Float.NEGATIVE_INFINITY);
            Arrays.fill(sum, 0, d, 0);
            for (int i = 0; i < n; i++) {
                int from = logitsOffset + at + i * d;
                for (int j = 0; j < d; j++) max[j] = Math.max(max[j], logits[from + j]);
            }
            int end = pOffset + at + n * d;
            System.arraycopy(logits, logitsOffset + at, p, pOffset + at, n * d);
            for (int row = pOffset + at; row < end; row += d) {
                for (int j = 0; j < d; j++) p[row + j] -= max[j];
            }
            for (int i = pOffset + at; i < end; i++) p[i] = (float) ScalarMath.exp(p[i]);
            for (int row = pOffset + at; row < end; row += d) {
                for (int j = 0; j < d; j++) sum[j] += p[row + j];
            }
            for (int j = 0; j < d; j++) sum[j] = 1 / sum[j];
            for (int row = pOffset + at; row < end; row += d) {
                for (int j = 0; j < d; j++) p[row + j] *= sum[j];
            }
        }
        applyGate(y, yOffset, p, pOffset, x, xOffset, residual, residualOffset, blocks * n * d);
    }

    @Override
    public void gateLeftBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset,
            float[] dy, int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int blocks, int n, int d) {
        float[] mean = columns(0, d);
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
