package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.cli.Main;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.report.Explanations;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.io.Json;

class ExplainCommandTest {
    private static final int ROWS = 100;

    @TempDir
    Path folder;

    private CliRun explain(String... more) {
        List<String> words = new ArrayList<>(List.of("explain", "load.csv", "--model", "96-24"));
        words.addAll(Arrays.asList(more));
        return CliRun.in(folder, words.toArray(String[]::new));
    }

    @Test
    void namesDoNotTurnTheWritingOfThePage() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "lo\u202ead", "ot\u2028her\u2067");
        CliRun run = explain("--html", "page.html", "--out", "-");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.lines().size() > 1 && !Files.exists(folder.resolve("-")), run.err());
        String page = Files.readString(folder.resolve("page.html"));
        assertTrue(page.contains("lo?ad") && page.contains("ot?her?"));
        assertTrue(page.chars().noneMatch(c -> c == 0x202e || c == 0x2028 || c == 0x2067));
    }

    @Test
    void aCombinationOfOneStepIsCalledOne() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 3, "load");
        CliRun run = CliRun.in(folder, "explain", "load.csv");
        assertTrue(run.err().contains("load, combined forecast of 1 step: "), run.err());
    }

    @Test
    void aPictureSaysHowMuchItShows() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS,
                IntStream.range(0, 13).mapToObj(c -> "c" + c).toArray(String[]::new));
        CliRun run = explain("--plot", "shares.svg");
        assertTrue(run.err().contains("shares.svg (the first 12 of 13 panels; name an .html for all)"), run.err());
    }

    @Test
    void theSharesOfTheTableAddUpToTheDifference() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "load", "other");
        CliRun run = explain("--step", "3");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("channel,column,from,to,occlusion,integrated_gradients", run.lines().get(0));
        assertEquals(1 + 2 * 12, run.lines().size(), "patches of 8 of the last 96 rows");
        double sum = 0;
        double largest = 0;
        for (String line : run.lines().subList(1, 13)) {
            String[] cells = line.split(",");
            assertEquals("load", cells[0]);
            assertEquals("load", cells[1]);
            sum += Double.parseDouble(cells[5]);
            largest = Math.max(largest, Math.abs(Double.parseDouble(cells[4])));
        }
        assertTrue(run.lines().get(1).contains(Samples.time(4) + "," + Samples.time(11)), run.lines().get(1));
        assertTrue(run.lines().get(12).contains(Samples.time(92) + "," + Samples.time(99)), run.lines().get(12));
        assertTrue(largest > 0);
        String said = run.err().lines().filter(line -> line.startsWith("load, step 3: ")).findFirst().orElseThrow();
        assertTrue(said.contains(" by 96-24, baseline "), said);
        assertEquals(Double.parseDouble(said.substring(said.lastIndexOf(' '))), sum, 0.01);
        CliRun forecast = CliRun.in(folder, "forecast", "load.csv", "--model", "96-24", "--mode", "fast");
        double value = Double.parseDouble(forecast.lines().get(3).split(",")[1]);
        assertTrue(said.contains("forecast " + String.format(Locale.ROOT, "%.6g", value)), said + value);
    }

    @Test
    void jsonHasEveryRowAndTheGates() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "load", "other");
        CliRun run = explain("--json", "--out", "load.json", "--length", "24");
        assertEquals(Command.OK, run.code(), run.err());
        assertEquals("", run.out());
        Map<String, Object> json = Json.parseObject(Files.readAllBytes(folder.resolve("load.json")), "load.json");
        Map<?, ?> series = (Map<?, ?>) ((List<?>) json.get("series")).get(0);
        assertEquals("96-24", series.get("model"));
        List<?> forecasts = (List<?>) series.get("forecasts");
        assertEquals(2, forecasts.size());
        Map<?, ?> other = (Map<?, ?>) forecasts.get(1);
        assertEquals("other", other.get("channel"));
        assertEquals("sum", other.get("step"));
        assertEquals(4, ((List<?>) other.get("stretches")).size());
        Map<?, ?> steps = (Map<?, ?>) ((List<?>) other.get("steps")).get(0);
        assertEquals("other", steps.get("column"));
        assertEquals(Samples.time(4), steps.get("first"));
        assertEquals(96, ((List<?>) steps.get("gradient")).size());
        double sum = ((List<?>) steps.get("integratedGradients")).stream()
                .mapToDouble(ExplainCommandTest::number)
                .sum();
        assertEquals(number(other.get("forecast")) - number(other.get("baseline")), sum, 0.05);
        Map<?, ?> gate = (Map<?, ?>) ((List<?>) other.get("gates")).get(0);
        assertEquals("backbone.encoder.mlp_mixer_encoder.mixers.0.mixer_layers.0.patch_mixer.gating_block",
                gate.get("name"));
        for (Object weight : (List<?>) gate.get("byPatch")) {
            assertTrue(number(weight) > 0 && number(weight) < 1, "a sigmoid: " + weight);
        }
        assertTrue(number(gate.get("min")) <= number(gate.get("mean")), gate.toString());
    }

    /** Those of all columns at once would take 80 MB, and a column that begins late would have another model alone. */
    @Test
    void gatesOfManyColumnsTakeNoMoreMemoryThanThoseOfTwo() throws IOException {
        int rows = 200;
        double[][] history = new double[20][rows];
        StringBuilder csv = new StringBuilder("time");
        for (int c = 0; c < history.length; c++) csv.append(",c").append(c);
        for (int t = 0; t < rows; t++) {
            csv.append('\n').append(Samples.time(t));
            for (int c = 0; c < history.length; c++) {
                history[c][t] = t < 10 * c ? Double.NaN : (t * (c + 3)) % 23 + t % 5;
                csv.append(',').append(t < 10 * c ? "" : (int) history[c][t]);
            }
        }
        Files.writeString(folder.resolve("load.csv"), csv);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(List.of("explain", "load.csv", "--json"),
                new Console(new PrintStream(out), new PrintStream(err), false, folder, 20 << 20));
        assertEquals(Command.OK, code, err::toString);
        Map<?, ?> series = (Map<?, ?>) ((List<?>) Json.parseObject(out.toByteArray(), "out").get("series")).get(0);
        Trace all = Forecaster.bundled().fast().trace(ForecastRequest.of(history).withFrequency(Duration.ofHours(1)));
        List<?> forecasts = (List<?>) series.get("forecasts");
        assertEquals(history.length, forecasts.size());
        for (int c = 0; c < history.length; c++) {
            assertEquals(Json.compact(Map.of("gates", Explanations.gates(all, c))),
                    Json.compact(Map.of("gates", ((Map<?, ?>) forecasts.get(c)).get("gates"))), "column " + c);
        }
    }

    private static double number(Object json) {
        return ((Number) json).doubleValue();
    }

    @Test
    void whatTheModelDoesNotForecastIsSaid() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "load");
        CliRun run = explain("--step", "25");
        assertEquals(Command.FAILED, run.code());
        assertTrue(run.err().contains("--step 25: the model 96-24 forecasts 24 steps in a pass"), run.err());
        StringBuilder constant = new StringBuilder("time,load,fixed\n");
        for (int t = 0; t < ROWS; t++) constant.append(Samples.time(t)).append(',').append(t % 7).append(",5\n");
        Files.writeString(folder.resolve("load.csv"), constant, StandardCharsets.UTF_8);
        CliRun rest = explain();
        assertEquals(Command.FAILED, rest.code());
        assertTrue(rest.err().contains("load.csv: fixed: channel 1 never varies"), rest.err());
        assertFalse(rest.out().contains("fixed"), rest.out());
        assertEquals(13, rest.lines().size());
    }

    @Test
    void aModelOfDriversIsExplainedByAllItsColumns() throws IOException {
        Samples.exogenousModel(folder);
        Samples.hourly(folder.resolve("load.csv"), 0, ROWS, "load", "holiday");
        Samples.hourly(folder.resolve("future.csv"), ROWS, ROWS + Samples.HORIZON, "load", "holiday");
        CliRun run = CliRun.in(folder, "explain", "load.csv", "--model", "exogenous", "--future", "future.csv");
        assertEquals(Command.OK, run.code(), run.err());
        assertTrue(run.out().contains("load,holiday,"), run.out());
    }
}
