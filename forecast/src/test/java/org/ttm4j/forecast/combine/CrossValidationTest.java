package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.rolling.RollingForecast;

class CrossValidationTest {
    private static final int STEPS = 400;
    private static final int HORIZON = 14;
    private static final Forecaster COMBINED = Forecaster.bundled();

    /** Weekly counts from 0 to about 8. */
    private static double[] counts() {
        SplittableRandom random = new SplittableRandom(5);
        double[] counts = new double[STEPS];
        for (int t = 0; t < STEPS; t++) {
            counts[t] = Math.max(0, Math.rint(2 + 2 * Math.sin(2 * Math.PI * t / 7) + random.nextGaussian()));
        }
        return counts;
    }

    private static ForecastRequest request(double[] history) {
        return ForecastRequest.of(new double[][]{history})
                .withHorizon(HORIZON)
                .withFrequency(Duration.ofDays(1))
                .withQuantiles(0.1, 0.9);
    }

    @Test
    void itHoldsTheForecastsOfSixEarlierOriginsWhichDoNotKnowWhatCame() {
        double[] history = counts();
        assertEquals(List.of(), COMBINED.forecast(request(history)).crossValidation());
        List<RollingForecast> past = of(history);
        assertEquals(6, past.size());
        int inside = 0;
        for (int w = 0; w < 6; w++) {
            RollingForecast one = past.get(w);
            assertEquals(STEPS - (w + 1) * HORIZON, one.origin());
            for (int h = 0; h < HORIZON; h++) {
                double truth = history[one.origin() + h];
                if (one.quantiles().value(0, 0, h) <= truth && truth <= one.quantiles().value(1, 0, h)) inside++;
                assertEquals(truth, one.values()[0][h], 5);
            }
        }
        assertEquals(0.8, inside / (6.0 * HORIZON), 0.12);
        double[] other = history.clone();
        for (int t = STEPS - HORIZON; t < STEPS; t++) other[t] += t % 2;
        assertArrayEquals(past.get(0).values()[0], of(other).get(0).values()[0], 1e-5f);
    }

    private static List<RollingForecast> of(double[] history) {
        return COMBINED.forecast(request(history).withCrossValidation()).crossValidation().get(0);
    }

    @Test
    void countsAreWholeAndWithinTheirInterval() {
        Forecast forecast = COMBINED.forecast(request(counts()).asCounts().withCrossValidation());
        for (int h = 0; h < HORIZON; h++) {
            float value = forecast.values()[0][h];
            assertEquals(Math.rint(value), value);
            assertEquals(value, forecast.doubleValues()[0][h]);
            float low = forecast.quantile(0.1)[0][h];
            float high = forecast.quantile(0.9)[0][h];
            assertEquals(Math.rint(low), low);
            assertTrue(0 <= low && low <= value && value <= high, low + " " + value + " " + high);
            assertEquals(0, Float.floatToIntBits(low) & Integer.MIN_VALUE, "no −0");
        }
        float[] past = forecast.crossValidation().get(0).get(0).values()[0];
        assertEquals(Math.rint(past[0]), past[0]);
    }

    @Test
    void aLeastValueHoldsForEveryForecastAndReplacesThatOfTheHistory() {
        double[] falling = new double[60];
        for (int t = 0; t < 60; t++) falling[t] = 59 - t + (t % 7);
        Forecast usual = COMBINED.forecast(request(falling));
        Forecast free = COMBINED.forecast(request(falling).withLower(-1000));
        Forecast bounded = COMBINED.forecast(request(falling).withLower(2.5).asCounts());
        Forecast alone = Forecaster.bundled().fast().forecast(request(falling).withLower(2.5));
        for (int h = 0; h < HORIZON; h++) {
            assertTrue(usual.quantile(0.1)[0][h] >= 0);
            assertTrue(bounded.quantile(0.1)[0][h] >= 3, "the least whole number from 2.5 on");
            assertTrue(bounded.values()[0][h] >= 3);
            assertTrue(alone.values()[0][h] >= 2.5);
        }
        assertTrue(free.quantile(0.1)[0][HORIZON - 1] < 0);
        String problem = assertThrows(IllegalArgumentException.class, () -> request(falling).withLower(Double.NaN))
                .getMessage();
        assertEquals("lower NaN: expected a finite float", problem);
    }
}
