package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.forecast.ForecasterTest.refused;
import static org.ttm4j.forecast.ForecasterTest.small;
import static org.ttm4j.forecast.ForecasterTest.walks;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Rows;

/** What a request refuses, and what a forecast makes of it. */
class ForecastRequestTest {
    private static final int L = ForecasterTest.L;
    private static final int H = ForecasterTest.H;

    private final ModelForecaster forecaster = Forecaster.of(new TtmModel(small().build()).initialize(1)).fast();
    private final ForecastRequest request = ForecastRequest.of(walks(1, 1, L));

    @Test
    void impossibleArgumentsAreNamed() {
        refused("history is null", () -> ForecastRequest.of((double[][]) null));
        refused("history[0] is null", () -> ForecastRequest.of(new float[1][]));
        refused("the history has no channel", () -> ForecastRequest.of(new float[0][]));
        refused("frequency is null", () -> request.withFrequency(null));
        refused("frequency is null", () -> request.withKnownFrequency(null));
        refused("frequency PT0S: expected a positive time", () -> request.withFrequency(Duration.ZERO));
        refused("frequency PT-1H: expected a positive time", () -> request.withFrequency(Duration.ofHours(-1)));
        refused("frequency P0D: expected a positive time", () -> request.withFrequency(Period.ZERO));
        refused("frequency P1M-1D: expected a positive time", () -> request.withFrequency(Period.of(0, 1, -1)));
        refused("season 1: expected at least 2 steps", () -> request.withSeason(1));
        refused("no whole number lies from lower 1.2 to upper 1.8",
                () -> request.withLower(1.2).withUpper(1.8).asCounts());
        ForecastRequest driven = ForecastRequest.of(walks(1, 3, L))
                .withUpper(1, 2, 3)
                .withKnownFuture(new double[2][H])
                .withCategoricalDrivers(1);
        refused("3 upper bounds: expected 1, or 1 for each of the 2 channels of the history",
                () -> driven.withHistory(walks(1, 2, L)));
        refused("categorical driver 1: knownFuture has 1 rows", () -> driven.withKnownFuture(new double[1][H]));
        refused("open times of 9 steps of PT0S a day: expected a positive time and number",
                () -> request.withOpenTimes(Optional.of(Duration.ZERO), 9));
        refused("step is null", () -> request.withOpenTimes(null, 9));
        refused("start is null", () -> request.withStart(null));
        refused("quantiles are empty: expected a level or more", () -> request.withQuantiles());
        refused("quantiles is null", () -> request.withQuantiles((double[]) null));
        refused("quantiles: level 1.0: expected above 0 and below 1", () -> request.withQuantiles(0.5, 1));
        refused("quantiles: level NaN: expected above 0 and below 1", () -> request.withQuantiles(Double.NaN));
        refused("quantiles: level 0.2 after 0.5: expected ascending levels", () -> request.withQuantiles(0.5, 0.2));
        refused("quantiles: level 0.5 after 0.5: expected ascending levels", () -> request.withQuantiles(0.5, 0.5));
        refused("knownFuture is null", () -> request.withKnownFuture((float[][]) null));
        refused("categories is null", () -> request.withCategories((int[]) null));
        refused("request is null", () -> forecaster.forecast((ForecastRequest) null));
        String message = assertThrows(IllegalArgumentException.class,
                () -> request.withStart(Instant.EPOCH).withFrequency(Period.ofMonths(1))).getMessage();
        assertTrue(
                message.startsWith(
                        "start 1970-01-01T00:00:00Z, of type Instant, cannot be moved by the frequency P1M: "),
                message);
    }

    @Test
    void equalRequestsHaveEqualHashes() {
        double otherNaN = Double.longBitsToDouble(0x7ff8000000000001L);
        ForecastRequest one = ForecastRequest.of(new double[][]{{1, Double.NaN, 3}});
        ForecastRequest same = ForecastRequest.of(new double[][]{{1, otherNaN, 3}});
        assertEquals(one, same);
        assertArrayEquals(one.sha256(), same.sha256());
        assertNotEquals(one.withLower(0.0), one.withLower(-0.0), "which have different hashes");
    }

    @Test
    void theSeasonStaysWhateverElseIsSaid() {
        ForecastRequest all = request.withSeason(9)
                .withFrequency(Duration.ofHours(1))
                .withStart(LocalDateTime.of(2026, 1, 1, 0, 0))
                .withHorizon(3)
                .withHistory(walks(2, 1, L));
        assertEquals(9, all.season().orElseThrow());
        assertEquals(9, all.withRows(new Rows(0, 5)).season().orElseThrow());
        assertTrue(request.season().isEmpty());
    }

