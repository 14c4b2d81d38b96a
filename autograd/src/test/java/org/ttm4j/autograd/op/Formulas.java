package org.ttm4j.autograd.op;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The operations' formulas in double, one output element at a time, written for reading only. */
final class Formulas {
    private Formulas() {}

    /** Fills an array of n by index. */
    static double[] fill(int n, IntToDoubleFunction value) {
        return IntStream.range(0, n).mapToDouble(value).toArray();
    }

    /** x·Wᵀ + b; x: rows × in, W: out × in. */
    static double[] affine(double[] x, double[] w, double[] b) {
        int out = b.length;
        int in = w.length / out;
        return fill(x.length / in * out, i -> {
            double sum = b[i % out];
            for (int k = 0; k < in; k++) sum += x[i / out * in + k] * w[i % out * in + k];
            return sum;
        });
    }

    /** W·x[block] + b, one b a row; x: blocks × in × d. */
    static double[] leftAffine(double[] x, double[] w, double[] b, int d) {
        int out = b.length;
        int in = w.length / out;
        return transpose(affine(transpose(x, in, d), w, b), d, out);
    }

    /** Each block of rows × columns transposed. */
    static double[] transpose(double[] x, int rows, int columns) {
        int size = rows * columns;
        return fill(x.length, i -> x[i / size * size + i % size % rows * columns + i % size / rows]);
    }

    static double[] add(double[] a, double[] b) {
        return fill(a.length, i -> a[i] + b[i]);
    }

    /** x·Φ(x), Φ by its power series, which is exact to double for the small x of these tests. */
    static double[] gelu(double[] x) {
        return fill(x.length, i -> x[i] * (0.5 + series(x[i])));
    }

    private static double series(double x) {
        double term = x / Math.sqrt(2 * Math.PI);
        double sum = 0;
        for (int k = 0; k < 200; k++) {
            sum += term / (2 * k + 1);
            term *= -x * x / (2 * (k + 1));
        }
        return sum;
    }

    /** Softmax over rows of n. */
    static double[] softmax(double[] x, int n) {
        return fill(x.length, i -> {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += Math.exp(x[i / n * n + j] - x[i]);
            return 1 / sum;
        });
    }

    /** x ⊙ softmax(x·Wᵀ + b). */
    static double[] gate(double[] x, double[] w, double[] b) {
        double[] p = softmax(affine(x, w, b), b.length);
        return fill(x.length, i -> x[i] * p[i]);
    }

    /** (x − mean)/√(var + eps) over rows of d, times gain plus bias. */
    static double[] layerNorm(double[] x, double[] gain, double[] bias, double eps) {
        int d = gain.length;
        return fill(x.length, i -> {
            int row = i / d * d;
            double mean = IntStream.range(0, d).mapToDouble(j -> x[row + j]).sum() / d;
            double variance = IntStream.range(0, d).mapToDouble(j -> Math.pow(x[row + j] - mean, 2)).sum() / d;
            return (x[i] - mean) / Math.sqrt(variance + eps) * gain[i % d] + bias[i % d];
        });
    }

    /** (x − mean)/√(var + eps) over the rows, for each of d features, times gain plus bias. */
    static double[] batchNorm(double[] x, double[] gain, double[] bias, double eps) {
        int d = gain.length;
        int rows = x.length / d;
        return fill(x.length, i -> {
            double mean = IntStream.range(0, rows).mapToDouble(r -> x[r * d + i % d]).sum() / rows;
            double variance = IntStream.range(0, rows).mapToDouble(r -> Math.pow(x[r * d + i % d] - mean, 2)).sum()
                    / rows;
            return (x[i] - mean) / Math.sqrt(variance + eps) * gain[i % d] + bias[i % d];
        });
    }

    /** softmax(q·kᵀ/√(d/heads))·v a head, over blocks of n × d. */
    static double[] attention(double[] q, double[] k, double[] v, int n, int d, int heads) {
        int width = d / heads;
        return fill(q.length, i -> {
            int block = i / (n * d) * n * d;
            int row = i / d * d;
            int head = i % d / width * width;
            double[] scores = fill(n, j -> {
                double dot = 0;
                for (int f = head; f < head + width; f++) dot += q[row + f] * k[block + j * d + f];
                return dot / Math.sqrt(width);
            });
            double[] p = softmax(scores, n);
            return IntStream.range(0, n).mapToDouble(j -> p[j] * v[block + j * d + i % d]).sum();
        });
    }
}
