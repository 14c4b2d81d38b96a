package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.cli.Main;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.train.Channels;

/** Commands on a query of a database give what they give on a file of the same rows. */
class JdbcTest {
    private static final String QUERY = "select meter, time, load from readings order by 1, 2";

    @TempDir
    Path folder;
    private String url;

    @BeforeEach
    void modelFileAndDatabase() throws IOException, SQLException {
        Samples.model(folder);
        url = "jdbc:sqlite:" + folder.resolve("test.db");
        StringBuilder csv = new StringBuilder("meter,time,load\n");
        List<String> rows = new ArrayList<>();
        for (String meter : List.of("a", "b")) {
            for (int hour = 0; hour < 150; hour++) {
                String value = hour == 20 ? "" : Float.toString((float) (Math.sin(hour * Math.PI / 12) + hour % 5));
                csv.append(meter + "," + Samples.time(hour) + "," + value + "\n");
                rows.add("('" + meter + "', '" + Samples.time(hour) + "', " + (hour == 20 ? "null" : value) + ")");
            }
        }
        Files.writeString(folder.resolve("query.csv"), csv);
        execute("create table readings (meter text, time text, load real)",
                "insert into readings values " + String.join(", ", rows));
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }

    private List<String> table(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1) + "," + result.getString(2) + "," + (float) result.getDouble(3));
            }
        }
        return rows;
    }

    private CliRun ofFile(String command, String... more) {
        return run(command, List.of("query.csv", "--id", "meter"), more);
    }

    private CliRun ofQuery(String command, String... more) {
        return run(command, List.of("--jdbc", url, "--query", QUERY), more);
    }

    private CliRun run(String command, List<String> input, String... more) {
        return CliRun.in(folder,
                Stream.of(Stream.of(command, "--model", "model"), input.stream(), Stream.of(more))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    /** In a file of somebody else, such a row would be a comment. */
    @Test
    void aSeriesMayBeCalledLikeAComment() throws SQLException {
        execute("update readings set meter = '#1' where meter = 'a'");
        CliRun run = ofQuery("forecast", "--mode", "fast");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("\n\"#1\","), run.out());
    }

    @Test
    void aDatabaseThatEndsWithTheProgramIsNoPlaceForForecasts() {
        CliRun run = run("forecast", List.of("--jdbc", "jdbc:sqlite::memory:", "--query", QUERY), "--into", "f");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("a database in memory"), run.err());
    }

    @Test
    void aQueryIsForecastAsAFileIs() {
        CliRun file = ofFile("forecast", "--mode", "fast");
        CliRun query = ofQuery("forecast", "--mode", "fast");
        assertEquals(0, query.code(), query.err());
        assertEquals(file.out(), query.out());
        assertTrue(Files.exists(folder.resolve("query-forecast.svg")));
    }

    @Test
    void aTableTakesTheForecastOnceHoweverOftenItIsWritten() throws SQLException {
        List<String> expected = ofFile("forecast", "--mode", "fast", "--quantiles", "none").lines();
        for (int i = 0; i < 2; i++) {
            CliRun run = ofQuery("forecast", "--mode", "fast", "--quantiles", "none", "--into", "forecasts", "--out",
                    "t.csv");
            assertEquals(0, run.code(), run.err());
            assertEquals("", run.out());
            assertTrue(run.err().contains("table forecasts: " + 2 * Samples.HORIZON + " rows"), run.err());
            assertEquals(expected.subList(1, expected.size()), table("select * from forecasts order by 1, 2"));
        }
        CliRun plain = ofQuery("forecast", "--into", "combined", "--quantiles", "0.1,0.9");
        assertEquals(0, plain.code(), plain.err());
        assertEquals(2 * Samples.HORIZON, table("select meter, time, \"load.q0.9\" from combined").size());
    }

    @Test
    void aTableHasAsManyDigitsAsAreAskedFor() throws SQLException {
        for (String way : List.of("--plot=none", "--out=t.csv")) {
            CliRun run = ofQuery("forecast", "--digits", "1", "--quantiles", "0.9", "--into", "rounded", way);
            assertEquals(0, run.code(), run.err());
            String cells = "select meter, time, load from rounded union all select meter, time, \"load.q0.9\" from rounded";
            for (String row : table(cells)) assertTrue(row.matches(".*,-?\\d+\\.\\d"), row);
            execute("drop table rounded");
        }
    }

    @Test
    void aTableWithoutMeansSaysHowToHaveThem() throws SQLException {
        execute("update readings set load = case when rowid * rowid * 31 % 97 < 20 then 3 else 0 end");
        CliRun run = ofQuery("forecast", "--into", "f", "--quantiles", "none", "--time", "time");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("skewed; add --mean and add up means"), run.err());
        assertFalse(run.err().contains(".mean"), run.err());
    }

    /** A database takes no id for a formula, as a spreadsheet does. */
    @Test
    void idsStayAsTheDatabaseHasThem() throws IOException, SQLException {
        execute("update readings set meter = '@a' where meter = 'a'");
        CliRun run = ofQuery("forecast", "--mode", "fast", "--into", "forecasts", "--out", "t.csv");
        assertEquals(0, run.code(), run.err());
        assertEquals(Samples.HORIZON, table("select * from forecasts where meter = '@a'").size());
        assertTrue(Files.readString(folder.resolve("t.csv")).contains("\n'@a,"));
    }

    @Test
    void aTableAloneKeepsSharesWithinTheirBounds() throws SQLException {
        String query = "select meter, time, min(100, 60 + 15 * load) as load_pct from readings order by 1, 2";
        CliRun run = run("forecast", List.of("--jdbc", url, "--query", query), "--quantiles", "0.99", "--into",
                "shares");
        assertEquals(0, run.code(), run.err());
        assertEquals(List.of("a,b,100.0"), table("select 'a', 'b', max(\"load_pct.q0.99\") from shares"));
    }

    /** Into a table alone, as they are read, series have the forecasts that they have in a file. */
    @Test
    void aTableAloneHasTheSameForecasts() throws SQLException {
        List<String> expected = ofFile("forecast", "--quantiles", "0.1,0.9", "--mean", "--horizon", "5", "--plot",
                "none").lines();
        CliRun run = ofQuery("forecast", "--quantiles", "0.1,0.9", "--mean", "--horizon", "5", "--into", "forecasts");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("table forecasts: 10 rows"), run.err());
        assertEquals("meter,time,load,load.mean,load.q0.1,load.q0.9", expected.get(0));
        for (int column = 2; column < 6; column++) {
            int of = column;
            assertEquals(
                    expected.stream()
                            .skip(1)
                            .map(line -> line.split(","))
                            .map(c -> c[0] + "," + c[1] + "," + c[of])
                            .toList(),
                    table("select meter, time, \"" + expected.get(0).split(",")[of]
                            + "\" from forecasts order by 1, 2"));
        }
        execute("insert into readings values ('short', '2026-01-01 00:00', 1), ('short', '2026-01-01 01:00', 1)");
        CliRun tooShort = ofQuery("forecast", "--quantiles", "none", "--into", "forecasts");
        assertEquals(1, tooShort.code(), tooShort.err());
        assertTrue(tooShort.err().contains("series 'short': "), tooShort.err());
        CliRun none = run("forecast", List.of("--jdbc", url, "--query", QUERY.replace("order", "where false order")),
                "--into", "nothing");
        assertEquals("ttm: query: it returns no rows", none.err().strip());
    }

    /** A database has NULL for what is missing. */
    @Test
    void aNumberThatAFileWouldTakeAsMissingIsAValue() throws SQLException {
        execute("update readings set load = 9999 where time = '" + Samples.time(140) + "'");
        String[] options = {"--mode", "fast", "--quantiles", "none", "--plot", "none"};
        CliRun printed = ofQuery("forecast", options);
        assertFalse(printed.err().contains("missing ones"), printed.err());
        CliRun alone = ofQuery("forecast", "--mode", "fast", "--quantiles", "none", "--into", "forecasts");
        assertEquals(0, alone.code(), alone.err());
        assertEquals(printed.lines().subList(1, printed.lines().size()),
                table("select * from forecasts order by 1, 2"));
    }

    /** So is one of the future of a query, whose time has the name that it has there. */
    @Test
    void aNumberOfTheFutureThatAFileWouldTakeAsMissingIsAValue() throws IOException {
        StringBuilder future = new StringBuilder("hour,meter,day,time,code\n");
        for (String meter : List.of("a", "b")) {
            for (int hour = 150; hour < 155; hour++) {
                future.append("1," + meter + "," + Samples.time(hour - 24) + "," + Samples.time(hour) + ","
                        + (hour == 152 ? "-9999" : hour % 7) + "\n");
            }
        }
        Files.writeString(folder.resolve("future.csv"), future);
        CliRun run = run("forecast",
                List.of("--jdbc", url, "--query",
                        QUERY.replace("load from",
                                "load, case when rowid % 50 = 0 then -9999 else rowid % 7 end as code from")),
                "--known-future", "code", "--future", "future.csv", "--horizon", "5", "--plot", "none");
        assertEquals(0, run.code(), run.err());
        assertFalse(run.err().contains("missing ones"), run.err());
        assertEquals(11, run.lines().size(), run.out());
    }

    /** A million rows take some 30 MB, of which a program with 40 MB does not keep all. */
    @Tag("process")
    @Test
    void aTableThatIsLargerThanTheMemoryIsForecast() throws IOException, InterruptedException, SQLException {
        String query = "with recursive n(i) as (select 0 union all select i + 1 from n where i < 999999) "
                + "select 'm' || (i / 2000) as meter, datetime(1767225600 + i % 2000 * 3600, 'unixepoch') as time, "
                + "i % 24 + i % 7 as load from n";
        Path output = folder.resolve("output.txt");
        int code = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx40m",
                "-Dttm4j.kernels=scalar", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "forecast", "--model", "model", "--mode", "fast", "--quantiles", "none", "--jdbc", url, "--query",
                query, "--into", "forecasts").directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertEquals(0, code, () -> read(output));
        assertEquals(List.of("500," + 500 * Samples.HORIZON + ",500.0"), table(
                "select count(distinct meter), count(*), count(distinct meter) from forecasts where load is not null"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    @Tag("training")
    void backtestAndFinetuneTakeAQueryToo() throws IOException {
        CliRun file = ofFile("backtest", "--json", "--stride", "20");
        CliRun query = ofQuery("backtest", "--json", "--stride", "20");
        assertEquals(0, query.code(), query.err());
        // The seconds that the model took differ.
        assertEquals(file.out().substring(file.out().indexOf("\"total\"")),
                query.out().substring(query.out().indexOf("\"total\"")));
        CliRun tuned = ofQuery("finetune", "--out", "tuned", "--epochs", "1", "--split", "0.6,0.2,0.2");
        assertEquals(0, tuned.code(), tuned.err());
        assertTrue(Files.readString(folder.resolve("tuned/training.json")).contains("\"query\""));
    }

    /** Texts of a series and known futures come with the rows, which are read once. */
    @Test
    void staticCategoriesAndDriversAreReadFromAQuery() throws IOException, SQLException {
        execute("alter table readings add column kind text", "update readings set kind = 'of ' || meter");
        String query = QUERY.replace("load from", "load, kind from");
        CliRun tuned = run("finetune", List.of("--jdbc", url, "--query", query), "--out", "tuned", "--epochs", "1",
                "--split", "0.6,0.2,0.2", "--static-category", "kind", "--channel-mixing");
        assertEquals(0, tuned.code(), tuned.err());
        assertEquals(List.of("of a", "of b"),
                Channels.read(folder.resolve("tuned")).orElseThrow().categories().get(0).vocabulary());
        StringBuilder future = new StringBuilder("meter,time,hour\n");
        for (String meter : List.of("a", "b")) {
            for (int hour = 150; hour < 155; hour++) {
                future.append(meter + "," + Samples.time(hour) + "," + hour % 24 + "\n");
            }
        }
        Files.writeString(folder.resolve("future.csv"), future);
        CliRun driven = run("forecast",
                List.of("--jdbc", url, "--query",
                        QUERY.replace("load from", "load, (rowid - 1) % 150 % 24 as hour from")),
                "--known-future", "hour", "--future", "future.csv", "--horizon", "5", "--plot", "none");
        assertEquals(0, driven.code(), driven.err());
        assertEquals(11, driven.lines().size(), driven.out());
    }

    @Test
    void whatIsWrongIsOneLineWithoutASecret() {
        assertProblem(1, "ttm: the query fails: .*no such table: nowhere.*", "--jdbc", url, "--query",
                "select * from nowhere");
        assertProblem(2, "ttm forecast: expected --query SQL .*", "--jdbc", url);
        assertProblem(2, "ttm forecast: --query: expected --jdbc URL .*", "query.csv", "--query", "x");
        assertProblem(2, "ttm forecast: --into: expected --jdbc URL .*", "query.csv", "--into", "x");
        assertProblem(2, "ttm forecast: expected a file or --jdbc, found both .*", "query.csv", "--jdbc", url,
                "--query", "x");
        assertProblem(1, "ttm: .*missing.jar: no such jar of a driver", "--jdbc", url, "--query", "x", "--driver",
                "missing.jar");
        assertProblem(1, "ttm: no driver for jdbc:none:host on the class path; name the jar of the driver", "--jdbc",
                "jdbc:none:host?user=ttm&password=geheim", "--query", "x");
        assertProblem(2, "ttm forecast: --into: expected the time in one column of the query, found 'time\\+load' .*",
                "--jdbc", url, "--query", QUERY, "--time", "time+load", "--into", "x");
        assertProblem(1, "ttm: expected the name of a table, .* found 'a b'", "--jdbc", url, "--query", QUERY, "--into",
                "a b");
    }

    /** Rows are counted from 1, whoever finds what is wrong. */
    @Test
    void anErrorNamesTheRow() {
        String query = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 60) "
                + "select 'a' as meter, datetime(1767225600 + i * 3600, 'unixepoch') as time, %s as load from n";
        assertProblem(1, "ttm: row 57 of the query, column 'load': .*'high'.*", "--jdbc", url, "--query",
                String.format(query, "case when i = 57 then 'high' else i end"));
        assertProblem(1, "ttm: row 3 of the query, column 'load': expected at most 10000 characters, found 20000",
                "--jdbc", url, "--query", String.format(query, "case when i = 3 then hex(zeroblob(10000)) else i end"));
    }

    /** PostgreSQL's driver logs what stands where a port should, which may be a password. */
    @Test
    void whatADriverLogsIsNotShown() {
        Logger.getLogger("").setLevel(Level.INFO);
        assertProblem(1, "ttm: no driver for jdbc:none:… on the class path.*", "--jdbc",
                "jdbc:none://host:geheim/plant", "--query", "x");
        assertFalse(Logger.getLogger("org.postgresql.util.PGPropertyUtil").isLoggable(Level.SEVERE));
        Logger.getLogger("").setLevel(Level.INFO);
        CliRun serve = CliRun.in(folder, "serve", "--port", "0", "--store", "jdbc:none://host:geheim/plant");
        assertEquals(1, serve.code(), serve.err());
        assertFalse(serve.err().contains("geheim"), serve.err());
        assertFalse(Logger.getLogger("org.postgresql.util.PGPropertyUtil").isLoggable(Level.SEVERE));
    }

    private void assertProblem(int code, String pattern, String... arguments) {
        CliRun run = CliRun.in(folder,
                Stream.concat(Stream.of("forecast"), Stream.of(arguments)).toArray(String[]::new));
        assertEquals(code, run.code(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().strip().matches(pattern), run.err());
        assertFalse(run.err().contains("geheim"));
    }
}
