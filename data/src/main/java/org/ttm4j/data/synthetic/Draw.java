package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Draws from the distributions of which the parts of a series are made. */
final class Draw {
    private Draw() {}

    static boolean chance(SplittableRandom random, double probability) {
        return random.nextDouble() < probability;
    }

    static double uniform(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Uniform on a logarithmic scale between two positive bounds. */
    static double logUniform(SplittableRandom random, double low, double high) {
        return low * Math.exp(random.nextDouble() * Math.log(high / low));
    }

    static float normal(SplittableRandom random) {
        return (float) random.nextGaussian();
    }
}
