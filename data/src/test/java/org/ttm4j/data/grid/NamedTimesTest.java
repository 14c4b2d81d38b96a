package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.time.TimeOptions;

/** Times in words and in several columns, and columns that ought to be times and are not. */
class NamedTimesTest {
    private static final CsvOptions DEFAULTS = CsvOptions.defaults();

    /** A file of the months of two years under the names that a language has. */
    private static String months(String header, String names, String year) {
        StringBuilder text = new StringBuilder(header);
        for (int i = 0; i < 23; i++) {
            text.append('\n')
                    .append(names.split(" ")[i % 12])
                    .append(' ')
                    .append(year.isEmpty() ? 2018 + i / 12 : 18 + i / 12);
            text.append(';').append(i);
        }
        return text.append('\n').toString();
    }

    @ParameterizedTest
    @CsvSource({"Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez", "Jän Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
            "jan feb mrt apr mei jun jul aug sep okt nov dec", "janv févr mars avr mai juin juil août sept oct nov déc",
            "ene feb mar abr may jun jul ago sep oct nov dic", "gen feb mar apr mag giu lug ago set ott nov dic",
            "jan fev mar abr mai jun jul ago set out nov dez", "jan feb mar apr maj jun jul aug sep okt nov dec",
            "jan feb mar apr mai jun jul aug sep okt nov des", "sty lut mar kwi maj cze lip sie wrz paź lis gru",
            "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
            "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec"})
    void monthsAreReadAndWrittenAsEachLanguageShortensThem(String names) throws IOException {
        TimeSeries series = CsvFixture.read(months("Datum;Wert", names, ""), DEFAULTS).series().get(0);
        assertEquals("1 month", series.axis().frequency().toString());
        assertEquals(names.split(" ")[11] + " 2019", series.axis().labelAt(23));
        assertEquals(names.split(" ")[2] + " 2020", series.axis().labelAt(26));
        TimeSeries short_ = CsvFixture.read(months("Datum;Wert", names, "2"), DEFAULTS).series().get(0);
        assertEquals(names.split(" ")[2] + " 20", short_.axis().labelAt(26));
    }

    /** P13 is no month; with P for a month it was the year 2013 and FY12 December, and all rows of FY13 were left out. */
    @ParameterizedTest
    @CsvSource({"FY12 P01, FY12 P13, FY13 P01", "P01 FY12, P13 FY12, P01 FY13"})
    void aPeriodIsNoYear(String first, String thirteenth, String next) {
        StringBuilder text = new StringBuilder("period,sales\n");
        for (int p = 1; p < 14; p++)
            text.append(first.replace("P01", "P%02d".formatted(p))).append(',').append(p).append('\n');
        for (int p = 1; p < 14; p++)
            text.append(next.replace("P01", "P%02d".formatted(p))).append(',').append(p).append('\n');
        DataException refused = assertThrows(DataException.class, () -> CsvFixture.read(text.toString(), DEFAULTS));
        assertTrue(
                refused.getMessage().contains("line 14") && refused.getMessage().contains("found '" + thirteenth + "'"),
                refused.getMessage());
    }

    /** A file of so many rows, whose row each name and placeholder of a pattern follows from the number of the hour. */
    private static String hours(String header, String row, int rows) {
        StringBuilder text = new StringBuilder(header);
        for (int i = 0; i < rows; i++) {
            LocalDateTime time = LocalDateTime.of(2023, 1, 1, 0, 0).plusHours(i);
            text.append('\n')
                    .append(row.replace("ID", "" + (1503960366 + 7 * i))
                            .replace("FEW", "" + (4006381333931L + i / 24))
                            .replace("EPOCH", "" + (1672531200 + 3600 * i))
                            .replace("DATE", time.toLocalDate().toString())
                            .replace("US", time.format(DateTimeFormatter.ofPattern("M/d/uuuu h:mm:ss a", Locale.US)))
                            .replace("NEXT", time.plusHours(1).format(DateTimeFormatter.ofPattern("HH:mm")))
                            .replace("CLOCK", time.format(DateTimeFormatter.ofPattern("HH:mm")))
                            .replace("NUMBER", "" + time.getHour())
                            .replace("JOINED", time.format(DateTimeFormatter.BASIC_ISO_DATE))
                            .replace("SHORTDIG", "" + 100 * time.getHour())
                            .replace("DIGITS", time.format(DateTimeFormatter.ofPattern("HHmm")))
                            .replace("HALF", time.format(DateTimeFormatter.ofPattern("h:mm a", Locale.US)))
                            .replace("OTHER",
                                    time.plusHours(1).format(DateTimeFormatter.ofPattern("h:mm a", Locale.US)))
                            .replace("PERIOD", "" + (1 + i % 48))
                            .replace("DAY48", LocalDate.of(2023, 3, 1).plusDays(i / 48).toString())
                            .replace("V", "" + (100 + i % 24)));
        }
        return text.append('\n').toString();
    }

