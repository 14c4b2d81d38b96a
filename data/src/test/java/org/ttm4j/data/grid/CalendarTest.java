package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.data.time.TimeOptions.Resampling;

/** Business days, local times of zones, and resampling. */
class CalendarTest {
    private static final CsvOptions BERLIN = CsvOptions.defaults()
            .withTimes(TimeOptions.UNKNOWN.withZone(ZoneId.of("Europe/Berlin")));

    @TempDir
    Path folder;

    private static CsvOptions times(String frequency, Resampling how) {
        TimeOptions times = TimeOptions.UNKNOWN.withResampling(how);
        return CsvOptions.defaults()
                .withTimes(frequency == null ? times : times.withFrequency(Frequency.parse(frequency)));
    }

    private static String weeksOfQuarters(int count, int rows, int... missing) {
        StringBuilder text = new StringBuilder("date,sales\n");
        LocalDate date = LocalDate.of(2020, 2, 1);
        for (int i = 0; i < count; i++) {
            int step = i;
            if (IntStream.of(missing).noneMatch(at -> at == step)) text.append((date + ",1\n").repeat(rows));
            date = date.plusWeeks(i % 3 == 2 ? 5 : 4);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 57, 58})
    void aStepOfWeeksOfQuartersMayBeMissing(int missing) throws IOException {
        TimeSeries series = read(weeksOfQuarters(60, 1, missing)).series().get(0);
        assertEquals(60, series.length());
        assertEquals("2020-02-01", series.axis().labelAt(0));
        assertEquals(List.of(missing),
                IntStream.range(0, 60).filter(t -> Double.isNaN(series.doubleChannel(0)[t])).boxed().toList());
    }

    /** One is missing, and one is on Thursday, as before Good Friday. */
    @Test
    void aWeekdayOfEachMonthHasExceptions() throws IOException {
        StringBuilder text = new StringBuilder("date,contracts\n");
        for (int i = 0; i < 60; i++) {
            LocalDate day = LocalDate.of(2010, 11, 15)
                    .plusMonths(i)
                    .with(TemporalAdjusters.nextOrSame(DayOfWeek.FRIDAY));
            if (i != 7) text.append(i == 41 ? day.minusDays(1) : day).append(',').append(i).append('\n');
        }
        TimeSeries series = read(text.toString()).series().get(0);
        assertEquals(Frequency.ofMonths(1), series.axis().frequency());
        assertEquals(60, series.length());
        assertTrue(Double.isNaN(series.doubleChannel(0)[7]));
    }

    /** Also where one is missing; neither are days at both ends of a month one of each month. */
    @Test
    void fourWeeksAreNoMonth() throws IOException {
        StringBuilder text = new StringBuilder("date,load\n");
        for (int i = 0; i < 8; i++) {
            if (i != 5) text.append(LocalDate.of(2024, 1, 5).plusWeeks(4L * i)).append(',').append(i).append('\n');
        }
        assertEquals(Frequency.ofMillis(28L * 24 * 3_600_000),
                read(text.toString()).series().get(0).axis().frequency());
        assertNotEquals(Frequency.ofMonths(1),
                read("date,load\n2024-01-01,1\n2024-02-26,2\n2024-03-04,3\n2024-04-29,4\n2024-05-06,5\n"
                        + "2024-06-24,6\n2024-07-01,7\n").series().get(0).axis().frequency());
    }

    /** Third Fridays are four or five weeks apart, and the days after Thanksgiving 52 or 53: in steps of weeks, some are missing. */
    @ParameterizedTest
    @CsvSource({"1, 15, 60", "3, 15, 24", "12, 23, 24"})
    void aWeekdayOfEachMonthIsMonthly(int months, int earliest, int count) throws IOException {
        StringBuilder text = new StringBuilder("date,contracts\n");
        for (int i = 0; i < count; i++) {
            LocalDate first = LocalDate.of(2010, 11, earliest).plusMonths((long) i * months);
            text.append(first.with(TemporalAdjusters.nextOrSame(DayOfWeek.FRIDAY))).append(',').append(i).append('\n');
        }
        TimeSeries series = read(text.toString()).series().get(0);
        assertEquals(Frequency.ofMonths(months), series.axis().frequency());
        assertEquals(count, series.length());
        assertEquals(count - 1.0, series.doubleChannel(0)[count - 1]);
    }

