package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.ttm.fixtures.Samples;

class AnomaliesCommandTest {
    private static final int ROWS = 300;
    private static final int WRONG = 250;

    @TempDir
    Path folder;

    private CliRun anomalies(String... more) {
        List<String> words = new ArrayList<>(List.of("anomalies", "load.csv"));
        words.addAll(Arrays.asList(more));
        return CliRun.in(folder, words.toArray(String[]::new));
    }

    /** Hourly values, one of them far off. */
    private void file() throws IOException {
        Path file = folder.resolve("load.csv");
        Samples.hourly(file, 0, ROWS, "load", "other");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        String[] cells = lines.get(1 + WRONG).split(",");
        lines.set(1 + WRONG, cells[0] + "," + (Float.parseFloat(cells[1]) + 50) + "," + cells[2]);
        Files.write(file, lines);
    }

    @Test
    void aValueFarOffIsFoundWithItsIntervalAndTheHighestScore() throws IOException {
        file();
        CliRun run = anomalies("--level", "0.98", "--every", "12");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("time,channel,value,forecast,lower,upper,level,score,row_score,kind,rows", run.lines().get(0));
        assertTrue(run.err().contains(" of 450 values are outside their 98 % interval"), run.err());
        double highest = 0;
        String[] found = null;
        for (String line : run.lines().subList(1, run.lines().size())) {
            String[] cells = line.split(",");
            double value = Double.parseDouble(cells[2]);
            assertTrue(value < Double.parseDouble(cells[4]) || value > Double.parseDouble(cells[5]), line);
            assertEquals("0.98", cells[6]);
            assertTrue(Double.parseDouble(cells[7]) > 1, line);
            if (Double.parseDouble(cells[7]) <= highest) continue;
            highest = Double.parseDouble(cells[7]);
            found = cells;
        }
        assertEquals(Samples.time(WRONG) + ",load", found[0] + "," + found[1]);
        assertTrue(run.lines().size() < 450 / 10, run.out());
        anomalies("--level", "0.98", "--every", "12", "--out", "table.csv");
        assertEquals(run.out(), Files.readString(folder.resolve("table.csv")));
    }

    @Test
    void allRowsAndAPictureHaveTheIntervals() throws IOException {
        file();
        CliRun run = anomalies("--every", "12", "--all", "--digits", "1", "--plot", "a.html");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals(1 + 450, run.lines().size());
        for (String line : run.lines().subList(1, 451)) assertTrue(line.split(",")[3].matches("-?\\d+(\\.\\d)?"), line);
        assertTrue(run.out().contains(",spike,1"), run.out());
        String page = Files.readString(folder.resolve("a.html"));
        assertTrue(page.contains("class=\"anomaly\"") && page.contains("99 % interval</"), page);
        assertFalse(page.contains("99.0"), page);
        CliRun finer = anomalies("--every", "12", "--level", "0.9975", "--plot", "a.svg");
        assertTrue(finer.err().contains("outside their 99.75 % interval"), finer.err());
        assertTrue(Files.readString(folder.resolve("a.svg")).contains(">99.75 % interval<"));
        assertEquals(Command.USAGE, anomalies("--plot", "a.pdf").code());
    }

