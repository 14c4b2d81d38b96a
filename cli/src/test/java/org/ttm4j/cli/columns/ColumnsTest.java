package org.ttm4j.cli.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;

/** Columns by role and name, in forecast and evaluate, with and without a model that names them itself. */
class ColumnsTest {
    private static final int ROWS = 700;

    @TempDir
    Path folder;

    @BeforeEach
    void modelsAndFiles() throws IOException {
        Samples.model(folder);
        Channels channels = new Channels(List.of(Channel.of("load", Role.TARGET, 10, 4), Channel.ignored("row"),
                Channel.of("temp", Role.KNOWN_FUTURE, 9, 3)));
        Files.write(Samples.exogenousModel(folder).resolve(Channels.FILE), channels.json());
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "row", "temp", "load", "wind");
        Samples.hourly(folder.resolve("future.csv"), ROWS, ROWS + 12, "row", "temp", "load", "wind");
    }

    private CliRun run(String command, String model, String... more) {
        Stream<String> plain = command.equals("forecast") ? Stream.of("--quantiles", "none") : Stream.of();
        return CliRun.in(folder,
                Stream.of(Stream.of(command, "load.csv", "--model", model), plain, Stream.of(more))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    private void assertFails(CliRun run, int code, String part) {
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().contains(part), run.err());
    }

    @Test
    void aFineTunedModelFindsItsColumnsByName() throws IOException {
        CliRun run = run("forecast", "exogenous", "--future", "future.csv");
        assertEquals(0, run.code(), run.err());
        assertEquals("time,load", run.lines().get(0));
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "x", "temp", "load");
        assertEquals(run.out(), run("forecast", "exogenous", "--future", "future.csv").out(), "others do not matter");
        assertEquals(run.out(),
                run("forecast", "exogenous", "--future", "future.csv", "--target", "load", "--known-future", "temp")
                        .out(),
                "naming what the model names changes nothing");
    }

    @Test
    void infoTellsTheColumns() {
        String out = CliRun.in(folder, "info", "exogenous").out();
        assertTrue(out.contains("columns     target load; known-future temp\n"), out);
        assertFalse(CliRun.in(folder, "info", "model").out().contains("columns"));
    }

    @Test
    void aColumnThatIsNotThereIsNamed() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "row", "load");
        assertFails(run("forecast", "exogenous", "--future", "future.csv"), 1, "column 'temp': no such column");
        assertFails(run("evaluate", "exogenous"), 1, "column 'temp': no such column");
    }

    @Test
    void everyColumnThatIsNamedHasToBeThere() {
        String message = "load.csv, column 'foo': no such column; the columns are 'time', 'row', 'temp', 'load', 'wind'";
        for (String option : List.of("--target", "--known-future", "--past-only", "--static-category")) {
            for (String command : List.of("forecast", "evaluate", "anomalies", "explain", "backtest")) {
                CliRun run = CliRun.in(folder, command, "load.csv", "--model", "model", option, "foo");
                assertFails(run, 1, message);
            }
            CliRun run = CliRun.in(folder, "finetune", "load.csv", "--model", "model", "--out", "tuned", option, "foo");
            assertFails(run, 1, message);
        }
        CliRun run = run("forecast", "model", "--target", "load", "--holidays", "DE", "--ignore", "wind,foo");
        assertEquals(0, run.code(), "holidays are in no file: " + run.err());
    }

    /** Rows behind the last target hold what is known of the future, for a model as for a combination. */
    @Test
    void theHistoryEndsWhereTheTargetsEnd() throws IOException {
        String whole = run("forecast", "exogenous", "--future", "future.csv").out();
        String explained = CliRun
                .in(folder, "explain", "load.csv", "--model", "exogenous", "--future", "future.csv", "--json")
                .out();
        List<String> rows = Files.readAllLines(folder.resolve("load.csv"));
        for (String row : Files.readAllLines(folder.resolve("future.csv")).subList(1, 13)) {
            String[] cells = row.split(",");
            rows.add(cells[0] + ",," + cells[2] + ",," + cells[4]);
        }
        Files.write(folder.resolve("load.csv"), rows);
        CliRun run = run("forecast", "exogenous", "--future", "load.csv");
        assertEquals(0, run.code(), run.err());
        assertEquals(whole, run.out());
        run = CliRun.in(folder, "explain", "load.csv", "--model", "exogenous", "--future", "load.csv", "--json");
        assertEquals(explained, run.out(), run.err());
        assertFails(run("forecast", "exogenous", "--future", "future.csv"), 1, "has no value at");
        CliRun backtest = CliRun.in(folder, "backtest", "load.csv", "--model", "exogenous", "--stride", "10");
        assertTrue(backtest.out().contains(" to " + Samples.time(ROWS - 12).replace(":00:00", ":00")),
                backtest.out() + backtest.err());
    }

    @Test
    void rolesThatContradictTheModelAreRefused() {
        assertFails(run("evaluate", "exogenous", "--target", "load,wind"), 1, "the model forecasts 'load'");
        assertFails(run("evaluate", "exogenous", "--past-only", "temp"), 1, "'temp' in --known-future");
        CliRun useless = run("evaluate", "exogenous", "--known-future", "temp,wind", "--stride", "50");
        assertEquals(0, useless.code(), useless.err());
        assertTrue(useless.err().contains("note: this model cannot use 'wind' (--known-future)"), useless.err());
        assertFails(run("evaluate", "model", "--target", "load", "--ignore", "load"), 2, "already in --target");
    }

    @Test
    void aModelThatWasNotFineTunedTakesTargetsOnly() {
        CliRun run = run("forecast", "model", "--known-future", "temp,wind");
        assertEquals(0, run.code(), run.err());
        assertEquals("time,row,load", run.lines().get(0));
        assertTrue(run.err().contains("cannot use 'temp', 'wind' (--known-future)"), run.err());
        assertEquals("time,load,row", run("forecast", "model", "--target", "load,row").lines().get(0));
        assertEquals("time,wind", run("forecast", "model", "--ignore", "row,temp,load").lines().get(0));
        assertFails(run("forecast", "model", "--ignore", "row,temp,load,wind"), 1,
                "found none that is not ignored among");
    }

    @Test
    void channelsOfAConfigurationAreFilledByRole() throws IOException {
        Files.delete(folder.resolve("exogenous").resolve("channels.json"));
        String[] future = {"--future", "future.csv"};
        String byOrder = run("forecast", "exogenous", "--target", "load,temp", future[0], future[1]).out();
        String byRole = run("forecast", "exogenous", "--known-future", "temp", "--target", "load", future[0], future[1])
                .out();
        assertTrue(byOrder.startsWith("time,load\n"), byOrder);
        assertEquals(byOrder, byRole);
        assertFails(run("forecast", "exogenous", "--known-future", "temp", "--target", "load,wind"), 1,
                "no channel for");
        assertFails(run("forecast", "exogenous", "--past-only", "temp", "--target", "load"), 1,
                "needs more columns in --known-future");
    }

    @Test
    void errorsAreThoseOfTheTargetsInTheStandardisedSpace() throws IOException {
        Map<String, Object> exogenous = Json
                .parseObject(run("evaluate", "exogenous", "--json", "--mode=fast").out().getBytes(), "");
        Map<String, Object> alone = Json.parseObject(
                run("evaluate", "model", "--target", "load", "--json", "--mode=fast").out().getBytes(), "");
        assertEquals(alone.get("baselines"), exogenous.get("baselines"), "the targets alone");
        assertEquals(alone.get("windows"), exogenous.get("windows"));
        // In the units of the file the error of this untrained model would be about a hundred.
        assertTrue((double) exogenous.get("mse") < 10, exogenous.toString());
        Map<String, Object> half = Json.parseObject(
                run("evaluate", "model", "--split", ".5,.25,.25", "--json", "--mode=fast").out().getBytes(), "");
        assertEquals("0.5,0.25,0.25", half.get("protocol"));
        assertEquals(175L - Samples.HORIZON + 1, half.get("windows"));
    }

    @Test
    void splitsThatCannotBeAreWrongUsage() {
        assertFails(run("evaluate", "model", "--split", ".5,.5"), 2, "three shares");
        assertFails(run("evaluate", "model", "--split", ".5,.5,x"), 2, "three numbers");
        assertFails(run("evaluate", "model", "--split", ".5,.5,.5"), 2, "add up to 1");
        assertFails(run("evaluate", "model", "--split", ".5,.25,.25", "--protocol", "ratio"), 2, "exclude each other");
    }

    @Test
    void staticCategoriesComeFromConstantColumns() throws IOException {
        TtmConfig config = Samples.config()
                .set(Key.NUM_INPUT_CHANNELS, 1)
                .set(Key.DECODER_MODE, TtmConfig.Mode.MIX_CHANNEL)
                .set(Key.CATEGORICAL_VOCAB_SIZE_LIST, List.of(2))
                .build();
        Path model = folder.resolve("categories");
        new TtmModel(config).initialize(2).save(model, DType.F32);
        Channels channels = new Channels(
                List.of(Channel.of("load", Role.TARGET, 10, 4), Channel.category("site", List.of("north", "south"))));
        Files.write(model.resolve(Channels.FILE), channels.json());
        String north = siteFile("north", "north");
        CliRun run = run("forecast", "categories");
        assertEquals(0, run.code(), run.err());
        assertEquals("time,load", run.lines().get(0));
        Files.writeString(folder.resolve("load.csv"), north.replace("north", "south"));
        assertFalse(run.out().equals(run("forecast", "categories").out()));
        assertEquals(0, run("evaluate", "categories", "--stride", "50").code());
        Files.writeString(folder.resolve("load.csv"), north.replace("north", "west"));
        assertFails(run("forecast", "categories"), 1, "'west' is not known; known are 'north', 'south'");
        siteFile("north", "south");
        assertFails(run("forecast", "categories"), 1, "column 'site': expected one text for the whole series");
        Files.writeString(folder.resolve("load.csv"), north.replace("north", ""));
        assertFails(run("forecast", "categories"), 1, "static category site: all cells are empty");
    }

    private String siteFile(String even, String odd) throws IOException {
        List<String> lines = Files.readAllLines(Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "load"));
        String text = "site," + lines.get(0) + "\n"
                + lines.stream()
                        .skip(1)
                        .map(line -> (line.length() % 2 == 0 ? even : odd) + "," + line + "\n")
                        .collect(Collectors.joining());
        Files.writeString(folder.resolve("load.csv"), text);
        return text;
    }

    @Test
    void theSeriesOfALongFileAreMeasuredTogether() throws IOException {
        String text = "id,time,load\n";
        for (String id : List.of("a", "b")) {
            List<String> lines = Files.readAllLines(Samples.hourly(folder.resolve(id + ".csv"), 0, ROWS, "load"));
            if (id.equals("b")) lines.replaceAll(line -> line.replaceAll(",1([0-9])\\.", ",2$1."));
            Files.write(folder.resolve(id + ".csv"), lines);
            text += lines.stream().skip(1).map(line -> id + "," + line + "\n").collect(Collectors.joining());
        }
        Files.writeString(folder.resolve("load.csv"), text);
        Map<String, Object> both = Json
                .parseObject(run("evaluate", "model", "--id", "id", "--json", "--mode=fast").out().getBytes(), "");
        double sum = 0;
        for (String file : List.of("a.csv", "b.csv")) {
            String out = CliRun.in(folder, "evaluate", file, "--model", "model", "--json", "--mode=fast").out();
            sum += (double) Json.parseObject(out.getBytes(), "").get("mse");
        }
        assertEquals(sum / 2, (double) both.get("mse"), 1e-9);
        assertEquals(2 * (140L - Samples.HORIZON + 1), both.get("windows"));
        Files.writeString(folder.resolve("load.csv"), text + "c,2024-01-01 00:00,1\nc,2024-01-01 01:00,2\n");
        CliRun run = run("evaluate", "model", "--id", "id", "--json", "--mode=fast");
        assertFails(run, 1, "load.csv, series 'c': 2 rows");
        assertEquals(both.get("mse"), Json.parseObject(run.out().getBytes(), "").get("mse"), "the others are measured");
        assertFails(run("evaluate", "model", "--id", "id", "--horizon", "500"), 1, "load.csv, series 'a': 700 rows");
    }

    @Test
    void severalFilesAreOneTable() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 1500, "load");
        Samples.hourly(folder.resolve("ETTh1.csv"), 0, 14_400, "a", "b", "c", "d", "e", "f", "g");
        String[] command = {"evaluate", "ETTh1.csv", "load.csv", "--model", "model", "--horizon", "96", "--stride",
                "500"};
        CliRun text = CliRun.in(folder, command);
        assertEquals(0, text.code(), text.err());
        assertTrue(text.out().contains("Moirai small (14 M)"), text.out());
        assertTrue(text.out().contains("geometric mean"), text.out());
        String[] withJson = Stream.concat(Stream.of(command), Stream.of("--json")).toArray(String[]::new);
        Map<String, Object> json = Json.parseObject(CliRun.in(folder, withJson).out().getBytes(), "stdout");
        assertEquals(List.of("files", "benchmark", "others"), List.copyOf(json.keySet()));
        Map<?, ?> first = (Map<?, ?>) ((List<?>) json.get("files")).get(0);
        Map<?, ?> second = (Map<?, ?>) ((List<?>) json.get("files")).get(1);
        assertEquals("etth", first.get("protocol"));
        assertEquals("ratio", second.get("protocol"));
        Map<?, ?> benchmark = (Map<?, ?>) json.get("benchmark");
        assertEquals(first.get("mse"), benchmark.get("mse"), "the mean of one set");
        assertEquals(.375, ((Map<?, ?>) benchmark.get("published_mse")).get("Moirai small (14 M)"));
        assertEquals((double) second.get("ratio"), (double) ((Map<?, ?>) json.get("others")).get("ratio"), 1e-12);
        Samples.hourly(folder.resolve("short.csv"), 0, 100, "load");
        CliRun some = CliRun.in(folder, "evaluate", "short.csv", "load.csv", "--model", "model", "--stride", "50");
        assertFails(some, 1, "short.csv: 100 rows");
        assertTrue(some.out().contains("load"), "the others are measured: " + some.out());
    }
}