    /** The grid is that of the last year; every sixth has a week more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void yearsMayHaveAWeekMore(int years) throws IOException {
        StringBuilder text = new StringBuilder("date,sales\n");
        LocalDate date = LocalDate.of(2000, 2, 1);
        for (int i = 0; i < 72 * years + 10; i++) {
            text.append(date).append(",1\n");
            date = date.plusWeeks((i % 3 == 2 ? 5 : 4) + (i % 72 == 71 ? 1 : 0));
        }
        TimeSeries series = read(text.toString()).series().get(0);
        assertEquals(date.toString(), series.axis().labelAt(series.length()));
    }

    @Test
    void rowsAreJoinedToWeeksOfQuarters() throws IOException {
        TimeSeries series = read(weeksOfQuarters(12, 3), times(null, Resampling.SUM)).series().get(0);
        assertEquals("2020-02-01", series.axis().labelAt(0));
        assertEquals("2020-05-02", series.axis().labelAt(3));
        assertEquals(12, series.length());
        assertEquals(3, series.doubleChannel(0)[11]);
    }

    private static String weekdays(LocalDate from, int count) {
        StringBuilder text = new StringBuilder("date,y\n");
        int value = 0;
        for (LocalDate day = from; value < count; day = day.plusDays(1)) {
            if (day.getDayOfWeek().getValue() <= 5) text.append(day).append(',').append(value++).append('\n');
        }
        return text.toString();
    }

    @Test
    void aSeriesWithoutWeekendsIsBusinessDaily() throws IOException {
        CsvFile file = read(weekdays(LocalDate.of(2024, 1, 2), 60));
        TimeSeries series = file.series().get(0);
        assertEquals(Frequency.BUSINESS_DAY, series.axis().frequency());
        assertEquals(60, series.length());
        assertEquals("nothing to repair", file.report().toString());
        for (int i = -100; i < 200; i++) {
            LocalDateTime time = TimeAxis.local(series.axis().timeAt(i));
            assertEquals(true, time.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0, time.toString());
            assertEquals(i, series.axis().nearestIndex(series.axis().timeAt(i)));
        }
        assertEquals(Optional.of(Duration.ofDays(7)),
                series.axis().frequency().toTemporalAmount().map(step -> ((Duration) step).multipliedBy(5)));
    }

    @Test
    void aHolidayIsAMissingBusinessDay() throws IOException {
        String text = weekdays(LocalDate.of(2024, 1, 1), 20).replace("2024-01-10,7\n", "");
        TimeSeries series = read(text).series().get(0);
        assertEquals(Frequency.BUSINESS_DAY, series.axis().frequency());
        assertEquals(20, series.length());
        assertEquals(true, Float.isNaN(series.channel(0)[7]));
    }

    @Test
    void aWeekendMakesASeriesDaily() throws IOException {
        String text = weekdays(LocalDate.of(2024, 1, 1), 20) + "2024-01-27,1\n";
        assertEquals(Frequency.ofMillis(86_400_000), read(text).series().get(0).axis().frequency());
        TimeSeries stated = read(text, times("B", null)).series().get(0);
        assertEquals(Frequency.BUSINESS_DAY, stated.axis().frequency());
    }

    @Test
    void theStatedFrequencyIsTaken() throws IOException {
        TimeSeries series = read("date,y\n2020-01-31,1\n2020-02-29,2\n2020-03-31,3\n", times("P1M", null)).series()
                .get(0);
        assertEquals("2020-04-30", series.axis().labelAt(3));
        CsvFile weekly = read("date,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n2020-01-11,3\n", times("P1W", null));
        assertArrayEquals(new float[]{2, 3}, weekly.series().get(0).channel(0));
        assertEquals(4, weekly.report().count(RepairReport.Kind.ROWS_AVERAGED));
    }

    @Test
    void localTimesFollowTheClockOfTheirZone() throws IOException {
        // At 2:00 the clock is set to 3:00.
        TimeSeries spring = read("time,y\n2024-03-31 00:00,1\n2024-03-31 01:00,2\n2024-03-31 03:00,3\n", BERLIN)
                .series()
                .get(0);
        assertArrayEquals(new float[]{1, 2, 3}, spring.channel(0));
        // At 3:00 it is set to 2:00: the hour from 2 to 3 occurs twice.
        String autumn = "time,y\n2024-10-27 01:00,1\n2024-10-27 02:00,2\n2024-10-27 02:00,3\n2024-10-27 03:00,4\n";
        CsvFile file = read(autumn, BERLIN);
        assertArrayEquals(new float[]{1, 2, 3, 4}, file.series().get(0).channel(0));
        assertEquals("nothing to repair", file.report().toString());
        // The forecast skips the hour that does not exist.
        TimeSeries before = read("time,y\n2024-03-30 23:00,1\n2024-03-31 00:00,2\n", BERLIN).series().get(0);
        assertEquals("2024-03-31 03:00", before.axis().labelAt(3));
    }

    @Test
    void theHourThatOccursTwiceIsToldApartWhereTheNewestRowComesFirst() throws IOException {
        CsvFile file = read("time,y\n2024-10-27 03:00,6\n2024-10-27 02:30,5\n2024-10-27 02:00,4\n2024-10-27 02:30,3\n"
                + "2024-10-27 02:00,2\n2024-10-27 01:30,1\n", BERLIN);
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 6}, file.series().get(0).channel(0));
        assertEquals(0, file.report().count(RepairReport.Kind.ROWS_MERGED));
    }

    /** Hours of a clock from the first of a month on, each with the name of a zone. */
    private static String hours(String start, String zone, int count, String clock) {
        StringBuilder text = new StringBuilder("time,y");
        for (int i = 0; i < count; i++) {
            LocalDateTime time = LocalDateTime.ofInstant(Instant.parse(start).plusSeconds(3600L * i), ZoneId.of(clock));
            text.append("\n%s %s %s,%d".formatted(time.toLocalDate(), time.toLocalTime(), zone, i));
        }
        return text.append('\n').toString();
    }

