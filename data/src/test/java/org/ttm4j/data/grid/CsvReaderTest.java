package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.assertFails;
import static org.ttm4j.data.grid.CsvFixture.read;
import static org.ttm4j.data.grid.CsvFixture.series;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.time.TimeOptions;

class CsvReaderTest {
    private static final String WIDE = "date,a,b\n2020-01-01,1,10\n2020-01-02,2,20\n2020-01-03,3,30\n";

    @Test
    void wideFile() throws IOException {
        CsvFile file = read(WIDE);
        TimeSeries series = file.series().get(0);
        assertEquals(1, file.series().size());
        assertNull(series.id());
        assertEquals("date", file.layout().time());
        assertEquals(List.of("a", "b"), series.channels());
        assertArrayEquals(new float[]{1, 2, 3}, series.channel(0));
        assertArrayEquals(new float[]{10, 20, 30}, series.channel(1));
        assertTrue(file.report().isEmpty(), () -> file.report().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"date,a\n2020-01-01,1000000005.125\n2020-01-02,1000000010.25\n2020-01-03,1000000015\n",
            "date;a\n2020-01-01;1.000.000.005,125\n2020-01-02;1.000.000.010,25\n2020-01-03;1.000.000.015\n",
            "{\"t\": \"2020-01-01\", \"a\": 1000000005.125}\n{\"t\": \"2020-01-02\", \"a\": 1000000010.25}\n"
                    + "{\"t\": \"2020-01-03\", \"a\": 1000000015}\n"})
    void aCounterKeepsTheDigitsThatFloatDoesNotHold(String text) throws IOException {
        TimeSeries series = series(text);
        assertArrayEquals(new double[]{1000000005.125, 1000000010.25, 1000000015}, series.doubleChannel(0));
        assertArrayEquals(new float[]{1e9f, 1e9f, 1e9f}, series.channel(0));
    }

