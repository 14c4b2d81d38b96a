package org.ttm4j.engine.scalar;

import java.util.Arrays;

/**
 * The magnitudes of the discrete Fourier transform of real series of one length n. If n is even, each pair of steps
 * becomes one complex number, and the transform has half the length. For a length that {@link ComplexTransform} does
 * not support, the transform is computed as a convolution of a supported length (Bluestein 1970,
 * doi:10.1109/TAU.1970.1162132), so that no length is slow. Not thread-safe.
 */
final class FourierTransform {
    /** The number of transforms that a thread keeps. A decomposed model transforms series of two lengths. */
    private static final int KEPT = 4;
    private static final double ROUNDING = 1e-10;

    private static final PerThread<FourierTransform[]> LOCAL = new PerThread<>(() -> new FourierTransform[KEPT]);

    /** Length of the series. */
    private final int n;
    /** Length of the complex series: n/2 or n. */
    private final int length;
    private final ComplexTransform transform;
    /** e^(−πi·t²/length), and the transform of its conjugate, for Bluestein's convolution; otherwise null. */
    private final double[] chirpReal;
    private final double[] chirpImaginary;
    private final double[] filterReal;
    private final double[] filterImaginary;
    /** e^(−2πi·b/n), b up to n/2. */
    private final double[] cosines;
    private final double[] sines;
    /** Sort keys of the strongest bins found so far, ascending. */
    private final long[] keys;

    private FourierTransform(int n) {
        // The search for the factors of 0 would not end.
        if (n < 1) throw new IllegalArgumentException("a series of " + n + " steps: expected at least 1");
        this.n = n;
        length = n % 2 == 0 ? n / 2 : n;
        boolean whole = ComplexTransform.takes(length);
        transform = new ComplexTransform(whole ? length : Integer.highestOneBit(2 * length - 1) * 2);
        int bins = n / 2 + 1;
        cosines = new double[bins];
        sines = new double[bins];
        for (int b = 0; b < bins; b++) {
            cosines[b] = Math.cos(2 * Math.PI * b / n);
            sines[b] = -Math.sin(2 * Math.PI * b / n);
        }
        keys = new long[bins];
        chirpReal = whole ? null : new double[length];
        chirpImaginary = whole ? null : new double[length];
        if (!whole) fillChirps();
        filterReal = whole ? null : transform.real.clone();
        filterImaginary = whole ? null : transform.imaginary.clone();
    }

    private void fillChirps() {
        int size = transform.size;
        double[] re = transform.real;
        double[] im = transform.imaginary;
        for (int t = 0; t < length; t++) {
            double angle = Math.PI * ((long) t * t % (2L * length)) / length;
            chirpReal[t] = Math.cos(angle);
            chirpImaginary[t] = -Math.sin(angle);
            // The filter is symmetric: at t and −t.
            re[t] = chirpReal[t];
            im[t] = -chirpImaginary[t];
            re[(size - t) % size] = re[t];
            im[(size - t) % size] = im[t];
        }
        transform.run();
    }

    /** This thread's transform for series of n steps. The last few lengths are kept. */
    static FourierTransform local(int n) {
        FourierTransform[] kept = LOCAL.get();
        for (FourierTransform one : kept) if (one != null && one.n == n) return one;
        System.arraycopy(kept, 0, kept, 1, KEPT - 1);
        kept[0] = new FourierTransform(n);
        return kept[0];
    }

    /** {@link org.ttm4j.engine.kernel.SeriesKernels#strongestFrequencies} for one row. */
    void strongest(float[] bins, int to, float[] x, int from, int k, boolean ignoreFirst) {
        double total = 0;
        for (int t = 0; t < n; t++) total += Math.abs(x[from + t]);
        run(x, from);
        int count = 0;
        for (int b = 0; b <= n / 2; b++) {
            double magnitude = n % 2 == 0 ? magnitudeOfPairs(b) : magnitude(transform.real[b], transform.imaginary[b]);
            float rounded = magnitude < ROUNDING * total ? 0 : (float) magnitude;
            // Ascending keys mean descending magnitudes and, for equal magnitudes, ascending bins.
            long key = (long) (Integer.MAX_VALUE - 1 - Float.floatToIntBits(rounded)) << 32 | b;
            if (b == 0 && ignoreFirst) key = Long.MAX_VALUE & ~0xFFFFFFFFL;
            if (count == k && key > keys[k - 1]) continue;
            int place = -1 - Arrays.binarySearch(keys, 0, count, key);
            if (count < k) count++;
            System.arraycopy(keys, place, keys, place + 1, count - 1 - place);
            keys[place] = key;
        }
        for (int i = 0; i < k; i++) bins[to + i] = (int) keys[i];
    }

    private static double magnitude(double re, double im) {
        return Math.sqrt(re * re + im * im);
    }

    /**
     * |E[b] + e^(−2πi·b/n)·O[b]|, where E and O are the transforms of the even and of the odd steps. They follow from
     * Z, the transform of the pairs: E[b] = (Z[b] + Z*[−b])/2, O[b] = (Z[b] − Z*[−b])/2i.
     */
    private double magnitudeOfPairs(int b) {
        int at = b % length;
        int opposite = (length - at) % length;
        double re = transform.real[at];
        double im = transform.imaginary[at];
        double oppositeReal = transform.real[opposite];
        double oppositeImaginary = transform.imaginary[opposite];
        double oddReal = 0.5 * (im + oppositeImaginary);
        double oddImaginary = 0.5 * (oppositeReal - re);
        return magnitude(0.5 * (re + oppositeReal) + cosines[b] * oddReal - sines[b] * oddImaginary,
                0.5 * (im - oppositeImaginary) + sines[b] * oddReal + cosines[b] * oddImaginary);
    }

    /** Leaves the transform of the series, or of its pairs, in the first elements of {@link #transform}. */
    private void run(float[] x, int from) {
        double[] re = transform.real;
        double[] im = transform.imaginary;
        for (int t = 0; t < length; t++) {
            re[t] = n % 2 == 0 ? x[from + 2 * t] : x[from + t];
            im[t] = n % 2 == 0 ? x[from + 2 * t + 1] : 0;
        }
        if (chirpReal == null) {
            transform.run();
            return;
        }
        int size = transform.size;
        Arrays.fill(re, length, size, 0);
        Arrays.fill(im, length, size, 0);
        multiply(chirpReal, chirpImaginary, length);
        transform.run();
        multiply(filterReal, filterImaginary, size);
        // The inverse transform of z is the conjugate of the transform of the conjugate of z, divided by its size.
        for (int j = 0; j < size; j++) transform.imaginary[j] = -transform.imaginary[j];
        transform.run();
        for (int b = 0; b < length; b++) {
            transform.real[b] /= size;
            transform.imaginary[b] /= -size;
        }
        multiply(chirpReal, chirpImaginary, length);
    }

    /** Multiplies the complex numbers in {@link #transform} elementwise. */
    private void multiply(double[] byReal, double[] byImaginary, int count) {
        double[] re = transform.real;
        double[] im = transform.imaginary;
        for (int t = 0; t < count; t++) {
            double product = re[t] * byReal[t] - im[t] * byImaginary[t];
            im[t] = re[t] * byImaginary[t] + im[t] * byReal[t];
            re[t] = product;
        }
    }

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
    private static final class ComplexTransform {
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
}
