package org.ttm4j.engine.shared;

import java.util.Arrays;

/**
 * The discrete Fourier transform of real series of one length, in double: by halves (Cooley and Tukey 1965,
 * doi:10.1090/S0025-5718-1965-0178586-1) where the length is a power of two, else as a convolution of such a length
 * (Bluestein 1970, doi:10.1109/TAU.1970.1162132), so that no length is slow. Belongs to one thread.
 */
final class FourierTransform {
    /** A decomposed model has series of two lengths. */
    private static final int KEPT = 4;
    private static final double ROUNDING = 1e-10;

    private static final ThreadLocal<FourierTransform[]> LOCAL = ThreadLocal
            .withInitial(() -> new FourierTransform[KEPT]);

    /** Length of the series. */
    private final int n;
    /** Length of the transforms by halves. */
    private final int size;
    /** e^(−2πi·j/size), j below size/2. */
    private final double[] cosines;
    private final double[] sines;
    /** e^(−πi·t²/n), and the transform of its conjugate; null where n is a power of two. */
    private final double[] chirpReal;
    private final double[] chirpImaginary;
    private final double[] filterReal;
    private final double[] filterImaginary;
    private final double[] real;
    private final double[] imaginary;
    private final long[] order;

    private FourierTransform(int n) {
        this.n = n;
        boolean whole = Integer.bitCount(n) == 1;
        size = whole ? n : Integer.highestOneBit(2 * n - 1) * 2;
        cosines = new double[size / 2];
        sines = new double[size / 2];
        for (int j = 0; j < size / 2; j++) {
            cosines[j] = Math.cos(2 * Math.PI * j / size);
            sines[j] = -Math.sin(2 * Math.PI * j / size);
        }
        real = new double[size];
        imaginary = new double[size];
        order = new long[n / 2 + 1];
        chirpReal = whole ? null : new double[n];
        chirpImaginary = whole ? null : new double[n];
        filterReal = whole ? null : new double[size];
        filterImaginary = whole ? null : new double[size];
        if (!whole) fillChirps();
    }

    private void fillChirps() {
        for (int t = 0; t < n; t++) {
            double angle = Math.PI * ((long) t * t % (2L * n)) / n;
            chirpReal[t] = Math.cos(angle);
            chirpImaginary[t] = -Math.sin(angle);
            // At t and −t.
            filterReal[t] = chirpReal[t];
            filterImaginary[t] = -chirpImaginary[t];
            filterReal[(size - t) % size] = chirpReal[t];
            filterImaginary[(size - t) % size] = -chirpImaginary[t];
        }
        transform(filterReal, filterImaginary);
    }

    /** This thread's transform of a length, made when it is not one of the last few. */
    static FourierTransform local(int n) {
        FourierTransform[] kept = LOCAL.get();
        for (FourierTransform one : kept) if (one != null && one.n == n) return one;
        System.arraycopy(kept, 0, kept, 1, KEPT - 1);
        kept[0] = new FourierTransform(n);
        return kept[0];
    }

    /** See {@link org.ttm4j.engine.kernel.SeriesKernels#strongestFrequencies}; one row. */
    void strongest(float[] bins, int to, float[] x, int from, int k, boolean ignoreFirst) {
        double total = 0;
        for (int t = 0; t < n; t++) total += Math.abs(x[from + t]);
        spectrum(x, from);
        for (int b = 0; b < order.length; b++) {
            double magnitude = Math.sqrt(real[b] * real[b] + imaginary[b] * imaginary[b]);
            float rounded = magnitude < ROUNDING * total ? 0 : (float) magnitude;
            // Magnitudes descend as these keys ascend; bins ascend where they are equal.
            order[b] = (long) (Integer.MAX_VALUE - 1 - Float.floatToIntBits(rounded)) << 32 | b;
        }
        if (ignoreFirst) order[0] = Long.MAX_VALUE & ~0xFFFFFFFFL;
        Arrays.sort(order);
        for (int i = 0; i < k; i++) bins[to + i] = (int) order[i];
    }

    /** The transform of the series, in the first n elements of real and imaginary. */
    private void spectrum(float[] x, int from) {
        Arrays.fill(imaginary, 0);
        if (chirpReal == null) {
            for (int t = 0; t < n; t++) real[t] = x[from + t];
            transform(real, imaginary);
            return;
        }
        Arrays.fill(real, n, size, 0);
        for (int t = 0; t < n; t++) {
            real[t] = x[from + t] * chirpReal[t];
            imaginary[t] = x[from + t] * chirpImaginary[t];
        }
        transform(real, imaginary);
        for (int j = 0; j < size; j++) {
            double product = real[j] * filterReal[j] - imaginary[j] * filterImaginary[j];
            // Conjugated, so that the transform is the inverse one, conjugated.
            imaginary[j] = -(real[j] * filterImaginary[j] + imaginary[j] * filterReal[j]);
            real[j] = product;
        }
        transform(real, imaginary);
        // The chirp that is left to multiply by, and the conjugation, change no magnitude.
        for (int b = 0; b < n; b++) {
            real[b] /= size;
            imaginary[b] /= size;
        }
    }

    private void transform(double[] re, double[] im) {
        for (int i = 1, j = 0; i < size; i++) {
            int bit = size >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i < j) {
                swap(re, i, j);
                swap(im, i, j);
            }
        }
        for (int length = 2; length <= size; length *= 2) {
            int half = length / 2;
            int stride = size / length;
            for (int block = 0; block < size; block += length) {
                for (int i = block, at = 0; i < block + half; i++, at += stride) {
                    double oddReal = re[i + half] * cosines[at] - im[i + half] * sines[at];
                    double oddImaginary = re[i + half] * sines[at] + im[i + half] * cosines[at];
                    re[i + half] = re[i] - oddReal;
                    im[i + half] = im[i] - oddImaginary;
                    re[i] += oddReal;
                    im[i] += oddImaginary;
                }
            }
        }
    }

    private static void swap(double[] x, int i, int j) {
        double value = x[i];
        x[i] = x[j];
        x[j] = value;
    }
}
