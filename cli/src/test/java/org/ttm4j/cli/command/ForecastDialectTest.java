package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.cli.CliRun;
import org.ttm4j.cli.Main;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;

/** The answer is in the dialect of the question. */
class ForecastDialectTest {
    private static final Path DIALECTS = Path.of("../data/src/test/resources/dialects").toAbsolutePath();

    @TempDir
    Path folder;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DIALECTS)) {
            return files.filter(file -> !file.endsWith("expected.txt")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyDialectIsForecastOrRefusedAsExpected(Path file) throws IOException {
        CliRun run = CliRun.in(folder, "forecast", file.toString(), "--mode", "fast", "--horizon", "2");
        boolean refused = Files.readAllLines(DIALECTS.resolve("expected.txt"))
                .stream()
                .anyMatch(line -> line.startsWith(file.getFileName() + " | error"));
        assertEquals(refused ? 1 : 0, run.code(), run.err());
        if (refused) assertTrue(run.err().startsWith("ttm: " + file), run.err());
        else assertTrue(run.lines().size() >= 2, run.out());
    }

    private List<String> answer(String text, String... options) throws IOException {
        Files.writeString(folder.resolve("x.csv"), text);
        CliRun run = CliRun
                .in(folder,
                        Stream.concat(Stream.of("forecast", "x.csv", "--mode", "fast"),
                                options.length == 0 ? Stream.of("--horizon", "2") : Stream.of(options))
                                .toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return run.lines();
    }

    private static String days(String header, String delimiter, boolean valueFirst, String... values) {
        StringBuilder text = new StringBuilder(header + "\n");
        for (int day = 1; day <= 28; day++) {
            String time = (day < 10 ? "0" : "") + day + ".02.2021";
            String value = values[day % values.length];
            text.append(valueFirst ? value + delimiter + time : time + delimiter + value).append('\n');
        }
        return text.toString();
    }

    @Test
    void delimiterAndDecimalMarkAreThoseOfTheFile() throws IOException {
        List<String> lines = answer(days("Tag;Last", ";", false, "1.234,5", "1.250,5"), "--quantiles", "none");
        assertEquals("Tag;Last", lines.get(0));
        assertTrue(lines.get(1).matches("01\\.03\\.2021;\\d{4},\\d+"), lines.get(1));
        assertTrue(answer(days("Tag,Last", ",", false, "\"1,5\"", "\"2,5\""), "--quantiles", "none").get(1)
                .matches("01.03.2021,\"\\d,\\d+\""));
        assertTrue(answer(days("Tag\tLast", "\t", false, "1.5", "2.5"), "--quantiles", "none").get(1)
                .matches("01.03.2021\t\\d\\.\\d+"));
    }

    @Test
    void columnsStandInTheOrderOfTheFile() throws IOException {
        List<String> lines = answer(days("Last|Tag", "|", true, "1", "2"), "--quantiles", "none");
        assertEquals("Last|Tag", lines.get(0));
        assertTrue(lines.get(1).endsWith("|01.03.2021"), lines.get(1));
    }

    @Test
    void businessDaysHaveNoWeekends() throws IOException {
        StringBuilder text = new StringBuilder("date,close\n");
        for (int day = 0; day < 60; day++) {
            LocalDate date = LocalDate.of(2024, 1, 1).plusDays(day);
            if (date.getDayOfWeek().getValue() <= 5) text.append(date).append(',').append(day % 7).append('\n');
        }
        List<String> lines = answer(text.toString(), "--horizon=10");
        assertEquals(11, lines.size());
        for (String line : lines.subList(1, 11)) {
            assertTrue(java.time.LocalDate.parse(line.substring(0, 10)).getDayOfWeek().getValue() <= 5, line);
        }
    }

    @Test
    void timesInTwoColumnsAreAnsweredInTwo() {
        assertEquals(List.of("Jahr;KW;Absatz", "2020;25;", "2020;26;"), answerTo("year-and-week-columns.csv"));
        assertEquals(List.of("Date,Hour,load", "2020-03-15,4,", "2020-03-15,5,"),
                answerTo("date-and-hour-columns.csv"));
        assertEquals(List.of("Datum;Uhrzeit;Last", "15.03.2020;04:00;", "15.03.2020;05:00;"),
                answerTo("date-and-time-columns.csv"));
        assertEquals(List.of("Year,Month,sales", "2020,5,", "2020,6,"), answerTo("year-and-month-columns.csv"));
        assertEquals(List.of("Datum;Last", "43859;", "43860;"), answerTo("excel-serial-dates.csv"));
    }

    @Test
    void numbersOfHalfHoursAreAnsweredByNumbers() throws IOException {
        StringBuilder text = new StringBuilder("settlementDate,settlementPeriod,demand\n");
        for (int i = 0; i < 10 * 48 - 2; i++) {
            text.append("%s,%d,%d%n".formatted(LocalDate.of(2024, 3, 1).plusDays(i / 48), i % 48 + 1, 50 + i % 48));
        }
        List<String> lines = answer(text.toString(), "--quantiles", "none", "--horizon", "3");
        List<String> times = lines.stream().map(line -> line.substring(0, line.lastIndexOf(','))).toList();
        assertEquals(List.of("settlementDate,settlementPeriod", "2024-03-10,47", "2024-03-10,48", "2024-03-11,1"),
                times);
    }

    @Test
    void timesInMoreColumnsAreAnsweredInAsMany() {
        assertEquals(List.of("year,month,day,hour,load", "2020,3,16,4,", "2020,3,16,5,"),
                answerTo("year-month-day-hour-columns.csv"));
        assertEquals(List.of("YY MM DD hh mm WVHT", "2020 03 15 04 40 ", "2020 03 15 04 50 "),
                answerTo("aligned-by-blanks.csv"));
    }

    @Test
    void timesWithAnEndAreAnsweredWithOne() {
        assertEquals(List.of("MTU (UTC);Load", "16.03.2020 04:00 - 16.03.2020 05:00;",
                "16.03.2020 05:00 - 16.03.2020 06:00;"), answerTo("ranges.csv"));
        assertEquals(List.of("week,load", "29.03.2020,", "05.04.2020,"), answerTo("weeks-to-sunday.csv"));
    }

    /** The header and the rows without their last cell. */
    private List<String> answerTo(String file) {
        CliRun run = CliRun.in(folder, "forecast", DIALECTS.resolve(file).toString(), "--mode", "fast", "--horizon",
                "2", "--quantiles", "none");
        assertEquals(0, run.code(), run.err());
        return run.lines().stream().map(line -> line.replaceAll("\\d+[.,]\\d+$", "")).toList();
    }

    @Test
    void jsonLinesAreAnsweredByJsonLines() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int t = 0; t < 120; t++) {
            for (int site = 1; site <= 2; site++) {
                text.append("{\"load\": ")
                        .append(t % 7 * site)
                        .append(", \"site\": ")
                        .append(site)
                        .append(", \"at\": \"")
                        .append(java.time.LocalDate.of(2024, 1, 1).plusDays(t))
                        .append("\"}\n");
            }
        }
        List<String> lines = answer(text.toString(), "--horizon", "2", "--id", "site", "--quantiles", "0.1");
        assertEquals(4, lines.size());
        assertTrue(lines.get(2)
                .matches("\\{\"load\": [0-9.]+, \"site\": 2, \"at\": \"2024-04-30\", "
                        + "\"load.q0.1\": (null|-?[0-9.]+)}"),
                lines.get(2));
    }

    @Test
    void aWorkbookIsWrittenWhereTheNameOfTheAnswerIsOfOne() throws IOException {
        answer(days("Tag;Last", ";", false, "1,5", "2,5"), "--quantiles", "none", "--horizon", "3", "--out",
                "answer.xlsx.gz");
        TimeSeries series = CsvReader.read(folder.resolve("answer.xlsx.gz"), CsvOptions.defaults()).series().get(0);
        assertEquals("01.03.2021", series.axis().labelAt(0));
        assertEquals(List.of("Last"), series.channels());
        assertEquals(3, series.length());
        answer("date,load\n2024-01-30,1\n2024-01-31,2\n2024-02-01,1\n2024-02-02,2\n", "--horizon", "3", "--out",
                "answer.xlsx");
        CliRun run = CliRun.in(folder, "forecast", "answer.xlsx", "--horizon", "1");
        assertTrue(run.out().startsWith("date,load,") && run.lines().get(1).startsWith("2024-02-06,"), run.out());
        assertTrue(run.err().contains("note: --out F.xlsx writes a workbook"), run.err());
    }

    @Test
    void timesInColumnsOfYearsAndMonthsAreContinuedInThem() throws IOException {
        StringBuilder months = new StringBuilder("Region;Jahr;Monat;Anzahl\n");
        StringBuilder quarters = new StringBuilder("Year,Quarter,Sales\n");
        StringBuilder names = new StringBuilder("Datum;Wert\n");
        for (int i = 0; i < 26; i++) {
            months.append("Nord;")
                    .append(2018 + i / 12)
                    .append(';')
                    .append(1 + i % 12)
                    .append(';')
                    .append(i)
                    .append('\n');
            quarters.append(2018 + i / 4).append(',').append(1 + i % 4).append(',').append(i).append('\n');
            names.append("Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez".split(" ")[i % 12])
                    .append(' ')
                    .append(2018 + i / 12)
                    .append(';')
                    .append(i)
                    .append('\n');
        }
        String[] options = {"--horizon", "2", "--quantiles", "none", "--id", "Region"};
        List<String> lines = answer(months.toString(), options);
        assertEquals("Region;Jahr;Monat;Anzahl", lines.get(0));
        assertTrue(lines.get(1).startsWith("Nord;2020;3;"), lines.get(1));
        lines = answer(quarters.toString(), "--horizon", "3", "--quantiles", "none");
        assertTrue(lines.get(1).startsWith("2024,3,") && lines.get(3).startsWith("2025,1,"), lines.toString());
        assertTrue(answer(names.toString()).get(1).startsWith("Mrz 2020;"));
    }

    @Test
    void whatIsIgnoredIsNotLookedAt() throws IOException {
        String text = days("Tag;Last;Quarter", ";", false, "1;Q1", "2;7", "3;");
        assertTrue(answer(text, "--ignore", "Quarter", "--horizon", "2").get(0).startsWith("Tag;Last;Last.q0.1"));
        text = text.replace("Tag;", "Quarter;").replace(";Quarter\n", ";day\n").replace(".02.2021", ". Woche");
        assertEquals("step;Last",
                answer(text, "--ignore", "Quarter,day", "--horizon", "2", "--quantiles", "none").get(0));
    }

    @Test
    void aDashIsStandardOutput() throws IOException {
        List<String> lines = answer(days("Tag;Last", ";", false, "1", "2"), "--horizon", "2", "--out", "-");
        assertEquals(3, lines.size());
        assertFalse(Files.exists(folder.resolve("-")));
    }

    @Test
    @Tag("process")
    void theFileThatIsStandardInputIsNotOverwritten() throws Exception {
        Path file = Files.writeString(folder.resolve("x.csv"), days("Tag;Last", ";", false, "1", "2"));
        String before = Files.readString(file);
        assumeTrue(Files.exists(Path.of("/dev/stdin")), "no /dev/stdin here");
        Process program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(), "forecast", "-", "--mode", "fast", "--plot", "none", "--out", file.toString())
                .redirectErrorStream(true)
                .redirectInput(file.toFile())
                .start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, program.waitFor(), said);
        assertTrue(said.contains("--out: this would overwrite the input"), said);
        assertEquals(before, Files.readString(file));
    }

    @Test
    void standardInputIsRead() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(
                    days("Tag;Last", ";", false, "1,5", "2,5").getBytes(StandardCharsets.UTF_8)));
            CliRun run = CliRun.in(folder, "forecast", "-", "--mode", "fast", "--horizon", "2");
            assertEquals(0, run.code(), run.err());
            assertTrue(run.lines().get(1).startsWith("01.03.2021;"), run.out());
            assertTrue(Files.exists(folder.resolve("standard-input-forecast.svg")), run.err());
            System.setIn(InputStream.nullInputStream());
            assertEquals("ttm: standard-input: the file is empty; expected rows of data",
                    CliRun.in(folder, "forecast", "-").err().strip());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void optionsSayWhatCannotBeFound() throws IOException {
        String text = "a title\ntime;load\n01/02/2021;1,500\n02/02/2021;2,500\n03/02/2021;1,250\n04/02/2021;2,750\n";
        List<String> lines = answer(text, "--skip", "1", "--date-format", "dd/MM/yyyy", "--decimal", ".", "--delimiter",
                ";", "--encoding", "UTF-8", "--frequency", "P1D", "--timezone", "Europe/Berlin");
        assertTrue(lines.get(1).matches("05/02/2021;\\d{4}.*"), lines.get(1));
        for (String[] wrong : new String[][]{{"--decimal", "x"}, {"--delimiter", "ab"}, {"--encoding", "none"},
                {"--frequency", "hourly"}, {"--timezone", "Nowhere"}, {"--date-format", "%Q"}, {"--skip", "-1"},
                {"--resample", "most"}, {"--date-format", "yyyy-MM-dd" + "['x']".repeat(5000)}}) {
            CliRun run = CliRun.in(folder, "forecast", "x.csv", wrong[0], wrong[1]);
            assertEquals(2, run.code(), run.err());
            assertTrue(run.err().contains(wrong[0] + ":"), run.err());
        }
        assertTrue(CliRun.in(folder, "forecast", "x.csv", "--decimal", "x").err().contains("found 'x'"));
        String skipped = CliRun.in(folder, "forecast", "x.csv", "--skip", "99").err();
        assertTrue(skipped.contains("x.csv: the file is empty behind the lines of --skip"), skipped);
        String dated = CliRun
                .in(folder, "forecast", "x.csv", "--skip", "1", "--time", "time", "--date-format", "MM/yyyy")
                .err();
        assertTrue(dated.contains("expected a time in the format 'MM/yyyy', found '01/02/2021'"), dated);
    }
}
