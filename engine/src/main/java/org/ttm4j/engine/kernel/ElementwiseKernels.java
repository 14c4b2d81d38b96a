package org.ttm4j.engine.kernel;

/** Elementwise maps, reductions, block copies and dropout. Stateless and thread-safe. */
public interface ElementwiseKernels {

    /** y = a + b. y may alias a or b. */
    void add(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n);

    /** y += factor·x. */
    void addScaled(float[] y, int yOffset, float[] x, int xOffset, float factor, int n);

    /** y = a ⊙ b, or y += a ⊙ b when {@code accumulate}. y may alias a or b. */
    void multiply(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n, boolean accumulate);

    /** x = factor·x. */
    void scale(float[] x, int xOffset, float factor, int n);

    /** y (rows × n) = x·scale[row] + shift[row], or y += … when {@code accumulate}; shift may be null (0). */
    void scaleRows(float[] y, int yOffset, float[] x, int xOffset, float[] scale, float[] shift, int rows, int n,
            boolean accumulate);

    /** y (rows × n) = (x − shift[row])/scale[row]: the inverse of {@link #scaleRows}, exact also if shift ≫ scale. */
    void unscaleRows(float[] y, float[] x, float[] scale, float[] shift, int rows, int n);

    /** y (rows × n) = x + row, the same n values added to every row. y may alias x. */
    void addToRows(float[] y, int yOffset, float[] x, int xOffset, float[] row, int rowOffset, int rows, int n);

    /** sums[j] += Σ over rows of x[row, j]; x: rows × n. The gradient of a bias. */
    void addColumnSums(float[] sums, int sumsOffset, float[] x, int xOffset, int rows, int n);

    /** sums[i] += Σ over blocks and columns of x[block, i, column]; x: blocks × n × d. The bias of a left product. */
    void addRowSums(float[] sums, int sumsOffset, float[] x, int xOffset, int blocks, int n, int d);

    /** y = max(x, 0). y may alias x. Source: Nair and Hinton 2010, ICML 27. */
    void relu(float[] y, float[] x, int n);

    /** Backward of {@link #relu}: dx = dy where x > 0, else 0; added when {@code accumulate}. */
    void reluBackward(float[] dx, boolean accumulate, float[] dy, float[] x, int n);

    /**
     * Replaces each row of a group by the mean over the group: y[g, i, :] = Σⱼ x[g, j, :]/size, added when
     * {@code accumulate}. x, y: groups × size × d. The operation is its own gradient. y may alias x only when not
     * accumulating.
     */
    void groupMeans(float[] y, float[] x, int groups, int size, int d, boolean accumulate);

    /**
     * y = sign(a + b)·√(a² + b² + eps), in which sign(0) is 0: the deviation of a quantile from the median in the sum
     * of two independent parts whose deviations are a and b.
     */
    void signedNorm(float[] y, float[] a, float[] b, float eps, int n);

    /** Backward of {@link #signedNorm}: da = dy·sign(a + b)·a/√(a² + b² + eps), added when {@code accumulate}. */
    void signedNormBackward(float[] da, boolean accumulate, float[] dy, float[] a, float[] b, float eps, int n);

    /** Σ x², in double. */
    double sumOfSquares(float[] x, int xOffset, int n);

    /**
     * Copies {@code count} runs of {@code length} floats: run i from x at xOffset + i·xStride to y at
     * yOffset + i·yStride; adds instead of copying when {@code accumulate}. x and y must not overlap.
     */
    void copyBlocks(float[] y, int yOffset, int yStride, float[] x, int xOffset, int xStride, int count, int length,
            boolean accumulate);

    /**
     * Swaps two adjacent axes: y[b, j, i, :] = x[b, i, j, :] (added when {@code accumulate}).
     * x: batch × rows × columns × inner; y: batch × columns × rows × inner; no overlap.
     */
    void swapAxes(float[] y, int yOffset, float[] x, int xOffset, int batch, int rows, int columns, int inner,
            boolean accumulate);

    /**
     * Dropout with a counter-based generator: element i becomes x[i]/(1 − rate) if the hash of (seed, i) selects it,
     * otherwise 0. y = dropout(x), or y += … when {@code accumulate}. y may alias x. The same seed selects the same
     * elements in every implementation, so backward is the same call on the gradient. The rate is in [0, 1). See
     * {@link CounterRandom}.
     */
    void dropout(float[] y, int yOffset, float[] x, int xOffset, int n, float rate, long seed, boolean accumulate);
}
