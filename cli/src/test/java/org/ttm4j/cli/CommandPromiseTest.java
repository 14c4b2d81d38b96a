package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.cli.command.Command;
import org.ttm4j.cli.console.Option;
import org.ttm4j.data.corpus.CorpusBuilder;
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

    private static final String RUNS = """
            ttm
            ttm --help
            ttm -h
            ttm help
            ttm help forecast
            ttm --version
            ttm nothing
            ttm forecast load.csv --model model
            ttm forecast load.csv --model model --mode fast --plot none
            ttm forecast load.csv --model model --mode fast --out table.xlsx --plot picture.png
            ttm forecast load.csv --model model --target load --known-future other --future future.csv --quantiles 0.05,0.95 \
            --out table.csv --cv cv.csv --plot page.html
            ttm forecast numbers.csv --model model --mode fast --plot none
            ttm forecast sites.csv --id site --model model --mode fast --quantiles 0.1 --plot none
            ttm forecast load.jsonl --model model --plot none
            ttm forecast nothing.csv
            ttm forecast load.csv --horizon 0
            ttm anomalies load.csv --model model --mode fast --level 0.5 --start 200
            ttm anomalies sites.csv --id site --model model --mode fast --level 0.5 --out table.csv
            ttm anomalies nothing.csv
            ttm anomalies load.csv --level 1
            ttm explain load.csv --model model
            ttm explain load.csv --model model --json
            ttm explain sites.csv --id site --model model --step 1 --json
            ttm explain sites.csv --id site --model model --step 1 --out table.csv --html page.html
            ttm explain nothing.csv
            ttm explain load.csv --step x
            ttm info
            ttm info model
            ttm info nothing
            ttm info model --model model
            ttm verify case
            ttm verify nothing
            ttm verify
            ttm evaluate load.csv --model model --mode fast
            ttm evaluate load.csv --model model --mode fast --json
            ttm evaluate load.csv --model model --stride 40 --json
            ttm evaluate Weather.csv long.csv --model model --mode fast --horizon 96 --stride 100
            ttm evaluate Weather.csv long.csv --model model --mode fast --horizon 96 --stride 100 --json
            ttm evaluate --corpus corpus.bin --validation --horizon 6 --model model
            ttm evaluate --corpus corpus.bin --validation --horizon 6 --model model --json
            ttm evaluate --corpus corpus.bin --validation --horizon 6 --model quantiles --json
            ttm evaluate --corpus corpus.bin --validation --horizon 6 --model model --mode balanced --json
            ttm evaluate --short-series --model model --mode fast
            ttm evaluate --short-series --model model --mode fast --json
            ttm evaluate --short-series --model model --json
            ttm evaluate nothing.csv
            ttm evaluate
            ttm backtest load.csv --model model --stride 9
            ttm backtest sites.csv --id site --model model --stride 9
            ttm backtest sites.csv --id site --model model --stride 9 --html page.html --json
            ttm backtest load.csv --model model --target load --known-future other --mode balanced --start 200 --stride 30 --json
            ttm backtest nothing.csv
            ttm backtest load.csv --stride 0
            ttm finetune load.csv --target load --model model --out tuned --epochs 1 --threads 1 --learning-rate 0.01
            ttm finetune nothing.csv --out tuned
            ttm finetune load.csv
            ttm corpus manifest.csv --out new.bin
            ttm corpus nothing.csv --out new.bin
            ttm corpus manifest.csv
            ttm pretrain run.json --out run
            ttm pretrain run.json --out run --set steps=3
            ttm pretrain run.json
            ttm serve --help
            ttm serve --port 0 --store load.csv
            ttm serve now
            ttm watch --help
            ttm watch --prometheus http://localhost:9090 --query up --port 0 --tls load.csv
            ttm watch --query up
            ttm mcp --help
            ttm mcp --allow nothing
            ttm mcp
            ttm completion bash
            ttm completion zsh
            ttm completion bash >/dev/full
            ttm completion fish
            ttm man
            ttm man >/dev/full
            ttm man forecast
            """;

    /** What the runs read. */
    @TempDir
    static Path files;
    @TempDir
    Path folder;

    static Stream<Named<Command>> commands() {
        return Main.COMMANDS.stream().map(command -> Named.of(command.name, command));
    }

    @Test
    void theCommandsStay() throws IOException {
        List<String> names = Main.COMMANDS.stream().map(command -> command.name).sorted().toList();
        List<String> lines = new ArrayList<>(names.stream().map(name -> "command " + name).toList());
        for (String run : RUNS.lines().toList()) {
            if (names.stream().noneMatch(name -> isOf(name, run))) lines.addAll(result(run));
        }
        Promise.hold("ttm", lines);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandStays(Command command) throws IOException {
        copyFiles();
        List<String> lines = new ArrayList<>(List.of(("operands " + command.operands).strip(), "options"));
        command.options().stream().map(CommandPromiseTest::described).sorted().forEach(lines::add);
        for (String run : RUNS.lines().toList()) {
            if (isOf(command.name, run)) lines.addAll(result(run));
        }
        for (int code : new int[]{Command.OK, Command.FAILED, Command.USAGE}) {
            assertTrue(lines.contains("  exit code " + code), "no run ends with " + code);
        }
        Promise.hold(command.name, lines);
    }

    private static boolean isOf(String command, String run) {
        return (run + " ").startsWith("ttm " + command + " ");
    }

    private static String described(Option option) {
        return "  " + option.name() + (option.isFlag() ? "" : " " + option.value())
                + (option.repeatable() ? ", repeatable" : "");
    }

    /** A run, its exit code, what it prints and what it writes. */
    private List<String> result(String line) throws IOException {
        TreeSet<String> before = names();
        String[] words = line.replace(FULL, "").strip().split(" ");
        String[] arguments = Arrays.copyOfRange(words, 1, words.length);
        CliRun run = line.endsWith(FULL) ? CliRun.onFullDisk(folder, arguments) : CliRun.in(folder, arguments);
        List<String> result = new ArrayList<>(List.of(line, "  exit code " + run.code()));
        String command = arguments.length == 0 ? "" : arguments[0];
        if (run.out().startsWith("{")) {
            boolean many = run.lines().get(0).endsWith("}");
            Promise.keys(many ? run.lines() : List.of(run.out())).forEach(key -> result.add("  JSON " + key));
        } else if (CSV.contains(command)) {
            run.lines().stream().limit(1).forEach(header -> result.add("  columns " + header));
        } else if (TABLES.contains(command)) {
            Stream<String> headers = run.lines().stream().filter(CommandPromiseTest::isHeader);
            headers.map(header -> "  columns " + header.strip().replaceAll(" +", " ")).distinct().forEach(result::add);
        }
        TreeSet<String> written = names();
        written.removeAll(before);
        for (String name : written) result.add("  file " + name + columns(name));
        return result;
    }

    /** Three cells or more, and none is a number. */
    private static boolean isHeader(String line) {
        String[] cells = line.split(" {2,}");
        return cells.length > 2 && Stream.of(cells).noneMatch(cell -> cell.matches("[-–]?\\d.*|–"));
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

    private void copyFiles() throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path file : all.skip(1).toList()) Files.copy(file, folder.resolve(files.relativize(file)));
        }
    }

    @BeforeAll
    static void makeFiles() throws IOException {
        Samples.model(files);
        Samples.quantileModel(files);
        Samples.hourly(files.resolve("load.csv"), 0, 300, "load", "other");
        Samples.hourly(files.resolve("future.csv"), 300, 312, "other");
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
        Files.writeString(files.resolve("numbers.csv"), numbers);
        Files.writeString(files.resolve("sites.csv"), sites);
        Files.writeString(files.resolve("load.jsonl"), json);
        Path recording = Files.createDirectory(files.resolve("case"));
        for (String name : List.of("config.json", "model.safetensors", "tensors.safetensors")) {
            Files.copy(Recordings.small("tiny-common").resolve(name), recording.resolve(name));
        }
        // A file with the name and the channels of one of the long-horizon benchmark, and one that is none.
        Samples.hourly(files.resolve("Weather.csv"), 0, 1200,
                IntStream.range(0, 21).mapToObj(channel -> "c" + channel).toArray(String[]::new));
        Samples.hourly(files.resolve("long.csv"), 0, 1200, "load");
        makeCorpus();
        Files.writeString(files.resolve("run.json"),
                """
                        {"model": {"context_length": 32, "prediction_length": 8, "patch_length": 8, "patch_stride": 8, "d_model": 8,
                        "num_layers": 1, "decoder_num_layers": 1, "decoder_d_model": 8}, "batch": 8, "micro_batch": 4, "threads": 1,
                        "validate_every": 1, "steps": 2, "corpus": "corpus.bin", "validation": ["us_births"], "patience": 2}
                        """);
    }

    /** With a data set of a name that is kept aside from training. */
    private static void makeCorpus() throws IOException {
        for (String name : List.of("births.csv", "sea.csv")) {
            Path file = Samples.hourly(files.resolve(name), 0, 140, "value");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(files.resolve(name + ".gz")))) {
                Files.copy(file, out);
            }
        }
        Path manifest = Files.writeString(files.resolve("manifest.csv"), """
                role,dataset,file,resolution_seconds,resolution,licence
                pretrain,us_births,births.csv.gz,86400,1d,none
                pretrain,sea,sea.csv.gz,86400,1d,none
                """);
        CorpusBuilder.build(manifest, files.resolve("corpus.bin"), 1, progress -> {});
    }
}
