package org.ttm4j.ttm.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BaselinesTest {
    private static final float NAN = Float.NaN;

    /** Two whole periods of three and one step before them: 9 | 1 2 3 | 5 8 NaN. */
    private static final float[] SERIES = {-1, 9, 1, 2, 3, 5, 8, NAN, -1};

    @Test
    void lastPeriodIsRepeated() {
        float[] forecast = new float[7];
        Baselines.lastPeriod(forecast, SERIES, 1, 8, 3);
        assertArrayEquals(new float[]{5, 8, NAN, 5, 8, NAN, 5}, forecast);
    }

    @Test
    void meanOfTheWholePeriodsOfTheContext() {
        float[] forecast = new float[4];
        Baselines.meanPeriod(forecast, SERIES, 1, 8, 3);
        assertArrayEquals(new float[]{3, 5, 3, 3}, forecast);
    }

    @Test
    void periodOfOneStep() {
        float[] forecast = new float[2];
        Baselines.lastPeriod(forecast, SERIES, 0, 5, 1);
        assertArrayEquals(new float[]{3, 3}, forecast);
        Baselines.meanPeriod(forecast, SERIES, 2, 5, 1);
        assertArrayEquals(new float[]{2, 2}, forecast);
    }

    @Test
    void contextShorterThanThePeriod() {
        float[] forecast = new float[2];
        assertThrows(IllegalArgumentException.class, () -> Baselines.meanPeriod(forecast, SERIES, 1, 3, 3));
        assertThrows(IllegalArgumentException.class, () -> Baselines.lastPeriod(forecast, SERIES, 1, 3, 0));
    }
}
