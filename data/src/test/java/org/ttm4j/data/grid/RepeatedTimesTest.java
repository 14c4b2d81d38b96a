package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.assertFails;
import static org.ttm4j.data.grid.CsvFixture.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.data.time.TimeOptions.Resampling;

/** Two series under the same times must not become one. */
class RepeatedTimesTest {
    private static final CsvOptions BY_SITE = CsvOptions.defaults().withId("site");

    /** Days {@code [from, to)} of a site, whose values are the days plus an offset. */
    private static String days(String site, int from, int to, int offset) {
        StringBuilder text = new StringBuilder();
        for (int day = from; day < to; day++) {
            text.append("2020-").append(String.format("%02d-%02d", 1 + day / 28, 1 + day % 28));
            text.append(',').append(site).append(',').append(day + offset + 0.5).append('\n');
        }
        return text.toString();
    }

    @Test
    void twoSeriesOfTheSameLength() throws IOException {
        String text = "date,site,y\n" + days("north", 0, 28, 0) + days("south", 0, 28, 100);
        for (CsvOptions options : List.of(BY_SITE, CsvOptions.defaults(),
                CsvOptions.defaults().withTargets(List.of("y")))) {
            CsvFile file = read(text, options);
            assertEquals(List.of("north", "south"), file.series().stream().map(TimeSeries::id).toList());
            assertEquals("site", file.layout().id());
            assertEquals(options == BY_SITE ? 0 : 1, file.report().count(RepairReport.Kind.SERIES_FOUND));
        }
    }

    @Test
    void textsThatRecurWithoutAnyTimeAreNamed() throws IOException {
        StringBuilder text = new StringBuilder("site,y\n");
        for (int i = 0; i < 40; i++) text.append(i < 20 ? "north," : "south,").append(i % 7 + 0.5).append('\n');
        CsvFile joined = read(text.toString(), CsvOptions.defaults());
        assertEquals(1, joined.report().count(RepairReport.Kind.SERIES_JOINED));
        assertTrue(joined.report().toString().contains("all rows are one series (--id names ids): site"));
        assertEquals(40, joined.series().get(0).length());
        CsvFile apart = read(text.toString(), BY_SITE);
        assertEquals(2, apart.series().size());
        assertEquals(0, apart.report().count(RepairReport.Kind.SERIES_JOINED));
        StringBuilder weekdays = new StringBuilder("Weekday,y\n");
        for (int i = 0; i < 90; i++) weekdays.append(DayOfWeek.of(i % 7 + 1)).append(",").append(i).append(".5\n");
        CsvFile days = read(weekdays.toString(), CsvOptions.defaults());
        assertEquals(0, days.report().count(RepairReport.Kind.SERIES_JOINED));
    }

    /** Rows of two sensors in the order of their times, of which hardly any repeats, as Home Assistant exports them. */
    private static String history(String id, int... seconds) {
        StringBuilder text = new StringBuilder(id + ",state,last_changed\n");
        for (int i = 0; i < 200; i++) {
            int second = 40 * i + seconds[i % seconds.length];
            String state = i % 50 == 7 ? "unavailable" : (i % 2 == 0 ? 20 : 300) + i % 7 + ".5";
            text.append(i % 2 == 0 ? "sensor.indoor," : "sensor.power,").append(state).append(",2024-01-01T");
            text.append(String.format("%02d:%02d:%02d.125Z%n", second / 3600, second / 60 % 60, second % 60));
        }
        return text.toString();
    }

