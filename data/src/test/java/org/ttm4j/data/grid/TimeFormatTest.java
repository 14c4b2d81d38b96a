package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.assertFails;
import static org.ttm4j.data.grid.CsvFixture.text;
import static org.ttm4j.data.grid.CsvFixture.withTimes;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;

class TimeFormatTest {
    @ParameterizedTest
    @CsvSource({"2016-07-01, 2016-07-02, 2016-07-03, 2016-07-01T00:00:00Z",
            "2016-07-01 23:00, 2016-07-02 00:00, 2016-07-02 01:00, 2016-07-01T23:00:00Z",
            "2016-07-01 23:00:00, 2016-07-02 00:00:00, 2016-07-02 01:00:00, 2016-07-01T23:00:00Z",
            "2016-07-01 23, 2016-07-02 00, 2016-07-02 01, 2016-07-01T23:00:00Z",
            "2016-07-01T23:00, 2016-07-02T00:00, 2016-07-02T01:00, 2016-07-01T23:00:00Z",
            "2016-07-01T23:00:00Z, 2016-07-02T00:00:00Z, 2016-07-02T01:00:00Z, 2016-07-01T23:00:00Z",
            "2016-07-01T23:00+02:00, 2016-07-02T00:00+02:00, 2016-07-02T01:00+02:00, 2016-07-01T21:00:00Z",
            "2016-07-01 23:00:00+0530, 2016-07-02 00:00:00+0530, 2016-07-02 01:00:00+0530, 2016-07-01T17:30:00Z",
            "2016-07-01T23:00-03, 2016-07-02T00:00-03, 2016-07-02T01:00-03, 2016-07-02T02:00:00Z",
            "2016-07-01T00:00:00.250, 2016-07-01T00:00:00.500, 2016-07-01T00:00:00.750, 2016-07-01T00:00:00.250Z",
            "1990/1/1 9:00, 1990/1/1 10:00, 1990/1/1 11:00, 1990-01-01T09:00:00Z",
            "1990/1/9, 1990/1/10, 1990/1/11, 1990-01-09T00:00:00Z",
            "31.1.2020, 1.2.2020, 2.2.2020, 2020-01-31T00:00:00Z",
            "31.01.2020 22:30, 31.01.2020 23:00, 31.01.2020 23:30, 2020-01-31T22:30:00Z",
            "12/31/2019, 1/1/2020, 1/2/2020, 2019-12-31T00:00:00Z",
            "31/12/2019, 01/01/2020, 02/01/2020, 2019-12-31T00:00:00Z",
            "12/31/2019 23:00, 1/1/2020 0:00, 1/1/2020 1:00, 2019-12-31T23:00:00Z",
            "31.12.2019 12:00, 31.12.2019 24:00, 01.01.2020 12:00, 2019-12-31T12:00:00Z",
            "31.12.2019 23:45, 31.12.2019 24:00, 01.01.2020 00:15, 2019-12-31T23:45:00Z",
            "31.12.19 23:45, 31.12.19 24:00, 01.01.20 00:15, 2019-12-31T23:45:00Z",
            "30 Dec 2019 24:00, 31 Dec 2019 12:00, 31 Dec 2019 24:00, 2019-12-31T00:00:00Z",
            "2019-12-31 24:00:00, 2020-01-01 0:30:00, 2020-01-01 1:00:00, 2020-01-01T00:00:00Z",
            "2019-12-31 24, 2020-01-01 1, 2020-01-01 2, 2020-01-01T00:00:00Z",
            "2019-11, 2019-12, 2020-01, 2019-11-01T00:00:00Z", "20191231, 20200101, 20200102, 2019-12-31T00:00:00Z",
            "2019, 2020, 2021, 2019-01-01T00:00:00Z", "1577836800, 1577840400, 1577844000, 2020-01-01T00:00:00Z",
            "1577836800000, 1577840400000, 1577844000000, 2020-01-01T00:00:00Z",
            "1704067200.0, 1704070800.0, 1704074400.0, 2024-01-01T00:00:00Z",
            "1704067200.250, 1704067200.500, 1704067200.750, 2024-01-01T00:00:00.250Z",
            "1704067200000.0, 1704070800000.0, 1704074400000.0, 2024-01-01T00:00:00Z",
            "2016070123, 2016070200, 2016070201, 2016-07-01T23:00:00Z",
            "201607012345, 201607020000, 201607020015, 2016-07-01T23:45:00Z",
            "20160701235950, 20160702000000, 20160702000010, 2016-07-01T23:59:50Z",
            "12/31/2019 9:00 PM, 1/1/2020 12:00 AM, 1/1/2020 3:00 AM, 2019-12-31T21:00:00Z",
            "2020-01-31 11:00:00 AM, 2020-01-31 12:00:00 PM, 2020-01-31 01:00:00 PM, 2020-01-31T11:00:00Z",
            "1/31/2024 2 p.m. EST, 1/31/2024 3 p.m. EST, 1/31/2024 4 p.m. EST, 2024-01-31T19:00:00Z",
            "20240101T230000Z, 20240102T000000Z, 20240102T010000Z, 2024-01-01T23:00:00Z",
            "20240101T2300+0100, 20240102T0000+0100, 20240102T0100+0100, 2024-01-01T22:00:00Z",
            "20231231:2310, 20240101:0010, 20240101:0110, 2023-12-31T23:10:00Z",
            "20240131 233000, 20240201 000000, 20240201 003000, 2024-01-31T23:30:00Z",
            "202052, 202053, 202101, 2020-12-21T00:00:00Z", "2009K1, 2009K2, 2009K3, 2009-01-01T00:00:00Z",
            "2009 1e kwartaal, 2009 2e kwartaal, 2009 3e kwartaal, 2009-01-01T00:00:00Z",
            "w/e 24/01/2021, w/e 31/01/2021, w/e 07/02/2021, 2021-01-24T00:00:00Z",
            "W/C 31/01/2021, W/C 07/02/2021, W/C 14/02/2021, 2021-01-31T00:00:00Z",
            "31/Jan/2023:22, 31/Jan/2023:23, 01/Feb/2023:00, 2023-01-31T22:00:00Z",
            // Quarters, as Korea's office of statistics writes them.
            "2009.3/4, 2009.4/4, 2010.1/4, 2009-07-01T00:00:00Z",
            "1/31/2020 11:30AM, 1/31/2020 12:00PM, 1/31/2020 12:30PM, 2020-01-31T11:30:00Z",})
    void timesAreReadAndContinuedAsTheyAreWritten(String first, String second, String third, Instant start)
            throws IOException {
        TimeSeries series = withTimes(first, second);
        assertEquals(start, Instant.ofEpochMilli(series.axis().timeAt(0)));
        assertEquals(first, series.axis().labelAt(0));
        assertEquals(second, series.axis().labelAt(1));
        assertEquals(third, series.axis().labelAt(2));
    }

