package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * Adds seasons whose cycles differ from each other: the amplitude wanders from cycle to cycle, and a second shape comes
 * and goes on top of the first.
 */
final class Season {
    private static final int DAYS = 7;

    private Season() {}

    /** Adds a season of a given standard deviation and period to the series. */
    static void add(float[] series, double std, double period, SplittableRandom random) {
        Shape shape = Shape.draw(random);
        Shape variation = Draw.chance(random, 0.6) ? Shape.draw(random) : shape;
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

    /** A random cycle, as a table over the phase with mean 0 and mean square 1. Immutable. */
    static final class Shape {
        private static final int SIZE = 256;
        private static final float[] COSINE = new float[SIZE];

        /** exp(−x²/2) for x in [0, 4). */
        private static final float[] BELL = new float[SIZE];

        static {
            for (int i = 0; i < SIZE; i++) {
                COSINE[i] = (float) Math.cos(2 * Math.PI * i / SIZE);
                double x = 4.0 * i / SIZE;
                BELL[i] = (float) Math.exp(-x * x / 2);
            }
        }

        /** The last entry repeats the first, so that interpolation needs no modulo. */
        private final float[] table = new float[SIZE + 1];

        private Shape() {}

        static Shape draw(SplittableRandom random) {
            Shape shape = new Shape();
            double kind = random.nextDouble();
            if (kind < 0.35) shape.harmonics(random);
            else if (kind < 0.50) shape.daylight(random);
            else if (kind < 0.68) shape.peaks(random);
            else if (kind < 0.77) shape.onOff(random);
            else if (kind < 0.82) shape.saw(random);
            else shape.knots(random);
            shape.normalize();
            return shape;
        }

        /** The value at a phase in [0, 1). */
        float at(double phase) {
            // In double precision, because in float a phase just below 1 rounds to 1, beyond the table.
            double x = phase * SIZE;
            int i = (int) x;
            return table[i] + (float) (x - i) * (table[i + 1] - table[i]);
        }

        /** A few harmonics whose amplitude falls with the order. */
        private void harmonics(SplittableRandom random) {
            int count = 1 + random.nextInt(6);
            double decay = Draw.uniform(random, 0.5, 2);
            for (int k = 1; k <= count; k++) {
                float amplitude = (float) (Math.pow(k, -decay) * Draw.uniform(random, 0.3, 1));
                int start = random.nextInt(SIZE);
                for (int i = 0; i < SIZE; i++) table[i] += amplitude * COSINE[(k * i + start) % SIZE];
            }
        }

        /** Zero at night and a bump by day: sun, solar power, visitors. */
        private void daylight(SplittableRandom random) {
            int start = random.nextInt(SIZE);
            float horizon = (float) Draw.uniform(random, -0.6, 0.6);
            boolean steep = random.nextBoolean();
            for (int i = 0; i < SIZE; i++) {
                float height = Math.max(0, COSINE[(i + start) % SIZE] - horizon);
                table[i] = steep ? height * height : height;
            }
        }

        /** One to three peaks over a gentle wave, such as mornings and evenings of loads and traffic. */
        private void peaks(SplittableRandom random) {
            float wave = (float) Draw.uniform(random, 0, 0.6);
            int start = random.nextInt(SIZE);
            for (int i = 0; i < SIZE; i++) table[i] = wave * COSINE[(i + start) % SIZE];
            int count = 1 + random.nextInt(3);
            for (int peak = 0; peak < count; peak++) {
                float height = (float) Draw.uniform(random, 0.3, 1);
                float width = (float) Draw.logUniform(random, 0.015, 0.15) * SIZE;
                int centre = random.nextInt(SIZE);
                for (int i = 0; i < SIZE; i++) {
                    int distance = Math.min(Math.abs(i - centre), SIZE - Math.abs(i - centre));
                    int x = (int) (distance / width * (SIZE / 4f));
                    table[i] += x < SIZE ? height * BELL[x] : 0;
                }
            }
        }

        /** Two levels with ramps between them: opening hours, machines. */
        private void onOff(SplittableRandom random) {
            int length = (int) (SIZE * Draw.uniform(random, 0.1, 0.7));
            int ramp = 1 + (int) (SIZE * Draw.uniform(random, 0, 0.08));
            int start = random.nextInt(SIZE);
            for (int i = 0; i < SIZE; i++) {
                float inside = (float) Math.min(i, length - i) / ramp;
                table[(i + start) % SIZE] = Math.max(0, Math.min(1, inside));
            }
        }

        /** A slow rise and a fast fall, or a fast rise and a slow fall: tanks, batteries, stocks. */
        private void saw(SplittableRandom random) {
            int top = (int) (SIZE * Draw.uniform(random, 0.02, 0.98));
            int start = random.nextInt(SIZE);
            for (int i = 0; i < SIZE; i++) {
                table[(i + start) % SIZE] = i < top ? (float) i / top : (float) (SIZE - i) / (SIZE - top);
            }
        }

        /** Random levels joined by lines, for seasons that follow no formula. */
        private void knots(SplittableRandom random) {
            int count = 4 + random.nextInt(21);
            float persistence = (float) Draw.uniform(random, 0, 0.9);
            float[] levels = new float[count + 1];
            for (int k = 1; k < count; k++) levels[k] = persistence * levels[k - 1] + Draw.normal(random);
            int start = random.nextInt(SIZE);
            for (int i = 0; i < SIZE; i++) {
                float x = (float) i * count / SIZE;
                int k = (int) x;
                table[(i + start) % SIZE] = levels[k] + (x - k) * (levels[k + 1] - levels[k]);
            }
        }

        private void normalize() {
            float sum = 0;
            for (int i = 0; i < SIZE; i++) sum += table[i];
            float mean = sum / SIZE;
            float squares = 0;
            for (int i = 0; i < SIZE; i++) {
                table[i] -= mean;
                squares += table[i] * table[i];
            }
            float scale = 1 / (float) Math.sqrt(squares / SIZE + 1e-12f);
            for (int i = 0; i < SIZE; i++) table[i] *= scale;
            table[SIZE] = table[0];
        }
    }
}
