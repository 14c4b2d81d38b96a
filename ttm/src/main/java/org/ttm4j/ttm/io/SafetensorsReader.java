package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ttm4j.engine.NdArray;

/** Reads a safetensors file in one pass. Allocates memory for bytes that arrive, not that the header promises. */
final class SafetensorsReader {
    static final long UNKNOWN_LENGTH = -1;

    private final InputStream in;
    private final long length;
    private final String source;
    private long position;

    /** {@code length} is the length of the file, so that truncation is found early, or UNKNOWN_LENGTH. */
    SafetensorsReader(InputStream in, long length, String source) {
        this.in = in;
        this.length = length;
        this.source = source;
    }

    Safetensors read() throws CheckpointException {
        try {
            SafetensorsHeader header = header();
            requireHeap(header);
            Map<String, SafeTensor> tensors = new LinkedHashMap<>();
            for (SafetensorsHeader.Entry entry : header.entries()) tensors.put(entry.name(), tensor(entry));
            if (in.read() >= 0) {
                throw new CheckpointException(source, "goes on after its last tensor, at byte " + position);
            }
            return new Safetensors(Collections.unmodifiableMap(tensors),
                    Collections.unmodifiableMap(header.metadata()));
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(source, "cannot be read: " + e, e);
        }
    }

    private SafetensorsHeader header() throws IOException {
        long size = next(8).getLong();
        long most = SafetensorsHeader.MAX_BYTES;
        if (length != UNKNOWN_LENGTH) most = Math.min(most, length - position);
        if (size < 2 || size > most) {
            throw new CheckpointException(source,
                    "header length " + Long.toUnsignedString(size) + " at byte 0; expected 2 to " + most);
        }
        SafetensorsHeader header = SafetensorsHeader.parse(next((int) size).array(), source);
        long end = position + header.dataBytes();
        if (length != UNKNOWN_LENGTH && end != length) {
            throw new CheckpointException(source, "the tensors end at byte " + end + ", the file at " + length
                    + (end > length ? " (truncated?)" : ""));
        }
        return header;
    }

    /** Fails before an OutOfMemoryError. The limit is a quarter of the heap: bytes and values are held together. */
    private void requireHeap(SafetensorsHeader header) throws CheckpointException {
        long needed = 0;
        for (SafetensorsHeader.Entry entry : header.entries()) {
            needed += (long) entry.shape().size() * (entry.dtype().isFloat() ? Float.BYTES : Long.BYTES);
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (needed > heap / 4) {
            throw new CheckpointException(source,
                    "the values take " + needed + " bytes, more than a quarter of the heap of " + heap);
        }
    }

    private SafeTensor tensor(SafetensorsHeader.Entry entry) throws IOException {
        DType dtype = entry.dtype();
        ByteBuffer bytes = next((int) (entry.end() - entry.begin()));
        int size = entry.shape().size();
        if (dtype.isFloat()) {
            float[] values = new float[size];
            ElementCodec.decode(dtype, bytes, values);
            return SafeTensor.of(new NdArray(entry.shape(), values), dtype);
        }
        long[] values = new long[size];
        ElementCodec.decode(dtype, bytes, values);
        try {
            return SafeTensor.ofIntegers(dtype, entry.shape(), values);
        } catch (IllegalArgumentException noBoolean) {
            throw new CheckpointException(source, "tensor " + entry.name() + ": " + noBoolean.getMessage(), noBoolean);
        }
    }

    private ByteBuffer next(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new CheckpointException(source,
                    "ends at byte " + (position + bytes.length) + "; expected " + (position + count) + " or more");
        }
        position += count;
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
