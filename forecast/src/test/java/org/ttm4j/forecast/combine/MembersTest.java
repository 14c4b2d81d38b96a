package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MembersTest {
    /** docs/forecasting.md says the numbers, and all other pages "some forty". */
    @Test
    void aForecastTakesSomeFortyRunsOfTheModel() {
        assertEquals(42, runs(Duration.ofHours(1), 2048));
        assertEquals(28, runs(Duration.ofDays(1), 2048));
        assertEquals(56, runs(Duration.ofDays(7).dividedBy(5), 2048));
        assertEquals(21, runs(Period.ofMonths(1), 240), "at most 512 steps");
        assertEquals(14, runs(null, 2048), "no season");
    }

    private static int runs(TemporalAmount frequency, int steps) {
        double[] history = new double[steps];
        return new Combination(history, 12, Seasons.of(history, frequency, 0), 3, 6, OptionalDouble.empty(), false,
                OptionalDouble.empty()).modelRuns().size();
    }

    /** A line with noise around it is told from a random walk with the same drift, which a line would follow too long. */
    @Test
    void aLineIsTrustedWhereNoiseHasNoMemory() {
        Random random = new Random(3);
        double[] line = new double[40];
        double[] walk = new double[40];
        for (int t = 0; t < 40; t++) {
            line[t] = 100 + 3 * t + 5 * random.nextGaussian();
            walk[t] = (t == 0 ? 100 : walk[t - 1]) + 3 + 5 * random.nextGaussian();
        }
        // A walk moves on where it is not seen.
        for (int t = 5; t < 35; t += 3) line[t] = walk[t] = Double.NaN;
        Member onLogarithms = new OnLogarithms(new StraightLine("line"));
        double gain = Members.logPriorOfLine(new StraightLine("line"), line);
        assertEquals(2.5, gain, 0.5);
        assertEquals(gain,
                Members.logPriorOfLine(onLogarithms, Arrays.stream(line).map(y -> Math.exp(y / 100)).toArray()), 1e-9);
        assertEquals(0, Members.logPriorOfLine(new StraightLine("line"), walk));
        assertEquals(0, Members.logPriorOfLine(new StraightLine("line"), Arrays.copyOf(line, 7)), "too few");
        assertEquals(0, Members.logPriorOfLine(new StraightLine("line"), new double[40]), "no noise");
        assertEquals(0, Members.logPriorOfLine(new ModelAlone("model", false), line));
    }

    /** y[t] = 1.6 y[t − 1] − 0.8 y[t − 2] swings, and a forecast of its own recurrence swings on. */
    @Test
    void anAutoregressionSwingsOn() {
        Random random = new Random(5);
        double[] swings = new double[300];
        for (int t = 2; t < swings.length; t++) {
            swings[t] = 1.6 * swings[t - 1] - 0.8 * swings[t - 2] + 0.1 * random.nextGaussian();
        }
        double[] history = Arrays.stream(swings).map(y -> 50 + y).toArray();
        double[] forecast = made(new Autoregression("week", 7), history, 7, 30);
        double last = swings[299];
        double before = swings[298];
        for (int h = 0; h < 4; h++) {
            double next = 1.6 * last - 0.8 * before;
            assertEquals(50 + next, forecast[h], 0.3, "step " + h);
            before = last;
            last = next;
        }
        assertEquals(50, forecast[29], 0.1, "comes back to the mean");
        assertEquals(Optional.empty(), attempt(new Autoregression("year", 12), Arrays.copyOf(history, 35), 12, 5));
        assertArrayEquals(new double[]{7, 7}, made(new Autoregression("week", 7), filled(60, 7), 7, 2));
    }

    /** A year of days, a day of the week, and a rest that swings; nothing of the rest is known after a long gap. */
    @Test
    void aSmoothYearIsCarriedOn() {
        double[] truth = new double[1130];
        for (int t = 0; t < truth.length; t++) {
            double turn = 2 * Math.PI * t / 365.25;
            truth[t] = 100 + 0.01 * t + 20 * Math.cos(turn) + 5 * Math.sin(8 * turn) + (t % 7 == 0 ? 10 : 0)
                    + 4 * Math.cos(Math.PI * t / 10);
        }
        double[] history = Arrays.copyOf(truth, 1100);
        for (int t = 500; t < 560; t++) history[t] = Double.NaN;
        double[] forecast = made(new SmoothYear("year", 365.25), history, 7, 30);
        for (int h = 0; h < 30; h++) assertEquals(truth[1100 + h], forecast[h], 1, "step " + h);
        Arrays.fill(history, 580, 1100, Double.NaN);
        forecast = made(new SmoothYear("year", 365.25), history, 7, 30);
        for (int h = 0; h < 30; h++) {
            double swing = 4 * Math.cos(Math.PI * (1100 + h) / 10);
            assertEquals(truth[1100 + h] - swing, forecast[h], 10, "after the gap, step " + h);
        }
        assertEquals(Optional.empty(), attempt(new SmoothYear("year", 365.25), Arrays.copyOf(history, 500), 7, 30));
    }

    /** A week that came once and a half is repeated. */
    @Test
    void aLongerSeasonThatCameOnceIsRepeated() {
        double[] history = new double[12 * 24];
        for (int t = 0; t < history.length; t++) history[t] = t % 168;
        double[] forecast = made(new SeasonalMean("week", 168, 3, 1), history, 24, 24);
        for (int h = 0; h < 24; h++) assertEquals((288 + h) % 168, forecast[h]);
    }

    private static double[] filled(int length, double value) {
        double[] values = new double[length];
        Arrays.fill(values, value);
        return values;
    }

    private static Optional<Member.Attempt> attempt(Member member, double[] history, int season, int horizon) {
        return member.attempt(history, TrendAndSeason.of(history, season), horizon);
    }

    private static double[] made(Member member, double[] history, int season, int horizon) {
        return attempt(member, history, season, horizon).orElseThrow().finish().apply(null);
    }

    /** Members on logarithms may forecast a factor; a single value near 0 is none. */
    @Test
    void oneTinyValueDoesNotLiftTheLimitOfLogarithms() {
        double[] logarithms = new double[100];
        for (int t = 0; t < 100; t++) logarithms[t] = Math.log(100 + t);
        logarithms[40] = Math.log(1e-6);
        assertEquals(390, wild(logarithms, 1)[0], 10);
    }

    /** What rose and fell by a factor of 1000 every day does not do so once more within the hour. */
    @Test
    void aFewStepsOfLogarithmsAtMostDouble() {
        double[] logarithms = new double[1000];
        Arrays.setAll(logarithms, t -> Math.log(1000) * Math.abs(t % 24 - 12) / 12);
        assertEquals(2000, wild(logarithms, 2)[1], 1);
        assertEquals(1000 * Math.pow(1000, 0.2), wild(logarithms, 50)[49], 500);
    }

    /** A member whose forecasts have no limit, on logarithms. */
    private static double[] wild(double[] logarithms, int horizon) {
        Member wild = new Member() {
            @Override
            public String name() {
                return "wild";
            }

            @Override
            public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int steps) {
                return Attempt.of(steps, h -> 30);
            }
        };
        return made(new OnLogarithms(wild), logarithms, 1, horizon);
    }

    @Test
    void aLocalTrendBeginsWithTheFirstValueThatIsThere() {
        double[] history = new double[40];
        for (int t = 0; t < 40; t++) history[t] = t < 20 ? Double.NaN : 1000 + 5 * t;
        for (boolean damped : new boolean[]{false, true}) {
            double[] forecast = new LocalTrend("trend", 1, damped).attempt(history, TrendAndSeason.of(history, 1), 10)
                    .orElseThrow()
                    .finish()
                    .apply(null);
            assertEquals(1000 + 5 * 40, forecast[0], damped ? 1 : 1e-6);
            assertEquals(1000 + 5 * 49, forecast[9], damped ? 10 : 1e-6);
        }
    }

    /** Half of it is the Theta method. */
    @Test
    void smoothingWithItsTrendFollowsALine() {
        double[] history = new double[60];
        Arrays.setAll(history, t -> t % 3 == 1 ? Double.NaN : 3 * t + (t % 2 == 0 ? 40 : -40));
        double flat = Double.NaN;
        for (double share : new double[]{0, 0.5, 1}) {
            double[] forecast = new ExponentialSmoothing("level", 1, share)
                    .attempt(history, TrendAndSeason.of(history, 1), 10)
                    .orElseThrow()
                    .finish()
                    .apply(null);
            assertEquals(share * 27, forecast[9] - forecast[0], 3);
            if (share == 0) flat = forecast[0];
            if (share == 0.5) assertEquals((flat + 3 * 60) / 2, forecast[0], 5);
            if (share == 1) assertEquals(3 * 60, forecast[0], 10);
        }
    }
}