    @Test
    void namesOfFilesSayWhatIsWrittenThere() throws IOException {
        file();
        for (String command : List.of("anomalies", "explain")) {
            CliRun run = CliRun.in(folder, command, "load.csv", "--model", "96-24", "--out", "a.xlsx");
            assertEquals(Command.USAGE, run.code(), run.err());
            assertTrue(run.err().contains("--out: only the table of ttm forecast --out can be a workbook"), run.err());
        }
        for (List<String> words : List.of(List.of("forecast", "--out", "a.parquet"),
                List.of("forecast", "--cv", "a.ODS"), List.of("anomalies", "--out", "a.html.gz"),
                List.of("explain", "--out", "a.parquet"))) {
            String name = words.get(2);
            CliRun run = CliRun.in(folder, words.get(0), "load.csv", "--model", "96-24", words.get(1), name);
            assertEquals(Command.USAGE, run.code(), words + run.err());
            assertTrue(run.err().contains("F.csv") && !Files.exists(folder.resolve(name)), run.err());
        }
        assertEquals(Command.OK,
                CliRun.in(folder, "explain", "load.csv", "--model", "96-24", "--out", "e.jsonl").code());
        assertTrue(Files.readString(folder.resolve("e.jsonl")).startsWith("{"), "JSON, as its name says");
        assertEquals(Command.USAGE, CliRun.in(folder, "forecast", "load.csv", "--cv", "a.xlsx").code());
        assertEquals(Command.USAGE, CliRun.in(folder, "forecast", "load.csv", "--cv", "a.xlsx.gz").code());
        assertEquals(Command.USAGE, anomalies("--plot", "a.svg.gz").code());
        assertEquals(Command.OK,
                anomalies("--every", "24", "--all", "--start", "290", "--plot", "none", "--out", "a.jsonl").code());
        assertFalse(Files.exists(folder.resolve("none")));
        List<String> lines = Files.readAllLines(folder.resolve("a.jsonl"));
        assertTrue(lines.get(lines.size() - 1).endsWith("\"kind\": null, \"rows\": null}"), lines.toString());
        StringBuilder flat = new StringBuilder("time,load\n");
        for (int t = 0; t < 120; t++) flat.append(Samples.time(t)).append(t == 110 ? ",9\n" : ",5\n");
        Files.writeString(folder.resolve("load.csv"), flat);
        assertEquals(Command.OK, anomalies("--plot", "none", "--out", "flat.jsonl").code());
        String infinite = Files.readString(folder.resolve("flat.jsonl"));
        assertTrue(infinite.contains("\"score\": null"), infinite);
        Files.writeString(folder.resolve("load.csv"), flat.toString().replaceFirst("time", "kind"));
        CliRun twice = anomalies("--plot", "none", "--out", "twice.jsonl");
        assertEquals(Command.FAILED, twice.code());
        assertTrue(twice.err().contains("column 'kind': occurs twice"), twice.err());
        assertFalse(Files.exists(folder.resolve("twice.jsonl")));
    }

    @Test
    void jsonIsAnsweredByJsonAndAFileAsItsNameSays() throws IOException {
        file();
        List<String> rows = Files.readAllLines(folder.resolve("load.csv"));
        StringBuilder json = new StringBuilder();
        for (String row : rows.subList(1, rows.size())) {
            json.append("{\"time\": \"%s\", \"level\": \"info\", \"load\": %s}%n".formatted((Object[]) row.split(",")));
        }
        Files.writeString(folder.resolve("load.jsonl"), json);
        for (String command : List.of("anomalies", "forecast")) {
            List<String> words = List.of(command, "load.jsonl", "--target", "load", "--model", "96-24", "--mode",
                    "fast", "--plot", "none");
            CliRun run = CliRun.in(folder, words.toArray(String[]::new));
            assertEquals(Command.OK, run.code(), run.err());
            assertTrue(run.lines().get(0).startsWith("{\"time\": \"2"), run.out());
            if (command.equals("anomalies")) assertTrue(run.lines().get(0).contains("\"level\": 0.9"), run.out());
            for (String name : List.of("table.csv", "lines.jsonl", "lines.ndjson", "neither", "table.CSV.gz",
                    "lines.jsonl.gz", "tabs.tsv")) {
                List<String> more = new ArrayList<>(words);
                more.addAll(List.of("--out", name));
                assertEquals(Command.OK, CliRun.in(folder, more.toArray(String[]::new)).code());
                byte[] bytes = Files.readAllBytes(folder.resolve(name));
                if (name.endsWith(".gz")) {
                    bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
                }
                String written = new String(bytes, StandardCharsets.UTF_8);
                if (name.startsWith("table")) assertTrue(written.startsWith("time,"), written);
                else if (name.startsWith("tabs")) assertTrue(written.startsWith("time\t"), written);
                else assertEquals(run.out(), written);
            }
        }
    }

