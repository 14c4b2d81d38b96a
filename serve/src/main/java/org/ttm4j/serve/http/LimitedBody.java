package org.ttm4j.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ttm4j.serve.settings.Limits;

/**
 * A body whose size and time are limited, and which takes its share of the memory that all bodies together may have.
 * Closing gives the share back. For one thread.
 */
final class LimitedBody extends InputStream {
    /** Bytes that one permit of the memory stands for. */
    static final int CHUNK = 1 << 14;

    private final InputStream in;
    private final Limits limits;
    private final Semaphore memory;
    private final long deadline;
    private long read;
    private int permits;

    LimitedBody(InputStream in, Limits limits, Semaphore memory) {
        this.in = in;
        this.limits = limits;
        this.memory = memory;
        deadline = System.nanoTime() + limits.bodyTime().toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (System.nanoTime() > deadline) {
            throw new Problem(Problem.Type.TIMEOUT,
                    "expected the whole body within " + limits.bodyTime().toSeconds() + " s");
        }
        if (count < 0) return count;
        read += count;
        if (read > limits.bodyBytes()) {
            throw new Problem(Problem.Type.TOO_LARGE,
                    "expected a body of at most " + limits.bodyBytes() + " bytes, decompressed");
        }
        int needed = (int) (read / CHUNK) - permits;
        if (needed > 0) {
            if (!isAcquired(needed)) {
                throw new Problem(Problem.Type.TOO_MANY_REQUESTS, "other requests take all memory for bodies")
                        .retryAfter(1);
            }
            permits += needed;
        }
        return count;
    }

    private boolean isAcquired(int needed) {
        try {
            return memory.tryAcquire(needed, 1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        memory.release(permits);
        permits = 0;
        in.close();
    }
}
