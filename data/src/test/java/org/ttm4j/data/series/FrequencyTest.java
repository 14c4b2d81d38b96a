package org.ttm4j.data.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Period;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrequencyTest {
    @ParameterizedTest
    @CsvSource({"PT15M, 15 minutes", "pt1h, 1 hour", "P1D, 1 day", "P1W, 1 week", "PT24H, 1 day", "P1DT12H, 36 hours",
            "PT0.25S, 250 milliseconds", "P1M, 1 month", "P3M, 3 months", "P1Y, 1 year", "P1Y6M, 18 months"})
    void isReadFromIso8601(String text, String words) {
        Frequency frequency = Frequency.parse(text);
        assertEquals(words, frequency.toString());
        assertEquals(frequency, Frequency.parse(frequency.toTemporalAmount().orElseThrow().toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hourly", "1H", "PT0S", "P0D", "PT-1H", "-P1D", "P1M2D", "P1MT1H", "PT0.0001S",
            "P999999999Y", "P2147483647W", "PT1H\u001b[31m"})
    void whatIsNoFrequencyIsRefusedWithExamples(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Frequency.parse(text)).getMessage();
        assertTrue(message.contains("PT15M, PT1H, P1D, P1W, P1M or P1Y"), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }

    @Test
    void monthsAreAPeriodAndOtherFrequenciesADuration() {
        assertEquals(Optional.of(Period.ofMonths(3)), Frequency.ofMonths(3).toTemporalAmount());
        assertEquals(Optional.of(Duration.ofHours(1)), Frequency.ofMillis(3_600_000).toTemporalAmount());
        assertEquals(30, Frequency.ofMonths(1).nominalMillis() / 86_400_000);
    }
}
