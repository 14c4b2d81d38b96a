package org.ttm4j.serve.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Interrupts a virtual thread that waits in vain for a client to take what is written. The connection is closed by that,
 * which no setting of a socket brings about.
 */
final class WriteGuard {
    private static final long PERIOD_MILLIS = 250;
    /** The threads that write, and when they must have ended. */
    private static final Map<Thread, Long> DEADLINES = new ConcurrentHashMap<>();

    static {
        Thread.ofPlatform().daemon().name("write-guard").start(WriteGuard::watch);
    }

    private WriteGuard() {}

    /** Writes to a client. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /** Writes, at most about so long. */
    static void within(Duration most, Writing writing) throws IOException {
        Thread thread = Thread.currentThread();
        DEADLINES.put(thread, System.nanoTime() + most.toNanos());
        try {
            writing.run();
        } finally {
            DEADLINES.remove(thread);
        }
    }

    private static void watch() {
        while (true) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            DEADLINES.forEach((thread, deadline) -> {
                if (now - deadline > 0) thread.interrupt();
            });
        }
    }
}
