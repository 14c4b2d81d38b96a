package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ttm4j.data.grid.OtherFormatsTest.HEADER;
import static org.ttm4j.data.grid.OtherFormatsTest.TEXTS;
import static org.ttm4j.data.grid.OtherFormatsTest.assertRefused;
import static org.ttm4j.data.grid.OtherFormatsTest.read;
import static org.ttm4j.data.grid.OtherFormatsTest.row;
import static org.ttm4j.data.grid.OtherFormatsTest.workbook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;

/** Workbooks of a few kilobytes that would take a careless reader minutes or all memory. */
@Timeout(60)
class HostileWorkbooksTest {
    private static String format(String code) {
        return "<numFmts><numFmt numFmtId=\"164\" formatCode=\"" + code + "\"/></numFmts>";
    }

    private static String rows(int from, int to, String cells) {
        return IntStream.range(from, to)
                .mapToObj(i -> "<row r=\"" + i + "\">" + cells.replace("@", Integer.toString(i)) + "</row>")
                .collect(Collectors.joining());
    }

    private static String days(int count) {
        return IntStream.range(2, 2 + count)
                .mapToObj(i -> row(i, Integer.toString(43_829 + i), 1, "1"))
                .collect(Collectors.joining());
    }

    @Test
    void formatsShowADateWithLettersOutsideTextsAndBrackets() throws IOException {
        String[] dates = {"yyyy", "[$-407]d. mmm yyyy", "&quot;am &quot;dd", "\\yD"};
        for (String code : dates) {
            String rows = HEADER + row(2, "43831", 3, "1") + row(3, "43832", 3, "2");
            TimeSeries series = read(workbook(rows, TEXTS, format(code))).series().get(0);
            assertEquals("2020-01-03", series.axis().labelAt(2), code);
        }
        String[] numbers = {"0.0", "0 &quot;days&quot;", "[Yellow]0", "0\\d", "[d"};
        for (String code : numbers) {
            String rows = HEADER + row(2, "43831", 1, "7").replace("<c r=\"B2\"", "<c r=\"B2\" s=\"3\"")
                    + row(3, "43832", 1, "8");
            assertArrayEquals(new float[]{7, 8}, read(workbook(rows, TEXTS, format(code))).series().get(0).channel(0),
                    code);
        }
    }

    @Test
    void aFormatLongerThanThoseOfExcelIsRefused() throws IOException {
        String cells = rows(2, 200, "<c r=\"A@\" s=\"3\"><v>43831</v></c>");
        assertRefused(workbook(HEADER + cells, TEXTS, format("[".repeat(59_000))),
                "a number format of 59000 characters");
    }

    @Test
    void aCellBeyondTheColumnsOfASheetIsRefused() throws IOException {
        assertRefused(workbook(HEADER + rows(2, 3, "<c r=\"ZZZZZZ@\"><v>1</v></c>"), TEXTS),
                "line 2: a cell beyond column XFD");
        assertRefused(workbook(HEADER + rows(2, 3, "<c r=\"XFE@\"><v>1</v></c>"), TEXTS), "beyond column XFD");
        assertRefused(workbook(HEADER + rows(2, 3, "<c r=\"A&#66;&#90;ZZZZ@\"><v>1</v></c>"), TEXTS),
                "beyond column XFD");
        assertEquals(2,
                read(workbook(HEADER + days(2) + rows(4, 5, "<c r=\"XFD@\"/>"), TEXTS)).series().get(0).length());
    }

    @Test
    void aSharedTextThatIsNotThereIsRefused() throws IOException {
        assertRefused(workbook(HEADER + rows(2, 3, "<c r=\"A@\" t=\"s\"><v>2000000000</v></c>"), TEXTS),
                "shared text 2000000000");
    }

