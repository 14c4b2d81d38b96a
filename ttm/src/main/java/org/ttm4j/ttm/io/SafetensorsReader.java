package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.engine.NdArray;

/** One pass over a safetensors file of known length. */
final class SafetensorsReader {
    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final long length;
    private final String source;
    private final MessageDigest digest = Checksums.sha256();
    private final byte[] chunk = new byte[CHUNK];
    private long position;

    SafetensorsReader(InputStream in, long length, String source) {
        this.in = in;
        this.length = length;
        this.source = source;
    }

    Safetensors read() throws IOException {
        SafetensorsHeader header = header();
        requireHeap(header.entries());
        Map<String, SafeTensor> tensors = new LinkedHashMap<>();
        for (SafetensorsHeader.Entry entry : header.entries()) tensors.put(entry.name(), tensor(entry));
        if (in.read() >= 0) throw new CheckpointException(source, "grew while it was read");
        return new Safetensors(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(header.metadata()),
                HexFormat.of().formatHex(digest.digest()));
    }

    private SafetensorsHeader header() throws IOException {
        if (length < 8) throw new CheckpointException(source, length + " bytes; expected at least 8");
        long size = next(8).getLong();
        long most = Math.min(length - 8, SafetensorsHeader.MAX_BYTES);
        if (size < 2 || size > most) {
            throw new CheckpointException(source,
                    "header length " + Long.toUnsignedString(size) + " at byte 0; expected 2 to " + most);
        }
        byte[] json = new byte[(int) size];
        for (int offset = 0; offset < json.length;) {
            ByteBuffer part = next(Math.min(CHUNK, json.length - offset));
            int count = part.remaining();
            part.get(json, offset, count);
            offset += count;
        }
        return SafetensorsHeader.parse(json, length - position, source);
    }

    /** An honest error instead of an OutOfMemoryError: small integers take eight times their size in the file. */
    private void requireHeap(List<SafetensorsHeader.Entry> entries) throws CheckpointException {
        long needed = 0;
        for (SafetensorsHeader.Entry entry : entries) {
            needed += (long) entry.shape().size() * (entry.dtype().isFloat() ? 4 : 8);
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (needed > heap / 2) {
            throw new CheckpointException(source,
                    "needs " + needed + " bytes of memory, more than half of the heap of " + heap);
        }
    }

    private SafeTensor tensor(SafetensorsHeader.Entry entry) throws IOException {
        DType dtype = entry.dtype();
        int size = entry.shape().size();
        float[] floats = dtype.isFloat() ? new float[size] : null;
        long[] integers = dtype.isFloat() ? null : new long[size];
        int step = CHUNK / dtype.bytes;
        for (int offset = 0; offset < size; offset += step) {
            int count = Math.min(step, size - offset);
            ByteBuffer part = next(count * dtype.bytes);
            if (dtype.isFloat()) ElementCodec.decode(dtype, part, floats, offset, count);
            else ElementCodec.decode(dtype, part, integers, offset, count);
        }
        if (dtype.isFloat()) return SafeTensor.of(new NdArray(entry.shape(), floats), dtype);
        try {
            return SafeTensor.ofIntegers(dtype, entry.shape(), integers);
        } catch (IllegalArgumentException notBoolean) {
            throw new CheckpointException(source, "tensor " + entry.name() + ": " + notBoolean.getMessage());
        }
    }

    /** The next {@code count} bytes, at most {@link #CHUNK}; valid until the next call. */
    private ByteBuffer next(int count) throws IOException {
        int read = in.readNBytes(chunk, 0, count);
        if (read < count) throw new CheckpointException(source, "ended at byte " + (position + read) + " of " + length);
        digest.update(chunk, 0, count);
        position += count;
        return ByteBuffer.wrap(chunk, 0, count).order(ByteOrder.LITTLE_ENDIAN);
    }
}
