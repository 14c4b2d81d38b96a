package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Adds noise: white or autocorrelated, of constant or seasonal strength, with light or heavy tails. */
final class Noise {
    private Noise() {}

    /**
     * Adds stationary noise of a given standard deviation.
     *
     * @param period the season that the strength of the noise can follow; 0 for none
     */
    static void add(float[] series, double std, double period, SplittableRandom random) {
        double kind = random.nextDouble();
        float first = 0;
        float second = 0;
        if (kind < 0.55) {
            // Denser near 1, because the values of hourly and faster series depend on each other for hours.
            double u = random.nextDouble();
            first = (float) (1 - u * u) * 0.98f;
        } else if (kind < 0.7) {
            // Complex poles, which make damped oscillations.
            double radius = Draw.uniform(random, 0.5, 0.97);
            double angle = 2 * Math.PI / Draw.logUniform(random, 4, 60);
            first = (float) (2 * radius * Math.cos(angle));
            second = (float) (-radius * radius);
        }
        // The variance of AR(2) with unit innovations; source: Box, Jenkins & Reinsel, Time Series Analysis, 3.2.
        float variance = (1 - second) / ((1 + second) * ((1 - second) * (1 - second) - first * first));
        float scale = (float) (std / Math.sqrt(variance));
        boolean heavyTails = Draw.chance(random, 0.15);
        boolean seasonal = period > 0 && Draw.chance(random, 0.25);
        Season.Shape strength = seasonal ? Season.Shape.draw(random) : null;
        double phase = random.nextDouble();
        double step = seasonal ? 1 / period : 0;
        float last = scale * (float) Math.sqrt(variance) * Draw.normal(random);
        float beforeLast = last;
        for (int t = 0; t < series.length; t++) {
            float shock = scale * (heavyTails ? student(random) : Draw.normal(random));
            float value = first * last + second * beforeLast + shock;
            beforeLast = last;
            last = value;
            if (seasonal) {
                value *= Math.max(0.1f, 1 + 0.6f * strength.at(phase));
                phase += step;
                phase -= phase >= 1 ? 1 : 0;
            }
            series[t] += value;
        }
    }

    /** Student's t with 4 degrees of freedom, scaled to unit variance. */
    private static float student(SplittableRandom random) {
        // Chi-squared with 4 degrees of freedom is −2 ln of the product of two uniforms.
        double chiSquared = -2 * Math.log((1 - random.nextDouble()) * (1 - random.nextDouble()));
        return Draw.normal(random) * (float) Math.sqrt(2 / Math.max(chiSquared, 0.01));
    }
}
