package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.ttm.fixtures.CorpusSamples;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate --corpus}: on small corpora with data sets of the names that are kept aside. */
class CorpusEvaluationTest {
    @TempDir
    Path folder;

    /** A corpus with one data set of those kept aside, and one of another name. */
    private void corpus() throws IOException {
        CorpusSamples.manifest(folder);
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("births.csv.gz"))))) {
            out.write("time,a\n");
            for (int row = 0; row < 1200; row++) out.write("2024-01-01," + Samples.value(row, 0) + '\n');
        }
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("months.csv.gz"))))) {
            out.write("time,a\n");
            for (int row = 0; row < 200; row++) out.write("2024-01-01," + Samples.value(2 * row, 0) + '\n');
        }
        Path manifest = Files.writeString(folder.resolve("manifest.csv"), """
                role,dataset,file,resolution_seconds,resolution,licence
                pretrain,us_births,births.csv.gz,86400,1d,none
                pretrain,aus_births,months.csv.gz,2629746,1mo,none
                pretrain,sea,sea.csv.gz,3600,1h,none
                """);
        CorpusBuilder.build(manifest, folder.resolve("corpus.bin"), 1, progress -> {});
    }

    @Test
    void aCorpusIsMeasuredOnTheSetsKeptAside() throws IOException {
        corpus();
        Samples.model(folder);
        String[] command = {"evaluate", "--corpus", "corpus.bin", "--validation", "--horizon", "12", "--model",
                "model"};
        CliRun text = CliRun.in(folder, command);
        assertEquals(0, text.code(), text.err());
        assertTrue(text.err().contains("note: the corpus holds 1 of the 14 data sets"), text.err());
        assertEquals("corpus.bin, model model: 12 steps after a history of up to 2,048", text.lines().get(0));
        assertTrue(text.lines().get(3).startsWith("us_births"), text.out());
        assertTrue(text.lines().get(3).contains("1 day    12"), text.out());
        String[] withJson = Arrays.copyOf(command, command.length + 1);
        withJson[command.length] = "--json";
        Map<String, Object> json = Json.parseObject(CliRun.in(folder, withJson).out().getBytes(), "stdout");
        assertEquals(12L, json.get("horizon"));
        Map<?, ?> set = (Map<?, ?>) ((List<?>) json.get("sets")).get(0);
        Map<?, ?> naive = (Map<?, ?>) set.get("seasonal_naive");
        assertEquals("PT24H", set.get("frequency"));
        assertEquals(Set.of("mse", "mase", "crps", "coverage"), naive.keySet());
        Map<?, ?> ratios = (Map<?, ?>) json.get("over_seasonal_naive");
        for (String error : List.of("mse", "mase", "crps")) {
            double expected = (double) set.get(error) / (double) naive.get(error);
            assertEquals(expected, (double) ratios.get(error), 1e-9 * expected, error);
        }
    }

    @Test
    void theModelIsGivenAsMuchHistoryAsIsSaidAtTheSameWindows() throws IOException {
        corpus();
        Samples.model(folder);
        List<Map<?, ?>> sets = new ArrayList<>();
        for (String history : List.of("12", "600")) {
            CliRun run = CliRun.in(folder, "evaluate", "--corpus", "corpus.bin", "--validation", "--model", "model",
                    "--horizon", "5", "--history", history, "--json");
            Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
            assertEquals(Long.parseLong(history), json.get("history"));
            sets.add((Map<?, ?>) ((List<?>) json.get("sets")).get(0));
        }
        assertEquals(sets.get(0).get("windows"), sets.get(1).get("windows"));
        assertEquals(((Map<?, ?>) sets.get(0).get("seasonal_naive")).get("mse"),
                ((Map<?, ?>) sets.get(1).get("seasonal_naive")).get("mse"), "the week before is in both");
        assertNotEquals(sets.get(0).get("mse"), sets.get(1).get("mse"));
    }

    private List<?> sets(String... more) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("evaluate", "--corpus", "corpus.bin", "--model", "model", "--json"));
        command.addAll(List.of(more));
        CliRun run = CliRun.in(folder, command.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return (List<?>) Json.parseObject(run.out().getBytes(), run.err()).get("sets");
    }

    private static List<?> each(List<?> sets, String key) {
        return sets.stream().map(set -> ((Map<?, ?>) set).get(key)).toList();
    }

    @Test
    void setsOfShortSeriesAndLongHorizonsAreMeasured() throws IOException {
        corpus();
        Samples.model(folder);
        List<?> months = sets("--kept-aside");
        assertEquals(List.of("aus_births"), each(months, "name"));
        assertEquals(List.of(12L), each(months, "horizon"));
        // 188 steps before the last year, of which 94 are history.
        assertEquals(List.of(95L), each(months, "windows"));
        assertTrue((double) each(months, "mase").get(0) > 0);
        List<?> both = sets("--validation", "--kept-aside", "--horizon-times", "10", "--history", "4096");
        assertEquals(List.of("us_births", "aus_births"), each(both, "name"));
        assertEquals(List.of(300L, 120L), each(both, "horizon"));
        assertEquals(List.of("us_births"), each(sets("--validation", "--kept-aside", "--horizon-times", "15"), "name"));
        CliRun left = CliRun.in(folder, "evaluate", "--corpus", "corpus.bin", "--model", "model", "--validation",
                "--kept-aside", "--horizon-times", "15");
        assertTrue(left.out().contains("us_births") && !left.out().contains("aus_births"), left.out());
        CliRun text = CliRun.in(folder, "evaluate", "--corpus", "corpus.bin", "--model", "model", "--kept-aside");
        assertTrue(text.out().contains("1 month    12      95"), text.out());
        assertTrue(left.err()
                .contains("note: left out: validation: no series of aus_births has 4 seasons and 180 steps more"),
                left.err());
    }

    @Test
    void theCombinationIsMeasuredBesideTheModelAlone() throws IOException {
        corpus();
        Samples.model(folder);
        CliRun run = CliRun.in(folder, "evaluate", "--corpus", "corpus.bin", "--validation", "--model", "model",
                "--mode", "balanced", "--json");
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
        assertEquals("balanced", json.get("mode"));
        assertEquals(30L, json.get("horizon"), "the usual horizon of days");
        Map<?, ?> set = (Map<?, ?>) ((List<?>) json.get("sets")).get(0);
        Map<?, ?> alone = (Map<?, ?>) set.get("model");
        assertEquals(Set.of("mse", "mase", "crps", "coverage"), alone.keySet());
        double ratio = (double) set.get("mase") / (double) alone.get("mase");
        assertEquals(ratio, (double) ((Map<?, ?>) json.get("over_model")).get("mase"), 1e-9);
        assertEquals(ratio < 1 ? 1L : 0L, ((Map<?, ?>) json.get("sets_better_than_model")).get("mase"));
        CliRun text = CliRun.in(folder, "evaluate", "--corpus", "corpus.bin", "--validation", "--model", "model",
                "--mode", "balanced", "--history", "200");
        assertTrue(text.out().contains("combined over the model alone, geometric mean"), text.out());
    }

    @Test
    void quantilesOfAModelAreMeasuredBesideCalibratedOnes() throws IOException {
        corpus();
        Samples.quantileModel(folder);
        String[] command = {"evaluate", "--corpus", "corpus.bin", "--validation", "--model", "quantiles", "--json"};
        CliRun run = CliRun.in(folder, command);
        Map<String, Object> json = Json.parseObject(run.out().getBytes(), run.err());
        Map<?, ?> set = (Map<?, ?>) ((List<?>) json.get("sets")).get(0);
        Map<?, ?> calibrated = (Map<?, ?>) set.get("calibrated");
        assertEquals(set.get("mse"), calibrated.get("mse"), "the same forecasts");
        double ratio = (double) set.get("crps") / (double) calibrated.get("crps");
        assertEquals(ratio, (double) ((Map<?, ?>) json.get("over_calibrated")).get("crps"), 1e-9);
        // The head of a model that was not trained knows nothing of the errors.
        assertEquals(0.8, (double) calibrated.get("coverage"), 0.1);
        assertTrue(Math.abs((double) set.get("coverage") - 0.8) > 0.1);
        CliRun text = CliRun.in(folder, Arrays.copyOf(command, command.length - 1));
        assertTrue(text.out().contains("own quantiles over calibrated ones"), text.out());
    }

    @Test
    void aCorpusIsAskedForWholly() throws IOException {
        corpus();
        String[][] wrong = {{"--corpus", "corpus.bin"}, {"--validation", "x.csv"},
                {"--corpus", "corpus.bin", "--validation", "--horizon", "0"}, {"--kept-aside", "x.csv"},
                {"--corpus", "corpus.bin", "--validation", "--horizon", "9", "--horizon-times", "2"},
                {"x.csv", "--horizon-times", "2"}, {"x.csv", "--history", "600"},
                {"--corpus", "corpus.bin", "--validation", "--horizon", "9", "x.csv"},
                {"--corpus", "corpus.bin", "--validation", "--horizon", "9", "--stride", "2"}};
        for (String[] options : wrong) {
            String[] command = new String[options.length + 1];
            command[0] = "evaluate";
            System.arraycopy(options, 0, command, 1, options.length);
            assertEquals(2, CliRun.in(folder, command).code(), String.join(" ", options));
        }
        CliRun tooLong = CliRun.in(folder, "evaluate", "--corpus", "corpus.bin", "--validation", "--horizon", "1190");
        assertEquals(1, tooLong.code());
        assertTrue(
                tooLong.err()
                        .contains("corpus.bin: validation: no series of us_births has 4 seasons and 1190 steps more"),
                tooLong.err());
    }
}
