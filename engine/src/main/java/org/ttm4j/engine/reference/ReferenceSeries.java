package org.ttm4j.engine.reference;

import java.util.Comparator;
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
}
