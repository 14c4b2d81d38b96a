package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.CsvFixture.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.data.series.TimeSeries;

class FillValuesTest {
    /** Twelve days between -20 and 35, of which the fifth and the sixth are something else. */
    private static String temperatures(String fifth, String sixth) {
        StringBuilder text = new StringBuilder("date,t\n");
        for (int day = 1; day <= 12; day++) {
            String value = day == 5 ? fifth : day == 6 ? sixth : Integer.toString(5 * day - 25);
            text.append("2024-01-").append(day < 10 ? "0" : "").append(day).append(',').append(value).append('\n');
        }
        return text.toString();
    }

    private static long fills(CsvFile file) {
        return file.report().count(RepairReport.Kind.FILL_VALUES);
    }

    @ParameterizedTest
    @CsvSource({"-9999,2", "9999,2", "-999.0,2", "999.99,2", "99999.9,2", "9999999,2", "998,0", "999.09,0", "-9998,0",
            "-99,0", "99.9,0", "99999999,0", "10000,0"})
    void numbersOfNinesFarFromAllOthersAreMissing(String number, int missing) throws IOException {
        CsvFile file = read(temperatures(number, number));
        assertEquals(missing, fills(file), number);
        float value = missing == 0 ? Float.parseFloat(number) : Float.NaN;
        assertArrayEquals(new float[]{-5, value, value, 10}, Arrays.copyOfRange(file.series().get(0).channel(0), 3, 7));
    }

    @Test
    void theReportNamesColumnAndLine() throws IOException {
        assertEquals(
                "2 numbers that stand for missing ones (--keep-fill-values to keep them): line 6, column t (-9999); "
                        + "line 7, column t (-9999)",
                read(temperatures("-9999", "-9999.0")).report().toString());
    }

    @Test
    void severalKindsMayStandInOneSeries() throws IOException {
        assertEquals(2, fills(read(temperatures("-9999", "9999"))));
        assertEquals(2, fills(read(temperatures("-999", "99999"))));
    }

    @Test
    void numbersThatMayBeValuesStay() throws IOException {
        assertEquals(0, fills(read(temperatures("999", "999").replace(",30\n", ",449\n"))), "the largest of prices");
        assertEquals(0, fills(read(temperatures("999", "0").replaceAll(",-?\\d\\d?\\n", ",0\n"))), "one among zeros");
        assertEquals(0, fills(read("date,t\n2024-01-01,1\n2024-01-02,-999\n2024-01-03,2\n")), "three tell nothing");
        CsvFile kept = read(temperatures("-9999", "-9999"), CsvOptions.defaults().keepingFillValues());
        assertEquals(-9999, kept.series().get(0).channel(0)[4]);
    }

    /** Thirty days, of which some are something else. */
    private static String days(java.util.function.IntUnaryOperator usual, String number, Integer... others) {
        StringBuilder text = new StringBuilder("date,v\n");
        for (int day = 1; day <= 30; day++) {
            text.append("2024-06-").append(day < 10 ? "0" : "").append(day).append(',');
            text.append(List.of(others).contains(day) ? number : usual.applyAsInt(day)).append('\n');
        }
        return text.toString();
    }

    @Test
    void theOnlyNegativeNumberIsMissingThoughOthersAreAsLarge() throws IOException {
        CsvFile pressure = read(days(day -> 1005 + day % 15, "-999", 9));
        assertEquals(Float.NaN, pressure.series().get(0).channel(0)[8]);
        assertEquals(1, fills(pressure), "far below the range");
        assertEquals(2, fills(read(days(day -> day % 3 * 450, "-999", 4, 9))), "radiation");
        assertEquals(2, fills(read(days(day -> day % 3 * 2500, "-9999.0", 4, 9))), "discharge");
        String twoKinds = days(day -> day % 3 * 450, "-999", 4, 9).replaceAll("06-(20|21),.*", "06-$1,-99999");
        assertEquals(4, fills(read(twoKinds)));
        String bothNegative = days(day -> 5000 + day % 3 * 4500, "-999", 4, 9);
        assertEquals(4, fills(read(bothNegative.replaceAll("06-(20|21),.*", "06-$1,-9999"))), "each is one");
        String once = days(day -> 5000 + day % 3 * 4500, "-9999", 4, 9).replaceAll("06-20,.*", "06-20,-999");
        assertEquals(2, fills(read(once)), "a refund");
    }

