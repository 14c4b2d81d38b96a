package org.ttm4j.engine.kernel;

/** Scaled dot-product attention over short sequences, and its gradient. Stateless and thread-safe. */
public interface AttentionKernels {

    /**
     * The sizes of an attention operation.
     *
     * @param batch number of sequences
     * @param n rows (time steps or patches) in a sequence
     * @param d features of a row
     * @param heads number of heads, a divisor of d; head h owns features h·d/heads … (h+1)·d/heads − 1
     */
    record Sizes(int batch, int n, int d, int heads) {}

    /**
     * For each sequence and head: p = softmax(q·kᵀ/√(d/heads)) over rows, y = p·v.
     * q, k, v, y: batch × n × d; p: batch × heads × n × n (kept for backward). y may not alias.
     * Source: Vaswani et al. 2017, arXiv:1706.03762.
     */
    void attention(float[] y, float[] p, float[] q, float[] k, float[] v, Sizes sizes);

    /**
     * Backward of {@link #attention}: with dp = dy·vᵀ and ds = p ⊙ (dp − Σ dp·p)/√(d/heads) adds ds·k to dq, dsᵀ·q to dk
     * and pᵀ·dy to dv. scratch: at least n floats.
     */
    void attentionBackward(float[] dq, float[] dk, float[] dv, float[] scratch, float[] dy, float[] p, float[] q,
            float[] k, float[] v, Sizes sizes);
}