    @Test
    void sensorsThatTakeTurnsAreToldApartByTheirNames() throws IOException {
        List<String> irregular = List.of(history("entity_id", 0, 13, 5, 31, 19, 2, 37), history("Sensor", 0, 9, 22, 4));
        List<String> polled = List.of(history("device", 0), history("station name", 0, 3), history("Messpunkt", 0, 3));
        for (String text : Stream.of(irregular, polled).flatMap(List::stream).toList()) {
            CsvFile file = read(text);
            assertEquals(List.of("sensor.indoor", "sensor.power"), file.series().stream().map(TimeSeries::id).toList());
            assertEquals(1, file.report().count(RepairReport.Kind.SERIES_FOUND));
            assertTrue(file.series().get(0).channel(0)[1] < 30, text);
        }
        StringBuilder meters = new StringBuilder("time,meter_id,v\n");
        for (int t = 0; t < 400; t++) {
            meters.append(Instant.ofEpochSecond(1704067200L + 900 * t)).append(",M").append(t % 4).append(",7\n");
            if (t % 300 == 7) meters.append(Instant.ofEpochSecond(1704067200L + 900 * t + 60)).append(",M4,7\n");
        }
        assertEquals(5, read(meters.toString()).series().size(), "one of them is new");
        // One series, whose rows a text describes.
        for (String name : List.of("condition", "valid", "GRID")) {
            assertEquals(1, read(irregular.get(0).replace("entity_id", name)).series().size(), name);
        }
        assertEquals(2, read(irregular.get(0).replace("entity_id", "panelId")).series().size());
        assertEquals(1, read(irregular.get(0).replace("state", "amount")).series().size());
        String batches = days("north", 0, 28, 0) + days("south", 28, 56, 0);
        assertEquals(1, read("date,site,y\n" + batches).series().size());
    }

    /** Named or not, a text describes the rows of a series that is regular as a whole, also without closed hours. */
    @Test
    void aRegularSeriesIsNotSplitIntoParts() throws IOException {
        StringBuilder hours = new StringBuilder("time,site,v\n");
        for (int i = 0; i < 400; i++) {
            String time = String.format("2024-01-%02d %02d:00", 1 + i / 24, i % 24);
            hours.append(time).append(i / 3 % 2 == 0 ? ",A," : ",B,").append(20 + i % 9).append('\n');
        }
        CsvFile whole = read(hours.toString());
        assertEquals(1, whole.series().size());
        assertEquals(400, whole.series().get(0).length());
        assertEquals(1, read(hours.toString().replace("site", "site_id")).series().size());
        StringBuilder sessions = new StringBuilder("time,session,price\n");
        for (int day = 1; day <= 28; day++) {
            sessions.append(String.format("2024-02-%02d 09:00,open,%d%n", day, 8 * day % 60));
            sessions.append(String.format("2024-02-%02d 17:00,close,%d%n", day, 9 * day % 50));
        }
        CsvFile open = read(sessions.toString());
        assertEquals(1, open.series().size());
        assertEquals(56, open.series().get(0).length());
        assertEquals(0, open.report().count(RepairReport.Kind.SERIES_FOUND));
    }

    @Test
    void anOverlapOfSomeRowsIsEnoughWhereTextTellsThemApart() {
        String equal = "date,site,y\n" + days("north", 0, 200, 0) + days("south", 199, 300, 0);
        assertFails(equal, "'site'", "--id");
    }

    @Test
    void aNumberMayBeTheIdOrTheHour() {
        String text = "date,site,y\n" + days("1", 0, 28, 0) + days("2", 0, 28, 100);
        assertFails(text, "'site' distinguishes the rows", "several as --id store,item", "--time 'date+site'");
        DataException noHour = assertFails("date,site,y\n" + days("31", 0, 28, 0) + days("32", 0, 28, 100), "--id");
        assertFalse(noHour.getMessage().contains("--time"), noHour.getMessage());
    }

    @Test
    void contradictionsWithoutAnyIdAreReported() {
        String text = "date,y\n" + days("", 0, 28, 0).replace(",,", ",") + days("", 24, 28, 9).replace(",,", ",");
        assertFails(text, "2020-01-25 is repeated (4 rows repeat a time)", "with other values", "--id");
    }

