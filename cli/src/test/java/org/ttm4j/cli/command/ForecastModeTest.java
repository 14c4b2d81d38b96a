package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.ttm.fixtures.Samples;

class ForecastModeTest {
    @TempDir
    Path folder;

    private CliRun forecast(String... more) {
        return CliRun.in(folder, Stream.concat(Stream.of("forecast", "load.csv", "--horizon", "6"), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void aShortFileHasDecilesAndSaysWhatWasCombined() throws IOException {
        for (int rows : List.of(3, 12, 60)) {
            Samples.hourly(folder.resolve("load.csv"), 0, rows, "load");
            CliRun run = forecast();
            assertEquals(Command.OK, run.code(), run.err());
            assertTrue(run.lines().get(0).endsWith("load.q0.8,load.q0.9"), run.lines().get(0));
            assertEquals(7, run.lines().size());
            assertTrue(run.lines().stream().skip(1).noneMatch(line -> line.endsWith(",")), run.out());
            assertTrue(run.err().contains("note: channel load: combined of "), run.err());
        }
    }

    @Test
    void modesDiffer() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 300, "load");
        assertEquals(forecast().out(), forecast("--mode", "balanced").out());
        assertNotEquals(forecast().out(), forecast("--mode", "fast").out());
        assertNotEquals(forecast().out(), forecast("--mode", "best").out());
        assertEquals("time,load", forecast("--quantiles", "none").lines().get(0));
        assertEquals("time,load,load.q0.05,load.q0.95", forecast("--quantiles", "0.05,0.95").lines().get(0));
        assertEquals(Command.USAGE, forecast("--mode", "slow").code());
    }
}