    /** An hour of March was lost, and times of summer were those of daylight. */
    @ParameterizedTest
    @CsvSource({"2024-01-01, CET, 3000, Z", "2024-06-01, CET, 300, Z", "2023-11-01, EST, 9000, Z",
            "2024-01-01, WET, 3000, Z", "2024-01-01, CET, 8700, Europe/Paris", "2024-06-01, BST, 300, Z"})
    void aZoneThatStandsAllYearIsAnOffset(LocalDate start, String zone, int count, String clock) throws IOException {
        String text = hours(start + "T00:00:00Z", zone, count, clock);
        CsvFile file = read(text);
        TimeSeries series = file.series().get(0);
        assertEquals(count, series.length());
        assertTrue(file.report().isEmpty(), file.report().toString());
        assertEquals("1 hour", series.axis().frequency().toString());
        // Unless clocks were set although the name of the zone is that of winter.
        String last = series.axis().labelAt(clock.equals("Z") ? count : 0);
        assertTrue(last.endsWith(zone), last);
        int hour = zone.equals("EST") ? 5 : zone.equals("WET") || !clock.equals("Z") ? 0 : -1;
        assertEquals(Instant.parse(start + "T00:00:00Z").plusSeconds(hour * 3600L), series.axis().instantAt(0));
        assertEquals(series.axis().instantAt(0).plusSeconds(3600L * count), series.axis().instantAt(count));
        TimeSeries inBerlin = read(text, BERLIN).series().get(0);
        // Berlin has this zone too, and no hour of summer alone shows that its clocks were not set.
        int daylight = zone.equals("CET") && count == 300 ? 3600 : 0;
        assertEquals(series.axis().instantAt(count).minusSeconds(daylight), inBerlin.axis().instantAt(count));
        assertTrue(inBerlin.axis().labelAt(0).matches(".* CES?T"), inBerlin.axis().labelAt(0));
    }

