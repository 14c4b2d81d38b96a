package org.ttm4j.forecast.interval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuantilesTest {
    @Test
    void theyAreMadeOfFloatsToo() {
        double[] levels = {0.5};
        assertEquals(new Quantiles(levels, new double[][][]{{{1.5, -2}}}, 3),
                new Quantiles(levels, new double[][][]{{{1.5, -2}}}, 3));
    }
}
