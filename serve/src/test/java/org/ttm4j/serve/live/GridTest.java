package org.ttm4j.serve.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which times a series has. */
class GridTest {
    private static void steps(Temporal anchor, TemporalAmount frequency) {
        Grid grid = new Grid(anchor, frequency);
        for (long step = -3000; step <= 3000; step++) {
            assertEquals(OptionalLong.of(step), grid.stepOf(grid.timeOf(step)), anchor + " " + frequency + " " + step);
        }
    }

    @Test
    void everyStepHasATimeAndEveryTimeOfTheGridItsStep() {
        steps(OffsetDateTime.parse("2024-01-01T00:00:00Z"), Duration.ofMinutes(15));
        steps(LocalDateTime.parse("2024-01-01T00:30"), Duration.ofHours(1));
        steps(LocalDateTime.parse("2024-01-01T00:30:00.250"), Duration.ofMillis(250));
        steps(LocalDate.parse("2024-02-29"), Duration.ofDays(7));
        steps(LocalDate.parse("2024-01-31"), Period.ofMonths(1));
        steps(LocalDateTime.parse("2023-08-31T12:00"), Period.ofMonths(3));
        steps(YearMonth.parse("2024-02"), Period.ofMonths(12));
    }

    @Test
    void anotherTimeHasNone() {
        Grid hours = new Grid(OffsetDateTime.parse("2024-01-01T00:00:00Z"), Duration.ofHours(1));
        assertEquals(OptionalLong.of(2), hours.stepOf(OffsetDateTime.parse("2024-01-01T04:00:00+02:00")));
        assertTrue(hours.stepOf(OffsetDateTime.parse("2024-01-01T00:00:01Z")).isEmpty());
        assertTrue(hours.stepOf(OffsetDateTime.parse("2024-01-01T01:00:00.000000001Z")).isEmpty());
        assertTrue(hours.stepOf(LocalDateTime.parse("2024-01-01T01:00:00")).isEmpty());
        assertTrue(hours.stepOf(OffsetDateTime.MAX).isEmpty());
        Grid ends = new Grid(LocalDate.parse("2024-01-31"), Period.ofMonths(1));
        assertTrue(ends.stepOf(LocalDate.parse("2024-03-30")).isEmpty());
        assertEquals(OptionalLong.of(1), ends.stepOf(LocalDate.parse("2024-02-29")));
    }

    @Test
    void aFrequencyMustMoveTheAnchor() {
        assertThrows(IllegalArgumentException.class, () -> new Grid(LocalDate.EPOCH, Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> new Grid(YearMonth.of(2024, 1), Duration.ofDays(1)));
    }
}