    @Test
    void aStatedPlaceThatHasTheZoneSaysWhatClocksShow() throws IOException {
        StringBuilder text = new StringBuilder("time,v\n");
        for (int i = 0; i < 100; i++) text.append(LocalDate.of(2024, 6, 1).plusDays(i)).append(" 09:00 EST,1\n");
        assertEquals("2024-06-01 09:00 EST", read(text.toString()).series().get(0).axis().labelAt(0));
        for (String place : List.of("America/New_York", "Europe/Berlin")) {
            CsvOptions options = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withZone(ZoneId.of(place)));
            String label = place.equals("Europe/Berlin") ? "2024-06-01 16:00 CEST" : "2024-06-01 09:00 EDT";
            assertEquals(label, read(text.toString(), options).series().get(0).axis().labelAt(0));
        }
    }

    /** Midnight in India is the day before in UTC. */
    @ParameterizedTest
    @ValueSource(strings = {"+05:30", "-05:00", "+00:00", "Z"})
    void businessDaysAreThoseOfTheOffset(String offset) throws IOException {
        StringBuilder text = new StringBuilder("Date,Close\n");
        for (LocalDate day = LocalDate.of(2024, 1, 1); day.getDayOfMonth() < 20; day = day.plusDays(1)) {
            if (day.getDayOfWeek().getValue() < 6)
                text.append(day + " 00:00:00" + offset + "," + day.getDayOfMonth() + "\n");
        }
        CsvFile file = read(text.toString());
        assertEquals("nothing to repair", file.report().toString());
        TimeAxis axis = file.series().get(0).axis();
        assertEquals(Frequency.BUSINESS_DAY, axis.frequency());
        assertEquals("2024-01-22 00:00:00" + offset, axis.labelAt(15));
        assertEquals(Instant.parse("2024-01-22T00:00:00" + offset), axis.instantAt(15));
    }

    @Test
    void aDayThatIsCountedLocallyIsWrittenAsItsEpoch() {
        long day = LocalDate.of(2024, 7, 1).toEpochDay() * 86_400_000;
        for (String zone : List.of("+05:30", "Europe/Berlin")) {
            TimeFormat format = new TimeFormat(TimeFormat.EPOCH_SECONDS, ZoneId.of(zone)).countedLocally();
            long epoch = LocalDate.of(2024, 7, 1).atStartOfDay(ZoneId.of(zone)).toEpochSecond();
            assertEquals(Long.toString(epoch), format.format(day));
        }
    }

    @Test
    void britishTimesAreNamedGmtInWinterAndBstInSummer() throws IOException {
        for (String start : List.of("2024-01-01", "2024-07-01", "2024-10-27")) {
            for (boolean newestFirst : new boolean[]{false, true}) {
                for (int hours : new int[]{1, 24}) {
                    List<String> lines = new ArrayList<>();
                    ZonedDateTime first = LocalDate.parse(start).atStartOfDay(ZoneId.of("Europe/London"));
                    for (int i = 0; i < 5000 / hours; i++) {
                        ZonedDateTime time = hours == 1 ? first.plusHours(i) : first.plusDays(i);
                        String zone = time.getOffset().getTotalSeconds() == 0 ? "GMT" : "BST";
                        lines.add("%s %s %s,%d\n".formatted(time.toLocalDate(), time.toLocalTime(), zone, i));
                    }
                    if (newestFirst) Collections.reverse(lines);
                    TimeSeries series = read("time,y\n" + String.join("", lines)).series().get(0);
                    assertEquals(lines.size(), series.length());
                    assertEquals(first.toInstant(), series.axis().instantAt(0));
                    assertEquals(lines.get(newestFirst ? lines.size() - 1 : 0).substring(0, 20),
                            series.axis().labelAt(0));
                    for (int i = 0; i < series.length(); i++) assertEquals(i, series.channel(0)[i]);
                }
            }
        }
    }

    @Test
    void theHistorySaysWhetherAZoneStandsAllYear() throws IOException {
        for (String clock : List.of("Europe/Paris", "Z")) {
            List<TimeSeries> history = List.of(read(hours("2024-01-01T00:00:00Z", "CET", 3000, clock)).series().get(0));
            Path future = Files.writeString(folder.resolve("future.csv"),
                    hours("2024-05-05T00:00:00Z", "CET", 24, clock));
            TimeSeries known = CsvReader.readFuture(future, CsvOptions.defaults(), history).series().get(0);
            assertEquals(24, known.length());
            assertEquals(0, known.channel(0)[0]);
        }
    }

    @Test
    void aDayHas24HoursInAnyZone() throws IOException {
        String text = "time,y\n2024-03-30T00:00+01:00[Europe/Berlin],1\n2024-03-31T00:00+01:00[Europe/Berlin],2\n"
                + "2024-04-01T00:00+02:00[Europe/Berlin],3\n2024-04-02T00:00+02:00[Europe/Berlin],4\n";
        CsvFile file = read(text);
        assertEquals("nothing to repair", file.report().toString());
        assertEquals("2024-04-03T00:00+02:00[Europe/Berlin]", file.series().get(0).axis().labelAt(4));
        assertEquals("2024-10-28T00:00+01:00[Europe/Berlin]",
                file.series()
                        .get(0)
                        .axis()
                        .labelAt(LocalDate.of(2024, 10, 28).toEpochDay() - LocalDate.of(2024, 3, 30).toEpochDay()));
    }

    @Test
    void twoOffsetsAreThoseOfAPlaceInWhichTheClockIsSet() throws IOException {
        CsvFile days = read("time,y\n2024-03-30T00:00+01:00,1\n2024-03-31T00:00+01:00,2\n2024-04-01T00:00+02:00,3\n");
        assertEquals("nothing to repair", days.report().toString());
        TimeAxis axis = days.series().get(0).axis();
        assertEquals("2024-04-02T00:00+02:00", axis.labelAt(3));
        assertEquals("2024-10-28T00:00+01:00", axis.labelAt(212));
        CsvFile ofUtc = read("time,y\n2024-03-30T01:00+01:00,1\n2024-03-31T02:00+02:00,2\n2024-04-01T02:00+02:00,3\n");
        assertEquals("nothing to repair", ofUtc.report().toString());
        assertEquals("2024-04-02T02:00+02:00", ofUtc.series().get(0).axis().labelAt(3));
        CsvFile hours = read("time,y\n2024-03-10T00:00-05:00,1\n2024-03-10T01:00-05:00,2\n2024-03-10T03:00-04:00,3\n");
        assertEquals("nothing to repair", hours.report().toString());
        assertEquals("2024-11-03T01:00-05:00", hours.series().get(0).axis().labelAt(238 * 24 + 1));
    }

    @Test
    void offsetsOfNoPlaceAreTimesOfTheLast() throws IOException {
        CsvFile file = read("time,y\n2024-03-10T00:00-03:00,1\n2024-03-10T09:00+05:00,2\n2024-03-10T05:00+00:00,3\n");
        assertEquals("nothing to repair", file.report().toString());
        assertEquals("2024-03-10T06:00+00:00", file.series().get(0).axis().labelAt(3));
    }

    private static long gaps(String text) throws IOException {
        return read(text, times("PT1H", Resampling.MEAN)).report().count(RepairReport.Kind.STEPS_INSERTED);
    }

    @Test
    void irregularRowsAreResampled() throws IOException {
        String text = "time,y\n2024-01-01 00:07,1\n2024-01-01 00:11,3\n2024-01-01 01:40,5\n2024-01-01 03:01,7\n";
        assertArrayEquals(new float[]{2, 5, Float.NaN, 7},
                read(text, times("PT1H", Resampling.MEAN)).series().get(0).channel(0));
        assertArrayEquals(new float[]{4, 5, 0, 7},
                read(text, times("PT1H", Resampling.SUM)).series().get(0).channel(0));
        assertEquals(1, gaps(text));
        TimeSeries last = read(text, times("PT1H", Resampling.LAST)).series().get(0);
        assertArrayEquals(new float[]{3, 5, Float.NaN, 7}, last.channel(0));
        assertEquals("2024-01-01 04:00", last.axis().labelAt(4));
        String newestFirst = "date,balance\n2024-01-02,4\n2024-01-02,3\n2024-01-01,2\n2024-01-01,1\n";
        for (Resampling how : List.of(Resampling.LAST, Resampling.AUTO)) {
            assertArrayEquals(new float[]{2, 4}, read(newestFirst, times("P1D", how)).series().get(0).channel(0));
        }
        String irregular = "time,y\n2024-01-01 00:07,1\n2024-01-01 01:12,3\n2024-01-01 01:40,5\n2024-01-01 03:01,7\n"
                + "2024-01-01 03:59,7\n2024-01-01 05:05,7\n2024-01-01 06:13,7\n2024-01-01 07:17,1\n";
        assertEquals(8, read(irregular).report().count(RepairReport.Kind.ROWS_AVERAGED));
        assertArrayEquals(new float[]{1, 4, Float.NaN, 7, Float.NaN, 7, 7, 1},
                read(irregular).series().get(0).channel(0));
        assertEquals(Frequency.ofMillis(3_600_000),
                read(irregular, times(null, Resampling.MEAN)).series().get(0).axis().frequency());
    }

    @Test
    void stepsOfWeeksMonthsAndBusinessDaysStartAtTheirBeginning() throws IOException {
        String days = "date,y\n2024-01-10,1\n2024-01-20,2\n2024-02-05,4\n";
        TimeSeries months = read(days, times("P1M", Resampling.SUM)).series().get(0);
        assertArrayEquals(new float[]{3, 4}, months.channel(0));
        assertEquals("2024-03-01", months.axis().labelAt(2));
        assertEquals("2024-01-08", read(days, times("P1W", Resampling.SUM)).series().get(0).axis().labelAt(0));
        assertEquals("2024-01-01", read(days, times("P3M", Resampling.SUM)).series().get(0).axis().labelAt(0));
        TimeSeries business = read(days, times("B", Resampling.LAST)).series().get(0);
        assertEquals("2024-01-19", business.axis().labelAt(7));
        assertEquals(2, business.channel(0)[7]);
    }
}
