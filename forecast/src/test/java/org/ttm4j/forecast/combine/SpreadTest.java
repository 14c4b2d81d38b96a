package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ttm4j.forecast.combine.CrossValidation.Origin;
import org.ttm4j.forecast.combine.CrossValidation.Window;

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

    /** The distance of a quantile from a forecast of 0 whose errors are 1, after so many steps of a backtest. */
    private static double distance(double level, int measured) {
        return distance(level, measured, 1);
    }

    private static double distance(double level, int measured, int season) {
        Window window = new Window(new Origin(100 - measured, measured), null, new double[0], 1, Optional.empty());
        CrossValidation past = new CrossValidation(measured == 0 ? List.of() : List.of(window), 0, 1, season,
                Double.NEGATIVE_INFINITY);
        return new Spread(new double[]{1}, Optional.empty(), past, 0).quantiles(new double[1], level).value(0, 0, 0);
    }

    @Test
    void theFewerStepsWereForecastTheHeavierAreTheTails() {
        double unit = 1 / (2 * Math.log(2));
        assertEquals(unit * Math.log(9), distance(0.9, 100_000), 1e-3);
        assertEquals(unit * Math.log(4), distance(0.8, 3), 1e-12);
        assertTrue(distance(0.9, 3) > 1.2 * distance(0.9, 300));
        assertTrue(distance(0.6, 3) < distance(0.6, 300));
        assertEquals(-distance(0.9, 3), distance(0.1, 3), 1e-12);
        assertEquals(unit * Math.log(9), distance(0.9, 3, 12), 1e-12);
        for (int measured : new int[]{0, 1, 12}) {
            for (int percent = 51; percent < 100; percent++) {
                double above = distance(percent / 100.0, measured) - distance((percent - 1) / 100.0, measured);
                assertTrue(above > 0.01, percent + " % after " + measured);
            }
        }
    }

    @Test
    void afterPerfectForecastsThePriorIsLeft() {
        double[] errors = after(8, h -> 0);
        assertTrue(errors[0] > 0 && errors[HORIZON - 1] > errors[0]);
    }
}
