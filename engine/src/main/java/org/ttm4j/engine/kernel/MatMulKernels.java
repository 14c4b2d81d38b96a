package org.ttm4j.engine.kernel;

/**
 * Matrix products in every orientation that forward and backward need. All matrices are float32 and row-major, and an
 * operand begins at the first element of its array. Outputs come first and never alias inputs; sizes come last.
 *
 * <p>Every product adds the terms of an element in the order of the summed index, rounding after each, so that the
 * result of a row or block does not depend on which other rows or blocks are computed in the same call. Only
 * {@link #addLeftTransposedProduct} may use another order, which depends on the sizes alone.
 *
 * <p>Products from the right ({@code y = x·B}) read B in a packed form, which is rebuilt only after the weights change.
 * Products from the left ({@code y[b] = W·x[b]}) mix the rows of each block, as patch mixing does, without a transpose.
 * Stateless and thread-safe.
 */
public interface MatMulKernels {

    /** The number of floats in a packed k × n matrix. */
    int packedSize(int k, int n);

    /** Packs B (k × n, row-major) for {@link #multiply}. Overwrites packed[0 .. packedSize(k, n)). */
    void pack(float[] packed, float[] b, int k, int n);

    /** Packs B = Wᵀ, where W is n × k row-major (the weight {@code [out, in]} of a linear layer). */
    void packTransposed(float[] packed, float[] w, int k, int n);

    /** y = x·B + bias, added to y when {@code accumulate}. y: m × n; x: m × k; packed: B, k × n; bias: n, or null. */
    void multiply(float[] y, float[] x, float[] packed, float[] bias, int m, int n, int k, boolean accumulate);

    /**
     * y = gelu(x·B + bias); {@code slope}, unless null, receives gelu′ at the same points (m × n, for backward).
     * Otherwise as {@link #multiply}; y and slope must not alias.
     */
    void multiplyGelu(float[] y, float[] slope, float[] x, float[] packed, float[] bias, int m, int n, int k);

    /** dw += dyᵀ·x, the gradient of a linear layer's weight. dw: n × k; dy: m × n; x: m × k. */
    void addTransposedProduct(float[] dw, float[] dy, float[] x, int m, int n, int k);

    /**
     * y[b] = W·x[b] + bias (one per row), or y[b] += … when {@code accumulate}, for each of {@code blocks} blocks.
     * y[b]: n × d; W: n × k; x[b]: k × d; bias: n floats, or null.
     * With {@code transposed}, w holds Wᵀ (k × n): dx = Wᵀ·dy, the backward of the same product.
     */
    void multiplyLeft(float[] y, float[] w, boolean transposed, float[] bias, float[] x, int blocks, int n, int k,
            int d, boolean accumulate);

    /** y[b] = gelu(W·x[b] + bias); {@code slope}, unless null, receives gelu′. Otherwise as {@link #multiplyLeft}. */
    void multiplyLeftGelu(float[] y, float[] slope, float[] w, float[] bias, float[] x, int blocks, int n, int k,
            int d);

    /**
     * y[b] = x[b] ⊙ softmax(W·x[b] + bias) + residual[b], the softmax down each column: {@link #multiplyLeft} and
     * {@link ActivationKernels#gateLeft} in one call for inference, so that the logits stay in the CPU caches. x[b],
     * y[b]: n × d; W: n × n; bias: n; residual may be null. y must not alias x, but may alias residual.
     */
    void multiplyLeftGate(float[] y, float[] w, float[] bias, float[] x, float[] residual, int blocks, int n, int d);

    /** dw += Σ over b of dy[b]·x[b]ᵀ. dw: n × k; dy[b]: n × d; x[b]: k × d. */
    void addLeftTransposedProduct(float[] dw, float[] dy, float[] x, int blocks, int n, int k, int d);
}
