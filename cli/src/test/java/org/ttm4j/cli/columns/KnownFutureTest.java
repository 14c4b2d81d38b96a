package org.ttm4j.cli.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
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
                Forecaster.load(Samples.exogenousModel(folder)).fast().info().models().get(0).config(),
                new Console(nowhere, nowhere, false, folder));
        double[][] values = future.of(history.series().get(0), 12);
        assertEquals(30, values[0].length);
        assertEquals((float) Samples.value(129, 1), values[0][29], 1e-3);
        CommandException failure = assertThrows(CommandException.class, () -> future.of(history.series().get(0), 31));
        assertTrue(failure.getMessage().contains("at " + Samples.time(130) + ", step 31 of 31"), failure.getMessage());
    }

    /** Where channels are not mixed, num_input_channels (2 here) binds nothing. */
    @Test
    void aHistoryMayHaveMoreChannelsThanTheConfiguration() throws Exception {
        CsvOptions options = CsvOptions.defaults();
        CsvFile history = CsvReader.read(Samples.hourly(folder.resolve("load.csv"), 0, 100, "load", "temp", "other"),
                options);
        Samples.hourly(folder.resolve("future.csv"), 100, 112, "unused", "temp");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Console console = new Console(nowhere, nowhere, false, folder);
        TtmConfig.Builder config = Samples.config()
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .set(Key.NUM_INPUT_CHANNELS, 2)
                .set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(1));
        KnownFuture future = KnownFuture.read("future.csv", history, options, config.build(), console);
        assertEquals((float) Samples.value(100, 1), future.of(history.series().get(0), 12)[0][0], 1e-3);
        TtmConfig beyond = config.set(Key.NUM_INPUT_CHANNELS, 4).set(Key.EXOGENOUS_CHANNEL_INDICES, List.of(3)).build();
        CommandException failure = assertThrows(CommandException.class,
                () -> KnownFuture.read("future.csv", history, options, beyond, console));
        assertTrue(failure.getMessage().startsWith("this model needs at least 4 channels, found 3;"),
                failure.getMessage());
    }
}
