package org.ttm4j.engine.shared;

import org.ttm4j.engine.reference.ReferenceElementwise;

/**
 * The elementwise kernels that the scalar and the vector set share: copies and the sum of squares, which the Vector API
 * would not make faster; maps that few models use are those of the reference.
 */
public abstract class SharedElementwise extends ReferenceElementwise {
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
            if (accumulate) {
                addScaled(y, yOffset + i * yStride, x, xOffset + i * xStride, 1, length);
            } else {
                System.arraycopy(x, xOffset + i * xStride, y, yOffset + i * yStride, length);
            }
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
