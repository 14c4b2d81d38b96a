package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private static Object parse(String json) throws CheckpointException {
        return Json.parse(json.getBytes(StandardCharsets.UTF_8), "some.json");
    }

    private static String error(byte[] json) {
        return assertThrows(CheckpointException.class, () -> Json.parse(json, "some.json")).getMessage();
    }

    private static String error(String json) {
        return error(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void valuesKeepTheirKind() throws Exception {
        assertEquals(
                Arrays.asList(1L, -2L, 0L, 9007199254740993L, Long.MIN_VALUE, 1.0, 1e-5, -2.5e3,
                        9.223372036854775808e18, true, false, null, "", List.of(), Map.of()),
                parse(" [1, -2, -0, 9007199254740993, -9223372036854775808, 1.0, 1e-05, -2.5E+3, 9223372036854775808,"
                        + "\ttrue,\r\nfalse, null, \"\", [ ], { } ] "));
        assertEquals(List.of("b", "a", "c"), List.copyOf(((Map<?, ?>) parse("{\"b\":1,\"a\":2,\"c\":3}")).keySet()));
        assertEquals("\"\\/\b\f\n\r\té€😀 é", parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00 é\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
            "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
            "\"\\u12g4\"", "\"\t\"", "\"\n\"", "\"\u0000\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
            "\"\\ud800x\"", "tru", "True", "nul", "NaN", "Infinity", "-Infinity", "-", "+1", "01", "-01", ".5", "1.",
            "1.e5", "1e", "1e+", "0x10", "1e400", "-1e999999", "1 1", "[]]", "{}{}", "truefalse", "/**/1", "\u00a01",
            "٣"})
    void whatIsNotJsonIsRefused(String json) {
        String message = error(json);
        assertTrue(message.startsWith("some.json: line "), message);
    }

    @Test
    void errorsNameLineAndColumn() {
        assertEquals("some.json: line 3, column 8: expected a value", error("{\n \"a\": 1,\n \"bb\": x}"));
        assertEquals("some.json: line 1, column 15: the key \"a\" a second time",
                error("{\"a\":1, \"b\":2,\"\\u0061\":3}"));
    }

    @Test
    void malformedUtf8IsRefused() {
        byte[][] sequences = {{(byte) 0x80}, {(byte) 0xC0, (byte) 0xAF}, {(byte) 0xE2, (byte) 0x82},
                {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xF8, 0, 0, 0, 0}, {(byte) 0xFF},
                {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}};
        for (byte[] sequence : sequences) {
            byte[] json = new byte[sequence.length + 2];
            json[0] = '"';
            System.arraycopy(sequence, 0, json, 1, sequence.length);
            json[json.length - 1] = '"';
            assertEquals("some.json: byte 1 is not valid UTF-8", error(json), Arrays.toString(sequence));
        }
        assertTrue(error("\ufeff{}").contains("byte-order mark"));
        assertTrue(error(new byte[]{'"', (byte) 0xE2, (byte) 0x82}).contains("byte 1 is not valid UTF-8"));
        assertTrue(error("{}".getBytes(StandardCharsets.UTF_16LE)).startsWith("some.json: "));
    }

    @Test
    void depthAndSizeAreBounded() throws Exception {
        parse("[".repeat(65) + "]".repeat(65));
        assertTrue(error("[".repeat(66) + "]".repeat(66)).contains("nested deeper than 64"));
        assertTrue(error("[".repeat(100_000)).contains("nested deeper than 64"));
        assertTrue(error("{\"a\":".repeat(100_000)).contains("nested deeper than 64"));
        assertTrue(error("[" + "[],".repeat(600_000) + "1]").contains("values"));
        assertTrue(error("9".repeat(1000)).contains("1000 characters"));
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text \"\\\b\f\n\r\t\u0001\u001f\u007f é € 😀 \u2028", null);
        value.put("numbers",
                List.of(0L, Long.MIN_VALUE, Long.MAX_VALUE, 1e-5, -0.0, Double.MIN_VALUE, Double.MAX_VALUE));
        value.put("empty", List.of(Map.of(), List.of(), ""));
        value.put("nested", Map.of("a", List.of(true, false)));
        assertEquals(value, parse(Json.compact(value)));
        assertEquals(value, parse(Json.pretty(value)));
        assertEquals("{\n  \"a\": [\n    1,\n    {}\n  ]\n}\n", Json.pretty(Map.of("a", List.of(1, Map.of()))));
        assertEquals("{\"a\":[1,{}]}", Json.compact(Map.of("a", List.of(1, Map.of()))));
    }

    @Test
    void whatJsonCannotHoldIsNotWritten() {
        for (Object value : new Object[]{Double.NaN, Float.NEGATIVE_INFINITY, "\ud800", "\udc00a", 'c', new int[1],
                Map.of(1, 2)}) {
            assertThrows(IllegalArgumentException.class, () -> Json.compact(value));
        }
    }

    @Test
    void randomDamageNeverEscapesTheTypedError() {
        long seed = 7;
        Random random = new Random(seed);
        byte[] valid = "{\"a\":[1,-2.5e3,{\"b\":\"x\\u00e9\\n\"}],\"c\":null,\"d\":[true,false],\"é\":\"😀\"}"
                .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(valid, random.nextInt(4) == 0 ? random.nextInt(valid.length) : valid.length);
            for (int k = random.nextInt(4); k >= 0 && damaged.length > 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                Object value = Json.parse(damaged, "some.json");
                assertEquals(value, Json.parse(Json.compact(value).getBytes(StandardCharsets.UTF_8), "again"));
            } catch (CheckpointException expected) {
                assertTrue(expected.getMessage().startsWith("some.json: "), "seed " + seed + ": " + expected);
            }
        }
    }

    @Test
    void aDocumentThatMustBeAnObjectIsOne() throws Exception {
        assertEquals(Map.of(), Json.parseObject(new byte[]{'{', '}'}, "some.json"));
        assertThrows(CheckpointException.class, () -> Json.parseObject(new byte[]{'[', ']'}, "some.json"));
        assertArrayEquals(new Object[0], ((List<?>) parse("[]")).toArray());
    }
}
