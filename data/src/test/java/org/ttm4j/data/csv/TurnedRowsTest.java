package org.ttm4j.data.csv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;

/** Beside the files of {@link DialectsTest}. */
class TurnedRowsTest {
    private static final String HEADER = "region,store,2020-01,2020-02,2020-03\n";

    @Test
    void columnsThatTellRowsApartNameThem() throws IOException {
        TimeSeries series = CsvFixture.series(HEADER + "north,1,1,2,3\nnorth,2,,5\n,1,7,8,9\n");
        assertEquals(List.of("north 1", "north 2", "1"), series.channels());
        assertArrayEquals(new float[]{Float.NaN, 5, Float.NaN}, series.channel(1));
        assertEquals("2020-04", series.axis().labelAt(3));
        assertEquals(List.of("north", "south"),
                CsvFixture.series(HEADER + "north,1,1,2,3\nsouth,2,4,5,6\n").channels());
    }

    @Test
    void rowsOfOneNameAreRefused() {
        CsvFixture.assertFails(HEADER + "north,1,1,2,3\nsouth,1,1,2,3\nnorth,1,4,5,6\n", "line 4", "region", "line 2",
                "'north'");
    }

    @Test
    void aTextAmongTheValuesIsNamedWithItsRowAndTime() {
        CsvFixture.assertFails(HEADER + "north,1,1,2,3\nsouth,1,1,soon,3\n", "line 3", "2020-02", "soon");
    }

    /** Numbers from 1500 to 2199 that do not rise are values. */
    @Test
    void valuesThatCouldBeYearsStayValues() throws IOException {
        assertEquals(List.of("rome", "oslo", "bonn"),
                CsvFixture.series("item,rome,oslo,bonn\nfirst,1800,1900,1850\nsecond,1810,1900,1840\n").channels());
    }

    @Test
    void takesNoMoreThanItsShareOfTheMemory() {
        String text = HEADER + "north,1,1,2,3\n".repeat(2000);
        DataException refused = Assertions.assertThrows(DataException.class,
                () -> CsvReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x",
                        CsvOptions.defaults(), 1 << 18));
        Assertions.assertTrue(refused.getMessage().contains("too large"), refused.getMessage());
    }
}
