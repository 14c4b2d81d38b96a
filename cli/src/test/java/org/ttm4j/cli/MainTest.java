package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
