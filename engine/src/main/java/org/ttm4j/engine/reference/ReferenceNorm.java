package org.ttm4j.engine.reference;

import static org.ttm4j.engine.reference.Loops.put;
import static org.ttm4j.engine.reference.Loops.sum;

import java.util.stream.IntStream;
import org.ttm4j.engine.kernel.NormKernels;

/** LayerNorm (Ba et al. 2016), BatchNorm (Ioffe and Szegedy 2015, arXiv:1502.03167) and the scaling of series. */
public class ReferenceNorm implements NormKernels {

    /** y = (x − mean)/√(var + eps)·gain + bias with mean and biased variance of the row. */
    @Override
    public void layerNorm(float[] y, RowStatistics statistics, float[] x, float[] gain, float[] bias, int rows, int d,
            float eps) {
        for (int r = 0; r < rows; r++) {
            int first = r * d;
            int end = first + d;
            double mean = sum(first, end, i -> (double) x[i] / d);
            double variance = sum(first, end, i -> (x[i] - mean) * (x[i] - mean) / d);
            double rstd = 1 / Math.sqrt(variance + eps);
            for (int i = first; i < end; i++) y[i] = (float) ((x[i] - mean) * rstd * gain[i - first] + bias[i - first]);
            if (statistics == null) continue;
            statistics.mean()[r] = (float) mean;
            statistics.rstd()[r] = (float) rstd;
        }
    }

