package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.DriverEffect;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.rolling.Season;

class DriversTest {
    private static final int STEPS = 400;
    private static final int HORIZON = 14;
    private static final Forecaster COMBINED = Forecaster.bundled();

    /** Sales with a weekly season, a promotion on random days that adds {@code effect}, and the promotions. */
    private static double[][] sales(double effect) {
        SplittableRandom random = new SplittableRandom(9);
        double[][] sales = new double[2][STEPS + HORIZON];
        for (int t = 0; t < sales[0].length; t++) {
            sales[1][t] = random.nextInt(5) == 0 ? 1 : 0;
            sales[0][t] = 50 + 10 * Math.sin(2 * Math.PI * t / 7) + effect * sales[1][t] + random.nextGaussian();
        }
        return sales;
    }

    private static ForecastRequest request(double[][] sales) {
        double[][] history = Arrays.stream(sales).map(row -> Arrays.copyOf(row, STEPS)).toArray(double[][]::new);
        return ForecastRequest.of(history)
                .withHorizon(HORIZON)
                .withFrequency(Duration.ofDays(1))
                .withKnownFuture(new double[][]{Arrays.copyOfRange(sales[1], STEPS, STEPS + HORIZON)});
    }

    private static double error(double[][] sales, Forecast forecast) {
        return IntStream.range(0, HORIZON)
                .mapToDouble(h -> Math.abs(sales[0][STEPS + h] - forecast.doubleValues()[0][h]))
                .average()
                .orElseThrow();
    }

    private static Forecast without(double[][] sales) {
        return COMBINED.forecast(ForecastRequest.of(new double[][]{Arrays.copyOf(sales[0], STEPS)})
                .withHorizon(HORIZON)
                .withFrequency(Duration.ofDays(1)));
    }

    @Test
    void aDriverThatExplainsTheErrorsCorrectsTheForecastAndNarrowsItsIntervals() {
        double[][] sales = sales(20);
        Forecast with = COMBINED.forecast(request(sales).withCrossValidation());
        assertArrayEquals(new int[]{0}, with.channels(), "the driver is not forecast");
        assertTrue(
                with.notes()
                        .stream()
                        .anyMatch(note -> note
                                .contains("the known future values made the errors at earlier origins smaller")),
                with.toString());
        Forecast without = without(sales);
        assertTrue(error(sales, with) < 0.4 * error(sales, without),
                error(sales, with) + " against " + error(sales, without));
        double width = with.quantile(0.9)[0][5] - with.quantile(0.1)[0][5];
        assertTrue(width < 0.6 * (without.quantile(0.9)[0][5] - without.quantile(0.1)[0][5]));
        float[] past = with.crossValidation().get(0).get(0).values()[0];
        double pastError = IntStream.range(0, HORIZON)
                .mapToDouble(h -> Math.abs(sales[0][STEPS - HORIZON + h] - past[h]))
                .average()
                .orElseThrow();
        assertTrue(pastError < 4, "the past is corrected too: " + pastError);
    }

    @Test
    void aDriverThatExplainsNothingIsLeftOutWithANote() {
        double[][] sales = sales(0);
        Forecast with = COMBINED.forecast(request(sales));
        assertTrue(with.notes().stream().anyMatch(note -> note.contains("so the forecast does not use them")),
                with.toString());
        assertArrayEquals(without(sales).doubleValues()[0], with.doubleValues()[0], 1e-9);
    }

    @Test
    void missingDriversInTheHistoryAreNoErrorAndInTheFutureOne() {
        double[][] sales = sales(20);
        for (int t = 0; t < STEPS; t += 50) sales[1][t] = Double.NaN;
        assertTrue(Double.isFinite(COMBINED.forecast(request(sales)).doubleValues()[0][0]));
        sales[1][STEPS + 3] = Double.NaN;
        refused("knownFuture[0][3] is NaN: expected a finite float", request(sales));
        sales[1][STEPS + 3] = 1e300;
        refused("knownFuture[0][3] is 1.0E300: expected a finite float", request(sales));
        refused("knownFuture[0] has 14 steps: expected at least the horizon, 15", request(sales(1)).withHorizon(15));
        refused("knownFuture has 2 rows where the history has 2 channels: expected fewer, for its last channels",
                request(sales(1)).withKnownFuture(new double[2][HORIZON]));
    }

