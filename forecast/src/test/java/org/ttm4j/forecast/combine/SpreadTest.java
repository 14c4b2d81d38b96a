package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final int HORIZON = 48;

    /** The expected errors after origins whose errors were of this size, of either sign. */
    private static double[] after(int origins, IntToDoubleFunction size) {
        List<double[]> residuals = IntStream.range(0, origins)
                .mapToObj(origin -> IntStream.range(0, HORIZON)
                        .mapToDouble(h -> (origin % 2 == 0 ? 1 : -1) * size.applyAsDouble(h))
                        .toArray())
                .toList();
        return Spread.absoluteErrors(residuals, 1, 7, HORIZON);
    }

    /** A meter that runs on: what is not known of the rate adds up, day by day. */
    @Test
    void errorsThatAddUpAreSmallAtFirst() {
        double[] errors = after(8, h -> 1 + h);
        assertTrue(errors[0] < 3, "" + errors[0]);
        assertEquals(HORIZON, errors[HORIZON - 1], HORIZON / 5.0);
    }

    @Test
    void errorsThatDoNotGrowStayAsTheyAre() {
        double[] errors = after(8, h -> 1);
        assertEquals(1, errors[0], 0.25);
        assertEquals(1, errors[HORIZON - 1], 0.25);
    }

    @Test
    void withoutErrorsTheGrowthIsThePriors() {
        double[] errors = after(0, h -> 0);
        assertEquals(Math.pow(HORIZON, 0.3), errors[HORIZON - 1] / errors[0], 1e-9);
        assertArrayEquals(errors, Spread.absoluteErrors(List.of(new double[]{Double.NaN}), 1, 7, HORIZON));
    }

    @Test
    void originsMayHaveMoreStepsThanAreAskedFor() {
        double[] errors = Spread.absoluteErrors(List.of(new double[]{1, Double.NaN, 2, 3}), 1, 1, 2);
        assertEquals(2, errors.length);
        assertTrue(errors[0] > 0 && errors[1] > errors[0]);
    }

    @Test
    void afterPerfectForecastsThePriorIsLeft() {
        double[] errors = after(8, h -> 0);
        assertTrue(errors[0] > 0 && errors[HORIZON - 1] > errors[0]);
    }
}
