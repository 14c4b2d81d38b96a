package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Series of counts: demand that is zero most of the time, and counters that add up and start again. */
final class CountSeries {
    private CountSeries() {}

    /** Demand of spare parts, rare events: its chance follows a season, fades away, or comes in clusters. */
    static void fillIntermittent(float[] series, Clock clock, SplittableRandom random) {
        SeasonalShape season = SeasonalShape.draw(random);
        double chance = Draw.logUniform(random, 0.03, 0.6);
        double swing = random.nextBoolean() ? Draw.uniform(random, 0.2, 0.9) : 0;
        double fading = Draw.chance(random, 0.2) ? Draw.uniform(random, -2, 2) / series.length : 0;
        double cluster = Draw.chance(random, 0.3) ? Draw.uniform(random, 0.1, 0.6) : 0;
        double size = Draw.logUniform(random, 1, 30);
        double spread = random.nextDouble();
        double phase = random.nextDouble();
        for (int t = 0; t < series.length; t++) {
            double turn = (phase + t / clock.period()) % 1;
            double now = chance * Math.exp(fading * t) * Math.max(0, 1 + swing * season.at(turn));
            if (t > 0 && series[t - 1] > 0) now += cluster;
            if (!Draw.chance(random, now)) continue;
            series[t] = Math.max(1, Math.round(size * Math.exp(spread * Draw.normal(random))));
        }
    }

    /** Meters and totals: the sum of a rate with a season, which starts again at a limit, by the clock or never. */
    static void fillCounter(float[] series, Clock clock, SplittableRandom random) {
        SeasonComponent.add(series, Draw.logUniform(random, 0.2, 1.2), clock.period(), random);
        Noise.add(series, Draw.logUniform(random, 0.03, 0.8), clock.period(), random);
        double kind = random.nextDouble();
        double limit = kind < 0.4 ? series.length * Draw.logUniform(random, 0.03, 1) : Double.POSITIVE_INFINITY;
        double cycle = kind > 0.7 ? clock.period() * (1 + random.nextInt(3)) : Double.POSITIVE_INFINITY;
        double next = cycle * random.nextDouble();
        double sum = random.nextDouble() * Math.min(limit, Math.min(cycle, series.length));
        float step = Draw.chance(random, 0.4) ? (float) Draw.logUniform(random, 0.5, 10) : 1e-3f;
        for (int t = 0; t < series.length; t++) {
            sum = t >= next ? 0 : (sum + Math.max(0, 1 + series[t])) % limit;
            if (t >= next) next += cycle;
            series[t] = step * Math.round(sum / step);
        }
    }
}
