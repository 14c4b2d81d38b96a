package org.ttm4j.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.data.series.Printable;

/**
 * The streams that a command writes to, and the directory that it works in.
 *
 * @param out the stream for data only
 * @param err the stream for everything else
 * @param terminal whether {@code err} is a terminal that shows UTF-8
 * @param directory the directory to which relative file names refer
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, Path directory) {
    /** Set by the launcher, which knows whether standard error is a terminal; to ask the JVM would take longer. */
    private static final String TERMINAL_PROPERTY = "ttm4j.terminal";
    private static final int BUFFER = 1 << 16;
    private static final int MOST_LINES = 20;
    private static final List<Path> TEMPORARY = new CopyOnWriteArrayList<>();
    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");
    /** The copy of standard input; null without. */
    private static volatile Path copy;

    /**
     * The streams and the working directory of this process. The streams are in UTF-8, like the files, in any locale.
     */
    public static Console ofProcess() {
        return new Console(
                new PrintStream(new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
                        false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean(TERMINAL_PROPERTY), Path.of(""));
    }

    /**
     * Writes a message to standard error, each line of it {@linkplain Printable#of printable}. Temporary files have their names
     * in it, without their folder.
     */
    public void say(String message) {
        String shown = message;
        for (Path file : TEMPORARY) shown = shown.replace(file.toString(), file.getFileName().toString());
        err.println(printableLines(shown));
    }

    /** Writes the {@linkplain #limited limited} list of what is wrong. */
    public void sayProblems(List<String> problems, String more) {
        limited(problems, more).forEach(problem -> say("ttm: " + problem));
    }

    /** The first twenty lines, then a line with the number of those left out, followed by the words {@code more}. */
    public static List<String> limited(List<String> lines, String more) {
        if (lines.size() <= MOST_LINES) return lines;
        String rest = "… and " + (lines.size() - MOST_LINES) + " " + more;
        return Stream.concat(lines.stream().limit(MOST_LINES), Stream.of(rest)).toList();
    }

    /** The lines of a text, each {@linkplain Printable#of printable}, without a line feed at the end. */
    public static String printableLines(String text) {
        return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
    }

    /**
     * The path of a file to read from the command line; {@code -} is standard input, which is copied to a file that is
     * deleted at the end of the program, because some files are read twice.
     */
    public Path input(String name) throws UsageException, IOException {
        if (!name.equals("-")) return path(name);
        Path file = temporary("standard-input");
        try {
            Files.copy(System.in, file);
        } catch (IOException e) {
            throw new IOException("standard input cannot be copied to a temporary file: " + e.getMessage(), e);
        }
        copy = file;
        return file;
    }

    /** Where the system has it, that of which a file is the copy: a file can be standard input. */
    static Path source(Path input) {
        return input.equals(copy) ? STANDARD_INPUT : input;
    }

    /** The path of a file to write; null for standard output, which no name and {@code -} mean. */
    public Path output(String name) throws UsageException {
        return name == null || name.equals("-") ? null : path(name);
    }

    /** The path of a new file that only this user can read; it is deleted at the end of the program ({@link TemporaryCopy}). */
    public static Path temporary(String name) throws IOException {
        Path file = TemporaryCopy.file(name);
        TEMPORARY.add(file);
        return file;
    }

    /** Silences what libraries log: of a URL that it does not understand, a driver logs what may be a password. */
    public static void silenceLogs() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    /** The path of a file name from the command line. */
    public Path path(String name) throws UsageException {
        try {
            return directory.resolve(name);
        } catch (java.nio.file.InvalidPathException e) {
            throw new UsageException("expected a file name, found " + Printable.quoted(name));
        }
    }
}