    /** Each is one row, however many values it makes unusual. */
    @Test
    void shiftsFlatStretchesAndMissingCyclesAreNamed() throws IOException {
        StringBuilder rows = new StringBuilder("time,load\n");
        for (int t = 0; t < 700; t++) {
            double noise = (t * 7919 % 101) / 50.0;
            double value = 100 + 30 * Math.sin(Math.PI * t / 12) + noise;
            if (t >= 250 && t < 280) value = 100;
            else if (t >= 400 && t < 430) value = 100 + noise;
            else if (t >= 550) value += 60;
            rows.append(Samples.time(t)).append(',').append(value).append('\n');
        }
        Files.writeString(folder.resolve("load.csv"), rows);
        CliRun run = anomalies("--every", "3");
        assertEquals(Command.OK, run.code(), run.err());
        for (String kind : List.of("flat", "missing cycle", "level shift")) {
            assertTrue(run.out().contains("," + kind + ","), kind + " in " + run.out());
        }
        assertTrue(run.lines().size() < 30, run.out());
        String flat = run.lines().stream().filter(line -> line.contains(",flat,")).findFirst().orElseThrow();
        assertTrue(flat.startsWith(Samples.time(250)) && flat.endsWith(",flat,30"), flat);
        for (int t = 280; t < 290; t++) assertFalse(run.out().contains(Samples.time(t)), "usual again: " + run.out());
    }

    /** A hundred days, a week for a season: intervals of the first forecasts, of twelve days, do not stay as wide. */
    @Test
    void aShortSeriesIsJudgedByWhatIsForecastOfIt() throws IOException {
        Random random = new Random(1);
        StringBuilder days = new StringBuilder("date,load\n");
        for (int t = 0; t < 100; t++) {
            double value = 20 + 5 * Math.sin(2 * Math.PI * t / 7) + random.nextDouble() - 0.5;
            days.append(LocalDate.of(2024, 3, 1).plusDays(t))
                    .append(',')
                    .append(t == 80 ? value + 6 : value)
                    .append('\n');
        }
        Files.writeString(folder.resolve("load.csv"), days);
        CliRun run = anomalies("--every", "7", "--holidays", "DE");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals(2, run.lines().size(), run.out());
        assertTrue(run.lines().get(1).startsWith("2024-05-20,"), run.out());
        assertTrue(run.err().contains("note: a combination uses drivers in forecast and backtest, and not here"),
                run.err());
    }

