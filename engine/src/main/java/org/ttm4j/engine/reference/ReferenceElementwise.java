package org.ttm4j.engine.reference;

import static org.ttm4j.engine.reference.Loops.put;
import static org.ttm4j.engine.reference.Loops.sum;

import org.ttm4j.engine.kernel.CounterRandom;
import org.ttm4j.engine.kernel.ElementwiseKernels;

/** Elementwise maps, sums, copies and dropout (Srivastava et al. 2014, JMLR 15). */
public class ReferenceElementwise implements ElementwiseKernels {

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

    /** y[r, i] = (x[r, i] − shift[r])/scale[r]. */
    @Override
    public void unscaleRows(float[] y, float[] x, float[] scale, float[] shift, int rows, int n) {
        for (int i = 0; i < rows * n; i++) y[i] = (x[i] - shift[i / n]) / scale[i / n];
    }

    /** y = max(x, 0). */
    @Override
    public void relu(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
    }

    /** dx = dy where x > 0. */
    @Override
    public void reluBackward(float[] dx, boolean accumulate, float[] dy, float[] x, int n) {
        for (int i = 0; i < n; i++) put(dx, i, x[i] > 0 ? dy[i] : 0, accumulate);
    }

    /** y[g, i, c] = Σⱼ x[g, j, c]/size. */
    @Override
    public void groupMeans(float[] y, float[] x, int groups, int size, int d, boolean accumulate) {
        for (int column = 0; column < groups * d; column++) {
            int first = column / d * size * d + column % d;
            double sum = 0;
            for (int i = first; i < first + size * d; i += d) sum += x[i];
            for (int i = first; i < first + size * d; i += d) put(y, i, (float) (sum / size), accumulate);
        }
    }

    /** y = sign(a + b)·√(a² + b² + eps). */
    @Override
    public void signedNorm(float[] y, float[] a, float[] b, float eps, int n) {
        for (int i = 0; i < n; i++) y[i] = (float) (Math.signum(a[i] + b[i]) * norm(a[i], b[i], eps));
    }

    private static double norm(double a, double b, double eps) {
        return Math.sqrt(a * a + b * b + eps);
    }

    /** da = dy·sign(a + b)·a/√(a² + b² + eps). */
    @Override
    public void signedNormBackward(float[] da, boolean accumulate, float[] dy, float[] a, float[] b, float eps, int n) {
        for (int i = 0; i < n; i++) {
            double slope = Math.signum(a[i] + b[i]) * a[i] / norm(a[i], b[i], eps);
            put(da, i, (float) (dy[i] * slope), accumulate);
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
        return sum(xOffset, xOffset + n, i -> (double) x[i] * x[i]);
    }

    @Override
    public void copyBlocks(float[] y, int yOffset, int yStride, float[] x, int xOffset, int xStride, int count,
            int length, boolean accumulate) {
        for (int i = 0; i < count * length; i++) {
            int at = i % length;
            int run = i / length;
            put(y, yOffset + run * yStride + at, x[xOffset + run * xStride + at], accumulate);
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