    @Test
    void noDateHasAPointAndThenASlash() {
        assertFails(text("2009.1/5", "2009.1/6"), "line 2", "'2009.1/5'");
        assertFails(text("2009.4/4", "2009.5/4"), "line 3", "'2009.5/4'");
    }

    @Test
    void digitsAreADateWhereAllRowsAgree() throws IOException {
        // 2033 as seconds, 1976 as milliseconds: as dates these rows leave the range of hours.
        assertEquals("2016010160", withTimes("2016010100", "2016010130").axis().labelAt(2));
        assertEquals("201601016000", withTimes("201601010000", "201601013000").axis().labelAt(2));
        assertEquals("1600000003", withTimes("1600000001", "1600000002").axis().labelAt(2));
        assertEquals(7200_000, withTimes("2016010122", "2016010124").axis().frequency().count());
        assertFails(text("2016010100", "2016010101", "2016010102", "2016010130"), "line 5", "'2016010100'",
                "'2016010130'");
    }

    /** As Google Analytics numbers days. */
    @Test
    void digitsWithALeadingZeroCountRows() throws IOException {
        TimeSeries series = CsvFixture.series("Nth day,users\n0000,1\n0001,2\n0002,3\n");
        assertEquals("1", series.axis().frequency().toString());
        assertEquals("3", series.axis().labelAt(3));
    }

