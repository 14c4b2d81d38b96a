package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ttm4j.engine.Shape;

/**
 * The content of a safetensors file: eight bytes with the length of a JSON header (little-endian), the header, and the
 * tensors' elements without gaps. Source: <a href="https://github.com/huggingface/safetensors">the format's README</a>.
 *
 * <p>Reading treats files as untrusted: lengths, offsets and shapes are checked against each other and against the file
 * before memory is allocated. The result is all tensors of the file, or an exception. Non-finite elements are allowed
 * here; {@link #requireFinite} rejects them in weights and training states.
 *
 * @param source the name of the file or stream, for messages
 * @param tensors by name, in the order of the file's bytes; unmodifiable
 * @param metadata the header's {@code __metadata__}, empty when there is none; unmodifiable
 */
public record Safetensors(String source, Map<String, SafeTensor> tensors, Map<String, String> metadata) {
    private static final int CHUNK = 1 << 16;
    private static final int ALIGNMENT = 8;
    private static final String METADATA = "__metadata__";

    /**
     * Reads a file.
     *
     * @throws CheckpointException when the file cannot be read, has another format, or does not fit the heap
     */
    public static Safetensors read(Path file) throws CheckpointException {
        return Bytes.read(file, in -> new Reader(in, Files.size(file), file.toString()).read());
    }

    /**
     * Reads a stream to its end, for instance a class-path resource; does not close it. Never reads more than the
     * header says and the heap allows, even from an endless stream.
     *
     * @param source the name of the stream in error messages
     */
    public static Safetensors read(InputStream in, String source) throws CheckpointException {
        return new Reader(in, Reader.UNKNOWN_LENGTH, source).read();
    }

    /** The error for a content that is not what was expected. */
    public CheckpointException wrong(String problem) {
        return new CheckpointException(source, problem);
    }

    /** Throws CheckpointException naming the tensor and the index of a float that is not finite. */
    public void requireFinite() throws CheckpointException {
        for (Map.Entry<String, SafeTensor> entry : tensors.entrySet()) {
            if (!entry.getValue().dtype().isFloat()) continue;
            float[] values = entry.getValue().floats();
            for (int i = 0; i < values.length; i++) {
                if (Float.isFinite(values[i])) continue;
                throw wrong("tensor " + entry.getKey() + " is " + values[i] + " at index " + i
                        + "; expected a finite number");
            }
        }
    }

    /**
     * Writes the same bytes as the reference library: tensors ordered by element width and then by name. The file
     * appears complete or not at all; an existing one is replaced.
     *
     * @throws IOException when the file cannot be written; no temporary file remains
     * @throws IllegalArgumentException naming a tensor with a value out of the range of its element type
     */
    public static void write(Path file, Map<String, SafeTensor> tensors, Map<String, String> metadata)
            throws IOException {
        AtomicFile.write(file, out -> write(out, tensors, metadata));
    }

