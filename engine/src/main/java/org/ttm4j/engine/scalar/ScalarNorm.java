package org.ttm4j.engine.scalar;

import java.util.Arrays;
import org.ttm4j.engine.reference.ReferenceNorm;

/**
 * LayerNorm in plain Java. It takes several rows at a time and copies each operand, also the row statistics, to an
 * array of its own with one value per element, so that its loops are long and have one index: C2 vectorises only such
 * loops, see {@link ScaledRows}. The formulas are in {@link ReferenceNorm}.
 *
 * <p>The vector set inherits BatchNorm, which few models use, and the scaling of series, summed in double. Mean scaling,
 * and the gradient of standardisation, which only attributions need, are those of the reference.
 */
public class ScalarNorm extends ReferenceNorm {
    /**
     * Mean and variance by shifted data (Chan, Golub and LeVeque 1983): with c near the mean and δ = mean(x − c), mean
     * = c + δ and var = mean((x − c)²) − δ². Choosing c as the mean of four elements, which is within √(d/4) standard
     * deviations of the mean, the subtraction loses few digits. This saves one pass of the slow sums (20 % of the
     * time).
     */
    @Override
    public void layerNorm(float[] y, RowStatistics statistics, float[] x, float[] gain, float[] bias, int rows, int d,
            float eps) {
        int group = Scratch.group(rows, d);
        Scratch scratch = Scratch.local(1, 5, group * Math.max(1, d));
        float[] centres = scratch.sums[0];
        float[] block = scratch.rows[0];
        float[] means = scratch.rows[1];
        float[] factors = scratch.rows[2];
        float[] gains = repeat(scratch.rows[3], gain, d, group);
        float[] biases = repeat(scratch.rows[4], bias, d, group);
        for (int from = 0; from < rows; from += group) {
            int count = Math.min(group, rows - from);
            int length = count * d;
            System.arraycopy(x, from * d, block, 0, length);
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
                if (statistics == null) continue;
                statistics.mean()[from + row] = (float) (centres[row] + delta);
                statistics.rstd()[from + row] = r;
            }
            normalise(block, means, factors, gains, biases, length);
            System.arraycopy(block, 0, y, from * d, length);
        }
    }

    /** Fills y with {@code times} copies of x, one after the other. */
    private static float[] repeat(float[] y, float[] x, int n, int times) {
        for (int i = 0; i < times; i++) System.arraycopy(x, 0, y, i * n, n);
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
    public void layerNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            RowStatistics statistics, float[] gain, int rows, int d) {
        int group = Scratch.group(rows, d);
        Scratch scratch = Scratch.local(2, 6, group * d);
        float[] dgains = scratch.sums[0];
        float[] dbiases = scratch.sums[1];
        float[] block = scratch.rows[0];
        float[] normalised = scratch.rows[1];
        float[] means = scratch.rows[2];
        float[] factors = scratch.rows[3];
        float[] dots = scratch.rows[4];
        float[] gains = repeat(scratch.rows[5], gain, d, group);
        Arrays.fill(dgains, 0, group * d, 0);
        Arrays.fill(dbiases, 0, group * d, 0);
        for (int from = 0; from < rows; from += group) {
            int count = Math.min(group, rows - from);
            int length = count * d;
            System.arraycopy(dy, from * d, block, 0, length);
            System.arraycopy(x, from * d, normalised, 0, length);
            for (int row = 0; row < count; row++) {
                Arrays.fill(means, row * d, (row + 1) * d, statistics.mean()[from + row]);
                Arrays.fill(factors, row * d, (row + 1) * d, statistics.rstd()[from + row]);
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
                System.arraycopy(dx, from * d, means, 0, length);
                for (int i = 0; i < length; i++) block[i] += means[i];
            }
            System.arraycopy(block, 0, dx, from * d, length);
        }
        for (int at = 0; at < group * d; at += d) {
            for (int j = 0; j < d; j++) {
                dgain[j] += dgains[at + j];
                dbias[j] += dbiases[at + j];
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

    /** A value near the mean of a row: the mean of four of its elements, or the first element if d is below 4. */
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

    /** In double, because the squares may exceed the range of a float. */
    @Override
    public void standardize(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int rows, int n,
            float minVariance) {
        for (int row = 0; row < rows; row++) {
            int from = row * n;
            double count = Math.max(mask == null ? n : ScalarMath.sum(mask, from, n), 1);
            double mean = sum(x, from, mask, n) / count;
            double deviation = Math.sqrt(squaredDeviations(x, from, mean, mask, n) / count + minVariance);
            double factor = 1 / deviation;
            for (int i = 0; i < n; i++) y[from + i] = (float) ((x[from + i] - mean) * factor);
            loc[row] = (float) mean;
            scale[row] = (float) deviation;
        }
    }

    /** Σ x·weights; null weights are 1. Four running sums hide the latency of an addition. */
    private static double sum(float[] x, int from, float[] weights, int n) {
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
