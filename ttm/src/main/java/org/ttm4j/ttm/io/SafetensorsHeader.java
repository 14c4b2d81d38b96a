package org.ttm4j.ttm.io;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.engine.Shape;

/**
 * The JSON header of a safetensors file.
 *
 * @param entries the tensors in the order of their bytes
 * @param metadata strings by name
 * @param dataBytes the length of the part after the header; the tensors cover each of its bytes exactly once
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata, long dataBytes) {
    static final int MAX_BYTES = 8 << 20;
    static final String METADATA = "__metadata__";

    private static final int MAX_TENSORS = 1 << 16;
    private static final int MAX_RANK = 8;

    /** The largest size of one array. */
    private static final int MAX_TENSOR_BYTES = Integer.MAX_VALUE - 16;

    /** A tensor whose elements are the bytes {@code begin} to {@code end} after the header. */
    record Entry(String name, DType dtype, Shape shape, long begin, long end) {}

    static SafetensorsHeader parse(byte[] json, String source) throws CheckpointException {
        if (json[0] != '{') throw new CheckpointException(source, "byte 8: expected '{', the start of the header");
        Map<String, Object> header = Json.parseObject(json, source + ", header");
        if (header.size() > MAX_TENSORS) {
            throw new CheckpointException(source, header.size() + " tensors; at most " + MAX_TENSORS + " are read");
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = Map.of();
        for (Map.Entry<String, Object> field : header.entrySet()) {
            if (field.getKey().equals(METADATA)) metadata = metadata(field.getValue(), source);
            else entries.add(entry(field.getKey(), field.getValue(), source));
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return new SafetensorsHeader(entries, metadata, requireCover(entries, source));
    }

    private static Map<String, String> metadata(Object value, String source) throws CheckpointException {
        if (!(value instanceof Map<?, ?> map)) throw new CheckpointException(source, METADATA + ": expected an object");
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
                throw new CheckpointException(source, METADATA + ", " + entry.getKey() + ": expected a string");
            }
            metadata.put((String) entry.getKey(), text);
        }
        return metadata;
    }

    private static Entry entry(String name, Object value, String source) throws CheckpointException {
        if (!(value instanceof Map<?, ?> fields) || fields.size() != 3) {
            throw wrong(source, name, "expected an object of dtype, shape and data_offsets");
        }
        DType dtype = dtype(name, fields.get("dtype"), source);
        Shape shape = shape(name, integers(name, "shape", fields.get("shape"), source), source);
        List<Long> offsets = integers(name, "data_offsets", fields.get("data_offsets"), source);
        if (offsets.size() != 2) throw wrong(source, name, "data_offsets: expected two integers");
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end) throw wrong(source, name, "data_offsets " + offsets + " end before they begin");
        long bytes = (long) shape.size() * dtype.bytes;
        if (bytes > MAX_TENSOR_BYTES) throw wrong(source, name, bytes + " bytes; at most " + MAX_TENSOR_BYTES);
        if (end - begin != bytes) {
            throw wrong(source, name, "data_offsets " + offsets + " span " + (end - begin) + " bytes; " + dtype + shape
                    + " takes " + bytes);
        }
        return new Entry(name, dtype, shape, begin, end);
    }

    private static DType dtype(String name, Object value, String source) throws CheckpointException {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(value)) return dtype;
        }
        throw wrong(source, name, "dtype " + value + " is not supported; expected one of " + List.of(DType.values()));
    }

    /** Every partial product of dimensions must fit an int, even before a dimension of 0. */
    private static Shape shape(String name, List<Long> dims, String source) throws CheckpointException {
        if (dims.size() > MAX_RANK) throw wrong(source, name, "rank " + dims.size() + "; at most " + MAX_RANK);
        int[] sizes = new int[dims.size()];
        long product = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (dims.get(i) <= Integer.MAX_VALUE) product *= dims.get(i);
            if (dims.get(i) > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
                throw wrong(source, name, "shape " + dims + " has more than 2³¹ − 1 elements");
            }
            sizes[i] = dims.get(i).intValue();
        }
        return Shape.of(sizes);
    }

    /** A short list of non-negative integers. */
    private static List<Long> integers(String name, String field, Object value, String source)
            throws CheckpointException {
        if (!(value instanceof List<?> list)) throw wrong(source, name, field + ": expected a list of integers");
        List<Long> integers = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Long integer) || integer < 0) {
                throw wrong(source, name, field + ": expected non-negative integers below 2⁶³");
            }
            integers.add(integer);
        }
        return integers;
    }

    /** Checks that each tensor begins where the previous one ends, and returns the end of the last one. */
    private static long requireCover(List<Entry> entries, String source) throws CheckpointException {
        long covered = 0;
        for (Entry entry : entries) {
            if (entry.begin() != covered) {
                String problem = entry.begin() < covered ? "overlaps" : "leaves a gap after";
                throw wrong(source, entry.name(), "begins at data byte " + entry.begin() + " and " + problem
                        + " the tensor before, which ends at " + covered);
            }
            covered = entry.end();
        }
        return covered;
    }

    private static CheckpointException wrong(String source, String name, String problem) {
        String shown = name.length() <= 200 ? name : name.substring(0, 200) + "…";
        return new CheckpointException(source, "tensor " + shown + ": " + problem);
    }
}
