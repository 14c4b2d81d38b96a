package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * Activity by a business calendar: working days, days off, holidays with what is bought before them, ends of months or pay
 * days and, where a day has twelve steps or more, opening hours.
 */
final class BusinessSeries {
    private static final int YEAR = 365;
    private static final int MONTH = 30;

    private BusinessSeries() {}

    static void fill(float[] series, Clock clock, SplittableRandom random) {
        double day = clock.stepsPerDay() > 0 ? clock.stepsPerDay() : 1;
        if (day >= 1) SeasonComponent.addWeek(series, Draw.logUniform(random, 0.1, 0.8), day, random);
        SeasonComponent.add(series, Draw.logUniform(random, 0.02, 0.3), YEAR * day, random);
        Drift.addReturning(series, Draw.logUniform(random, 0.02, 0.4), Math.max(4, 20 * day), random);
        Noise.add(series, Draw.logUniform(random, 0.01, 0.3), 0, random);
        double midnight = random.nextDouble();
        for (int left = random.nextInt(13); left > 0; left--) addDays(series, YEAR, day, midnight, random);
        if (random.nextBoolean()) addDays(series, MONTH, day, midnight, random);
        double opens = Draw.uniform(random, 0.2, 0.45);
        double closes = day < 12 ? 2 : Draw.uniform(random, 0.6, 0.98);
        float closed = random.nextBoolean() ? 0 : (float) Draw.uniform(random, 0.02, 0.5);
        for (int t = 0; t < series.length; t++) {
            double time = (midnight + t / day) % 1;
            float rate = (float) Math.exp(Math.max(-6, Math.min(4, series[t])));
            series[t] = closes > 1 || time >= opens && time < closes ? rate : closed * rate;
        }
    }

    /** Adds days of every year or month that differ from the others, and at times a rise towards them. */
    private static void addDays(float[] series, int cycle, double day, double midnight, SplittableRandom random) {
        double begin = (random.nextInt(cycle) + midnight) * day;
        double length = (1 + random.nextInt(3)) * day;
        float size = (float) (Draw.uniform(random, -2, 1) * Math.min(1, length));
        double rise = Math.max(1, random.nextInt(1, 15) * day);
        float before = Draw.chance(random, 0.4) ? (float) Draw.uniform(random, 0, 0.8) : 0;
        for (int t = 0; t < series.length; t++) {
            double since = (begin + t) % (cycle * day);
            double until = cycle * day - since;
            // Days shorter than a step count for their part of it.
            if (since < Math.max(1, length)) series[t] += size;
            else if (until < rise) series[t] += before * (float) (1 - until / rise);
        }
    }
}
