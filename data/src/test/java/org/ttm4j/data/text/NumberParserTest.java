package org.ttm4j.data.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberParserTest {
    private static void assertReads(String cell) {
        NumberParser parser = NumberParser.of(Dialect.COMMA);
        assertTrue(parser.read(cell), cell);
        assertEquals(Double.parseDouble(cell), parser.value(), cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+1", ".5", "5.", "007", "1e3", "1E-3", "-1.5e+10", "5.827000141143799",
            "3.4028235e38", "123456789012345678", "1234567890123456789012345", "0.00000000000000000000123", "1e-400",
            "16777217"})
    void numbers(String cell) {
        assertReads(cell);
    }

    @Test
    void randomNumbersAreReadAsTheNearestDouble() {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            assertReads(Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4)));
            assertReads(Float.toString(Float.intBitsToFloat(random.nextInt() & 0x7f7fffff)));
        }
    }
}