    /** Seen by the correction alone, as effects want more rows: the driver that is known to the end still counts. */
    @Test
    void aDriverThatIsMissingAtTheEndTakesNothingFromAnother() {
        SplittableRandom random = new SplittableRandom(9);
        double[] driver = random.doubles(STEPS + HORIZON, -1, 1).toArray();
        double[] other = random.doubles(STEPS + HORIZON, -1, 1).toArray();
        double[] past = new double[STEPS];
        for (int t = 0; t < STEPS; t++) past[t] = 50 + 20 * driver[t] + other[t] + random.nextGaussian();
        Arrays.fill(other, STEPS - 7, STEPS, Double.NaN);
        double[][] history = {past, Arrays.copyOf(driver, STEPS), Arrays.copyOf(other, STEPS)};
        double[][] future = {Arrays.copyOfRange(driver, STEPS, driver.length),
                Arrays.copyOfRange(other, STEPS, other.length)};
        Drivers drivers = Drivers.of(history, future, HORIZON);
        List<Season> seasons = List.of(new Season(7, "week"));
        Combination combination = new Combination(past, HORIZON, seasons, 16, 6, OptionalDouble.empty(), false,
                OptionalDouble.empty());
        Combination.Result result = combination.combine(combination.modelRuns()
                .stream()
                .map(run -> new Combination.ModelForecast(DoubleStream.generate(() -> 50).limit(run.steps()).toArray(),
                        Optional.empty()))
                .iterator());
        Drivers.Improved improved = drivers.improve(result, past, Optional.empty(), result).orElseThrow();
        double[] change = new double[HORIZON];
        for (int h = 0; h < HORIZON; h++) {
            assertEquals(improved.result().values()[h] - result.values()[h],
                    improved.added()[0][h] + improved.added()[1][h], 1e-4);
            change[h] = improved.added()[0][h] - 20 * future[0][h];
        }
        assertTrue(Arrays.stream(change).map(Math::abs).max().orElseThrow() < 8, Arrays.toString(change));
    }

    @Test
    void driversThatRowsAreTooFewToTryAreSaidToBeUntried() {
        double[][] sales = sales(20);
        ForecastRequest request = ForecastRequest
                .of(new double[][]{Arrays.copyOf(sales[0], 12), Arrays.copyOf(sales[1], 12)})
                .withHorizon(2)
                .withFrequency(Duration.ofDays(1))
                .withKnownFuture(new double[][]{{0, 1}});
        Forecast forecast = COMBINED.forecast(request);
        assertTrue(forecast.notes().toString().contains("too few rows to try the known future values"),
                forecast.notes().toString());
    }

    /** Load that falls with the temperature, which is missing on the last day of the history, when it is cold. */
    @Test
    void aDriverThatEndsBeforeTheSeriesIsNoDriverAtItsMedian() {
        SplittableRandom random = new SplittableRandom(9);
        double[] temperature = new double[1024];
        double[] load = new double[1000];
        for (int t = 0; t < temperature.length; t++) {
            temperature[t] = t > 930 ? 0 : 10 + 8 * Math.sin(t / 40.0) + random.nextGaussian();
            if (t < load.length) load[t] = 500 - 10 * (temperature[t] - 10) + 3 * random.nextGaussian();
        }
        double[] known = Arrays.copyOf(temperature, 1000);
        Arrays.fill(known, 976, 1000, Double.NaN);
        Forecast forecast = COMBINED.forecast(ForecastRequest.of(new double[][]{load, known})
                .withHorizon(24)
                .withFrequency(Duration.ofHours(1))
                .withKnownFuture(new double[][]{Arrays.copyOfRange(temperature, 1000, 1024)}));
        double mean = Arrays.stream(forecast.doubleValues()[0]).average().orElseThrow();
        assertEquals(600, mean, 15, forecast.notes().toString());
    }

