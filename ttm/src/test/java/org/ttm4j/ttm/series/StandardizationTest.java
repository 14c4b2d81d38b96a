package org.ttm4j.ttm.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StandardizationTest {
    private static final double[][] VALUES = {{1, 3, Double.NaN, 5, 100}, {7, 7, 7, 7, 9},
            {Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1}};

    @Test
    void statisticsOfTheRowsWithoutMissingValues() {
        Standardization standardization = Standardization.fit(VALUES, new Rows(0, 4));
        assertEquals(3, standardization.means()[0]);
        assertEquals(Math.sqrt(8 / 3.0), standardization.deviations()[0], 1e-15);
        assertEquals(7, standardization.means()[1]);
        assertEquals(1, standardization.deviations()[1], "a constant channel");
        assertEquals(0, standardization.means()[2], "an empty channel");
        assertEquals(1, standardization.deviations()[2]);
    }

    @Test
    void constantChannelsBecomeZero() {
        Standardization standardization = Standardization.fit(VALUES, new Rows(0, 4));
        float[][] scaled = standardization.apply(VALUES);
        assertArrayEquals(new float[]{0, 0, 0, 0, 2}, scaled[1]);
        assertEquals(9, standardization.invert(1, standardization.apply(1, 9.0)));
        assertThrows(IllegalArgumentException.class, () -> standardization.apply(new double[2][3]));
    }

    @Test
    void aConstantThatIsNoBinaryFractionHasNoDeviation() {
        double[][] values = {new double[10]};
        Arrays.fill(values[0], 0.1); // its sum is not 1
        Standardization standardization = Standardization.fit(values, new Rows(0, 10));
        assertEquals(0.1, standardization.means()[0]);
        assertEquals(1, standardization.deviations()[0]);
    }

    @Test
    void largeOffsetsKeepTheirPrecision() {
        double[][] values = {new double[100_000]};
        for (int t = 0; t < values[0].length; t++) {
            values[0][t] = 1e6 + t % 2;
        }
        Standardization standardization = Standardization.fit(values, new Rows(0, 100_000));
        assertEquals(1e6 + 0.5, standardization.means()[0], 1e-9);
        assertEquals(0.5, standardization.deviations()[0], 1e-9);
    }
}
