package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.assertFails;
import static org.ttm4j.data.grid.CsvFixture.read;
import static org.ttm4j.data.grid.CsvFixture.text;
import static org.ttm4j.data.grid.CsvFixture.withTimes;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;

class GridTest {
    @ParameterizedTest
    @CsvSource({"2020-01-01 2020-02-01 2020-03-01, 1 month, 2020-04-01",
            "2020-01-31 2020-02-29 2020-03-31, 1 month, 2020-04-30",
            "2021-02-28 2021-03-31 2021-04-30, 1 month, 2021-05-31",
            "2020-01-15 2020-02-15 2020-03-15, 1 month, 2020-04-15", "2021-07-01 2021-08-01, 1 month, 2021-09-01",
            "2021-01-29 2021-02-26 2021-03-31 2021-04-30 2021-05-31 2021-06-30 2021-07-30, 1 month, 2021-08-31",
            "2020-03-31 2020-06-30 2020-09-30, 3 months, 2020-12-31", "2020-01-01 2020-04-01, 3 months, 2020-07-01",
            "2018-12-31 2019-12-31 2020-12-31, 1 year, 2021-12-31", "2021-07-01 2022-07-01, 1 year, 2023-07-01",
            "2020-01-01 2020-01-08 2020-01-15, 1 week, 2020-01-22",
            "2020-01-01 2020-01-29 2020-02-26 2020-03-25, 4 weeks, 2020-04-22",
            "2020-01-01 2020-01-31 2020-03-01 2020-03-31, 30 days, 2020-04-30",
            "2020-01-01 2020-01-02 2020-01-03, 1 day, 2020-01-04",
            "1er_trimestre_2020 2e_trimestre_2020 3e_trimestre_2020, 3 months, 4e_trimestre_2020"})
    void stepIsFoundAndContinued(String times, String step, String next) throws IOException {
        TimeSeries series = withTimes(times.split(" "));
        assertEquals(step, series.axis().frequency().toString());
        assertEquals(next, series.axis().labelAt(series.length()));
    }

    /** Half of them counted as times off a grid of eleven and a half hours, on which a day is no season. */
    @ParameterizedTest
    @CsvSource({"7:00 19:30, 12 hours", "6:00 13:30 21:00, 8 hours", "8:00 18:15, 12 hours"})
    void unevenTimesOfADayAreStepsOfIt(String clocks, String frequency) throws IOException {
        String[] times = IntStream.range(0, 40)
                .filter(day -> day != 20)
                .mapToObj(LocalDate.of(2024, 1, 1)::plusDays)
                .flatMap(day -> Stream.of(clocks.split(" ")).map(clock -> day + " " + clock))
                .toArray(String[]::new);
        TimeSeries series = CsvFixture.withTimes(times);
        assertEquals(frequency, series.axis().frequency().toString());
        assertEquals(40 * clocks.split(" ").length, series.length());
        assertEquals(times.length, DoubleStream.of(series.doubleChannel(0)).filter(v -> !Double.isNaN(v)).count());
    }

    @Test
    void gapsBecomeMissingSteps() throws IOException {
        CsvFile file = read(text("2020-01-01", "2020-01-02", "2020-01-05", "2020-01-06", "2020-01-08"));
        assertArrayEquals(new float[]{0, 1, Float.NaN, Float.NaN, 2, 3, Float.NaN, 4}, file.series().get(0).channel(0));
        assertEquals(3, file.report().count(RepairReport.Kind.STEPS_INSERTED));
        assertEquals("3 steps without a row, missing unless --fill zero or interpolate is given (longest gap 2):"
                + " 2 before line 4 (2020-01-05); 1 before line 6 (2020-01-08); …", file.report().toString());
    }

    @Test
    void rowsOutOfOrderAreSorted() throws IOException {
        CsvFile file = read(text("2020-01-03", "2020-01-01", "2020-01-02"));
        assertArrayEquals(new float[]{1, 2, 0}, file.series().get(0).channel(0));
        assertEquals("1 row out of order, sorted: line 3 (2020-01-01)", file.report().toString());
    }

    @Test
    void ofRepeatedTimesEachCellKeepsItsLastValue() throws IOException {
        CsvFile file = read("date,a,b\n2020-01-01,1,1\n2020-01-02,2,2\n2020-01-02,3,\n2020-01-03,4,4\n");
        assertArrayEquals(new float[]{1, 3, 4}, file.series().get(0).channel(0));
        assertArrayEquals(new float[]{1, 2, 4}, file.series().get(0).channel(1));
        assertEquals(1, file.report().count(RepairReport.Kind.ROWS_MERGED));
    }