    /** The number of customers rises tenfold, and each buys for 1: what is known of the rise is not to shrink that. */
    @Test
    void anEffectIsNotShrunkForTheTrendOfItsDriver() {
        SplittableRandom random = new SplittableRandom(9);
        double[][] rows = new double[2][132];
        for (int t = 0; t < 132; t++) {
            rows[1][t] = 100 + 7.5 * t + 20 * random.nextGaussian();
            rows[0][t] = rows[1][t] + 5 * random.nextGaussian();
        }
        double[] history = Arrays.copyOf(rows[0], 120);
        Drivers drivers = Drivers.of(new double[][]{history, Arrays.copyOf(rows[1], 120)},
                new double[][]{Arrays.copyOfRange(rows[1], 120, 132)}, 12);
        DriverEffects effects = DriverEffects.of(history, drivers, List.of(new Season(12, "year"))).orElseThrow();
        assertEquals(1, effects.list().get(0).size(), 0.1);
    }

    /** Three years of days with a promotion that adds 40, and all else known but for noise of 2. */
    @ParameterizedTest
    @ValueSource(ints = {7, 14, 28, 60})
    void theEffectOfAPromotionIsThatOfTheWholeHistoryAtEveryHorizon(int horizon) {
        int days = 3 * 365;
        SplittableRandom random = new SplittableRandom(1);
        double[] truth = new double[days + horizon];
        double[][] sales = new double[2][days + horizon];
        for (int t = 0; t < truth.length; t++) {
            boolean changes = random.nextInt(6) == 0;
            sales[1][t] = t > 0 && !changes ? sales[1][t - 1] : random.nextInt(2);
            truth[t] = 120 + 15 * Math.sin(2 * Math.PI * t / 7) + 40 * sales[1][t];
            sales[0][t] = truth[t] + 2 * random.nextGaussian();
        }
        Forecast forecast = forecast(sales, days, sales[1]);
        double[] always = sales[1].clone();
        double[] never = sales[1].clone();
        Arrays.fill(always, days, days + horizon, 1);
        Arrays.fill(never, days, days + horizon, 0);
        double[] with = forecast(sales, days, always).doubleValues()[0];
        double[] without = forecast(sales, days, never).doubleValues()[0];
        double error = 0;
        double least = 0;
        for (int h = 0; h < horizon; h++) {
            assertEquals(40, with[h] - without[h], 2, "step " + h);
            error += Math.abs(forecast.doubleValues()[0][h] - sales[0][days + h]);
            least += Math.abs(truth[days + h] - sales[0][days + h]);
        }
        assertTrue(error <= 1.3 * least, error + " against " + least + " of the true form");
    }

    /** Nine days of every year, on which 10 are sold instead of 200; a backtest over the last weeks sees few of them or none. */
    @ParameterizedTest
    @ValueSource(ints = {7, 14, 18, 21, 24, 28, 30, 35, 60})
    void aHolidayHasItsEffectAtEveryHorizon(int horizon) {
        int[] holidays = {0, 96, 97, 120, 133, 144, 275, 358, 359};
        int christmas = 3 * 365 + 358;
        SplittableRandom random = new SplittableRandom(2);
        double[][] sales = new double[2][christmas + 1];
        for (int t = 0; t <= christmas; t++) {
            sales[1][t] = Arrays.binarySearch(holidays, t % 365) >= 0 ? 1 : 0;
            double usual = 200 + 20 * Math.sin(2 * Math.PI * t / 7) + 5 * random.nextGaussian();
            sales[0][t] = sales[1][t] == 1 ? 10 : usual;
        }
        double[] forecast = forecast(sales, christmas + 1 - horizon, sales[1]).doubleValues()[0];
        assertEquals(10, forecast[horizon - 1], 0.15 * 190);
    }

