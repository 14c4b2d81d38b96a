package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentsTest {
    private static final Forecaster COMBINED = Forecaster.bundled();
    private static final int DAYS = 400;

    /** Of days with a week, a trend, and in the second row a driver that adds 20, of which the last may be of the future. */
    private static double[][] days(int seed, int length, double trend) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] days = new double[2][length];
        for (int t = 0; t < length; t++) {
            days[1][t] = random.nextInt(4) == 0 ? 1 : 0;
            days[0][t] = 100 + trend * t + 15 * Math.sin(2 * Math.PI * t / 7) + 20 * days[1][t]
                    + 2 * random.nextGaussian();
        }
        return days;
    }

    private static void assertAddsUp(Forecast forecast) {
        assertEquals(forecast.channels().length, forecast.components().size());
        for (int c = 0; c < forecast.channels().length; c++) {
            double[] values = forecast.doubleValues()[c];
            double scale = Arrays.stream(values).map(Math::abs).max().orElseThrow();
            double[] sum = new double[values.length];
            for (double[] part : forecast.components().get(c).values()) {
                assertEquals(values.length, part.length);
                for (int h = 0; h < sum.length; h++) sum[h] += part[h];
            }
            for (int h = 0; h < sum.length; h++) assertEquals(values[h], sum[h], 1e-6 * scale, "step " + h);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 14, 60})
    void contributionsAddUpToTheForecast(int horizon) {
        for (int length : new int[]{3, 20, 150, DAYS}) {
            double[][] days = days(length, length, 0.1);
            if (length > 100) for (int t = 1; t < 5; t++) days[0][length - t] = Double.NaN;
            ForecastRequest request = ForecastRequest.of(days).withHorizon(horizon).withFrequency(Duration.ofDays(1));
            Forecast forecast = COMBINED.forecast(request.withComponents());
            assertAddsUp(forecast);
            assertEquals(COMBINED.forecast(request), forecast, "the forecast is the same");
            assertEquals(List.of(), COMBINED.forecast(request).components());
            assertAddsUp(COMBINED.forecast(request.withComponents().asCounts()));
        }
    }

    /** A month of business days is a season, and its salary an event: both are of the month, and nothing is limited. */
    @Test
    void theMonthOfBusinessDaysIsASeasonAndAnEvent() {
        SplittableRandom random = new SplittableRandom(4);
        LocalDate start = LocalDate.of(2023, 1, 2);
        double[] history = Stream.iterate(start, day -> day.plusDays(1))
                .filter(day -> day.getDayOfWeek().getValue() < 6)
                .limit(700)
                .mapToDouble(day -> 100 + (day.getDayOfMonth() == 15 ? 90 : 0) + random.nextGaussian())
                .toArray();
        for (int t = 0; t < history.length; t++) history[t] += 5 * Math.sin(2 * Math.PI * t / 22);
        Forecast forecast = COMBINED.forecast(ForecastRequest.of(new double[][]{history})
                .withHorizon(22)
                .withFrequency(Duration.ofDays(7).dividedBy(5))
                .withStart(start)
                .withComponents());
        assertAddsUp(forecast);
        Map<String, double[]> parts = forecast.components().get(0);
        assertFalse(parts.containsKey("limits"), parts.keySet().toString());
        for (int h = 0; h < 22; h++) {
            boolean isSalary = ((LocalDate) forecast.times().orElseThrow().get(h)).getDayOfMonth() == 15;
            assertEquals(5 * Math.sin(2 * Math.PI * (700 + h) / 22) + (isSalary ? 90 : 0), parts.get("season.month")[h],
                    4, "step " + h);
        }
    }

    @Test
    void theyAreThoseOfTrendSeasonAndDriver() {
        int horizon = 28;
        double[][] days = days(3, DAYS + horizon, 0.2);
        double[][] history = {Arrays.copyOf(days[0], DAYS), Arrays.copyOf(days[1], DAYS)};
        Forecast forecast = COMBINED.forecast(ForecastRequest.of(history)
                .withHorizon(horizon)
                .withFrequency(Duration.ofDays(1))
                .withKnownFuture(new double[][]{Arrays.copyOfRange(days[1], DAYS, DAYS + horizon)})
                .withComponents());
        assertAddsUp(forecast);
        Map<String, double[]> parts = forecast.components().get(0);
        assertEquals(100 + 0.2 * DAYS, parts.get("level")[0], 10);
        assertEquals(0.2 * horizon, parts.get("trend")[horizon - 1], 3);
        for (int h = 0; h < horizon; h++) {
            assertEquals(15 * Math.sin(2 * Math.PI * (DAYS + h) / 7), parts.get("season.week")[h], 3);
            assertEquals(20 * days[1][DAYS + h], parts.get("driver.1")[h], 2);
        }
        assertTrue(parts.keySet().stream().filter(name -> name.startsWith("member.")).count() > 2,
                parts.keySet().toString());
    }
}
