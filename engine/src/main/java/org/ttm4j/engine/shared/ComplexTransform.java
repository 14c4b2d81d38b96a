package org.ttm4j.engine.shared;

/**
 * The discrete Fourier transform, in double, of complex series whose length has only the prime factors 2, 3 and 5. It
 * works factor by factor, alternating between two pairs of arrays, so that the result is in order (Stockham; Cochran et
 * al. 1967, doi:10.1109/PROC.1967.5957). Not thread-safe.
 *
 * <p>A pass with the factor r, while s interleaved series of n elements remain to be transformed, computes with m = n/r
 * <pre>
 * y[q + s·(r·p + j)] = e^(−2πi·p·j/n) · Σₖ x[q + s·(p + m·k)]·e^(−2πi·j·k/r),   q below s, p below m, j below r
 * </pre>
 * and leaves s·r interleaved series of m elements.
 */
final class ComplexTransform {
    private static final int[] FACTORS = {5, 3, 2};

    final int size;
    /** The series, filled by the caller; after {@link #run} the transform. Each {@link #run} may replace the arrays. */
    double[] real;
    double[] imaginary;
    private double[] otherReal;
    private double[] otherImaginary;
    /** e^(−2πi·j/size), j below size. */
    private final double[] cosines;
    private final double[] sines;

    ComplexTransform(int size) {
        this.size = size;
        real = new double[size];
        imaginary = new double[size];
        otherReal = new double[size];
        otherImaginary = new double[size];
        cosines = new double[size];
        sines = new double[size];
        for (int j = 0; j < size; j++) {
            cosines[j] = Math.cos(2 * Math.PI * j / size);
            sines[j] = -Math.sin(2 * Math.PI * j / size);
        }
    }

    /** True if this class can transform series of this length. */
    static boolean takes(int n) {
        int rest = n;
        for (int factor : FACTORS) {
            while (rest % factor == 0) rest /= factor;
        }
        return rest == 1;
    }

    /** Transforms {@link #real} and {@link #imaginary}. */
    void run() {
        int s = 1;
        for (int factor : FACTORS) {
            for (; size / s % factor == 0; s *= factor) {
                if (factor == 2) halves(s);
                else parts(factor, s);
                double[] re = real;
                double[] im = imaginary;
                real = otherReal;
                imaginary = otherImaginary;
                otherReal = re;
                otherImaginary = im;
            }
        }
    }

    /** The pass for r = 2. */
    private void halves(int s) {
        double[] re = real;
        double[] im = imaginary;
        double[] toReal = otherReal;
        double[] toImaginary = otherImaginary;
        int half = size / 2;
        for (int p = 0; p < half; p += s) {
            // p counts in steps of s and so indexes the roots of unity too: e^(−2πi·p/n) = e^(−2πi·s·p/size).
            double cosine = cosines[p];
            double sine = sines[p];
            for (int from = p, to = 2 * p; from < p + s; from++, to++) {
                double differenceReal = re[from] - re[from + half];
                double differenceImaginary = im[from] - im[from + half];
                toReal[to] = re[from] + re[from + half];
                toImaginary[to] = im[from] + im[from + half];
                toReal[to + s] = differenceReal * cosine - differenceImaginary * sine;
                toImaginary[to + s] = differenceReal * sine + differenceImaginary * cosine;
            }
        }
    }

    /** The pass for any r. */
    private void parts(int r, int s) {
        int part = size / r;
        for (int p = 0; p < part; p += s) {
            for (int from = p, to = r * p; from < p + s; from++, to++) {
                for (int j = 0; j < r; j++) {
                    double sumReal = 0;
                    double sumImaginary = 0;
                    for (int k = 0; k < r; k++) {
                        // The product of the twiddle factor of the result and the root of unity of the term.
                        int root = (p * j + part * (j * k % r)) % size;
                        double re = real[from + part * k];
                        double im = imaginary[from + part * k];
                        sumReal += re * cosines[root] - im * sines[root];
                        sumImaginary += re * sines[root] + im * cosines[root];
                    }
                    otherReal[to + s * j] = sumReal;
                    otherImaginary[to + s * j] = sumImaginary;
                }
            }
        }
    }
}