    @Test
    void laterChangesOfTheArraysDoNotReachIt() {
        float[][] history = walks(2, 1, L);
        ForecastRequest before = ForecastRequest.of(history);
        float[][] expected = forecaster.forecast(before).values();
        history[0][L - 1] = 1e9f;
        assertArrayEquals(expected, forecaster.forecast(before).values());
    }

    private List<Temporal> times(Temporal start, TemporalAmount frequency) {
        return forecaster.forecast(request.withStart(start).withFrequency(frequency)).times().orElseThrow();
    }

    @Test
    void timesFollowTheCalendarFromTheStart() {
        LocalDate start = LocalDate.of(2020, 1, 31);
        List<Temporal> monthly = times(start, Period.ofMonths(1));
        assertEquals(H, monthly.size());
        // 64 months later: May has 31 days again, June has not.
        assertEquals(LocalDate.of(2025, 5, 31), monthly.get(0));
        assertEquals(LocalDate.of(2025, 6, 30), monthly.get(1));
        assertEquals(LocalDate.of(2025, 7, 31), monthly.get(2));
        // The end of a short month leads to the ends of longer ones.
        assertEquals(LocalDate.of(2025, 7, 31), times(LocalDate.of(2020, 2, 29), Period.ofMonths(1)).get(1));
        assertEquals(LocalDate.of(2025, 7, 28), times(LocalDate.of(2020, 2, 28), Period.ofMonths(1)).get(1));
        assertEquals(LocalDateTime.of(2037, 3, 31, 8, 0),
                times(LocalDateTime.of(2020, 6, 30, 8, 0), Period.ofMonths(3)).get(3));
        assertEquals(start.plusDays(64), times(start, Duration.ofDays(1)).get(0));
        assertEquals(YearMonth.of(2025, 5), times(YearMonth.of(2020, 1), Period.ofMonths(1)).get(0));
        LocalDateTime midnight = LocalDateTime.of(2026, 1, 1, 0, 0);
        assertEquals(midnight.plusHours(64), times(midnight, Duration.ofHours(1)).get(0));
        // Over a change to summer time, 64 days are 64 mornings.
        ZonedDateTime morning = ZonedDateTime.of(2026, 2, 1, 7, 0, 0, 0, ZoneId.of("Europe/Berlin"));
        assertEquals(morning.plusDays(64), times(morning, Period.ofDays(1)).get(0));
        assertEquals(Optional.empty(), forecaster.forecast(request).times());
        assertEquals(Optional.empty(), forecaster.forecast(request.withStart(start)).times());
        assertEquals(Optional.empty(), forecaster.forecast(request.withFrequency(Duration.ofDays(1))).times());
    }

    @Test
    void businessDaysAreThoseFromMondayToFriday() {
        Duration businessDay = Duration.ofDays(7).dividedBy(5);
        LocalDate thursday = LocalDate.of(2026, 1, 1);
        List<Temporal> times = times(thursday, businessDay);
        // 64 business days are twelve weeks and four days, from Thursday to Wednesday.
        LocalDate wednesday = thursday.plusDays(12 * 7 + 6);
        assertEquals(List.of(wednesday, wednesday.plusDays(1), wednesday.plusDays(2), wednesday.plusDays(5)),
                times.subList(0, 4));
        assertEquals(wednesday.plusDays(5).atTime(17, 30), times(thursday.atTime(17, 30), businessDay).get(3));
        LocalDate saturday = thursday.plusDays(2);
        assertEquals(times(saturday.minusDays(1), businessDay), times(saturday, businessDay), "as from Friday");
        String message = assertThrows(IllegalArgumentException.class,
                () -> request.withStart(Instant.EPOCH).withFrequency(businessDay)).getMessage();
        assertEquals(
                "start 1970-01-01T00:00:00Z, of type Instant, cannot be moved by the frequency PT33H36M: Unsupported field: "
                        + "DayOfWeek",
                message);
    }

