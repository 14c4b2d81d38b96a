package org.ttm4j.serve.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ttm4j.serve.settings.Limits;

/**
 * A body whose size is limited, and which takes its share of the memory that all bodies together may have.
 * Closing gives the share back, and leaves the connection to the server. For one thread.
 */
final class LimitedBody extends InputStream {
    /** Bytes that one permit of the memory stands for. */
    static final int CHUNK = 1 << 14;

    private final InputStream in;
    private final Limits limits;
    private final Semaphore memory;
    private long read;
    private int permits;

    LimitedBody(InputStream in, Limits limits, Semaphore memory) {
        this.in = in;
        this.limits = limits;
        this.memory = memory;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = readOrRefuse(bytes, offset, length);
        if (count < 0) return count;
        read += count;
        if (read > limits.bodyBytes()) throw tooLarge();
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

    /** The server throws what is wrong with chunks and lengths here. */
    private int readOrRefuse(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (HttpException e) {
            throw refused(e.status());
        } catch (RequestException e) {
            throw refused(e.status());
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new Problem(Problem.Type.TIMEOUT, "the rest of the body did not arrive");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw broken();
        }
    }

    private Problem refused(Status status) {
        if (status.code() == Problem.Type.TOO_LARGE.status()) return tooLarge();
        if (status.code() != Problem.Type.TIMEOUT.status()) return broken();
        return new Problem(Problem.Type.TIMEOUT,
                "expected the whole body within " + limits.bodyTime().toSeconds() + " s");
    }

    private Problem tooLarge() {
        return new Problem(Problem.Type.TOO_LARGE,
                "expected a body of at most " + limits.bodyBytes() + " bytes, decompressed");
    }

    private static Problem broken() {
        return new Problem(Problem.Type.BAD_REQUEST, "the body is not framed as its headers say");
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
    public void close() {
        memory.release(permits);
        permits = 0;
    }
}
