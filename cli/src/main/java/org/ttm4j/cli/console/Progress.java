package org.ttm4j.cli.console;

/**
 * Shows on standard error how much of a long piece of work is done and how long the rest will take: on a terminal in a
 * line that is rewritten, elsewhere in a new line every ten seconds. Short work shows nothing. Thread-safe.
 */
public final class Progress implements AutoCloseable {
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

    /** Starts the clock. {@code what} names the things that are counted, such as {@code windows}. */
    public Progress(Console console, String what, int total) {
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
    public static String left(double seconds) {
        if (seconds < 120) return Math.round(Math.ceil(seconds)) + " s left";
        return seconds < 7200 ? Math.round(seconds / 60) + " min left" : Math.round(seconds / 3600) + " h left";
    }

    /** Clears the line. */
    @Override
    public synchronized void close() {
        if (shown && console.terminal()) console.err().print("\r\033[K");
    }
}
