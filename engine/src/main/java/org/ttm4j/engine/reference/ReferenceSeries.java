package org.ttm4j.engine.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ttm4j.engine.kernel.SeriesKernels;

/** Halving, the discrete Fourier transform by its definition, and robust smoothing. */
public final class ReferenceSeries implements SeriesKernels {

    @Override
    public void halve(float[] y, float[] x, int rows, int n) {
        int half = n / 2;
        for (int i = 0; i < rows * half; i++) {
            int from = i / half * n + i % half * 2;
            y[i] = (x[from] + x[from + 1]) / 2;
        }
    }

    @Override
    public void halveBackward(float[] dx, boolean accumulate, float[] dy, int rows, int n) {
        for (int i = 0; i < rows * n; i++) {
            int t = i % n;
            float gradient = t / 2 < n / 2 ? dy[i / n * (n / 2) + t / 2] / 2 : 0;
            dx[i] = accumulate ? dx[i] + gradient : gradient;
        }
    }

    @Override
    public void strongestFrequencies(float[] bins, float[] x, int rows, int n, int k, boolean ignoreFirst) {
        for (int row = 0; row < rows; row++) {
            float[] magnitudes = magnitudes(x, row * n, n);
            if (ignoreFirst) magnitudes[0] = -1;
            // The sort keeps the order of what is equal.
            int[] order = IntStream.range(0, magnitudes.length)
                    .boxed()
                    .sorted(Comparator.comparing((Integer bin) -> -magnitudes[bin]))
                    .mapToInt(bin -> bin)
                    .toArray();
            for (int i = 0; i < k; i++) bins[row * k + i] = order[i];
        }
    }

    /** |Σₜ x[t]·e^(−2πi·b·t/n)| for b = 0 … n/2. */
    private static float[] magnitudes(float[] x, int from, int n) {
        double total = 0;
        for (int t = 0; t < n; t++) total += Math.abs(x[from + t]);
        float[] magnitudes = new float[n / 2 + 1];
        for (int b = 0; b < magnitudes.length; b++) {
            double real = 0;
            double imaginary = 0;
            for (int t = 0; t < n; t++) {
                double angle = 2 * Math.PI * ((long) b * t % n) / n;
                real += x[from + t] * Math.cos(angle);
                imaginary += x[from + t] * Math.sin(angle);
            }
            double magnitude = Math.hypot(real, imaginary);
            magnitudes[b] = magnitude < 1e-10 * total ? 0 : (float) magnitude;
        }
        return magnitudes;
    }

    @Override
    public void smooth(float[] y, float[] scratch, float[] x, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            double[] series = new double[n];
            for (int t = 0; t < n; t++) series[t] = x[row * n + t];
            double[] smoothed = smooth(series);
            for (int t = 0; t < n; t++) y[row * n + t] = (float) smoothed[t];
        }
    }

    @Override
    public void smoothWeights(float[] v, float[] x, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            double[] weights = new SmoothGradient(x, row * n, n).weights();
            for (int t = 0; t < n; t++) v[row * n + t] = (float) weights[t];
        }
    }

    @Override
    public void smoothBy(float[] y, float[] x, float[] v, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            double[] smoothed = new SmoothGradient(x, v, row * n, n).smoothed();
            for (int t = 0; t < n; t++) y[row * n + t] = (float) smoothed[t];
        }
    }

    @Override
    public void smoothBackward(float[] dx, boolean accumulate, float[] dy, float[] x, float[] v, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            SmoothGradient smooth = v == null
                    ? new SmoothGradient(x, row * n, n)
                    : new SmoothGradient(x, v, row * n, n);
            double[] gradient = smooth.of(dy, row * n);
            for (int t = 0; t < n; t++) {
                dx[row * n + t] = (float) (gradient[t] + (accumulate ? dx[row * n + t] : 0));
            }
        }
    }

    static double[] smooth(double[] x) {
        double[] weights = new double[x.length];
        Arrays.fill(weights, 1);
        double[] s = weightedMeans(x, weights);
        for (int pass = 0; pass < 2; pass++) {
            double[] e = new double[x.length];
            for (int t = 0; t < e.length; t++) e[t] = x[t] - s[t];
            double middle = median(e);
            for (int t = 0; t < e.length; t++) e[t] = Math.abs(e[t] - middle);
            double d = median(e) + 1e-8;
            for (int t = 0; t < e.length; t++) {
                weights[t] = Math.pow(1 - Math.min(Math.pow(e[t] / (6 * d), 2), 1), 2);
            }
            s = weightedMeans(x, weights);
        }
        return s;
    }

    /** conv(x·v)/(conv(v) + 1e-8), moved so that its mean is that of x. */
    private static double[] weightedMeans(double[] x, double[] v) {
        int n = x.length;
        double[] s = new double[n];
        double shift = 0;
        for (int t = 0; t < n; t++) {
            double sum = 0;
            double weight = 0;
            int reach = (SeriesKernels.smoothWindow(n) - 1) / 2;
            for (int j = -reach; j <= reach; j++) {
                int at = mirrored(t + j, n);
                sum += gaussian(j, n) * v[at] * x[at];
                weight += gaussian(j, n) * v[at];
            }
            s[t] = sum / (weight + 1e-8 * gaussianSum(n));
            shift += (x[t] - s[t]) / n;
        }
        for (int t = 0; t < n; t++) s[t] += shift;
        return s;
    }

    static double gaussian(int j, int n) {
        return Math.exp(-0.5 * Math.pow(j / (0.25 * SeriesKernels.smoothWindow(n)), 2));
    }

    static double gaussianSum(int n) {
        int reach = (SeriesKernels.smoothWindow(n) - 1) / 2;
        return IntStream.rangeClosed(-reach, reach).mapToDouble(j -> gaussian(j, n)).sum();
    }

    static int mirrored(int t, int n) {
        if (t < 0) return -t;
        return t < n ? t : 2 * (n - 1) - t;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }
}
