package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * Series of which the parts multiply, as sales, loads and passengers do: a level that grows, breaks and saturates, seasons
 * in proportion to it, and regimes that change the level, the seasons and the noise for a while.
 */
final class StructuralSeries {
    private StructuralSeries() {}

    static void fill(float[] series, Clock clock, SplittableRandom random) {
        int length = series.length;
        float[] season = new float[length];
        SeasonComponent.add(season, Draw.logUniform(random, 0.05, 0.5), clock.period(), random);
        if (clock.longerPeriod() > 0) {
            SeasonComponent.add(season, Draw.logUniform(random, 0.05, 0.5), clock.longerPeriod(), random);
        }
        if (clock.hasWeekdays() && Draw.chance(random, 0.5)) {
            SeasonComponent.addWeek(season, Draw.logUniform(random, 0.05, 0.4), clock.stepsPerDay(), random);
        }
        float[] level = new float[length];
        Trend.addLines(level, Draw.logUniform(random, 0.1, 2.5), random);
        if (Draw.chance(random, 0.5)) Trend.addShifts(level, Draw.logUniform(random, 0.05, 0.6), random);
        if (Draw.chance(random, 0.5)) Drift.addWalk(level, Draw.logUniform(random, 0.05, 0.5), random);
        if (Draw.chance(random, 0.3)) saturate(level, random);
        float[] noise = new float[length];
        Noise.add(noise, Draw.logUniform(random, 0.01, 0.3), clock.period(), random);
        boolean multiplicative = Draw.chance(random, 0.8);
        boolean regimes = Draw.chance(random, 0.35);
        double leave = 1 / (Math.max(clock.period(), 4) * Draw.logUniform(random, 1, 30));
        float shift = 0;
        float strength = 1;
        float volatility = 1;
        for (int t = 0; t < length; t++) {
            if (regimes && Draw.chance(random, leave)) {
                shift = 0.3f * Draw.normal(random);
                strength = (float) Draw.logUniform(random, 0.3, 1.5);
                volatility = (float) Draw.logUniform(random, 0.5, 4);
            }
            float cycle = strength * season[t] + volatility * noise[t];
            float log = Math.max(-6, Math.min(6, level[t] + shift));
            series[t] = multiplicative ? (float) Math.exp(log + Math.min(3, cycle)) : log + cycle;
        }
    }

    /** Bends a path that leaves a band around its start, as a market that is saturated. */
    private static void saturate(float[] level, SplittableRandom random) {
        float band = (float) Draw.uniform(random, 0.3, 1.5);
        float start = level[0];
        for (int t = 0; t < level.length; t++) level[t] = start + band * (float) Math.tanh((level[t] - start) / band);
    }
}
