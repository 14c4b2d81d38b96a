package org.ttm4j.engine.shared;

import org.ttm4j.engine.kernel.ElementwiseKernels;

/**
 * The elementwise kernels that the scalar and the vector set share: copies, the scaling of one array and the sum of
 * squares, which the Vector API would not make faster, and maps that few models use.
 */
public abstract class SharedElementwise implements ElementwiseKernels {
    @Override
    public void scale(float[] x, int xOffset, float factor, int n) {
        for (int i = xOffset; i < xOffset + n; i++) x[i] *= factor;
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

    @Override
    public void unscaleRows(float[] y, float[] x, float[] scale, float[] shift, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            for (int i = row * n; i < (row + 1) * n; i++) y[i] = (x[i] - shift[row]) / scale[row];
        }
    }

    @Override
    public void relu(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
    }

    @Override
    public void reluBackward(float[] dx, boolean accumulate, float[] dy, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            float gradient = x[i] > 0 ? dy[i] : 0;
            dx[i] = accumulate ? dx[i] + gradient : gradient;
        }
    }

    @Override
    public void groupMeans(float[] y, float[] x, int groups, int size, int d, boolean accumulate) {
        float factor = 1f / size;
        for (int group = 0; group < groups; group++) {
            int first = group * size * d;
            for (int c = first; c < first + d; c++) {
                float sum = 0;
                for (int i = c; i < c + size * d; i += d) sum += x[i];
                float mean = sum * factor;
                for (int i = c; i < c + size * d; i += d) y[i] = accumulate ? y[i] + mean : mean;
            }
        }
    }

    @Override
    public void signedNorm(float[] y, float[] a, float[] b, float eps, int n) {
        for (int i = 0; i < n; i++)
            y[i] = Math.signum(a[i] + b[i]) * (float) Math.sqrt(a[i] * a[i] + b[i] * b[i] + eps);
    }

    @Override
    public void signedNormBackward(float[] da, boolean accumulate, float[] dy, float[] a, float[] b, float eps, int n) {
        for (int i = 0; i < n; i++) {
            float norm = (float) Math.sqrt(a[i] * a[i] + b[i] * b[i] + eps);
            float gradient = dy[i] * Math.signum(a[i] + b[i]) * a[i] / norm;
            da[i] = accumulate ? da[i] + gradient : gradient;
        }
    }
}
