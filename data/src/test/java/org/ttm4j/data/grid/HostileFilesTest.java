package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Dialect;

/** Files that would exhaust the memory are refused by the limits of a heap of 128 MB, without being held. */
class HostileFilesTest {
    private static final CsvLimits LIMITS = CsvLimits.of(64 << 20);

    /** A file that is made piece by piece while it is read, so that only the reader could hold it. */
    private static final class Endless extends InputStream {
        private final int pieces;
        private final IntFunction<String> piece;
        private byte[] bytes = new byte[0];
        private int at;
        private int next;

        Endless(int pieces, IntFunction<String> piece) {
            this.pieces = pieces;
            this.piece = piece;
        }

        @Override
        public int read() {
            while (at == bytes.length) {
                if (next == pieces) return -1;
                bytes = piece.apply(next++).getBytes(StandardCharsets.UTF_8);
                at = 0;
            }
            return bytes[at++] & 0xff;
        }
    }

    private static CsvFile read(InputStream in, CsvOptions options) throws IOException {
        return CsvReader.read(in, "x", options, LIMITS, List.of());
    }

    private static void assertRefused(InputStream in, CsvOptions options, String part) {
        DataException failure = assertThrows(DataException.class, () -> read(in, options));
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    private static void assertRefused(int pieces, String first, String repeated, String part) {
        assertRefused(new Endless(pieces, i -> i == 0 ? first : repeated), CsvOptions.defaults(), part);
    }

    @Test
    void cellsThatDoNotEnd() {
        String rows = "line,of,text\n".repeat(100);
        assertRefused(1000, "date,y\n2020-01-01,1\n2020-01-02,\f\"", rows, "a cell is longer");
        assertRefused(1000, "date,y\n2020-01-01,1\n2020-01-02,\u2028\"", rows, "a cell is longer");
        assertRefused(1000, "date,y,z\n2020-01-01,x\"\",\"a", rows, "a cell is longer");
        CsvOptions comments = CsvOptions.defaults().withDialect(new Dialect(',', '.', '#', null, 0));
        assertRefused(new Endless(1000, i -> i == 0 ? "date,y\n2020-01-01,1\n#" : "1".repeat(100)), comments,
                "a cell is longer");
        assertRefused(new Endless(100_000, i -> i == 0 ? "date,y\n2020-01-01,1\n" : "#" + "1".repeat(100) + "\n"),
                comments, "a row is longer");
    }

    @Test
    void rowsThatDoNotEnd() {
        StringBuilder names = new StringBuilder("date");
        for (int i = 1; i < 20_000; i++) names.append(",c").append(i);
        assertRefused(60_000, names + "\n2020-01-01", "," + "1".repeat(9_900), "a row is longer");
        assertRefused(60_000, "date", ",c", "more than 20000 columns");
    }

    @Test
    void moreSeriesAndLongerIdsThanTheMemoryHolds() {
        CsvOptions byId = CsvOptions.defaults().withId("id");
        String tail = "x".repeat(9_900);
        assertRefused(new Endless(20_000, i -> i == 0 ? "id,date,y\n" : i + tail + ",2020-01-01,1\n"), byId,
                "too large");
        assertRefused(new Endless(2_000_000, i -> i == 0 ? "id,date,y\n" : i + ",2020-01-01,1\n"), byId, "too large");
    }

    @Test
    void gridsOfAllSeriesShareTheMemory() {
        // Each series has two rows that are 10,000 days apart, on a third row's grid of days.
        CsvOptions byId = CsvOptions.defaults().withId("id");
        assertRefused(new Endless(6_000, i -> i == 0
                ? "id,date,y\n"
                : i + ",2000-01-01,1\n" + i + ",2000-01-02,1\n" + i + ",2000-01-03,1\n" + i + ",2027-01-01,1\n"), byId,
                "too large");
    }

    /** Each item is sold on half of 60 days, which begin 20 days after those of the item before, and is 0 up to the last. */
    @Test
    void zerosUpToTheLastTimeShareTheMemory() {
        CsvOptions byId = CsvOptions.defaults().withId("id");
        Random random = new Random(1);
        Endless rows = new Endless(401, i -> {
            if (i == 0) return "id,date,y\n";
            LocalDate first = LocalDate.of(2000, 1, 1).plusDays(20L * i);
            return IntStream.range(0, 60)
                    .filter(day -> day < 5 || random.nextBoolean())
                    .mapToObj(day -> i + "," + first.plusDays(day) + "," + (1 + random.nextInt(3)) + "\n")
                    .collect(Collectors.joining());
        });
        DataException refused = assertThrows(DataException.class,
                () -> CsvReader.read(rows, "x", byId, CsvLimits.of(2 << 20), List.of()));
        assertTrue(refused.getMessage().contains("too large"), refused.getMessage());
    }

    @Test
    void manyColumnsAndManyIdsAreRead() throws IOException {
        StringBuilder wide = new StringBuilder("date");
        for (int i = 0; i < 15_000; i++) wide.append(",c").append(i);
        for (int row = 1; row <= 3; row++) wide.append("\n2020-01-0").append(row).append(",1".repeat(15_000));
        InputStream in = new ByteArrayInputStream(wide.toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(15_000, read(in, CsvOptions.defaults()).series().get(0).channels().size());
        InputStream ids = new Endless(20_001,
                i -> i == 0 ? "id,date,y\n" : i + ",2020-01-01,1\n" + i + ",2020-01-02,1\n" + i + ",2020-01-03,1\n");
        assertEquals(20_000, read(ids, CsvOptions.defaults().withId("id")).series().size());
    }

    @Test
    void aHeaderThatIsRepeatedOverAndOverIsLeftOut() throws IOException {
        String text = "time,load\n2024-01-01,1\n" + "time,load\n".repeat(100_000) + "2024-01-02,2\n";
        assertEquals(2, CsvFixture.read(text, CsvOptions.defaults()).series().get(0).length());
    }

    private static String keys() {
        return IntStream.range(0, 19_000)
                .mapToObj(i -> "\"k" + i + "\":1")
                .collect(Collectors.joining(",", "{", "}\n"));
    }

    @Test
    @Timeout(60)
    void shortLinesBelowManyKeys() {
        assertRefused(new Endless(2_000_000, i -> i == 0 ? keys() : "{}\n"), CsvOptions.defaults(), "too large");
    }

    @Test
    @Timeout(60)
    void shortRowsBelowManyColumnsOfAWorkbook() throws IOException {
        String names = IntStream.range(0, 16_000)
                .mapToObj(i -> "<c t=\"inlineStr\"><is><t>n" + i + "</t></is></c>")
                .collect(Collectors.joining("", "<row>", "</row><row><c><v>1</v></c><c><v>1</v></c></row>"));
        byte[] workbook = OtherFormatsTest
                .workbook(names + "<row/>".repeat(100_000) + "<row><c><v>1</v></c></row>".repeat(100_000), "");
        assertRefused(new ByteArrayInputStream(workbook), CsvOptions.defaults(), "too large");
    }

    @Test
    @Timeout(60)
    void manyColumnsBeforeTheTimesOfATurnedTable() {
        String header = IntStream.range(0, 19_000).mapToObj(i -> "n" + i).collect(Collectors.joining(","));
        String row = "x".repeat(9_000) + ",1".repeat(18_999);
        assertRefused(new Endless(25, i -> (i == 0 ? header + ",2020-01,2020-02,2020-03" : row + ",1,2,3") + "\n"),
                CsvOptions.defaults(), "has the name of that in line");
    }

    @Test
    @Timeout(60)
    void manySeriesOfManyColumns() throws IOException {
        String header = IntStream.range(0, 10_000)
                .mapToObj(i -> "c" + i)
                .collect(Collectors.joining(",", "id,date,", "\n"));
        String values = ",1".repeat(10_000) + "\n";
        CsvFile file = read(new Endless(401, i -> i == 0 ? header : (i - 1) / 2 + ",2020-01-0" + (1 + i % 2) + values),
                CsvOptions.defaults().withId("id"));
        assertEquals(200, file.series().size());
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x.csv"));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void whatAPackedFileUnpacksToIsBounded() throws IOException {
        byte[] lines = "date,y\n2020-01-01,1\n2020-01-02,2\n".concat("\n".repeat(3 << 20))
                .getBytes(StandardCharsets.UTF_8);
        byte[] json = "{\"date\":\"2020-01-01\",\"y\":1}\n".concat("\n".repeat(3 << 20))
                .getBytes(StandardCharsets.UTF_8);
        CsvLimits limits = CsvLimits.of(1 << 18);
        for (byte[] packed : List.of(gzip(lines), zip(gzip(lines)), gzip(gzip(lines)), gzip(zip(lines)),
                gzip(gzip(json)))) {
            DataException failure = assertThrows(DataException.class, () -> CsvReader
                    .read(new ByteArrayInputStream(packed), "x.gz", CsvOptions.defaults(), limits, List.of()));
            assertTrue(failure.getMessage().contains("x.gz") && failure.getMessage().contains("unpack it"),
                    failure.getMessage());
        }
        InputStream plain = new ByteArrayInputStream(lines);
        assertEquals(2, CsvReader.read(plain, "x", CsvOptions.defaults(), limits, List.of()).series().get(0).length());
    }

    @Test
    void aPackedTableMayBeManyTimesTheMemory() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("date,y\n");
        for (int day = 0; day < 800; day++) {
            text.append(LocalDate.EPOCH.plusDays(day)).append(",0.");
            for (int i = 0; i < 4000; i++) text.append(random.nextInt(10));
            text.append('\n');
        }
        byte[] table = text.toString().getBytes(StandardCharsets.UTF_8);
        for (byte[] packed : List.of(gzip(table), gzip(gzip(table)))) {
            InputStream in = new ByteArrayInputStream(packed);
            CsvFile file = CsvReader.read(in, "x", CsvOptions.defaults(), CsvLimits.of(1 << 18), List.of());
            assertEquals(800, file.series().get(0).length());
        }
    }

    @Test
    void aPipeHasNoPosition() throws IOException {
        byte[] table = "date,y\n2020-01-01,1\n2020-01-02,2\n".getBytes(StandardCharsets.UTF_8);
        InputStream pipe = new FilterInputStream(new ByteArrayInputStream(table)) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(length, 5));
            }

            @Override
            public int available() throws IOException {
                throw new IOException("Illegal seek");
            }
        };
        assertEquals(2, read(pipe, CsvOptions.defaults()).series().get(0).length());
    }

    @Test
    void aQuoteWithinACellIsText() throws IOException {
        StringBuilder text = new StringBuilder("date,what,y\n");
        for (int day = 1; day <= 28; day++) {
            text.append("2020-01-")
                    .append(day < 10 ? "0" : "")
                    .append(day)
                    .append(",5\"\" pipe,")
                    .append(day)
                    .append('\n');
        }
        CsvFile file = read(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)),
                CsvOptions.defaults());
        assertEquals(28, file.series().get(0).length());
    }
}
