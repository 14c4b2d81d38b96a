package org.ttm4j.eval.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.eval.table.ForecastTable.WorkbookRows;

class ForecastTableTest {
    private static final List<String> DATES = List.of("2026-02-01", "2026-02-02 23:00", "2026-02-03T22:00",
            "2026-02-04T22:00:30");

    @TempDir
    Path folder;

    @Test
    void whatOnlyLooksLikeADateStaysAText() throws IOException {
        Path file = folder.resolve("parts.xlsx");
        try (WorkbookRows rows = new WorkbookRows(Files.newOutputStream(file))) {
            rows.row(List.of("part", "time"));
            rows.row(List.of("1234-56-78", "2026-01-31 24:00:00"));
            rows.row(List.of("1849-12-31", "1900-02-28 00:00:00"));
            for (String time : DATES) rows.row(List.of("1", time));
        }
        StringBuilder workbook = new StringBuilder();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                workbook.append(new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        for (String text : List.of("1234-56-78", "2026-01-31 24:00:00", "1849-12-31", "1900-02-28 00:00:00")) {
            assertTrue(workbook.indexOf(text) > 0, text);
        }
        for (String date : DATES) assertTrue(workbook.indexOf(date) < 0, date);
    }

    @Test
    void moreRowsThanASheetHoldsAreRefused() throws IOException {
        try (WorkbookRows rows = new WorkbookRows(OutputStream.nullOutputStream())) {
            for (int i = 0; i < 1 << 20; i++) rows.row(List.of());
            IOException refused = assertThrows(IOException.class, () -> rows.row(List.of("one more")));
            assertEquals("a workbook holds at most 1048576 rows: name a .csv", refused.getMessage());
        }
    }
}
