package org.ttm4j.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    void fourDigitsCount() {
        assertEquals("0.0000", Digits.of(0));
        assertEquals("0.0003412", Digits.of(0.00034123));
        assertEquals("0.9981", Digits.of(0.99812));
        assertEquals("-1.235", Digits.of(-1.2346));
        assertEquals("12.30", Digits.of(12.3));
        assertEquals("481.2", Digits.of(481.23));
        assertEquals("123456789", Digits.of(123_456_789));
        assertEquals("3.200 billion", Digits.of(3.2e9));
        assertEquals("-48.12 trillion", Digits.of(-48.123e12));
        assertEquals("3.2e+17", Digits.of(3.2e17));
        assertEquals("2.0e-30", Digits.of(2e-30));
        assertEquals("–", Digits.of(Double.NaN));
        assertEquals("–", Digits.of(Double.POSITIVE_INFINITY));
    }

    @Test
    void sharesAndLevels() {
        assertEquals("79.4 %", Digits.percent(0.7944));
        assertEquals("–", Digits.percent(Double.NaN));
        assertEquals("80 %", Digits.level(0.8));
        assertEquals("97.5 %", Digits.level(0.975));
        assertEquals("99.9 %", Digits.level(0.999));
    }
}
