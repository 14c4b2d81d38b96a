package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Adds peaks, bursts and outages to a series, and distorts it as sensors and counters do. */
final class Events {
    private Events() {}

    /**
     * Adds peaks of log-normal size at random times, which fade away: errors of a sensor, rain, floods, failures.
     *
     * @param height the median size
     * @param gap the mean number of steps between two peaks
     * @param fading the share of a peak that is left a step later, in [0, 1)
     * @param upward the probability that a peak is upward
     */
    static void addShots(float[] series, double height, double gap, double fading, double upward,
            SplittableRandom random) {
        float level = 0;
        int next = waiting(gap, random);
        for (int t = 0; t < series.length; t++) {
            level *= (float) fading;
            if (t >= next) {
                float size = (float) (height * Math.exp(0.8 * Draw.normal(random)));
                level += Draw.chance(random, upward) ? size : -size;
                next = t + 1 + waiting(gap, random);
            }
            series[t] += level;
        }
    }

    private static int waiting(double gap, SplittableRandom random) {
        return (int) (-gap * Math.log(1 - random.nextDouble()));
    }

    /** Adds changes of the level that last a while: heat waves, promotions, runs of a machine. */
    static void addBursts(float[] series, double height, SplittableRandom random) {
        int count = 1 + random.nextInt(5);
        for (int burst = 0; burst < count; burst++) {
            float size = (float) height * Draw.normal(random);
            int start = random.nextInt(series.length);
            int end = Math.min(series.length, start + (int) Draw.logUniform(random, 3, 100));
            for (int t = start; t < end; t++) series[t] += size;
        }
    }

    /** Holds one value for a while: a stuck sensor or an outage. */
    static void hold(float[] series, SplittableRandom random) {
        int start = random.nextInt(series.length);
        int end = Math.min(series.length, start + (int) Draw.logUniform(random, 5, 60));
        float value = Draw.chance(random, 0.5) ? 0 : series[start];
        for (int t = start; t < end; t++) series[t] = value;
    }

    /** Clips the series at a level, from which it is then measured: flow, rain, solar power. */
    static void clip(float[] series, float level, boolean above) {
        for (int t = 0; t < series.length; t++) {
            series[t] = above ? Math.min(series[t] - level, 0) : Math.max(series[t] - level, 0);
        }
    }

    /** Makes fluctuations proportional to the level: exp((x − mean) · factor). */
    static void exponentiate(float[] series, float mean, float factor) {
        for (int t = 0; t < series.length; t++) {
            // A single peak beyond e^6 would hide everything else.
            series[t] = (float) Math.exp(Math.min(6, (series[t] - mean) * factor));
        }
    }

    static void round(float[] series, float step) {
        for (int t = 0; t < series.length; t++) series[t] = Math.round(series[t] / step) * step;
    }

    /** Replaces a series of rates (≥ 0) by random counts at those rates. */
    static void count(float[] series, SplittableRandom random) {
        for (int t = 0; t < series.length; t++) series[t] = poisson(series[t], random);
    }

    private static float poisson(float rate, SplittableRandom random) {
        if (rate > 15) return Math.max(0, Math.round(rate + (float) Math.sqrt(rate) * Draw.normal(random)));
        // By Knuth, The Art of Computer Programming, 3.4.1: how many uniforms have a product above e^−rate.
        double limit = Math.exp(-rate);
        int count = -1;
        for (double product = 1; product > limit; product *= random.nextDouble()) count++;
        return Math.max(0, count);
    }
}
