package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.fixtures.Samples;

/** What docs/start.md tells its readers to type does what the page says; its programs are those of {@link ExamplesTest}. */
class StartPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern COMMAND = Pattern.compile("(?<![/\\w])bin/ttm ([^`\n]+)");

    @TempDir
    Path folder;

    @Test
    void itsCommandsSucceed() throws IOException {
        Path samples = Files.createDirectories(folder.resolve("data/samples"));
        Files.copy(ROOT.resolve("data/samples/hourly-load.csv"), samples.resolve("hourly-load.csv"));
        Samples.hourly(folder.resolve("FILE.csv"), 0, 200, "load"); // a reader's own, which a backtest reads in seconds
        String page = Files.readString(ROOT.resolve("docs/start.md"));
        List<String> commands = COMMAND.matcher(page).results().map(command -> command.group(1)).toList();
        for (String command : commands) {
            CliRun run = CliRun.in(folder, command.split(" "));
            assertEquals(0, run.code(), command + ": " + run.err());
            assertTrue(!run.out().isBlank(), command);
        }
        assertEquals(List.of("forecast", "forecast", "backtest", "explain"),
                commands.stream().map(command -> command.split(" ")[0]).toList());
        for (String written : List.of("hourly-load-forecast.svg", "report.html", "load.html")) {
            assertTrue(Files.size(folder.resolve(written)) > 0, written);
        }
    }
}
