package org.ttm4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.cli.command.Command;
import org.ttm4j.cli.console.Option;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.ttm.fixtures.CorpusSamples;
import org.ttm4j.ttm.fixtures.Promise;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.fixtures.Samples;

/**
 * What users of the program rely on: every command and its options, and of some runs of it the exit code, the columns or JSON
 * keys of standard output, and the files written, a recording for each command.
 */
class CommandPromiseTest {
    /** Where standard output cannot be written. */
    private static final String FULL = ">/dev/full";
    /** What prints a CSV, and what prints tables for people. */
    private static final Set<String> CSV = Set.of("forecast", "anomalies", "explain");
    private static final Set<String> TABLES = Set.of("evaluate", "backtest", "info");

    /** Of each command, the rest of the command line. */
    private static final Map<String, List<String>> RUNS = Map.ofEntries(
            Map.entry("forecast",
                    List.of("load.csv --model model", "load.csv --model model --mode fast --plot none",
                            "load.csv --target load --known-future other --future future.csv --model model "
                                    + "--quantiles 0.05,0.95 --out table.csv --cv cv.csv --plot page.html",
                            "load.csv --model model --mode fast --out table.xlsx --plot picture.png",
                            "numbers.csv --model model --mode fast --plot none",
                            "sites.csv --id site --model model --mode fast --quantiles 0.1 --plot none",
                            "load.jsonl --model model --plot none", "nothing.csv", "load.csv --horizon 0")),
            Map.entry("anomalies",
                    List.of("load.csv --model model --mode fast --level 0.5 --start 200",
                            "sites.csv --id site --model model --mode fast --level 0.5 --out table.csv", "nothing.csv",
                            "load.csv --level 1")),
            Map.entry("explain",
                    List.of("load.csv --model model", "load.csv --model model --json",
                            "sites.csv --id site --model model --step 1 --json",
                            "sites.csv --id site --model model --step 1 --out table.csv --html page.html",
                            "nothing.csv", "load.csv --step x")),
            Map.entry("info", List.of("", "model", "nothing", "model --model model")),
            Map.entry("verify", List.of("case", "case nothing", "")),
            Map.entry("evaluate",
                    List.of("load.csv --model model --mode fast", "load.csv --model model --mode fast --json",
                            "load.csv --model model --stride 40 --json",
                            "Weather.csv long.csv --model model --mode fast --horizon 96 --stride 100",
                            "Weather.csv long.csv --model model --mode fast --horizon 96 --stride 100 --json",
                            "--corpus corpus.bin --validation --horizon 6 --model model",
                            "--corpus corpus.bin --validation --horizon 6 --model model --json",
                            "--corpus corpus.bin --validation --horizon 6 --model quantiles --json",
                            "--corpus corpus.bin --validation --horizon 6 --model model --mode balanced --json",
                            "--short-series --model model --mode fast",
                            "--short-series --model model --mode fast --json", "--short-series --model model --json",
                            "nothing.csv", "")),
            Map.entry("backtest",
                    List.of("load.csv --model model --stride 9",
                            "load.csv --target load --known-future other --model model --mode balanced --start 200 "
                                    + "--stride 30 --json",
                            "sites.csv --id site --model model --stride 9 --html page.html --json", "nothing.csv",
                            "load.csv --stride 0")),
            Map.entry("finetune",
                    List.of("load.csv --target load --model model --out tuned --epochs 1 --threads 1 --learning-rate 0.01", "nothing.csv --out tuned",
                            "load.csv")),
            Map.entry("corpus", List.of("manifest.csv --out new.bin", "nothing.csv --out new.bin", "manifest.csv")),
            Map.entry("pretrain",
                    List.of("run.json --out run --set steps=2", "run.json --out run --set steps=3", "run.json")),
            Map.entry("serve", List.of("--help", "--port 0 --store load.csv", "now")),
            Map.entry("completion", List.of("bash", "zsh", "bash " + FULL, "fish")),
            Map.entry("man", List.of("", FULL, "forecast")));

    @TempDir
    Path folder;

    static List<Command> commands() {
        return Main.COMMANDS;
    }

