package org.ttm4j.engine.reference;

import org.ttm4j.engine.kernel.AttentionKernels;

/** Scaled dot-product attention, arXiv:1706.03762, for every kernel set: few models use it, on short sequences. */
public final class ReferenceAttention implements AttentionKernels {

    /** s = q·kᵀ/√width, p = softmax(s) by rows, y = p·v for each sequence and head. */
    @Override
    public void attention(float[] y, float[] p, float[] q, float[] k, float[] v, Sizes sizes) {
        int n = sizes.n();
        int d = sizes.d();
        int width = d / sizes.heads();
        double factor = 1 / Math.sqrt(width);
        for (int part = 0; part < sizes.batch() * sizes.heads(); part++) {
            int first = first(part, sizes);
            for (int i = 0; i < n; i++) {
                int row = (part * n + i) * n;
                int at = first + i * d;
                for (int j = 0; j < n; j++) p[row + j] = (float) (factor * dot(q, at, k, first + j * d, width));
                ReferenceActivation.softmax(p, p, row, 1, n);
                for (int c = 0; c < width; c++) {
                    double sum = 0;
                    for (int j = 0; j < n; j++) sum += (double) p[row + j] * v[first + j * d + c];
                    y[at + c] = (float) sum;
                }
            }
        }
    }

    /** dp = dy·vᵀ, ds = p ⊙ (dp − Σ dp·p)/√width, dq += ds·k, dk += dsᵀ·q, dv += pᵀ·dy. */
    @Override
    public void attentionBackward(float[] dq, float[] dk, float[] dv, float[] scratch, float[] dy, float[] p, float[] q,
            float[] k, float[] v, Sizes sizes) {
        int n = sizes.n();
        int d = sizes.d();
        int width = d / sizes.heads();
        double factor = 1 / Math.sqrt(width);
        for (int part = 0; part < sizes.batch() * sizes.heads(); part++) {
            int first = first(part, sizes);
            for (int i = 0; i < n; i++) {
                int row = (part * n + i) * n;
                int at = first + i * d;
                double mean = 0;
                for (int j = 0; j < n; j++) {
                    scratch[j] = (float) dot(dy, at, v, first + j * d, width);
                    mean += (double) scratch[j] * p[row + j];
                }
                for (int j = 0; j < n; j++) {
                    float ds = (float) (factor * p[row + j] * (scratch[j] - mean));
                    for (int c = 0; c < width; c++) {
                        dq[at + c] += ds * k[first + j * d + c];
                        dk[first + j * d + c] += ds * q[at + c];
                        dv[first + j * d + c] += p[row + j] * dy[at + c];
                    }
                }
            }
        }
    }

    /** The index of the first feature of a head of a sequence; its row i begins {@code i·d} elements later. */
    private static int first(int part, Sizes sizes) {
        int sequence = part / sizes.heads();
        return sequence * sizes.n() * sizes.d() + part % sizes.heads() * (sizes.d() / sizes.heads());
    }

    private static double dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += (double) a[aOffset + i] * b[bOffset + i];
        return sum;
    }
}