    @Test
    void theModelAloneJudgesWhenItsErrorsAreEnough() throws IOException {
        file();
        Samples.model(folder);
        CliRun run = anomalies("--model", "model", "--mode", "fast", "--level", "0.9", "--start", "200");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.out().contains(Samples.time(WRONG) + ",load,"), run.out());
        CliRun none = anomalies("--model", "model", "--mode", "fast", "--every", "12");
        assertEquals(Command.FAILED, none.code());
        assertTrue(none.err().contains("needs the errors of 199 forecasts; choose a lower level"), none.err());
    }

    @Test
    void theModelAloneJudgesAtTheHighestLevel() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("load.csv"), 0, 2600, "load");
        CliRun run = anomalies("--model", "model", "--mode", "fast", "--level", "0.998", "--every", "1");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains("outside their 99.8 % interval"), run.err());
    }

    @Test
    void everyValueAfterTheFirstForecastIsJudged() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("load.csv"), 0, 2600, "load");
        String[] fast = {"--model", "model", "--mode", "fast", "--level", "0.9"};
        // A long series is forecast every day of hours, but no later than the 12 steps of the model.
        CliRun run = anomalies(fast);
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.err().contains(" of 2,088 values are outside"), run.err());
        CliRun later = CliRun.in(folder, "anomalies", "load.csv", "--model", "model", "--mode", "fast", "--every",
                "13");
        assertEquals(Command.USAGE, later.code(), later.err());
        assertTrue(later.err().contains("--every: expected a whole number from 1 to 12, found '13'"), later.err());
    }

    @Test
    void theSeasonMayBeGiven() throws IOException {
        StringBuilder shifts = new StringBuilder("time,load\n");
        for (int t = 0; t < ROWS; t++) {
            double usual = t % 9 < 4 ? 10 : 2;
            shifts.append(Samples.time(t)).append(',').append(t == WRONG ? 10 : usual + 0.01 * (t * 7919 % 100));
            shifts.append('\n');
        }
        Files.writeString(folder.resolve("load.csv"), shifts);
        double without = score(anomalies("--level", "0.9", "--every", "9"));
        double given = score(anomalies("--level", "0.9", "--every", "9", "--season", "9"));
        // The cycle is found without it too, once there is enough to find it in.
        assertTrue(given > 3 && given > without, given + " against " + without);
        assertEquals(Command.USAGE, anomalies("--season", "9", "--mode", "fast").code());
    }

    /** The score of the row that is wrong; 0 where it is not found. */
    private static double score(CliRun run) {
        assertEquals(Command.OK, run.code(), run.err());
        return run.lines()
                .stream()
                .filter(line -> line.startsWith(Samples.time(WRONG)))
                .mapToDouble(line -> Double.parseDouble(line.split(",")[7]))
                .findFirst()
                .orElse(0);
    }

    @Test
    void standardInputAndAQueryAreJudgedAsAFileIs() throws IOException, SQLException {
        file();
        String[] options = {"--every", "100", "--level", "0.9"};
        CliRun file = anomalies(options);
        assertEquals(Command.OK, file.code(), file.err());
        InputStream before = System.in;
        try {
            System.setIn(Files.newInputStream(folder.resolve("load.csv")));
            CliRun input = CliRun.in(folder, "anomalies", "-", "--every", "100", "--level", "0.9", "--out", "-");
            assertEquals(Command.OK, input.code(), input.err());
            assertEquals(file.out(), input.out());
        } finally {
            System.setIn(before);
        }
        String url = "jdbc:sqlite:" + folder.resolve("test.db");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("create table readings (time text, load real, other real)");
            List<String> lines = Files.readAllLines(folder.resolve("load.csv"));
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",");
                statement.execute(
                        "insert into readings values ('" + cells[0] + "', " + cells[1] + ", " + cells[2] + ")");
            }
        }
        CliRun query = CliRun.in(folder, "anomalies", "--jdbc", url, "--query", "select * from readings order by 1",
                "--time", "time", "--every", "100", "--level", "0.9");
        assertEquals(Command.OK, query.code(), query.err());
        assertEquals(file.out(), query.out());
    }

    @Test
    void whatCannotBeJudgedIsSaid() throws IOException {
        file();
        assertEquals(Command.USAGE, anomalies("--level", "1").code());
        assertEquals(Command.USAGE, anomalies("--every", "0").code());
        assertEquals(Command.USAGE, anomalies("--start", "x").code());
        CliRun late = anomalies("--start", "300", "--every", "50");
        assertEquals(Command.FAILED, late.code());
        assertTrue(late.err().contains("load.csv: --start 300: expected fewer than the rows, 300"), late.err());
        CliRun seldom = anomalies("--every", "1000");
        assertTrue(seldom.err().contains("300 rows are too few to judge a value of them: expected more than 1000"),
                seldom.err());
        assertTrue(anomalies("--out", "load.csv").err().contains("--out: this would overwrite the input"));
        CliRun twice = anomalies("--every", "50", "--out", "both", "--plot", "both");
        assertTrue(twice.err().contains("--out and --plot name the same file"), twice.err());
    }
}
