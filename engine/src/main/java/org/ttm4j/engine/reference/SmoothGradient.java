package org.ttm4j.engine.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ttm4j.engine.kernel.SeriesKernels;

/** The smoothing of one series with all that its backward needs, in the letters of {@link SeriesKernels#smooth}. */
final class SmoothGradient {
    private static final int PASSES = 2;

    private final int n;
    private final int reach;
    /** The Gaussian weights of the window. */
    private final double[] gaussian;
    private final double[] x;
    private final double[] dx;
    private double[] smoothed;
    /** Of each weighted mean, the first with weights of 1: the weights, m and its denominators. */
    private final double[][] v = new double[PASSES + 1][];
    private final double[][] m = new double[PASSES + 1][];
    private final double[][] c = new double[PASSES + 1][];
    /** Of each pass: x − s, the steps of its median and of that of |e|, and d. */
    private final double[][] r = new double[PASSES + 1][];
    private final int[] middle = new int[PASSES + 1];
    private final int[] spread = new int[PASSES + 1];
    private final double[] d = new double[PASSES + 1];

    /** With weights of its own. */
    SmoothGradient(float[] values, int from, int n) {
        this(n, values, from);
        v[0] = new double[n];
        Arrays.fill(v[0], 1);
        smoothed = weightedMeans(0);
        for (int pass = 1; pass <= PASSES; pass++) {
            r[pass] = new double[n];
            for (int t = 0; t < n; t++) r[pass][t] = x[t] - smoothed[t];
            middle[pass] = median(r[pass]);
            double[] e = new double[n];
            for (int t = 0; t < n; t++) e[t] = Math.abs(error(pass, t));
            spread[pass] = median(e);
            d[pass] = e[spread[pass]] + 1e-8;
            v[pass] = new double[n];
            for (int t = 0; t < n; t++) v[pass][t] = Math.pow(1 - Math.min(Math.pow(e[t] / (6 * d[pass]), 2), 1), 2);
            smoothed = weightedMeans(pass);
        }
    }

    /** With given weights. */
    SmoothGradient(float[] values, float[] weights, int from, int n) {
        this(n, values, from);
        v[PASSES] = new double[n];
        for (int t = 0; t < n; t++) v[PASSES][t] = weights[from + t];
        smoothed = weightedMeans(PASSES);
    }

    private SmoothGradient(int n, float[] values, int from) {
        this.n = n;
        reach = (SeriesKernels.smoothWindow(n) - 1) / 2;
        gaussian = IntStream.rangeClosed(-reach, reach).mapToDouble(j -> ReferenceSeries.gaussian(j, n)).toArray();
        x = new double[n];
        dx = new double[n];
        for (int t = 0; t < n; t++) x[t] = values[from + t];
    }

    double[] smoothed() {
        return smoothed;
    }

    double[] weights() {
        return v[PASSES];
    }

    private double error(int pass, int t) {
        return r[pass][t] - r[pass][middle[pass]];
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

    private double[] weightedMeans(int pass) {
        m[pass] = new double[n];
        c[pass] = new double[n];
        double[] s = new double[n];
        double shift = 0;
        double floor = 1e-8 * ReferenceSeries.gaussianSum(n);
        for (int t = 0; t < n; t++) {
            double sum = 0;
            for (int j = -reach; j <= reach; j++) {
                int at = ReferenceSeries.mirrored(t + j, n);
                sum += gaussian[reach + j] * v[pass][at] * x[at];
                c[pass][t] += gaussian[reach + j] * v[pass][at];
            }
            c[pass][t] += floor;
            m[pass][t] = sum / c[pass][t];
            shift += (x[t] - m[pass][t]) / n;
        }
        for (int t = 0; t < n; t++) s[t] = m[pass][t] + shift;
        return s;
    }

    /** The gradient of x for that of the last s. */
    double[] of(float[] dy, int from) {
        double[] ds = new double[n];
        for (int t = 0; t < n; t++) ds[t] = dy[from + t];
        if (v[0] == null) {
            ofWeightedMeans(PASSES, ds);
            return dx;
        }
        for (int pass = PASSES; pass >= 1; pass--) {
            double[] dr = ofErrors(pass, ofWeightedMeans(pass, ds));
            for (int t = 0; t < n; t++) {
                dx[t] += dr[t];
                ds[t] = -dr[t];
            }
        }
        ofWeightedMeans(0, ds);
        return dx;
    }

    /** Adds to dx, and returns dv. */
    private double[] ofWeightedMeans(int pass, double[] ds) {
        double mean = 0;
        for (int t = 0; t < n; t++) mean += ds[t] / n;
        double[] dv = new double[n];
        for (int t = 0; t < n; t++) {
            double dm = (ds[t] - mean) / c[pass][t];
            dx[t] += mean;
            for (int j = -reach; j <= reach; j++) {
                int at = ReferenceSeries.mirrored(t + j, n);
                double share = gaussian[reach + j] * dm;
                dx[at] += share * v[pass][at];
                dv[at] += share * (x[at] - m[pass][t]);
            }
        }
        return dv;
    }

    /** The gradient of x − s for that of the weights. */
    private double[] ofErrors(int pass, double[] dv) {
        double[] de = new double[n];
        double dd = 0;
        for (int t = 0; t < n; t++) {
            double q = Math.abs(error(pass, t)) / (6 * d[pass]);
            double dq = -4 * q * (1 - Math.min(q * q, 1)) * dv[t];
            de[t] = dq / (6 * d[pass]);
            dd -= dq * q / d[pass];
        }
        de[spread[pass]] += dd;
        double[] dr = new double[n];
        for (int t = 0; t < n; t++) {
            double signed = Math.signum(error(pass, t)) * de[t];
            dr[t] += signed;
            dr[middle[pass]] -= signed;
        }
        return dr;
    }
}
