package org.ttm4j.engine.reference;

import org.ttm4j.engine.kernel.NormKernels;

/**
 * LayerNorm (Ba et al. 2016, arXiv:1607.06450), BatchNorm (Ioffe and Szegedy 2015, arXiv:1502.03167) and the scaling of
 * series.
 */
public final class ReferenceNorm implements NormKernels {

    /** y = (x − mean)/√(var + eps)·gain + bias with mean and biased variance of the row. */
    @Override
    public void layerNorm(float[] y, RowStatistics statistics, float[] x, float[] gain, float[] bias, int rows, int d,
            float eps) {
        for (int r = 0; r < rows; r++) {
            double mean = 0;
            for (int j = 0; j < d; j++) mean += (double) x[r * d + j] / d;
            double variance = 0;
            for (int j = 0; j < d; j++) variance += (x[r * d + j] - mean) * (x[r * d + j] - mean) / d;
            double rstd = 1 / Math.sqrt(variance + eps);
            for (int j = 0; j < d; j++) y[r * d + j] = (float) ((x[r * d + j] - mean) * rstd * gain[j] + bias[j]);
            if (statistics == null) continue;
            statistics.mean()[r] = (float) mean;
            statistics.rstd()[r] = (float) rstd;
        }
    }

    /** With x̂ = (x − mean)·rstd and g = dy·gain: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), means over the row. */
    @Override
    public void layerNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            RowStatistics statistics, float[] gain, int rows, int d) {
        double[] gainSums = new double[d];
        double[] biasSums = new double[d];
        for (int r = 0; r < rows; r++) {
            double mean = statistics.mean()[r];
            double rstd = statistics.rstd()[r];
            double meanG = 0;
            double meanDot = 0;
            for (int j = 0; j < d; j++) {
                double normalised = (x[r * d + j] - mean) * rstd;
                double g = (double) dy[r * d + j] * gain[j];
                meanG += g / d;
                meanDot += g * normalised / d;
                gainSums[j] += dy[r * d + j] * normalised;
                biasSums[j] += dy[r * d + j];
            }
            for (int j = 0; j < d; j++) {
                double normalised = (x[r * d + j] - mean) * rstd;
                double gradient = rstd * ((double) dy[r * d + j] * gain[j] - meanG - normalised * meanDot);
                dx[r * d + j] = (float) (accumulate ? dx[r * d + j] + gradient : gradient);
            }
        }
        addTo(dgain, gainSums);
        addTo(dbias, biasSums);
    }

    private static void addTo(float[] y, double[] sums) {
        for (int j = 0; j < sums.length; j++) y[j] += (float) sums[j];
    }

    @Override
    public void featureMoments(float[] mean, float[] variance, float[] x, int rows, int d) {
        for (int j = 0; j < d; j++) {
            double average = 0;
            for (int r = 0; r < rows; r++) average += (double) x[r * d + j] / rows;
            double squares = 0;
            for (int r = 0; r < rows; r++) squares += (x[r * d + j] - average) * (x[r * d + j] - average) / rows;
            mean[j] = (float) average;
            variance[j] = (float) squares;
        }
    }

    /** y = (x − mean)/√(variance + eps)·gain + bias, feature by feature. */
    @Override
    public void batchNorm(float[] y, float[] x, FeatureStatistics statistics, float[] gain, float[] bias, int rows,
            int d) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < d; j++) {
                y[r * d + j] = (float) (normalised(x[r * d + j], statistics, j) * gain[j] + bias[j]);
            }
        }
    }

    private static double normalised(float x, FeatureStatistics statistics, int j) {
        return (x - (double) statistics.mean()[j]) * rstd(statistics, j);
    }

    private static double rstd(FeatureStatistics statistics, int j) {
        return 1 / Math.sqrt((double) statistics.variance()[j] + statistics.eps());
    }

    /** dx = gain·rstd·(dy − mean(dy) − x̂·mean(dy·x̂)), means over the rows; they are 0 for statistics from elsewhere. */
    @Override
    public void batchNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            FeatureStatistics statistics, float[] gain, int rows, int d) {
        for (int j = 0; j < d; j++) {
            double sum = 0;
            double dot = 0;
            for (int r = 0; r < rows; r++) {
                sum += dy[r * d + j];
                dot += dy[r * d + j] * normalised(x[r * d + j], statistics, j);
            }
            double share = statistics.ofBatch() ? 1.0 / rows : 0;
            for (int r = 0; r < rows; r++) {
                double gradient = gain[j] * rstd(statistics, j)
                        * (dy[r * d + j] - share * sum - normalised(x[r * d + j], statistics, j) * share * dot);
                dx[r * d + j] = (float) (accumulate ? dx[r * d + j] + gradient : gradient);
            }
            dgain[j] += (float) dot;
            dbias[j] += (float) sum;
        }
    }

    /** loc = Σ(x·m)/n, scale = √(Σ((x − loc)·m)²/n + minVariance), y = (x − loc)/scale with n = max(Σ m, 1). */
    @Override
    public void standardize(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int rows, int n,
            float minVariance) {
        for (int r = 0; r < rows; r++) {
            double count = 0;
            double mean = 0;
            double squares = 0;
            for (int t = r * n; t < (r + 1) * n; t++) count += observed(mask, t);
            count = Math.max(count, 1);
            for (int t = r * n; t < (r + 1) * n; t++) mean += x[t] * observed(mask, t) / count;
            for (int t = r * n; t < (r + 1) * n; t++) squares += Math.pow((x[t] - mean) * observed(mask, t), 2) / count;
            double deviation = Math.sqrt(squares + minVariance);
            for (int t = r * n; t < (r + 1) * n; t++) y[t] = (float) ((x[t] - mean) / deviation);
            loc[r] = (float) mean;
            scale[r] = (float) deviation;
        }
    }

    @Override
    public void standardizeBackward(float[] dx, boolean accumulate, float[] dy, float[] dloc, float[] dscale, float[] y,
            float[] scale, float[] mask, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            double count = 0;
            double a = dloc[r];
            double b = dscale[r];
            for (int t = r * n; t < (r + 1) * n; t++) count += observed(mask, t);
            for (int t = r * n; t < (r + 1) * n; t++) a -= dy[t] / scale[r];
            for (int t = r * n; t < (r + 1) * n; t++) b -= (double) dy[t] * y[t] / scale[r];
            for (int t = r * n; t < (r + 1) * n; t++) {
                double gradient = dy[t] / scale[r] + (a + b * y[t]) * observed(mask, t) / Math.max(count, 1);
                dx[t] = (float) (accumulate ? dx[t] + gradient : gradient);
            }
        }
    }

    private static double observed(float[] mask, int t) {
        return mask == null ? 1 : mask[t];
    }

    /** scale = max(Σ|x·m| / max(Σ m, 1), minimum), y = x/scale; the sums are over the channel where Σ m is 0. */
    @Override
    public void scaleByMean(float[] y, float[] scale, float[] x, float[] mask, int batch, int channels, int n,
            float minimum) {
        for (int row = 0; row < batch * channels; row++) {
            double count = 0;
            for (int t = row * n; t < (row + 1) * n; t++) count += observed(mask, t);
            // The row alone, or all rows of its channel.
            int first = count > 0 ? row : row % channels;
            int last = count > 0 ? row : (batch - 1) * channels + row % channels;
            double sum = 0;
            count = 0;
            for (int other = first; other <= last; other += channels) {
                for (int t = other * n; t < (other + 1) * n; t++) {
                    sum += Math.abs(x[t] * observed(mask, t));
                    count += observed(mask, t);
                }
            }
            scale[row] = (float) Math.max(sum / Math.max(count, 1), minimum);
            for (int t = row * n; t < (row + 1) * n; t++) y[t] = x[t] / scale[row];
        }
    }

    @Override
    public void scaleByMeanBackward(float[] dx, boolean accumulate, float[] dy, float[] dscale, float[] x, float[] y,
            float[] scale, float[] mask, int batch, int channels, int n, float minimum) {
        for (int t = 0; t < batch * channels * n; t++) dx[t] = (accumulate ? dx[t] : 0) + dy[t] / scale[t / n];
        for (int row = 0; row < batch * channels; row++) {
            if (scale[row] <= minimum) continue;
            double b = dscale[row];
            double count = 0;
            for (int t = row * n; t < (row + 1) * n; t++) b -= (double) dy[t] * y[t] / scale[row];
            for (int t = row * n; t < (row + 1) * n; t++) count += observed(mask, t);
            int first = count > 0 ? row : row % channels;
            int last = count > 0 ? row : (batch - 1) * channels + row % channels;
            count = 0;
            for (int other = first; other <= last; other += channels) {
                for (int t = other * n; t < (other + 1) * n; t++) count += observed(mask, t);
            }
            for (int other = first; other <= last; other += channels) {
                for (int t = other * n; t < (other + 1) * n; t++) {
                    dx[t] += (float) (b * Math.signum(x[t]) * observed(mask, t) / count);
                }
            }
        }
    }
}
