package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.read;
import static org.ttm4j.data.grid.CsvFixture.series;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.TimeSeries;

/** Cells that could mean two things, of which the rest of the file shows one. */
class DoubtfulCellsTest {
    private static String rows(int count, java.util.function.IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(row).collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void dayAndMonthOfManyRowsOfTheFirstOfJanuaryCanBeExchanged() throws IOException {
        DateTimeFormatter american = DateTimeFormatter.ofPattern("M/d/uuuu H:mm", Locale.ROOT);
        String text = "time,kw\n" + rows(14 * 288,
                i -> american.format(LocalDateTime.of(2020, 1, 1, 0, 0).plusMinutes(5L * i)) + "," + i % 7);
        TimeSeries series = series(text);
        assertEquals(14 * 288, series.length());
        assertEquals("1/2/2020 0:00", series.axis().labelAt(288));
        String panel = "date,store,sales\n" + rows(24 * 150,
                i -> String.format("%02d/01/%d,s%d,%d", i / 150 % 12 + 1, 2019 + i / 1800, i % 150, i % 7));
        CsvFile stores = read(panel, CsvOptions.defaults().withId("store"));
        assertEquals(150, stores.series().size());
        assertEquals("1 month", stores.series().get(0).axis().frequency().toString());
    }

    /** The weather service of the USA writes T for less rain than it measures; T and F are no such numbers. */
    @Test
    void aTraceOfRainIsRead() throws IOException {
        CsvFile file = read("date,rain,flag\n"
                + rows(60, i -> LocalDate.of(2023, 1, 1).plusDays(i) + (i % 5 == 0 ? ",T,T" : ",0.0" + i % 5 + ",F")));
        assertEquals(List.of("rain"), file.series().get(0).channels());
        assertEquals(0, file.series().get(0).doubleChannel(0)[5]);
        assertEquals(12, file.report().count(RepairReport.Kind.BOUNDS));
    }

    /** Of codes, some may be numbers, the first ones too; other columns have a cell that is no number by mistake. */
    @ParameterizedTest
    @ValueSource(strings = {"StockCode", "Payment ID", "Invoice_No", "sku"})
    void codesAreNoNumbers(String name) throws IOException {
        String header = "date," + name + ",sales\n";
        String rows = rows(60, i -> LocalDate.of(2023, 1, 1).plusDays(i) + (i % 7 == 6 ? ",C8512," : ",8512,") + i);
        assertEquals(List.of("sales"), read(header + rows).series().get(0).channels());
        assertEquals(List.of("sales"), read(header + rows.replace(",85", ",C85")).series().get(0).channels());
        for (String value : List.of("grid", "Ozono", "Temp interno", "bid", "Uric acid", "Madrid"))
            CsvFixture.assertFails(header.replace(name, value) + rows, "'C8512'");
        CsvFixture.assertFails((header + rows).replaceAll("(?m),[^,]*$", ""), "line 8", "'C8512'");
        CsvFixture.assertFails(header + rows, CsvOptions.defaults().withTargets(List.of(name)), "'C8512'");
    }

    /** Names in another encoding were answered misspelt without a word. */
    @ParameterizedTest
    @CsvSource({"windows-1250, Měsíc, 1", "windows-1250, Čas, 1", "windows-1250, Výroba elektřiny, 1",
            "windows-1250, Průměr, 1", "windows-1250, Sprzedaż, 1", "windows-1250, Idő, 1", "windows-1254, Satış, 1",
            "windows-1254, Tutarı, 1", "windows-1251, Дата, 1", "windows-1252, Où la forêt brûle, 0",
            "windows-1252, Miljøinvesteringer, 0", "windows-1252, Lunedì è così più, 0",
            "windows-1252, Prøve på øl til miljøet, 0", "windows-1252, Põhivõrk, 0", "windows-1252, Previsões, 0",
            "windows-1252, Mælt þrýsting á að, 0", "windows-1252, Història, 0", "windows-1252, Größe in m³, 0"})
    void anotherEncodingThanWindows1252IsSaid(String encoding, String name, int notes) throws IOException {
        byte[] bytes = ("date;" + name + "\n" + rows(30, i -> LocalDate.of(2023, 1, 1).plusDays(i) + ";" + i))
                .getBytes(Charset.forName(encoding));
        CsvFile file = CsvReader.read(new ByteArrayInputStream(bytes), CsvFixture.NAME, CsvOptions.defaults());
        assertEquals(notes, file.report().count(RepairReport.Kind.ENCODING_ASSUMED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dd MMM", "MMM-dd"})
    void daysWithoutAYearAreNoMonthsOfManyYears(String pattern) {
        DateTimeFormatter days = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        CsvFixture.assertFails("day,y\n" + rows(60, i -> days.format(LocalDate.of(2026, 1, 1).plusDays(i)) + "," + i),
                "without a year");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MMM uuuu", "MMM-uu"})
    void monthsOfYearsMayBeMissing(String pattern) throws IOException {
        DateTimeFormatter months = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        TimeSeries series = series("month,y\n"
                + rows(36, i -> months.format(LocalDate.of(1998, 1, 1).plusMonths(i < 24 ? i : i + 12)) + "," + i));
        assertEquals(48, series.length());
        assertEquals("1 month", series.axis().frequency().toString());
    }

    /** As Eurostat writes. Elsewhere such letters are units, which must not be mixed. */
    @Test
    void aFlagBehindANumberIsNoUnit() throws IOException {
        String[] flags = {"", " p", "", " be", "", "", " u"};
        String text = "TIME_PERIOD,OBS_VALUE\n" + rows(60,
                i -> YearMonth.of(2015, 1).plusMonths(i) + "," + (i == 4 ? ": c" : 100.5 + i + flags[i % 7]));
        CsvFile file = read(text);
        assertEquals(60, file.series().get(0).length());
        assertEquals(101.5, file.series().get(0).channel(0)[1]);
        assertTrue(Double.isNaN(file.series().get(0).channel(0)[4]));
        assertEquals(26, file.report().count(RepairReport.Kind.FLAGS), () -> file.report().toString());
        CsvFile turned = read("geo\\TIME\t2020-01 \t2020-02 \t2020-03 \t2020-04 \nDE\t1.5 \t: c\t3.5 p\t4.5\n"
                + "FR\t1.5 \t2.5 \t3.5 p\t4.5 \n");
        assertArrayEquals(new float[]{1.5f, Float.NaN, 3.5f, 4.5f}, turned.series().get(0).channel(0));
        CsvFile marked = read(
                "date,y\n2020-01-01,142*\n2020-01-02,12.3 (p)\n2020-01-03,M\n2020-01-04,1.5\n2020-01-05,2\n");
        assertArrayEquals(new float[]{142, 12.3f, Float.NaN, 1.5f, 2}, marked.series().get(0).channel(0));
        assertEquals(2, marked.report().count(RepairReport.Kind.FLAGS), () -> marked.report().toString());
        for (String ids : List.of("3*,4*", "1 (a),2 (b)")) { // classes of hotels, and parts
            CsvFile long2 = read("date,class,y\n"
                    + rows(80, i -> LocalDate.of(2020, 1, 1).plusDays(i / 2) + "," + ids.split(",")[i % 2] + "," + i));
            assertEquals(2, long2.series().size());
        }
        for (String cells : List.of("5 d,3 s", "5,3 kg", "5,3p")) {
            String mixed = rows(20, i -> LocalDate.of(2020, 1, 1).plusDays(i) + "," + cells.split(",")[i / 7 % 2]);
            CsvFixture.assertFails("date,y\n" + mixed, "number");
        }
    }

    /** Units, and marks of debit and credit; s and d are flags beside others. */
    @ParameterizedTest
    @CsvSource({"12 ns, line 2", "3 s, line 2", "101 d, line 2", "102 cr, line 2", "102 dr, line 2", "9 us, line 2",
            "9 ms, line 2", "9 ps, line 2", "9 bn, line 2"})
    void whatMayBeAUnitIsNoFlag(String cell, String line) throws IOException {
        String text = "date,y\n"
                + rows(30, i -> LocalDate.of(2024, 1, 1).plusDays(i) + "," + (i % 7 == 0 ? cell : 900.5 + i));
        CsvFixture.assertFails(text, line, "'" + cell + "'");
        CsvFixture.assertFails(text.replace("," + cell + "\n2024-01-02", ",899.5\n2024-01-02"), "line 9",
                "'" + cell + "'");
        boolean mayBeFlag = cell.endsWith(" s") || cell.endsWith(" d");
        if (mayBeFlag) assertEquals(30, series(text.replace("910.5", "910.5 p")).length());
        else CsvFixture.assertFails(text.replace("910.5", "910.5 p"), "'" + cell + "'");
    }

    @Test
    void octoberIsTheNumberThatLostItsZero() throws IOException {
        String text = "Date,P\n" + rows(30, i -> {
            String month = String.format("%d.%02d", 1950 + i / 12, i % 12 + 1);
            return (month.endsWith(".10") ? month.substring(0, month.length() - 1) : month) + "," + i;
        });
        CsvFile file = read(text);
        assertEquals(30, file.series().get(0).length());
        assertEquals(9, file.series().get(0).channel(0)[9]);
        assertTrue(file.report().isEmpty(), () -> file.report().toString());
        CsvFixture.assertFails("Date,P\n1950.1,1\n1950.11,2\n1950.12,3\n1951.01,4\n", "1951.01");
        TimeSeries descending = series("Date,P\n1950.12,4\n1950.11,3\n1950.1,2\n1950.09,1\n");
        assertArrayEquals(new float[]{1, 2, 3, 4}, descending.channel(0));
        assertEquals(12, series("Date,P\n" + rows(12, i -> "1950." + (i + 1) + "," + i)).length());
        String panel = "Date,id,P\n" + rows(22, i -> "1950." + (i % 11 + 1) + "," + (i < 11 ? "a," : "b,") + i);
        assertEquals(11, read(panel, CsvOptions.defaults().withId("id")).series().get(1).length());
    }

    @ParameterizedTest
    @CsvSource({"2, 2019-03-01, 2024-01-01", "4, 2019-05-31, 2029-01-31", "24, 2020-01-01, 2078-01-01",
            "60, 1900-01-01, 2045-01-01", "120, 1900-01-01, 2190-01-01"})
    void severalMonthsOrYearsAreNoFixedDays(int months, LocalDate first, String next) throws IOException {
        CsvFile file = read("date,value\n" + rows(29, i -> first.plusMonths(months * (long) i) + "," + i));
        assertEquals(29, file.series().get(0).length());
        assertEquals(next, file.series().get(0).axis().labelAt(29));
        assertTrue(file.report().isEmpty(), () -> file.report().toString());
    }

    @Test
    void whatIsBehindTheLastDelimiterOfTheRowsHasNoName() throws IOException {
        TimeSeries series = series("date,load\n2020-01-01,100.5,\n2020-01-02,116.6,\n2020-01-03,117,\n");
        assertEquals(List.of("load"), series.channels());
        assertEquals("2020-01-04", series.axis().labelAt(3));
        assertEquals(List.of("load"),
                series("date,load\n0,2020-01-01,100.5\n1,2020-01-02,116.6\n2,2020-01-03,117\n").channels());
    }

    @Test
    void namesOfRowsInFrontAreNoEmptyColumnBehind() throws IOException {
        TimeSeries series = series("date,load,temp\n1,2020-01-01,5,\n2,2020-01-02,6,\n3,2020-01-03,7,\n");
        assertEquals(List.of("load"), series.channels());
        assertArrayEquals(new float[]{5, 6, 7}, series.channel(0));
    }

    /** In a panel of months, a series of which most rows are two months apart. */
    @Test
    void aSparseSeriesOfMonthsIsOneOfMonths() throws IOException {
        StringBuilder text = new StringBuilder("date,id,value\n");
        for (int month = 0; month < 24; month++) {
            text.append(LocalDate.of(2020, 1, 1).plusMonths(month)).append(",a,").append(month).append('\n');
            text.append(LocalDate.of(2020, 1, 1).plusMonths(month)).append(",b,").append(month).append('\n');
        }
        for (int month : new int[]{0, 2, 5, 7, 9, 12, 14, 17, 19}) {
            text.append(LocalDate.of(2020, 1, 1).plusMonths(month)).append(",c,").append(month).append('\n');
        }
        TimeSeries sparse = read(text.toString(), CsvOptions.defaults().withId("id")).series().get(2);
        assertEquals("1 month", sparse.axis().frequency().toString());
        assertEquals(20, sparse.length());
    }

    @Test
    void aPointAfterManyNumbersOfThreeDigitsSeparatesThousands() throws IOException {
        LocalDate first = LocalDate.of(2020, 1, 1);
        String whole = "Datum;Besucher\n" + rows(80, i -> first.plusDays(i) + ";" + (700 + i)) + first.plusDays(80);
        assertArrayEquals(new double[]{779, 1024},
                java.util.Arrays.copyOfRange(series(whole + ";1.024\n").doubleChannel(0), 79, 81));
        String small = "Datum;Besucher\n" + rows(80, i -> first.plusDays(i) + ";" + i % 9) + first.plusDays(80);
        CsvFile file = read(small + ";1.024\n");
        assertEquals(1.024, file.series().get(0).doubleChannel(0)[80]);
        assertTrue(file.report().toString().contains("1.024"), () -> file.report().toString());
    }

    @Test
    void aPointBetweenCommasIsNoSeparator() throws IOException {
        LocalDate first = LocalDate.of(2020, 1, 1);
        String text = "date,load\n" + rows(80, i -> first.plusDays(i) + "," + (500 + i)) + first.plusDays(80)
                + ",702.125\n";
        assertEquals(702.125, series(text).doubleChannel(0)[80]);
    }

    @Test
    void aCommaThatMayBeADecimalMarkBetweenCommasIsReported() throws IOException {
        CsvFile file = read("Datum,Preis\n" + rows(9, i -> "0" + (i + 1) + ".01.2024,\"1,45" + i + "\""));
        assertEquals(1450, file.series().get(0).doubleChannel(0)[0]);
        assertTrue(file.report().toString().contains("'1,458' read as 1458"), () -> file.report().toString());
        for (String shown : List.of("1.5", "998")) {
            CsvFile certain = read("date,visitors\n2024-01-01,\"1,450\"\n2024-01-02," + shown + "\n");
            assertTrue(certain.report().isEmpty(), () -> certain.report().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10 K", "1.10 M", "1.10 Mil", "12 Mio", "1.10 Tsd.", "1.10mln", "1.10 bn", "1.10 tys."})
    void aFactorMayStandBehindABlank(String number) throws IOException {
        String unit = number.replaceAll("[0-9. ]*(?=\\p{L})", "");
        for (String text : List.of(number + "\n2024-01-02,987\n", "987\n2024-01-02," + number + "\n")) {
            String last = "2024-01-03,1.35" + number.replaceAll("^[0-9.]+", "") + "\n";
            CsvFixture.assertFails("time,requests\n2024-01-01," + text + last,
                    "in a column that has numbers with '" + unit + "' and without");
        }
        assertEquals(3,
                series("time,requests\n2024-01-01," + number + "\n2024-01-02,0\n2024-01-03," + number + "\n").length());
    }

    @Test
    void aNumberWithoutTheFactorOfTheOthersIsRefused() throws IOException {
        CsvFixture.assertFails("time,requests\n2024-01-01,1.20K\n2024-01-02,980\n2024-01-03,1.35K\n", "line 3",
                "'980' in a column that has numbers with 'K' and without");
        assertArrayEquals(new float[]{1.2f, 0, 1.35f},
                series("time,requests\n2024-01-01,1.20K\n2024-01-02,0\n2024-01-03,1.35K\n").channel(0));
        assertArrayEquals(new float[]{293, 294, 295},
                series("time,temperature\n2024-01-01,293 K\n2024-01-02,294\n2024-01-03,295 K\n").channel(0));
        assertArrayEquals(new float[]{1.2f, 0.98f, 1.35f},
                series("time,requests\n2024-01-01,1.20K\n2024-01-02,.98K\n2024-01-03,1.35K\n").channel(0));
        assertArrayEquals(new float[]{1.2f, 98, 1.35f},
                series("time,power\n2024-01-01,1.20kW\n2024-01-02,98\n2024-01-03,1.35kW\n").channel(0));
    }

    /** Two payments of 1 and 2 each day and one of 7 to the account; the words say which. */
    private static CsvFile statement(String names, String taken, String given) throws IOException {
        return read("Datum;" + names + "\n" + rows(3 * 40, i -> LocalDate.of(2023, 1, 1).plusDays(i == 59 ? 20 : i / 3)
                + (i % 3 == 2 ? ";7,00;" + given : ";" + (i % 3 + 1) + ",00;" + taken)));
    }

    @ParameterizedTest
    @CsvSource({"Umsatz;, S, H", "'Umsatz; ', S, H", "Betrag;S/H, S, H", "Amount;CR/DR, DR, CR",
            "Amount;Type, debit, credit", "Betrag;Art, Soll, Haben", "Amount;D/C, D, C", "Amount;, d, c"})
    void aWordBesideAnAmountSaysThatItIsNegative(String names, String taken, String given) throws IOException {
        CsvFile file = statement(names, taken, given);
        assertEquals(1, file.series().size());
        assertEquals(7 - 1 - 2, file.series().get(0).channel(0)[0]);
        assertEquals(80, file.report().count(RepairReport.Kind.SIGNS), () -> file.report().toString());
    }

    @ParameterizedTest
    @CsvSource({"Umsatz;Size, S, H", "Temperature;, S, H", "Amount;Type, x, y", "Amount;, S, C", "Amount;, S, ''"})
    void otherWordsSayNothingOfSigns(String names, String taken, String given) throws IOException {
        assertEquals(0, statement(names, taken, given).report().count(RepairReport.Kind.SIGNS));
    }

    @Test
    void aDebitCardIsNoDebit() throws IOException {
        String sales = rows(60,
                i -> LocalDate.of(2023, 1, 1).plusDays(i) + (i % 3 == 0 ? ",5.5,Debit" : ",5.5,Credit"));
        for (String name : List.of("card_type", "Payment method", "Zahlungsart")) {
            assertEquals(5.5f, read("date,amount," + name + "\n" + sales).series().get(0).channel(0)[3], name);
        }
    }

    @Test
    void anAmountThatHasItsSignKeepsIt() throws IOException {
        CsvFile file = read("date,amount,type\n" + rows(60,
                i -> LocalDate.of(2023, 1, 1).plusDays(i) + (i > 30 && i % 2 == 0 ? ",-5.5,debit" : ",5.5,credit")));
        assertEquals(-5.5f, file.series().get(0).channel(0)[32]);
    }

    @ParameterizedTest
    @CsvSource({"900 MiB, 1.5 GiB, 900, 1536", "1.2K, 3.4M, 1.2, 3400", "2.5M, 900K, 2.5, 0.9", "12kB, 1MB, 12, 1000",
            "1.5 s, 250 ms, 1.5, 0.25", "90 min, 2 h, 90, 120", "3 Mio., 1 Mrd., 3, 1000", "4B, 6M, 4, 0.006",
            "512B, 2KiB, 512, 2048"})
    void unitsOfOneKindAreConverted(String one, String other, double first, double second) throws IOException {
        for (int from : new int[]{1, 30}) { // among the first rows, from which the unit is found, and behind them
            CsvFile file = read("date,y\n" + rows(40,
                    i -> LocalDate.of(2020, 1, 1).plusDays(i) + "," + (i < from || i % 3 > 0 ? one : other)));
            double[] values = file.series().get(0).doubleChannel(0);
            assertEquals(first, values[1]);
            assertEquals(second, values[33], 1e-12);
            assertTrue(file.report().count(RepairReport.Kind.UNITS_CONVERTED) > 2, () -> file.report().toString());
        }
        String bare = rows(40,
                i -> LocalDate.of(2020, 1, 1).plusDays(i) + "," + (i == 35 ? "7" : i % 3 > 0 ? one : other));
        CsvFixture.assertFails("date,y\n" + bare, "line 37", "'7' in a column that has numbers with", "and without");
        assertEquals(0, series("date,y\n" + bare.replace(",7\n", ",0\n")).doubleChannel(0)[35]);
    }

    @Test
    void aMessageNamesUnitsThatAreMixedAndHowToLeaveOutAColumnOfTexts() {
        String kilograms = rows(40, i -> LocalDate.of(2020, 1, 1).plusDays(i) + (i < 30 ? ",5 kg,1" : ",3 l,1"));
        CsvFixture.assertFails("date,y,v\n" + kilograms, "line 32", "'y'", "'3 l'", "numbers with 'kg'",
                "with one unit", "--ignore 'y'");
        String sizes = rows(40, i -> LocalDate.of(2020, 1, 1).plusDays(i) + (i < 30 ? ",1.2K,1" : ",512B,1"));
        CsvFixture.assertFails("date,y,v\n" + sizes, "line 32", "'512B'");
        String holidays = "Date,Sales,StateHoliday\n"
                + rows(40, i -> LocalDate.of(2020, 1, 1).plusDays(i) + ",5," + (i < 30 ? "0" : "a"));
        CsvFixture.assertFails(holidays, "expected a number, found 'a'", "--ignore 'StateHoliday'");
        CsvFixture.assertFails(holidays, CsvOptions.defaults().withCategories(new Categories(List.of("StateHoliday"))),
                "expected a number, found 'a'; a column of categories begins with a text");
        CsvFixture.assertFails(holidays.replace("0\n", "0\n").replace("5,a", "many,a"),
                CsvOptions.defaults().withTargets(List.of("Sales")),
                "found 'many'; leave the cell empty where the value is missing");
    }
}
