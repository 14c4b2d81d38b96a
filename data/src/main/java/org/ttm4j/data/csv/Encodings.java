package org.ttm4j.data.csv;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Finds the encoding of a text from its first bytes. */
final class Encodings {
    private Encodings() {}

    /**
     * UTF-16 with a byte order mark or where every second byte is mostly 0; UTF-8 where the bytes are; otherwise
     * windows-1252, which is Latin-1 with more signs.
     */
    static Charset find(byte[] bytes, int length) {
        int first = length > 1 ? (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff) : 0;
        if (first == 0xfffe) return StandardCharsets.UTF_16LE;
        if (first == 0xfeff) return StandardCharsets.UTF_16BE;
        int[] zeros = new int[2];
        for (int i = 0; i < length; i++) zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
        if (zeros[1] * 4 > length && zeros[0] * 8 < length) return StandardCharsets.UTF_16LE;
        if (zeros[0] * 4 > length && zeros[1] * 8 < length) return StandardCharsets.UTF_16BE;
        CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = strict.decode(ByteBuffer.wrap(bytes, 0, length), CharBuffer.allocate(length + 1), false);
        return result.isError() ? Charset.forName("windows-1252") : StandardCharsets.UTF_8;
    }
}
