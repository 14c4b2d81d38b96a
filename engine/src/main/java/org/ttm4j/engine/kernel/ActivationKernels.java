package org.ttm4j.engine.kernel;

/** GELU, gates and softplus, with gradients. An operand without an offset begins at element 0. Thread-safe. */
public interface ActivationKernels {

    /** y = x·Φ(x), Φ(x) = (1 + erf(x/√2))/2, exact to float accuracy. y may alias x. Source: arXiv:1606.08415. */
    void gelu(float[] y, float[] x, int n);

    /**
     * y = gelu(x) and slope = gelu′(x) = Φ(x) + x·φ(x) in one pass. y or slope (not both) may alias x. The last bits of
     * y may differ from those of {@link #gelu}.
     */
    void geluWithSlope(float[] y, float[] slope, float[] x, int n);

    /**
     * The gate of a mixer block: y = x ⊙ p + residual with p = softmax(logits) over each row of n. A probability below
     * 2e-22 (e^−50) times the greatest in its row may be set to 0: it is too small to change a sum, but gradients
     * multiplied by it would be denormal numbers, on which processors are slow. All arrays rows × n; p receives the
     * softmax, which backward needs, and may alias logits; if p is null, the kernel may use logits as scratch memory;
     * residual may be null; y may alias residual or x.
     */
    default void gate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int rows, int n) {
        gateLeft(y, p, x, logits, residual, rows, n, 1);
    }

    /**
     * Backward of {@link #gate}: dx = dy ⊙ p (added when {@code accumulate}), and, with dp = dy ⊙ x,
     * dlogits = p ⊙ (dp − Σ dp·p), overwritten. (The gradient of the residual is dy itself.)
     */
    default void gateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int rows, int n) {
        gateLeftBackward(dx, accumulate, dlogits, dy, x, p, rows, n, 1);
    }

    /** As {@link #gate}, with the softmax over the n rows of each n × d block (per column): mixing over patches. */
    void gateLeft(float[] y, float[] p, float[] x, float[] logits, float[] residual, int blocks, int n, int d);

    /** Backward of {@link #gateLeft}; otherwise as {@link #gateBackward}. */
    void gateLeftBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p, int blocks,
            int n, int d);

    /**
     * The sigmoid gate: y = x ⊙ p + residual with p = σ(logits) = 1/(1 + e^−logits). p receives the sigmoid, which
     * backward needs, and may alias logits, or is null; residual may be null; y may alias residual or x. Each operand has n
     * elements: x from xOffset on, the logits from logitsOffset on, y, p and the residual from offset on. A gated linear
     * unit needs these offsets, because its x and logits alternate, block by block, in one array.
     */
    void sigmoidGate(float[] y, float[] p, float[] x, float[] logits, float[] residual, int offset, int xOffset,
            int logitsOffset, int n);

    /**
     * Backward of {@link #sigmoidGate}: dx = dy ⊙ p (added when {@code accumulate}), dlogits = dy ⊙ x ⊙ p ⊙ (1 − p),
     * overwritten. (The gradient of the residual is dy itself.) dx begins at xOffset, and dlogits at logitsOffset.
     */
    void sigmoidGateBackward(float[] dx, boolean accumulate, float[] dlogits, float[] dy, float[] x, float[] p,
            int offset, int xOffset, int logitsOffset, int n);

    /**
     * y = ln(1 + eˣ) + shift and, unless it is null, slope = σ(x). Exact to float accuracy, so x itself from some 17 on.
     * y or slope (not both) may alias x. Source: Dugas et al. 2001, NeurIPS 13.
     */
    void softplus(float[] y, float[] slope, float[] x, float shift, int n);
}
