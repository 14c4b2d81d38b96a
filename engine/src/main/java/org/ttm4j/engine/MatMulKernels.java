package org.ttm4j.engine;

/**
 * Matrix products in every orientation that forward and backward need. All matrices are float32 and row-major;
 * sizes come last. Outputs never alias inputs. Every product accumulates its terms in the order of the summed
 * index with one rounding chain per element ({@link #addLeftTransposedProduct} alone in an order of its own, which
 * depends on the sizes only), so that a row's result does not depend on how many other rows are
 * computed with it.
 *
 * <p>Products from the right ({@code y = x·B}) read B in a packed form, made once per change of the weights.
 * Products from the left ({@code y[b] = W·x[b]}) mix the rows of each block, as patch mixing does, without a
 * transpose. Stateless and thread-safe.
 */
public interface MatMulKernels {

    /** The number of floats that a packed k × n matrix takes. */
    int packedSize(int k, int n);

    /** Packs B (k × n, row-major) for {@link #multiply}. Overwrites packed[0 .. packedSize(k, n)). */
    void pack(float[] packed, float[] b, int bOffset, int k, int n);

    /** Packs B = Wᵀ, where W is n × k row-major (a linear layer's {@code [out, in]} weight). */
    void packTransposed(float[] packed, float[] w, int wOffset, int k, int n);

    /**
     * y = x·B + bias, or y += x·B (+ bias) when {@code accumulate}.
     * y: m × n; x: m × k; packed: B, k × n; bias: n floats from {@code biasOffset}, or null.
     */
    void multiply(float[] y, int yOffset, float[] x, int xOffset, float[] packed, float[] bias, int biasOffset, int m,
            int n, int k, boolean accumulate);

    /**
     * y = gelu(x·B + bias); {@code slope}, unless null, takes gelu′ at the same points (m × n, for backward).
     * Otherwise as {@link #multiply}; y and slope must not alias.
     */
    void multiplyGelu(float[] y, int yOffset, float[] slope, int slopeOffset, float[] x, int xOffset, float[] packed,
            float[] bias, int biasOffset, int m, int n, int k);

    /** dw += dyᵀ·x, the gradient of a linear layer's weight. dw: n × k; dy: m × n; x: m × k. */
    void addTransposedProduct(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset, int m, int n,
            int k);

    /**
     * y[b] = W·x[b] + bias (one per row), or y[b] += … when {@code accumulate}, for each of {@code blocks} blocks.
     * y[b]: n × d; W: n × k; x[b]: k × d; bias: n floats from {@code biasOffset}, or null.
     * With {@code transposed}, w holds Wᵀ (k × n): dx = Wᵀ·dy, the backward of the same product.
     */
    void multiplyLeft(float[] y, int yOffset, float[] w, int wOffset, boolean transposed, float[] bias, int biasOffset,
            float[] x, int xOffset, int blocks, int n, int k, int d, boolean accumulate);

    /**
     * How many blocks with rows of d floats a caller that goes through them in groups best hands to {@link #multiplyLeft}
     * at a time. Results do not depend on it.
     */
    default int blocksAtOnce(int d) {
        return 1;
    }

    /** y[b] = gelu(W·x[b] + bias); {@code slope}, unless null, takes gelu′. Otherwise as {@link #multiplyLeft}. */
    void multiplyLeftGelu(float[] y, int yOffset, float[] slope, int slopeOffset, float[] w, int wOffset, float[] bias,
            int biasOffset, float[] x, int xOffset, int blocks, int n, int k, int d);

    /** dw += Σ over b of dy[b]·x[b]ᵀ. dw: n × k; dy[b]: n × d; x[b]: k × d. */
    void addLeftTransposedProduct(float[] dw, int dwOffset, float[] dy, int dyOffset, float[] x, int xOffset,
            int blocks, int n, int k, int d);
}
