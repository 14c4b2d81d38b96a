package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.series.DataException;

class StaticColumnsTest {
    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("x.csv"), text);
    }

    @Test
    void textsAreReadBySeries() throws IOException {
        Path file = file("id,time,region,size,note\nA,1,north,2,\nB,1,south,03,-\n\nA,2,,2,\n");
        StaticColumns columns = StaticColumns.read(file, CsvOptions.defaults().withId("id"),
                List.of("size", "region", "note"));
        assertEquals(Arrays.asList("2", "north", null), columns.of("A"));
        assertEquals(Arrays.asList("03", "south", null), columns.of("B"));
        assertThrows(IllegalArgumentException.class, () -> columns.of("C"));
    }

    @Test
    void aFileWithoutIdIsOneSeries() throws IOException {
        Path file = file("time;region\n2020-01-01;north\n2020-01-02;north\n");
        assertEquals(List.of("north"), StaticColumns.read(file, CsvOptions.defaults(), List.of("region")).of(null));
    }

    @Test
    void aSecondTextIsAnErrorThatNamesItsPlace() throws IOException {
        Path file = file("time,region\n2020-01-01,north\n2020-01-02,south\n");
        String message = assertThrows(DataException.class,
                () -> StaticColumns.read(file, CsvOptions.defaults(), List.of("region"))).getMessage();
        assertTrue(message.endsWith("x.csv, line 3, column 'region': expected one text for the whole series, found "
                + "'south' after 'north'"), message);
        assertThrows(DataException.class, () -> StaticColumns.read(file, CsvOptions.defaults(), List.of("other")));
        assertThrows(DataException.class,
                () -> StaticColumns.read(file, CsvOptions.defaults().withId("id"), List.of("region")));
    }
}
