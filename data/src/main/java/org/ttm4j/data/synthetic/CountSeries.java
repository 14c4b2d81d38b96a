package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** Series of counts: demand that is zero most of the time, and counters that add up and start again. */
final class CountSeries {
    private CountSeries() {}

    /**
     * Demand of spare parts, rare events: at most steps nothing, at the others a size. The chance of a demand follows a
     * season and can fade away or come in clusters.
     */
    static void fillIntermittent(float[] series, Clock clock, SplittableRandom random) {
        SeasonalShape season = SeasonalShape.draw(random);
        double chance = Draw.logUniform(random, 0.03, 0.6);
        double swing = Draw.chance(random, 0.5) ? Draw.uniform(random, 0.2, 0.9) : 0;
        double fading = Draw.chance(random, 0.2) ? Draw.uniform(random, -2, 2) / series.length : 0;
        double cluster = Draw.chance(random, 0.3) ? Draw.uniform(random, 0.1, 0.6) : 0;
        double size = Draw.logUniform(random, 1, 30);
        double spread = Draw.uniform(random, 0, 1);
        double phase = random.nextDouble();
        for (int t = 0; t < series.length; t++) {
            double cycle = phase + t / clock.period();
            double now = chance * Math.max(0, 1 + swing * season.at(cycle - Math.floor(cycle)));
            now *= Math.exp(fading * t);
            if (t > 0 && series[t - 1] > 0) now += cluster;
            boolean demand = Draw.chance(random, now);
            series[t] = demand ? Math.max(1, Math.round(size * Math.exp(spread * Draw.normal(random)))) : 0;
        }
    }

    /** Meters and totals: the sum of a rate that follows a season, which starts again at a limit, by the clock or never. */
    static void fillCounter(float[] series, Clock clock, SplittableRandom random) {
        SeasonComponent.add(series, Draw.logUniform(random, 0.2, 1.2), clock.period(), random);
        Noise.add(series, Draw.logUniform(random, 0.03, 0.8), clock.period(), random);
        double kind = random.nextDouble();
        double limit = kind < 0.4 ? series.length * Draw.logUniform(random, 0.03, 1) : Double.POSITIVE_INFINITY;
        double cycle = kind >= 0.4 && kind < 0.7 ? clock.period() * (1 + random.nextInt(3)) : Double.POSITIVE_INFINITY;
        double next = cycle * random.nextDouble();
        double sum = random.nextDouble() * Math.min(limit, Math.min(cycle, series.length));
        float step = Draw.chance(random, 0.4) ? (float) Draw.logUniform(random, 0.5, 10) : 0;
        for (int t = 0; t < series.length; t++) {
            sum += Math.max(0, 1 + series[t]);
            if (sum >= limit) sum -= limit * Math.floor(sum / limit);
            if (t >= next) {
                sum = 0;
                next += cycle;
            }
            series[t] = step > 0 ? step * Math.round(sum / step) : (float) sum;
        }
    }
}
