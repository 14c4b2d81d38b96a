package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastValueTest {
    private static OptionalDouble odd(int steps, int season, double last, IntToDoubleFunction value) {
        double[] history = IntStream.range(0, steps).mapToDouble(value).toArray();
        history[steps - 1] = last;
        return LastValue.odd(history, season);
    }

    @Test
    void aDayThatIsNotOverIsOdd() {
        Random random = new Random(1);
        int[] week = {0, 10, 10, 20, 30, -80, -90};
        IntToDoubleFunction visits = t -> 300 + 0.5 * t + week[t % 7] + 5 * random.nextGaussian();
        assertTrue(odd(63, 7, 25, visits).orElseThrow() > 5);
        assertEquals(OptionalDouble.empty(), odd(63, 7, 230, visits), "a Sunday");
        assertTrue(odd(63, 7, 300, visits).isPresent(), "a Sunday like a Monday");
        IntToDoubleFunction level = t -> 5000 + 100 * random.nextGaussian();
        assertTrue(odd(29, 12, 50_000, level).isPresent());
        assertEquals(OptionalDouble.empty(), odd(29, 12, 5150, level));
        assertEquals(OptionalDouble.empty(), odd(11, 1, 50_000, level), "too few to tell");
    }

    @Test
    void aMoveThatMayLastIsNot() {
        Random random = new Random(2);
        double[] walk = new double[200];
        for (int t = 1; t < 200; t++) walk[t] = walk[t - 1] + random.nextGaussian();
        assertEquals(OptionalDouble.empty(), odd(200, 1, walk[198] + 15, t -> walk[t]));
        assertTrue(odd(200, 1, walk[198] + 50, t -> walk[t]).isPresent());
        assertEquals(OptionalDouble.empty(), odd(200, 1, 9, t -> t < 80 ? 5 : t < 150 ? 6 : 7), "a price");
        assertEquals(OptionalDouble.empty(), odd(200, 1, 1, t -> 0), "a counter");
        assertEquals(OptionalDouble.empty(), odd(200, 1, 90, t -> t % 9 == 0 ? random.nextInt(5) : 0), "sparse demand");
        assertEquals(OptionalDouble.empty(), odd(40, 1, Math.exp(4.1), t -> Math.exp(0.1 * t)), "growth");
    }

    @Test
    void oneOfAHundredNoisySeriesEndsOddlyAtMost() {
        Random random = new Random(3);
        int odd = 0;
        for (int series = 0; series < 1000; series++) {
            // Tails as heavy as those of Student's t distribution of three degrees of freedom.
            IntToDoubleFunction noise = t -> random.nextGaussian() / Math.sqrt((Math.pow(random.nextGaussian(), 2)
                    + Math.pow(random.nextGaussian(), 2) + Math.pow(random.nextGaussian(), 2)) / 3);
            if (odd(20 + series % 200, 1 + series % 7, noise.applyAsDouble(0), noise).isPresent()) odd++;
        }
        assertTrue(odd < 10, odd + " of 1,000");
    }

    @Test
    void aLastStepWithoutAValueIsNot() {
        assertEquals(OptionalDouble.empty(), odd(100, 7, Double.NaN, t -> t % 7 + t % 3));
    }
}
