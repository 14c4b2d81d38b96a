package org.ttm4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a command reads and writes.
 *
 * @param out data, and nothing else
 * @param err everything else
 * @param terminal whether {@code err} is a terminal that shows UTF-8
 * @param directory what relative file names are relative to
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, Path directory) {
    /** Set by the launcher, which knows whether its standard error is a terminal; asking the JVM costs start-up time. */
    private static final String TERMINAL_PROPERTY = "ttm4j.terminal";
    private static final int BUFFER = 1 << 16;

    /** The streams and the working directory of this process, in UTF-8 whatever the locale, as the files are. */
    static Console ofProcess() {
        return new Console(
                new PrintStream(new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
                        false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean(TERMINAL_PROPERTY), Path.of(""));
    }

    /** Writes a line to standard error. */
    void say(String line) {
        err.println(line);
    }

    /** The path of a file name from the command line. */
    Path path(String name) throws UsageException {
        try {
            return directory.resolve(name);
        } catch (java.nio.file.InvalidPathException e) {
            throw new UsageException("not a file name: " + printable(name));
        }
    }

    /** Text from outside without control characters, which could move the cursor or recolour a terminal. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
