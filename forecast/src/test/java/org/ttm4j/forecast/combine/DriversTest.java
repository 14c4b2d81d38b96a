package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

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
        assertTrue(with.notes().stream().anyMatch(note -> note.contains("corrected by what is known of the future")),
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
        assertTrue(with.notes().stream().anyMatch(note -> note.contains("and is left out")), with.toString());
        assertArrayEquals(without(sales).doubleValues()[0], with.doubleValues()[0], 1e-9);
    }

    @Test
    void missingDriversInTheHistoryAreNoErrorAndInTheFutureOne() {
        double[][] sales = sales(20);
        for (int t = 0; t < STEPS; t += 50) sales[1][t] = Double.NaN;
        assertTrue(Double.isFinite(COMBINED.forecast(request(sales)).doubleValues()[0][0]));
        sales[1][STEPS + 3] = Double.NaN;
        refused("knownFuture[0][3] is NaN: expected a finite value", request(sales));
        refused("knownFuture[0] has 14 steps: expected at least the horizon, 15", request(sales(1)).withHorizon(15));
        refused("knownFuture has 2 rows where the history has 2 channels: expected fewer, for its last channels",
                request(sales(1)).withKnownFuture(new double[2][HORIZON]));
    }

    private static void refused(String message, ForecastRequest request) {
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> COMBINED.forecast(request)).getMessage());
    }
}
