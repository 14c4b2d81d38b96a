package org.ttm4j.serve.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import java.util.function.Supplier;

/**
 * Reads requests for the server, and refuses chunks that the server would take though another program on the way may see other
 * requests in them: without a line end behind their bytes, or with a size that is not of hexadecimal digits alone. For one
 * thread.
 */
@SuppressWarnings("removal") // a subclass has no other constructor
final class StrictReader extends DataReader {
    private static final int LONGEST_SIZE = 16;

    StrictReader(Supplier<byte[]> source) {
        super(source);
    }

    /** The size of a chunk, or the empty line behind the last one; these alone are read by line. */
    @Override
    public String readLine() {
        int length = findNewLine(LONGEST_SIZE);
        if (length == LONGEST_SIZE) throw refused();
        String size = readAsciiString(length);
        if (size.chars().anyMatch(digit -> Character.digit(digit, 16) < 0)) throw refused();
        skip(2);
        return size;
    }

    /** Skips some bytes; two are skipped where a line ends, and nowhere else. */
    @Override
    public void skip(int count) {
        if (count == 2 && !startsWithNewLine()) throw refused();
        super.skip(count);
    }

    @Override
    public BufferData readBuffer(int length) {
        BufferData data = getBuffer(length);
        super.skip(length);
        return data;
    }

    private static RequestException refused() {
        return RequestException.builder().type(EventType.BAD_REQUEST).message("a chunk is malformed").build();
    }
}
