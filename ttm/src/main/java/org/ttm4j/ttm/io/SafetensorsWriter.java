package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a safetensors file in the reference library's order: widest elements first, then by name in UTF-8 order. */
final class SafetensorsWriter {
    private static final int CHUNK = 1 << 16;
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    static void write(OutputStream out, Map<String, SafeTensor> tensors, Map<String, String> metadata)
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
        if (!metadata.isEmpty()) header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
        long begin = 0;
        for (Map.Entry<String, SafeTensor> entry : ordered) {
            if (entry.getKey().equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("no tensor can be called " + SafetensorsHeader.METADATA);
            }
            SafeTensor tensor = entry.getValue();
            long end = begin + (long) tensor.shape().size() * tensor.dtype().bytes;
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("dtype", tensor.dtype().name());
            fields.put("shape", Arrays.stream(tensor.shape().toArray()).boxed().toList());
            fields.put("data_offsets", List.of(begin, end));
            header.put(entry.getKey(), fields);
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
            if (dtype.isFloat()) ElementCodec.encode(dtype, tensor.floats().values(), offset, count, chunk);
            else ElementCodec.encode(dtype, tensor.integers(), offset, count, chunk);
            out.write(chunk.array(), 0, chunk.position());
        }
    }
}
