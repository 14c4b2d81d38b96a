package org.ttm4j.engine.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.engine.kernel.SeriesKernels;

/** Halving, the discrete Fourier transform by its definition, and robust smoothing. */
public class ReferenceSeries implements SeriesKernels {

    @Override
    public void halve(float[] y, float[] x, int rows, int n) {
        int half = n / 2;
        for (int row = 0; row < rows; row++) {
            int to = row * half;
            int from = row * n;
            for (int t = 0; t < half; t++) y[to + t] = (x[from + 2 * t] + x[from + 2 * t + 1]) / 2;
        }
    }

    @Override
    public void halveBackward(float[] dx, boolean accumulate, float[] dy, int rows, int n) {
        for (int i = 0; i < rows * n; i++) {
            int t = i % n;
            Loops.put(dx, i, t / 2 < n / 2 ? dy[i / n * (n / 2) + t / 2] / 2 : 0, accumulate);
        }
    }

    @Override
    public void strongestFrequencies(float[] bins, float[] x, int rows, int n, int k, boolean ignoreFirst) {
        for (int row = 0; row < rows; row++) {
            float[] magnitudes = magnitudes(x, row * n, n);
            if (ignoreFirst) magnitudes[0] = -1;
            // The sort is stable: equal magnitudes keep the order of their bins.
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
        double total = Loops.sum(from, from + n, t -> Math.abs(x[t]));
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
        for (int row = 0; row < rows; row++) put(y, row, WeightedMean.of(series(x, row, n)).s, false);
    }

    @Override
    public void smoothWeights(float[] v, float[] x, int rows, int n) {
        for (int row = 0; row < rows; row++) put(v, row, WeightedMean.of(series(x, row, n)).v, false);
    }

    @Override
    public void smoothBy(float[] y, float[] x, float[] v, int rows, int n) {
        for (int row = 0; row < rows; row++) put(y, row, mean(x, v, row, n).s, false);
    }

    @Override
    public void smoothBackward(float[] dx, boolean accumulate, float[] dy, float[] x, float[] v, int rows, int n) {
        for (int row = 0; row < rows; row++) {
            double[] gradient = new double[n];
            mean(x, v, row, n).backward(gradient, series(dy, row, n));
            put(dx, row, gradient, accumulate);
        }
    }

    private static WeightedMean mean(float[] x, float[] v, int row, int n) {
        double[] series = series(x, row, n);
        return v == null ? WeightedMean.of(series) : new WeightedMean(series, series(v, row, n));
    }

    private static double[] series(float[] x, int row, int n) {
        double[] series = new double[n];
        for (int t = 0; t < n; t++) series[t] = x[row * n + t];
        return series;
    }

    private static void put(float[] y, int row, double[] series, boolean accumulate) {
        int n = series.length;
        for (int t = 0; t < n; t++) Loops.put(y, row * n + t, series[t], accumulate);
    }

    /** A smoothed series s with all that backward needs. Variables are named as in {@link SeriesKernels#smooth}. */
    static final class WeightedMean {
        final double[] s;
        final double[] v;

        private final double[] x;
        private final int n;
        /** The Gaussian weights of the window. */
        private final double[] gaussian;
        private final double[] m;
        private final double[] c;
        /** The previous weighted mean, from whose errors the weights v follow; null if the weights are given. */
        private final WeightedMean before;
        /** The errors of this mean, from which the next weights follow; set by {@link #robust}. */
        private Errors errors;

        /** A weighted mean with given weights. */
        WeightedMean(double[] x, double[] v) {
            this(x, v, null);
        }

        private WeightedMean(double[] x, double[] v, WeightedMean before) {
            this.x = x;
            this.v = v;
            this.before = before;
            n = x.length;
            int window = SeriesKernels.smoothWindow(n);
            gaussian = new double[window];
            for (int j = 0; j < window; j++) {
                gaussian[j] = Math.exp(-0.5 * Math.pow((j - window / 2) / (0.25 * window), 2));
            }
            double floor = 1e-8 * DoubleStream.of(gaussian).sum();
            m = new double[n];
            c = new double[n];
            s = new double[n];
            double shift = 0;
            for (int t = 0; t < n; t++) {
                double sum = 0;
                double weight = 0;
                for (int j = 0; j < window; j++) {
                    int at = mirrored(t, j);
                    sum += gaussian[j] * v[at] * x[at];
                    weight += gaussian[j] * v[at];
                }
                c[t] = weight + floor;
                m[t] = sum / c[t];
                shift += (x[t] - m[t]) / n;
            }
            for (int t = 0; t < n; t++) s[t] = m[t] + shift;
        }

        /** Smooths x: a mean with weights of 1, then two whose weights follow from the errors of the mean before. */
        static WeightedMean of(double[] x) {
            double[] ones = new double[x.length];
            Arrays.fill(ones, 1);
            return new WeightedMean(x, ones).robust().robust();
        }

        private WeightedMean robust() {
            errors = errors();
            double[] weights = new double[n];
            for (int t = 0; t < n; t++) weights[t] = Math.pow(1 - Math.min(Math.pow(errors.ratio(t), 2), 1), 2);
            return new WeightedMean(x, weights, this);
        }

        /** The step at position j of the window around step t. */
        private int mirrored(int t, int j) {
            int at = Math.abs(t + j - gaussian.length / 2);
            return Math.min(at, 2 * (n - 1) - at);
        }

        /** e = x − s minus its median; the step of that median; the step of the median of |e|; and d. */
        private record Errors(double[] e, int middle, int spread, double d) {
            double ratio(int t) {
                return Math.abs(e[t]) / (6 * d);
            }
        }

        private Errors errors() {
            double[] e = new double[n];
            for (int t = 0; t < n; t++) e[t] = x[t] - s[t];
            int middle = median(e);
            double level = e[middle];
            for (int t = 0; t < n; t++) e[t] -= level;
            int spread = median(DoubleStream.of(e).map(Math::abs).toArray());
            return new Errors(e, middle, spread, Math.abs(e[spread]) + 1e-8);
        }

        /** The step of the lower median. */
        private static int median(double[] values) {
            return IntStream.range(0, values.length)
                    .boxed()
                    .sorted(Comparator.comparing(t -> values[t]))
                    .skip((values.length - 1) / 2)
                    .findFirst()
                    .orElseThrow();
        }

        /** Adds to dx the gradient that follows from ds, the gradient of s. */
        void backward(double[] dx, double[] ds) {
            double mean = 0;
            for (int t = 0; t < n; t++) mean += ds[t] / n;
            double[] dv = new double[n];
            for (int t = 0; t < n; t++) {
                double dm = (ds[t] - mean) / c[t];
                dx[t] += mean;
                for (int j = 0; j < gaussian.length; j++) {
                    int at = mirrored(t, j);
                    dx[at] += gaussian[j] * dm * v[at];
                    dv[at] += gaussian[j] * dm * (x[at] - m[t]);
                }
            }
            if (before != null) before.backwardOfWeights(dx, dv);
        }

        /** Adds to dx what follows from dv, the gradient of the weights that were computed from the errors of s. */
        private void backwardOfWeights(double[] dx, double[] dv) {
            double[] de = new double[n];
            double dd = 0;
            for (int t = 0; t < n; t++) {
                double q = errors.ratio(t);
                double dq = -4 * q * (1 - Math.min(q * q, 1)) * dv[t];
                de[t] = dq / (6 * errors.d);
                dd -= dq * q / errors.d;
            }
            de[errors.spread] += dd;
            double[] ds = new double[n];
            for (int t = 0; t < n; t++) {
                double signed = Math.signum(errors.e[t]) * de[t];
                ds[t] -= signed;
                ds[errors.middle] += signed;
            }
            for (int t = 0; t < n; t++) dx[t] -= ds[t];
            backward(dx, ds);
        }
    }
}
