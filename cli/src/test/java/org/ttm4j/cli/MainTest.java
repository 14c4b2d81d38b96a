package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.cli.console.Console;

class MainTest {
    @TempDir
    Path folder;

    @Test
    void helpIsDataAndListsEveryCommand() {
        CliRun run = CliRun.in(folder, "--help");
        assertEquals(0, run.code());
        assertEquals("", run.err());
        for (String name : List.of("forecast", "info", "verify", "evaluate", "backtest"))
            assertTrue(run.out().contains(name));
        assertEquals(run.out(), CliRun.in(folder, "help").out());
        assertEquals(run.out(), CliRun.in(folder, "help", "--help").out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forecast", "anomalies", "explain", "info", "verify", "evaluate", "backtest", "finetune",
            "completion", "man"})
    void everyCommandExplainsItself(String name) {
        CliRun run = CliRun.in(folder, name, "--help");
        assertEquals(0, run.code());
        assertTrue(run.out().startsWith("usage: ttm " + name), run.out());
        assertEquals(run.out(), CliRun.in(folder, "help", name).out());
        run.lines().forEach(line -> assertTrue(line.length() <= 110, line));
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(2, CliRun.in(folder).code());
        CliRun run = CliRun.in(folder, "forcast", "x.csv");
        assertEquals(2, run.code());
        assertEquals("ttm: unknown command forcast: did you mean forecast? (ttm --help lists all)", run.err().strip());
        assertTrue(CliRun.in(folder, "\033[31m").err().contains("unknown command ?[31m"));
        assertTrue(CliRun.in(folder, "forecast", "\033[31m.csv").err().contains("?[31m.csv: no such file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forecast ~", "anomalies ~", "backtest ~", "evaluate ~", "evaluate --corpus ~ --validation",
            "finetune ~ --out new", "corpus ~ --out new.bin", "corpus binary --out new.bin", "pretrain ~ --out new",
            "info ~", "serve --token-file ~", "serve --token-file binary"})
    void aFileThatCannotBeReadIsNamed(String arguments) throws IOException {
        Files.write(folder.resolve("binary"), new byte[]{'r', 'o', 'l', 'e', '\n', (byte) 0xff, (byte) 0xfe, 0});
        CliRun run = CliRun.in(folder, arguments.replace("~", folder.toString()).split(" "));
        assertEquals(1, run.code(), run.err());
        String name = arguments.contains("binary") ? "binary" : folder.getFileName().toString();
        assertTrue(run.err().contains(name), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"help forcast | 2 | unknown command forcast: did you mean forecast?",
            "--help nothing | 2 | unknown command nothing (ttm --help lists all)",
            "pretrain c.json --out f.csv | 1 | f.csv: cannot be written: it is a file; name a folder with --out",
            "pretrain c.json --out f.csv/x | 1 | f.csv is a file; name a folder with --out",
            "finetune f.csv --out f.csv/x | 1 | f.csv is a file; name a folder with --out",
            "serve --models f.csv --port 0 --store none | 1 | f.csv: cannot be written: it is a file; name a folder with --models",
            "corpus f.csv --out f.csv | 2 | --out: this would overwrite the input",
            "corpus m.csv --out new.bin | 1 | nothing.csv.gz: the manifest names this file, but it does not exist",
            "corpus f.csv --out . | 1 | .: cannot be written: it is a folder",
            "forecast f.csv --samples - | 2 | --samples: expected the name of a file; - is standard output in --out alone",
            "backtest f.csv --html - | 2 | --html: expected the name of a file; - is standard output in --out alone",
            "forecast --jdbc sqlite:f.db --query q | 2 | --jdbc: expected a URL such as jdbc:postgresql://host/database",
            "forecast f.csv --ignore valeu --mode fast --plot none --horizon 1 | 0 | note: f.csv has no column 'valeu' (--ignore)"})
    void everyMistakeIsNamed(String arguments, int code, String message) throws IOException {
        Files.writeString(folder.resolve("c.json"), "{}");
        Files.writeString(folder.resolve("m.csv"),
                "role,dataset,file,resolution_seconds,licence\npretrain,d,nothing.csv.gz,3600,CC0\n");
        Files.writeString(folder.resolve("f.csv"), "time,value\n2024-01-01,1\n2024-01-02,2\n2024-01-03,1\n");
        CliRun run = CliRun.in(folder, arguments.split(" "));
        assertTrue(run.err().contains(message), run.err());
        assertEquals(code, run.code(), run.err());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(3, files.count(), "nothing is left behind");
        }
    }

    @Test
    void aFullDiskIsAFailure() {
        PrintStream full = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws java.io.IOException {
                throw new java.io.IOException("no space left");
            }
        });
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        assertEquals(1, Main.run(List.of("--help"), new Console(full, nowhere, false, folder)));
    }
}
