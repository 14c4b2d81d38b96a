package org.ttm4j.data.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HolidaysTest {
    private static final TimeFormat DATES = new TimeFormat("uuuu-MM-dd", ZoneOffset.UTC);

    private static TimeAxis axis(String start, String frequency) {
        Frequency parsed = Frequency.parse(frequency);
        return new TimeAxis(millis(start), parsed, parsed.isCalendar() ? 1 : 0, DATES);
    }

    private static long millis(String start) {
        return LocalDateTime.parse(start + "T00:00").toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    @Test
    void ofARegionAreThoseOfTheCountryAndItsOwn() {
        double[] days = Holidays.of("de-by").on(axis("2024-01-01", "P1D"), 0, 366);
        List<LocalDate> dates = IntStream.range(0, 366)
                .filter(day -> days[day] == 1)
                .mapToObj(day -> LocalDate.of(2024, 1, 1).plusDays(day))
                .toList();
        List<LocalDate> expected = List
                .of("01-01", "01-06", "03-29", "04-01", "05-01", "05-09", "05-20", "05-30", "10-03", "11-01", "12-25",
                        "12-26")
                .stream()
                .map(day -> LocalDate.parse("2024-" + day))
                .toList();
        assertEquals(expected, dates);
        assertEquals(9, sum(Holidays.of("DE").on(axis("2024-01-01", "P1D"), 0, 366)));
        assertEquals("holidays DE-BY", Holidays.of("de-by").name());
    }

    @Test
    void stepsOfLessThanADayAreOfTheirLocalDateAndLongerOnesCount() {
        double[] hours = Holidays.of("DE").on(axis("2024-12-24", "PT1H"), 0, 96);
        for (int hour = 0; hour < 96; hour++) assertEquals(hour >= 24 && hour < 72 ? 1 : 0, hours[hour]);
        assertArrayEquals(new double[]{1, 0, 1, 1, 3, 0, 0, 0, 0, 1, 0, 2, 1},
                Holidays.of("DE").on(axis("2024-01-01", "P1M"), 0, 13));
        assertArrayEquals(new double[]{0, 0, 0, 2, 1}, Holidays.of("DE").on(axis("2024-12-02", "P1W"), 0, 5));
        TimeAxis retail = new TimeAxis(millis("2024-01-01"), new Frequency(Frequency.Kind.WEEKS_OF_QUARTERS, 445), 0,
                DATES);
        assertArrayEquals(new double[]{1, 0, 1, 1, 3, 0}, Holidays.of("DE").on(retail, 0, 6), "4, 4 and 5 weeks");
        double[] business = Holidays.of("DE").on(axis("2024-12-23", "B"), 0, 5);
        assertArrayEquals(new double[]{0, 0, 1, 1, 0}, business);
        TimeFormat berlin = new TimeFormat("uuuu-MM-dd HH:mm", ZoneId.of("Europe/Berlin"));
        TimeAxis utc = new TimeAxis(millis("2024-12-24"), Frequency.parse("PT1H"), 0, berlin);
        assertEquals(1, Holidays.of("DE").on(utc, 0, 24)[23], "midnight in Berlin");
    }

    @Test
    void anObservedNewYearsDayCanLieInTheYearBefore() {
        assertEquals(1, Holidays.of("US").on(axis("2021-12-31", "P1D"), 0, 1)[0]);
    }

    @Test
    void whatHasNoCalendarIsNamed() {
        assertEquals("expected a country such as DE or a region such as DE-BY, found 'XX'", message("XX"));
        assertTrue(message("DE-XX").startsWith("expected a region of DE, one of bb, be, bw, by, "), message("DE-XX"));
        assertEquals("expected no region of JP; found 'jp-1'", message("jp-1"));
        assertTrue(Holidays.named("holidays DE-BY").isPresent());
        assertTrue(Holidays.named("holidays in Spain").isEmpty() && Holidays.named("load").isEmpty());
        TimeAxis numbers = new TimeAxis(0, Frequency.ofNumbers(1), 0,
                new TimeFormat(TimeFormat.NUMBERS, ZoneOffset.UTC));
        assertThrows(IllegalArgumentException.class, () -> Holidays.of("DE").on(numbers, 0, 3));
    }

    @Test
    void stepsOverThousandsOfYearsAreRefused() {
        TimeAxis ages = axis("2024-01-01", "PT2562047788015H");
        assertThrows(IllegalArgumentException.class, () -> Holidays.of("DE").on(ages, 0, 1));
        assertEquals(1_000, Holidays.of("DE").on(axis("1024-01-01", "P1Y"), 0, 1_000).length);
    }

    @Test
    void yearsThatACalendarDoesNotHaveAreNamed() {
        for (String start : List.of("1870-01-01", "2300-01-01")) {
            assertEquals("the holidays TR of " + start.substring(0, 4) + " are not known",
                    assertThrows(IllegalArgumentException.class, () -> Holidays.of("TR").on(axis(start, "P1D"), 0, 365))
                            .getMessage());
        }
        assertTrue(sum(Holidays.of("TR").on(axis("1890-01-01", "P1D"), 0, 365)) > 0);
    }

    private static String message(String code) {
        return assertThrows(IllegalArgumentException.class, () -> Holidays.of(code)).getMessage();
    }

    private static int sum(double[] values) {
        int sum = 0;
        for (double value : values) sum += (int) value;
        return sum;
    }
}
