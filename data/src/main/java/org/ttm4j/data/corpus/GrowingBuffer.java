package org.ttm4j.data.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A little-endian buffer that grows while it is written. Not thread-safe. */
final class GrowingBuffer {
    private ByteBuffer out = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    /** The buffer, with room for so many more bytes; valid until the next call. */
    ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int capacity = Math.max((int) Math.min(Integer.MAX_VALUE - 8, out.capacity() * 2L),
                    Math.addExact(out.position(), bytes));
            out = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(out.flip());
        }
        return out;
    }

    /** All that was written, to be read; ends the writing. */
    ByteBuffer written() {
        return out.flip();
    }
}
