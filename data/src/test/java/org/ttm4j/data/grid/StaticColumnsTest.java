package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.DataException;

class StaticColumnsTest {
    private static Map<String, List<String>> texts(String file, String id, String... columns) throws IOException {
        return CsvReader
                .read(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), "x.csv",
                        CsvOptions.defaults().withId(id).ignoring(List.of(columns)).withStaticColumns(List.of(columns)))
                .staticTexts();
    }

    @Test
    void textsAreReadBySeries() throws IOException {
        Map<String, List<String>> texts = texts(
                "id,time,y,region,size,note\nA,1,5,north,2,\nB,1,6,south,03,-\n\nA,2,7,,2,\nB,2,8,south,03,\n", "id",
                "size", "region", "note");
        assertEquals(Arrays.asList("2", "north", null), texts.get("A"));
        assertEquals(Arrays.asList("03", "south", null), texts.get("B"));
        assertEquals(2, texts.size());
    }

    @Test
    void aSeriesThatTheFileLacksIsNamed() throws IOException {
        String rows = "id,time,y,region\nA,1,5,north\nB,1,6,south\nA,2,7,\nB,2,8,\n";
        CsvFile file = CsvFixture.read(rows,
                CsvOptions.defaults().withId("id").ignoring(List.of("region")).withStaticColumns(List.of("region")));
        assertEquals(List.of("south"), file.staticTexts(file.series().get(1)));
        assertThrows(UnsupportedOperationException.class, () -> file.staticTexts().clear());
        CsvFile other = CsvFixture.read(rows.replace("A,", "C,"), CsvOptions.defaults().withId("id"));
        assertEquals("the file has no row of series 'C'",
                assertThrows(IllegalArgumentException.class, () -> file.staticTexts(other.series().get(0)))
                        .getMessage());
        assertEquals(Map.of(), other.staticTexts());
    }

    @Test
    void aFileWithoutIdIsOneSeries() throws IOException {
        assertEquals(List.of("north"),
                texts("time;y;region\n2020-01-01;1;north\n2020-01-02;2;north\n", null, "region").get(null));
    }

    /** The id column is found by the times, which repeat. */
    @Test
    void anIdThatIsFoundNamesTheTextsToo() throws IOException {
        StringBuilder file = new StringBuilder("time,shop,y,region\n");
        for (int day = 1; day < 10; day++) {
            for (String shop : List.of("a", "b")) {
                file.append("2020-01-0" + day + "," + shop + "," + day + ",region of " + shop + "\n");
            }
        }
        assertEquals(Map.of("a", List.of("region of a"), "b", List.of("region of b")),
                texts(file.toString(), null, "region"));
    }

    @Test
    void aSecondTextIsAnErrorThatNamesItsPlace() {
        String file = "time,y,region\n2020-01-01,1,north\n2020-01-02,2,south\n";
        String message = assertThrows(DataException.class, () -> texts(file, null, "region")).getMessage();
        assertTrue(message.endsWith("x.csv, line 3, column 'region': expected one text for the whole series, found "
                + "'south' after 'north'"), message);
        assertThrows(DataException.class, () -> texts(file, null, "other"));
        assertThrows(DataException.class, () -> texts(file, "id", "region"));
    }
}
