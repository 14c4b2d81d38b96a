package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.rolling.Season;

class SeasonsTest {
    private static final Duration BUSINESS_DAY = Duration.ofDays(7).dividedBy(5);

    @Test
    void followTheCalendar() {
        assertEquals(List.of(new Season(24, "day"), new Season(168, "week")), of(Duration.ofHours(1), 1000));
        assertEquals(List.of(new Season(7, "week")), of(Duration.ofDays(1), 1000));
        assertEquals(List.of(new Season(52, "year")), of(Duration.ofDays(7), 1000));
        assertEquals(List.of(new Season(12, "year")), of(Period.ofMonths(1), 1000));
    }

    @Test
    void businessDaysHaveAWeekAMonthAndAYear() {
        assertEquals(List.of(new Season(5, "week"), new Season(22, "month"), new Season(260, "year")),
                of(BUSINESS_DAY, 390));
    }

    @Test
    void whatTheHistoryHoldsLessThanOnceAndAHalfIsLeftOut() {
        assertEquals(List.of(new Season(5, "week"), new Season(22, "month")), of(BUSINESS_DAY, 389));
        assertEquals(List.of(new Season(5, "week")), of(BUSINESS_DAY, 32));
        assertEquals(List.of(), of(BUSINESS_DAY, 6));
    }

    private static List<Season> of(TemporalAmount frequency, int steps) {
        return Seasons.of(new double[steps], frequency, 0);
    }

    /** A trend makes all differences alike, at every lag; a cycle on it is found all the same. */
    @Test
    void aTrendIsNoCycle() {
        List<Season> week = List.of(new Season(7, "week"));
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] noise = random.doubles(100).toArray();
            assertEquals(week, Seasons.of(rising(noise), Duration.ofDays(1), 0), "seed " + seed);
            for (int t = 0; t < noise.length; t++) noise[t] += 10 * Math.sin(2 * Math.PI * t / 15);
            assertEquals(15, Seasons.of(rising(noise), Duration.ofDays(1), 0).get(1).steps(), "seed " + seed);
        }
    }

    /** A week that fades is more than its mean, and what is left of it comes again after two; so does what comes every other. */
    @Test
    void theCalendarIsNoFurtherCycle() {
        for (int seed = 0; seed < 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] fading = new double[200];
            Arrays.setAll(fading, t -> 30 * Math.exp(-t / 80.0) * Math.sin(2 * Math.PI * t / 7) + random.nextDouble());
            assertEquals(List.of(new Season(7, "week")), Seasons.of(fading, Duration.ofDays(1), 0), "seed " + seed);
            for (int t = 3; t < fading.length; t += 14) fading[t] += 30;
            assertEquals(14, Seasons.of(fading, Duration.ofDays(1), 0).get(1).steps(), "seed " + seed);
        }
    }

    /** Steps of the cycle that was found beside a week; 0 for none. */
    private static int cycle(int steps, IntToDoubleFunction of) {
        double[] history = IntStream.range(0, steps).mapToDouble(of).toArray();
        return Seasons.of(history, Duration.ofDays(1), 0).stream().filter(Season::found).mapToInt(Season::steps).sum();
    }

    @Test
    void chanceRoundingAndAGrowingWeekAreNoCycles() {
        int[] found = new int[6];
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] walk = new double[1];
            double share = 0.05 + 0.6 * random.nextDouble();
            double slope = 0.05 + 2 * random.nextDouble();
            double[] week = random.doubles(7).map(value -> 10 * value).toArray();
            if (cycle(200, t -> random.nextGaussian()) > 0) found[0]++;
            if (cycle(250, t -> walk[0] += random.nextGaussian()) > 0) found[1]++;
            if (cycle(200, t -> Math.exp(1.2 * random.nextGaussian())) > 0) found[2]++;
            if (cycle(200, t -> week[t % 7] * (1 + 0.01 * t) + random.nextGaussian()) > 0) found[3]++;
            if (cycle(200, t -> random.nextDouble() < share ? 1 + random.nextInt(4) : 0) > 0) found[4]++;
            if (cycle(150, t -> Math.rint(100 * slope * t) / 100) > 0) found[5]++;
        }
        assertTrue(Arrays.stream(found).limit(4).allMatch(times -> times < 4), Arrays.toString(found));
        assertArrayEquals(new int[2], Arrays.copyOfRange(found, 4, 6));
    }

    @Test
    void cyclesAreFoundInNoise() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] noise = random.doubles(200).map(value -> value - 0.5).toArray();
            assertEquals(28, cycle(200, t -> Math.sin(Math.PI * t / 14) + 0.1 * noise[t]), "a sine, seed " + seed);
            assertEquals(28, cycle(200, t -> (t % 28 == 5 ? 4 : 0) + noise[t]), "an event, seed " + seed);
            double[] sun = new double[300];
            for (int t = 2; t < 300; t++) sun[t] = 1.63 * sun[t - 1] - 0.94 * sun[t - 2] + random.nextGaussian();
            int years = Seasons.of(sun, Period.ofYears(1), 0).stream().mapToInt(Season::steps).sum();
            assertEquals(11, years, 1, "sunspots, seed " + seed);
        }
    }

    @Test
    void cyclesAreFoundWhereTheFrequencyIsUnknown() {
        double[] alone = IntStream.range(0, 200).mapToDouble(t -> Math.sin(Math.PI * t / 14)).toArray();
        assertEquals(List.of(new Season(28, "28-step cycle", true)), Seasons.of(alone, null, 0));
        double[] both = new double[400];
        Arrays.setAll(both, t -> Math.sin(2 * Math.PI * t / 7) + (t % 30 == 3 ? 2 : 0));
        assertEquals(List.of(new Season(7, "season"), new Season(30, "30-step cycle", true)),
                Seasons.of(both, null, 0));
    }

    private static double[] rising(double[] values) {
        return IntStream.range(0, values.length).mapToDouble(t -> values[t] + 2 * t).toArray();
    }

    /** Nine hours of six days: 54 are a week. */
    @Test
    void aDayOfAShopHasItsOpenHours() {
        double[] history = new double[540];
        Arrays.setAll(history, t -> Math.sin(Math.PI * (t % 9) / 9) + (t % 54 > 44 ? 1 : 0));
        assertEquals(List.of(new Season(9, "day"), new Season(54, "week")),
                Seasons.of(history, Duration.ofDays(7).dividedBy(54), 0));
    }

    /** Seven hours of six days are 42 a week, a seventh of which is no day. */
    @Test
    void theStepsOfAnOpenDayAreThoseThatAreKnown() {
        Duration step = Duration.ofDays(7).dividedBy(42);
        assertEquals(List.of(new Season(7, "day"), new Season(42, "week")), Seasons.of(new double[300], step, 7));
        assertEquals(List.of(new Season(6, "day"), new Season(42, "week")), Seasons.of(new double[300], step, 0));
        assertEquals(List.of(new Season(6, "week")),
                Seasons.of(new double[40], Duration.ofDays(7).dividedBy(6), 1).subList(0, 1));
    }
}
