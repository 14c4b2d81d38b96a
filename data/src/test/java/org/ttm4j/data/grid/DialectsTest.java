package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.time.TimeOptions;

/** Files as people have them: one small file for each dialect, with what is read from it in expected.txt. */
class DialectsTest {
    private static final Path FOLDER = Path.of("src/test/resources/dialects");
    private static final String EXPECTED = "expected.txt";

    static List<String> expected() throws IOException {
        return Files.readAllLines(FOLDER.resolve(EXPECTED)).stream().filter(line -> !line.startsWith("#")).toList();
    }

    @ParameterizedTest
    @MethodSource("expected")
    void isReadAsExpected(String line) throws IOException {
        assertEquals(line, outcome(line.substring(0, line.indexOf(" | "))));
    }

    @Test
    void everyFileHasAnOutcome() throws IOException {
        Set<String> named = expected().stream()
                .map(line -> line.substring(0, line.indexOf(" | ")))
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(EXPECTED))
                    .collect(Collectors.toSet()), named);
        }
        assertTrue(named.size() >= 32);
    }

    /** Delimiter and mark; channels; length; first and last value; next times; repairs. */
    private static String outcome(String name) throws IOException {
        CsvFile file;
        try {
            file = CsvReader.read(FOLDER.resolve(name), CsvOptions.defaults());
        } catch (DataException e) {
            String message = e.getMessage();
            return name + " | error | " + message.substring(message.indexOf(name) + name.length());
        }
        TimeSeries series = file.series().get(0);
        float[] values = series.channel(0);
        CsvFile.Layout layout = file.layout();
        List<String> parts = new ArrayList<>(List.of(name,
                (layout.dialect().delimiter() == '\t' ? "tab" : layout.dialect().delimiter()) + " "
                        + layout.dialect().decimal(),
                (layout.id() == null ? "" : layout.id() + " ") + layout.time() + ": "
                        + String.join(", ", series.channels()),
                series.length() + " × " + series.axis().frequency(), values[0] + " … " + values[values.length - 1],
                series.axis().labelAt(series.length()) + " … " + series.axis().labelAt(series.length() + 5)));
        if (!file.report().isEmpty()) parts.add(file.report().lines().collect(Collectors.joining(" + ")));
        return String.join(" | ", parts);
    }

    @Test
    void whatIsStatedIsNotGuessed() throws IOException {
        CsvOptions options = CsvOptions.defaults()
                .withDialect(new Dialect(';', ',', '\0', java.nio.charset.StandardCharsets.ISO_8859_1, 1));
        String text = "a,b;c\nZeit;Wärme\n2020-01-01;1,234\n2020-01-02;2,345\n";
        CsvFile file = CsvReader.read(
                new java.io.ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)), "x",
                options);
        assertEquals("Wärme", file.series().get(0).channels().get(0));
        assertEquals(1.234f, file.series().get(0).channel(0)[0]);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({"dd/MM/yyyy, 01/02/2020, 02/02/2020, 03/02/2020",
            "%d/%m/%y, 01/02/20, 02/02/20, 03/02/20", "mm/dd/yyyy, 01/02/2020, 01/03/2020, 01/04/2020",
            "yyyy_MM_dd kk, 2020_02_01 23, 2020_02_01 24, 2020_02_02 01",
            "yyyy_MM_dd HH:mm, 2020_02_01 23:30, 2020_02_01 24:00, 2020_02_02 00:30",
            "yyyy_MM_dd, 2020_02_01, 2020_02_02, 2020_02_03",
            "%Y.%m.%dT%H, 2020.02.01T01, 2020.02.01T02, 2020.02.01T03",
            "%H:%M Uhr %d.%m.%Y, 01:00 Uhr 01.02.2020, 02:00 Uhr 01.02.2020, 03:00 Uhr 01.02.2020",
            "%Y-%j o'clock, 2020-365 o'clock, 2020-366 o'clock, 2021-001 o'clock", "yyyyDDD, 2020365, 2020366, 2021001",
            "yyyy-DDD, 2020-365, 2020-366, 2021-001", "DD.MM.YYYY, 01.02.2020, 02.02.2020, 03.02.2020",
            "'Day by day' dd.mm.yyyy, Day by day 01.02.2020, Day by day 02.02.2020, Day by day 03.02.2020",
            "MMM ppd yyyy, Jan  9 2020, Jan 10 2020, Jan 11 2020",
            "yyyyMMddHHmm, 202001010000, 202001010001, 202001010002"})
    void timesAreReadAsStated(String format, String first, String second, String third) throws IOException {
        String text = "time,y\n" + first + ",1\n" + second + ",2\n";
        if (third == null) {
            assertThrows(DataException.class, () -> CsvFixture.read(text, with(format)));
            return;
        }
        TimeSeries series = CsvFixture.read(text, with(format)).series().get(0);
        assertEquals(Arrays.asList(first, second, third),
                List.of(series.axis().labelAt(0), series.axis().labelAt(1), series.axis().labelAt(2)));
    }

    private static CsvOptions with(String format) {
        return CsvOptions.defaults().withTimes(new TimeOptions(format, null, null, null, null));
    }

    @Test
    void whatIsNoFormatIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> with("qqqqqqq{"));
    }
}