    @Test
    void theCommandsAre() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Command command : commands()) lines.add("ttm " + command.name());
        for (String run : List.of("--help", "help", "help forecast", "-h", "--version", "", "nothing")) {
            lines.addAll(run("", run));
        }
        Promise.hold("ttm", lines);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIs(Command command) throws IOException {
        files();
        if (command.name().equals("evaluate")) benchmark();
        List<String> lines = new ArrayList<>(List.of("operands", "  " + command.operands(), "options"));
        for (Option option : command.options()) {
            lines.add("  " + option.name() + (option.isFlag() ? "" : " " + option.value())
                    + (option.repeatable() ? " (repeatable)" : ""));
        }
        for (String run : RUNS.get(command.name())) lines.addAll(run(command.name(), run));
        Promise.hold(command.name(), lines);
    }

    /** A run, its exit code, what it prints and what it writes. */
    private List<String> run(String command, String arguments) throws IOException {
        TreeSet<String> before = names();
        List<String> words = Stream.of((command + " " + arguments).split(" ")).filter(word -> !word.isEmpty()).toList();
        CliRun run = words.contains(FULL)
                ? CliRun.onFullDisk(folder, words.stream().filter(word -> !word.equals(FULL)).toArray(String[]::new))
                : CliRun.in(folder, words.toArray(String[]::new));
        System.err.println("TIME " + ((com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1000000 + " " + words);
        List<String> lines = new ArrayList<>(List.of("ttm " + String.join(" ", words), "  exit code " + run.code()));
        if (run.out().startsWith("{")) {
            boolean many = run.lines().get(0).endsWith("}");
            Promise.keys(many ? run.lines() : List.of(run.out())).forEach(key -> lines.add("  JSON " + key));
        } else if (CSV.contains(command) && !run.out().isEmpty()) {
            lines.add("  columns " + run.lines().get(0));
        } else if (TABLES.contains(command)) {
            run.lines().stream().filter(CommandPromiseTest::isHeader).forEach(line -> lines.add(
                    "  columns " + line.strip().replaceAll(" +", " ")));
        }
        TreeSet<String> written = names();
        written.removeAll(before);
        for (String name : written) lines.add("  file " + name + columns(name));
        return lines;
    }

    /** Three cells or more, and none is a number. */
    private static boolean isHeader(String line) {
        String[] cells = line.split(" {2,}");
        return cells.length > 2 && Stream.of(cells).noneMatch(cell -> cell.matches("[-–]?\\d.*"));
    }

    /** All files. */
    private TreeSet<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            TreeSet<String> names = new TreeSet<>();
            files.filter(Files::isRegularFile).forEach(file -> names.add(folder.relativize(file).toString()));
            return names;
        }
    }

    private String columns(String file) throws IOException {
        if (!file.endsWith(".csv")) return "";
        try (BufferedReader rows = Files.newBufferedReader(folder.resolve(file))) {
            return " with columns " + rows.readLine();
        }
    }

    private void files() throws IOException {
        Samples.model(folder);
        Samples.quantileModel(folder);
        Samples.hourly(folder.resolve("load.csv"), 0, 300, "load", "other");
        Samples.hourly(folder.resolve("future.csv"), 300, 312, "other");
        StringBuilder numbers = new StringBuilder("load\n");
        StringBuilder sites = new StringBuilder("site,time,load\n");
        StringBuilder json = new StringBuilder();
        for (int row = 0; row < 300; row++) {
            double value = Samples.value(row, 0);
            numbers.append(value).append('\n');
            for (String site : List.of("north", "south")) {
                sites.append(site).append(',').append(Samples.time(row)).append(',').append(value).append('\n');
            }
            json.append("{\"time\": \"" + Samples.time(row) + "\", \"load\": " + value + "}\n");
        }
        Files.writeString(folder.resolve("numbers.csv"), numbers);
        Files.writeString(folder.resolve("sites.csv"), sites);
        Files.writeString(folder.resolve("load.jsonl"), json);
        Path recording = Files.createDirectory(folder.resolve("case"));
        for (String name : List.of("config.json", "model.safetensors", "tensors.safetensors")) {
            Files.copy(Recordings.small("tiny-common").resolve(name), recording.resolve(name));
        }
        corpus();
        Files.writeString(folder.resolve("run.json"), """
                {"model": {"context_length": 32, "prediction_length": 8, "patch_length": 8, "patch_stride": 8, "d_model": 8,
                "num_layers": 1, "decoder_num_layers": 1, "decoder_d_model": 8}, "batch": 8, "micro_batch": 4, "threads": 1,
                "validate_every": 1, "steps": 1, "corpus": "corpus.bin", "validation": ["us_births"], "patience": 2}
                """);
    }

    /** A file with the name and the channels of one of the long-horizon benchmark, and one that is none. */
    private void benchmark() throws IOException {
        Samples.hourly(folder.resolve("long.csv"), 0, 1200, "load");
        Samples.hourly(folder.resolve("Weather.csv"), 0, 1200,
                IntStream.range(0, 21).mapToObj(channel -> "c" + channel).toArray(String[]::new));
    }

    /** With a data set of a name that is kept aside for validation. */
    private void corpus() throws IOException {
        Path manifest = CorpusSamples.manifest(folder);
        Files.writeString(manifest, Files.readString(manifest).replace(",sea,", ",us_births,"));
        CorpusBuilder.build(manifest, folder.resolve("corpus.bin"), 1, progress -> {});
    }
}
