package org.ttm4j.engine.scalar;

import org.ttm4j.engine.NormKernels;

/** The reference normalisations in plain Java. */
public class ScalarNorm implements NormKernels {

    @Override
    public void layerNorm(float[] y, int yOffset, float[] mean, float[] rstd, float[] x, int xOffset, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps) {
        for (int row = 0; row < rows; row++) {
            int from = xOffset + row * d;
            int to = yOffset + row * d;
            double m = ScalarMath.sum(x, from, d) / d;
            double r = 1 / Math.sqrt(squaredDeviations(x, from, m, null, 0, d) / d + eps);
            for (int j = 0; j < d; j++) {
                y[to + j] = (float) ((x[from + j] - m) * r) * gain[gainOffset + j] + bias[biasOffset + j];
            }
            if (mean != null) mean[row] = (float) m;
            if (rstd != null) rstd[row] = (float) r;
        }
    }

    @Override
    public void layerNormBackward(float[] dx, int dxOffset, boolean accumulate, float[] dgain, int dgainOffset,
            float[] dbias, int dbiasOffset, float[] dy, int dyOffset, float[] x, int xOffset, float[] mean,
            float[] rstd, float[] gain, int gainOffset, int rows, int d) {
        for (int row = 0; row < rows; row++) {
            int at = row * d;
            float m = mean[row];
            float r = rstd[row];
            double sum = 0;
            double dot = 0;
            for (int j = 0; j < d; j++) {
                float g = dy[dyOffset + at + j] * gain[gainOffset + j];
                float normalised = (x[xOffset + at + j] - m) * r;
                sum += g;
                dot += (double) g * normalised;
            }
            float meanG = (float) (sum / d);
            float meanDot = (float) (dot / d);
            for (int j = 0; j < d; j++) {
                float slope = dy[dyOffset + at + j];
                float normalised = (x[xOffset + at + j] - m) * r;
                float gradient = r * (slope * gain[gainOffset + j] - meanG - normalised * meanDot);
                dgain[dgainOffset + j] += slope * normalised;
                dbias[dbiasOffset + j] += slope;
                dx[dxOffset + at + j] = accumulate ? dx[dxOffset + at + j] + gradient : gradient;
            }
        }
    }

    @Override
    public void featureMoments(float[] mean, float[] variance, float[] x, int xOffset, int rows, int d) {
        double[] sums = new double[d];
        double[] squares = new double[d];
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < d; j++) sums[j] += x[xOffset + row * d + j];
        }
        for (int j = 0; j < d; j++) sums[j] /= rows;
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < d; j++) {
                double deviation = x[xOffset + row * d + j] - sums[j];
                squares[j] += deviation * deviation;
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] = (float) sums[j];
            variance[j] = (float) (squares[j] / rows);
        }
    }

    @Override
    public void batchNorm(float[] y, int yOffset, float[] x, int xOffset, float[] mean, float[] variance, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps) {
        float[] rstd = reciprocalRoots(variance, d, eps);
        for (int row = 0; row < rows; row++) {
            int from = xOffset + row * d;
            int to = yOffset + row * d;
            for (int j = 0; j < d; j++) {
                y[to + j] = (x[from + j] - mean[j]) * rstd[j] * gain[gainOffset + j] + bias[biasOffset + j];
            }
        }
    }

    @Override
    public void batchNormBackward(float[] dx, int dxOffset, boolean accumulate, float[] dgain, int dgainOffset,
            float[] dbias, int dbiasOffset, float[] dy, int dyOffset, float[] x, int xOffset, float[] mean,
            float[] variance, float[] gain, int gainOffset, int rows, int d, float eps, boolean batchStatistics) {
        float[] rstd = reciprocalRoots(variance, d, eps);
        float[] sums = new float[d];
        float[] dots = new float[d];
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < d; j++) {
                float slope = dy[dyOffset + row * d + j];
                sums[j] += slope;
                dots[j] += slope * ((x[xOffset + row * d + j] - mean[j]) * rstd[j]);
            }
        }
        for (int j = 0; j < d; j++) {
            dgain[dgainOffset + j] += dots[j];
            dbias[dbiasOffset + j] += sums[j];
            // With fixed statistics the two mean terms vanish.
            sums[j] = batchStatistics ? sums[j] / rows : 0;
            dots[j] = batchStatistics ? dots[j] / rows : 0;
        }
        for (int row = 0; row < rows; row++) {
            int at = row * d;
            for (int j = 0; j < d; j++) {
                float normalised = (x[xOffset + at + j] - mean[j]) * rstd[j];
                float gradient = gain[gainOffset + j] * rstd[j]
                        * (dy[dyOffset + at + j] - sums[j] - normalised * dots[j]);
                dx[dxOffset + at + j] = accumulate ? dx[dxOffset + at + j] + gradient : gradient;
            }
        }
    }

    private static float[] reciprocalRoots(float[] variance, int d, float eps) {
        float[] rstd = new float[d];
        for (int j = 0; j < d; j++) rstd[j] = (float) (1 / Math.sqrt((double) variance[j] + eps));
        return rstd;
    }

    @Override
    public void standardize(float[] y, int yOffset, float[] loc, float[] scale, float[] x, int xOffset, float[] mask,
            int maskOffset, int rows, int n, float minVariance) {
        for (int row = 0; row < rows; row++) {
            int from = xOffset + row * n;
            int observed = maskOffset + row * n;
            double count = Math.max(mask == null ? n : sum(mask, observed, null, 0, n), 1);
            double mean = sum(x, from, mask, observed, n) / count;
            double deviation = Math.sqrt(squaredDeviations(x, from, mean, mask, observed, n) / count + minVariance);
            double factor = 1 / deviation;
            for (int i = 0; i < n; i++) y[yOffset + row * n + i] = (float) ((x[from + i] - mean) * factor);
            loc[row] = (float) mean;
            scale[row] = (float) deviation;
        }
    }

    /** Σ x·weights, weights null: 1. Four sums at a time hide the latency of an addition. */
    private static double sum(float[] x, int from, float[] weights, int at, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            sum0 += weighted(x[from + i], weights, at + i);
            sum1 += weighted(x[from + i + 1], weights, at + i + 1);
            sum2 += weighted(x[from + i + 2], weights, at + i + 2);
            sum3 += weighted(x[from + i + 3], weights, at + i + 3);
        }
        for (; i < n; i++) sum0 += weighted(x[from + i], weights, at + i);
        return sum0 + sum1 + (sum2 + sum3);
    }

    /** Σ ((x − mean)·weights)². */
    private static double squaredDeviations(float[] x, int from, double mean, float[] weights, int at, int n) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < n - 3; i += 4) {
            sum0 += square(weighted(x[from + i] - mean, weights, at + i));
            sum1 += square(weighted(x[from + i + 1] - mean, weights, at + i + 1));
            sum2 += square(weighted(x[from + i + 2] - mean, weights, at + i + 2));
            sum3 += square(weighted(x[from + i + 3] - mean, weights, at + i + 3));
        }
        for (; i < n; i++) sum0 += square(weighted(x[from + i] - mean, weights, at + i));
        return sum0 + sum1 + (sum2 + sum3);
    }

    private static double weighted(double value, float[] weights, int i) {
        return weights == null ? value : value * weights[i];
    }

    private static double square(double value) {
        return value * value;
    }

    @Override
    public void scaleByMean(float[] y, float[] scale, float[] x, float[] mask, int batch, int channels, int n,
            float minimum) {
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
                scale[row] = (float) Math.max(mean, minimum);
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
}