    /** From forecasts that were too low. */
    private static ConformalIntervals oneSided() {
        ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(), 1, H,
                ConformalOptions.defaults());
        double[][] truth = new double[1][H];
        Arrays.fill(truth[0], 1);
        for (int i = 0; i < 20; i++) intervals.update(new double[1][H], truth, new float[]{1});
        return intervals;
    }

    @Test
    void quantilesAreThoseOfTheLevelsThatAreWanted() {
        ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(), 1, H,
                ConformalOptions.defaults());
        Random random = new Random(3);
        for (int i = 0; i < 20; i++) {
            double[][] truth = new double[1][H];
            for (int h = 0; h < H; h++) truth[0][h] = random.nextFloat();
            intervals.update(new double[1][H], truth, new float[]{1});
        }
        Forecaster calibrated = forecaster.withIntervals(intervals);
        Forecast all = calibrated.forecast(request);
        Forecast two = calibrated.forecast(request.withQuantiles(0.1, 0.9));
        assertArrayEquals(new double[]{0.1, 0.9}, two.quantiles().orElseThrow().levels());
        assertArrayEquals(all.quantile(0.9), two.quantile(0.9));
        refused("no quantile of level 0.5: this forecast has levels [0.1, 0.9]", () -> two.quantile(0.5));
        Forecast derived = calibrated.forecast(request.withQuantiles(0.1, 0.25));
        assertArrayEquals(all.quantile(0.1), derived.quantile(0.1));
        assertArrayEquals(forecaster.withIntervals(intervals.withLevels(0.25)).forecast(request).quantile(0.25),
                derived.quantile(0.25));
        Forecaster low = forecaster.withIntervals(oneSided());
        assertTrue(low.forecast(request)
                .notes()
                .get(0)
                .endsWith("came of them; " + H + " of " + H
                        + " values lie outside them, as those forecasts erred to one side, " + "which need not go on"),
                low.forecast(request).notes().toString());
        assertFalse(low.forecast(request.withQuantiles(0.8, 0.9)).notes().get(0).contains("outside"));
        assertEquals(List.of("no quantiles: the intervals hold 20 windows, too few for these levels"),
                calibrated.forecast(request.withQuantiles(0.01)).notes());
        String never = assertThrows(IllegalArgumentException.class,
                () -> calibrated.forecast(request.withQuantiles(1e-6))).getMessage();
        assertTrue(never.startsWith("quantiles: level 1.0E-6 needs 999999 windows: the last "), never);
        Forecast none = forecaster.forecast(request.withQuantiles(0.1));
        assertEquals(List.of("no quantiles: this forecaster has no intervals"), none.notes());
        refused("no quantile of level 0.1: this forecast has no quantiles", () -> none.quantile(0.1));
        assertEquals(List.of("no quantiles: the intervals are for 1 channels, these are 2"),
                calibrated.forecast(ForecastRequest.of(walks(1, 2, L)).withQuantiles(0.1)).notes());
    }

    @Test
    void aForecastReads() {
        Forecast forecast = Forecast.of(request, new int[]{0}, new double[][]{{1, 2.5, 4}})
                .withNote(NoteCode.OTHER, "made by hand");
        assertEquals("forecast of 1 channels × 3 steps\n  channel 0: 1.0 … 4.0\n  made by hand", forecast.toString());
    }

    @Test
    void aForecastOfOthersIsChecked() {
        int[] first = {0};
        refused("request is null", () -> Forecast.of(null, first, new double[1][1]));
        Forecast made = Forecast.of(request, first, new double[][]{{1}})
                .withNotes(List.of(new Note(NoteCode.OTHER, 0, "odd")));
        assertEquals(List.of("channel load: odd"), made.notes(List.of("load")));
        refused("channelNames is null", () -> made.notes(null));
        refused("0 channelNames: a note is about channel 0, counted from 0", () -> made.notes(List.of()));
        refused("samples[0] is null", () -> made.withMean(new double[1][1], new double[1][][]));
        refused("samples: expected paths of 1 channels × 1 steps",
                () -> made.withMean(new double[1][1], new double[1][1][]));
        assertEquals(request.steps(), made.context());
        refused("channels is null", () -> Forecast.of(request, null, new double[1][1]));
        refused("values is null", () -> Forecast.of(request, first, null));
        refused("values[0] is null", () -> Forecast.of(request, first, new double[1][]));
        refused("values[0][1] is NaN: expected a finite float",
                () -> Forecast.of(request, first, new double[][]{{1, Double.NaN}}));
        refused("values[0][0] is 1.0E39: expected a finite float",
                () -> Forecast.of(request, first, new double[][]{{1e39}}));
        refused("channel 1 of the forecast: the history has 1",
                () -> Forecast.of(request, new int[]{1}, new double[][]{{1}}));
        refused("values[1] has 1 steps where values[0] has 2",
                () -> Forecast.of(request, new int[]{0, 0}, new double[][]{{1, 2}, {3}}));
        refused("2 rows of values for 1 channels: expected as many, at least 1, and a step or more",
                () -> Forecast.of(request, first, new double[2][1]));
    }

    @Test
    void quantilesAndMeansAreOfTheChannelsAndStepsOfTheForecast() {
        Forecast forecast = Forecast.of(request, new int[]{0}, new double[][]{{1, 2.5, 4}});
        refused("quantiles of 2 channels × 3 steps: the forecast has 1 × 3",
                () -> forecast.withQuantiles(new Quantiles(new double[]{0.5}, new double[1][2][3], 0)));
        refused("quantiles of 1 channels × 2 steps: the forecast has 1 × 3",
                () -> forecast.withQuantiles(new Quantiles(new double[]{0.5}, new double[1][1][2], 0)));
        refused("mean of 0 channels × 0 steps: the forecast has 1 × 3", () -> forecast.withMean(new double[0][], null));
        for (double[][][] samples : List.of(new double[1][5][2], new double[2][5][3])) {
            refused("samples: expected paths of 1 channels × 3 steps",
                    () -> forecast.withMean(new double[1][3], samples));
        }
        refused("crossValidation of 0 channels: the forecast has 1", () -> forecast.withCrossValidation(List.of()));
        refused("crossValidation[0] is null", () -> forecast.withCrossValidation(Collections.singletonList(null)));
        refused("weights of 2 channels: the forecast has 1", () -> forecast.withWeights(List.of(Map.of(), Map.of())));
        refused("weights[0] is null", () -> forecast.withWeights(Collections.singletonList(null)));
        refused("weights is null", () -> forecast.withWeights(null));
        assertEquals(List.of(), forecast.withWeights(List.of()).weights(), "a forecast of one model");
        RollingForecast past = new RollingForecast(9, new double[1][3], 9, null);
        assertNull(forecast.withCrossValidation(List.of(List.of(past))).crossValidation().get(0).get(0).quantiles());
    }

    @Test
    void aTimeNeedsAStartAndAFrequency() {
        String expected = "the time of step 3 needs a start and a frequency";
        for (ForecastRequest without : List.of(request, request.withStart(LocalDate.EPOCH),
                request.withFrequency(Duration.ofDays(1)))) {
            refused(expected, () -> without.timeOf(3));
        }
    }

    @Test
    void nothingIsRefusedInOneWording() {
        for (ModelForecaster each : List.of(forecaster, Forecaster.bundled().fast())) {
            refused("request is null", () -> each.modelFor(null));
            refused("request is null", () -> each.forecast((ForecastRequest) null));
            refused("requests is null", () -> each.forecastAll(null));
            refused("requests[0] is null",
                    () -> each.forecastAll(Arrays.asList((ForecastRequest) null)).get(0).orElseThrow());
            refused("history is null", () -> each.forecast((float[][]) null, new float[1][H]));
            refused("result is null", () -> each.forecast(walks(1, 1, L), null));
            refused("intervals is null", () -> each.withIntervals(null));
        }
        for (Forecaster each : List.of(Forecaster.bundled(), Forecaster.bundled().fast())) {
            refused("request is null", () -> each.horizon(null));
            refused("request is null", () -> each.modelFor(null));
            refused("request is null", () -> each.cost(null));
        }
        Forecast made = forecaster.forecast(request);
        refused("notes is null", () -> made.withNotes(null));
        refused("crossValidation is null", () -> made.withCrossValidation(null));
        refused("model is null", () -> ForecastMode.BALANCED.around(null));
        refused("forecaster is null", () -> PastForecasts.of(null, request));
        refused("series is null", () -> PastForecasts.of(forecaster, null));
        refused("series is null", () -> PastForecasts.withDrivers(forecaster, null, 1));
        refused("sources is null", () -> new ForecastJob<>(forecaster, null, of -> request, Execution.ALONE));
        refused("name is null", () -> Forecaster.bundled((String) null));
        refused("model is null", () -> Forecaster.of(null).fast());
        refused("model is null", () -> Forecaster.of(null, null).fast());
        refused("channels is null", () -> Forecaster.of(new TtmModel(small().build()), null).fast());
        assertEquals("folder is null",
                assertThrows(IllegalArgumentException.class, () -> Forecaster.load(null).fast()).getMessage());
    }

    @Test
    void oneModelSaysWhatItIs() {
        ModelChoice choice = forecaster.modelFor(request);
        assertEquals("64-16", choice.name());
        assertEquals(H, choice.config().outputLength());
        assertEquals(List.of(choice), forecaster.info().models());
    }
}
