package org.ttm4j.ttm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.ttm.ForecasterTest.refused;
import static org.ttm4j.ttm.ForecasterTest.small;
import static org.ttm4j.ttm.ForecasterTest.walks;

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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.ConformalOptions;
import org.ttm4j.ttm.model.TtmModel;

/** What a request refuses, and what a forecast makes of it. */
class ForecastRequestTest {
    private static final int L = ForecasterTest.L;
    private static final int H = ForecasterTest.H;

    private final Forecaster forecaster = Forecaster.of(new TtmModel(small().build()).initialize(1));
    private final ForecastRequest request = ForecastRequest.of(walks(1, 1, L));

    @Test
    void impossibleArgumentsAreNamed() {
        refused("history is null", () -> ForecastRequest.of((double[][]) null));
        refused("history[0] is null", () -> ForecastRequest.of(new float[1][]));
        refused("the history has no channel", () -> ForecastRequest.of(new float[0][]));
        refused("frequency is null", () -> request.withFrequency(null));
        refused("frequency PT0S: expected a positive time", () -> request.withFrequency(Duration.ZERO));
        refused("frequency PT-1H: expected a positive time", () -> request.withFrequency(Duration.ofHours(-1)));
        refused("frequency P0D: expected a positive time", () -> request.withFrequency(Period.ZERO));
        refused("frequency P1M-1D: expected a positive time", () -> request.withFrequency(Period.of(0, 1, -1)));
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
        assertTrue(message.startsWith("start 1970-01-01T00:00:00Z, a Instant, cannot be moved by the frequency P1M: "),
                message);
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
    void quantilesAreThoseOfTheLevelsThatAreWanted() {
        ConformalIntervals intervals = new ConformalIntervals(ConformalIntervals.deciles(), 1, H,
                ConformalOptions.defaults());
        Random random = new Random(3);
        for (int i = 0; i < 20; i++) {
            float[][] truth = new float[1][H];
            for (int h = 0; h < H; h++) truth[0][h] = random.nextFloat();
            intervals.update(new float[1][H], truth, new float[]{1});
        }
        Forecaster calibrated = forecaster.withIntervals(intervals);
        Forecast all = calibrated.forecast(request);
        Forecast two = calibrated.forecast(request.withQuantiles(0.1, 0.9));
        assertArrayEquals(new double[]{0.1, 0.9}, two.quantiles().orElseThrow().levels());
        assertArrayEquals(all.quantile(0.9), two.quantile(0.9));
        refused("no quantile of level 0.5: this forecast has levels [0.1, 0.9]", () -> two.quantile(0.5));
        refused("quantiles: level 0.25 is none of the intervals' levels, "
                + "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]",
                () -> calibrated.forecast(request.withQuantiles(0.25)));
        Forecast none = forecaster.forecast(request.withQuantiles(0.1));
        assertEquals(List.of("no quantiles: this forecaster has no intervals"), none.notes());
        refused("no quantile of level 0.1: this forecast has no quantiles", () -> none.quantile(0.1));
        assertEquals(List.of("no quantiles: the intervals are for 1 channels, these are 2"),
                calibrated.forecast(ForecastRequest.of(walks(1, 2, L)).withQuantiles(0.1)).notes());
    }

    @Test
    void aForecastReads() {
        Forecast forecast = Forecast.of(request, new int[]{0}, new double[][]{{1, 2.5, 4}}).withNote("made by hand");
        assertEquals("forecast of 1 channels × 3 steps\n  channel 0: 1.0 … 4.0\n  made by hand", forecast.toString());
    }

    @Test
    void oneModelSaysWhatItIs() {
        ModelChoice choice = forecaster.modelFor(request);
        assertEquals("64-16", choice.name());
        assertEquals(H, choice.config().outputLength());
        assertEquals(List.of(choice), forecaster.models());
    }
}
