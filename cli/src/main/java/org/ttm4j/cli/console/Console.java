package org.ttm4j.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private static final int LONGEST_NAME = 60;
    private static final int MOST_LINES = 20;

    /** The streams and the working directory of this process, in UTF-8 whatever the locale, as the files are. */
    public static Console ofProcess() {
        return new Console(
                new PrintStream(new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
                        false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean(TERMINAL_PROPERTY), Path.of(""));
    }

    /** Writes a message to standard error, made {@link #printable} line by line. */
    public void say(String message) {
        err.println(printableLines(message));
    }

    /** Says what could not be measured, {@link #limited}. */
    public void sayProblems(List<String> problems) {
        limited(problems, "more could not be measured").forEach(problem -> say("ttm: " + problem));
    }

    /** The first twenty lines, and how many there are {@code more}. */
    public static List<String> limited(List<String> lines, String more) {
        if (lines.size() <= MOST_LINES) return lines;
        String rest = "… and " + (lines.size() - MOST_LINES) + " " + more;
        return Stream.concat(lines.stream().limit(MOST_LINES), Stream.of(rest)).toList();
    }

    /** The lines of a text, each {@link #printable}; no line feed at the end. */
    public static String printableLines(String text) {
        return text.lines().map(Console::printable).collect(Collectors.joining("\n"));
    }

    /** The path of a file name from the command line. */
    public Path path(String name) throws UsageException {
        try {
            return directory.resolve(name);
        } catch (java.nio.file.InvalidPathException e) {
            throw new UsageException("not a file name: " + printable(name));
        }
    }

    /**
     * Text from outside without characters that could move the cursor, recolour a terminal or turn the direction of
     * writing.
     */
    public static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?");
    }

    /** A name from outside as messages show it: printable, cut when very long, in quotes. */
    public static String quoted(String name) {
        return "'" + shortened(name) + "'";
    }

    /** A name from outside: printable, cut when very long. */
    public static String shortened(String name) {
        return printable(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name);
    }
}
