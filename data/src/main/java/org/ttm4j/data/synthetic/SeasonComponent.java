package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * Adds seasons whose cycles differ from each other: the amplitude wanders from cycle to cycle, and a second shape comes
 * and goes on top of the first.
 */
final class SeasonComponent {
    private static final int DAYS = 7;

    private SeasonComponent() {}

    /** Adds a season of a given standard deviation and period to the series. */
    static void add(float[] series, double std, double period, SplittableRandom random) {
        SeasonalShape shape = SeasonalShape.draw(random);
        SeasonalShape variation = Draw.chance(random, 0.6) ? SeasonalShape.draw(random) : shape;
        CyclePath amplitude = CyclePath.draw(random, Draw.chance(random, 0.3) ? 0 : Draw.uniform(random, 0.05, 0.5));
        CyclePath mixture = CyclePath.draw(random, variation == shape ? 0 : Draw.logUniform(random, 0.1, 0.8));
        double growth = Draw.chance(random, 0.25) ? Draw.uniform(random, -0.6, 0.6) / series.length : 0;
        double step = 1 / period;
        double phase = random.nextDouble();
        for (int t = 0; t < series.length; t++) {
            float value = (1 + amplitude.at(phase)) * shape.at(phase);
            if (variation != shape) value += mixture.at(phase) * variation.at(phase);
            series[t] += (float) (std * (1 + growth * t)) * value;
            phase += step;
            if (phase >= 1) {
                phase -= 1;
                amplitude.advance(random);
                mixture.advance(random);
            }
        }
    }

    /**
     * Adds a week, in which working days and days off differ in level, and all days differ a little. The level changes
     * gradually at the beginning of a day.
     */
    static void addWeek(float[] series, double std, double stepsPerDay, SplittableRandom random) {
        float[] levels = new float[DAYS];
        int daysOff = Draw.chance(random, 0.8) ? 2 : 1;
        float drop = (float) Draw.uniform(random, -1, 1) + 1.2f;
        float own = (float) Draw.uniform(random, 0, 0.4);
        for (int day = 0; day < DAYS; day++) levels[day] = own * Draw.normal(random) - (day < daysOff ? drop : 0);
        double passage = Draw.uniform(random, 0.02, 0.5);
        double position = random.nextDouble() * DAYS;
        // Starts on the first step of a day, so that a value of a daily series belongs to one day.
        position = stepsPerDay <= 1 ? (int) position : position;
        for (int t = 0; t < series.length; t++) {
            int day = (int) position;
            float into = (float) Math.min(1, (position - day) / passage);
            float before = levels[day == 0 ? DAYS - 1 : day - 1];
            series[t] += (float) std * (stepsPerDay <= 1 ? levels[day] : before + into * (levels[day] - before));
            position += 1 / stepsPerDay;
            position -= position >= DAYS ? DAYS : 0;
        }
    }

    /** A stationary AR(1) sequence with one value for each cycle, interpolated within the cycle. */
    private static final class CyclePath {
        private final float persistence;
        private final float innovation;
        private float value;
        private float next;

        private CyclePath(float persistence, float innovation) {
            this.persistence = persistence;
            this.innovation = innovation;
        }

        static CyclePath draw(SplittableRandom random, double std) {
            double persistence = Draw.uniform(random, 0, 0.95);
            CyclePath path = new CyclePath((float) persistence,
                    (float) (std * Math.sqrt(1 - persistence * persistence)));
            path.next = (float) std * Draw.normal(random);
            path.advance(random);
            return path;
        }

        void advance(SplittableRandom random) {
            value = next;
            next = persistence * value + (innovation == 0 ? 0 : innovation * Draw.normal(random));
        }

        float at(double phase) {
            return value + (float) phase * (next - value);
        }
    }
}
