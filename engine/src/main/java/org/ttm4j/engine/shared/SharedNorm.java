package org.ttm4j.engine.shared;

import org.ttm4j.engine.reference.ReferenceNorm;

/**
 * The kernels that the scalar and the vector set share: BatchNorm, which few models use, and the scaling of series,
 * summed in double. Mean scaling, and the gradient of standardisation, which only attributions need, are those of the
 * reference. The formulas are in {@link ReferenceNorm}.
 */
public abstract class SharedNorm extends ReferenceNorm {
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
}
