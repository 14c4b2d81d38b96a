package org.ttm4j.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws from Gaussian processes of composed kernels: one to five kernels, joined by sums and products from the left, as
 * in KernelSynth (Ansari et al. 2024, arXiv:2403.07815). A draw is a sum of cosines whose frequencies come from the
 * spectral measure of the kernel (Rahimi and Recht 2007), which takes steps × frequencies instead of steps³ operations;
 * the frequency of a product is the sum of those of its factors.
 */
final class GaussianProcess {
    private static final int FREQUENCIES = 32;
    private static final int MOST_KERNELS = 5;

    private GaussianProcess() {}

    /** Draws a frequency of a stationary kernel, in radians a step. */
    private interface Kernel {
        double frequency(SplittableRandom random);
    }

    /** The factors of a product; a linear kernel is no {@link Kernel} but a straight line that multiplies the rest. */
    private record Product(List<Kernel> factors, int lines) {
        Product times(Kernel factor) {
            List<Kernel> all = new ArrayList<>(factors);
            if (factor != null) all.add(factor);
            return new Product(all, factor == null ? Math.min(2, lines + 1) : lines);
        }
    }

    static void add(float[] series, Clock clock, SplittableRandom random) {
        List<Product> sum = new ArrayList<>();
        int kernels = 1 + random.nextInt(MOST_KERNELS);
        for (int i = 0; i < kernels; i++) {
            Kernel kernel = draw(series.length, clock, random);
            if (sum.isEmpty() || random.nextBoolean()) sum.add(new Product(List.of(), 0).times(kernel));
            else sum.replaceAll(product -> product.times(kernel));
        }
        for (Product product : sum) addProduct(series, product, random);
        if (Draw.chance(random, 0.5)) Noise.add(series, Draw.logUniform(random, 0.02, 0.7), 0, random);
    }

    /** A kernel; null for a linear one. Lengths are relative to the series, periods are those of its clock. */
    private static Kernel draw(int length, Clock clock, SplittableRandom random) {
        double kind = random.nextDouble();
        if (kind < 0.5) {
            boolean longer = clock.longerPeriod() > 0 && random.nextBoolean();
            double period = (longer ? clock.longerPeriod() : clock.period()) * (Draw.chance(random, 0.2) ? 0.5 : 1);
            // exp(z (cos θ − 1)) is the characteristic function of a Poisson(z) number of steps of ±1.
            double z = Math.pow(Draw.logUniform(random, 0.3, 2), -2);
            return source -> 2 * Math.PI / Math.max(2, period) * signs(z, source);
        }
        double scale = length * Draw.logUniform(random, 0.01, 1);
        if (kind < 0.68) return source -> source.nextGaussian() / scale;
        // Rational quadratic with α = 1: a scale mixture of the squared exponential.
        if (kind < 0.82) return source -> source.nextGaussian() * Math.sqrt(-Math.log(1 - source.nextDouble())) / scale;
        // Ornstein–Uhlenbeck: the spectral measure is Cauchy's.
        if (kind < 0.9) return source -> Math.tan(Math.PI * (source.nextDouble() - 0.5)) / scale;
        return null;
    }

    private static int signs(double mean, SplittableRandom random) {
        int sum = 0;
        double limit = Math.exp(-mean);
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            sum += random.nextBoolean() ? 1 : -1;
        }
        return sum;
    }

    private static void addProduct(float[] series, Product product, SplittableRandom random) {
        double[] path = new double[series.length];
        // √(2/n) Σ cos(ωt + φ) has the covariance E cos ω(t − t').
        double amplitude = Math.sqrt(2.0 / FREQUENCIES);
        for (int i = 0; i < FREQUENCIES; i++) {
            double frequency = 0;
            for (Kernel factor : product.factors) frequency += factor.frequency(random);
            double phase = 2 * Math.PI * random.nextDouble();
            // cos(ω(t + 1) + φ) = 2 cos ω · cos(ωt + φ) − cos(ω(t − 1) + φ)
            double twice = 2 * Math.cos(frequency);
            double last = Math.cos(phase - frequency);
            double now = Math.cos(phase);
            for (int t = 0; t < path.length; t++) {
                path[t] += amplitude * now;
                double next = twice * now - last;
                last = now;
                now = next;
            }
        }
        double origin = random.nextDouble();
        double weight = Draw.logUniform(random, 0.3, 1.5);
        for (int t = 0; t < path.length; t++) {
            double line = Math.pow(2 * ((double) t / path.length - origin), product.lines);
            series[t] += (float) (weight * line * path[t]);
        }
    }
}
