package org.ttm4j.cli.console;

/**
 * Says on standard error how far long work has come and how long the rest will take: a line that is rewritten on a
 * terminal, else a line every ten seconds. Work that ends at once says nothing. Thread-safe.
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

    /** {@code what} is what is counted, such as {@code windows}. */
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

    /** A time in the largest unit that it fills twice, such as {@code 90 s left} or {@code 3 min left}. */
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