    @Test
    void receiptsOfAnEqualNumberEachDayAreJoinedWhereTheCallerSaysSo() throws IOException {
        StringBuilder text = new StringBuilder("Date,Debit,Credit\n");
        for (int day = 1; day <= 28; day++) {
            for (int i = 1; i <= 2; i++) text.append(String.format("2023-01-%02d,%d.5,%d.25%n", day, day * i, day + i));
        }
        assertFails(text.toString(), "is repeated", "joined with --resample sum, mean or last");
        CsvOptions summed = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withResampling(Resampling.SUM));
        assertEquals(4, read(text.toString(), summed).series().get(0).channel(0)[0]);
    }

    @Test
    void rowsGivenTwiceAreMerged() throws IOException {
        String text = "date,site,y\n" + days("north", 0, 28, 0) + days("north", 14, 28, 0);
        CsvFile file = read(text);
        assertEquals(28, file.series().get(0).length());
        assertEquals(14, file.report().count(RepairReport.Kind.ROWS_MERGED));
    }

    @Test
    void rowsOfReceiptsAreSummed() throws IOException {
        StringBuilder text = new StringBuilder("date,amount,balance,unit price\n");
        for (int day = 1; day <= 28; day++) {
            for (int i = 0; i <= day % 3; i++)
                text.append(String.format("2020-01-%02d,%d,%d,%d\n", day, i + 1, day * i, day + i));
        }
        CsvFile file = read(text.toString());
        assertArrayEquals(new float[]{3, 6, 1}, Arrays.copyOf(file.series().get(0).channel(0), 3));
        assertArrayEquals(new float[]{1, 4, 0}, Arrays.copyOf(file.series().get(0).channel(1), 3));
        assertArrayEquals(new float[]{1.5f, 3, 3}, Arrays.copyOf(file.series().get(0).channel(2), 3));
        assertEquals(56, file.report().count(RepairReport.Kind.ROWS_SUMMED), file.report().toString());
    }

    /** The values 1, 2 and 4 of the third day of receipts in a column of this name, as one. */
    private static float joined(String name) throws IOException {
        StringBuilder text = new StringBuilder("date," + name + "\n");
        for (int day = 1; day <= 28; day++) {
            for (int i = 0; i <= day % 4 % 3; i++) text.append(String.format("2020-01-%02d,%d.0\n", day, 1 << i));
        }
        return read(text.toString()).series().get(0).channel(0)[1];
    }

    @Test
    void aPriceIsAveragedAndTheLastBalanceTakenWhereTheNameHasTheWord() throws IOException {
        float mean = 7 / 3f;
        String[] prices = {"rate", "exchange_rate", "exchangeRate", "FXRate", "RATE_1", "rates", "rateOfDay",
                "unitprice", "Stückpreis", "Wechselkurse", "Consumer prices"};
        for (String name : prices) assertEquals(mean, joined(name), name);
        String[] balances = {"Balance", "account-balance", "balanceAfter", "Kontosaldo", "solde"};
        for (String name : balances) assertEquals(4, joined(name), name);
        String[] amounts = {"generated_kwh", "GENERATED", "rated", "corporate_sales", "corporateSales", "imbalance",
                "balanced", "migraté", "rateéx"};
        for (String name : amounts) assertEquals(7, joined(name), name);
        for (String name : List.of("precipitation_mm", "Niederschlagshöhe", "PRÉCIPITATIONS", "precipitación",
                "precipitação", "Neerslag")) {
            assertTrue(StepRule.isAmount(name), name);
        }
        for (String name : List.of("precipitation_probability", "Niederschlagswahrscheinlichkeit",
                "probabilité de précipitations", "Niederschlagsintensität")) {
            assertFalse(StepRule.isAmount(name), name);
        }
        for (String name : new String[]{"important", "imported_goods"}) assertFalse(StepRule.isMoney(name), name);
        for (String name : new String[]{"importe", "netImport"}) assertTrue(StepRule.isMoney(name), name);
    }

    @Test
    void cellsOfOneTimeMayStandInSeveralRows() throws IOException {
        TimeSeries series = CsvFixture.series("date,a,b\n2020-01-01,1,\n2020-01-01,,2\n2020-01-02,3,\n2020-01-02,,4\n");
        assertArrayEquals(new float[]{1, 3}, series.channel(0));
        assertArrayEquals(new float[]{2, 4}, series.channel(1));
    }

    @Test
    void theHourThatClocksAreSetBackIsMerged() throws IOException {
        StringBuilder text = new StringBuilder("time,zone,y\n");
        for (int hour = 0; hour < 2000; hour++) {
            String time = String.format("2020-%02d-%02d %02d:00", 1 + hour / 24 / 28, 1 + hour / 24 % 28, hour % 24);
            text.append(time).append(hour < 1000 ? ",CEST," : ",CET,").append(hour).append('\n');
            if (hour == 999) text.append(time).append(",CET,").append(hour + 1).append('\n');
        }
        assertEquals(1, read(text.toString()).report().count(RepairReport.Kind.ROWS_MERGED));
    }

    @Test
    void seriesThatCannotBeReadAreReportedBesideTheOthers() throws IOException {
        CsvFile file = read("date,site,y\n" + days("north", 0, 9, 0) + days("south", 0, 1, 0), BY_SITE);
        assertEquals(List.of("north"), file.series().stream().map(TimeSeries::id).toList());
        assertEquals(1, file.rejected().size());
        assertTrue(file.rejected().get(0).getMessage().contains("'south'"));
        assertFails("date,site,y\n" + days("north", 0, 1, 0) + days("south", 0, 1, 0), BY_SITE, "'north'");
    }

    /** Days of 2020 from one to another, each with 10 sold at 20 degrees. */
    private static String sales(int from, int to) {
        StringBuilder text = new StringBuilder("date,sales,temperature\n");
        for (int day = from; day <= to; day++) text.append(LocalDate.ofYearDay(2020, day)).append(",10,20\n");
        return text.toString();
    }

    @Test
    void sumsOfStepsThatTheFileBeginsOrEndsWithinAreLeftOut() throws IOException {
        CsvOptions months = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.ofMonths(1)));
        CsvFile parts = read(sales(11, 166), months); // from 11 January to 14 June
        assertEquals(2, parts.report().count(RepairReport.Kind.STEPS_INCOMPLETE), parts.report().toString());
        TimeSeries series = parts.series().get(0);
        assertArrayEquals(new float[]{290, 310, 300, 310}, series.channel(0));
        assertEquals("2020-02-01", series.axis().labelAt(0));
        assertEquals("2020-06-01", series.axis().labelAt(series.length()));
        assertEquals(6, read(sales(1, 182), months).series().get(0).length(), "whole months");
        assertEquals(6, read(sales(11, 166).replace("sales", "price"), months).series().get(0).length(), "means");
        // Plans go on beyond the sales.
        String planned = sales(11, 166) + sales(167, 213).replace(",10,", ",,").substring(23);
        CsvFile future = read(planned, months);
        assertTrue(Float.isNaN(future.series().get(0).channel(0)[4]));
        assertEquals(20, future.series().get(0).channel(1)[4]);
        assertEquals(2, future.report().count(RepairReport.Kind.STEPS_INCOMPLETE));
        // Events now and then end before any month does.
        StringBuilder events = new StringBuilder("date,sales\n");
        for (int i = 0; i < 40; i++) events.append(LocalDate.ofYearDay(2020, 2 + i * 37 % 178)).append(",10\n");
        CsvFile sparse = read(events.toString(), months);
        assertEquals(0, sparse.report().count(RepairReport.Kind.STEPS_INCOMPLETE), sparse.report().toString());
    }

    @Test
    void numbersBesideATotalAreIdsAndNoTimes() throws IOException {
        StringBuilder text = new StringBuilder("industry,ref_month,value\n");
        for (int i = 0; i < 90; i++) {
            text.append(List.of("Total", "2011", "2012").get(i % 3))
                    .append(",%d-%02d,%d\n".formatted(2020 + i / 36, 1 + i / 3 % 12, i));
        }
        assertFails(text.toString(), "column 'industry'", "found 'Total'");
        assertEquals(3, read(text.toString(), CsvOptions.defaults().withId("industry")).series().size());
    }

    @Test
    void aMonthMayEndWithAHolidayOfAShop() throws IOException {
        CsvOptions months = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("P1M")));
        StringBuilder text = new StringBuilder("date,sales\n");
        for (int day = 1; day <= 364; day++) { // 2022 ends with a Saturday
            LocalDate date = LocalDate.ofYearDay(2022, day);
            if (date.getDayOfWeek() != DayOfWeek.SUNDAY) text.append(date).append(",10\n");
        }
        assertEquals(12, read(text.toString(), months).series().get(0).length());
    }

    @Test
    void aWeekThatLacksItsLastOpenDayIsNotWhole() throws IOException {
        CsvOptions weeks = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("P1W")));
        for (int last : new int[]{136, 137}) { // Friday, Saturday
            StringBuilder text = new StringBuilder("date,sales\n");
            for (int day = 6; day <= last; day++) {
                LocalDate date = LocalDate.ofYearDay(2020, day);
                if (date.getDayOfWeek() != DayOfWeek.SUNDAY) text.append(date).append(",10\n");
            }
            assertEquals(last == 136 ? 18 : 19, read(text.toString(), weeks).series().get(0).length());
        }
    }

    /** The receipts of a day go on to six in the evening. */
    @Test
    void aDayThatIsExportedAtNoonIsNotWhole() throws IOException {
        StringBuilder text = new StringBuilder("time,amount\n");
        for (int i = 0; i < 20 * 24 - 12; i++) {
            LocalDateTime time = LocalDate.ofYearDay(2020, 6 + i / 24)
                    .atTime(9, 0)
                    .plusSeconds(i % 24 * 1400 + i * i % 900);
            text.append(time).append(",%d.%02d\n".formatted(5 + i % 7, i * 37 % 100));
        }
        CsvFile file = read(text.toString());
        assertEquals("1 day", file.series().get(0).axis().frequency().toString());
        assertEquals(19, file.series().get(0).length(), file.report().toString());
    }

    /** As of the electricity markets of North America. */
    @Test
    void hoursThatEndAtMidnightAreSummedByTheDayThatTheyEnd() throws IOException {
        StringBuilder text = new StringBuilder("date,hour ending,sales\n");
        for (int i = 0; i < 24 * 6; i++) {
            text.append(LocalDate.ofYearDay(2020, 1 + i / 24) + ",%02d:00,%d\n".formatted(1 + i % 24, i / 24));
        }
        CsvOptions days = CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("P1D")));
        CsvFile file = read(text.toString(), days);
        assertArrayEquals(new float[]{0, 24, 48, 72, 96, 120}, file.series().get(0).channel(0));
        assertEquals("2020-01-07 24:00", file.series().get(0).axis().labelAt(6));
        String next = "date,hour ending,sales\n2020-01-07,01:00,9\n2020-01-07,24:00,9\n2020-01-08,01:00,7\n";
        TimeSeries future = future(next, days, file);
        assertArrayEquals(new float[]{18, 7}, future.channel(0));
        assertEquals("2020-01-07 24:00", future.axis().labelAt(0));
        String early = "date,hour ending,sales\n2020-01-07,01:00,9\n2020-01-07,23:00,9\n2020-01-08,01:00,7\n";
        TimeSeries without = future(early, days, file);
        assertArrayEquals(new float[]{18, 7}, without.channel(0), "no row says 24:00");
    }

    /** The known future of the only series of a file. */
    private static TimeSeries future(String text, CsvOptions options, CsvFile file) throws IOException {
        return CsvReader
                .read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "f.csv", options,
                        CsvLimits.ofThisMachine(), file.series())
                .series()
                .get(0);
    }

    @Test
    void allSeriesOfAFileEndWithItsLastWholeSum() throws IOException {
        StringBuilder text = new StringBuilder("time,shop,amount\n");
        for (int hour = 0; hour < 24 * 20 + 12; hour++) {
            if (hour % 24 < 8 || hour % 24 > 20) continue; // the hours at which shops are closed
            String time = LocalDateTime.of(2020, 1, 1, 0, 20).plusHours(hour).toString();
            text.append(time).append(",A,5\n").append(hour % 24 % 5 == 1 ? time + ",B,2\n" : "");
        }
        CsvOptions days = CsvOptions.defaults()
                .withId("shop")
                .withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("P1D")).withResampling(Resampling.SUM));
        for (TimeSeries series : read(text.toString(), days).series()) assertEquals(20, series.length(), series.id());
    }
}
