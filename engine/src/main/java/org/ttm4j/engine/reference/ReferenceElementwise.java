package org.ttm4j.engine.reference;

import org.ttm4j.engine.kernel.CounterRandom;
import org.ttm4j.engine.kernel.ElementwiseKernels;

/** Elementwise maps, sums, copies and dropout (Srivastava et al. 2014, JMLR 15). */
public final class ReferenceElementwise implements ElementwiseKernels {

    @Override
    public void add(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n) {
        for (int i = 0; i < n; i++) y[yOffset + i] = a[aOffset + i] + b[bOffset + i];
    }

    @Override
    public void addScaled(float[] y, int yOffset, float[] x, int xOffset, float factor, int n) {
        for (int i = 0; i < n; i++) y[yOffset + i] += factor * x[xOffset + i];
    }

    @Override
    public void multiply(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n,
            boolean accumulate) {
        for (int i = 0; i < n; i++) put(y, yOffset + i, a[aOffset + i] * b[bOffset + i], accumulate);
    }

    private static void put(float[] y, int at, float value, boolean accumulate) {
        y[at] = accumulate ? y[at] + value : value;
    }

    @Override
    public void scale(float[] x, int xOffset, float factor, int n) {
        for (int i = 0; i < n; i++) x[xOffset + i] *= factor;
    }

    /** y[r, i] = x[r, i]·scale[r] + shift[r]. */
    @Override
    public void scaleRows(float[] y, int yOffset, float[] x, int xOffset, float[] scale, float[] shift, int rows, int n,
            boolean accumulate) {
        for (int i = 0; i < rows * n; i++) {
            float term = shift == null ? 0 : shift[i / n];
            put(y, yOffset + i, x[xOffset + i] * scale[i / n] + term, accumulate);
        }
    }

    @Override
    public void addToRows(float[] y, int yOffset, float[] x, int xOffset, float[] row, int rowOffset, int rows, int n) {
        for (int i = 0; i < rows * n; i++) y[yOffset + i] = x[xOffset + i] + row[rowOffset + i % n];
    }

    @Override
    public void addColumnSums(float[] sums, int sumsOffset, float[] x, int xOffset, int rows, int n) {
        addRowSums(sums, sumsOffset, x, xOffset, rows, n, 1);
    }

    @Override
    public void addRowSums(float[] sums, int sumsOffset, float[] x, int xOffset, int blocks, int n, int d) {
        for (int i = 0; i < n; i++) {
            double sum = sums[sumsOffset + i];
            for (int b = 0; b < blocks; b++) {
                for (int c = 0; c < d; c++) sum += x[xOffset + (b * n + i) * d + c];
            }
            sums[sumsOffset + i] = (float) sum;
        }
    }

    @Override
    public double sumOfSquares(float[] x, int xOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += (double) x[xOffset + i] * x[xOffset + i];
        return sum;
    }

    @Override
    public void copyBlocks(float[] y, int yOffset, int yStride, float[] x, int xOffset, int xStride, int count,
            int length, boolean accumulate) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < length; j++) {
                put(y, yOffset + i * yStride + j, x[xOffset + i * xStride + j], accumulate);
            }
        }
    }

    /** y[b, j, i, :] = x[b, i, j, :]. */
    @Override
    public void swapAxes(float[] y, int yOffset, float[] x, int xOffset, int batch, int rows, int columns, int inner,
            boolean accumulate) {
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    int from = xOffset + ((b * rows + i) * columns + j) * inner;
                    int to = yOffset + ((b * columns + j) * rows + i) * inner;
                    for (int c = 0; c < inner; c++) put(y, to + c, x[from + c], accumulate);
                }
            }
        }
    }

    /** y[i] = x[i]/(1 − rate) where the hash of (seed, i) keeps the element, else 0. */
    @Override
    public void dropout(float[] y, int yOffset, float[] x, int xOffset, int n, float rate, long seed,
            boolean accumulate) {
        for (int i = 0; i < n; i++) {
            boolean kept = CounterRandom.bits(seed, i) >>> 8 >= CounterRandom.threshold(rate);
            put(y, yOffset + i, kept ? x[xOffset + i] / (1 - rate) : 0, accumulate);
        }
    }
}
