package org.ttm4j.engine.scalar;

import java.util.stream.IntStream;
import org.ttm4j.engine.kernel.CounterRandom;
import org.ttm4j.engine.reference.ReferenceElementwise;

/**
 * Elementwise kernels in plain Java. The formulas are in {@link ReferenceElementwise}; maps that few models use are those
 * of the reference. The vector set inherits those by which the Vector API would shorten neither a forecast nor a training step:
 * the copies, the sum of squares, the scaling of rows, and {@link #addToRows}, which calls {@link #add}.
 */
public class ScalarElementwise extends ReferenceElementwise {
    /** The numbers 0, 1, 2 and so on. */
    private static final int[] COUNTERS = IntStream.range(0, Scratch.LENGTH).toArray();

    @Override
    public void multiply(float[] y, int yOffset, float[] a, int aOffset, float[] b, int bOffset, int n,
            boolean accumulate) {
        if (accumulate) {
            for (int i = 0; i < n; i++) y[yOffset + i] += a[aOffset + i] * b[bOffset + i];
        } else {
            for (int i = 0; i < n; i++) y[yOffset + i] = a[aOffset + i] * b[bOffset + i];
        }
    }

    @Override
    public void scaleRows(float[] y, int yOffset, float[] x, int xOffset, float[] scale, float[] shift, int rows, int n,
            boolean accumulate) {
        for (int row = 0; row < rows; row++) {
            int to = yOffset + row * n;
            int from = xOffset + row * n;
            float factor = scale[row];
            float term = shift == null ? 0 : shift[row];
            if (accumulate) {
                for (int i = 0; i < n; i++) y[to + i] += x[from + i] * factor + term;
            } else {
                for (int i = 0; i < n; i++) y[to + i] = x[from + i] * factor + term;
            }
        }
    }

    @Override
    public void addToRows(float[] y, int yOffset, float[] x, int xOffset, float[] row, int rowOffset, int rows, int n) {
        for (int i = 0; i < rows; i++) add(y, yOffset + i * n, x, xOffset + i * n, row, rowOffset, n);
    }

    @Override
    public void addColumnSums(float[] sums, int sumsOffset, float[] x, int xOffset, int rows, int n) {
        for (int row = 0; row < rows; row++) addScaled(sums, sumsOffset, x, xOffset + row * n, 1, n);
    }

    @Override
    public void addRowSums(float[] sums, int sumsOffset, float[] x, int xOffset, int blocks, int n, int d) {
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int block = 0; block < blocks; block++) {
                sum += ScalarMath.sum(x, xOffset + (block * n + i) * d, d);
            }
            sums[sumsOffset + i] += (float) sum;
        }
    }

    @Override
    public void dropout(float[] y, int yOffset, float[] x, int xOffset, int n, float rate, long seed,
            boolean accumulate) {
        int threshold = CounterRandom.threshold(rate);
        float factor = 1 / (1 - rate);
        Scratch scratch = Scratch.local(0, 1, Scratch.LENGTH);
        int[] masks = scratch.masks;
        float[] block = scratch.rows[0];
        for (int from = 0; from < n; from += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, n - from);
            masks(masks, length, seed, from, threshold);
            System.arraycopy(x, xOffset + from, block, 0, length);
            for (int i = 0; i < length; i++) {
                block[i] = Float.intBitsToFloat(Float.floatToRawIntBits(block[i] * factor) & masks[i]);
            }
            if (accumulate) addScaled(y, yOffset + from, block, 0, 1, length);
            else System.arraycopy(block, 0, y, yOffset + from, length);
        }
    }

    /**
     * masks[i] = all ones where dropout keeps element from + i, else 0. This loop is separate because C2 vectorises the
     * hash, but neither the conversion of a float to its bits nor a product with the loop counter itself, which is why
     * it reads {@link #COUNTERS}.
     */
    private static void masks(int[] masks, int n, long seed, int from, int threshold) {
        for (int i = 0; i < n; i++) {
            masks[i] = (threshold - 1 - (CounterRandom.bits(seed, COUNTERS[i] + from) >>> 8)) >> 31;
        }
    }

    @Override
    public double sumOfSquares(float[] x, int xOffset, int n) {
        // Four sums at a time hide the latency of an addition.
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = xOffset;
        for (; i < xOffset + n - 3; i += 4) {
            sum0 += (double) x[i] * x[i];
            sum1 += (double) x[i + 1] * x[i + 1];
            sum2 += (double) x[i + 2] * x[i + 2];
            sum3 += (double) x[i + 3] * x[i + 3];
        }
        for (; i < xOffset + n; i++) sum0 += (double) x[i] * x[i];
        return sum0 + sum1 + (sum2 + sum3);
    }

    @Override
    public void copyBlocks(float[] y, int yOffset, int yStride, float[] x, int xOffset, int xStride, int count,
            int length, boolean accumulate) {
        for (int i = 0; i < count; i++) {
            if (accumulate) addScaled(y, yOffset + i * yStride, x, xOffset + i * xStride, 1, length);
            else System.arraycopy(x, xOffset + i * xStride, y, yOffset + i * yStride, length);
        }
    }

    @Override
    public void swapAxes(float[] y, int yOffset, float[] x, int xOffset, int batch, int rows, int columns, int inner,
            boolean accumulate) {
        for (int b = 0; b < batch; b++) {
            int block = b * rows * columns * inner;
            for (int j = 0; j < columns; j++) {
                int to = yOffset + block + j * rows * inner;
                int from = xOffset + block + j * inner;
                copyBlocks(y, to, inner, x, from, columns * inner, rows, inner, accumulate);
            }
        }
    }
}
