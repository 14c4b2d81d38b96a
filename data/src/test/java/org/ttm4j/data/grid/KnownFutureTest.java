package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.data.time.TimeOptions.Resampling;

/** {@link CsvReader#readFuture}. */
class KnownFutureTest {
    @TempDir
    Path folder;

    private CsvFile future(List<TimeSeries> history, String... times) throws IOException {
        Path file = Files.writeString(folder.resolve("future.csv"), CsvFixture.text(times));
        return CsvReader.readFuture(file, CsvOptions.defaults(), history);
    }

    private static List<TimeSeries> history(String... times) throws IOException {
        return List.of(CsvFixture.withTimes(times));
    }

    @Test
    void oneRowIsEnough() throws IOException {
        TimeSeries future = future(history("2020-01-01", "2020-01-02"), "2020-01-03").series().get(0);
        assertArrayEquals(new float[]{0}, future.channel(0));
        assertEquals("2020-01-03", future.axis().labelAt(0));
    }

    @Test
    void theHistoryTellsDayFromMonth() throws IOException {
        assertEquals(1, future(history("30/1/2020", "31/1/2020"), "1/2/2020").series().get(0).length());
        assertEquals(1, future(history("1/30/2020", "1/31/2020"), "2/1/2020").series().get(0).length());
        assertEquals(1, future(history("30/1/2020", "31/1/2020"), "2020-02-01").series().get(0).length());
        // The day that ends at 24:00 is not in the future.
        List<TimeSeries> quarters = history("31.01.20 12:00", "31.01.20 24:00");
        assertEquals(1, future(quarters, "01.02.20 12:00").series().get(0).length());
    }

