package org.ttm4j.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Answers as data: maps are objects, and arrays and whatever can be iterated over are arrays. A supplier is asked when its value
 * is written, so that large values exist one at a time. Stateless.
 *
 * <pre>{@code
 * exchange.sendObject(Json.object("name", "default", "ready", true, "shape", new int[]{1, 96}));
 * }</pre>
 */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private Json() {}

    /** An object of these members in their order: names and values in turns. Those without a value are left out. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    /** A value as it is written, in UTF-8; NaN is null. */
    public static byte[] bytes(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 10);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            write(out, value);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, double number) throws IOException {
        if (Double.isNaN(number)) out.writeNull();
        else out.writeNumber(number);
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> members -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    out.writeFieldName((String) member.getKey());
                    write(out, member.getValue());
                }
                out.writeEndObject();
            }
            case double[] numbers -> {
                out.writeStartArray();
                for (double number : numbers) write(out, number);
                out.writeEndArray();
            }
            case int[] numbers -> out.writeArray(numbers, 0, numbers.length);
            case Object[] values -> write(out, Arrays.asList(values));
            case Iterable<?> values -> {
                out.writeStartArray();
                for (Object each : values) write(out, each);
                out.writeEndArray();
            }
            case Supplier<?> later -> write(out, later.get());
            case Double number -> write(out, number.doubleValue());
            default -> out.writePOJO(value);
        }
    }
}
