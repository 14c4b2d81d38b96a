package org.ttm4j.forecast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.live.Judge.Expected;
import org.ttm4j.forecast.live.Judged.Kind;

class JudgeTest {
    private static final int STEPS = 16_000;

    private final ValueWindow window = new ValueWindow(1);
    private final Judge judge = new Judge(ForecastRequest.of(new double[1][0]));

    /** A forecast of 0 from step 0, with an interval this wide to either side. */
    private static Expected expected(double half) {
        double[][] steps = new double[3][STEPS];
        Arrays.fill(steps[1], -half);
        Arrays.fill(steps[2], half);
        return new Expected(0, 0.99, new int[]{0}, new double[]{1}, new double[][][]{steps});
    }

    private Judged judge(long step, double value) {
        window.put(step, value);
        List<Judged> judged = judge.judge(step, step, window);
        return judged.isEmpty() ? null : judged.get(0);
    }

    @Test
    void valuesThatAreForecastExactlySayNothingOfTheWidth() {
        double[] history = {1, 2, 1, 3};
        for (double half : new double[]{0, 1}) {
            judge.expect(expected(half), history(history));
            for (int t = 1; t < 1000; t++) judge(t, 0);
            judge.expect(expected(1), history(history));
            Judged next = judge(1000, 0);
            assertEquals(Math.exp(0.25), next.upper(), 1e-12, "the first factor");
        }
    }

    /** Nor do errors that are no more than rounding, nor values where the forecast has no interval. */
    @Test
    void roundingAndIntervalsOfZeroWidthSayNothingOfTheWidth() {
        for (double half : new double[]{0, 1e-17, 0.5 * Math.ulp(1.0)}) {
            judge.expect(expected(half), history(1, 2, 1, 3));
            for (int t = 1; t < 1000; t++) judge(t, (t % 2 == 0 ? 1 : -1) * Math.ulp(1.0));
            judge.expect(expected(1), history(1, 2, 1, 3));
            assertEquals(Math.exp(0.25), judge(1000, 0).upper(), 1e-12, "the first factor, after " + half);
        }
        judge.expect(expected(0), history(0, 0, 3, 0, 0));
        for (int t = 1; t < 1000; t++) judge(t, t % 20 == 0 ? 3 : 0);
        judge.expect(expected(1), history(0, 0, 3, 0, 0));
        assertEquals(Math.exp(0.25), judge(1000, 0).upper(), 1e-12, "the first factor, after sparse counts");
    }

    /** Intervals that learn by themselves are taken as they are, whatever was learnt before. */
    @Test
    void intervalsThatLearnByThemselvesAreTakenAsTheyAre() {
        judge.expect(expected(1), history(1, 2, 1, 3));
        for (int t = 1; t < 300; t++) judge(t, t % 2 == 0 ? 0.5 : -0.1);
        judge.leaveAsTheyAre();
        judge.expect(expected(1), history(1, 2, 1, 3));
        Judged next = judge(300, 0.5);
        assertEquals(-1, next.lower());
        assertEquals(1, next.upper());
    }

    /** However often a value is inside or outside, intervals are a quarter to eight times as wide as forecast. */
    @Test
    void theFactorHasBounds() {
        judge.expect(expected(1), history(1, 2, 1, 3));
        for (int t = 1; t < 1500; t++) judge(t, t % 2 == 0 ? 1e-3 : -1e-3);
        assertEquals(0.25, judge(1500, 0).upper(), 1e-9);
        for (int t = 1501; t < 3000; t++) judge(t, (t % 2 == 0 ? 2 : -2) * judge(t, 0).upper());
        assertEquals(8, judge(3000, 0).upper(), 1e-9);
    }

    /** Errors above are ten times those below: each end is as far away as errors on its side are, and few values are outside. */
    @Test
    void eachEndFollowsTheErrorsOnItsSide() {
        judge.expect(expected(1), history(1, 2, 1, 3));
        SplittableRandom random = new SplittableRandom(7);
        long found = IntStream.range(1, 8000).filter(t -> {
            double error = Math.abs(random.nextGaussian());
            return judge(t, random.nextBoolean() ? error : -error / 10).isAnomaly() && t > 200;
        }).count();
        Judged last = judge(8000, 0);
        assertEquals(Math.pow(10, 2.0 / 3), last.upper() / -last.lower(), 1);
        assertTrue(found > 40 && found < 120, found + " of 7,800 at a level of 99 %");
        assertEquals(0.5, judge(8001, last.lower() / 2).score(), 0.02);
        assertEquals(0.5, judge(8002, last.upper() / 2).score(), 0.02);
    }

    /** A holiday of every year is unusual in the first only, be it a date or a Monday; another day, or side, is in every year. */
    @Test
    void whatWasUnusualAYearAgoIsExpected() {
        for (Duration step : new Duration[]{Duration.ofDays(1), Duration.ofHours(1)}) {
            Judge days = new Judge(ForecastRequest.of(new double[1][0]).withFrequency(step));
            days.expect(expected(1), history(1, 2, 1, 3));
            Map<Integer, Double> holidays = Map.of(100, -9.0, 465, -9.0, 831, -9.5, 200, 9.0, 564, -9.0, 300, 9.0, 700,
                    9.0);
            Set<Integer> unusual = new TreeSet<>();
            for (int t = 1; t < 1000; t++) {
                window.put(t, holidays.getOrDefault(t, t % 2 == 0 ? 0.4 : -0.4));
                if (days.judge(t, t, window).get(0).isAnomaly()) unusual.add(t);
            }
            assertEquals(step.toDays() == 1 ? Set.of(100, 200, 300, 564, 700) : Set.copyOf(holidays.keySet()), unusual);
        }
    }

