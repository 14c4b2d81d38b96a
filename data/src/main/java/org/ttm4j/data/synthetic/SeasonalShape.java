package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/** A random cycle, as a table over the phase with mean 0 and mean square 1. Immutable. */
final class SeasonalShape {
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

    private SeasonalShape() {}

    static SeasonalShape draw(SplittableRandom random) {
        SeasonalShape shape = new SeasonalShape();
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
