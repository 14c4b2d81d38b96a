package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.OptionalDouble;
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
        return new Combination(history, 12, Seasons.of(history, frequency), 3, 6, OptionalDouble.empty(), false)
                .modelRuns()
                .size();
    }
}
