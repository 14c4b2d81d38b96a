package org.ttm4j.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * @param memory bytes that reading a table may take, and what a command makes of it as many
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, Path directory, long memory) {
    /** Set by the launcher, which knows whether standard error is a terminal; to ask the JVM would take longer. */
    private static final String TERMINAL_PROPERTY = "ttm4j.terminal";
    private static final int BUFFER = 1 << 16;
    private static final int MOST_LINES = 20;

    /** With half of the heap for each. */
    public Console(PrintStream out, PrintStream err, boolean terminal, Path directory) {
        this(out, err, terminal, directory, Runtime.getRuntime().maxMemory() / 2);
    }

    /**
     * Refuses work that would take more than its memory, before it begins.
     *
     * @param work what takes it, which begins the message
     * @param bytes that it takes
     * @param remedy what else to do than to give more memory
     */
    public void requireMemory(String work, long bytes, String remedy) throws CommandException {
        if (bytes <= memory) return;
        throw new CommandException(work + " take some " + (bytes >> 20) + " MB, more than the " + (memory >> 20)
                + " MB that they may use; " + remedy + " or give the JVM more memory, such as TTM_JAVA_OPTIONS=-Xmx4g");
    }

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

    /** Writes a message to standard error, each line of it {@linkplain Printable#of printable}. */
    public void say(String message) {
        err.println(printableLines(message));
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

    /** Silences the logs of libraries: a driver logs a URL that it does not understand, with the password in it. */
    public static void silenceLogs() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    /** The path of a file name from the command line; null for none. */
    public Path path(String name) throws UsageException {
        try {
            return name == null ? null : directory.resolve(name);
        } catch (java.nio.file.InvalidPathException e) {
            // Java reads and writes names in the character set of the locale.
            boolean isForeign = name.chars().anyMatch(c -> c > 127);
            throw new UsageException("expected a file name, found " + Printable.quoted(name)
                    + (isForeign ? ", which this locale cannot write; choose another, such as LC_ALL=C.UTF-8" : ""));
        }
    }

    /** Shows a file by the program that the desktop, or the variable BROWSER, has for it, or says that this is not possible. */
    public void open(Path file) {
        List<String> command = viewer(System.getenv("BROWSER"), System.getProperty("os.name"), file);
        try {
            new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            say("note: --open: " + command.get(0) + " cannot be started; open " + file.toAbsolutePath() + " yourself");
        }
    }

    /** The command for a system, by its name in Java. */
    static List<String> viewer(String browser, String system, Path file) {
        String name = system.toLowerCase(Locale.ROOT);
        List<String> command = new ArrayList<>();
        if (browser != null && !browser.isBlank()) command.add(browser);
        else if (name.startsWith("mac")) command.add("open");
        else if (name.startsWith("windows")) command.addAll(List.of("rundll32", "url.dll,FileProtocolHandler"));
        else command.add("xdg-open");
        command.add(file.toAbsolutePath().toString());
        return command;
    }

    /** Starts the clock of so many things, such as {@code windows}. */
    public Progress progress(String what, int total) {
        return new Progress(this, what, total);
    }

    /**
     * Shows on standard error how much of a long piece of work is done and how long the rest will take: on a terminal in a
     * line that is rewritten, elsewhere in a new line every ten seconds. Short work shows nothing. Thread-safe.
     */
    public static final class Progress implements AutoCloseable {
        private static final long TERMINAL_NANOS = 200_000_000L;
        private static final long LOG_NANOS = 10_000_000_000L;

        private final Console console;
        private final String what;
        private final int total;
        private final long pause;
        private final long begin = System.nanoTime();
        private long last = begin;
        private int done;
        private boolean shown;

        private Progress(Console console, String what, int total) {
            this.console = console;
            this.what = what;
            this.total = total;
            pause = console.terminal() ? TERMINAL_NANOS : LOG_NANOS;
        }

        public synchronized void add(int count) {
            done += count;
            long now = System.nanoTime();
            if (now - last < pause || done == total) return;
            last = now;
            shown = true;
            String line = done + " of " + total + " " + what + ", " + left((now - begin) / 1e9 * (total - done) / done);
            if (console.terminal()) console.err().print("\r" + line + "\033[K");
            else console.say(line);
        }

        /** A time in the largest unit of which it has at least two, such as {@code 90 s left} or {@code 3 min left}. */
        private static String left(double seconds) {
            if (seconds < 120) return Math.round(Math.ceil(seconds)) + " s left";
            return seconds < 7200 ? Math.round(seconds / 60) + " min left" : Math.round(seconds / 3600) + " h left";
        }

        /** Clears the line. */
        @Override
        public synchronized void close() {
            if (shown && console.terminal()) console.err().print("\r\033[K");
        }
    }
}
