package org.ttm4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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

    /** Runs where standard output cannot be written. */
    public static CliRun onFullDisk(Path directory, String... arguments) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        return run(directory, false, full, arguments);
    }

    /** Runs as if standard error were a terminal. */
    public static CliRun onTerminal(Path directory, String... arguments) {
        return run(directory, true, arguments);
    }

    private static CliRun run(Path directory, boolean terminal, String... arguments) {
        return run(directory, terminal, new ByteArrayOutputStream(), arguments);
    }

    private static CliRun run(Path directory, boolean terminal, OutputStream out, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(List.of(arguments), new Console(new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), terminal, directory));
        String printed = out instanceof ByteArrayOutputStream kept ? kept.toString(StandardCharsets.UTF_8) : "";
        return new CliRun(code, printed, err.toString(StandardCharsets.UTF_8));
    }

    /** The lines of standard output. */
    public List<String> lines() {
        return out.lines().toList();
    }
}