    @Test
    void linksAndFormatsWithoutAttributesAreNone() throws IOException {
        byte[] workbook = workbook(HEADER + days(2), TEXTS, "<numFmts><numFmt/></numFmts>", "<Relationship/>");
        assertEquals(2, read(workbook).series().get(0).length());
    }

    @Test
    void rowNumbersAllocateNothing() throws IOException {
        String rows = HEADER + row(2, "43831", 1, "1") + row(2_000_000_000, "43832", 1, "2");
        assertEquals(2, read(workbook(rows, TEXTS)).series().get(0).length());
    }

    @Test
    void formulasAreNotLookedAt() throws IOException {
        String arrays = IntStream.range(0, 60_000)
                .mapToObj(i -> "<row><c><f t=\"array\" ref=\"Z" + i + ":Z" + i + "\">1</f></c></row>")
                .collect(Collectors.joining());
        assertEquals(2, read(workbook(HEADER + days(2) + arrays, TEXTS)).series().get(0).length());
        String formula = "A1+".repeat(15_000) + "1";
        String shared = "<row><c r=\"D9\"><f t=\"shared\" ref=\"D9:D9999\" si=\"0\">" + formula + "</f></c></row>"
                + "<row><c><f t=\"shared\" si=\"0\"/></c></row>".repeat(50_000);
        assertEquals(2, read(workbook(HEADER + days(2) + shared, TEXTS)).series().get(0).length());
    }

    @Test
    void whatAParserWouldKeepIsBounded() throws IOException {
        assertRefused(workbook(HEADER + "<x>".repeat(1_000_000), TEXTS), "depth");
        String names = IntStream.range(0, 100_000).mapToObj(i -> "<n" + i + "/>").collect(Collectors.joining());
        assertRefused(workbook(HEADER + names, TEXTS), "names");
        assertRefused(workbook(HEADER + "<!--" + "<".repeat(1_000_000) + "-->", TEXTS), "too large");
        assertRefused(workbook(HEADER + "<row a='" + "\u3c3c".repeat(1_000_000) + "'/>", TEXTS), "too large");
        assertRefused(workbook(HEADER + days(2) + "<row/>".repeat(3_000_000), TEXTS), "rows that a sheet can have");
    }

    @Test
    void whatTheReaderKeepsOfLinksAndFormatsIsBounded() throws IOException {
        String longest = "x".repeat(50_000);
        String links = IntStream.range(0, 100)
                .mapToObj(i -> "<Relationship Id=\"" + i + "\" Type=\"t\" Target=\"" + longest + "\"/>")
                .collect(Collectors.joining());
        assertTooLarge(workbook(HEADER + days(2), TEXTS, "", links));
        String formats = IntStream.range(0, 100)
                .mapToObj(i -> "<numFmt numFmtId=\"" + longest + i + "\" formatCode=\"yy\"/>")
                .collect(Collectors.joining());
        assertTooLarge(workbook(HEADER + days(2), TEXTS, formats));
    }

    @Test
    void rowsThatAreWideForOneCellAreBounded() throws IOException {
        assertTooLarge(workbook(HEADER + days(2) + rows(4, 5000, "<c r=\"XFD@\"/>"), TEXTS));
    }

    @Test
    void theColumnsOfAWideSheetAreNotComparedWithEachOther() throws IOException {
        String wide = HEADER.replaceFirst("</row>", "<c r=\"XFD1\" t=\"inlineStr\"><is><t>w</t></is></c></row>");
        byte[] workbook = workbook(wide + days(2), TEXTS);
        for (int i = 0; i < 15; i++) assertEquals(2, read(workbook).series().get(0).length());
    }

    private static void assertTooLarge(byte[] workbook) {
        DataException refused = assertThrows(DataException.class,
                () -> CsvReader.read(new ByteArrayInputStream(workbook), "x", CsvOptions.defaults(),
                        CsvLimits.of(1 << 20), List.of()));
        assertTrue(refused.getMessage().contains("too large"), refused.getMessage());
    }
}