    /** Digits as long as an epoch in front of times are the numbers of meters or articles, unless they are the same times. */
    @ParameterizedTest
    @CsvSource({"Meter ID;Reading Time;kWh, ID;DATE CLOCK;V, Reading Time, kWh",
            "Id;ActivityHour;StepTotal, 1503960366;US;V, ActivityHour, StepTotal",
            "MålepunktsID;Fra_dato;Mængde, 571313174000000001;DATE CLOCK;V, Fra_dato, Mængde",
            "EAN;Buchungszeit;Menge, FEW;DATE CLOCK;V, Buchungszeit, Menge",
            "site_no;Measured;Flow, 01646500;DATE CLOCK;V, Measured, Flow",
            "Epoche;Messtag;kWh, EPOCH;DATE;V, Epoche, kWh", "Epoche;Gemessen;kWh, EPOCH;US;V, Epoche, kWh",
            "Epoche;Ort;kWh, EPOCH;Ulm;V, Epoche, kWh"})
    void longDigitsBesideTimesAreIds(String header, String row, String time, String channel) throws IOException {
        String text = hours(header, row, 240);
        for (CsvOptions options : List.of(DEFAULTS, DEFAULTS.withTime(time))) {
            CsvFile file = CsvFixture.read(text, options);
            assertEquals(time, file.layout().time());
            assertEquals(List.of(channel), file.series().get(0).channels());
            assertEquals("1 hour", file.series().get(0).axis().frequency().toString());
        }
    }

    /** The first rows are of one day, and the digits rise. */
    @ParameterizedTest
    @CsvSource({"Id, ActivityDay", "Recorded, Recorded"})
    void longIdsOfOneDayAreNoTimes(String name, String time) throws IOException {
        StringBuilder text = new StringBuilder(name + ",ActivityDay,Steps");
        for (int i = 0; i < 300; i++) {
            text.append("\n%d,4/%d/2016,%d".formatted(1503960366 + (i % 30) * (i % 30) * 9973, 12 + i / 30, i));
        }
        assertEquals(time, CsvFixture.read(text.append('\n').toString(), DEFAULTS).layout().time());
    }

    @Test
    void anEpochIsTheTimeBesideTheDateOfAnotherEvent() throws IOException {
        StringBuilder text = new StringBuilder("t,last_service,y");
        for (int i = 0; i < 90; i++) {
            text.append("\n%d,%s,%d".formatted(1704067200L + 3600 * i, LocalDate.of(2023, 5, 1).plusDays(i / 30), i));
        }
        assertEquals("t", CsvFixture.read(text.append('\n').toString(), DEFAULTS).layout().time());
    }

