package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * Series whose parts multiply, as those of sales, loads and passengers do: a level that grows, breaks and saturates,
 * seasons in proportion to it, and regimes that change level, seasons and noise for a while.
 */
final class StructuralSeries {
    private StructuralSeries() {}

    static void fill(float[] series, Clock clock, SplittableRandom random) {
        float[] season = new float[series.length];
        SeasonComponent.add(season, Draw.logUniform(random, 0.05, 0.5), clock.period(), random);
        if (clock.longerPeriod() > 0) {
            SeasonComponent.add(season, Draw.logUniform(random, 0.05, 0.5), clock.longerPeriod(), random);
        }
        if (clock.hasWeekdays() && random.nextBoolean()) {
            SeasonComponent.addWeek(season, Draw.logUniform(random, 0.05, 0.4), clock.stepsPerDay(), random);
        }
        Drift.addLines(series, Draw.logUniform(random, 0.1, 2.5), random);
        if (random.nextBoolean()) Drift.addShifts(series, Draw.logUniform(random, 0.05, 0.6), random);
        if (random.nextBoolean()) Drift.addWalk(series, Draw.logUniform(random, 0.05, 0.5), random);
        float[] noise = new float[series.length];
        Noise.add(noise, Draw.logUniform(random, 0.01, 0.3), clock.period(), random);
        double most = Draw.logUniform(random, 0.4, 6);
        boolean multiplies = Draw.chance(random, 0.8);
        double change = Draw.chance(random, 0.35) ? Draw.logUniform(random, 0.03, 1) / Math.max(clock.period(), 4) : 0;
        float shift = 0;
        float strength = 1;
        float volatility = 1;
        for (int t = 0; t < series.length; t++) {
            if (Draw.chance(random, change)) {
                shift = 0.3f * Draw.normal(random);
                strength = (float) Draw.logUniform(random, 0.3, 1.5);
                volatility = (float) Draw.logUniform(random, 0.5, 4);
            }
            double level = most * Math.tanh((series[t] + shift) / most);
            double cycle = strength * season[t] + volatility * noise[t];
            series[t] = (float) (multiplies ? Math.exp(level + Math.min(3, cycle)) : level + cycle);
        }
    }
}
