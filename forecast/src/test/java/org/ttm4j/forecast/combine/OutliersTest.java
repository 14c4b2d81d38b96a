package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutliersTest {
    private final Random random = new Random(3);

    private static int[] of(int steps, IntToDoubleFunction value) {
        return Outliers.of(IntStream.range(0, steps).mapToDouble(value).toArray());
    }

    /** 100 and noise. */
    private double usual() {
        return 100 + random.nextGaussian();
    }

    @Test
    void fewValuesFarBeyondOthersAreFound() {
        assertArrayEquals(new int[]{7, 900}, of(1000, t -> t == 7 ? 1e4 : t == 900 ? 0 : usual()));
        assertArrayEquals(new int[]{7, 8, 9}, of(1000, t -> t > 6 && t < 10 ? 1e4 : usual()));
        assertArrayEquals(new int[]{5}, of(12, t -> t == 5 ? 1000 : usual()));
        assertArrayEquals(new int[]{20}, of(50, t -> t == 20 ? 1000 : t % 7 == 0 ? Double.NaN : usual()));
    }

    @Test
    void whatBelongsToTheSeriesIsNone() {
        assertArrayEquals(new int[0], of(1000, t -> usual()));
        assertArrayEquals(new int[0], of(1000, t -> t % 168 == 5 ? 1e4 : usual()), "once a week");
        assertArrayEquals(new int[0], of(1260, t -> t % 365 == 270 ? 1e4 : usual()), "once a year");
        assertArrayEquals(new int[0], of(1000, t -> t < 999 ? usual() : 1e4), "the last value");
        assertArrayEquals(new int[0], of(1000, t -> t < 998 ? usual() : 1e4), "a new level");
        assertArrayEquals(new int[0], of(40, t -> Math.pow(2, t)), "growth by factors");
        assertArrayEquals(new int[0], of(1000, t -> t == 500 ? 1e6 : random.nextInt(4) == 0 ? 1 : 0), "demand");
        assertArrayEquals(new int[0], of(1000, t -> t == 500 ? 7 : 0), "all but one alike");
        assertArrayEquals(new int[0], of(11, t -> t == 5 ? 1000 : usual()), "too short");
    }

    private static int[] stuck(int steps, IntToDoubleFunction value) {
        return Outliers.stuck(IntStream.range(0, steps).mapToDouble(value).toArray());
    }

    @Test
    void aReadingThatWasStuckIsFound() {
        int[] outage = IntStream.range(300, 372).toArray();
        assertArrayEquals(outage, stuck(1000, t -> t >= 300 && t < 372 ? 0 : usual()));
        assertArrayEquals(outage, stuck(1000, t -> t >= 300 && t < 372 ? 55 : Math.rint(usual() * 10)), "rounded");
        assertArrayEquals(new int[]{5, 6, 8, 9, 10, 11, 12, 13},
                stuck(40, t -> t == 7 ? Double.NaN : t > 4 && t < 14 ? 0 : usual()));
    }

    @Test
    void repetitionsThatAreUsualAreNoOutage() {
        assertArrayEquals(new int[0], stuck(1000, t -> t % 168 < 48 ? 0 : usual()), "weekends");
        assertArrayEquals(new int[0], stuck(730, t -> t % 365 > 350 ? 0 : usual()), "once a year");
        assertArrayEquals(new int[0], stuck(1000, t -> t < 72 ? 0 : usual()), "the beginning");
        assertArrayEquals(new int[0], stuck(1000, t -> t < 928 ? usual() : 0), "the end");
        assertArrayEquals(new int[0], stuck(1000, t -> t < 300 || t > 371 ? t / 7 : 0), "steps");
        assertArrayEquals(new int[0], stuck(1000, t -> t > 300 && t < 308 ? 0 : usual()), "a week");
        assertArrayEquals(new int[0], stuck(100, t -> 5), "constant");
        assertArrayEquals(new int[0], stuck(0, t -> 5));
    }
}
