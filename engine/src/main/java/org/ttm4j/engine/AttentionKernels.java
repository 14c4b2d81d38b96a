package org.ttm4j.engine;

/** Scaled dot-product attention over short sequences, and its gradient. Stateless and thread-safe. */
public interface AttentionKernels {

    /**
     * For each of {@code batch} sequences of n rows × d features and each head h, which owns features
     * h·d/heads … (h+1)·d/heads − 1: p = softmax(q·kᵀ/√(d/heads)) over rows, y = p·v.
     * q, k, v, y: batch × n × d; p: batch × heads × n × n (kept for backward). y may not alias.
     * Source: Vaswani et al. 2017, arXiv:1706.03762.
     */
    void attention(float[] y, float[] p, float[] q, float[] k, float[] v, int batch, int n, int d, int heads);

    /** Backward: adds to dq, dk, dv. scratch: at least n floats. */
    void attentionBackward(float[] dq, float[] dk, float[] dv, float[] scratch, float[] dy, float[] p, float[] q,
            float[] k, float[] v, int batch, int n, int d, int heads);
}
