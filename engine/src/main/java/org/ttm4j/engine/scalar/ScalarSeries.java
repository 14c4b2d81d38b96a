package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.kernel.SeriesKernels;
import org.ttm4j.engine.reference.ReferenceSeries;

/**
 * Frequencies and smoothing: they take little time beside the model, which multiplies each series by a million weights,
 * so that only the convolution of smoothing differs in the vector set. Halving, and what serves only attributions, are
 * those of the reference. The formulas are in {@link ReferenceSeries}.
 */
public class ScalarSeries extends ReferenceSeries {
    private static final int PASSES = 2;

    @Override
    public void strongestFrequencies(float[] bins, float[] x, int rows, int n, int k, boolean ignoreFirst) {
        FourierTransform transform = FourierTransform.local(n);
        for (int row = 0; row < rows; row++) transform.strongest(bins, row * k, x, row * n, k, ignoreFirst);
    }

    @Override
    public void smooth(float[] y, float[] scratch, float[] x, int rows, int n) {
        int width = SeriesKernels.smoothWindow(n);
        double sum = 0;
        for (int j = 0; j < width; j++) sum += gaussian(j, width);
        for (int j = 0; j < width; j++) scratch[j] = (float) (gaussian(j, width) / sum);
        for (int row = 0; row < rows; row++) smoothRow(y, scratch, x, row * n, n, width);
    }

    private static double gaussian(int j, int width) {
        double distance = (j - (width - 1) / 2) / (0.25 * width);
        return Math.exp(-0.5 * distance * distance);
    }

    /**
     * The layout of scratch: the Gaussian weights, the robust weights, their convolution, the errors, and a padded
     * series with room for the mirrored steps at both ends.
     */
    private void smoothRow(float[] y, float[] scratch, float[] x, int from, int n, int width) {
        int weights = width;
        int weightSums = weights + n;
        int errors = weightSums + n;
        int padded = errors + n;
        Arrays.fill(scratch, weights, weights + n, 1);
        // conv(1) is the sum of the Gaussian weights, 1.
        Arrays.fill(scratch, weightSums, weightSums + n, 1);
        weightedMeans(y, scratch, x, from, n, width);
        for (int pass = 0; pass < PASSES; pass++) {
            for (int t = 0; t < n; t++) scratch[errors + t] = x[from + t] - y[from + t];
            float middle = median(scratch, errors, padded, n);
            for (int t = 0; t < n; t++) scratch[errors + t] = Math.abs(scratch[errors + t] - middle);
            float scale = 6 * (median(scratch, errors, padded, n) + 1e-8f);
            for (int t = 0; t < n; t++) {
                float ratio = scratch[errors + t] / scale;
                float rest = 1 - Math.min(ratio * ratio, 1);
                scratch[weights + t] = rest * rest;
            }
            System.arraycopy(scratch, weights, scratch, padded + (width - 1) / 2, n);
            mirrored(scratch, weightSums, scratch, n, width);
            weightedMeans(y, scratch, x, from, n, width);
        }
    }

    /** y = conv(x·v)/(conv(v) + 1e-8), moved so that its mean is that of x. */
    private void weightedMeans(float[] y, float[] scratch, float[] x, int from, int n, int width) {
        int weights = width;
        int weightSums = weights + n;
        int inner = weightSums + 2 * n + (width - 1) / 2;
        for (int t = 0; t < n; t++) scratch[inner + t] = x[from + t] * scratch[weights + t];
        mirrored(y, from, scratch, n, width);
        double shift = 0;
        for (int t = 0; t < n; t++) {
            y[from + t] /= scratch[weightSums + t] + 1e-8f;
            shift += (double) x[from + t] - y[from + t];
        }
        float mean = (float) (shift / n);
        for (int t = 0; t < n; t++) y[from + t] += mean;
    }

    /** y[t] = Σⱼ gⱼ·v[t + j − r], where v is the padded series in scratch, whose ends are mirrored first. */
    private void mirrored(float[] y, int to, float[] scratch, int n, int width) {
        int reach = (width - 1) / 2;
        int padded = width + 3 * n;
        int last = padded + reach + n - 1;
        for (int j = 1; j <= reach; j++) {
            scratch[padded + reach - j] = scratch[padded + reach + j];
            scratch[last + j] = scratch[last - j];
        }
        convolve(y, to, scratch, padded, scratch, width, n);
    }

    /** The lower median of n values, found by sorting a copy, which newer JVMs do with vector instructions. */
    private static float median(float[] values, int from, int copy, int n) {
        System.arraycopy(values, from, values, copy, n);
        Arrays.sort(values, copy, copy + n);
        return values[copy + (n - 1) / 2];
    }

    /**
     * y[to + t] = Σⱼ weights[j]·x[from + t + j], j below width, t below n, added in the order of j. It works on copies of
     * the series, one per shift, because C2 vectorises only loops with one index.
     */
    protected void convolve(float[] y, int to, float[] x, int from, float[] weights, int width, int n) {
        Scratch scratch = Scratch.local(1, 4, Scratch.LENGTH);
        float[] sum = scratch.sums[0];
        float[][] rows = scratch.rows;
        for (int t = 0; t < n; t += Scratch.LENGTH) {
            int length = Math.min(Scratch.LENGTH, n - t);
            Arrays.fill(sum, 0, length, 0);
            int j = 0;
            for (; j <= width - 4; j += 4) {
                for (int i = 0; i < 4; i++) System.arraycopy(x, from + t + j + i, rows[i], 0, length);
                addFour(sum, rows[0], rows[1], rows[2], rows[3], weights, j, length);
            }
            for (; j < width; j++) {
                System.arraycopy(x, from + t + j, rows[0], 0, length);
                ScaledRows.addOne(sum, rows[0], weights[j], length);
            }
            System.arraycopy(sum, 0, y, to + t, length);
        }
    }

    private static void addFour(float[] sum, float[] row0, float[] row1, float[] row2, float[] row3, float[] weights,
            int j, int n) {
        float w0 = weights[j];
        float w1 = weights[j + 1];
        float w2 = weights[j + 2];
        float w3 = weights[j + 3];
        for (int c = 0; c < n; c++) {
            float first = FusedMultiplyAdd.of(w1, row1[c], FusedMultiplyAdd.of(w0, row0[c], sum[c]));
            sum[c] = FusedMultiplyAdd.of(w3, row3[c], FusedMultiplyAdd.of(w2, row2[c], first));
        }
    }
}