    /** With x̂ = (x − mean)·rstd and g = dy·gain: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)), means over the row. */
    @Override
    public void layerNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            RowStatistics statistics, float[] gain, int rows, int d) {
        double[] normalised = new double[rows * d];
        for (int i = 0; i < rows * d; i++) {
            normalised[i] = (x[i] - (double) statistics.mean()[i / d]) * statistics.rstd()[i / d];
        }
        addSums(dgain, dbias, dy, normalised, rows, d);
        for (int r = 0; r < rows; r++) {
            int first = r * d;
            int end = first + d;
            double mean = sum(first, end, i -> (double) dy[i] * gain[i - first] / d);
            double dot = sum(first, end, i -> (double) dy[i] * gain[i - first] * normalised[i] / d);
            for (int i = first; i < end; i++) {
                double g = (double) dy[i] * gain[i - first];
                put(dx, i, statistics.rstd()[r] * (g - mean - normalised[i] * dot), accumulate);
            }
        }
    }

    /** dgain += Σ dy·x̂ and dbias += Σ dy over the rows. */
    private static void addSums(float[] dgain, float[] dbias, float[] dy, double[] normalised, int rows, int d) {
        for (int j = 0; j < d; j++) {
            int column = j;
            dgain[j] += (float) sum(0, rows, r -> dy[r * d + column] * normalised[r * d + column]);
            dbias[j] += (float) sum(0, rows, r -> dy[r * d + column]);
        }
    }

    @Override
    public void featureMoments(float[] mean, float[] variance, float[] x, int rows, int d) {
        for (int j = 0; j < d; j++) {
            int column = j;
            double average = sum(0, rows, r -> (double) x[r * d + column] / rows);
            mean[j] = (float) average;
            variance[j] = (float) sum(0, rows, r -> Math.pow(x[r * d + column] - average, 2) / rows);
        }
    }

    /** y = (x − mean)/√(variance + eps)·gain + bias, feature by feature. */
    @Override
    public void batchNorm(float[] y, float[] x, FeatureStatistics statistics, float[] gain, float[] bias, int rows,
            int d) {
        double[] normalised = normalised(x, statistics, rows, d);
        for (int i = 0; i < rows * d; i++) y[i] = (float) (normalised[i] * gain[i % d] + bias[i % d]);
    }

    private static double[] normalised(float[] x, FeatureStatistics statistics, int rows, int d) {
        double[] normalised = new double[rows * d];
        for (int i = 0; i < rows * d; i++) {
            normalised[i] = (x[i] - (double) statistics.mean()[i % d]) * rstd(statistics, i % d);
        }
        return normalised;
    }

    private static double rstd(FeatureStatistics statistics, int j) {
        return 1 / Math.sqrt((double) statistics.variance()[j] + statistics.eps());
    }

    /** dx = gain·rstd·(dy − mean(dy) − x̂·mean(dy·x̂)), with means over the rows, 0 for running statistics. */
    @Override
    public void batchNormBackward(float[] dx, boolean accumulate, float[] dgain, float[] dbias, float[] dy, float[] x,
            FeatureStatistics statistics, float[] gain, int rows, int d) {
        double[] normalised = normalised(x, statistics, rows, d);
        addSums(dgain, dbias, dy, normalised, rows, d);
        double share = statistics.ofBatch() ? 1.0 / rows : 0;
        for (int j = 0; j < d; j++) {
            int column = j;
            double mean = share * sum(0, rows, r -> dy[r * d + column]);
            double dot = sum(0, rows, r -> dy[r * d + column] * normalised[r * d + column]);
            for (int i = j; i < rows * d; i += d) {
                put(dx, i, gain[j] * rstd(statistics, j) * (dy[i] - mean - normalised[i] * share * dot), accumulate);
            }
        }
    }

    /** loc = Σ(x·m)/n, scale = √(Σ((x − loc)·m)²/n + minVariance), y = (x − loc)/scale with n = max(Σ m, 1). */
    @Override
    public void standardize(float[] y, float[] loc, float[] scale, float[] x, float[] mask, int rows, int n,
            float minVariance) {
        for (int r = 0; r < rows; r++) {
            int first = r * n;
            int end = first + n;
            double count = Math.max(sum(first, end, t -> observed(mask, t)), 1);
            double mean = sum(first, end, t -> x[t] * observed(mask, t) / count);
            double variance = sum(first, end, t -> Math.pow((x[t] - mean) * observed(mask, t), 2) / count);
            double deviation = Math.sqrt(variance + minVariance);
            for (int t = first; t < end; t++) y[t] = (float) ((x[t] - mean) / deviation);
            loc[r] = (float) mean;
            scale[r] = (float) deviation;
        }
    }

    /** With a = dloc − Σ dy/scale and b = dscale − Σ dy·y/scale: dx = dy/scale + (a + b·y)·m/n. */
    @Override
    public void standardizeBackward(float[] dx, boolean accumulate, float[] dy, float[] dloc, float[] dscale, float[] y,
            float[] scale, float[] mask, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            int first = r * n;
            int end = first + n;
            float deviation = scale[r];
            double count = Math.max(sum(first, end, t -> observed(mask, t)), 1);
            double a = dloc[r] - sum(first, end, t -> dy[t] / deviation);
            double b = dscale[r] - sum(first, end, t -> (double) dy[t] * y[t] / deviation);
            for (int t = first; t < end; t++) {
                put(dx, t, dy[t] / deviation + (a + b * y[t]) * observed(mask, t) / count, accumulate);
            }
        }
    }

    private static double observed(float[] mask, int t) {
        return mask == null ? 1 : mask[t];
    }

    /** scale = max(Σ|x·m| / max(Σ m, 1), minimum), y = x/scale; the sums are over the channel where Σ m is 0. */
    @Override
    public void scaleByMean(float[] y, float[] scale, float[] x, float[] mask, MeanScaling series) {
        int n = series.n();
        for (int row = 0; row < series.rows(); row++) {
            double sum = 0;
            double count = 0;
            for (int t : scaledBy(mask, row, series)) {
                sum += Math.abs(x[t] * observed(mask, t));
                count += observed(mask, t);
            }
            scale[row] = (float) Math.max(sum / Math.max(count, 1), series.minimum());
            for (int t = row * n; t < (row + 1) * n; t++) y[t] = x[t] / scale[row];
        }
    }

    /** The steps whose mean scales the row: its own, or those of its whole channel if none of its own is observed. */
    private static int[] scaledBy(float[] mask, int row, MeanScaling series) {
        int n = series.n();
        int channels = series.channels();
        boolean alone = sum(row * n, (row + 1) * n, t -> observed(mask, t)) > 0;
        if (alone) return IntStream.range(row * n, (row + 1) * n).toArray();
        return IntStream.range(0, series.rows() * n).filter(t -> t / n % channels == row % channels).toArray();
    }

    /** With b = dscale − Σ dy·y/scale: dx = dy/scale, then dx += b·sign(x)·m / Σ m over the steps that scale the row. */
    @Override
    public void scaleByMeanBackward(float[] dx, boolean accumulate, float[] dy, float[] dscale, float[] x, float[] y,
            float[] scale, float[] mask, MeanScaling series) {
        int n = series.n();
        for (int t = 0; t < series.rows() * n; t++) put(dx, t, dy[t] / scale[t / n], accumulate);
        for (int row = 0; row < series.rows(); row++) {
            if (scale[row] <= series.minimum()) continue;
            double b = dscale[row];
            double count = 0;
            int[] steps = scaledBy(mask, row, series);
            for (int t = row * n; t < (row + 1) * n; t++) b -= (double) dy[t] * y[t] / scale[row];
            for (int t : steps) count += observed(mask, t);
            for (int t : steps) dx[t] += (float) (b * Math.signum(x[t]) * observed(mask, t) / count);
        }
    }
}
