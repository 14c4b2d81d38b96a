package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.JsonRows;

/** Excel workbooks and JSON lines. */
class OtherFormatsTest {
    static CsvFile read(byte[] bytes) throws IOException {
        return CsvReader.read(new ByteArrayInputStream(bytes), "x", CsvOptions.defaults(), CsvLimits.of(64 << 20),
                List.of());
    }

    static void assertRefused(byte[] bytes, String part) {
        DataException failure = assertThrows(DataException.class, () -> read(bytes));
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    /** The least workbook that Excel opens, with one sheet. Style 1 is a date, style 2 a date with a time. */
    static byte[] workbook(String rows, String texts) throws IOException {
        return workbook(rows, texts, "");
    }

    /** The same; style 3 has the number format 164. */
    static byte[] workbook(String rows, String texts, String formats) throws IOException {
        return workbook(rows, texts, formats, "");
    }

    /** The same, with more relationships of the workbook. */
    static byte[] workbook(String rows, String texts, String formats, String links) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "[Content_Types].xml",
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                            + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument"
                            + ".spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\""
                            + "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/>"
                            + "<Override PartName=\"/xl/styles.xml\" ContentType=\""
                            + "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>");
            String relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
            String type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
            add(zip, "_rels/.rels", relations + "<Relationship Id=\"rId1\" Type=\"" + type
                    + "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            add(zip, "xl/_rels/workbook.xml.rels", relations + "<Relationship Id=\"rId1\" Type=\"" + type
                    + "worksheet\" Target=\"worksheets/sheet1.xml\"/>" + links + "</Relationships>");
            String main = " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
            add(zip, "xl/workbook.xml", "<workbook" + main
                    + " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument"
                    + "/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
            add(zip, "xl/styles.xml",
                    "<styleSheet" + main + ">" + formats
                            + "<cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/>"
                            + "<xf numFmtId=\"164\"/></cellXfs></styleSheet>");
            add(zip, "xl/sharedStrings.xml", "<sst" + main + ">" + texts + "</sst>");
            add(zip, "xl/worksheets/sheet1.xml",
                    "<worksheet" + main + "><sheetData>" + rows + "</sheetData></worksheet>");
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    static final String TEXTS = "<si><t>date</t></si><si><t>load</t></si>";
    static final String HEADER = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";

    static String row(int number, String day, int style, String value) {
        return "<row r=\"" + number + "\"><c r=\"A" + number + "\" s=\"" + style + "\"><v>" + day + "</v></c><c r=\"B"
                + number + "\"><v>" + value + "</v></c></row>";
    }

    @Test
    void aWorkbookIsRead() throws IOException {
        TimeSeries days = read(workbook(HEADER + row(2, "43831", 1, "1.5") + row(3, "43832", 1, "2.5E-1"), TEXTS))
                .series()
                .get(0);
        assertEquals(List.of("load"), days.channels());
        assertArrayEquals(new float[]{1.5f, 0.25f}, days.channel(0));
        assertEquals("2020-01-03", days.axis().labelAt(2));
        TimeSeries hours = read(
                workbook(HEADER + row(2, "43831.958333333336", 2, "1") + row(3, "43832", 2, "2"), TEXTS)).series()
                .get(0);
        assertEquals("2020-01-01 23:00:00", hours.axis().labelAt(0));
        assertEquals("2020-01-02 01:00:00", hours.axis().labelAt(2));
    }

    private static String text(String place, String text) {
        return "<c r=\"" + place + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
    }

    @Test
    void rowsOfAWorkbookEndWithTheirLastFilledCell() throws IOException {
        String title = "<row r=\"1\">" + text("A1", "report") + "</row><row r=\"3\">" + text("A3", "date")
                + text("B3", "load") + text("C3", "price") + text("D3", "remark") + "</row>";
        String rows = row(4, "43831", 1, "1")
                + row(5, "43832", 1, "2").replace("</row>", "<c r=\"C5\"><v>7</v></c></row>") + row(6, "43833", 1, "3")
                + "<row r=\"7\">" + text("A7", "total") + "<c r=\"B7\"><v>6</v></c></row>";
        CsvFile file = read(workbook(title + rows, TEXTS));
        TimeSeries series = file.series().get(0);
        assertEquals(List.of("load", "price"), series.channels());
        assertArrayEquals(new float[]{1, 2, 3}, series.channel(0));
        assertArrayEquals(new float[]{Float.NaN, 7, Float.NaN}, series.channel(1));
        assertEquals(1, file.report().count(RepairReport.Kind.LINES_BEFORE_HEADER));
        assertEquals(1, file.report().count(RepairReport.Kind.WHOLE_YEARS));
    }

    /** Excel keeps a time of day in a column of its own as a part of the day. */
    @Test
    void datesAndTimesOfDayInTwoColumnsOfAWorkbookAreJoined() throws IOException {
        StringBuilder rows = new StringBuilder(
                "<row>" + text("A1", "Date") + text("B1", "Time") + text("C1", "load") + "</row>");
        for (int hour = 0; hour < 48; hour++) {
            rows.append(row(hour + 2, "" + (43831 + hour / 24), 1, "" + hour % 24 / 24.0).replace("</row>",
                    "<c><v>" + hour + "</v></c></row>"));
        }
        TimeSeries hours = read(workbook(rows.toString(), TEXTS)).series().get(0);
        assertEquals(List.of("load"), hours.channels());
        assertEquals(48, hours.length());
        assertEquals("2020-01-01 01:00:00", hours.axis().labelAt(1));
        assertEquals("2020-01-03 00:00:00", hours.axis().labelAt(48));
    }

    /** 31 is a date in Japanese and Chinese workbooks; 55 is a year and month in the former, a time in the latter. */
    @ParameterizedTest
    @ValueSource(ints = {31, 55})
    void datesOfEastAsiaAreRead(int format) throws IOException {
        String styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"" + format + "\"/></cellXfs>";
        String rows = row(1, "0", 0, "x").replace("<v>0</v>", "<v>日付</v>").replace("><v>", " t=\"str\"><v>")
                + row(2, "45292", 1, "5") + row(3, "45293", 1, "6");
        assertEquals("2024-01-03", read(workbook(rows, TEXTS, styles)).series().get(0).axis().labelAt(2));
        StringBuilder hours = new StringBuilder("<row>" + text("A1", "Date") + text("B1", "Time") + "</row>");
        for (int i = 0; i < 48; i++) {
            hours.append("<row>" + text("A1", "2024-01-0" + (1 + i / 24)) + "<c s=\"1\"><v>" + i % 24 / 24.0
                    + "</v></c><c><v>" + i + "</v></c></row>");
        }
        String named = hours.toString().replaceFirst("</row>", text("C1", "load") + "</row>");
        assertEquals("2024-01-03 01:00:00", read(workbook(named, TEXTS, styles)).series().get(0).axis().labelAt(49));
    }

    /** Old German workbooks leave a blank as wide as D and as M behind amounts. */
    @ParameterizedTest
    @ValueSource(strings = {"#,##0.00\\ _D_M", "*d#,##0.00"})
    void blanksAsWideAsALetterMakeNoDates(String format) throws IOException {
        String amounts = HEADER + row(2, "43831", 1, "1000") + row(3, "43832", 1, "2000") + row(4, "43833", 1, "3000");
        String styled = amounts.replaceAll("<c r=\"B(?=[234])", "<c s=\"3\" r=\"B");
        String formats = "<numFmts><numFmt numFmtId=\"164\" formatCode=\"" + format + "\"/></numFmts>";
        TimeSeries series = read(workbook(styled, TEXTS, formats)).series().get(0);
        assertArrayEquals(new float[]{1000, 2000, 3000}, series.channel(0));
    }

    @Test
    void hostileWorkbooksAreRefused() throws IOException {
        assertRefused(workbook(HEADER, "<si><t>x</t></si>".repeat(1_000_000)), "too large");
        assertRefused(workbook(HEADER + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>" + "x".repeat(5_000_000)
                + "</t></is></c></row>", TEXTS), "too large");
        assertRefused(
                workbook(HEADER + "<row r=\"2\">" + "<c r=\"A2\"><v>1</v></c>".repeat(2_000_000) + "</row>", TEXTS),
                "too large");
        assertRefused("PK\u0003\u0004 no workbook".getBytes(StandardCharsets.UTF_8), "cannot be read");
        byte[] whole = workbook(HEADER + row(2, "43831", 1, "1"), TEXTS);
        assertThrows(DataException.class, () -> read(java.util.Arrays.copyOf(whole, whole.length / 2)));
    }

    @Test
    void aTableWhoseFirstNameIsPkIsNoWorkbook() throws IOException {
        String text = "PK,date,y\n7,2020-01-01,1\n8,2020-01-02,2\n";
        CsvFile file = read(text.getBytes(StandardCharsets.UTF_8));
        assertEquals(CsvFile.Form.DELIMITED, file.layout().form());
        assertEquals("2020-01-03", file.series().get(0).axis().labelAt(2));
    }

    @Test
    void jsonLinesAreRead() throws IOException {
        String text = "{\"ds\":\"2020-01-01\",\"y\":1.5,\"site\":\"a\"}\n{\"ds\":\"2020-01-02\",\"y\":null}\n\n"
                + "{\"y\":2e0,\"ds\":\"2020-01-03\"}\n";
        CsvFile file = read(text.getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new float[]{1.5f, Float.NaN, 2}, file.series().get(0).channel(0));
        assertEquals("2020-01-04", file.series().get(0).axis().labelAt(3));
    }

    @Test
    void aKeyThatComesLateIsLeftOutAndReported() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int day = 1; day <= 100; day++) {
            lines.append("{\"time\": \"" + LocalDate.ofYearDay(2021, day) + "\", \"load\": " + day
                    + (day == 90 ? ", \"alarm\": [true]}\n" : "}\n"));
        }
        CsvFile file = read(lines.toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("load"), file.series().get(0).channels());
        assertEquals(100, file.series().get(0).length());
        assertEquals(1, file.report().count(RepairReport.Kind.KEYS_LATE));
    }

    @Test
    void objectsWithinJsonLinesAreLeftOut() throws IOException {
        String text = "{\"ds\":\"2020-01-01\",\"y\":1,\"meta\":{\"rssi\":[-70]},\"tags\":[]}\n{\"ds\":\"2020-01-02\",\"y\":2}\n";
        CsvFile file = read(text.getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("y"), file.series().get(0).channels());
        assertEquals(2, file.report().count(RepairReport.Kind.COLUMNS_IGNORED));
    }

    /** As Home Assistant answers: an array for each sensor, whose id only its first object may have. */
    @Test
    void arraysOfObjectsInAnArrayAreRows() throws IOException {
        StringBuilder text = new StringBuilder("[\n");
        for (String id : List.of("sensor.a", "sensor.b")) {
            text.append(id.endsWith("a") ? "[" : ", [");
            for (int hour = 0; hour < 12; hour++) {
                text.append(hour == 0 ? "{\"entity_id\":\"" + id + "\",\"x\":1," : ",\n{");
                text.append("\"state\":\"%d.5\",\"at\":\"2024-01-01T%02d:00:00+00:00\"}".formatted(hour, hour));
            }
            text.append(']');
        }
        CsvFile file = CsvFixture.read(text.toString().replaceFirst("\\[", "[[],") + ",[]]");
        assertEquals(List.of("sensor.a", "sensor.b"), file.series().stream().map(TimeSeries::id).toList());
        assertEquals(List.of("x", "state"), file.series().get(0).channels());
        assertEquals(11.5, file.series().get(1).channel(1)[11]);
        assertTrue(Double.isNaN(file.series().get(1).channel(0)[11]), "a number is not that of all");
        String untimed = text.toString().replaceFirst(",\"at\":\"2024-01-01T05[^\"]*\"", "") + "]";
        assertRefused(untimed.getBytes(StandardCharsets.UTF_8), "expected a time, found a missing cell");
        assertRefused(text.toString().getBytes(StandardCharsets.UTF_8), "the array of rows ends early");
        String third = text.toString().replaceFirst(",\\n\\{", ",[{") + "]]";
        assertRefused(third.getBytes(StandardCharsets.UTF_8), "expected one JSON object");
    }

    @Test
    void theOnlyRowOfAFileMayHaveAnArray() throws IOException {
        byte[] text = "{\"ds\":\"2020-01-01\",\"y\":3,\"tags\":[\"a\"]}".getBytes(StandardCharsets.UTF_8);
        try (JsonRows rows = new JsonRows(new ByteArrayInputStream(text), "future.jsonl", CsvLimits.ofThisMachine(),
                Table::isTime)) {
            rows.read();
            assertEquals("3", rows.read().cell(1));
        }
    }

    @Test
    void malformedJsonLinesAreRefused() {
        String first = "{\"ds\":\"2020-01-01\",\"y\":1}\n";
        assertRefused((first + "{\"ds\":\"2020-01-02\",\"y\":[1]}\n").getBytes(StandardCharsets.UTF_8),
                "line 2, column 'y'");
        assertRefused((first + "{\"ds\":\"2020-01-02\",\"y\":2\n").getBytes(StandardCharsets.UTF_8), "line 2");
        String array = "[" + first + "," + first.replace("01\"", "02\"");
        assertRefused(array.getBytes(StandardCharsets.UTF_8), "line 3: the array of rows ends early");
        assertRefused((first + "{\"ds\":\"" + "x".repeat(20_000) + "\"}").getBytes(StandardCharsets.UTF_8),
                "longer than");
        assertRefused((first + "{\"ds\":\"" + "x".repeat(3_000_000) + "\"}").getBytes(StandardCharsets.UTF_8),
                "longer than");
        for (String within : List.of("{\"n\":1,\"data\":[{\"ds\":\"2020-01-01\",\"y\":1}]}\n", "{\"data\":[1,2]}")) {
            assertRefused(within.getBytes(StandardCharsets.UTF_8), "column 'data': expected a row, found an array");
        }
        StringBuilder keys = new StringBuilder("{\"a\":1");
        for (int i = 0; i < 30_000; i++) keys.append(",\"k").append(i).append("\":1");
        keys.append("}\n");
        assertRefused(keys.toString().getBytes(StandardCharsets.UTF_8), "more than 20000 keys");
        assertRefused((first.repeat(60) + keys).getBytes(StandardCharsets.UTF_8), "more than 20000 keys");
    }
}
