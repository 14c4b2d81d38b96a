package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.NoteCode;
import org.ttm4j.forecast.Total;

class EndOfDemandTest {
    private static final double NONE = Double.NaN;

    private static double[] history(int steps, IntToDoubleFunction of) {
        return IntStream.range(0, steps).mapToDouble(of::applyAsDouble).toArray();
    }

    private static double[] sold(int days, int thenZeros) {
        SplittableRandom random = new SplittableRandom(1);
        return history(days + thenZeros, t -> t < days ? 8 + random.nextInt(9) : 0);
    }

    @Test
    void anArticleThatIsNoLongerSoldSellsNoMore() {
        Forecast forecast = Forecaster.bundled()
                .forecast(ForecastRequest.of(new double[][]{sold(250, 50)})
                        .withFrequency(Duration.ofDays(1))
                        .withHorizon(28)
                        .withSamples(1000));
        Total total = Total.of(forecast, Total.Period.HORIZON).get(0);
        assertTrue(Arrays.stream(forecast.doubleValues()[0]).sum() < 3);
        assertEquals(0, total.quantile(0, 0.1));
        assertTrue(total.quantile(0, 0.9) < 40 && total.quantile(0, 0.99) > 0, "it may return");
        assertEquals(1, forecast.codedNotes().stream().filter(note -> note.code() == NoteCode.ZEROS_AT_END).count());
    }

    @Test
    void onlyTheLastValueAndTheZerosAfterItCount() {
        double[] history = sold(100, 13);
        history[105] = NONE;
        assertEquals(12, EndOfDemand.zeros(history));
        double[] only = EndOfDemand.only(history);
        assertTrue(Arrays.stream(only, 0, 99).allMatch(Double::isNaN));
        assertArrayEquals(Arrays.copyOfRange(history, 99, 113), Arrays.copyOfRange(only, 99, 113));
        assertArrayEquals(only, EndOfDemand.only(only));
    }

    @Test
    void zerosBeforeTheFirstSaleAreNoDemand() {
        double[] history = new double[200];
        for (int t = 140; t < history.length; t++) history[t] = 20 + t % 7;
        assertEquals(140, EndOfDemand.zerosBefore(history));
        double[] since = EndOfDemand.sinceItBegan(history);
        assertEquals(Double.NaN, since[139]);
        assertArrayEquals(Arrays.copyOfRange(history, 140, 200), Arrays.copyOfRange(since, 140, 200));
        double[] rain = new double[2000];
        rain[1999] = 5;
        assertEquals(0, EndOfDemand.zerosBefore(rain), "a single value");
        history[60] = 1;
        assertEquals(0, EndOfDemand.zerosBefore(history), "a sale in between");
        assertSame(history, EndOfDemand.sinceItBegan(history));
    }

    @Test
    void aRunOfZerosThatTheRestExplainsIsNoEnd() {
        assertNotEnded("an interruption", sold(600, 50));
        assertNotEnded("what may be below zero", history(100, t -> t < 50 ? t - 10 : 0));
        assertNotEnded("never any demand", new double[50]);
        assertNotEnded("nights", history(24 * 30 + 7, t -> t % 24 < 7 ? 0 : 5));
        assertNotEnded("the second summer of a school, longer than the first",
                history(760, t -> t % 7 > 4 || t % 365 > 318 ? 0 : 300));
        int ended = 0;
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double rate = 0.02 + 0.4 * random.nextDouble();
            if (EndOfDemand.zeros(history(365, t -> random.nextDouble() < rate ? 1 : 0)) > 0) ended++;
        }
        assertTrue(ended <= 5, ended + " of 1000 intermittent ones");
    }

    private static void assertNotEnded(String what, double[] history) {
        assertSame(history, EndOfDemand.only(history), what);
    }
}
