package org.ttm4j.data.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Finds the encoding of a text from its first bytes. */
final class Encodings {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

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
        return result.isError() ? WINDOWS : StandardCharsets.UTF_8;
    }

    /** A decoder of an encoding that was found. It replaces what it cannot read, as readers do. */
    static CharsetDecoder decoder(Charset found) {
        CharsetDecoder decoder = found.equals(StandardCharsets.UTF_8) ? new Utf8OrWindows() : found.newDecoder();
        return decoder.onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    /**
     * Decodes UTF-8, and bytes that are none as windows-1252: the beginning of a text may have no letter that tells the two
     * apart, and ids with other letters must not become the same one.
     */
    private static final class Utf8OrWindows extends CharsetDecoder {
        private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

        Utf8OrWindows() {
            super(StandardCharsets.UTF_8, 1, 1);
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            CoderResult result = utf8.decode(in, out, false);
            while (result.isMalformed() && out.hasRemaining()) {
                out.put(WINDOWS.decode(ByteBuffer.wrap(new byte[]{in.get()})));
                result = utf8.decode(in, out, false);
            }
            return result.isMalformed() ? CoderResult.OVERFLOW : result;
        }

        @Override
        protected void implReset() {
            utf8.reset();
        }
    }
}
