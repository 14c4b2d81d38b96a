package org.ttm4j.forecast.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final double NOTHING = Double.NaN;

    /** A window whose first ten steps have one error, its last ten another. */
    private static double[] window(double near, double far) {
        double[] errors = new double[20];
        Arrays.fill(errors, 0, 10, near);
        Arrays.fill(errors, 10, 20, far);
        return errors;
    }

    @Test
    void everyStepTrustsWhatIsRightAroundIt() {
        double[][][] errors = {{window(1, 2), window(1, 2)}, {window(2, 1), window(2, 1)}};
        double[][] weights = Weights.of(errors, -1, new double[2], 20, 1000, OptionalDouble.empty());
        assertTrue(weights[0][0] > 0.8 && weights[19][1] > 0.8, () -> Arrays.deepToString(weights));
        for (double[] step : weights) assertEquals(1, step[0] + step[1], 1e-12);
    }

    @Test
    void theUnitOfTheErrorsDoesNotCount() {
        double[][][] errors = {{window(1, 2)}, {window(3, 1)}};
        double[][][] small = {{window(1e-30, 2e-30)}, {window(3e-30, 1e-30)}};
        for (OptionalDouble windows : new OptionalDouble[]{OptionalDouble.empty(), OptionalDouble.of(6)}) {
            double[] expected = Weights.of(errors, -1, new double[2], 20, 1000, windows)[0];
            assertArrayEquals(expected, Weights.of(small, -1, new double[2], 20, 1000, windows)[0], 1e-9);
        }
    }

    @Test
    void aWindowThatIsLeftOutDoesNotCount() {
        double[][][] errors = {{window(1, 1), window(9, 9)}, {window(1, 1), window(1, 1)}};
        assertArrayEquals(new double[]{0.5, 0.5},
                Weights.of(errors, 1, new double[2], 20, 1000, OptionalDouble.empty())[5], 1e-12);
    }

    @Test
    void whatCouldNotBeMeasuredIsTakenForTheWorst() {
        double[][][] errors = {{window(1, 1)}, {window(NOTHING, NOTHING)}, {window(3, 3)}};
        double[] step = Weights.of(errors, -1, new double[3], 20, 1000, OptionalDouble.empty())[0];
        assertEquals(step[2], step[1], 1e-9);
        assertTrue(step[0] > 0.9, () -> Arrays.toString(step));
    }

    /** The weight of the better of two members in a series without a season. */
    private static double ofBetter(double error, double windows) {
        double[][][] errors = {{window(1, 1), window(1, 1)}, {window(error, error), window(error, error)}};
        return Weights.of(errors, -1, new double[2], 20, 40, OptionalDouble.of(windows))[0][0];
    }

    @Test
    void fewWindowsWithoutASeasonTellOnlyWhatDiffersMuch() {
        assertEquals(0.5, ofBetter(1.1, 2), 0.01);
        assertTrue(ofBetter(5, 2) > 0.99);
        assertTrue(ofBetter(1.5, 6) > ofBetter(1.5, 2) + 0.05);
    }

    @Test
    void withoutAnErrorThatIsKnownMembersAreTrustedAsBefore() {
        double[][][] errors = {{window(NOTHING, NOTHING)}, {window(NOTHING, NOTHING)}};
        assertArrayEquals(new double[]{0.5, 0.5},
                Weights.of(errors, -1, new double[2], 20, 40, OptionalDouble.of(2))[3], 1e-12);
    }
}
