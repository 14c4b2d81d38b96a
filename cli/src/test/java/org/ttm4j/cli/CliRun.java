package org.ttm4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.console.Console;

/** One run of the program in this JVM: its exit code and what it wrote. */
public record CliRun(int code, String out, String err) {

    /** Runs with a folder as the working directory. */
    public static CliRun in(Path directory, String... arguments) {
        return run(directory, false, arguments);
    }

    /** Runs as if standard error were a terminal. */
    public static CliRun onTerminal(Path directory, String... arguments) {
        return run(directory, true, arguments);
    }

    private static CliRun run(Path directory, boolean terminal, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(List.of(arguments), new Console(new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), terminal, directory));
        return new CliRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The lines of standard output. */
    public List<String> lines() {
        return out.lines().toList();
    }
}
