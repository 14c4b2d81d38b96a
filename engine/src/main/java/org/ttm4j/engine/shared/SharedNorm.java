package org.ttm4j.engine.shared;

import java.util.Arrays;
import org.ttm4j.engine.kernel.NormKernels;

/**
 * The kernels that the scalar and the vector set share: BatchNorm, which few models use, and the scaling of series,
 * summed in double. The formulas are in {@link org.ttm4j.engine.reference.ReferenceNorm}.
 */
public abstract class SharedNorm implements NormKernels {
    /** A value near the mean of a row: the mean of four of its elements, or the first element if d < 4. */
    public static float centre(float[] x, int at, int d) {
        int quarter = d / 4;
        return 0.25f * ((x[at] + x[at + quarter]) + (x[at + 2 * quarter] + x[at + 3 * quarter]));
    }

    @Override
    public void featureMoments(float[] mean, float[] variance, float[] x, int rows, int d) {
        double[] sums = new double[d];
        double[] squares = new double[d];
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < d; j++) sums[j] += x[row * d + j];
        }
        for (int j = 0; j < d; j++) sums[j] /= rows;
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < d; j++) {
                double deviation = x[row * d + j] - sums[j];
                squares[j] += deviation * deviation;
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] = (float) sums[j];
            variance[j] = (float) (squares[j] / rows);
        }
    }

    @Override
    public void batchNorm(float[] y, float[] x, FeatureStatistics statistics, float[] gain, float[] bias, int rows,
            int d) {
        float[] mean = statistics.mean();
        float[] rstd = reciprocalRoots(statistics, d);
        for (int at = 0; at < rows * d; at += d) {
            for (int j = 0; j < d; j++) y[at + j] = (x[at + j] - mean[j]) * rstd[j] * gain[j] + bias[j];
        }
    }

    @Override
    public void batchNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            FeatureStatistics statistics, float[] gain, int rows, int d) {
        float[] mean = statistics.mean();
        float[] rstd = reciprocalRoots(statistics, d);
        float[] sums = new float[d];
        float[] dots = new float[d];
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < d; j++) {
                float slope = dy[row * d + j];
                sums[j] += slope;
                dots[j] += slope * ((x[row * d + j] - mean[j]) * rstd[j]);
            }
        }
        for (int j = 0; j < d; j++) {
            dgain[j] += dots[j];
            dbias[j] += sums[j];
            // With running statistics the two mean terms vanish.
            sums[j] = statistics.ofBatch() ? sums[j] / rows : 0;
            dots[j] = statistics.ofBatch() ? dots[j] / rows : 0;
        }
        for (int row = 0; row < rows; row++) {
            int at = row * d;
            for (int j = 0; j < d; j++) {
                float normalised = (x[at + j] - mean[j]) * rstd[j];
                float gradient = gain[j] * rstd[j] * (dy[at + j] - sums[j] - normalised * dots[j]);
                dx[at + j] = accumulate ? dx[at + j] + gradient : gradient;
            }
        }
    }

    private static float[] reciprocalRoots(FeatureStatistics statistics, int d) {
        float[] rstd = new float[d];
        for (int j = 0; j < d; j++) {
            rstd[j] = (float) (1 / Math.sqrt((double) statistics.variance()[j] + statistics.eps()));
        }
        return rstd;
    }

    @Override
    public void standardize(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int rows, int n,
            float minVariance) {
        for (int row = 0; row < rows; row++) standardizeRow(y, loc, scale, x, mask, row, n, minVariance);
    }

    @Override
    public void standardizeBackward(float[] dx, boolean accumulate, float[] dy, float[] dloc, float[] dscale, float[] y,
            float[] scale, float[] mask, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            int from = row * n;
            double count = Math.max(mask == null ? n : sum(mask, from, null, n), 1);
            float factor = 1 / scale[row];
            float a = (float) ((dloc[row] - sum(dy, from, null, n) * factor) / count);
            float b = (float) ((dscale[row] - dot(dy, y, from, n) * factor) / count);
            for (int t = from; t < from + n; t++) {
                float gradient = dy[t] * factor + (a + b * y[t]) * (mask == null ? 1 : mask[t]);
                dx[t] = accumulate ? dx[t] + gradient : gradient;
            }
        }
    }

    private static double dot(float[] x, float[] y, int from, int n) {
        double sum = 0;
        for (int i = from; i < from + n; i++) sum += (double) x[i] * y[i];
        return sum;
    }

    /** {@link #standardize} for one row. In double, because the squares may exceed the range of a float. */
    protected static void standardizeRow(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int row, int n,
            float minVariance) {
        int from = row * n;
        double count = Math.max(mask == null ? n : sum(mask, from, null, n), 1);
        double mean = sum(x, from, mask, n) / count;
        double deviation = Math.sqrt(squaredDeviations(x, from, mean, mask, n) / count + minVariance);
        double factor = 1 / deviation;
        for (int i = 0; i < n; i++) y[from + i] = (float) ((x[from + i] - mean) * factor);
        loc[row] = (float) mean;
        scale[row] = (float) deviation;
    }

    /** Σ x·weights; null weights are 1. Four running sums hide the latency of an addition. */
    protected static double sum(float[] x, int from, float[] weights, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            sum0 += weighted(x[from + i], weights, from + i);
            sum1 += weighted(x[from + i + 1], weights, from + i + 1);
            sum2 += weighted(x[from + i + 2], weights, from + i + 2);
            sum3 += weighted(x[from + i + 3], weights, from + i + 3);
        }
        for (; i < n; i++) sum0 += weighted(x[from + i], weights, from + i);
        return sum0 + sum1 + (sum2 + sum3);
    }

    /** Σ ((x − mean)·weights)². */
    private static double squaredDeviations(float[] x, int from, double mean, float[] weights, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            sum0 += square(weighted(x[from + i] - mean, weights, from + i));
            sum1 += square(weighted(x[from + i + 1] - mean, weights, from + i + 1));
            sum2 += square(weighted(x[from + i + 2] - mean, weights, from + i + 2));
            sum3 += square(weighted(x[from + i + 3] - mean, weights, from + i + 3));
        }
        for (; i < n; i++) sum0 += square(weighted(x[from + i] - mean, weights, from + i));
        return sum0 + sum1 + (sum2 + sum3);
    }

    private static double weighted(double value, float[] weights, int i) {
        return weights == null ? value : value * weights[i];
    }

    private static double square(double value) {
        return value * value;
    }

    @Override
    public void scaleByMean(float[] y, float[] scale, float[] x, float[] mask, MeanScaling series) {
        int batch = series.batch();
        int channels = series.channels();
        int n = series.n();
        for (int c = 0; c < channels; c++) {
            double allSum = 0;
            double allCount = 0;
            for (int b = 0; b < batch; b++) {
                int row = b * channels + c;
                allSum += absoluteSum(x, mask, row * n, n);
                allCount += count(mask, row * n, n);
            }
            double fallback = allSum / Math.max(allCount, 1);
            for (int b = 0; b < batch; b++) {
                int row = b * channels + c;
                double count = count(mask, row * n, n);
                double mean = count > 0 ? absoluteSum(x, mask, row * n, n) / Math.max(count, 1) : fallback;
                scale[row] = (float) Math.max(mean, series.minimum());
                for (int t = row * n; t < (row + 1) * n; t++) y[t] = x[t] / scale[row];
            }
        }
    }

    private static double absoluteSum(float[] x, float[] mask, int from, int n) {
        double sum = 0;
        for (int t = from; t < from + n; t++) sum += mask == null ? Math.abs(x[t]) : Math.abs(x[t] * mask[t]);
        return sum;
    }

    private static double count(float[] mask, int from, int n) {
        if (mask == null) return n;
        double count = 0;
        for (int t = from; t < from + n; t++) count += mask[t];
        return count;
    }

    @Override
    public void scaleByMeanBackward(float[] dx, boolean accumulate, float[] dy, float[] dscale, float[] x, float[] y,
            float[] scale, float[] mask, MeanScaling series) {
        int rows = series.rows();
        int n = series.n();
        if (!accumulate) Arrays.fill(dx, 0, rows * n, 0);
        for (int i = 0; i < rows * n; i++) dx[i] += dy[i] / scale[i / n];
        for (int row = 0; row < rows; row++) {
            if (scale[row] <= series.minimum()) continue;
            double b = dscale[row] - dot(dy, y, row * n, n) / scale[row];
            boolean own = mask == null || sum(mask, row * n, null, n) > 0;
            int first = own ? row : row % series.channels();
            int step = own ? rows : series.channels();
            double count = 0;
            for (int i = first; i < rows; i += step) count += mask == null ? n : sum(mask, i * n, null, n);
            for (int i = first; i < rows; i += step) addSigns(dx, (float) (b / count), x, mask, i * n, n);
        }
    }

    /** dx += factor·sign(x)·mask. */
    private static void addSigns(float[] dx, float factor, float[] x, float[] mask, int from, int n) {
        for (int i = from; i < from + n; i++) dx[i] += factor * Math.signum(x[i]) * (mask == null ? 1 : mask[i]);
    }
}
