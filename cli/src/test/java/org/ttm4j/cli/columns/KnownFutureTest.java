package org.ttm4j.cli.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.csv.CsvOptions;
import org.ttm4j.data.csv.CsvReader;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.fixtures.Samples;

class KnownFutureTest {
    @TempDir
    Path folder;

    @Test
    void allThatIsKnownBeyondTheHorizonIsPassedOn() throws Exception {
        CsvOptions options = CsvOptions.defaults();
        CsvFile history = CsvReader.read(Samples.hourly(folder.resolve("load.csv"), 0, 100, "load", "temp"), options);
        Samples.hourly(folder.resolve("future.csv"), 90, 130, "unused", "temp");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        KnownFuture future = KnownFuture.read("future.csv", history, options,
                Forecaster.load(Samples.exogenousModel(folder)).models().get(0).config(),
                new Console(nowhere, nowhere, false, folder));
        float[][] values = future.of(history.series().get(0), 12);
        assertEquals(30, values[0].length);
        assertEquals((float) Samples.value(129, 1), values[0][29], 1e-3);
        CommandException failure = assertThrows(CommandException.class, () -> future.of(history.series().get(0), 31));
        assertTrue(failure.getMessage().contains("at " + Samples.time(130) + ", step 31 of 31"), failure.getMessage());
    }
}