    /** What was learnt comes back from bytes, and what an earlier version wrote is read. */
    @Test
    void bytesKeepWhatIsKnownOfErrors() {
        judge.expect(expected(1), history(1, 2, 1, 3));
        for (int t = 1; t < 300; t++) judge(t, t % 2 == 0 ? 0.5 : -0.1);
        ByteBuffer bytes = ByteBuffer.allocate(judge.bytes());
        judge.write(bytes);
        assertEquals(0, bytes.remaining());
        Judge again = new Judge(ForecastRequest.of(new double[1][0]));
        again.read(bytes.flip(), true, true);
        window.put(300, 0.3);
        assertEquals(judge.judge(300, 300, window), again.judge(300, 300, window));
    }

    /**
     * A state of version 4, after 400 hours under forecasts of 0 ± 1: the factor that it learnt is used, and steps on as one that
     * has settled.
     */
    @Test
    void theFactorThatAnEarlierVersionLearntStays() throws IOException {
        byte[] state;
        try (InputStream file = JudgeTest.class.getResourceAsStream("version-4.state")) {
            state = file.readAllBytes();
        }
        assertEquals(4, state[0]);
        Duration hour = Duration.ofHours(1);
        LiveSeries live = LiveSeries.of(StreamSettings.of(4, hour).withContext(16).withQuantiles(0.005, 0.995), state);
        live.add(hour.toMillis() * 400, 2.5);
        Judged first = live.judge(hour.toMillis() * 400).get(0);
        assertEquals(1.8330843770260177, first.upper(), 1e-12, "what version 4 said");
        live.add(hour.toMillis() * 401, 0);
        Judged second = live.judge(hour.toMillis() * 401).get(0);
        assertEquals(first.lower() * Math.exp(0.05 * 0.99), second.lower(), 1e-9, "widened by the least step");
    }

    /** Every other step is missing: five values are nine steps, and what was unusual before them stays replaced. */
    @Test
    void aNewLevelIsSeenFromItsFirstValueOnAcrossMissingOnes() {
        judge.expect(expected(1), history(1, 2, 1, 3));
        double[] values = new double[60];
        for (int t = 1; t < 60; t++) {
            values[t] = t % 2 == 0 ? Double.NaN : t == 31 || t >= 41 ? 90 + t : t % 4 == 1 ? 0.5 : -0.5;
            judge(t, values[t]);
        }
        double[][] usual = judge.usual(history(values.clone()), 59);
        for (int t = 1; t < 60; t++) assertEquals(t == 31 ? 0 : values[t], usual[0][t], "step " + t);
    }

    /** A channel was idle, and begins: its values are judged by intervals of their own after a while. */
    @Test
    void aChannelThatWasIdleIsNoEternalAlarm() {
        judge.expect(expected(0), history(0, 0, 0, 0));
        for (int t = 1; t < 15_000; t++) judge(t, 0);
        SplittableRandom random = new SplittableRandom(1);
        judge.expect(expected(2.6), history(random.doubles(50).toArray()));
        long found = IntStream.range(15_000, 15_500).filter(t -> judge(t, random.nextGaussian()).isAnomaly()).count();
        assertTrue(found < 20, found + " of 500");
    }

    @Test
    void aConstantIsNotFlat() {
        for (double[] history : new double[][]{{0, 0, 0, 0, 0}, {0}, {Double.NaN, 0, Double.NaN, 0}, {Double.NaN}}) {
            judge.expect(expected(0), history(history));
            for (int t = 1; t < 100; t++) assertEquals(Kind.USUAL, judge(t, 0).kind());
        }
    }

    /** Missing values are skipped in the history, as they are where values are judged. */
    @Test
    void valuesOnBothSidesOfAGapAreARow() {
        double[] history = IntStream.range(0, 60).mapToDouble(t -> t < 40 ? t % 3 == 2 ? Double.NaN : 0 : t).toArray();
        judge.expect(expected(1), history(history));
        for (int t = 1; t < 50; t++) assertEquals(Kind.USUAL, judge(t, 0).kind(), "27 in the history: " + t);
        for (int t = 50; t < 60; t++) judge(t, 0);
        assertEquals(Kind.FLAT, judge(60, 0).kind());
    }

    /** Without what is known of equal values, none are unusual until the next forecast. */
    @Test
    void aForecastOfAnEarlierVersionFindsNothingFlat() {
        ByteBuffer bytes = ByteBuffer.allocate(Expected.bytes(expected(1)));
        Expected.write(expected(1), bytes);
        judge.read(bytes.flip(), false, false);
        for (int t = 1; t < 50; t++) assertEquals(Kind.USUAL, judge(t, 0).kind());
    }

    private static double[][] history(double... values) {
        return new double[][]{values};
    }
}
