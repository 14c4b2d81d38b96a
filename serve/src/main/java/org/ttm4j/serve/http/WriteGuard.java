package org.ttm4j.serve.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a virtual thread that waits in vain for a client to take what is written. The connection is closed by that,
 * which no setting of a socket brings about.
 */
final class WriteGuard {
    private static final ScheduledThreadPoolExecutor CLOCK = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("write-guard").factory());

    static {
        CLOCK.setRemoveOnCancelPolicy(true);
    }

    private WriteGuard() {}

    /** Writes to a client. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /** Writes, at most so long. */
    static void within(Duration most, Writing writing) throws IOException {
        Thread thread = Thread.currentThread();
        Future<?> interrupt = CLOCK.schedule(thread::interrupt, most.toMillis(), TimeUnit.MILLISECONDS);
        try {
            writing.run();
        } finally {
            interrupt.cancel(false);
        }
    }
}
