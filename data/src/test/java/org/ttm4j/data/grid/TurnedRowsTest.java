package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** As the World Bank writes them, with its notes below. */
    @Test
    void yearsMayBeNamedTwice() throws IOException {
        String header = "Country Name,Country Code,1990 [YR1990],1991 [YR1991],1992 [YR1992]\n";
        String notes = "\n,,,,\nData from database: Indicators,,,,\nLast Updated: 12/16/2024,,,,\n";
        CsvFile file = CsvFixture.read(header + "Albania,ALB,1,2,..\nNorway,NOR,4,5,6" + notes);
        TimeSeries series = file.series().get(0);
        assertEquals(List.of("Albania", "Norway"), series.channels());
        assertArrayEquals(new float[]{4, 5, 6}, series.channel(1));
        assertEquals("1993", series.axis().labelAt(3));
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

    @Test
    void notesAndRepeatedHeadersAreNoSeries() throws IOException {
        CsvFile file = CsvFixture.read(HEADER + "north,1,1,2,..\n" + HEADER + "south,1,4,5,6\nnote,,revised,,\n");
        assertEquals(List.of("north", "south"), file.series().get(0).channels());
        assertEquals(1, file.report().count(RepairReport.Kind.TURNED_LEFT_OUT));
        assertEquals(List.of("time", "south"), CsvFixture.series(HEADER + "time,1,1,2,3\nsouth,1,1,2,3\n").channels());
    }

    /**
     * Numbers that could be years are names or values where times stand in the first column, or they rise by other steps; of more
     * than four, Q1 is no quarter but a question.
     */
    @ParameterizedTest
    @ValueSource(strings = {"item,rome,oslo,bonn\nfirst,1800,1900,1850\nsecond,1810,1900,1840\n",
            "time,2001,2002,2003\n2020-03-01,1,2,3\n2020-03-02,2,3,4\n",
            "year,Q1,Q2,Q3,Q4,Q5\n2019,1,2,3,4,5\n2020,2,3,4,5,6\n2021,3,4,5,6,7\n",
            "country,year,gdp,pop\nAT,1990,2005,2020\nAT,1991,2011,2130\n"})
    void otherTablesStayAsTheyAre(String text) throws IOException {
        String header = text.substring(0, text.indexOf('\n'));
        CsvFile file = CsvFixture.read(text);
        assertEquals(0, file.report().count(RepairReport.Kind.TABLE_TURNED));
        for (String channel : file.series().get(0).channels()) Assertions.assertTrue(header.contains(channel), channel);
    }

    @Test
    void takesNoMoreThanItsShareOfTheMemory() {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 0; i < 2000; i++) text.append("north").append(i).append(",1,1,2,3\n");
        DataException refused = Assertions.assertThrows(DataException.class,
                () -> CsvReader.read(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)), "x",
                        CsvOptions.defaults(), 1 << 18));
        Assertions.assertTrue(refused.getMessage().contains("too large"), refused.getMessage());
    }
}
