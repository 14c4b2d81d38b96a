package org.ttm4j.eval.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class WorkbookRowsTest {
    @Test
    void whatOnlyLooksLikeADateStaysAText() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (WorkbookRows rows = new WorkbookRows(out)) {
            rows.row(List.of("part", "time"));
            rows.row(List.of("1234-56-78", "2026-01-31 24:00:00"));
        }
        StringBuilder workbook = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            while (zip.getNextEntry() != null) {
                workbook.append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertTrue(workbook.indexOf("1234-56-78") > 0 && workbook.indexOf("2026-01-31 24:00:00") > 0);
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
