package org.ttm4j.forecast.rolling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Period;
import org.junit.jupiter.api.Test;

class SeasonTest {
    @Test
    void seasonsFollowTheFrequency() {
        assertEquals(new Season(24, "day"), Season.of(Duration.ofHours(1), 512));
        assertEquals(new Season(144, "day"), Season.of(Duration.ofMinutes(10), 512));
        assertEquals(new Season(60, "hour"), Season.of(Duration.ofMinutes(1), 512));
        assertEquals(new Season(60, "minute"), Season.of(Duration.ofSeconds(1), 512));
        assertEquals(new Season(7, "week"), Season.of(Duration.ofDays(1), 512));
        assertEquals(new Season(7, "week"), Season.of(Period.ofDays(1), 512));
        assertEquals(new Season(52, "year"), Season.of(Period.ofWeeks(1), 512));
        assertEquals(new Season(12, "year"), Season.of(Period.ofMonths(1), 512));
        assertEquals(new Season(4, "year"), Season.of(Period.ofMonths(3), 512));
        assertEquals(new Season(1, "step"), Season.of(Period.ofYears(1), 512));
        assertEquals(new Season(1, "step"), Season.of(Period.ofYears(2), 512));
        assertEquals(new Season(1, "step"), Season.of(Duration.ofHours(1), 12));
    }

    @Test
    void aSeasonIsAWholeNumberOfSteps() {
        assertEquals(new Season(29, "day"), Season.of(Duration.ofMinutes(50), 512));
        assertEquals(new Season(26, "year"), Season.of(Period.ofWeeks(2), 512));
        assertEquals(new Season(1, "step"), Season.of(Duration.ofHours(7), 512));
        assertEquals(new Season(1, "step"), Season.of(Period.ofDays(2), 512));
        assertEquals(new Season(1, "step"), Season.of(Period.ofMonths(5), 512));
    }
}
