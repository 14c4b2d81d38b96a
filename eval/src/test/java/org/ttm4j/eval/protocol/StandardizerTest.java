package org.ttm4j.eval.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.ttm4j.ttm.rolling.Rows;

class StandardizerTest {
    private static final float[][] VALUES = {{1, 3, Float.NaN, 5, 100}, {7, 7, 7, 7, 9},
            {Float.NaN, Float.NaN, Float.NaN, Float.NaN, 1}};

    @Test
    void statisticsOfTheRowsWithoutMissingValues() {
        Standardizer standardizer = Standardizer.fit(VALUES, new Rows(0, 4));
        assertEquals(3, standardizer.mean(0));
        assertEquals(Math.sqrt(8 / 3.0), standardizer.std(0), 1e-15);
        assertEquals(7, standardizer.mean(1));
        assertEquals(1, standardizer.std(1), "a constant channel");
        assertEquals(0, standardizer.mean(2), "an empty channel");
        assertEquals(1, standardizer.std(2));
    }

    @Test
    void constantChannelsBecomeZero() {
        Standardizer standardizer = Standardizer.fit(VALUES, new Rows(0, 4));
        float[][] scaled = standardizer.scale(VALUES);
        assertArrayEquals(new float[]{0, 0, 0, 0, 2}, scaled[1]);
        assertThrows(IllegalArgumentException.class, () -> standardizer.scale(new float[2][3]));
    }

    @Test
    void largeOffsetsKeepTheirPrecision() {
        float[][] values = {new float[100_000]};
        for (int t = 0; t < values[0].length; t++) {
            values[0][t] = 1e6f + t % 2;
        }
        Standardizer standardizer = Standardizer.fit(values, new Rows(0, 100_000));
        assertEquals(1e6 + 0.5, standardizer.mean(0), 1e-9);
        assertEquals(0.5, standardizer.std(0), 1e-9);
    }
}
