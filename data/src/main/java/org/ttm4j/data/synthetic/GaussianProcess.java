package org.ttm4j.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Draws from Gaussian processes of one to five kernels, joined by sums and products from the left, as in KernelSynth
 * (Ansari et al. 2024, arXiv:2403.07815). A draw is a sum of cosines whose frequencies come from the spectral measure of
 * the kernel (Rahimi and Recht 2007), which takes steps × frequencies instead of steps³ operations; the frequency of a
 * product is the sum of those of its factors.
 */
final class GaussianProcess {
    private static final int FREQUENCIES = 32;
    /** The kernel of a straight line, which multiplies what the other factors give. */
    private static final ToDoubleFunction<SplittableRandom> LINE = random -> 0;

    private GaussianProcess() {}

    static void add(float[] series, Clock clock, SplittableRandom random) {
        List<List<ToDoubleFunction<SplittableRandom>>> sum = new ArrayList<>();
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
            ToDoubleFunction<SplittableRandom> kernel = draw(series.length, clock, random);
            if (sum.isEmpty() || random.nextBoolean()) sum.add(new ArrayList<>(List.of(kernel)));
            else sum.forEach(product -> product.add(kernel));
        }
        sum.forEach(product -> addProduct(series, product, random));
        if (random.nextBoolean()) Noise.add(series, Draw.logUniform(random, 0.02, 0.7), 0, random);
    }

    /** The source of a kernel's frequencies, in radians a step. */
    private static ToDoubleFunction<SplittableRandom> draw(int length, Clock clock, SplittableRandom random) {
        double kind = random.nextDouble();
        double scale = length * Draw.logUniform(random, 0.01, 1);
        if (kind < 0.1) return LINE;
        if (kind < 0.3) return source -> source.nextGaussian() / scale;
        // Rational quadratic with α = 1: a scale mixture of the squared exponential.
        if (kind < 0.42) return source -> source.nextGaussian() * Math.sqrt(-Math.log(1 - source.nextDouble())) / scale;
        // Ornstein–Uhlenbeck: the spectral measure is Cauchy's.
        if (kind < 0.5) return source -> Math.tan(Math.PI * (source.nextDouble() - 0.5)) / scale;
        boolean longer = clock.longerPeriod() > 0 && random.nextBoolean();
        double period = Math.max(2, longer ? clock.longerPeriod() : clock.period());
        // Periodic: exp(z (cos θ − 1)) is the characteristic function of a Poisson(z) number of steps of ±1.
        double limit = Math.exp(-Math.pow(Draw.logUniform(random, 0.3, 2), -2));
        return source -> {
            int multiple = 0;
            for (double left = source.nextDouble(); left > limit; left *= source.nextDouble()) {
                multiple += source.nextBoolean() ? 1 : -1;
            }
            return 2 * Math.PI / period * multiple;
        };
    }

    private static void addProduct(float[] series, List<ToDoubleFunction<SplittableRandom>> product,
            SplittableRandom random) {
        double[] path = new double[series.length];
        for (int i = 0; i < FREQUENCIES; i++) {
            double frequency = product.stream().mapToDouble(kernel -> kernel.applyAsDouble(random)).sum();
            double phase = 2 * Math.PI * random.nextDouble();
            // cos(ω(t + 1) + φ) = 2 cos ω · cos(ωt + φ) − cos(ω(t − 1) + φ)
            double twice = 2 * Math.cos(frequency);
            double last = Math.cos(phase - frequency);
            double now = Math.cos(phase);
            for (int t = 0; t < path.length; t++) {
                path[t] += now;
                double next = twice * now - last;
                last = now;
                now = next;
            }
        }
        // √(2/n) Σ cos(ωt + φ) has the covariance E cos ω(t − t').
        double weight = Math.sqrt(2.0 / FREQUENCIES) * Draw.logUniform(random, 0.3, 1.5);
        double origin = random.nextDouble();
        long lines = product.stream().filter(kernel -> kernel == LINE).count();
        for (int t = 0; t < path.length; t++) {
            series[t] += (float) (weight * path[t] * Math.pow(2 * ((double) t / path.length - origin), lines));
        }
    }
}
