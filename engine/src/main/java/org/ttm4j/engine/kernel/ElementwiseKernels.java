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

    /** y (rows × n) = x + row, the same n values added to every row. y may alias x. */
    void addToRows(float[] y, int yOffset, float[] x, int xOffset, float[] row, int rowOffset, int rows, int n);

    /** sums[j] += Σ over rows of x[row, j]; x: rows × n. The gradient of a bias. */
    void addColumnSums(float[] sums, int sumsOffset, float[] x, int xOffset, int rows, int n);

    /** sums[i] += Σ over blocks and columns of x[block, i, column]; x: blocks × n × d. The bias of a left product. */
    void addRowSums(float[] sums, int sumsOffset, float[] x, int xOffset, int blocks, int n, int d);

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
     * Dropout with a counter-based generator: element i is kept, and divided by 1 − rate, when the hash of
     * (seed, i) says so, else 0. y = dropout(x), or y += … when {@code accumulate}. y may alias x. The same seed
     * gives the same choice for every implementation, so backward is the same call on the gradient.
     * The rate is in [0, 1). See {@link CounterRandom}.
     */
    void dropout(float[] y, int yOffset, float[] x, int xOffset, int n, float rate, long seed, boolean accumulate);
}
