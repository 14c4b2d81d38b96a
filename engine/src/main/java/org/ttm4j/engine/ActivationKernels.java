package org.ttm4j.engine;

/** GELU, softmax and the softmax gate, with their gradients. Stateless and thread-safe. */
public interface ActivationKernels {

    /** y = x·Φ(x), Φ(x) = (1 + erf(x/√2))/2, exact to float accuracy. y may alias x. Source: arXiv:1606.08415. */
    void gelu(float[] y, int yOffset, float[] x, int xOffset, int n);

    /**
     * y = gelu(x) and slope = gelu′(x) = Φ(x) + x·φ(x) in one pass. y or slope (not both) may alias x. The last bits of
     * y may differ from those of {@link #gelu}.
     */
    void geluWithSlope(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset, int n);

    /**
     * Softmax over each row: y = exp(x − max)/Σ exp(x − max), where what is below 2e-22 of the greatest may count as 0, as
     * in every gate. x, y: rows × n; y may alias x.
     */
    void softmax(float[] y, int yOffset, float[] x, int xOffset, int rows, int n);

    /** dx = p ⊙ (dp − Σ dp·p) per row (added when {@code accumulate}); dx may alias dp when not accumulating. */
    void softmaxBackward(float[] dx, int dxOffset, boolean accumulate, float[] dp, int dpOffset, float[] p, int pOffset,
            int rows, int n);

    /**
     * The gate of a mixer block: y = x ⊙ p + residual with p = softmax(logits) over each row of n.
     * All arrays rows × n; p takes the softmax (kept for backward; may alias logits), or is null, and then logits may be
     * overwritten; residual may be null; y may alias residual or x.
     */
    void gate(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits, int logitsOffset,
            float[] residual, int residualOffset, int rows, int n);

    /**
     * Backward of {@link #gate}: dx = dy ⊙ p (added when {@code accumulate}), and with dp = dy ⊙ x
     * dlogits = p ⊙ (dp − Σ dp·p), overwritten. (The residual's gradient is dy itself.)
     */
    void gateBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset, float[] dy,
            int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int rows, int n);

    /** As {@link #gate}, with the softmax over the n rows of each n × d block (per column): mixing over patches. */
    void gateLeft(float[] y, int yOffset, float[] p, int pOffset, float[] x, int xOffset, float[] logits,
            int logitsOffset, float[] residual, int residualOffset, int blocks, int n, int d);

    /** Backward of {@link #gateLeft}; otherwise as {@link #gateBackward}. */
    void gateLeftBackward(float[] dx, int dxOffset, boolean accumulate, float[] dlogits, int dlogitsOffset, float[] dy,
            int dyOffset, float[] x, int xOffset, float[] p, int pOffset, int blocks, int n, int d);
}
