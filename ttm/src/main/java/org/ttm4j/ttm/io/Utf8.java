package org.ttm4j.ttm.io;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 strictly, because a replacement character would silently rename a key or a tensor. */
final class Utf8 {
    private Utf8() {}

    /** The text of {@code bytes}. Throws CheckpointException naming the first byte that is not UTF-8. */
    static String decode(byte[] bytes, String source) throws CheckpointException {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw new CheckpointException(source, "starts with a byte-order mark; expected UTF-8 without one");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) throw new CheckpointException(source, "byte " + in.position() + " is not valid UTF-8");
        return out.flip().toString();
    }
}