    @ParameterizedTest
    @CsvSource({"time, 200014, 120, 1", "t, 200014, 120, 1", "n, 190014, 120, 1", "time, 199930, 80, 1",
            "nr, 201001, 120, 1", "time, 200133, 120, -1", "t, 200010, 20, 10"})
    void numbersOfRowsMayLookLikeWeeks(String name, int first, int rows, int step) throws IOException {
        StringBuilder text = new StringBuilder(name + ",x,y\n");
        for (int i = 0; i < rows; i++) text.append(first + i * step).append(",1,").append(i).append('\n');
        TimeSeries series = CsvFixture.series(text.toString());
        assertEquals(rows, series.length());
        assertEquals("" + Math.abs(step), series.axis().frequency().toString());
        int last = Math.max(first, first + (rows - 1) * step);
        assertEquals("" + (last + Math.abs(step)), series.axis().labelAt(rows));
    }

    @Test
    void monthsAndWeeksAreNotContinuedByNumbersOfRows() {
        assertFails(text("202010", "202011", "202012", "202099"), "line 5", "'202010'", "'202099'");
        assertFails(text("202050", "202051", "202052", "202053", "202190"), "line 6", "'202050'", "'202190'");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 13})
    void aStatedFormatSaysThatNumbersAreWeeks(int weeks) throws IOException {
        String[] times = IntStream.rangeClosed(1, weeks).mapToObj(week -> "" + (202400 + week)).toArray(String[]::new);
        CsvOptions options = CsvOptions.defaults().withTimes(new TimeOptions("YYYYww", null, null, null, null));
        TimeSeries series = CsvFixture.read(text(times), options).series().get(0);
        assertEquals("1 week", series.axis().frequency().toString());
        assertEquals("" + (202401 + weeks), series.axis().labelAt(weeks));
    }

    @Test
    void aDayOfTheWeekMayStandBehindADateInBrackets() throws IOException {
        TimeSeries series = withTimes("2022/1/1(土)", "2022/1/2（日）", "2022/1/3 (月)");
        assertEquals("2022/1/4", series.axis().labelAt(3));
        assertEquals("1 day", series.axis().frequency().toString());
    }

    @Test
    void halvesOfTheDayAreHoursFrom1To12() {
        assertFails(text("1/31/2020 1:00 PM", "1/31/2020 13:00 PM"), "line 3", "13:00 PM");
        assertFails(text("1/31/2020 1:00 PM", "1/31/2020 0:00 AM"), "line 3", "0:00 AM");
        assertFails(text("1/31/2020 1:00 PM", "1/31/2020 2:00"), "line 3", "2:00");
        assertFails(text("1/31/2020 1:00 PM", "1/31/2020 2:00 XM"), "line 3", "XM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dd.MM.yyyy hh:mm", "dd.MM.yyyy HH:mm", "%d.%m.%Y %I:%M", "%d.%m.%Y %H:%M"})
    void withoutAHalfOfTheDayHoursAreThoseOfADay(String format) throws IOException {
        CsvOptions options = CsvOptions.defaults().withTimes(new TimeOptions(format, null, null, null, null));
        TimeSeries series = CsvFixture
                .read(text("31.01.2020 12:00", "31.01.2020 13:00", "31.01.2020 14:00", "31.01.2020 15:00"), options)
                .series()
                .get(0);
        assertEquals("31.01.2020 16:00", series.axis().labelAt(4));
    }

    @Test
    void midnightMayLackItsTimeOfDay() throws IOException {
        TimeSeries series = withTimes("2020-01-01 23:00:00", "2020-01-02", "2020-01-02 01:00:00");
        assertEquals(Frequency.ofMillis(3_600_000), series.axis().frequency());
        assertEquals("2020-01-02 00:00:00", series.axis().labelAt(1));
    }

    @Test
    void hour24IsTheNextMidnight() throws IOException {
        TimeSeries series = withTimes("2020-01-01 23:00", "2020-01-01 24:00", "2020-01-02 01:00");
        assertEquals("2020-01-01 24:00", series.axis().labelAt(1));
        assertEquals(3, series.length());
        TimeSeries both = withTimes("2020-01-01 00:00", "2020-01-01 12:00", "2020-01-01 24:00");
        assertEquals("2020-01-02 00:00", both.axis().labelAt(2));
    }

    /** The k in a text of the pattern is no hour. */
    @Test
    void aTextOfThePatternIsNoHour24() {
        TimeFormat format = new TimeFormat("'Marktag' dd.MM.uuuu", ZoneOffset.UTC).countedLocally();
        assertEquals("Marktag 02.01.1970", format.format(86_400_000));
    }

    /** As Swedish weeks have it; the V is no zone. */
    @Test
    void aTextOfThePatternIsNoZone() {
        assertFalse(new TimeFormat("YYYY-'V'ww", ZoneOffset.UTC).isAbsolute());
        assertTrue(new TimeFormat("YYYY-'V'ww XXX", ZoneOffset.UTC).isAbsolute());
    }

    @Test
    void offsetsMayChangeAndTheLastIsWritten() throws IOException {
        TimeSeries series = withTimes("2020-03-29T00:00+01:00", "2020-03-29T01:00+01:00", "2020-03-29T03:00+02:00");
        assertEquals(3, series.length());
        assertEquals("2020-03-29T04:00+02:00", series.axis().labelAt(3));
    }

    /** As Oracle and Excel write them: the days could be years too, which go back with each month. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1 day", "7, 1, 1 week", "1, 3, 1 day"})
    void yearsOfTwoDigitsBehindNamesOfMonthsAreNoDays(int days, int series, String frequency) throws IOException {
        DateTimeFormatter written = DateTimeFormatter.ofPattern("dd-MMM-yy", Locale.ENGLISH);
        StringBuilder text = new StringBuilder("site,date,y\n");
        for (int i = 0; i < 40 * series; i++) {
            String date = LocalDate.of(2024, 1, 5).plusDays((long) days * (i % 40)).format(written);
            text.append("abc".charAt(i / 40)).append(',').append(date).append(',').append(i % 7).append('\n');
        }
        TimeSeries first = CsvFixture.series(text.toString());
        assertEquals(frequency, first.axis().frequency().toString());
        assertEquals("05-Jan-24", first.axis().labelAt(0));
        assertEquals(40, first.length());
    }

    @Test
    void dayAndMonthAreDecidedByAnyRow() throws IOException {
        TimeSeries dayFirst = withTimes("11/12/2020", "12/12/2020", "13/12/2020");
        assertEquals("14/12/2020", dayFirst.axis().labelAt(3));
        TimeSeries monthFirst = withTimes("12/11/2020", "12/12/2020", "12/13/2020");
        assertEquals("12/14/2020", monthFirst.axis().labelAt(3));
        assertEquals(dayFirst.axis().timeAt(3), monthFirst.axis().timeAt(3));
    }

    @Test
    void undecidedDayAndMonthIsAnError() {
        assertFails(text("1/2/2020", "2/2/2020", "3/2/2020"), "line 2", "'date'", "day and month", "1/2/2020");
    }

    @Test
    void oneUnlikeTimeIsAnErrorThatNamesItsPlace() {
        DataException failure = assertFails(text("2020-01-01", "2020-01-02", "2020-soon"), "line 4", "'date'",
                "'2020-01-01'", "'2020-soon'");
        assertEquals(4, failure.line());
        assertEquals("date", failure.column());
        assertFails(text("2020-01-01", "2020/01/02"), "line 3", "'2020/01/02'");
        assertFails(text("2020-01-31", "2020-02-30"), "line 3", "'2020-02-30'");
        assertFails(text("2019-W52", "2019-W53"), "line 3", "'2019-W53'");
        assertFails(text("2020-01-01 10:00", "2020-01-01 10:60"), "line 3");
        assertFails(text("2020-01-01T10:00Z", "2020-01-01T11:00"), "line 3");
        assertFails(text("2020-01-01", ""), "line 3", "missing");
        assertFails(text("yesterday", "today"), "line 2", "expected a time such as");
    }
}
