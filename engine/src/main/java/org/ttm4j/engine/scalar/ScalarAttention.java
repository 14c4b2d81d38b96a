package org.ttm4j.engine.scalar;

import org.ttm4j.engine.AttentionKernels;

/** The reference attention in plain Java. */
public final class ScalarAttention implements AttentionKernels {

    @Override
    public void attention(float[] y, float[] p, float[] q, float[] k, float[] v, int batch, int n, int d, int heads) {
        int width = d / heads;
        float factor = (float) (1 / Math.sqrt(width));
        for (int sequence = 0; sequence < batch; sequence++) {
            for (int head = 0; head < heads; head++) {
                int features = sequence * n * d + head * width; // row i of this head starts at features + i·d
                int scores = (sequence * heads + head) * n * n;
                for (int i = 0; i < n; i++) {
                    int row = scores + i * n;
                    for (int j = 0; j < n; j++) {
                        p[row + j] = factor * dot(q, features + i * d, k, features + j * d, width);
                    }
                    ScalarActivation.softmax(p, row, n);
                    clear(y, features + i * d, width);
                    for (int j = 0; j < n; j++) addScaled(y, features + i * d, v, features + j * d, p[row + j], width);
                }
            }
        }
    }

    @Override
    public void attentionBackward(float[] dq, float[] dk, float[] dv, float[] scratch, float[] dy, float[] p, float[] q,
            float[] k, float[] v, int batch, int n, int d, int heads) {
        int width = d / heads;
        float factor = (float) (1 / Math.sqrt(width));
        for (int sequence = 0; sequence < batch; sequence++) {
            for (int head = 0; head < heads; head++) {
                int features = sequence * n * d + head * width;
                int scores = (sequence * heads + head) * n * n;
                for (int i = 0; i < n; i++) {
                    int row = scores + i * n;
                    int at = features + i * d;
                    // dp = dy·vᵀ, then through the softmax: ds = p ⊙ (dp − Σ dp·p).
                    double mean = 0;
                    for (int j = 0; j < n; j++) {
                        scratch[j] = dot(dy, at, v, features + j * d, width);
                        mean += (double) scratch[j] * p[row + j];
                    }
                    for (int j = 0; j < n; j++) {
                        float ds = factor * p[row + j] * (scratch[j] - (float) mean);
                        addScaled(dq, at, k, features + j * d, ds, width);
                        addScaled(dk, features + j * d, q, at, ds, width);
                        addScaled(dv, features + j * d, dy, at, p[row + j], width);
                    }
                }
            }
        }
    }

    private static float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += (double) a[aOffset + i] * b[bOffset + i];
        return (float) sum;
    }

    private static void addScaled(float[] y, int yOffset, float[] x, int xOffset, float factor, int n) {
        for (int i = 0; i < n; i++) y[yOffset + i] += factor * x[xOffset + i];
    }

    private static void clear(float[] y, int yOffset, int n) {
        for (int i = yOffset; i < yOffset + n; i++) y[i] = 0;
    }
}
