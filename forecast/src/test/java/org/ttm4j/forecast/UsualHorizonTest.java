package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.config.Resolution;

class UsualHorizonTest {
    private static ForecastRequest request(int history, TemporalAmount frequency) {
        double[] values = new double[history];
        for (int t = 0; t < history; t++) values[t] = Math.sin(t);
        return ForecastRequest.of(new double[][]{values}).withFrequency(frequency);
    }

    @Test
    void isWhatPeopleLookAhead() {
        Forecaster forecaster = Forecaster.bundled();
        Object[][] expected = {{Period.ofMonths(1), 24}, {Period.ofMonths(3), 8}, {Period.ofYears(1), 5},
                {Period.ofWeeks(1), 13}, {Period.ofDays(1), 28}, {Duration.ofDays(7).dividedBy(5), 20},
                {Duration.ofHours(1), 168}, {Duration.ofMinutes(15), 96}, {Duration.ofMinutes(1), 1440},
                {Duration.ofSeconds(1), 1440}, {Duration.ofHours(6), 28}, {Duration.ofDays(14), 7},
                {Period.ofMonths(2), 12}, {Duration.ofDays(91).dividedBy(3), 24}};
        for (Object[] one : expected) {
            assertEquals(one[1], forecaster.horizon(request(4000, (TemporalAmount) one[0])), one[0].toString());
        }
        assertEquals(30, forecaster.horizon(request(60, Duration.ofHours(1))), "half of the history");
        assertEquals(1, forecaster.horizon(request(3, Duration.ofDays(1))));
        assertEquals(7, forecaster.horizon(request(3, Duration.ofDays(1)).withHorizon(7)));
    }

    /** Quarters of an hour from Monday to Friday, 9 to 17: the mean step is 63 minutes. */
    @Test
    void stepsOfAShopCountAsThoseOfADayDo() {
        ForecastRequest request = request(4000, Duration.ofDays(7).dividedBy(160))
                .withOpenTimes(Optional.of(Duration.ofMinutes(15)), 32);
        assertEquals(96, Forecaster.bundled().horizon(request));
        assertEquals(Resolution.FIFTEEN_MINUTES, Resolution.of(request.stepLength()));
    }

    @Test
    void isNoFurtherThanTheKnownFuture() {
        double[] values = request(400, Duration.ofDays(1)).history()[0];
        ForecastRequest request = ForecastRequest.of(new double[][]{values, values}).withFrequency(Duration.ofDays(1));
        Forecaster forecaster = Forecaster.bundled();
        assertEquals(14, forecaster.forecast(request.withKnownFuture(new double[1][14])).horizon());
        assertEquals(28, forecaster.horizon(request.withKnownFuture(new double[1][60])));
        assertEquals(20, forecaster.horizon(request.withKnownFuture(new double[1][14]).withHorizon(20)));
    }

    @Test
    void namedModelsAndUnknownFrequenciesKeepTheModels() {
        Duration hour = Duration.ofHours(1);
        assertEquals(96, Forecaster.bundled().fast().horizon(request(4000, hour)));
        assertEquals(24, Forecaster.bundled("96-24").horizon(request(4000, hour)));
        ForecastRequest unknown = ForecastRequest.of(request(4000, hour).history());
        assertEquals(96, Forecaster.bundled().horizon(unknown));
    }

    /** What is forecast is as long as is said, and what it would be with this horizon asked for. */
    @Test
    void theForecastIsThatOfTheHorizonNamed() {
        ForecastRequest request = request(60, Duration.ofHours(1));
        Forecast forecast = Forecaster.bundled().forecast(request);
        assertEquals(30, forecast.horizon());
        assertArrayEquals(Forecaster.bundled().forecast(request.withHorizon(30)).doubleValues(),
                forecast.doubleValues());
        assertEquals(forecast.models().get(0).name(), Forecaster.bundled().modelFor(request).name());
    }
}