    /** Few rows of a known future have the ids of the history. */
    @Test
    void longDigitsTellSeriesApart() throws IOException {
        StringBuilder text = new StringBuilder("EAN;Buchungstag;Menge");
        for (int i = 0; i < 90; i++) {
            text.append("\n400638133393%d;%s;%d".formatted(i % 3, LocalDate.of(2023, 1, 1).plusDays(i / 3), i));
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals("EAN", file.layout().id());
        assertEquals(List.of("4006381333930", "4006381333931", "4006381333932"),
                file.series().stream().map(TimeSeries::id).toList());
        String future = "EAN;Buchungstag;Menge\n4006381333931;2023-01-31;1\n4006381333930;2023-01-31;2\n"
                + "4006381333932;2023-01-31;3\n";
        CsvFile next = CsvReader.read(new ByteArrayInputStream(future.getBytes(StandardCharsets.UTF_8)), "f.csv",
                DEFAULTS.withTargets(List.of("Menge")), CsvLimits.ofThisMachine(), file.series());
        assertEquals(3, next.series().size());
        assertEquals("4006381333930", next.series().get(1).id());
        assertEquals(2, next.series().get(1).doubleChannel(0)[0]);
    }

    /** Hours in a column beside their dates, as intervals, as digits of UTC or as the numbers of half hours. */
    @ParameterizedTest
    @CsvSource({"Datum;Tid;kWh, DATE;CLOCK - NEXT;V, Datum+Tid, 1 hour, 2023-01-11 00:00",
            "Day;Slot;kWh, DATE;CLOCK–NEXT;V, Day+Slot, 1 hour, 2023-01-11 00:00",
            "YYYYMMDD;HH;T, JOINED;NUMBER;V, YYYYMMDD+HH, 1 hour, 20230111 0",
            "Den;Hodina;MWh, DATE;NUMBER;V, Den+Hodina, 1 hour, 2023-01-11 0",
            "Day;Slot;kWh, DATE;HALF - OTHER;V, Day+Slot, 1 hour, 2023-01-11 12:00 AM",
            "Data;Hora UTC;T, DATE;DIGITS UTC;V, Data+Hora UTC, 1 hour, 2023-01-11 00:00 UTC",
            "Date;Time;T, DATE;DIGITS;V, Date+Time, 1 hour, 2023-01-11 00:00",
            "Date;Time;T, DATE;SHORTDIG;V, Date+Time, 1 hour, 2023-01-11 00:00",
            "settlementDate;settlementPeriod;ND, DAY48;PERIOD;V, settlementDate+settlementPeriod, 30 minutes,"
                    + " 2023-03-06 00:00"})
    void hoursOfOtherFormsAreJoinedToTheirDates(String header, String row, String time, String frequency, String next)
            throws IOException {
        for (CsvOptions options : List.of(DEFAULTS, DEFAULTS.withTime(time))) {
            CsvFile file = CsvFixture.read(hours(header, row, 240), options);
            assertEquals(time, file.layout().time());
            assertEquals(frequency, file.series().get(0).axis().frequency().toString());
            assertEquals(next, file.series().get(0).axis().labelAt(240));
            assertEquals(1, file.series().size());
        }
    }

    /** The step before clocks are set back ends before it begins, and the one before they are set forward is longer. */
    @ParameterizedTest
    @CsvSource({"2024-10-26, 289", "2024-03-30, 297"})
    void intervalsGoOnWhereClocksAreSet(LocalDate day, int stepsOfLocalTime) throws IOException {
        ZonedDateTime time = day.atStartOfDay(ZoneId.of("Europe/Berlin"));
        StringBuilder text = new StringBuilder("Datum;Zeit;kWh");
        for (int i = 0; i < 293; i++) {
            ZonedDateTime next = time.plusMinutes(15);
            text.append("\n%s;%s - %s;%d".formatted(time.toLocalDate(), time.toLocalTime(), next.toLocalTime(), i));
            time = next;
        }
        TimeOptions berlin = TimeOptions.UNKNOWN.withZone(ZoneId.of("Europe/Berlin"));
        assertEquals(293, CsvFixture.read(text + "\n", DEFAULTS.withTimes(berlin)).series().get(0).length());
        assertEquals(stepsOfLocalTime, CsvFixture.read(text + "\n", DEFAULTS).series().get(0).length());
    }

    /** Bounds of prices are no hours, and the hours of a shift are no step. */
    @ParameterizedTest
    @CsvSource({"0.00-0.50, 0.50-1.00", "06:00-14:00, 14:00-22:00"})
    void otherBoundsTellSeriesApart(String first, String second) throws IOException {
        StringBuilder text = new StringBuilder("Date;Band;Units");
        for (int i = 0; i < 60; i++) {
            LocalDate day = LocalDate.of(2023, 1, 1).plusDays(i / 2);
            text.append("\n%s;%s;%d".formatted(day, i % 2 == 0 ? first : second, i));
        }
        assertEquals("Band", CsvFixture.read(text.append('\n').toString(), DEFAULTS).layout().id());
    }

    /** On the day on which clocks are set back, the two half hours more are read as the last one again. */
    @Test
    void aLongDayHasFiftyHalfHours() throws IOException {
        StringBuilder text = new StringBuilder("SETTLEMENT_DATE,SETTLEMENT_PERIOD,ND");
        for (int day = 1; day < 31; day++) {
            for (int i = 1; i <= (day == 29 ? 50 : 48); i++) text.append("\n%02d-OCT-2023,%d,%d".formatted(day, i, i));
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(30 * 48, file.series().get(0).length());
        assertEquals(2, file.report().count(RepairReport.Kind.ROWS_MERGED));
    }

    /** Nor did hours belong to dates that a program writes as midnights. */
    @ParameterizedTest
    @CsvSource({"'', 25, 25", "'', 3A, 3B", "' 00:00:00', 25, 25", "'T00:00:00', 25, 25", "' 12:00:00 AM', 3A, 3B"})
    void aLongDayHasAnHourMore(String midnight, String first, String second) throws IOException {
        StringBuilder text = new StringBuilder("Date;Hour;Price");
        for (int day = 1; day < 31; day++) {
            String date = "\n2023-10-%02d%s;".formatted(day, midnight);
            for (int i = 1; i <= 24; i++) {
                boolean isDouble = day == 29 && first.equals(i + "A");
                text.append(date + (isDouble ? first : i) + ";" + i + (isDouble ? date + second + ";5" : ""));
            }
            if (day == 29 && first.equals("25")) text.append(date + "25;5");
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(30 * 24, file.series().get(0).length());
        assertEquals("2023-10-31 1", file.series().get(0).axis().labelAt(30 * 24));
        assertEquals(1, file.report().count(RepairReport.Kind.ROWS_MERGED));
    }

    @Test
    void yearAndDayOfYearAreJoined() throws IOException {
        StringBuilder text = new StringBuilder("YEAR,DOY,T2M");
        for (int i = 0; i < 500; i++) text.append("\n%d,%d,%d".formatted(2021 + i / 365, 1 + i % 365, i));
        for (CsvOptions options : List.of(DEFAULTS, DEFAULTS.withTime("YEAR+DOY"))) {
            CsvFile file = CsvFixture.read(text + "\n", options);
            assertEquals("YEAR+DOY", file.layout().time());
            assertEquals("1 day", file.series().get(0).axis().frequency().toString());
            assertEquals("2022/136", file.series().get(0).axis().labelAt(500));
        }
    }

    /** As NASA POWER writes its hours. */
    @ParameterizedTest
    @CsvSource({"'YEAR,DOY,HR', YEAR+DOY+HR, 60, 1 hour, 2021/005 4",
            "'Year,DOY,Hour,Minute', Year+DOY+Hour+Minute, 30, 30 minutes, 2021/003 2:00"})
    void hoursAreJoinedWithTheDaysOfAYear(String header, String time, int minutes, String frequency, String next)
            throws IOException {
        StringBuilder text = new StringBuilder(header + ",T2M,RH2M");
        for (int i = 0; i < 100; i++) {
            LocalDateTime at = LocalDateTime.of(2021, 1, 1, 0, 0).plusMinutes(i * minutes);
            String minute = minutes == 60 ? "" : at.getMinute() + ",";
            text.append("\n2021,%d,%d,%s%d,%d".formatted(at.getDayOfYear(), at.getHour(), minute, i, i * i));
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(time, file.layout().time());
        assertEquals(List.of("T2M", "RH2M"), file.series().get(0).channels());
        assertEquals(frequency, file.series().get(0).axis().frequency().toString());
        assertEquals(next, file.series().get(0).axis().labelAt(100));
    }

    /** Each period was a series of years. */
    @ParameterizedTest
    @CsvSource({"FY20, FY21, P%02d, Period, 12, FY22 P01", "2019/20, 2020/21, Q%d, Quarter, 4, 2021/22 Q1",
            "2019/2020, 2020/2021, %d, Quarter, 4, 2021/2022 Q1"})
    void periodsAreJoinedWithFiscalYears(String year, String second, String period, String name, int count, String next)
            throws IOException {
        StringBuilder text = new StringBuilder("Fiscal Year,%s,Amount\n".formatted(name));
        for (int i = 0; i < 2 * count; i++) {
            text.append(i < count ? year : second).append(',').append(period.formatted(i % count + 1));
            text.append(',').append(i * i).append('\n');
        }
        CsvFile file = CsvFixture.read(text.toString(), DEFAULTS);
        assertEquals("Fiscal Year+" + name, file.layout().time());
        assertEquals(2 * count, file.series().get(0).length());
        assertEquals(next, file.series().get(0).axis().labelAt(2 * count));
    }

    /** As the Energy Information Administration writes. Times that are not regular, as of a record, stand beside dates too. */
    @ParameterizedTest
    @CsvSource({"Data Date;Hour Number;Local Time;UTC Time;MW, UTC Time",
            "Data Date;Hour Number;Local Time;x;MW, Local Time"})
    void regularTimesArePreferredToTheirRepeatingDates(String header, String time) throws IOException {
        StringBuilder text = new StringBuilder(header);
        for (int i = 0; i < 240; i++) {
            LocalDateTime at = LocalDateTime.of(2023, 1, 31, 12, 0).plusHours(i);
            text.append(
                    "\n%s;%d;%s;%s;%d".formatted(at.toLocalDate(), at.getHour(), at.plusHours(1), at.plusHours(7), i));
        }
        assertEquals(time, CsvFixture.read(text.append('\n').toString(), DEFAULTS).layout().time());
    }

    @Test
    void aColumnOfLabelsThatAreNotReadIsNamed() throws IOException {
        CsvFile file = CsvFixture.read("label,y\nC1X1,1\nC1X2,2\nC1X3,3\n", DEFAULTS);
        assertTrue(file.report().toString().contains("'label' has no times that are understood, such as 'C1X1'"),
                file.report().toString());
    }

    /** A later column of dates comes before plain numbers, not before full times. */
    @ParameterizedTest
    @CsvSource({"Beginn;Datum;Last, 01.03.2024 H:00;01.03.2024;V, Beginn",
            "Beginn;Tag;Last, 2024-03-01T0H;1.3.2024;V, Beginn", "Beleg;Datum;Last, 200H;0H.03.2024;V, Datum"})
    void aColumnOfDatesIsPreferredToPlainNumbersOnly(String header, String row, String time) throws IOException {
        StringBuilder text = new StringBuilder(header);
        for (int i = 1; i < 10; i++) text.append('\n').append(row.replace("H", "" + i).replace("V", "" + i));
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(time, file.layout().time());
        assertEquals(9, file.series().get(0).length());
    }

    /** As Eurostat writes: the time of the last update in front of the periods. */
    @Test
    void thePeriodOfStatisticsIsTheTime() throws IOException {
        StringBuilder text = new StringBuilder("LAST UPDATE,geo,TIME_PERIOD,OBS_VALUE");
        for (int year = 1990; year < 2020; year++) text.append("\n25/06/24 23:00:00,DE," + year + ",1" + year);
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals("TIME_PERIOD", file.layout().time());
        assertEquals("1 year", file.series().get(0).axis().frequency().toString());
    }

    /** What was made from the dates comes behind them and repeats. What is as fine as the period is another time. */
    @ParameterizedTest
    @CsvSource({"Order Date;Year;Month;Units, Order Date", "week_start;year;x;Units, week_start",
            "made;Year;Month;Units, Year+Month"})
    void datesArePreferredToTheYearsAndMonthsOfThem(String header, String time) throws IOException {
        StringBuilder text = new StringBuilder(header);
        boolean isMade = header.startsWith("made");
        for (int i = 0; i < 40; i++) {
            LocalDate day = LocalDate.of(2023, 1, 1).plusDays(i);
            String month = isMade ? 2015 + i / 12 + ";" + (1 + i % 12) : "2023;" + day.getMonthValue();
            text.append("\n" + day + ";" + month + ";" + i);
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(time, file.layout().time());
        assertEquals(40, file.series().get(0).length());
    }

    @Test
    void datesOfSomethingElseAreNoTimes() throws IOException {
        StringBuilder months = new StringBuilder("loaded_at,Year,Month,store,sales");
        StringBuilder years = new StringBuilder("Jahr;Region;Erfassungsdatum;Wert");
        for (int i = 0; i < 24; i++) {
            String store = i % 2 == 0 ? "north" : "south";
            months.append("\n2024-12-%02d 10:00,2024,%d,%s,%d".formatted(1 + i, 1 + i / 2, store, i));
            years.append("\n%d;%s;202101%02d;%d".formatted(1990 + i / 2, store, 1 + i % 31, i));
        }
        assertEquals("Year+Month",
                CsvFixture.read(months.append('\n').toString(), CsvOptions.defaults().withId("store")).layout().time());
        CsvFile file = CsvFixture.read(years.append('\n').toString(), DEFAULTS);
        assertEquals("Jahr", file.layout().time());
        assertEquals(2, file.series().size());
    }

    /** As the German weather service writes: the number of a station, perhaps like a year, and digits of a time. */
    @ParameterizedTest
    @CsvSource({"44, yyyyMMddHH, 1 hour", "10384, yyyyMMdd, 1 day", "1975, yyyyMMdd, 1 day",
            "1975, yyyyMMddHHmm, 1 hour", "3, yyyyMMddHHmmss, 1 hour"})
    void digitsUnderANameOfATimeAreTheTime(String station, String pattern, String frequency) throws IOException {
        StringBuilder text = new StringBuilder("STATIONS_ID;MESS_DATUM;QN_8;  P;eor");
        for (int i = 0; i < 40; i++) {
            LocalDateTime time = frequency.equals("1 day")
                    ? LocalDateTime.of(2024, 1, 1 + i % 31, 0, 0).plusMonths(i / 31)
                    : LocalDateTime.of(2024, 1, 1, 0, 0).plusHours(i);
            String digits = time.format(DateTimeFormatter.ofPattern(pattern));
            text.append("\n" + station + ";" + digits + ";    3;  10" + i % 10 + ".1;eor");
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals("MESS_DATUM", file.layout().time());
        assertEquals(frequency, file.series().get(0).axis().frequency().toString());
        assertEquals(40, file.series().get(0).length());
    }

    /** As the weather services of the Netherlands and France call them: dates were forecast as values. */
    @ParameterizedTest
    @CsvSource({"YYYYMMDD, yyyyMMdd, 1 day", "AAAAMMJJ, yyyyMMdd, 1 day", "AAAAMMJJHH, yyyyMMddHH, 1 day",
            "AAAAMM, yyyyMM, 1 month"})
    void digitsUnderTheirPatternAreTheTime(String name, String pattern, String frequency) throws IOException {
        StringBuilder text = new StringBuilder("STN," + name + ",TG");
        for (int i = 0; i < 40; i++) {
            LocalDateTime start = LocalDateTime.of(2020, 1, 1, 12, 0);
            LocalDateTime time = frequency.equals("1 day") ? start.plusDays(i) : start.plusMonths(i);
            text.append("\n260,%s,%d".formatted(time.format(DateTimeFormatter.ofPattern(pattern)), i % 7));
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(name, file.layout().time());
        assertEquals(frequency, file.series().get(0).axis().frequency().toString());
    }

    /** As the Global Historical Climatology Network writes: an element in each row. */
    @ParameterizedTest
    @CsvSource({"2022, column 2, TMAX TMIN", "1822, step, null"})
    void digitsOfDatesWithoutAnyNameAreTheTime(String year, String time, String ids) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String element = i % 2 == 0 ? "TMAX" : "TMIN";
            text.append("USW0,%s%02d%02d,%s,%d,,W\n".formatted(year, 1 + i / 56, 1 + i / 2 % 28, element, 200 + i % 9));
        }
        CsvFile file = CsvFixture.read(text.toString(), DEFAULTS);
        assertEquals(time, file.layout().time());
        Stream<String> found = file.series().stream().map(series -> String.valueOf(series.id()));
        assertEquals(ids, found.collect(Collectors.joining(" ")));
    }

    /** As a script appends them, a value and when it was read; numbers of articles may also rise by one. */
    @ParameterizedTest
    @CsvSource({"1700000000, 3600, column 2", "1700000000000, 60000, column 2", "1700000000, 1, step"})
    void epochsBehindValuesWithoutAnyNameAreTheTime(long first, long step, String time) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) text.append(i % 24 + ".5," + (first + i * step) + "\n");
        assertEquals(time, CsvFixture.read(text.toString(), DEFAULTS).layout().time());
    }

    /** As the statistical office of Germany writes: neither the years nor the months have a name. */
    @Test
    void monthsBehindYearsNeedNoName() throws IOException {
        StringBuilder text = new StringBuilder("Index\n;;VPI\n");
        for (int i = 0; i < 36; i++) {
            String month = Month.of(1 + i % 12).getDisplayName(TextStyle.FULL, Locale.GERMAN);
            text.append(2020 + i / 12).append(';').append(month).append(';').append(100 + i).append(",5\n");
        }
        CsvFile file = CsvFixture.read(text.toString(), DEFAULTS);
        assertEquals("column 1+column 2", file.layout().time());
        assertEquals("1 month", file.series().get(0).axis().frequency().toString());
        assertEquals(36, file.series().get(0).length());
    }

    /** As the United Nations write: the latest first, one country below the other. */
    @Test
    void yearsUnderANameForOneOrSeveralAreTheTime() throws IOException {
        StringBuilder text = new StringBuilder("Country,Year(s),Value\n");
        for (int i = 0; i < 40; i++) text.append((i < 20 ? "Albania," : "Norway,") + (2019 - i % 20) + "," + i + "\n");
        CsvFile file = CsvFixture.read(text.toString(), DEFAULTS);
        assertEquals("Year(s)", file.layout().time());
        assertEquals(List.of("Albania", "Norway"), file.series().stream().map(TimeSeries::id).toList());
        assertEquals("2020", file.series().get(1).axis().labelAt(20));
    }

    /** As OpenAQ writes. */
    @Test
    void idsOfPlacesAreNoYears() throws IOException {
        StringBuilder text = new StringBuilder("location_id,parameter,value,datetimeUtc\n");
        for (int i = 0; i < 40; i++) {
            text.append("2178," + (i % 2 == 0 ? "pm25," : "no2,") + i + ",2024-03-01T%02d:00:00Z\n".formatted(i / 2));
        }
        assertEquals("datetimeUtc", CsvFixture.read(text.toString(), DEFAULTS).layout().time());
    }

    @Test
    void digitsThatAreNoDateOrHaveNoSuchNameAreNoTimes() throws IOException {
        for (String row : List.of("update_count;y\n2024013V;V", "amount;y\n2024010V;V")) {
            StringBuilder text = new StringBuilder("a;" + row.split("\n")[0]);
            for (int i = 1; i < 10; i++) text.append("\n7;" + row.split("\n")[1].replace("V", "" + i));
            assertEquals("step", CsvFixture.read(text.append('\n').toString(), DEFAULTS).layout().time());
        }
    }

    /** As Nord Pool writes. Hours that are no hour of the day, as of work, are values. */
    @ParameterizedTest
    @CsvSource({"' - ', 1, Date+Hours", "\u00a0-\u00a0, 1, Date+Hours", "-, 1, Date+Hours", "-, 8, Date"})
    void hoursWithTheirEndAreJoinedToTheirDates(String joint, int length, String time) throws IOException {
        StringBuilder text = new StringBuilder("Date;Hours;SE1");
        for (int i = 0; i < 480; i++) {
            text.append("\n" + LocalDate.of(2024, 1, 1).plusDays(i / 24));
            text.append(";%02d%s%02d;%d".formatted(i % 24, joint, (i % 24 + length) % 24, i));
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(time, file.layout().time());
        if (length > 1) return;
        assertEquals("1 hour", file.series().get(0).axis().frequency().toString());
        assertEquals("2024-01-21 01:00", file.series().get(0).axis().labelAt(481));
        assertEquals(List.of("SE1"), file.series().get(0).channels());
    }

    private static String rows(String header, String row) {
        StringBuilder text = new StringBuilder(header);
        for (String region : List.of("Nord", "Süd")) {
            for (int i = 0; i < 30; i++) {
                text.append('\n')
                        .append(row.replace("R", region)
                                .replace("Y", "" + (2018 + i / 12))
                                .replace("M", "" + (1 + i % 12))
                                .replace("q", "" + (1 + i % 4))
                                .replace("h", "" + (1 + i % 2))
                                .replace("y", "" + (2018 + i / 2))
                                .replace("Z", "" + (2018 + i / 4))
                                .replace("V", "" + i));
            }
        }
        return text.append('\n').toString();
    }

    /** As people add them up in a spreadsheet. */
    @ParameterizedTest
    @CsvSource({"Total 2018", "Total", "2018 Total", "Summe:", "Sub-total - 2018"})
    void totalsBetweenTheRowsAreLeftOut(String total) throws IOException {
        StringBuilder text = new StringBuilder("Month,Amount\n");
        for (int i = 0; i < 36; i++) {
            text.append("%d-%02d,%d\n".formatted(2018 + i / 12, 1 + i % 12, i))
                    .append(i % 12 == 11 ? total + ",99\n" : "");
        }
        CsvFile file = CsvFixture.read(text.toString(), DEFAULTS);
        assertEquals(36, file.series().get(0).length());
        assertEquals(35, file.series().get(0).channel(0)[35]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Total", "sum", "Total-energy"})
    void aColumnWithoutTimesMayBeCalledTotal(String name) throws IOException {
        CsvFile file = CsvFixture.read(name + "\n" + "12\n15\n".repeat(20), DEFAULTS);
        assertEquals(List.of(name), file.series().get(0).channels());
        assertEquals(40, file.series().get(0).length());
    }

    @ParameterizedTest
    @CsvSource({"Region;Jahr;Monat;Anzahl, R;Y;M;V", "Region;Monat;Jahr;Anzahl, R;M;Y;V",
            "Jahr;Region;Monat;Anzahl, Y;R;M;V", "Année;Mois;Region;Anzahl, Y;M;R;V"})
    void yearAndMonthStandInTwoColumnsBesideAnId(String header, String row) throws IOException {
        CsvFile file = CsvFixture.read(rows(header, row), DEFAULTS.withId("Region"));
        assertEquals(2, file.series().size());
        assertEquals("1 month", file.series().get(1).axis().frequency().toString());
        assertEquals("2020 7", file.series().get(1).axis().labelAt(30));
        assertEquals(List.of("Anzahl"), file.series().get(1).channels());
        assertEquals(List.of("Nord", "Süd"),
                CsvFixture.read(rows(header, row), DEFAULTS).series().stream().map(TimeSeries::id).toList());
    }

    @ParameterizedTest
    @CsvSource({"Region;Jahr;Quartal;Anzahl, R;Z;q;V", "Region;Year;Quarter;Anzahl, R;Z;Qq;V"})
    void yearAndQuarterStandInTwoColumns(String header, String row) throws IOException {
        String text = rows(header, row);
        CsvFile file = CsvFixture.read(text, DEFAULTS.withId("Region"));
        assertEquals("3 months", file.series().get(1).axis().frequency().toString());
        assertEquals(30, file.series().get(1).length());
    }

    @ParameterizedTest
    @CsvSource({"Region;Year;Half;Sales, R;y;Hh;V, 2033 H1", "Region;Jahr;Halbjahr;Anzahl, R;y;h;V, 2033 H1"})
    void yearAndHalfStandInTwoColumns(String header, String row, String next) throws IOException {
        CsvFile file = CsvFixture.read(rows(header, row), DEFAULTS.withId("Region"));
        assertEquals("6 months", file.series().get(1).axis().frequency().toString());
        assertEquals(next, file.series().get(1).axis().labelAt(30));
    }

    /** A file of so many periods a year, of six years, each written as a year, letters and a number of two digits. */
    private static String periods(String letters, int perYear) {
        StringBuilder text = new StringBuilder("Perioden;Omzet");
        for (int i = 0; i < 6 * perYear; i++) {
            text.append("\n%d%s%02d;%d".formatted(2015 + i / perYear, letters, 1 + i % perYear, i));
        }
        return text.append('\n').toString();
    }

    /** As Statistics Netherlands writes: KW is a quarter, and elsewhere a week. Months without letters are weeks where they are 13. */
    @ParameterizedTest
    @CsvSource({"KW, 4, 3 months, 2021KW01", "KW, 52, 1 week, 2020KW53", "MM, 12, 1 month, 2021MM01",
            "Q, 4, 3 months, 2021Q01", "S, 2, 6 months, 2021S01", "'', 12, 1 month, 202101", "'', 52, 1 week, 202053"})
    void lettersBetweenYearAndNumberSayWhatIsCounted(String letters, int perYear, String frequency, String next)
            throws IOException {
        TimeSeries series = CsvFixture.read(periods(letters, perYear), DEFAULTS).series().get(0);
        assertEquals(frequency, series.axis().frequency().toString());
        assertEquals("2015" + letters + "01", series.axis().labelAt(0));
        assertEquals(next, series.axis().labelAt(series.length()));
        String mixed = periods(letters, perYear).replaceAll("\n(\\d{4})(\\D+)01;.*", "$0\n$1JJ00;9");
        String[] lines = mixed.split("\n");
        for (int i = 0; i < lines.length; i++) lines[i] = (i == 0 ? "ID" : "" + i) + ";" + lines[i];
        if (!letters.isEmpty()) {
            CsvFile quarters = CsvFixture.read(String.join("\n", lines), DEFAULTS);
            assertEquals(series.length(), quarters.series().get(0).length());
            assertEquals(6, quarters.report().count(RepairReport.Kind.WHOLE_YEARS));
            // The year comes first, also where the newest row does.
            String before = periods(letters, perYear).replaceAll("\n(\\d{4})(\\D+)01;.*", "\n$1JJ00;9$0");
            assertEquals(6, CsvFixture.read(before, DEFAULTS).report().count(RepairReport.Kind.WHOLE_YEARS));
            List<String> newest = new ArrayList<>(List.of(mixed.split("\n")));
            newest.add("2021JJ00;9");
            Collections.reverse(newest.subList(1, newest.size()));
            CsvFile falling = CsvFixture.read(String.join("\n", newest), DEFAULTS);
            assertEquals(7, falling.report().count(RepairReport.Kind.WHOLE_YEARS));
            // Quarters that fall are read as weeks where KW stands for both.
            if (!letters.equals("KW")) assertEquals(series.length(), falling.series().get(0).length());
        }
        // Without letters, they are the first months of each year.
        assertEquals("1 month",
                CsvFixture.read(periods("-", 4), DEFAULTS).series().get(0).axis().frequency().toString());
        String years = periods("JJ", 1).replace("JJ01", "JJ00");
        assertEquals("2021JJ00", CsvFixture.read(years, DEFAULTS).series().get(0).axis().labelAt(6));
        assertRefused(periods("", 13), DEFAULTS, "'201501' or weeks, found 13");
    }

    @Test
    void aFewWeeksWithAGapAreNoQuarters() throws IOException {
        TimeSeries weeks = CsvFixture.series("Woche;wert\n2024KW01;1\n2024KW02;2\n2024KW04;4\n");
        assertEquals("1 week", weeks.axis().frequency().toString());
        assertEquals("2024KW05", weeks.axis().labelAt(4));
        TimeSeries quarters = CsvFixture
                .series("Perioden;Omzet\n2010KW01;1\n2010KW02;2\n2010KW03;3\n2010KW04;4\n2011KW01;5\n");
        assertEquals("3 months", quarters.axis().frequency().toString());
        assertEquals("2011KW02", quarters.axis().labelAt(5));
    }

    /** As many numbers as a year has weeks, or more. */
    @ParameterizedTest
    @CsvSource({"order, created, 202313, 39", "order, created, 202313, 60", "plz, opened, 200001, 45"})
    void numbersThatLookLikeWeeksAreNoTimesBesideDates(String number, String time, int first, int rows)
            throws IOException {
        StringBuilder text = new StringBuilder(number + ',' + time + ",amount");
        for (int i = 0; i < rows; i++) {
            text.append("\n%d,%s,%d".formatted(first + i, LocalDate.of(2024, 1, 1).plusDays(i), i * 4 % 23));
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(time, file.layout().time());
        assertEquals("1 day", file.series().get(0).axis().frequency().toString());
        String weeks = text.toString().replaceAll(",[^,\n]*(,[^,\n]*)", "$1");
        assertEquals(number, CsvFixture.read(weeks, DEFAULTS).layout().time());
    }

    /** As the Bureau of Labor Statistics writes: behind the periods of a year comes their mean. */
    @ParameterizedTest
    @CsvSource({"M, 12, 1 month, 2016 M01", "Q, 4, 3 months, 2016 Q01", "S, 2, 6 months, 2016 S01"})
    void theMeanOfAYearIsNoStep(String letter, int perYear, String frequency, String next) throws IOException {
        StringBuilder text = new StringBuilder("series_id\tyear\tperiod\tvalue");
        for (String id : List.of("CUUR1", "CUUR2")) {
            for (int i = 0; i < 6 * (perYear + 1); i++) {
                int period = 1 + i % (perYear + 1);
                text.append("\n%s\t%d\t%s%02d\t%d".formatted(id, 2010 + i / (perYear + 1), letter, period, i));
            }
        }
        CsvFile file = CsvFixture.read(text.append('\n').toString(), DEFAULTS);
        assertEquals(List.of("CUUR1", "CUUR2"), file.series().stream().map(TimeSeries::id).toList());
        assertEquals(frequency, file.series().get(0).axis().frequency().toString());
        assertEquals(next, file.series().get(0).axis().labelAt(6 * perYear));
        assertEquals(12, file.report().count(RepairReport.Kind.WHOLE_YEARS));
        StringBuilder newest = new StringBuilder("Label,Value");
        for (int i = 6 * (perYear + 1) - 1; i >= 0; i--) {
            newest.append("\n%d %s%02d,%d".formatted(2010 + i / (perYear + 1), letter, 1 + i % (perYear + 1), i));
        }
        CsvFile falling = CsvFixture.read(newest.append('\n').toString(), DEFAULTS);
        assertEquals(6 * perYear, falling.series().get(0).length());
        assertEquals(6, falling.report().count(RepairReport.Kind.WHOLE_YEARS));
        assertEquals(0, falling.report().count(RepairReport.Kind.ROWS_OF_UNITS));
    }

    /** All rows were written at one time; days at which other things began do not go on from row to row. */
    @ParameterizedTest
    @CsvSource({"1, reading", "-1, reading", "3, exported_at"})
    void theTimesThatGoOnAreThoseOfTheRows(int step, String time) throws IOException {
        StringBuilder text = new StringBuilder("exported_at,reading,y");
        for (int i = 0; i < 40; i++) {
            text.append("\n%s 10:00,%s,%d".formatted(LocalDate.of(2024, 2, i < 30 || step < 3 ? 1 : 2),
                    LocalDate.of(2023, 6, 1).plusDays(step < 3 ? step * i : i * 7 % 40), i));
        }
        if (step == 3) {
            assertRefused(text.append('\n').toString(), DEFAULTS, "column '" + time + "'");
            return;
        }
        assertEquals(time, CsvFixture.read(text.append('\n').toString(), DEFAULTS).layout().time());
    }

    private static void assertRefused(String text, CsvOptions options, String part) {
        DataException refused = assertThrows(DataException.class, () -> CsvFixture.read(text, options));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    @Test
    void aColumnThatStopsBeingATimeIsNamed() {
        assertRefused("Datum;Wert\nJan 2019;1\nFeb 2019;2\nMxx 2019;3\nApr 2019;4\n", DEFAULTS,
                "line 4, column 'Datum'");
        assertRefused("Datum;Wert\nerster;1\nzweiter;2\ndritter;3\n", DEFAULTS, "line 2, column 'Datum'");
        assertRefused("no,date,y\n1,2019-01-01,1\n2,2019-01-02,2\n3,2019-01-xx,3\n", DEFAULTS, "line 4, column 'date'");
        assertRefused("when,y\n2019-01-01,1\n2019-01-02,2\n2019-13-13,3\n", DEFAULTS, "line 4, column 'when'");
        assertRefused("Jahr;Monat;y\n2019;1;1\n2019;2;2\n2019;13;3\n", DEFAULTS, "column 'Jahr'");
    }

    @Test
    void whatIsIgnoredIsNotLookedAt() throws IOException {
        String text = "Quarter,day,y\nQ1 2019,2019-01-01,1\nQ1 2019,2019-01-02,2\nQx,2019-01-03,3\n";
        TimeSeries series = CsvFixture.read(text, DEFAULTS.ignoring(List.of("Quarter"))).series().get(0);
        assertEquals("2019-01-04", series.axis().labelAt(3));
        text = "day,Quarter,y\n2019-01-01,1,1\n2019-01-02,x,2\n2019-01-03,inf,3\n";
        assertEquals(List.of("y"),
                CsvFixture.read(text, DEFAULTS.ignoring(List.of("Quarter", "none"))).series().get(0).channels());
        assertEquals(1,
                CsvFixture.read("Quarter,y\nx,1\ny,2\n", DEFAULTS.ignoring(List.of("Quarter")))
                        .report()
                        .count(RepairReport.Kind.TIMES_MISSING));
    }

    @Test
    void wordsBesideACounterAreNoTimes() throws IOException {
        assertEquals("4",
                CsvFixture.read("step,day,y\n1,Mon,1\n2,Tue,2\n3,Wed,3\n", DEFAULTS).series().get(0).axis().labelAt(3));
        assertEquals(List.of("data"),
                CsvFixture.read("label,data\na,1999\nb,2001\nc,1999\n", DEFAULTS).series().get(0).channels());
    }
}