    /** Kinds of day, coded 0, 3 and 8, which add 0, 30 and −40; a driver that never varied; and a kind that only the future has. */
    @Test
    void categoriesHaveEffectsOfTheirOwnThatAreSaid() {
        SplittableRandom random = new SplittableRandom(7);
        double[] kinds = {0, 0, 0, 3, 8};
        double[][] days = new double[3][STEPS + HORIZON];
        for (int t = 0; t < days[0].length; t++) {
            days[1][t] = kinds[random.nextInt(5)];
            days[2][t] = 5;
            days[0][t] = 100 + 10 * Math.sin(2 * Math.PI * t / 7) + (days[1][t] == 3 ? 30 : days[1][t] == 8 ? -40 : 0)
                    + random.nextGaussian();
        }
        double[][] history = Arrays.stream(days).map(row -> Arrays.copyOf(row, STEPS)).toArray(double[][]::new);
        double[][] future = {Arrays.copyOfRange(days[1], STEPS, STEPS + HORIZON),
                Arrays.copyOfRange(days[2], STEPS, STEPS + HORIZON)};
        future[1][3] = 9;
        ForecastRequest request = ForecastRequest.of(history)
                .withHorizon(HORIZON)
                .withFrequency(Duration.ofDays(1))
                .withKnownFuture(future)
                .withCategoricalDrivers(0);
        Forecast forecast = COMBINED.forecast(request);
        assertTrue(error(days, forecast) < 2.5, "error " + error(days, forecast));
        List<DriverEffect> effects = forecast.driverEffects();
        assertEquals(3, effects.size(), effects.toString());
        assertEquals(30, effects.get(1).effect(), 1.5);
        assertEquals(3, effects.get(1).category().orElseThrow());
        assertEquals(-40, effects.get(2).effect(), 1.5);
        assertTrue(effects.get(2).error() > 0.02 && effects.get(2).error() < 1, effects.toString());
        assertTrue(effects.get(0).share() > 0.05 && effects.get(0).share() < 0.4, effects.toString());
        assertTrue(forecast.notes().stream().anyMatch(note -> note.startsWith("channel 2: it never varied")));
        assertTrue(forecast.notes().stream().anyMatch(note -> note.startsWith("channel 1: adds ")));
        future[0][0] = 77;
        Forecast unseen = COMBINED.forecast(request.withKnownFuture(future).withCategoricalDrivers(0));
        assertTrue(unseen.notes().stream().anyMatch(note -> note.contains("a category that the history does not have")),
                unseen.toString());
        assertEquals("categorical driver 2: knownFuture has 2 rows",
                assertThrows(IllegalArgumentException.class, () -> request.withCategoricalDrivers(2)).getMessage());
    }