    @Test
    void aFirstLineThatNamesALineBreakAsTheDelimiterNamesNone() {
        assertThrows(DataException.class, () -> read("sep=\n\ndate;load\n2020-01-01;1\n"));
        assertThrows(DataException.class, () -> read("sep=\"\ndate;load\n2020-01-01;1\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"time load\n2020-01-01 52,5\n2020-01-02 60,6\n2020-01-03 58,9\n",
            "time load\n2020-01-01 1,5\n2020-01-02 2,6\n2020-01-03 3,9\n",
            "time load\n\"2020-01-01 00:00\" 1,5\n\"2020-01-01 01:00\" 2,6\n\"2020-01-01 02:00\" 3,5\n"})
    void blanksStandBetweenCellsThatHaveCommas(String text) throws IOException {
        CsvFile file = read(text);
        assertEquals(' ', file.layout().dialect().delimiter());
        assertEquals(5, Math.round(file.series().get(0).doubleChannel(0)[0] * 10) % 10);
        assertEquals(3, file.series().get(0).length());
        String shop = "Datum Zeit;Filiale;Artikel;Gruppe;Preis\n"
                + "01.01.2024 00:00;Berlin;Brot;Food;2,50\n".repeat(3);
        assertEquals(';', read(shop.replaceFirst("01", "02")).layout().dialect().delimiter());
        // The first row is a title of as many words.
        assertEquals(',', read("Load here\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n").layout().dialect().delimiter());
    }

    @Test
    void aCharacterThatBeginsCommentsMayBeTheDelimiter() throws IOException {
        Dialect dialect = new Dialect('#', '\0', '\0', null, 0);
        String text = "time#a\n2020-01-01#1\n#\n2020-01-02#2\n2020-01-03#3\n";
        assertEquals(3, read(text, CsvOptions.defaults().withDialect(dialect)).series().get(0).length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"20dezembro24", "2018December07", "2019-02+14:00-28", "2018-0600:00-30", "12-0600:00-19"})
    void whatLooksLikeATimeAndIsNoneIsRefusedInTheReadersOwnWords(String time) {
        assertThrows(DataException.class, () -> read("time,a\n" + time + ",1\n" + time + ",2\n"));
    }

    /** As Open-Meteo writes: the place with its own names, then the table, here as wide and narrower. */
    @ParameterizedTest
    @ValueSource(strings = {"rain", "rain,b,c,d,e"})
    void aPlaceAboveTheTableIsSkipped(String values) throws IOException {
        StringBuilder text = new StringBuilder("latitude,longitude,elevation,utc_offset_seconds,timezone,abbreviation\n"
                + "52.52,13.41,38.0,0,GMT,GMT\n\ntime," + values + "\n");
        for (int hour = 10; hour < 24; hour++) {
            String cells = ("," + hour).repeat(values.split(",").length);
            text.append("2024-01-01T" + hour + ":00").append(cells).append('\n');
        }
        CsvFile file = read(text.toString());
        assertEquals("time", file.layout().time());
        assertEquals(List.of(values.split(",")), file.series().get(0).channels());
        assertEquals(14, file.series().get(0).length());
        assertEquals(2, file.report().count(RepairReport.Kind.LINES_BEFORE_HEADER));
    }

    /** As Enedis writes: the meter in a table of its own, wider than that of the values. */
    @Test
    void aWiderTableOfTwoRowsAboveIsSkipped() throws IOException {
        StringBuilder text = new StringBuilder(
                "PRM;Type;Debut;Fin;Pas\n123;Courbe;2022-01-01;2022-12-31;30\n" + "Horodate;Valeur\n");
        for (int hour = 10; hour < 24; hour++) text.append("2022-01-01T" + hour + ":00:00+01:00;" + hour + "\n");
        CsvFile file = read(text.toString());
        assertEquals("Horodate", file.layout().time());
        assertEquals(List.of("Valeur"), file.series().get(0).channels());
        assertEquals(14, file.series().get(0).length());
        assertEquals(2, file.report().count(RepairReport.Kind.LINES_BEFORE_HEADER));
    }

    /** As SBFspot writes for inverters: their serial numbers stand above the pattern of the times. */
    @Test
    void aPatternIsTheNameOfTheTimes() throws IOException {
        StringBuilder text = new StringBuilder(
                "sep=;\nVersion CSV1\n\n;SN: 12;SN: 12\n;12;12\n;Total;Power\n;Counter;Analog\ndd/MM/yyyy HH:mm:ss;kWh;kW\n");
        for (int hour = 10; hour < 24; hour++) text.append("31/05/2024 " + hour + ":00:00;" + hour + ",5;0,5\n");
        CsvFile file = read(text.toString());
        assertEquals("dd/MM/yyyy HH:mm:ss", file.layout().time());
        assertEquals(List.of("kWh", "kW"), file.series().get(0).channels());
        assertEquals(14, file.series().get(0).length());
    }

    /** As the Geological Survey writes: the width and type of each column below its name. */
    @Test
    void aRowOfFormatsIsSkipped() throws IOException {
        CsvFile file = read("agency\tsite\tdatetime\tflow\n5s\t15s\t20d\t14n\n"
                + "USGS\t01646500\t2022-01-01\t5\nUSGS\t01646500\t2022-01-02\t6\nUSGS\t01646500\t2022-01-03\t7\n");
        assertEquals("datetime", file.layout().time());
        assertEquals(List.of("flow"), file.series().get(0).channels());
        assertArrayEquals(new float[]{5, 6, 7}, file.series().get(0).channel(0));
        assertEquals(1, file.report().count(RepairReport.Kind.ROWS_OF_UNITS));
    }

    /** Rows at the end that are narrower than the table, where they begin with no time of the column. */
    @Test
    void aFooterMayBeginWithADigit() throws IOException {
        String rows = "date,a,b\n2020-01-01,1,2\n2020-01-02,3,4\n2020-01-03,5,6\n";
        CsvFile file = read(rows + "1,Estimated\n900\n");
        assertEquals(3, file.series().get(0).length());
        assertEquals(2, file.report().count(RepairReport.Kind.ROWS_AT_END));
        assertEquals("2020-01-04", read(rows + "2020-0\n").series().get(0).axis().labelAt(3));
        assertFails("n,a\n1,5\n2,6\n3,7\n900\n", "line 5", "expected 2 cells");
        assertFails(rows + "1,Estimated\n2020-01-04,7,8\n", "line 5", "expected 3 cells");
        assertFails(rows + "2020-01-04,7\n", "line 5", "expected 3 cells");
        assertFails(rows + "1,7,8\n", "line 5", "'1'");
    }

    /** As Strava writes: two columns have one name. */
    @Test
    void aNameThatOccursTwiceIsRefusedOnlyWhereItMayBeRead() throws IOException {
        String text = "id,date,dist,effort,dist\n1,2020-01-01,5,9,5000\n2,2020-01-02,6,8,6000\n";
        CsvOptions effort = CsvOptions.defaults().withTargets(List.of("effort"));
        assertEquals(List.of("effort"), read(text, effort).series().get(0).channels());
        for (CsvOptions options : List.of(effort.withTime("dist"), effort.withId("id,dist"),
                effort.withStaticColumns(List.of("dist")), CsvOptions.defaults().withTargets(List.of("dist")))) {
            assertFails(text, options, "line 1", "'dist'", "twice");
        }
        CsvOptions y = CsvOptions.defaults().withTargets(List.of("y"));
        assertFails("date,date,y\n1,2020-01-01,5\n", y, "'date'", "twice");
    }

    /** As sadf and CAMS write: beside the numbers stand a host and a range of times. */
    @ParameterizedTest
    @CsvSource({"# hostname;timestamp;user;idle, 'myhost;2022-01-0D 00:00:00 UTC;1;8D', user idle",
            "# Observation period;TOA;GHI, '2022-01-0DT00:00:00.0/2022-01-0ET00:00:00.0;1;D', TOA GHI",
            "# date;station;y, 'date;station;2020\n2022-01-0D;A;D', 2020",
            "# of the station;7;x, myhost;2022-01-0D;D, column 3"})
    void namesInACommentMayStandAboveTexts(String comment, String row, String channels) throws IOException {
        StringBuilder text = new StringBuilder("# version: 2\n" + comment + "\n");
        for (int i = 1; i < 9; i++) text.append(row.replace("D", "" + i).replace("E", "" + (i + 1)) + "\n");
        assertEquals(channels, String.join(" ", series(text.toString()).channels()));
    }

    @Test
    void targetsKeepTheirOrder() throws IOException {
        TimeSeries series = read(WIDE, CsvOptions.defaults().withTargets(List.of("b", "a"))).series().get(0);
        assertEquals(List.of("b", "a"), series.channels());
        assertArrayEquals(new float[]{10, 20, 30}, series.channel(0));
    }

    @Test
    void longFile() throws IOException {
        String text = "id,ds,y\nB,2020-01-01,1\nA,2020-02-01,5\nB,2020-01-02,2\nA,2020-02-03,7\nA,2020-02-02,6\n";
        CsvFile file = read(text, CsvOptions.defaults().withId("id"));
        TimeSeries b = file.series().get(0);
        TimeSeries a = file.series().get(1);
        assertEquals("B", b.id());
        assertArrayEquals(new float[]{1, 2}, b.channel(0));
        assertEquals("A", a.id());
        assertArrayEquals(new float[]{5, 6, 7}, a.channel(0));
        assertEquals("2020-02-01", a.axis().labelAt(0));
        assertEquals(1, file.report().count(RepairReport.Kind.ROWS_SORTED));
    }

    @Test
    void idsForgottenIsAnErrorWithAHint() {
        String text = "id,ds,y\nA,2020-01-01,1\nB,2020-01-01,2\nC,2020-01-01,3\nA,2020-01-02,4\nB,2020-01-02,5\n";
        assertFails(text, "line 3", "'ds'", "2020-01-01 is repeated", "id column");
    }

    @Test
    void dateAndHourAreJoined() throws IOException {
        String text = "n,day,hr,cnt\n1,2011-01-01,22,7\n2,2011-01-01,23,8\n3,2011-01-02,0,9\n";
        CsvFile file = read(text, CsvOptions.defaults().withTime("day+hr").withTargets(List.of("cnt")));
        TimeSeries series = file.series().get(0);
        assertEquals("day+hr", file.layout().time());
        assertEquals(Frequency.ofMillis(3_600_000), series.axis().frequency());
        assertEquals("2011-01-02 1", series.axis().labelAt(3));
    }

    @Test
    void theJoinedHourMayBeAValueAsWell() throws IOException {
        String text = "day,hr,cnt\n2020-01-01,22,1\n2020-01-01,23,2\n2020-01-02,0,3\n";
        CsvOptions options = CsvOptions.defaults().withTime("day+hr");
        assertEquals(List.of("cnt"), read(text, options).series().get(0).channels());
        TimeSeries series = read(text, options.withTargets(List.of("cnt", "hr"))).series().get(0);
        assertArrayEquals(new float[]{22, 23, 0}, series.channel(1));
        assertFails(text, options.withTargets(List.of("day")), "already the time");
    }

    @Test
    void channelsAreSelectedByName() throws IOException {
        TimeSeries series = series(WIDE);
        assertEquals(List.of("b", "a"), series.select(List.of("b", "a")).channels());
        assertArrayEquals(series.channel(1), series.select(List.of("b")).channel(0));
        assertThrows(IllegalArgumentException.class, () -> series.select(List.of("c")));
    }

    @Test
    void timeColumnIsFoundByItsCells() throws IOException {
        CsvFile file = read("x,when,y\n5,2020-01-01 00:00,1\n6,2020-01-01 00:15,2\n");
        assertEquals("when", file.layout().time());
        assertEquals(List.of("x", "y"), file.series().get(0).channels());
        assertEquals(Frequency.ofMillis(900_000), file.series().get(0).axis().frequency());
    }

    /** Numbers of orders, sorted or not, are neither times nor values. */
    @ParameterizedTest
    @ValueSource(strings = {"1001 1002 1003 1004", "1003 1001 1004 1002"})
    void numbersOfOrdersAreNoTimes(String orders) throws IOException {
        StringBuilder text = new StringBuilder("order_id,created_at,total\n");
        int hour = 9;
        for (String order : orders.split(" ")) text.append(order + ",2023-01-02 " + ++hour + ":00:00,9.5\n");
        CsvFile file = read(text.toString());
        assertEquals("created_at", file.layout().time());
        assertEquals(List.of("total"), file.series().get(0).channels());
    }

    @Test
    void yearsInFrontAreTheTimeBesideOtherDates() throws IOException {
        CsvFile file = read(
                "season,yield,harvest_start\n2001,5.1,2001-09-12\n2002,5.3,2002-10-01\n2003,5.2,2003-09-20\n");
        assertEquals("season", file.layout().time());
    }

    @Test
    void aStrayRowAmongWeeksIsNoFrequency() throws IOException {
        StringBuilder text = new StringBuilder("date,v\n");
        for (int week = 0; week < 10; week++) {
            text.append(LocalDate.EPOCH.plusWeeks(week)).append(',').append(week * week % 7).append('\n');
            if (week == 4) text.append(LocalDate.EPOCH.plusWeeks(week).plusDays(3)).append(",5\n");
        }
        assertEquals("1 week", read(text.toString()).series().get(0).axis().frequency().toString());
    }

    @Test
    void quantilesOfAnEarlierForecastAreNotForecast() throws IOException {
        CsvFile file = read("date,load,load.q0.1,load.mean,wind.q0.9\n2020-01-01,1,2,3,4\n2020-01-02,1,2,3,4\n");
        assertEquals(List.of("load", "load.mean", "wind.q0.9"), file.series().get(0).channels());
        assertEquals("1 column of an earlier forecast ignored (--target names it): load.q0.1",
                file.report().toString());
    }

    @Test
    void numbersBeyondTheFirstColumnAreNotTakenForTimes() throws IOException {
        CsvFile file = read("x,y\n5,1577836800\n6,1577836860\n");
        assertEquals(List.of("x", "y"), file.series().get(0).channels());
        assertEquals("3", file.series().get(0).axis().labelAt(2));
        assertEquals(1, file.report().count(RepairReport.Kind.TIMES_MISSING));
    }

    /** It says how long a step lasts, from which seasons follow, and not when it is. */
    @Test
    void theFrequencyOfRowsWithoutTimesGivesThemNoDates() throws IOException {
        CsvOptions daily = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("P1D")));
        for (String text : List.of("x,y\n5,1\n6,3\n", "step,y\n10,1\n20,3\n30,1\n")) {
            TimeAxis axis = read(text, daily).series().get(0).axis();
            assertEquals(Optional.of(Duration.ofDays(1)), axis.frequency().toTemporalAmount());
            assertEquals(read(text).series().get(0).axis().labelAt(3), axis.labelAt(3));
            assertEquals(Optional.empty(), axis.firstDay());
        }
    }

    @Test
    void missingNamedColumnsListWhatIsThere() {
        assertFails(WIDE, CsvOptions.defaults().withTime("when"), "'when'", "no such column", "'date', 'a', 'b'");
        assertFails(WIDE, CsvOptions.defaults().withTargets(List.of("c")), "'c'", "no such column");
        assertFails(WIDE, CsvOptions.defaults().withId("c"), "'c'", "no such column");
        assertFails("date;Load, MW\n2024-01-01;1\n2024-01-02;2\n",
                CsvOptions.defaults().withTargets(List.of("Load", "MW")), "'Load, MW'; a comma within a name is",
                "\\,");
        assertFails(WIDE, CsvOptions.defaults().withTargets(List.of("a", "a")), "'a'", "already");
    }

    @Test
    void semicolonWithDecimalCommaAndQuotesAndByteOrderMarkAndCrLf() throws IOException {
        TimeSeries series = series("\uFEFFDatum;\"a;b\";c\r\n01.02.2020;1,5;\"2\"\r\n02.02.2020;-0,25;1e3\r\n\r\n");
        assertEquals(List.of("a;b", "c"), series.channels());
        assertArrayEquals(new float[]{1.5f, -0.25f}, series.channel(0));
        assertArrayEquals(new float[]{2, 1000}, series.channel(1));
    }

    @Test
    void tabs() throws IOException {
        assertArrayEquals(new float[]{1.5f, 2}, series("date\ty\n2020-01-01\t1.5\n2020-01-02\t2\n").channel(0));
    }

    @Test
    void semicolonWhereTheOnlyCommasAreThoseOfTheLastColumn() throws IOException {
        CsvFile file = read("Datum;Empfänger;Verwendungszweck;Kategorie;Betrag in EUR\n"
                + "01.01.2024;Rewe;Einkauf;Essen;-20,10\n02.01.2024;Rewe;Einkauf;Essen;-21,11\n");
        assertEquals(List.of("Betrag in EUR"), file.series().get(0).channels());
        assertArrayEquals(new float[]{-20.1f, -21.11f}, file.series().get(0).channel(0));
        assertEquals("03.01.2024", file.series().get(0).axis().labelAt(2));
        assertEquals(List.of("Betrag in EUR"),
                series("Konto:;DE12\nStand:;31.01.2024\nDatum;Empfänger;Zweck des Kaufs;Art;Betrag in EUR\n"
                        + "01.01.2024;Rewe;Einkauf;Essen;-20,10\n02.01.2024;Rewe;Einkauf;Essen;-21,11\n"
                        + "03.01.2024;Rewe;Einkauf;Essen;-22,12\n").channels());
        TimeSeries grid = series("Datum;von;Zeitzone von;bis;Zeitzone bis;Wert MW\n"
                + "01.01.2024;00:00;UTC;00:15;UTC;1,125\n01.01.2024;00:15;UTC;00:30;UTC;2,5\n");
        assertArrayEquals(new float[]{1.125f, 2.5f}, grid.channel(0));
        assertEquals(List.of("load"), series("Title of it;all\ndate,load\n2020-01-01,1\n2020-01-02,2\n").channels());
    }

    @Test
    void aFileHasOneDecimalMark() throws IOException {
        assertArrayEquals(new float[]{1.5f, 2}, series("date,y\n2020-01-01,\"1,5\"\n2020-01-02,2\n").channel(0));
        assertFails("date;y\n2020-01-01;1,5\n2020-01-02;2,5\n2020-01-02;2.5\n", "line 4", "'y'", "'2.5'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NA", "n/a", "NaN", "null", "None", "-", "--", "---", "/", "n/e", "N/E", "?", ".",
            "***", "Ice"})
    void missingCells(String cell) throws IOException {
        CsvFile file = read("date,y,z\n2020-01-01," + cell + ",1\n2020-01-02,3,2\n");
        assertArrayEquals(new float[]{Float.NaN, 3}, file.series().get(0).channel(0));
        assertEquals(1, file.report().count(RepairReport.Kind.CELLS_MISSING));
        assertTrue(file.report().toString().contains("line 2, column y"), () -> file.report().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1x", "0x10", "1f", "1e", "1e+", "1.2.3", "--1", "1 2", "e5", "1_000", "٣"})
    void badCells(String cell) {
        DataException failure = assertFails("date,y\n2020-01-01,1\n2020-01-02," + cell + "\n", "expected a number",
                "'" + cell + "'");
        assertEquals(3, failure.line());
        assertEquals("y", failure.column());
        assertEquals(CsvFixture.NAME, failure.file());
    }

    @Test
    void infiniteValuesAreErrors() {
        assertFails("date,y\n2020-01-01,1\n2020-01-02,-Infinity\n", "line 3", "'y'", "finite");
        assertFails("date,y\n2020-01-01,1\n2020-01-02,inf\n", "line 3", "finite");
        assertFails("date,y\n2020-01-01,1\n2020-01-02,1e39\n", "line 3", "beyond the range");
        assertFails("date,y\n2020-01-01,1\n2020-01-02,1e999\n", "line 3", "beyond the range");
    }

    @Test
    void textColumnsAreLeftOutUnlessNamed() throws IOException {
        String text = "date,city,empty,y\n2020-01-01,Rome,,1\n2020-01-02,Oslo,,2\n";
        CsvFile file = read(text);
        assertEquals(List.of("y"), file.series().get(0).channels());
        assertEquals(2, file.report().count(RepairReport.Kind.COLUMNS_IGNORED));
        assertTrue(file.report().toString().contains("city; empty"), () -> file.report().toString());
        assertFails(text, CsvOptions.defaults().withTargets(List.of("city")), "line 2", "'city'", "'Rome'");
        assertFails(text, CsvOptions.defaults().withTargets(List.of("empty")), "'empty'", "only missing");
        assertFails("date,y\n2020-01-01,low\n2020-01-02,2\n", "line 2", "'y'", "'low'");
        assertFails("date,y\n2020-01-01,low\n2020-01-02,high\n", "no column holds numbers");
    }

    @Test
    void raggedRow() {
        assertEquals(3, assertFails("date,y\n2020-01-01,1\n2020-01-02\n", "expected 2 cells").line());
        assertFails("date,y\n2020-01-01,1\n2020-01-02,1,2\n", "line 3", "found 3");
    }

    @Test
    void blankRowsAreSkipped() throws IOException {
        CsvFile file = read("date;y\n2020-01-01;1\n;\n2020-01-02;2\n;\n");
        assertEquals(2, file.series().get(0).length());
        assertEquals(2, file.report().count(RepairReport.Kind.ROWS_BLANK));
        assertEquals(2, series("date,y\n2020-01-01,1\n2020-01-02,2\n   \n").length());
    }

    @Test
    void filesWithoutData() {
        assertFails("", "empty");
        assertFails("\n\n", "empty");
        for (String names : List.of("date,y", "Quarter,y", "Jahr;Monat;y", "a,b")) {
            assertFails(names + "\n", "at least 2 rows", "found 0");
        }
        assertFails("date,y\n2020-01-01,1\n", "at least 2 rows", "found 1");
        assertFails("date,y\n2020-01-01,1\n2020-01-01,1\n", "at least 2 different times");
        assertFails("date\n2020-01-01\n2020-01-02\n", "expected columns of values");
        assertFails("date,y,y\n2020-01-01,1,2\n", "line 1", "'y'", "twice");
    }

    @Test
    void unclosedQuote() {
        assertFails("date,y\n2020-01-01,\"1\n2020-01-02,2\n", "cannot be read");
        assertFails("date,y\n2020-01-01,\"1\n" + "2020-01-02,2\n".repeat(10_000), "longer than");
        assertFails("date,y\n2020-01-01,1\n2020-01-02,\"2\"\"\n2020-01-03,3\"\"\n2020-01-04,4\n", "line 3",
                "the quote that opens a cell is never closed; close it");
        assertFails("date,y\n2020-01-01,  \"1\n" + "2020-01-02,2\n".repeat(10_000), "longer than");
    }

    @Test
    void boundsOnColumnsCellsAndMemory() {
        CsvLimits limits = new CsvLimits(4, 30, 200, 10_000, 2);
        assertLimited("date" + ",y".repeat(100), limits, "line 1", "more than 4 columns");
        assertLimited("date,y\n2020-01-01," + "1".repeat(100), limits, "line 2", "longer than 30");
        StringBuilder rows = new StringBuilder("date,y\n");
        for (int i = 0; i < 2000; i++) rows.append(1_500_000_000 + 60 * i).append(",1\n");
        assertLimited(rows.toString(), limits, "too large", "more memory");
    }

    private static void assertLimited(String text, CsvLimits limits, String... parts) {
        ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        DataException failure = assertThrows(DataException.class,
                () -> CsvReader.read(in, CsvFixture.NAME, CsvOptions.defaults(), limits, List.of()));
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), () -> failure.getMessage() + " lacks " + part);
        }
    }

    @Test
    void textFromTheFileIsShortenedAndCleaned() {
        DataException failure = assertFails("date,y\n2020-01-01,1\n2020-01-02,\"\u001b[31m" + "x".repeat(500) + "\"\n");
        assertTrue(failure.getMessage().length() < 200, failure.getMessage());
        assertTrue(failure.getMessage().chars().noneMatch(Character::isISOControl), failure.getMessage());
    }

    @Test
    void gzip(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("wide.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write(WIDE.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(3, CsvReader.read(path, CsvOptions.defaults()).series().get(0).length());
    }

    @Test
    void brokenGzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(WIDE.getBytes(StandardCharsets.UTF_8));
        }
        for (int length : new int[]{5, bytes.size() - 4, bytes.size() / 2}) {
            ByteArrayInputStream cut = new ByteArrayInputStream(bytes.toByteArray(), 0, length);
            DataException failure = assertThrows(DataException.class,
                    () -> CsvReader.read(cut, "cut.gz", CsvOptions.defaults()));
            assertTrue(failure.getMessage().contains("cannot be read"), failure.getMessage());
        }
    }

    @Test
    void aStreamIsClosedEvenWhenTheFirstLineIsRefused() {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream in = new ByteArrayInputStream("y,y\n3,4\n".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        assertThrows(DataException.class, () -> CsvReader.read(in, "data.csv", CsvOptions.defaults()));
        assertTrue(closed.get());
    }

    @Test
    void anErrorOfAStreamNamesIt() {
        InputStream in = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Is a directory");
            }
        };
        assertEquals("standard-input: cannot be read: Is a directory",
                assertThrows(DataException.class, () -> CsvReader.read(in, "standard-input", CsvOptions.defaults()))
                        .getMessage());
    }

    @Test
    void aFutureWithoutAHistoryIsRefused(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("future.csv"), WIDE);
        assertThrows(IllegalArgumentException.class,
                () -> CsvReader.readFuture(path, CsvOptions.defaults(), List.of()));
    }

    /** Any damaged file is read, or refused with a reason. */
    @RepeatedTest(200)
    void damagedFilesAreReadOrRefused(RepetitionInfo repetition) throws IOException {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        byte[] bytes = WIDE.concat("2020-01-04,4,40\n2020-01-05 00:00,5e0,\"50\"\n").getBytes(StandardCharsets.UTF_8);
        String alphabet = "0123456789,;\t\"\r\n-+.eE:/TZ \u0000";
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
        try {
            for (TimeSeries series : CsvReader.read(new ByteArrayInputStream(bytes), "x", CsvOptions.defaults())
                    .series()) {
                assertTrue(series.length() >= 2, "seed " + seed);
                series.axis().labelAt(series.length());
            }
        } catch (DataException e) {
            assertTrue(e.getMessage().startsWith("x"), "seed " + seed + ": " + e.getMessage());
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void absentFile(@TempDir Path folder) {
        Path path = folder.resolve("absent.csv");
        assertThrows(NoSuchFileException.class, () -> CsvReader.read(path, CsvOptions.defaults()));
    }
}