    @Test
    void amountsThatAreNegativeStay() throws IOException {
        assertEquals(0, fills(read(days(day -> day % 3 * 450, "-999", 4))), "one refund");
        assertEquals(0, fills(read(days(day -> day % 3 * 999, "-999", 4, 9))), "refunds of what costs 999");
        assertEquals(0, fills(read(days(day -> day % 3 * 450, "-998", 4, 9))), "other numbers");
        assertEquals(0, fills(read(days(day -> day % 3 * 450 - 20, "-999", 4, 9))), "others are negative");
        assertEquals(0, fills(read(days(day -> day % 3 * 450 - 1200, "-999", 4, 9))), "others are less");
    }

    @ParameterizedTest
    @CsvSource({"-99.9", "-99.99", "-99.999", "-99.90"})
    void numbersOfNoaaAreMissingWhereTheyRepeatFarBelowAllOthers(String number) throws IOException {
        assertEquals(2, fills(read(days(day -> 24 + day % 4, number, 4, 30))), "temperatures of the sea");
        assertEquals(2, fills(read(days(day -> day % 5 - 2, number, 4, 30))), "their anomalies");
        assertEquals(0, fills(read(days(day -> day % 5, number, 4))), "once");
        assertEquals(0, fills(read(days(day -> day % 5 * 40, number, 4, 30))), "not far");
        String positive = number.substring(1);
        assertEquals(0, fills(read(days(day -> day % 5, positive, 4, 30))), "positive");
        assertEquals(0, fills(read(days(day -> day % 5, number, 4, 30).replace("06-20,0", "06-20," + positive))),
                "refunds of what costs as much");
        assertEquals(0, fills(read(days(day -> day % 5, "-99", 4, 30))), "no nines after the point");
    }

    @Test
    void aColumnOfNothingElseHasNoNumbers() throws IOException {
        String both = days(day -> 24 + day % 4, "24", 4).replaceAll("(?m)$(?<=,..)", ",-9999")
                .replace("date,v", "date,v,w");
        CsvFile file = read(both);
        assertEquals(List.of("v"), file.series().get(0).channels());
        assertTrue(file.report().toString().contains("w (all -9999)"), file.report().toString());
        assertEquals(2, read(both, CsvOptions.defaults().keepingFillValues()).series().get(0).channels().size());
        assertEquals(-9999, read(days(day -> -9999, "-9999", 4)).series().get(0).channel(0)[0], "the only column");
    }

    @Test
    void eachSeriesIsJudgedByItself() throws IOException {
        StringBuilder text = new StringBuilder("id,date,t\n");
        for (int day = 10; day < 28; day++) {
            text.append("a,2024-01-").append(day).append(',').append(day == 20 ? 9999 : day).append('\n');
            text.append("b,2024-01-").append(day).append(",9999\n");
            text.append("c,2024-01-").append(day).append(',').append(day == 20 ? 9999 : 1000 * day).append('\n');
        }
        CsvFile file = read(text.toString(), CsvOptions.defaults().withId("id"));
        assertEquals(1, fills(file));
        assertEquals(Float.NaN, file.series().get(0).channel(0)[10]);
        assertEquals(9999, file.series().get(1).channel(0)[10]);
        assertEquals(9999, file.series().get(2).channel(0)[10]);
    }

    @Test
    void ofRepeatedTimesTheNumberCounts() throws IOException {
        String text = temperatures("-5", "0").replaceAll("(?m)^(2024.*,)(.*)$", "$1$2\n$1-9999");
        assertEquals(-20, read(text).series().get(0).channel(0)[0]);
    }

    @Test
    void aKnownFutureIsJudgedByItsHistory(@TempDir Path folder) throws IOException {
        List<TimeSeries> history = read(temperatures("1", "2")).series();
        Path file = folder.resolve("future.csv");
        Files.writeString(file, "date,t\n2024-01-13,3\n2024-01-14,-9999\n");
        assertArrayEquals(new float[]{3, Float.NaN},
                CsvReader.readFuture(file, CsvOptions.defaults(), history).series().get(0).channel(0));
    }
}