    /** Of noise, four weeks of hours: the phases of a week take a quarter of the rows. */
    @Test
    void theErrorOfAnEffectIsThatOfEffectsThatAreNone() {
        double squares = 0;
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] noise = random.doubles(672).map(u -> u - 0.5).toArray();
            double[] driver = random.doubles(672 + 24).toArray();
            DriverEffects.Effect effect = DriverEffects
                    .of(noise, new Drivers(new double[][]{driver}, new boolean[1]),
                            List.of(new Season(24, "day"), new Season(168, "week")))
                    .orElseThrow()
                    .list()
                    .get(0);
            squares += Math.pow(effect.size() / effect.error(), 2) / 200;
        }
        assertEquals(1, Math.sqrt(squares), 0.09);
    }

    @Test
    void aForecastChannelOfZerosAndOnesIsPointedOutBesideOthers() {
        double[][] sales = sales(20);
        assertTrue(COMBINED.forecast(ForecastRequest.of(sales))
                .notes()
                .stream()
                .anyMatch(note -> note.startsWith("channel 1: it holds only 0 and 1")));
        assertTrue(COMBINED.forecast(ForecastRequest.of(new double[][]{sales[1]}))
                .notes()
                .stream()
                .noneMatch(note -> note.contains("only 0 and 1")));
    }

    /** Nine holidays a year of which each sells another share less, and one that was seen once. */
    @Test
    void aHolidayHasItsOwnEffectAndOneSeenOnceMuchOfThatOfTheOthers() {
        int[] holidays = {1, 96, 99, 120, 133, 144, 275, 358, 361};
        SplittableRandom random = new SplittableRandom(2);
        int steps = 4 * 365;
        double[][] sales = new double[2][steps + 40];
        for (int t = 0; t < sales[0].length; t++) {
            int kind = Arrays.binarySearch(holidays, t % 365) + 1;
            sales[1][t] = Math.max(0, kind);
            double usual = 200 + 5 * random.nextGaussian();
            sales[0][t] = kind > 0 ? usual - 60 - 10 * kind : usual;
        }
        sales[1][700] = 20;
        sales[1][steps + 20] = 20;
        sales[0][700] -= 110;
        double[][] known = {Arrays.copyOf(sales[0], steps), Arrays.copyOf(sales[1], steps)};
        Forecast forecast = COMBINED.forecast(ForecastRequest.of(known)
                .withHorizon(40)
                .withFrequency(Duration.ofDays(1))
                .withKnownFuture(new double[][]{Arrays.copyOfRange(sales[1], steps, steps + 40)})
                .withCategoricalDrivers(0));
        for (DriverEffect effect : forecast.driverEffects()) {
            if (effect.category().isEmpty()) continue;
            double kind = effect.category().getAsDouble();
            assertEquals(kind == 20 ? -110 : -60 - 10 * kind, effect.effect(), 0.15 * 110, effect.toString());
        }
        assertEquals(200 - 70, forecast.doubleValues()[0][1], 15);
    }

    /** Random drivers, the first of which adds so much to a history before and after a step. */
    private static DriverEffects effects(double[][] drivers, double[] history, int change, double before,
            double after) {
        SplittableRandom random = new SplittableRandom(4);
        for (double[] driver : drivers) Arrays.setAll(driver, t -> random.nextInt(2));
        Arrays.setAll(history, t -> 100 + (t < change ? before : after) * drivers[0][t] + random.nextGaussian());
        return DriverEffects.of(history, new Drivers(drivers, new boolean[drivers.length]), List.of()).orElse(null);
    }

    /** Their normal equations grow with the square of the features. */
    @Test
    void moreThanAHundredFeaturesHaveNoEffects() {
        assertNotNull(effects(new double[100][1000 + HORIZON], new double[1000], 0, 0, 20));
        assertNull(effects(new double[101][1000 + HORIZON], new double[1000], 0, 0, 20));
    }

    @Test
    void effectsAreThoseOfTheLast4096Rows() {
        double[] history = new double[6000];
        double[][] driver = new double[1][6000 + HORIZON];
        double[] without = effects(driver, history, 1900, -20, 20).without(history);
        for (int t = 0; t < 6000; t += 100) {
            assertEquals(20 * driver[0][t], history[t] - without[t] + 10, 10.5, "the median is 0 or 1");
        }
        double[] added = IntStream.range(0, 6000).mapToDouble(t -> history[t] - without[t]).toArray();
        assertEquals(20, Arrays.stream(added).max().orElseThrow() - Arrays.stream(added).min().orElseThrow(), 0.5);
    }

    /** Half of the cycle is the driver's, and with it the history has a season of 28 steps: other seasons have other origins. */
    @Test
    void withAndWithoutTheirDriversHistoriesHaveTheSameOrigins() {
        SplittableRandom random = new SplittableRandom(1);
        double[] shape = random.doubles(28).toArray();
        double[][] sales = new double[2][320 + 90];
        for (int t = 0; t < sales[0].length; t++) {
            sales[1][t] = shape[t % 28] + 0.6 * random.nextGaussian();
            sales[0][t] = 50 + 5 * Math.sin(2 * Math.PI * t / 7) + 40 * (sales[1][t] + shape[t % 28])
                    + random.nextGaussian();
        }
        double[] forecast = forecast(sales, 320, sales[1]).doubleValues()[0];
        double error = IntStream.range(0, 90)
                .mapToDouble(h -> Math.abs(sales[0][320 + h] - forecast[h]))
                .average()
                .orElseThrow();
        assertTrue(error < 8, error + " where the driver alone moves values by 24");
    }

    /** Of the days after a history, with these values of the driver. */
    private static Forecast forecast(double[][] sales, int history, double[] driver) {
        double[][] known = {Arrays.copyOf(sales[0], history), Arrays.copyOf(driver, history)};
        return COMBINED.forecast(ForecastRequest.of(known)
                .withHorizon(driver.length - history)
                .withFrequency(Duration.ofDays(1))
                .withKnownFuture(new double[][]{Arrays.copyOfRange(driver, history, driver.length)}));
    }

    private static void refused(String message, ForecastRequest request) {
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> COMBINED.forecast(request)).getMessage());
    }
}
