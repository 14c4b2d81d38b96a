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
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
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

    /** The times say whether the first is the end of a month or a day that all months have. */
    @Test
    void endsOfMonthsLeadToEndsOfMonths() {
        assertEquals("2024-01-31", anchor("P1M", "2024-02-29", "2024-03-31"));
        assertEquals("2024-02-29", anchor("P1M", "2024-02-29", "2024-03-29"));
        assertEquals("2024-01-31", anchor("P1M", "2024-02-29"));
        assertEquals("2024-03-31", anchor("P1M", "2024-03-31", "2024-02-29"));
        assertEquals("2023-08-31", anchor("P3M", "2023-11-30"));
        assertEquals("2020-02-29", anchor("P1Y", "2023-02-28"));
        assertEquals("2024-04-30", anchor("P1Y", "2024-04-30", "2025-04-30"));
        assertEquals("2024-02-29", anchor("P50000M", "2024-02-29"), "years before 0 are not written");
        assertEquals(LocalDate.MIN.plusDays(30).toString(), anchor("P1M", LocalDate.MIN.plusDays(30).toString()));
        List<Temporal> mixed = List.of(LocalDate.of(2024, 2, 29), YearMonth.of(2024, 3));
        assertEquals(mixed.get(0), Grid.anchor(mixed, Period.ofMonths(1)), "the second is refused later");
        assertEquals(mixed.get(1), Grid.anchor(mixed.subList(1, 2), Period.ofMonths(1)));
        assertEquals(LocalDate.of(2024, 2, 29), Grid.anchor(List.of(LocalDate.of(2024, 2, 29)), Duration.ofDays(1)));
    }

    private static String anchor(String frequency, String... times) {
        return Grid.anchor(Stream.of(times).<Temporal>map(LocalDate::parse).toList(), Period.parse(frequency))
                .toString();
    }

    @Test
    void aFrequencyMustMoveTheAnchor() {
        assertThrows(IllegalArgumentException.class, () -> new Grid(LocalDate.EPOCH, Duration.ofHours(1)));
        assertThrows(IllegalArgumentException.class, () -> new Grid(YearMonth.of(2024, 1), Duration.ofDays(1)));
    }
}