    @ParameterizedTest
    @CsvSource({"2020-01-01 00:00, 2020-01-01 01:00, 2020-01-01 02:00", "2020-01-01, 2020-01-02, 2020-01-03",
            "2020-01-01T00:00+01:00, 2020-01-01T01:00+01:00, 2020-01-01T02:00+01:00"})
    void timesWithoutAnOffsetAreThoseOfTheZoneInBoth(String first, String second, String third) throws IOException {
        CsvOptions options = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withZone(ZoneId.of("Europe/Berlin")));
        List<TimeSeries> history = CsvFixture.read(CsvFixture.text(first, second), options).series();
        Path file = Files.writeString(folder.resolve("future.csv"), CsvFixture.text(third));
        assertArrayEquals(new float[]{0}, CsvReader.readFuture(file, options, history).series().get(0).channel(0));
    }

    /** Hours up to six on the fifth day, and from six on of the first. */
    @Test
    void aSumWithinWhichTheRowsBeginOrEndIsNotWhole() throws IOException {
        CsvOptions options = CsvOptions.defaults()
                .withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("P1D")).withResampling(Resampling.SUM));
        List<TimeSeries> history = CsvFixture.read(CsvFixture.text(hours(0, 10 * 24)), options).series();
        Path ends = Files.writeString(folder.resolve("ends.csv"), CsvFixture.text(hours(10 * 24, 14 * 24 + 6)));
        assertEquals(4, CsvReader.readFuture(ends, options, history).series().get(0).length());
        Path begins = Files.writeString(folder.resolve("begins.csv"), CsvFixture.text(hours(10 * 24 + 6, 15 * 24)));
        TimeSeries future = CsvReader.readFuture(begins, options, history).series().get(0);
        assertEquals(5, future.length());
        assertEquals("2020-01-11T00:00", future.axis().labelAt(0));
        assertTrue(Float.isNaN(future.channel(0)[0]) && !Float.isNaN(future.channel(0)[1]));
    }

    private static String[] hours(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(hour -> LocalDateTime.of(2020, 1, 1, 0, 0).plusHours(hour).toString())
                .toArray(String[]::new);
    }

    /** A row of midnight alone does not show that its time is a part of the day, and the dates take no hour behind them. */
    @ParameterizedTest
    @ValueSource(strings = {"0%d Jan 2020", "2020010%d", "2020-01-0%d"})
    void aRowAtMidnightContinuesPartsOfDays(String date) throws IOException {
        StringBuilder text = new StringBuilder("date,time,load\n");
        for (int i = 0; i < 16; i++) {
            text.append(date.formatted(1 + i / 4)).append(i % 4 == 0 ? ",0,1\n" : "," + i % 4 / 4.0 + ",1\n");
        }
        CsvOptions options = CsvOptions.defaults().withTime("date+time");
        Path file = Files.writeString(folder.resolve("future.csv"), "date,time,load\n" + date.formatted(5) + ",0,7\n");
        CsvFile future = CsvReader.readFuture(file, options, CsvFixture.read(text.toString(), options).series());
        assertArrayEquals(new float[]{7}, future.series().get(0).channel(0));
    }

    @ParameterizedTest
    @CsvSource({"SUM, 4, 20", "MEAN, 1, 5", "LAST, 1, 6.5", "AUTO, 1, 5", ", 1, 5"})
    void rowsOfAStepAreJoinedAsThoseOfTheHistory(TimeOptions.Resampling how, float plan, float next)
            throws IOException {
        StringBuilder text = new StringBuilder("time,load,plan\n");
        for (int i = 0; i < 40; i++) {
            text.append(String.format("2020-01-01 %02d:%02d,%s,%s%n", i / 4, i % 4 * 15, i < 32 ? "3" : "",
                    i < 32 ? 1 : i < 36 ? 3.5 + i % 4 : 2));
        }
        CsvOptions options = CsvOptions.defaults()
                .withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.ofMillis(3_600_000)).withResampling(how));
        Path file = Files.writeString(folder.resolve("both.csv"), text);
        TimeSeries history = CsvReader.read(file, options).series().get(0).slice(0, 8);
        assertEquals(plan, history.channel(1)[7]);
        CsvFile future = CsvReader.readFuture(file, options.withTargets(List.of("plan")), List.of(history));
        assertEquals(next, future.series().get(0).channel(0)[0]);
        assertEquals(0, future.report().count(RepairReport.Kind.ROWS_BETWEEN_STEPS));
    }

    /** Those of the night are not part of the last hour of the day. */
    @Test
    void rowsOfClosedTimesAreNotJoinedToOpenOnes() throws IOException {
        StringBuilder history = new StringBuilder("time,load,plan\n");
        StringBuilder future = new StringBuilder("time,plan\n");
        LocalDateTime first = LocalDateTime.of(2024, 1, 1, 0, 0);
        for (int h = 0; h < 24 * 42; h++) {
            LocalDateTime time = first.plusHours(h);
            boolean isOpen = time.getDayOfWeek().getValue() < 6 && time.getHour() >= 9 && time.getHour() < 19;
            if (isOpen) history.append(time).append(",3,").append(time.getHour()).append('\n');
        }
        for (int h = 24 * 42; h < 24 * 44; h++) {
            future.append(first.plusHours(h)).append(',').append(first.plusHours(h).getHour()).append('\n');
        }
        CsvOptions options = CsvOptions.defaults()
                .withTimes(TimeOptions.UNKNOWN.withResampling(TimeOptions.Resampling.MEAN));
        TimeSeries open = CsvFixture.read(history.toString(), options).series().get(0);
        Path file = Files.writeString(folder.resolve("future.csv"), future);
        TimeSeries plan = CsvReader.readFuture(file, options.withTargets(List.of("plan")), List.of(open))
                .series()
                .get(0);
        assertEquals(20, plan.length());
        for (int h = 0; h < 20; h++) assertEquals(9 + h % 10, plan.channel(0)[h]);
    }

    @Test
    void rowsAreCountedFromTheEndOfTheHistory() throws IOException {
        CsvFile file = future(history("2020-01-01 00:00", "2020-01-01 01:00"), "2020-01-01 01:00", "2020-01-01 04:00",
                "2020-01-01 03:30", "2020-01-01 03:01");
        assertArrayEquals(new float[]{Float.NaN, 3, 1}, file.series().get(0).channel(0));
        assertEquals(1, file.report().count(RepairReport.Kind.ROWS_BETWEEN_STEPS));
    }

    @Test
    void numbersThatLookLikeMonthsOrWeeksContinueNumbers() throws IOException {
        for (int first : List.of(200014, 200001)) {
            String[] numbers = IntStream.range(199998, first + 20).mapToObj(i -> "" + i).toArray(String[]::new);
            List<TimeSeries> history = history(Arrays.copyOf(numbers, first - 199998));
            String[] next = Arrays.copyOfRange(numbers, first - 199998, numbers.length);
            assertEquals(20, future(history, next).series().get(0).length());
        }
    }

    @Test
    void rowsOfThePastAloneAreNoFuture() throws IOException {
        assertEquals(0, future(history("2020-01-01", "2020-01-02"), "2020-01-02").series().get(0).length());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refuses("too far", "9020-01-03");
        refuses("without an offset", "2020-01-03T00:00Z");
        refuses("at least 1 row of data, found 0");
    }

    private void refuses(String message, String... times) {
        DataException failure = assertThrows(DataException.class,
                () -> future(history("2020-01-01", "2020-01-02"), times));
        assertTrue(failure.getMessage().contains(message), failure.getMessage());
    }
}
