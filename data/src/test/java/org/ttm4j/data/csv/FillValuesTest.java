package org.ttm4j.data.csv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ttm4j.data.csv.CsvFixture.read;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"-9999,2", "9999,2", "-999.0,2", "-99.9,2", "999.99,2", "-99,2", "9999999,2", "998,0", "-9998,0",
            "99.9,0", "-9,0", "99999999,0", "-98.9,0"})
    void numbersOfNinesFarFromAllOthersAreMissing(String number, int missing) throws IOException {
        CsvFile file = read(temperatures(number, number));
        assertEquals(missing, file.report().count(RepairReport.Kind.FILL_VALUES), number);
        float value = missing == 0 ? Float.parseFloat(number) : Float.NaN;
        assertArrayEquals(new float[]{-5, value, value, 10}, Arrays.copyOfRange(file.series().get(0).channel(0), 3, 7));
    }

    @Test
    void theReportNamesColumnAndLine() throws IOException {
        assertEquals("2 numbers of nines far from all others taken as missing: line 6, column t: -9999; …",
                read(temperatures("-9999", "-9999.0")).report().toString());
        assertEquals(2, read(temperatures("-9999", "9999")).report().count(RepairReport.Kind.FILL_VALUES));
    }

    @Test
    void onesAmongTheOthersAreNumbers() throws IOException {
        String text = temperatures("999", "9999").replace(",30\n", ",700\n");
        CsvFile file = read(text);
        assertEquals(1, file.report().count(RepairReport.Kind.FILL_VALUES));
        assertEquals(999, file.series().get(0).channel(0)[4]);
        assertEquals(Float.NaN, file.series().get(0).channel(0)[5]);
        assertEquals(0, read("date,t\n2024-01-01,1\n2024-01-02,-999\n2024-01-03,2\n").report()
                .count(RepairReport.Kind.FILL_VALUES), "three numbers tell nothing");
    }

    @Test
    void optionsMayKeepThem() throws IOException {
        CsvFile file = read(temperatures("-9999", "-9999"), CsvOptions.defaults().keepingFills());
        assertEquals(-9999, file.series().get(0).channel(0)[4]);
    }
}
