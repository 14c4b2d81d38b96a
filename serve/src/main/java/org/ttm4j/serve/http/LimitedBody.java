package org.ttm4j.serve.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * A body whose size is limited, and which reserves memory for what it holds as it is read. Closing leaves the connection to
 * the server. For one thread.
 */
final class LimitedBody extends InputStream {
    /** Memory is reserved after so many bytes, and so much for each: a number of 2 bytes can take 16. */
    private static final int CHUNK = 1 << 14;
    private static final int MEMORY = 8;

    private final Supplier<InputStream> source;
    private final Limits limits;
    private final Memory.Share memory;
    private long read;
    private long reserved;
    private InputStream in;

    /** @param source opened when the first byte is wanted, as what is wrong with the head of a gzip is the body's fault */
    LimitedBody(Supplier<InputStream> source, Limits limits, Memory.Share memory) {
        this.source = source;
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
        long whole = read / CHUNK * CHUNK;
        if (whole > reserved) {
            memory.reserve(MEMORY * (whole - reserved));
            reserved = whole;
        }
        return count;
    }

    /** The server throws what is wrong with chunks and lengths here. */
    private int readOrRefuse(byte[] bytes, int offset, int length) throws IOException {
        try {
            if (in == null) in = source.get();
            return in.read(bytes, offset, length);
        } catch (HttpException e) {
            throw refused(e.status());
        } catch (RequestException e) {
            throw refused(e.status());
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new Problem(Type.TIMEOUT, "the rest of the body did not arrive");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw broken();
        }
    }

    private Problem refused(Status status) {
        if (status.code() == Type.TOO_LARGE.status()) return tooLarge();
        if (status.code() != Type.TIMEOUT.status()) return broken();
        return new Problem(Type.TIMEOUT, "expected the whole body within " + limits.bodyTime().toSeconds() + " s");
    }

    private Problem tooLarge() {
        return new Problem(Type.TOO_LARGE, "expected a body of at most " + limits.bodyBytes() + " bytes, decompressed");
    }

    private static Problem broken() {
        return new Problem(Type.BAD_REQUEST, "the body is not framed as its headers say");
    }

    @Override
    public void close() {
        // The server reads what is left of it, or closes the connection.
    }
}
