package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class CombinedForecasterTest {
    private static final ModelForecaster BUNDLED = Forecaster.bundled().fast();
    private static final Forecaster COMBINED = BUNDLED.in(ForecastMode.BALANCED);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Period MONTH = Period.ofMonths(1);

    private static double[] series(int steps, IntToDoubleFunction value) {
        return IntStream.range(0, steps).mapToDouble(value).toArray();
    }

    private static Forecast forecast(double[] history, int horizon, TemporalAmount frequency) {
        return COMBINED
                .forecast(ForecastRequest.of(new double[][]{history}).withHorizon(horizon).withFrequency(frequency));
    }

    @Test
    void aStartNearTheEndOfTheCalendarFailsAlone() {
        ForecastRequest days = ForecastRequest.of(new double[][]{series(20, t -> t)}).withHorizon(2).withFrequency(DAY);
        List<ForecastResult> results = COMBINED
                .forecastAll(List.of(days.withStart(LocalDate.MAX.minusDays(20)), days.withStart(LocalDate.EPOCH)));
        assertInstanceOf(ForecastResult.Failure.class, results.get(0));
        assertInstanceOf(ForecastResult.Success.class, results.get(1));
        for (LocalDate start : List.of(LocalDate.MAX.minusDays(25), LocalDate.MIN)) {
            assertEquals(LocalDate.EPOCH.plusDays(20),
                    COMBINED.forecastAll(List.of(days.withStart(start), days.withStart(LocalDate.EPOCH)))
                            .get(1)
                            .orElseThrow()
                            .times()
                            .orElseThrow()
                            .get(0));
        }
    }

    @Test
    void aRequestThatIsNullIsNamedByItsPlace() {
        assertEquals("requests is null",
                assertThrows(IllegalArgumentException.class, () -> COMBINED.forecastAll(null)).getMessage());
        ForecastRequest request = ForecastRequest.of(new double[][]{series(20, t -> t)}).withHorizon(2);
        List<ForecastResult> results = COMBINED.forecastAll(Arrays.asList(request, null));
        assertInstanceOf(ForecastResult.Success.class, results.get(0));
        assertEquals("request 1: requests[1] is null", results.get(1).toString());
    }

    /** Twenty drivers are too many for 150 days beside an event, and the event alone is not. */
    @Test
    void aSalaryBesideManyDriversFailsNothing() {
        Random random = new Random(4);
        LocalDate first = LocalDate.of(2024, 1, 1);
        double[][] history = new double[21][];
        history[0] = series(150, t -> first.plusDays(t).getDayOfMonth() == 28 ? 3000 : random.nextGaussian());
        double[][] future = new double[20][];
        for (int d = 0; d < 20; d++) {
            history[1 + d] = series(150, t -> random.nextGaussian());
            future[d] = series(14, t -> random.nextGaussian());
        }
        ForecastRequest request = ForecastRequest.of(history).withHorizon(14).withFrequency(DAY).withStart(first);
        for (ForecastResult result : COMBINED.forecastAll(
                List.of(request.withKnownFuture(future), request.withHistory(new double[][]{history[0]})))) {
            assertInstanceOf(ForecastResult.Success.class, result);
        }
    }

    /** Least squares, which know that there is a line, err by 4.5; without the likelihood of the line it was 1.30 times that. */
    @Test
    void aNoisyLineOfYearsIsCarriedOn() {
        Random random = new Random(0);
        double error = 0;
        for (int i = 0; i < 40; i++) {
            double[] all = series(25 + i / 2, t -> 100 + 3 * t + 5 * random.nextGaussian());
            Forecast forecast = forecast(Arrays.copyOf(all, all.length - 6), 6, Period.ofYears(1));
            error += meanError(all, forecast.doubleValues()[0]) / 40;
        }
        assertEquals(4.5, error, 0.6);
    }

    /** An account of a start, by days or business days: once a month 3,000 come, where a day is known to be one. */
    @Test
    void aSalaryIsForecastOnceAMonth() {
        LocalDate first = LocalDate.of(2024, 1, 1);
        IntPredicate paid = t -> first.plusDays(t).getDayOfMonth() == 28;
        double[] history = series(400, t -> (paid.test(t) ? 3000 : 0) - 20 - t * t % 17);
        ForecastRequest request = ForecastRequest.of(new double[][]{history}).withHorizon(60).withFrequency(DAY);
        for (Temporal start : List.of(first, first.atStartOfDay(), first.atStartOfDay(ZoneOffset.UTC).toInstant())) {
            Forecast forecast = COMBINED.forecast(request.withStart(start).withComponents());
            double[] month = forecast.components().get(0).get("season.month");
            for (int h = 0; h < 60; h++) {
                double expected = paid.test(400 + h) ? 2972 : -28;
                assertEquals(expected, forecast.doubleValues()[0][h], 0.05 * 3000, start + ", step " + h);
                assertEquals(expected > 0, month[h] > 2700, start + ", step " + h);
            }
            assertTrue(forecast.codedNotes()
                    .stream()
                    .anyMatch(note -> note.code() == NoteCode.MONTHLY_EVENTS
                            && note.text().endsWith("on day 28 of each month")),
                    forecast.notes().toString());
        }
        for (ForecastRequest other : List.of(request, request.withStart(OffsetTime.of(LocalTime.NOON, ZoneOffset.UTC)),
                request.withStart(first.atStartOfDay()).withFrequency(Duration.ofHours(1)))) {
            assertTrue(COMBINED.forecast(other)
                    .codedNotes()
                    .stream()
                    .noneMatch(note -> note.code() == NoteCode.MONTHLY_EVENTS));
        }
    }

    private static double meanError(double[] truth, double[] forecast) {
        return IntStream.range(0, forecast.length)
                .mapToDouble(h -> Math.abs(truth[truth.length - forecast.length + h] - forecast[h]))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"P1D, 7, 28, 14", "P1D, 7, 84, 14", "P7D, 52, 144, 13", "P1M, 12, 24, 12", "P1M, 12, 72, 12",
            "P3M, 4, 12, 8", "P3M, 4, 40, 8"})
    void shortSeasonalSeriesAreForecastNoWorseThanByTheLastSeason(Period frequency, int season, int steps,
            int horizon) {
        SplittableRandom random = new SplittableRandom(7);
        double combined = 0;
        double naive = 0;
        for (int n = 0; n < 12; n++) {
            double phase = random.nextDouble() * 6;
            double[] all = series(steps + horizon,
                    t -> 10 + Math.sin(phase + 2 * Math.PI * t / season) + 0.3 * random.nextGaussian());
            double[] history = Arrays.copyOf(all, steps);
            combined += meanError(all, forecast(history, horizon, frequency).doubleValues()[0]);
            naive += meanError(all, series(horizon, h -> history[steps - season + h % season]));
        }
        assertTrue(combined < 1.05 * naive, combined + " against " + naive);
    }

    @Test
    void aTrendIsNotDamped() {
        double[] all = series(132, t -> 100 + t + 10 * Math.sin(2 * Math.PI * t / 12));
        double error = meanError(all, forecast(Arrays.copyOf(all, 120), 12, MONTH).doubleValues()[0]);
        assertTrue(error < 0.5, "mean error " + error + " of values near 220");
    }

    @Test
    void everyForecastHasQuantilesAroundItAndTheyAscend() {
        SplittableRandom random = new SplittableRandom(3);
        for (int steps : new int[]{3, 4, 5, 8, 13, 30, 200, 700}) {
            double[] history = series(steps, t -> 5 + random.nextGaussian());
            Forecast forecast = forecast(history, 6, DAY);
            float[][][] quantiles = forecast.quantiles().orElseThrow().values();
            for (int h = 0; h < 6; h++) {
                assertTrue(Double.isFinite(forecast.doubleValues()[0][h]));
                for (int q = 1; q < quantiles.length; q++) assertTrue(quantiles[q][0][h] >= quantiles[q - 1][0][h]);
                assertTrue(forecast.quantile(0.1)[0][h] < forecast.values()[0][h], steps + " steps");
                assertTrue(forecast.quantile(0.9)[0][h] > forecast.values()[0][h], steps + " steps");
            }
            assertEquals(1, forecast.weights().get(0).values().stream().mapToDouble(w -> w).sum(), 0.1);
        }
    }

    @Test
    void intervalsHoldAboutAsOftenAsTheySay() {
        SplittableRandom random = new SplittableRandom(11);
        int inside = 0;
        int count = 0;
        for (int n = 0; n < 40; n++) {
            double[] all = series(424, t -> 20 + 5 * Math.sin(2 * Math.PI * t / 7) + random.nextGaussian());
            Forecast forecast = forecast(Arrays.copyOf(all, 400), 24, DAY);
            for (int h = 0; h < 24; h++, count++) {
                double truth = all[400 + h];
                if (forecast.quantile(0.1)[0][h] <= truth && truth <= forecast.quantile(0.9)[0][h]) inside++;
            }
        }
        assertEquals(0.8, (double) inside / count, 0.06);
    }

    @Test
    void levelsAreThoseAskedFor() {
        ForecastRequest request = ForecastRequest.of(new double[][]{series(40, t -> t % 7)}).withQuantiles(0.05, 0.99);
        assertArrayEquals(new double[]{0.05, 0.99}, COMBINED.forecast(request).quantiles().orElseThrow().levels());
    }

    @Test
    void whatNeverWasNegativeIsNotForecastSo() {
        SplittableRandom random = new SplittableRandom(5);
        Forecast forecast = forecast(series(100, t -> t % 5 == 0 ? random.nextDouble() : 0), 20, DAY);
        for (float[][] quantile : forecast.quantiles().orElseThrow().values()) {
            for (float value : quantile[0]) assertTrue(value >= 0);
        }
    }

    @Test
    void aLeastValueAboveTheHistoryCutsTheForecastAlone() {
        ForecastRequest quarters = ForecastRequest.of(new double[][]{series(40, t -> 100 + 10 * t + 20 * (t % 4))})
                .withHorizon(3)
                .withFrequency(Period.ofMonths(3));
        double[] free = COMBINED.forecast(quarters).doubleValues()[0];
        double[] bound = COMBINED.forecast(quarters.withLower(free[0] + 5)).doubleValues()[0];
        for (int h = 0; h < 3; h++) assertEquals(Math.max(free[h], free[0] + 5), bound[h], 1e-9);
    }

    @Test
    void aDayThatIsNotOverIsLeftOut() {
        Random random = new Random(4);
        double[] history = series(63, t -> 300 - 90 * (t % 7 / 6) + 5 * random.nextGaussian());
        history[62] = 25;
        Forecast forecast = forecast(history, 7, DAY);
        for (int h = 0; h < 7; h++) assertEquals(h == 6 ? 210 : 300, forecast.value(0, h), 15);
        assertEquals(25, history[62]);
        assertEquals(1, forecast.codedNotes().stream().filter(note -> note.code() == NoteCode.ODD_AT_END).count());
        assertTrue(forecast.codedNotes().stream().noneMatch(note -> note.code() == NoteCode.MISSING_AT_END));
    }

    @Test
    void fewValuesFarBeyondAllOthersCountAsMissing() {
        Random random = new Random(7);
        double[] history = series(700, t -> 50 + 9 * Math.sin(t * Math.PI / 12) + random.nextGaussian());
        double[] missing = history.clone();
        double[] wrong = history.clone();
        for (int t : new int[]{400, 690}) {
            missing[t] = Double.NaN;
            wrong[t] = t == 400 ? 50_000 : -6e6;
        }
        Forecast forecast = forecast(wrong, 24, Duration.ofHours(1));
        assertArrayEquals(forecast(missing, 24, Duration.ofHours(1)).doubleValues(), forecast.doubleValues());
        assertTrue(
                forecast.notes()
                        .toString()
                        .contains("2 values lie far beyond all others and are left out: " + "50000.0, -6000000.0"),
                () -> forecast.notes().toString());
        assertEquals(50_000, wrong[400]);
    }

    @Test
    void stepsLongAgoDoNotCount() {
        Random random = new Random(5);
        double[] history = series(3000,
                t -> (t < 500 ? -90 : 50) + 9 * Math.sin(t * Math.PI / 3.5) + random.nextGaussian());
        double[] recent = Arrays.copyOfRange(history, 3000 - 2048, 3000);
        assertArrayEquals(forecast(recent, 28, Duration.ofDays(1)).doubleValues(),
                forecast(history, 28, Duration.ofDays(1)).doubleValues());
        ForecastRequest request = ForecastRequest.of(new double[][]{history}).withHorizon(28);
        assertEquals(2048, COMBINED.context(request));
        assertEquals(2048, COMBINED.context(request.withFrequency(Duration.ofHours(1))));
        assertEquals(8 * 960, COMBINED.context(request.withFrequency(Duration.ofHours(1)).withHorizon(960)));
        assertEquals(4 * 672, COMBINED.context(request.withFrequency(Duration.ofMinutes(15))));
        assertEquals(4 * 8760, COMBINED.context(request.withSeason(8760)));
        assertEquals(16_384, COMBINED.context(request.withFrequency(Duration.ofMillis(1))));
    }

    @Test
    void stepsBeforeALongGapCount() {
        double[] history = series(4000, t -> t > 1900 && t < 3997 ? Double.NaN : 50 + 9 * Math.sin(t * Math.PI / 3.5));
        double[] forecast = forecast(history, 7, Duration.ofDays(1)).doubleValues()[0];
        for (int h = 0; h < 7; h++) assertEquals(50 + 9 * Math.sin((4000 + h) * Math.PI / 3.5), forecast[h], 1);
    }

    /** As the temperature of a winter before the summer that the history ends with. */
    @Test
    void whatWasBelowZeroLongAgoMayBeSoAgain() {
        double[] history = series(3000, t -> t < 900 ? -20 : 100 - 97.0 * (t - 900) / 2100 + Math.sin(t));
        assertTrue(forecast(history, 200, Duration.ofDays(1)).doubleValues()[0][199] < 0);
    }

    @Test
    void anOutageCountsAsMissing() {
        Random random = new Random(7);
        double[] history = series(700, t -> 50 + 9 * Math.sin(t * Math.PI / 12) + random.nextGaussian());
        double[] missing = history.clone();
        Arrays.fill(history, 600, 650, 0);
        Arrays.fill(missing, 600, 650, Double.NaN);
        Forecast forecast = forecast(history, 24, Duration.ofHours(1));
        assertArrayEquals(forecast(missing, 24, Duration.ofHours(1)).doubleValues(), forecast.doubleValues());
        assertTrue(forecast.codedNotes().stream().anyMatch(note -> note.code() == NoteCode.STUCK),
                () -> forecast.notes().toString());
    }

    /** As December, of which the history has one. */
    @Test
    void aValueFarBeyondAllOthersMayReturnWithASeasonThatCameOnce() {
        Random random = new Random(7);
        double[] history = series(20, t -> t % 12 == 11 ? 200 : 10 + random.nextGaussian());
        assertTrue(forecast(history, 12, Period.ofMonths(1)).doubleValues()[0][3] > 100);
    }

    /** As one of a table whose other channels began before. */
    @Test
    void aChannelIsForecastAsIfItsHistoryBeganWithItsFirstValue() {
        Random random = new Random(8);
        assertYoung(series(700, t -> 50 + 9 * Math.sin(t * Math.PI / 6) + random.nextGaussian()), 3, 4, 5, 10, 17, 25,
                60, 320, 600);
        assertYoung(series(700, t -> random.nextInt(4) > 0 ? 0 : 1 + random.nextInt(5)), 21, 40, 150, 500);
        for (int steps = 1; steps < 3; steps++) {
            double[] young = series(700, t -> Double.NaN);
            Arrays.fill(young, 700 - steps, 700, 50);
            for (double value : forecast(young, 24, DAY).doubleValues()[0])
                assertEquals(50, value, 5, steps + " steps");
        }
    }

    private static void assertYoung(double[] old, int... lengths) {
        for (int steps : lengths) {
            double[] young = old.clone();
            Arrays.fill(young, 0, 700 - steps, Double.NaN);
            double[] alone = Arrays.copyOfRange(old, 700 - steps, 700);
            for (TemporalAmount step : List.of(Period.ofMonths(1), DAY, Duration.ofHours(1))) {
                ForecastRequest request = ForecastRequest.of(new double[][]{old, young})
                        .withHorizon(24)
                        .withFrequency(step);
                Forecast expected = COMBINED.forecast(request.withHistory(new double[][]{alone}));
                Forecast forecast = COMBINED.forecast(request);
                String what = steps + " steps of " + step;
                assertEquals(expected.weights().get(0).keySet(), forecast.weights().get(1).keySet(), what);
                expected.weights()
                        .get(0)
                        .forEach((name, weight) -> assertEquals(weight, forecast.weights().get(1).get(name), 1e-9,
                                what));
                assertArrayEquals(expected.doubleValues()[0], forecast.doubleValues()[1], 1e-9, what);
                assertArrayEquals(expected.doubleQuantile(0.9)[0], forecast.doubleQuantile(0.9)[1], 1e-9, what);
                assertEquals(0, forecast.missing()[1], what);
            }
        }
    }

    /** Of seven hours no whole number makes a day, so that its steps are looked for in the history. */
    @Test
    void anEmptyChannelOfAnyFrequencyIsForecastAsZero() {
        double[][] history = {series(60, Math::sin), series(60, t -> Double.NaN)};
        Forecast forecast = COMBINED
                .forecast(ForecastRequest.of(history).withFrequency(Duration.ofHours(7)).withHorizon(3));
        assertArrayEquals(new double[3], forecast.doubleValues()[1]);
    }

    @Test
    void whatIsMissingInsideIsSaid() {
        double[] history = series(300, t -> t >= 100 && t < 150 || t >= 298 ? Double.NaN : 10 + Math.sin(t));
        Forecast forecast = forecast(history, 5, DAY);
        assertArrayEquals(new int[]{50}, forecast.missing());
        assertTrue(forecast.notes().contains("channel 0: 50 missing steps were interpolated"),
                forecast.notes().toString());
    }

    @Test
    void aChannelThatEndedBeforeTheStepsThatAreLookedAtIsForecast() {
        double[] one = series(2500, t -> 10 + Math.sin(t * Math.PI / 12));
        double[] ended = one.clone();
        Arrays.fill(ended, 300, 2500, Double.NaN);
        Forecast forecast = COMBINED.forecast(
                ForecastRequest.of(new double[][]{one, ended}).withHorizon(3).withFrequency(Duration.ofHours(1)));
        assertArrayEquals(new int[]{0, 0}, forecast.missing());
        assertTrue(forecast.codedNotes()
                .stream()
                .anyMatch(note -> note.code() == NoteCode.MISSING_AT_END && note.channel() == 1));
    }

    /** It ended 600 steps before the other channel. */
    @Test
    void aChannelThatEndedLongAgoIsMeasuredWhereItHasValues() {
        Random random = new Random(4);
        double[] one = series(2000, t -> 10 + Math.sin(t * Math.PI / 12) + 0.01 * random.nextGaussian());
        double[] ended = one.clone();
        Arrays.fill(ended, 1400, 2000, Double.NaN);
        Forecast forecast = COMBINED.forecast(ForecastRequest.of(new double[][]{one, ended})
                .withHorizon(24)
                .withFrequency(Duration.ofHours(1))
                .withCrossValidation());
        assertTrue(forecast.crossValidation().get(1).stream().allMatch(past -> past.origin() + 24 <= 1400));
        assertEquals(6, forecast.crossValidation().get(1).size());
        assertTrue(
                forecast.notes()
                        .contains("channel 1: the last 600 steps are missing; the forecast rests on the values before"),
                forecast.notes().toString());
        assertTrue(forecast.codedNotes().stream().noneMatch(note -> note.code() == NoteCode.NOT_MEASURED));
        assertTrue(forecast.codedNotes().stream().noneMatch(note -> note.code() == NoteCode.INTERPOLATED));
    }

    /** The first request is forecast in one batch with the second, whose sample paths then take too long. */
    @Test
    void whatIsForecastStaysSoWhenTheRestIsCancelled() {
        ForecastRequest small = ForecastRequest.of(new double[][]{series(60, Math::sin)}).withHorizon(5);
        ForecastRequest large = small.withSamples(20_000);
        AtomicInteger left = new AtomicInteger(10_000);
        List<ForecastResult> results = COMBINED.forecastAll(List.of(small, large),
                Execution.ALONE.until(() -> left.decrementAndGet() < 0, "late"));
        assertEquals("request 1: late", results.get(1).toString());
        assertEquals(COMBINED.forecast(small), results.get(0).orElseThrow());
    }

    /** From Monday to Saturday, 8 to 18: the mean step is 2.8 hours. */
    @Test
    void theEmbeddingOfOpenTimesIsThatOfTheModelAlone() {
        ForecastRequest request = ForecastRequest.of(new double[][]{series(600, t -> Math.sin(0.2 * Math.PI * t))})
                .withHorizon(20)
                .withFrequency(Duration.ofDays(7).dividedBy(60))
                .withOpenTimes(Optional.of(Duration.ofHours(1)), 10)
                .withEmbedding();
        assertArrayEquals(BUNDLED.forecast(request).embedding(0), COMBINED.forecast(request).embedding(0));
    }

    @Test
    void samplePathsCount() {
        ForecastRequest request = ForecastRequest.of(new double[][]{series(60, Math::sin)}).withHorizon(1000);
        assertEquals(2 * COMBINED.cost(request).runs(),
                COMBINED.cost(request.withKnownFuture(new double[1][request.horizon()])).runs());
        long more = COMBINED.cost(request.withSamples(100_000)).bytes() - COMBINED.cost(request).bytes();
        assertTrue(more >= 8L * 1000 * 100_000, more + " bytes");
    }

    @Test
    void samplePathsEndWithTheDeadline() {
        ForecastRequest request = ForecastRequest.of(new double[][]{series(300, t -> 10 + Math.sin(t))})
                .withHorizon(48)
                .withSamples(20_000);
        // Without paths it is asked for some hundred times.
        int[] asked = {0};
        ForecastResult result = COMBINED
                .forecastAll(List.of(request), Execution.ALONE.until(() -> asked[0]++ > 5000, "late"))
                .get(0);
        assertEquals("request 0: late", result.toString());
    }

    @Test
    void missingValuesAreNoProblem() {
        double[] history = series(60, t -> t % 4 == 1 ? Double.NaN : 3 + t % 7);
        for (double value : forecast(history, 14, DAY).doubleValues()[0]) assertTrue(Double.isFinite(value));
    }

    /** A channel without a value beside others does not keep these from being forecast; a series without one is none. */
    @Test
    void aChannelWithoutValuesIsForecastAsNothingBesideOthersAndRefusedAlone() {
        double[] nothing = series(60, t -> Double.NaN);
        for (Forecaster forecaster : List.of(COMBINED, COMBINED.fast())) {
            ForecastRequest beside = ForecastRequest.of(new double[][]{series(60, t -> 3 + t % 7), nothing});
            Forecast forecast = forecaster.forecast(beside.withHorizon(14));
            for (double value : forecast.doubleValues()[1]) assertEquals(0, value);
            assertEquals(1,
                    forecast.codedNotes()
                            .stream()
                            .filter(note -> note.code() == NoteCode.UNOBSERVED && note.channel() == 1)
                            .count());
            List<ForecastResult> results = forecaster
                    .forecastAll(List.of(ForecastRequest.of(new double[][]{nothing}), beside));
            assertEquals("request 0: nothing is observed: every value of the history is missing",
                    results.get(0).toString());
            assertInstanceOf(ForecastResult.Success.class, results.get(1));
        }
    }

    /** What sees nothing of a history has no say in it: the last value before would else be taken for 0. */
    @ParameterizedTest
    @CsvSource({"PT1H, 600, 97, 24", "PT1H, 1300, 530, 24", "P1D, 700, 60, 14", "P7D, 300, 240, 12"})
    void afterALongGapTheForecastIsThatOfTheValuesBefore(Duration frequency, int steps, int missing, int horizon) {
        SplittableRandom random = new SplittableRandom(2);
        double[] history = series(steps, t -> t < steps - missing ? 1000 + random.nextDouble(-10, 10) : Double.NaN);
        for (double value : forecast(history, horizon, frequency).doubleValues()[0]) {
            assertEquals(1000, value, 20);
        }
    }

    /** Late values are the usual gap. */
    @Test
    void whatIsMissingAtTheEndIsForecastOnTheWay() {
        SplittableRandom random = new SplittableRandom(8);
        double[] all = series(424, t -> 100 + 20 * Math.sin(2 * Math.PI * t / 24) + random.nextGaussian());
        for (int missing : new int[]{1, 12, 100}) {
            double[] late = Arrays.copyOf(all, 400);
            Arrays.fill(late, 400 - missing, 400, Double.NaN);
            Duration hour = Duration.ofHours(1);
            Forecast forecast = forecast(late, 24, hour);
            Forecast longer = forecast(Arrays.copyOf(all, 400 - missing), missing + 24, hour);
            double[] expected = longer.doubleValues()[0];
            assertArrayEquals(Arrays.copyOfRange(expected, missing, missing + 24), forecast.doubleValues()[0]);
            assertArrayEquals(Arrays.copyOfRange(longer.quantile(0.9)[0], missing, missing + 24),
                    forecast.quantile(0.9)[0]);
            assertEquals("channel 0: the last " + (missing == 1 ? "step is" : missing + " steps are")
                    + " missing; the forecast begins at the value before", forecast.notes().get(1));
            assertTrue(meanError(all, forecast.doubleValues()[0]) < 4, missing + " missing");
        }
    }

    /** A random walk goes on over the missing steps: 513 of them are not forecast on the way. */
    @Test
    void behindALongGapIntervalsAreNotThoseOfNearSteps() {
        SplittableRandom random = new SplittableRandom(5);
        double[] walk = new double[2000];
        for (int t = 1; t < walk.length; t++) walk[t] = walk[t - 1] + random.nextGaussian();
        double[] widths = IntStream.of(0, 512, 513, 1200).mapToDouble(missing -> {
            double[] ended = walk.clone();
            Arrays.fill(ended, 2000 - missing, 2000, Double.NaN);
            Forecast forecast = forecast(ended, 12, Duration.ofHours(1));
            assertEquals(missing > 512,
                    forecast.notes().contains("channel 0: the intervals are as wide as behind 512 missing steps"));
            return forecast.doubleQuantile(0.9)[0][0] - forecast.doubleQuantile(0.1)[0][0];
        }).toArray();
        assertTrue(widths[1] > 3 * widths[0], Arrays.toString(widths));
        assertTrue(widths[2] > 3 * widths[0] && widths[3] > 3 * widths[0], Arrays.toString(widths));
    }

    @Test
    void intervalsHaveAWidthWhereNoTwoValuesAreASeasonApart() {
        SplittableRandom random = new SplittableRandom(4);
        for (int observed : new int[]{2, 5, 20}) {
            double[] history = series(300, t -> t < 300 - observed ? Double.NaN : 50 + random.nextGaussian());
            Forecast forecast = forecast(history, 5, Duration.ofHours(1));
            for (int h = 0; h < 5; h++) {
                assertTrue(forecast.quantile(0.9)[0][h] - forecast.quantile(0.1)[0][h] > 0.1, observed + " observed");
            }
        }
    }

    /** To the last digit, also its quantiles and means, and whether the history holds six of its seasons or not. */
    @ParameterizedTest
    @ValueSource(doubles = {42, 5, 0.1, -77.7, 7.7, 1e9 + 0.1, 1e-30, 1e38})
    void aConstantIsForecastAsItself(double constant) {
        double[] expected = series(5, t -> constant);
        for (TemporalAmount frequency : List.of(Period.ofMonths(1), DAY, Duration.ofHours(1))) {
            Forecast forecast = forecast(series(50, t -> t % 9 == 4 ? Double.NaN : constant), 5, frequency);
            assertArrayEquals(expected, forecast.doubleValues()[0], frequency.toString());
            assertArrayEquals(expected, forecast.mean().orElseThrow()[0], frequency.toString());
            for (double level : new double[]{0.1, 0.5, 0.9}) {
                assertArrayEquals(expected, forecast.doubleQuantile(level)[0], frequency.toString());
            }
        }
    }

    /** At night the sun does not shine; median, quantiles and mean agree on that. */
    @Test
    void whatIsTheSameInEachCycleIsForecastSo() {
        Random random = new Random(2);
        double[] history = series(960,
                t -> Math.max(0, Math.sin((t % 24 - 6) * Math.PI / 12)) * (350 + 100 * random.nextDouble()));
        for (int t = 0; t < history.length; t++) if (t % 24 < 7 || t % 24 > 17) history[t] = 0;
        Forecast forecast = forecast(history, 24, Duration.ofHours(1));
        for (int h = 0; h < 24; h++) {
            boolean isNight = h < 7 || h > 17;
            assertEquals(isNight, forecast.doubleValues()[0][h] == 0, "hour " + h);
            if (isNight) assertEquals(0, forecast.doubleQuantile(0.9)[0][h], 1, "hour " + h);
        }
        Forecast above = COMBINED.forecast(ForecastRequest.of(new double[][]{history})
                .withFrequency(Duration.ofHours(1))
                .withHorizon(24)
                .withLower(5));
        assertTrue(Arrays.stream(above.doubleValues()[0]).allMatch(value -> value >= 5), "but for its bounds");
    }

    /** A tariff that is new today is not the old one tomorrow. */
    @Test
    void aNewLevelIsNotTakenBack() {
        double[] prices = series(700, t -> t < 695 ? 100 : 200);
        double[] forecast = forecast(prices, 24, Duration.ofHours(1)).doubleValues()[0];
        for (int h = 0; h < 24; h++) assertTrue(forecast[h] > 110, "hour " + h + ": " + forecast[h]);
    }

    @Test
    void aNewArticleIsForecastByWhatCameSinceItsFirstSale() {
        double[] sales = series(200, t -> t < 140 ? 0 : 20 + t % 7);
        Forecast forecast = forecast(sales, 14, DAY);
        for (int h = 0; h < 14; h++) assertEquals(20 + (200 + h) % 7, forecast.doubleValues()[0][h], 1, "day " + h);
        assertTrue(forecast.codedNotes().stream().anyMatch(note -> note.code() == NoteCode.ZEROS_AT_BEGINNING));
    }

    @Test
    void aSeasonThatIsGivenTakesThePlaceOfThoseOfTheCalendar() {
        SplittableRandom random = new SplittableRandom(2);
        double[] shape = random.doubles(9).map(v -> 100 * v).toArray();
        double[] all = series(99, t -> shape[t % 9] + 3 * random.nextGaussian());
        ForecastRequest request = ForecastRequest.of(new double[][]{Arrays.copyOf(all, 81)})
                .withHorizon(18)
                .withFrequency(DAY);
        Forecast given = COMBINED.forecast(request.withSeason(9));
        double error = meanError(all, given.doubleValues()[0]);
        assertTrue(error < 3, "mean error " + error + " with noise of 3");
        String members = given.weights().get(0).keySet().toString();
        assertTrue(members.contains("season") && !members.contains("week"), members);
        assertArrayEquals(given.doubleValues(), COMBINED.forecast(request.withSeason(9)).doubleValues());
    }

    @Test
    void aSeasonThatTheHistoryDoesNotHoldIsLeftOutWithANote() {
        SplittableRandom random = new SplittableRandom(2);
        ForecastRequest request = ForecastRequest.of(new double[][]{series(29, t -> random.nextGaussian())})
                .withHorizon(5);
        Forecast tooLong = COMBINED.forecast(request.withSeason(20));
        assertTrue(tooLong.notes()
                .contains("channel 0: the history of 29 steps holds the season of 20 less than one and a half times, "
                        + "so it is forecast without one"),
                tooLong.notes().toString());
        assertArrayEquals(COMBINED.forecast(request).doubleValues(), tooLong.doubleValues());
        assertFalse(COMBINED.forecast(request.withSeason(19)).notes().toString().contains("forecast without one"));
    }

    @Test
    void aSeasonThatRepeatsExactlyIsRepeated() {
        SplittableRandom random = new SplittableRandom(1);
        double[] week = random.doubles(7).map(v -> 100 * v).toArray();
        Forecast forecast = forecast(series(70, t -> week[t % 7]), 14, DAY);
        for (int h = 0; h < 14; h++) assertEquals(week[h % 7], forecast.doubleValues()[0][h], 0.5);
    }

    @Test
    void aSeasonBeyondTheCalendarIsFoundAndNamed() {
        SplittableRandom random = new SplittableRandom(3);
        double[] shape = random.doubles(28).map(v -> 50 * v).toArray();
        double[] all = series(456, t -> 100 + shape[t % 28] + 2 * random.nextGaussian());
        Forecast forecast = forecast(Arrays.copyOf(all, 400), 56, DAY);
        double error = meanError(all, forecast.doubleValues()[0]);
        assertTrue(error < 2, "mean error " + error + " with noise of 2");
        assertTrue(forecast.codedNotes()
                .stream()
                .anyMatch(note -> note.code() == NoteCode.SEASON_FOUND && note.text().contains("a cycle of 28 steps")),
                forecast.notes().toString());
    }

    @Test
    void noSeasonIsFoundInNoise() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] noise = series(300, t -> 10 * Math.sin(2 * Math.PI * t / 7) + 3 * random.nextGaussian());
            String notes = forecast(noise, 14, DAY).notes().toString();
            assertFalse(notes.contains("was found"), notes);
        }
    }

    /** Half as much again each year, and a season that grows with it. */
    @Test
    void aSeriesThatGrowsByAFactorGoesOnDoingSo() {
        double[] all = series(84, t -> 100 * Math.pow(1.5, t / 12.0) * (1 + 0.3 * Math.sin(2 * Math.PI * t / 12)));
        double[] forecast = forecast(Arrays.copyOf(all, 72), 12, MONTH).doubleValues()[0];
        double share = meanError(all, forecast) / all[78];
        assertTrue(share < 0.05, "mean error " + share);
    }

    /** The last value is the best forecast of a random walk, and a mean of it and others is worse. */
    @Test
    void whereTheCombinationIsWorseThanRepeatingThePastANoteSaysSoAndWhereItIsClearlyWorseThePastIsRepeated() {
        Forecaster combined = Forecaster.of(new TtmModel(Samples.config().build()).initialize(1));
        int[] kinds = new int[3];
        for (int seed = 0; seed < 40; seed++) {
            double[] walk = new SplittableRandom(seed).doubles(60).map(u -> u - 0.5).toArray();
            for (int t = 1; t < walk.length; t++) walk[t] += walk[t - 1];
            Forecast forecast = combined
                    .forecast(ForecastRequest.of(new double[][]{walk}).withHorizon(6).withCrossValidation());
            String notes = forecast.notes().toString();
            Set<String> members = forecast.weights().get(0).keySet();
            if (notes.contains(
                    "channel 0: nothing beat repeating the past in the backtest, so the forecast does that")) {
                kinds[0]++;
                assertEquals(Set.of("last value repeated"), members);
                for (double value : forecast.doubleValues()[0]) assertEquals(walk[59], value, 1e-12);
                assertEquals(1, toNaive(walk, forecast), 1e-5, "what is measured is repeating the past");
                continue;
            }
            assertTrue(members.size() > 1, notes);
            double ratio = toNaive(walk, forecast);
            Matcher named = Pattern
                    .compile(
                            "expect no more than from repeating the past: .* was (as|(\\d+) %) (far|further) from what")
                    .matcher(notes);
            boolean isNamed = named.find();
            kinds[isNamed ? 1 : 2]++;
            assertTrue(isNamed ? ratio >= 1 && ratio <= 1.1 : ratio < 1, ratio + " " + notes);
            if (isNamed) {
                int worse = named.group(2) == null ? 0 : Integer.parseInt(named.group(2));
                assertEquals(100 * ratio, 100 + worse, 0.501);
            }
        }
        assertTrue(Arrays.stream(kinds).allMatch(count -> count > 2), () -> Arrays.toString(kinds));
    }

    /** Six errors of one step are now and then a tenth smaller by chance: of noise, the last value is the worst forecast. */
    @Test
    void oneStepAheadThePastIsNotRepeatedByChance() {
        Forecaster combined = Forecaster.of(new TtmModel(Samples.config().build()).initialize(1));
        for (int seed = 0; seed < 40; seed++) {
            double[] noise = new SplittableRandom(seed).doubles(100).toArray();
            Forecast forecast = combined.forecast(ForecastRequest.of(new double[][]{noise}).withHorizon(1));
            assertTrue(forecast.weights().get(0).size() > 1, seed + ": " + forecast.notes());
        }
    }

    /** The error at the earlier origins over that of the last value repeated. */
    private static double toNaive(double[] series, Forecast forecast) {
        double own = 0;
        double naive = 0;
        for (RollingForecast past : forecast.crossValidation().get(0)) {
            for (int h = 0; h < past.values()[0].length; h++) {
                double truth = series[past.origin() + h];
                own += Math.abs(truth - past.values()[0][h]);
                naive += Math.abs(truth - series[past.origin() - 1]);
            }
        }
        return own / naive;
    }

    @Test
    void aRequestIsForecastTheSameInAnyCompany() {
        SplittableRandom random = new SplittableRandom(9);
        List<ForecastRequest> requests = IntStream.range(0, 20)
                .mapToObj(i -> ForecastRequest.of(new double[][]{series(60 + 10 * i, t -> random.nextGaussian())})
                        .withHorizon(10)
                        .withFrequency(DAY))
                .toList();
        List<ForecastResult> together = COMBINED.forecastAll(requests);
        for (int i = 0; i < requests.size(); i++) {
            Forecast alone = COMBINED.forecast(requests.get(i));
            assertArrayEquals(alone.doubleValues(), together.get(i).orElseThrow().doubleValues());
            assertArrayEquals(alone.quantiles().orElseThrow().values(),
                    together.get(i).orElseThrow().quantiles().orElseThrow().values());
        }
    }

    /** Noise, and a gap as long as the context of the model, before which the last value lies. */
    @ParameterizedTest
    @CsvSource({"1200, 0, 0, 96, 35", "200, 30, 130, 24, 28"})
    void whatTheModelReadsTheSameItForecastsOnce(int steps, int gap, int gapEnd, int horizon, int runs) {
        SplittableRandom random = new SplittableRandom(4);
        double[] history = series(steps, t -> t >= gap && t < gapEnd ? Double.NaN : t + 10 * random.nextGaussian());
        ForecastRequest request = ForecastRequest.of(new double[][]{history})
                .withHorizon(horizon)
                .withFrequency(Duration.ofHours(1));
        AtomicInteger counted = new AtomicInteger();
        AtomicInteger names = new AtomicInteger();
        Forecast made = watched((method, answer, arguments) -> {
            if (method.equals("forecastAll")) counted.addAndGet(((List<?>) arguments[0]).size());
            return answer;
        }).forecast(request);
        // Models of different names share nothing.
        Forecast expected = watched((method, answer, arguments) -> answer instanceof ModelChoice choice
                ? new ModelChoice(choice.name() + names.incrementAndGet(), choice.reason(), choice.config(),
                        Optional::empty)
                : answer).forecast(request);
        assertEquals(runs, counted.get());
        assertArrayEquals(expected.doubleValues(), made.doubleValues());
        assertArrayEquals(expected.quantiles().orElseThrow().values(), made.quantiles().orElseThrow().values());
    }

    /** A combination of the bundled models, whose answers pass by. */
    private static Forecaster watched(Watch watch) {
        InvocationHandler passes = (proxy, method, arguments) -> watch.see(method.getName(),
                method.invoke(BUNDLED, arguments), arguments);
        return new CombinedForecaster(
                (ModelForecaster) Proxy.newProxyInstance(CombinedForecasterTest.class.getClassLoader(),
                        new Class<?>[]{ModelForecaster.class}, passes),
                ForecastMode.BALANCED);
    }

    private interface Watch {
        Object see(String method, Object answer, Object[] arguments);
    }

    @Test
    void oneBadRequestDoesNotLoseTheOthers() {
        ForecastRequest good = ForecastRequest.of(new double[][]{series(40, t -> t % 7)}).withHorizon(7);
        List<ForecastResult> results = COMBINED.forecastAll(List.of(good, ForecastRequest.of(new double[][]{{1, 2}}),
                ForecastRequest.of(new double[][]{{1, 2, Double.POSITIVE_INFINITY}}), good,
                ForecastRequest.of(new double[][]{{1, 2, 3}, {1, -1e39, 3}})));
        assertEquals("request 1: the history has 2 steps: expected at least 3", results.get(1).toString());
        assertEquals("request 2: history[0][2] is infinite; missing values are NaN", results.get(2).toString());
        assertInstanceOf(ForecastResult.Success.class, results.get(3));
        assertEquals("request 4: history[1][1] is -1.0E39, beyond the largest float, 3.4028235E38",
                results.get(4).toString());
    }

    @Test
    void aModelThatMixesChannelsForecastsAlone() {
        TtmConfig config = Samples.config()
                .set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .build();
        ModelForecaster mixing = Forecaster.of(new TtmModel(config).initialize(1)).fast();
        assertFalse(mixing.info().canCombine());
        ForecastRequest request = ForecastRequest.of(new double[][]{series(60, t -> t % 7), series(60, t -> t % 5)});
        assertArrayEquals(mixing.forecast(request).doubleValues(),
                mixing.in(ForecastMode.BALANCED).forecast(request).doubleValues());
    }

    @Test
    void theLeastHistoryIsThatWhichIsForecast() {
        for (int context : new int[]{24, 96, 192}) {
            Forecaster combined = Forecaster.of(new TtmModel(Samples.config(context, 4).build()).initialize(1));
            double[] least = series(combined.info().minimumHistory(), t -> t);
            assertEquals(4, combined.forecast(ForecastRequest.of(new double[][]{least})).horizon());
        }
        TtmConfig config = Samples.config(192, 4)
                .set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .build();
        ModelForecaster mixing = Forecaster.of(new TtmModel(config).initialize(1)).fast();
        assertEquals(6, mixing.in(ForecastMode.BALANCED).info().minimumHistory());
    }

    @Test
    void extremesOfTheirTypesAreForecastInFiniteNumbers() {
        for (float size : new float[]{Float.MIN_VALUE, Float.MAX_VALUE}) {
            Forecast forecast = COMBINED
                    .forecast(ForecastRequest.of(new double[][]{series(60, t -> t % 3 == 0 ? size : -size)})
                            .withFrequency(Duration.ofSeconds(Long.MAX_VALUE))
                            .withQuantiles(.001, .999));
            for (float[] row : forecast.values()) for (float value : row) assertTrue(Float.isFinite(value));
            for (float[][] level : forecast.quantiles().orElseThrow().values()) {
                for (float[] row : level) for (float value : row) assertTrue(Float.isFinite(value));
            }
        }
    }

    @Test
    void aTrendThatLeavesTheRangeOfFloatsEndsThere() {
        for (int steps : new int[]{10, 60, 400}) {
            double[] history = series(steps, t -> Float.MAX_VALUE * (t - steps / 2.0) / steps * 1.9);
            double[] values = forecast(history, 30, Duration.ofHours(1)).doubleValues()[0];
            for (double value : values) assertTrue(Float.isFinite((float) value), value + " after " + steps);
        }
    }

    @Test
    void nothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> BUNDLED.in(null));
        assertThrows(IllegalArgumentException.class, () -> Execution.ALONE.withProgress(null));
        assertThrows(IllegalArgumentException.class, () -> BUNDLED.forecastAll(List.of(), null));
    }
}