    /** As {@link #write(Path, Map, Map)}, to a stream. */
    public static void write(OutputStream out, Map<String, SafeTensor> tensors, Map<String, String> metadata)
            throws IOException {
        List<Map.Entry<String, SafeTensor>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparing((Map.Entry<String, SafeTensor> entry) -> entry.getValue().dtype())
                .reversed()
                .thenComparing(entry -> entry.getKey().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        byte[] header = header(ordered, metadata);
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(length.putLong(header.length).array());
        out.write(header);
        for (Map.Entry<String, SafeTensor> entry : ordered) {
            try {
                write(entry.getValue(), out);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("tensor " + entry.getKey() + ": " + e.getMessage(), e);
            }
        }
    }

    private static byte[] header(List<Map.Entry<String, SafeTensor>> ordered, Map<String, String> metadata) {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) header.put(METADATA, new TreeMap<>(metadata));
        long begin = 0;
        for (Map.Entry<String, SafeTensor> entry : ordered) {
            if (entry.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("no tensor can be called " + METADATA);
            }
            SafeTensor tensor = entry.getValue();
            long end = begin + (long) tensor.shape().size() * tensor.dtype().bytes;
            header.put(entry.getKey(), Json.object("dtype", tensor.dtype().name(), "shape",
                    Arrays.stream(tensor.shape().toArray()).boxed().toList(), "data_offsets", List.of(begin, end)));
            begin = end;
        }
        byte[] json = Json.compact(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void write(SafeTensor tensor, OutputStream out) throws IOException {
        DType dtype = tensor.dtype();
        int size = tensor.shape().size();
        int step = CHUNK / dtype.bytes;
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 0; offset < size; offset += step) {
            int count = Math.min(step, size - offset);
            chunk.clear();
            if (dtype.isFloat()) dtype.encode(tensor.floats(), offset, count, chunk);
            else dtype.encode(tensor.integers(), offset, count, chunk);
            out.write(chunk.array(), 0, chunk.position());
        }
    }

    /** Reads a safetensors file in one pass. Allocates memory for bytes that arrive, not that the header promises. */
    private static final class Reader {
        static final long UNKNOWN_LENGTH = -1;

        private static final int MAX_HEADER_BYTES = 8 << 20;
        private static final int MAX_TENSORS = 1 << 16;
        private static final int MAX_RANK = 8;
        /** The largest size of one array. */
        private static final int MAX_TENSOR_BYTES = Integer.MAX_VALUE - 16;

        private final InputStream in;
        private final long length;
        private final String source;
        private long position;

        /** {@code length} is the length of the file, so that truncation is found early, or UNKNOWN_LENGTH. */
        Reader(InputStream in, long length, String source) {
            this.in = in;
            this.length = length;
            this.source = source;
        }

        Safetensors read() throws CheckpointException {
            try {
                Header header = header();
                requireHeap(header);
                Map<String, SafeTensor> tensors = new LinkedHashMap<>();
                for (Entry entry : header.entries()) tensors.put(entry.name(), tensor(entry));
                if (in.read() >= 0) throw wrong("goes on after its last tensor, at byte " + position);
                return new Safetensors(source, Collections.unmodifiableMap(tensors),
                        Collections.unmodifiableMap(header.metadata()));
            } catch (CheckpointException alreadySaysWhere) {
                throw alreadySaysWhere;
            } catch (IOException e) {
                throw new CheckpointException(source, "cannot be read: " + e, e);
            }
        }

        private Header header() throws IOException {
            long size = next(8).getLong();
            long most = MAX_HEADER_BYTES;
            if (length != UNKNOWN_LENGTH) most = Math.min(most, length - position);
            if (size < 2 || size > most) {
                throw wrong("header length " + Long.toUnsignedString(size) + " at byte 0; expected 2 to " + most
                        + " (truncated, or another file, such as a pointer of Git LFS?)");
            }
            Header header = header(next((int) size).array());
            long end = position + header.dataBytes();
            if (length != UNKNOWN_LENGTH && end != length) {
                throw wrong("the tensors end at byte " + end + ", the file at " + length
                        + (end > length ? " (truncated?)" : ""));
            }
            return header;
        }

        /** Fails before an OutOfMemoryError. The limit is a quarter of the heap: bytes and values are held together. */
        private void requireHeap(Header header) throws CheckpointException {
            long needed = 0;
            for (Entry entry : header.entries()) {
                needed += (long) entry.shape().size() * (entry.dtype().isFloat() ? Float.BYTES : Long.BYTES);
            }
            long heap = Runtime.getRuntime().maxMemory();
            if (needed > heap / 4) {
                throw wrong("the values take " + needed + " bytes, more than a quarter of the heap of " + heap);
            }
        }

        private SafeTensor tensor(Entry entry) throws IOException {
            DType dtype = entry.dtype();
            ByteBuffer bytes = next((int) (entry.end() - entry.begin()));
            int size = entry.shape().size();
            if (dtype.isFloat()) {
                float[] values = new float[size];
                dtype.decode(bytes, values);
                return SafeTensor.of(dtype, entry.shape(), values);
            }
            long[] values = new long[size];
            dtype.decode(bytes, values);
            try {
                return SafeTensor.ofIntegers(dtype, entry.shape(), values);
            } catch (IllegalArgumentException noBoolean) {
                throw new CheckpointException(source, "tensor " + entry.name() + ": " + noBoolean.getMessage(),
                        noBoolean);
            }
        }

        private ByteBuffer next(int count) throws IOException {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw wrong(
                        "ends at byte " + (position + bytes.length) + "; expected " + (position + count) + " or more");
            }
            position += count;
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        private Header header(byte[] json) throws CheckpointException {
            if (json[0] != '{') throw wrong("byte 8: expected '{', the start of the header");
            Map<String, Object> header = Json.parseObject(json, source + ", header");
            if (header.size() > MAX_TENSORS) {
                throw wrong(header.size() + " tensors; at most " + MAX_TENSORS + " are read");
            }
            List<Entry> entries = new ArrayList<>();
            Map<String, String> metadata = Map.of();
            for (Map.Entry<String, Object> field : header.entrySet()) {
                if (field.getKey().equals(METADATA)) metadata = metadata(field.getValue());
                else entries.add(entry(field.getKey(), field.getValue()));
            }
            entries.sort((a, b) -> a.begin != b.begin ? Long.compare(a.begin, b.begin) : Long.compare(a.end, b.end));
            return new Header(entries, metadata, requireCover(entries));
        }

        private Map<String, String> metadata(Object value) throws CheckpointException {
            if (!(value instanceof Map<?, ?> map)) throw wrong(METADATA + ": expected an object");
            Map<String, String> metadata = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getValue() instanceof String text)) {
                    throw wrong(METADATA + ", " + entry.getKey() + ": expected a string");
                }
                metadata.put((String) entry.getKey(), text);
            }
            return metadata;
        }

        private Entry entry(String name, Object value) throws CheckpointException {
            if (!(value instanceof Map<?, ?> fields) || fields.size() != 3) {
                throw wrong(name, "expected an object of dtype, shape and data_offsets");
            }
            DType dtype = dtype(name, fields.get("dtype"));
            Shape shape = shape(name, integers(name, "shape", fields.get("shape")));
            List<Long> offsets = integers(name, "data_offsets", fields.get("data_offsets"));
            if (offsets.size() != 2) throw wrong(name, "data_offsets: expected two integers");
            long begin = offsets.get(0);
            long end = offsets.get(1);
            if (begin > end) throw wrong(name, "data_offsets " + offsets + " end before they begin");
            long bytes = (long) shape.size() * dtype.bytes;
            if (bytes > MAX_TENSOR_BYTES) throw wrong(name, bytes + " bytes; at most " + MAX_TENSOR_BYTES);
            if (end - begin != bytes) {
                throw wrong(name, "data_offsets " + offsets + " span " + (end - begin) + " bytes; " + dtype + shape
                        + " takes " + bytes);
            }
            return new Entry(name, dtype, shape, begin, end);
        }

        private DType dtype(String name, Object value) throws CheckpointException {
            for (DType dtype : DType.values()) {
                if (dtype.name().equals(value)) return dtype;
            }
            throw wrong(name, "dtype " + value + " is not supported; expected one of " + List.of(DType.values()));
        }

        /** Every partial product of dimensions must fit an int, even before a dimension of 0. */
        private Shape shape(String name, List<Long> dims) throws CheckpointException {
            if (dims.size() > MAX_RANK) throw wrong(name, "rank " + dims.size() + "; at most " + MAX_RANK);
            int[] sizes = new int[dims.size()];
            long product = 1;
            for (int i = 0; i < sizes.length; i++) {
                if (dims.get(i) <= Integer.MAX_VALUE) product *= dims.get(i);
                if (dims.get(i) > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
                    throw wrong(name, "shape " + dims + " has more than 2³¹ − 1 elements");
                }
                sizes[i] = dims.get(i).intValue();
            }
            return Shape.of(sizes);
        }

        /** A short list of non-negative integers. */
        private List<Long> integers(String name, String field, Object value) throws CheckpointException {
            if (!(value instanceof List<?> list)) throw wrong(name, field + ": expected a list of integers");
            List<Long> integers = new ArrayList<>();
            for (Object element : list) {
                if (!(element instanceof Long integer) || integer < 0) {
                    throw wrong(name, field + ": expected non-negative integers below 2⁶³");
                }
                integers.add(integer);
            }
            return integers;
        }

        /** Checks that each tensor begins where the previous one ends, and returns the end of the last one. */
        private long requireCover(List<Entry> entries) throws CheckpointException {
            long covered = 0;
            for (Entry entry : entries) {
                if (entry.begin() != covered) {
                    String problem = entry.begin() < covered ? "overlaps" : "leaves a gap after";
                    throw wrong(entry.name(), "begins at data byte " + entry.begin() + " and " + problem
                            + " the tensor before, which ends at " + covered);
                }
                covered = entry.end();
            }
            return covered;
        }

        private CheckpointException wrong(String name, String problem) {
            String shown = name.length() <= 200 ? name : name.substring(0, 200) + "…";
            return wrong("tensor " + shown + ": " + problem);
        }

        private CheckpointException wrong(String problem) {
            return new CheckpointException(source, problem);
        }
    }

    /**
     * The JSON header of a safetensors file.
     *
     * @param entries the tensors in the order of their bytes
     * @param metadata strings by name
     * @param dataBytes the length of the part after the header; the tensors cover each of its bytes exactly once
     */
    private record Header(List<Entry> entries, Map<String, String> metadata, long dataBytes) {}

    /** A tensor whose elements are the bytes {@code begin} to {@code end} after the header. */
    private record Entry(String name, DType dtype, Shape shape, long begin, long end) {}
}
