package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.NormKernels;

/**
 * The reference normalisations in plain Java. LayerNorm takes several rows at a time, each operand as an array of its
 * own with a value for every element, so that its loops are long and have one index: see {@link ScaledRows}.
 */
public class ScalarNorm implements NormKernels {
    /**
     * From a value c near the mean: δ = mean(x − c), mean = c + δ and var = mean((x − c)²) − δ² (shifted data: Chan, Golub
     * and LeVeque 1983). The mean of four elements lies within √(d/4) standard deviations, so that the subtraction loses
     * little, and saves a pass of the slow sums (20 %).
     */
    @Override
    public void layerNorm(float[] y, int yOffset, float[] mean, float[] rstd, float[] x, int xOffset, float[] gain,
            int gainOffset, float[] bias, int biasOffset, int rows, int d, float eps) {
        int group = rowsOfBlock(rows, d);
        Scratch scratch = Scratch.local(1, 5, group * Math.max(1, d));
        float[] centres = scratch.sums[0];
        float[] block = scratch.rows[0];
        float[] means = scratch.rows[1];
        float[] factors = scratch.rows[2];
        float[] gains = repeat(scratch.rows[3], gain, gainOffset, d, group);
        float[] biases = repeat(scratch.rows[4], bias, biasOffset, d, group);
        for (int from = 0; from < rows; from += group) {
            int count = Math.min(group, rows - from);
            int length = count * d;
            System.arraycopy(x, xOffset + from * d, block, 0, length);
            for (int row = 0; row < count; row++) {
                centres[row] = centre(block, row * d, d);
                Arrays.fill(means, row * d, (row + 1) * d, centres[row]);
            }
            deviations(block, means, factors, length);
            for (int row = 0; row < count; row++) {
                int at = row * d;
                double delta = ScalarMath.sum(block, at, d) / d;
                double variance = Math.max(ScalarMath.sum(factors, at, d) / d - delta * delta, 0);
                float r = (float) (1 / Math.sqrt(variance + eps));
                Arrays.fill(means, at, at + d, (float) delta);
                Arrays.fill(factors, at, at + d, r);
                if (mean != null) mean[from + row] = (float) (centres[row] + delta);
                if (rstd != null) rstd[from + row] = r;
            }
            normalise(block, means, factors, gains, biases, length);
            System.arraycopy(block, 0, y, yOffset + from * d, length);
        }
    }

    /** A value near the mean: that of four elements, or of the first where there are fewer. */
    public static float centre(float[] x, int at, int d) {
        int quarter = d / 4;
        return 0.25f * ((x[at] + x[at + quarter]) + (x[at + 2 * quarter] + x[at + 3 * quarter]));
    }

    private static int rowsOfBlock(int rows, int d) {
        return Math.max(1, Math.min(rows, Scratch.LENGTH / Math.max(1, d)));
    }

    /** y = x as often as said. */
    private static float[] repeat(float[] y, float[] x, int xOffset, int n, int times) {
        for (int i = 0; i < times; i++) System.arraycopy(x, xOffset, y, i * n, n);
        return y;
    }

    /** x = x − centres, and squares = x². */
    private static void deviations(float[] x, float[] centres, float[] squares, int n) {
        for (int i = 0; i < n; i++) {
            float deviation = x[i] - centres[i];
            x[i] = deviation;
            squares[i] = deviation * deviation;
        }
    }

    /** x = (x − mean)·factor·gain + bias. */
    private static void normalise(float[] x, float[] mean, float[] factor, float[] gain, float[] bias, int n) {
        for (int i = 0; i < n; i++) x[i] = (x[i] - mean[i]) * factor[i] * gain[i] + bias[i];
    }

    @Override
    public void layerNormBackward(float[] dx, int dxOffset, boolean accumulate, float[] dgain, int dgainOffset,
            float[] dbias, int dbiasOffset, float[] dy, int dyOffset, float[] x, int xOffset, float[] mean,
            float[] rstd, float[] gain, int gainOffset, int rows, int d) {
        int group = rowsOfBlock(rows, d);
        Scratch scratch = Scratch.local(2, 6, group * d);
        float[] dgains = scratch.sums[0];
        float[] dbiases = scratch.sums[1];
        float[] block = scratch.rows[0];
        float[] normalised = scratch.rows[1];
        float[] means = scratch.rows[2];
        float[] factors = scratch.rows[3];
        float[] dots = scratch.rows[4];
        float[] gains = repeat(scratch.rows[5], gain, gainOffset, d, group);
        Arrays.fill(dgains, 0, group * d, 0);
        Arrays.fill(dbiases, 0, group * d, 0);
        for (int from = 0; from < rows; from += group) {
            int count = Math.min(group, rows - from);
            int length = count * d;
            System.arraycopy(dy, dyOffset + from * d, block, 0, length);
            System.arraycopy(x, xOffset + from * d, normalised, 0, length);
            for (int row = 0; row < count; row++) {
                Arrays.fill(means, row * d, (row + 1) * d, mean[from + row]);
                Arrays.fill(factors, row * d, (row + 1) * d, rstd[from + row]);
            }
            standardise(normalised, means, factors, length);
            addGradients(dgains, dbiases, block, normalised, length);
            products(block, dots, gains, normalised, length);
            for (int at = 0; at < length; at += d) {
                Arrays.fill(means, at, at + d, (float) (ScalarMath.sum(block, at, d) / d));
                Arrays.fill(dots, at, at + d, (float) (ScalarMath.sum(dots, at, d) / d));
            }
            gradients(block, means, dots, normalised, factors, length);
            if (accumulate) {
                System.arraycopy(dx, dxOffset + from * d, means, 0, length);
                for (int i = 0; i < length; i++) block[i] += means[i];
            }
            System.arraycopy(block, 0, dx, dxOffset + from * d, length);
        }
        for (int at = 0; at < group * d; at += d) {
            for (int j = 0; j < d; j++) {
                dgain[dgainOffset + j] += dgains[at + j];
                dbias[dbiasOffset + j] += dbiases[at + j];
            }
        }
    }

    private static void standardise(float[] x, float[] mean, float[] factor, int n) {
        for (int i = 0; i < n; i++) x[i] = (x[i] - mean[i]) * factor[i];
    }

    private static void addGradients(float[] dgain, float[] dbias, float[] dy, float[] normalised, int n) {
        for (int i = 0; i < n; i++) {
            dgain[i] += dy[i] * normalised[i];
            dbias[i] += dy[i];
        }
    }

    /** g = dy·gain in place of dy, and dot = g·x̂. */
    private static void products(float[] dy, float[] dot, float[] gain, float[] normalised, int n) {
        for (int i = 0; i < n; i++) {
            float g = dy[i] * gain[i];
            dy[i] = g;
            dot[i] = g * normalised[i];
        }
    }

    /** dx = rstd·(g − mean(g) − x̂·mean(g·x̂)) in place of g. */
    private static void gradients(float[] g, float[] meanG, float[] meanDot, float[] normalised, float[] rstd, int n) {
        for (int i = 0; i < n; i++) g[i] = rstd[i] * (g[i] - meanG[i] - normalised[i] * meanDot[i]);
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
            standardizeRow(y, yOffset, loc, scale, x, xOffset, mask, maskOffset, row, n, minVariance);
        }
    }

    protected static void standardizeRow(float[] y, int yOffset, float[] loc, float[] scale, float[] x, int xOffset,
            float[] mask, int maskOffset, int row, int n, float minVariance) {
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

    /** Σ x·weights, weights null: 1. Four sums at a time hide the latency of an addition. */
    protected static double sum(float[] x, int from, float[] weights, int at, int n) {
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
