package org.ttm4j.data.grid;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.read;

import java.io.IOException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.grid.RepairReport.Kind;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.data.time.TimeOptions.Fill;
import org.ttm4j.data.time.TimeOptions.Resampling;

/** What a step without a row means: nothing was sold, the shop is closed, or the value is missing. */
class StepsWithoutRowsTest {
    private static final LocalDate FIRST = LocalDate.of(2022, 1, 1);
    private static final int DAYS = 730;

    private static final CsvOptions SUMMED = CsvOptions.defaults()
            .withTimes(TimeOptions.UNKNOWN.withResampling(Resampling.SUM));

    private static CsvOptions fill(Fill fill) {
        return CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFill(fill));
    }

    /** Sales of an item whose days without sales have no row, .45 a day. */
    private static String item(String header, String id, double rate, double unit) {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder text = new StringBuilder(header);
        for (int day = 0; day < DAYS; day++) {
            int sold = 0;
            for (double p = random.nextDouble(); p >= Math.exp(-rate); p *= random.nextDouble()) sold++;
            if (sold > 0) text.append(FIRST.plusDays(day)).append(',').append(id).append(sold * unit).append('\n');
        }
        return text.toString();
    }

    private static double mean(TimeSeries series) {
        return Arrays.stream(series.doubleChannel(0)).average().orElseThrow();
    }

    @Test
    void anItemWithoutRowsOnDaysWithoutSalesSellsNothingThen() throws IOException {
        CsvFile file = read(item("date,y\n", "", 0.45, 1));
        assertEquals(0.45, mean(file.series().get(0)), 0.05);
        assertTrue(file.report().count(Kind.STEPS_ZERO) > 400, file.report().toString());
        assertEquals(0, file.report().count(Kind.STEPS_INSERTED));
        assertEquals(0.12, mean(read(item("date,y\n", "", 0.12, 1)).series().get(0)), 0.02,
                "fewer than one day in five");
    }

    @Test
    void itemsOfAFileEndTogether() throws IOException {
        String late = item("date,item,y\n", "a,", 0.45, 1) + FIRST.plusDays(DAYS + 9) + ",b,3\n"
                + FIRST.plusDays(DAYS + 20) + ",b,3\n";
        TimeSeries a = read(late, CsvOptions.defaults().withId("item")).series().get(0);
        assertEquals(FIRST.plusDays(DAYS + 20).toString(), a.axis().labelAt(a.length() - 1));
        assertEquals(0, a.doubleChannel(0)[a.length() - 1]);
    }

    /** In the middle of two years of sales nothing was recorded for three months. */
    @Test
    void aLongOutageIsNoRunOfZeros() throws IOException {
        String text = item("date,y\n", "", 0.45, 1);
        String outage = text.lines()
                .filter(line -> line.startsWith("date") || line.compareTo("2022-10") < 0
                        || line.compareTo("2023-01") > 0)
                .reduce("", (all, line) -> all + line + "\n");
        assertTrue(read(text).report().count(Kind.STEPS_ZERO) > 0);
        assertEquals(0, read(outage).report().count(Kind.STEPS_ZERO));
    }

    /** One item is sold in winter only, and one is too new to tell: the others show it. */
    @Test
    void theSeriesOfAFileSayTogetherWhatAStepWithoutARowMeans() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        StringBuilder text = new StringBuilder("date,item,y\n");
        for (int day = 0; day < 300; day++) {
            LocalDate date = FIRST.plusDays(day);
            if (date.getDayOfWeek() == DayOfWeek.SUNDAY) continue;
            for (int item = 0; item < 20; item++) {
                boolean isSold = item < 18 || day > (item == 18 ? 250 : 280) || item == 18 && day < 60;
                if (isSold && random.nextDouble() < 0.6) {
                    text.append(date).append(',').append(item).append(',').append(1 + random.nextInt(3)).append('\n');
                }
            }
        }
        CsvFile file = read(text.toString(), CsvOptions.defaults().withId("item"));
        assertEquals(20, file.series().size());
        for (TimeSeries series : file.series()) {
            assertEquals("1 day without Sundays", series.axis().frequency().toString(), series.id());
            assertFalse(Double.isNaN(mean(series)), series.id());
        }
    }

    @Test
    void whatWasNotSoldHasNoRevenueEither() throws IOException {
        String text = item("date,y\n", "", 0.45, 1).replaceAll("(?m),(\\d+)\\.0$", ",$1,$1.5,7.9")
                .replace("y\n", "y,revenue,price\n");
        TimeSeries series = read(text).series().get(0);
        assertFalse(Arrays.stream(series.doubleChannel(1)).anyMatch(Double::isNaN));
        assertTrue(Arrays.stream(series.doubleChannel(2)).anyMatch(Double::isNaN), "a price");
    }

    /** Of four items, three are sold each day; the last has no row on three of four days. */
    @ParameterizedTest
    @CsvSource({"counts, 1, 0, true", "the file writes zeros down, 0, 0, false", "an empty cell, '', 0, false",
            "an outage, 1, 120, false"})
    void aSlowItemSellsNothingWhereOthersHaveRows(String why, String first, int outage, boolean isZero)
            throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        StringBuilder text = new StringBuilder("date,item,y\n");
        for (int day = 0; day < 300; day++) {
            for (int item = 0; item < 4; item++) {
                boolean isSold = item < 3 || random.nextInt(4) == 0 && (day < 100 || day >= 100 + outage);
                if (!isSold) continue;
                text.append(FIRST.plusDays(day)).append(",i").append(item).append(',');
                text.append(item == 0 && day % 5 == 0 ? first : item == 3 ? "1" : "" + (10 + day % 7)).append('\n');
            }
        }
        CsvFile file = read(text.toString());
        assertEquals(isZero, !Double.isNaN(mean(file.series().get(3))), why);
        if (isZero) assertEquals(0.25, mean(file.series().get(3)), 0.05);
        else assertTrue(file.report().toString().contains("--fill zero"), why);
    }

    /** Sold two days apart most often, and on neighbouring days as well; another so seldom that no difference recurs. */
    @Test
    void aStepIsNoLongerThanBetweenTwoSales() throws IOException {
        String slow = sold("a", 1, 3, 5, 6, 8, 11, 13, 14, 16, 27, 29, 30, 40);
        TimeSeries alone = read("date,item,y\n" + slow, CsvOptions.defaults().withId("item")).series().get(0);
        assertEquals("1 day", alone.axis().frequency().toString());
        assertEquals(13, Arrays.stream(alone.doubleChannel(0)).sum());
        String others = sold("b", 2, 9, 19, 31, 38) + sold("c", IntStream.range(1, 60).toArray());
        for (TimeSeries series : read("date,item,y\n" + slow + others, CsvOptions.defaults().withId("item")).series()) {
            assertEquals("1 day", series.axis().frequency().toString(), series.id());
            assertEquals(FIRST.plusDays(59).toString(), series.axis().labelAt(series.length() - 1), series.id());
        }
    }

    private static String sold(String id, int... days) {
        return IntStream.of(days).mapToObj(day -> FIRST.plusDays(day) + "," + id + ",1\n").collect(joining());
    }

    @Test
    void readingsAtIrregularTimesAreAveragedAndEventsAddedUp() throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        StringBuilder latency = new StringBuilder("time,latency_ms\n");
        StringBuilder clicks = new StringBuilder("time,clicks\n");
        LocalDateTime time = FIRST.atStartOfDay();
        for (int i = 0; i < 400; i++) {
            time = time.plusMinutes(20 + random.nextInt(700));
            latency.append(time).append(',').append(80 + random.nextInt(60)).append('\n');
            clicks.append(time).append(',').append(1 + random.nextInt(5)).append('\n');
        }
        CsvFile readings = read(latency.toString());
        assertEquals(1, Math.min(1, readings.report().count(Kind.ROWS_AVERAGED)), readings.report().toString());
        assertTrue(Arrays.stream(readings.series().get(0).doubleChannel(0)).noneMatch(value -> value >= 140));
        assertTrue(read(clicks.toString()).report().count(Kind.ROWS_SUMMED) > 0);
    }

    @ParameterizedTest
    @CsvSource({"total, ROWS_SUMMED", "order value, ROWS_SUMMED", "price_total, ROWS_SUMMED", "price, ROWS_AVERAGED",
            "latency, ROWS_AVERAGED"})
    void valuesOfOrdersAreAddedUp(String name, Kind kind) throws IOException {
        assertTrue(irregular(name, i -> "9.90 19.90 49.00 98.00".split(" ")[i * i % 7 % 4]).report().count(kind) > 0);
    }

    /** As payment services export them: a row for each payment, at any time. */
    @ParameterizedTest
    @ValueSource(strings = {"Fee", "Taxes On Fee", "tax", "Shipping", "tip", "discount", "Commission", "Gebühr",
            "Trinkgeld", "frais", "comisión", "Debit"})
    void whatIsPaidBesideAmountsIsAddedUpAsTheyAre(String name) throws IOException {
        CsvFile file = irregular("Amount," + name, i -> 20 + i * 37 % 11 + ".5,-" + (1 + i * 37 % 11 / 10.0));
        assertEquals(0, file.report().count(Kind.ROWS_AVERAGED), file.report().toString());
        boolean isRate = name.matches("(?i)tax|discount|commission|comisión");
        CsvFile small = irregular("Amount," + name, i -> 20 + i * 37 % 11 + ".5,0." + i * 37 % 11);
        assertEquals(isRate, small.report().count(Kind.ROWS_AVERAGED) > 0, "a share of the amount, or a small one");
        assertTrue(irregular("Amount," + name + " rate", i -> "20.5," + (5 + i * 37 % 11)).report()
                .count(Kind.ROWS_AVERAGED) > 0, "a rate by its name");
        CsvFile other = irregular("coffee,syntax,multiple", i -> 20 + i * 37 % 11 + ".5,2.25,3.5");
        assertEquals(0, other.report().count(Kind.ROWS_SUMMED), "no such words");
    }

    @ParameterizedTest
    @CsvSource({"Total, ROWS_SUMMED", "order_total, ROWS_SUMMED", "Total (EUR), ROWS_SUMMED", "Gross, ROWS_SUMMED",
            "Net, ROWS_SUMMED", "net_flow, ROWS_AVERAGED", "energy_total, ROWS_AVERAGED", "total_load, ROWS_AVERAGED"})
    void ordersMayCostAboutTheSame(String name, Kind kind) throws IOException {
        assertTrue(irregular(name, i -> "9.50 9.90 10.20 10.50".split(" ")[i * i % 7 % 4]).report().count(kind) > 0);
        CsvFile refunds = irregular(name, i -> "9.50 9.90 -9.90 10.50 0".split(" ")[i * 37 % 11 % 5]);
        assertTrue(refunds.report().count(kind) > 0, "some are paid back");
        assertEquals(0, irregular(name, i -> 950 + i * i % 7 + ".125").report().count(Kind.ROWS_SUMMED), "finer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "energy_total", "EUR"})
    void whatGoesOnFromRowToRowIsAveraged(String name) throws IOException {
        assertEquals(0, irregular(name, i -> 500 + 3 * i + ".25").report().count(Kind.ROWS_SUMMED));
        CsvFile noise = irregular("power", i -> 20 + i * 37 % 11 + ".5");
        assertEquals(0, noise.report().count(Kind.ROWS_SUMMED), "a level");
        CsvFile flow = irregular("net_flow", i -> -20 + i * 37 % 71 + ".5");
        assertEquals(0, flow.report().count(Kind.ROWS_SUMMED), "what may be negative");
    }

    private static CsvFile irregular(String name, IntFunction<String> value) throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        StringBuilder text = new StringBuilder("created_at," + name + "\n");
        LocalDateTime time = FIRST.atStartOfDay();
        for (int i = 0; i < 180; i++) {
            text.append(time = time.plusSeconds(1000 + random.nextInt(40_000))).append(',');
            text.append(value.apply(i)).append('\n');
        }
        return read(text.toString());
    }

    @ParameterizedTest
    @CsvSource({"no whole numbers, 0.5, y, 0", "a level by its name, 1, stock level, 0",
            "a level far from zero, 1, y, 1000", "a balance, 1, balance, 0"})
    void otherStepsWithoutARowAreMissing(String why, double unit, String name, int base) throws IOException {
        String text = item("date," + name + "\n", "", 0.45, unit).replaceAll("(?<=,)(\\d)(?=\\.)",
                base > 0 ? "100$1" : "$1");
        CsvFile file = read(text);
        assertTrue(Double.isNaN(mean(file.series().get(0))), why);
        assertEquals(0, file.report().count(Kind.STEPS_ZERO), why);
        assertFalse(Double.isNaN(mean(read(text, fill(Fill.ZERO)).series().get(0))), "asked for");
    }

    @Test
    void anEmptyCellSaysThatAbsentRowsAreMissingToo() throws IOException {
        String text = item("date,y\n", "", 0.45, 1) + FIRST.plusDays(DAYS) + ",\n" + FIRST.plusDays(DAYS + 1) + ",2\n";
        assertEquals(0, read(text).report().count(Kind.STEPS_ZERO));
        double[] zero = read(text, fill(Fill.ZERO)).series().get(0).doubleChannel(0);
        assertTrue(Double.isNaN(zero[zero.length - 2]), "the cell stays empty");
    }

    @Test
    void gapsAreFilledAsTheCallerSays() throws IOException {
        String text = "date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-05,5\n2024-01-06,\n2024-01-07,7\n";
        double nan = Double.NaN;
        assertArrayEquals(new double[]{1, 2, nan, nan, 5, nan, 7}, read(text).series().get(0).doubleChannel(0));
        assertArrayEquals(new double[]{1, 2, 0, 0, 5, nan, 7},
                read(text, fill(Fill.ZERO)).series().get(0).doubleChannel(0));
        assertArrayEquals(new double[]{1, 2, 3, 4, 5, 6, 7},
                read(text, fill(Fill.INTERPOLATE)).series().get(0).doubleChannel(0), 1e-12);
        String sparse = item("date,y\n", "", 0.45, 1);
        assertTrue(Double.isNaN(mean(read(sparse, fill(Fill.MISSING)).series().get(0))));
    }

    /** Rows of the days or hours at which a shop is open. */
    private static String shop(boolean hourly, IntFunction<String> value) {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder text = new StringBuilder("time,sales\n");
        for (int day = 0; day < 200; day++) {
            LocalDate date = FIRST.plusDays(day);
            if (date.getDayOfWeek() == DayOfWeek.SUNDAY || day > 0 && random.nextInt(20) == 0) continue;
            for (int hour = 9; hour < (hourly ? 18 : 10); hour++) {
                text.append(hourly ? date + " %02d:00".formatted(hour) : date)
                        .append(',')
                        .append(value.apply(day))
                        .append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void sundaysOfAShopThatIsClosedThenStayAbsentInTheForecast() throws IOException {
        CsvFile file = read(shop(false, day -> 800 + day % 7 + ".5"));
        TimeSeries series = file.series().get(0);
        assertEquals("1 day without Sundays", series.axis().frequency().toString());
        assertTrue(file.report().count(Kind.STEPS_CLOSED) > 20, file.report().toString());
        for (int step = -20; step < series.length() + 50; step++) {
            assertFalse(TimeAxis.local(series.axis().timeAt(step)).getDayOfWeek() == DayOfWeek.SUNDAY);
        }
        assertTrue(Arrays.stream(series.doubleChannel(0)).anyMatch(Double::isNaN), "a holiday is a missing step");
        Frequency days = Frequency.parse("P1D");
        assertEquals(days,
                read(shop(false, day -> "8.5"),
                        CsvOptions.defaults().withTimes(TimeOptions.UNKNOWN.withFrequency(days))).series()
                        .get(0)
                        .axis()
                        .frequency(),
                "where it is stated, all days are steps");
    }

    /** As of markets, draws of lotteries and readings by hand: no step of a grid without gaps has more than a few of them. */
    @ParameterizedTest
    @CsvSource({"15, 00", "135, 00", "26, 00", "1234567, 07.14.21", "1234567, 08.12.18"})
    void timesOnSomeWeekdaysOrHoursKeepThem(String weekdays, String hours) throws IOException {
        List<String> times = Stream.iterate(LocalDateTime.of(2023, 1, 2, 0, 0), time -> time.plusHours(1))
                .filter(time -> weekdays.contains("" + time.getDayOfWeek().getValue()))
                .map(time -> time.toString().replace('T', ' '))
                .filter(time -> hours.contains(time.substring(11, 13)))
                .limit(50)
                .toList();
        StringBuilder text = new StringBuilder("time,y\n");
        for (String time : times.subList(0, 40)) text.append(time).append(",1.5\n");
        TimeSeries series = read(text.toString()).series().get(0);
        assertEquals(40, series.length());
        assertEquals(times.subList(40, 50), IntStream.range(40, 50).mapToObj(series.axis()::labelAt).toList());
    }

    /** One reading of many is an hour late. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 6})
    void aTimeBesideTheStepsMakesNoOthers(int hours) throws IOException {
        StringBuilder text = new StringBuilder("time,y\n");
        for (int i = 0; i < 200; i++) {
            text.append(LocalDateTime.of(2023, 1, 2, 0, 0).plusHours(hours * i + (i == 90 ? 1 : 0))).append(",1.5\n");
        }
        TimeSeries series = read(text.toString()).series().get(0);
        assertEquals(Frequency.ofMillis(hours * 3_600_000L), series.axis().frequency());
    }

    @Test
    void hoursOfAShopThatIsClosedThenStayAbsentInTheForecast() throws IOException {
        TimeSeries series = read(shop(true, day -> "8.5")).series().get(0);
        assertEquals("1 hour without Sundays, 18:00 to 8:59", series.axis().frequency().toString());
        for (int step = 0; step < series.length() + 100; step++) {
            LocalDateTime time = TimeAxis.local(series.axis().timeAt(step));
            assertTrue(time.getHour() >= 9 && time.getHour() < 18 && time.getDayOfWeek() != DayOfWeek.SUNDAY);
        }
    }

    /** What its clock shows are other hours of UTC, some on another day, and others in summer. */
    @ParameterizedTest
    @CsvSource({"Europe/Berlin", "America/Los_Angeles", "Australia/Sydney", "+10:00", "Z"})
    void aShopIsClosedByItsClock(String zone) throws IOException {
        StringBuilder text = new StringBuilder("time,sales\n");
        DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mmXXX");
        for (String line : shop(true, day -> "8.5").lines().skip(1).toList()) {
            LocalDateTime time = LocalDateTime.parse(line.substring(0, 16).replace(' ', 'T'));
            text.append(time.atZone(ZoneId.of(zone)).format(format)).append(line.substring(16)).append('\n');
        }
        TimeSeries series = read(text.toString()).series().get(0);
        assertEquals("1 hour without Sundays, 18:00 to 8:59", series.axis().frequency().toString());
        assertEquals(9, series.axis().frequency().openStepsOfDay());
        for (int step = 0; step < series.length() + 400; step++) {
            OffsetDateTime label = OffsetDateTime.parse(series.axis().labelAt(step), format);
            assertTrue(label.getHour() >= 9 && label.getHour() < 18 && label.getDayOfWeek() != DayOfWeek.SUNDAY);
            assertEquals(label.toInstant(), series.axis().instantAt(step));
        }
        long lines = text.toString().lines().count() - 1;
        assertEquals(lines, Arrays.stream(series.doubleChannel(0)).filter(value -> !Double.isNaN(value)).count());
    }

    @Test
    void openTimesAreCountedAndFoundAgain() {
        SplittableRandom random = new SplittableRandom(5);
        int[] minutes = {1, 15, 30, 60, 180, 1440};
        for (int round = 0; round < 300; round++) {
            int length = minutes[random.nextInt(minutes.length)];
            Frequency frequency = Frequency.ofOpenTimes(1 + random.nextInt(127), 1 + random.nextInt((1 << 24) - 1),
                    length);
            long start = 0;
            TimeAxis axis = null;
            while (axis == null) {
                start = 60_000L * random.nextInt(-20_000_000, 30_000_000);
                try {
                    axis = new TimeAxis(start, frequency, 0,
                            new TimeFormat("uuuu-MM-dd HH:mm", java.time.ZoneOffset.UTC));
                } catch (IllegalArgumentException closed) {
                    continue;
                }
            }
            assertEquals(start, axis.timeAt(0));
            for (int i = -300; i < 300; i++) {
                long time = axis.timeAt(i);
                assertTrue(time < axis.timeAt(i + 1));
                assertEquals(i, axis.nearestIndex(time), frequency + " from " + TimeAxis.local(start));
                assertEquals(i, axis.nearestIndex((time + axis.timeAt(i + 1)) / 2), "the earlier of two equally near");
                assertEquals(time, axis.from(7).timeAt(i - 7));
            }
        }
    }

    @Test
    void aSumOverNoRowIsZeroAndOfAPriceTheMean() throws IOException {
        String text = "time,umsatz,temperature\n2024-01-01 08:10,1,20\n2024-01-01 08:40,2,22\n2024-01-01 11:05,4,23\n";
        CsvFile file = read(text, CsvOptions.defaults()
                .withTimes(TimeOptions.UNKNOWN.withFrequency(Frequency.parse("PT1H")).withResampling(Resampling.AUTO)));
        double nan = Double.NaN;
        assertArrayEquals(new double[]{3, 0, 0, 4}, file.series().get(0).doubleChannel(0));
        assertArrayEquals(new double[]{21, nan, nan, 23}, file.series().get(0).doubleChannel(1));
        assertTrue(file.report().toString().contains("(umsatz, to steps of 1 hour)"), file.report().toString());
        assertTrue(file.report().toString().contains("(temperature, to steps of 1 hour)"), file.report().toString());
    }

    /** Purchases on some weekdays, and a salary of 3,000 on the 28th of each month. */
    @Test
    void aSalaryIsInTheHistoryOnceAMonth() throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        StringBuilder text = new StringBuilder("Buchungstag;Betrag\n");
        int salaries = 0;
        for (int day = 0; day < DAYS; day++) {
            LocalDate date = FIRST.plusDays(day);
            String time = "%02d.%02d.%d;".formatted(date.getDayOfMonth(), date.getMonthValue(), date.getYear());
            for (int i = random.nextInt(4) - 1; i > 0 && date.getDayOfWeek().getValue() < 6; i--) {
                text.append(time).append("-%d,%02d\n".formatted(random.nextInt(80), random.nextInt(100)));
            }
            if (date.getDayOfMonth() != 28) continue;
            text.append(time).append("3000,00\n");
            salaries++;
        }
        TimeSeries series = read(text.toString()).series().get(0);
        double[] values = series.doubleChannel(0);
        assertFalse(Arrays.stream(values).anyMatch(Double::isNaN));
        assertEquals(salaries, Arrays.stream(values).filter(value -> value > 2000).count());
        for (int t = 0; t < values.length; t++) {
            if (values[t] > 2000) assertTrue(series.axis().labelAt(t).startsWith("28."), series.axis().labelAt(t));
        }
    }

    /** Purchases of each day in one column, and a salary of 2500.25 on the third of each 28 days in the other. */
    private static String statement() {
        SplittableRandom random = new SplittableRandom(6);
        StringBuilder text = new StringBuilder("Date,Description,Debit,Credit,Balance\n");
        for (int day = 0; day < 196; day++) {
            String date = "%02d/%02d/2023,".formatted(1 + day % 28, 1 + day / 28);
            if (day % 28 == 2) text.append(date).append("SALARY,,2500.25,4000\n");
            for (int i = random.nextInt(3) + (day % 28 == 2 ? 0 : 1); i > 0; i--) {
                text.append(date).append("SHOP,%d.50,,3000\n".formatted(20 + random.nextInt(30)));
            }
        }
        return text.toString();
    }

    @Test
    void anEmptyCellBesideAnAmountInAnotherColumnIsNone() throws IOException {
        for (CsvOptions options : List.of(CsvOptions.defaults(), fill(Fill.ZERO), SUMMED,
                SUMMED.withTargets(List.of("Credit")), CsvOptions.defaults().withTargets(List.of("Credit")))) {
            CsvFile file = read(statement(), options);
            TimeSeries series = file.series().get(0);
            double[] credits = series.doubleChannel(series.channels().indexOf("Credit"));
            assertEquals(7 * 2500.25, Arrays.stream(credits).sum());
            assertTrue(file.report().count(Kind.CELLS_ZERO) > 100, file.report().toString());
        }
        CsvFile missing = read(statement(), fill(Fill.MISSING));
        assertTrue(Double.isNaN(missing.series().get(0).doubleChannel(1)[0]));
    }

    @Test
    void anEmptyCellBesideOthersOfItsStepIsStillMissing() throws IOException {
        StringBuilder melted = new StringBuilder("date,sales_a,sales_b,sales_c\n");
        for (int day = 0; day < 90; day++) {
            melted.append(
                    "%1$s,%2$s,,\n%1$s,,5.5,\n%1$s,,,7.5\n".formatted(FIRST.plusDays(day), day == 40 ? "" : "3.5"));
        }
        CsvFile file = read(melted.toString());
        assertTrue(Double.isNaN(file.series().get(0).doubleChannel(0)[40]), file.report().toString());
    }

    @Test
    void anEmptyCellOfAFullColumnStaysMissing() throws IOException {
        String text = statement().replace(",,2500.25,", ",40.50,,").replace("Credit", "Refund");
        String other = text.replaceAll("(?m)^(05/03/2023,\\w+),.*", "$1,,,3000");
        for (String one : List.of(other, other.replaceFirst("(21/03/2023,SHOP,[0-9.]*),,", "$1,1.50,"))) {
            double[] debits = read(one).series().get(0).doubleChannel(0);
            assertEquals(1, Arrays.stream(debits).filter(Double::isNaN).count());
        }
        String end = statement().replaceAll("(?m)^(../0[67]/2023,\\w+),.*", "$1,,,3000");
        assertTrue(Double.isNaN(read(end).series().get(0).doubleChannel(0)[190]), "nothing is known there yet");
    }
}