    @Test
    void jitterIsSnappedToTheMostFrequentPhase() throws IOException {
        CsvFile file = read(text("2020-01-01 00:00:03", "2020-01-01 00:10:00", "2020-01-01 00:20:00",
                "2020-01-01 00:29:58", "2020-01-01 00:40:00", "2020-01-01 00:50:00"));
        TimeSeries series = file.series().get(0);
        assertEquals("10 minutes", series.axis().frequency().toString());
        assertEquals("2020-01-01 00:00:00", series.axis().labelAt(0));
        assertEquals(6, series.length());
        assertEquals(2, file.report().count(RepairReport.Kind.TIMES_SNAPPED));
        assertTrue(file.report().toString().contains("by up to 3 seconds"), file.report().toString());
    }

    @Test
    void jitterOfEveryRowIsSeenThrough() throws IOException {
        Random random = new Random(3);
        String[] times = new String[200];
        for (int i = 0; i < times.length; i++) {
            times[i] = Long.toString(1_600_000_000_000L + 600_000L * i + random.nextInt(4000));
        }
        TimeSeries series = withTimes(times);
        assertEquals(200, series.length());
        assertEquals("10 minutes", series.axis().frequency().toString());
    }

    @Test
    void countsAtTimesWithoutAStepAreSummed() throws IOException {
        Random random = new Random(4);
        String[] times = new String[100];
        for (int i = 0; i < times.length; i++) {
            times[i] = Long.toString(1_600_000_000_000L + (long) (random.nextDouble() * 1e10));
        }
        CsvFile file = read(text(times));
        assertEquals("1 day", file.series().get(0).axis().frequency().toString());
        assertEquals(100, file.report().count(RepairReport.Kind.ROWS_SUMMED));
    }

    @Test
    void aFarOffTimeDoesNotFillTheMemory() {
        String[] times = new String[50];
        for (int i = 0; i < times.length; i++) times[i] = String.format("2020-01-01 00:%02d:00", i);
        times[49] = "9020-01-01 00:00:00";
        assertEquals(51, assertFails(text(times), "'date'", "9020-01-01", "too far").line());
        times[49] = "1020-01-01 00:00:00";
        assertEquals(51, assertFails(text(times), "1020-01-01", "too far").line());
    }

    /** The grid and the remaining values of a regular series stay, whatever happens to the rows. */
    @RepeatedTest(40)
    void randomGapsRepeatsAndDisorderGiveTheSameGrid(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        Frequency[] steps = {Frequency.ofMillis(60_000), Frequency.ofMillis(86_400_000), Frequency.ofMonths(1)};
        Frequency step = steps[random.nextInt(steps.length)];
        TimeFormat format = new TimeFormat("uuuu-MM-dd HH:mm", ZoneOffset.UTC);
        TimeAxis axis = new TimeAxis(1_577_836_800_000L, step, step.isCalendar() ? 1 : 0, format);
        int length = 30 + random.nextInt(100);
        float[] expected = new float[length];
        List<String> rows = new ArrayList<>();
        for (int t = 0; t < length; t++) {
            boolean kept = t == 0 || t == length - 1 || random.nextDouble() < 0.8;
            expected[t] = kept ? t : Float.NaN;
            for (int copies = kept ? 1 + random.nextInt(5) / 4 : 0; copies > 0; copies--) {
                rows.add(axis.labelAt(t) + "," + t);
            }
        }
        Collections.shuffle(rows, random);
        TimeSeries series = CsvFixture.series("time,y\n" + String.join("\n", rows) + "\n");
        assertEquals(axis, series.axis(), "seed " + seed);
        assertArrayEquals(expected, series.channel(0), "seed " + seed);
    }

    @RepeatedTest(20)
    void nearestIndexInvertsTimeAt(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        boolean calendar = random.nextBoolean();
        Frequency step = calendar
                ? Frequency.ofMonths(1 + random.nextInt(12))
                : Frequency.ofMillis(1 + random.nextInt(100_000_000));
        TimeFormat format = new TimeFormat(TimeFormat.EPOCH_MILLIS, ZoneOffset.UTC);
        long start = random.nextInt() * 1000L;
        int day = calendar ? TimeAxis.local(start).getDayOfMonth() : 0;
        TimeAxis axis = new TimeAxis(start, step, day, format);
        for (int i = -50; i < 50; i++) assertEquals(i, axis.nearestIndex(axis.timeAt(i)), "seed " + seed);
    }

    @Test
    void sliceMovesTheStart() throws IOException {
        TimeSeries part = withTimes("2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30").slice(1, 3);
        assertArrayEquals(new float[]{1, 2}, part.channel(0));
        assertEquals("2020-04-30", part.axis().labelAt(2));
    }
}
