package org.ttm4j.ttm.io;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Strict JSON (RFC 8259) for small untrusted files. Values are Map (in the order of the file), List, String, Boolean,
 * Long (integers that fit), Double (all other numbers) and null. What is written may also have Integer, Float, Object[]
 * and double[], whose NaN and infinity are null, and suppliers of values.
 *
 * <p>Besides syntax errors it rejects a byte-order mark, malformed UTF-8, lone surrogates, a repeated key in one
 * object, numbers that no finite double represents, nesting deeper than 64, and more than half a million values. Memory
 * and time are proportional to the input, so callers need only limit its length.
 */
public final class Json {
    private Json() {}

    /**
     * The value of a whole document.
     *
     * @param utf8 the document's bytes
     * @param source the file's name, for messages
     * @throws CheckpointException naming the file, line and column of the first error
     */
    public static Object parse(byte[] utf8, String source) throws CheckpointException {
        return new Parser(decode(utf8, source), source).document();
    }

    /** Like {@link #parse}, for a document that must be an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> parseObject(byte[] utf8, String source) throws CheckpointException {
        Object value = parse(utf8, source);
        if (!(value instanceof Map)) throw new CheckpointException(source, "expected a JSON object");
        return (Map<String, Object>) value;
    }

    /**
     * The object in a file.
     *
     * @param mostBytes a longer file is not read
     */
    public static Map<String, Object> readObject(Path file, int mostBytes) throws CheckpointException {
        return parseObject(Bytes.read(file, mostBytes), file.toString());
    }

    /** An object of these members in their order: names and values in turns, which may be null. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return members;
    }

    /** The value, or null for NaN and infinity, which JSON does not have. */
    public static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** The document with line breaks, indented by two spaces. Throws IllegalArgumentException for what JSON lacks. */
    public static String pretty(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "\n", out);
        return out.append('\n').toString();
    }

    /** The document without white space. Throws IllegalArgumentException for values that JSON does not have. */
    public static String compact(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, null, out);
        return out.toString();
    }

    /** {@code newline} is a line break with the indentation of the enclosing value; null for the compact form. */
    private static void write(Object value, String newline, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            writeAll('{', map.entrySet(), '}', newline, out, (entry, inner) -> {
                if (!(entry.getKey() instanceof String key)) {
                    throw new IllegalArgumentException("JSON keys are strings");
                }
                writeString(key, out);
                out.append(inner == null ? ":" : ": ");
                write(entry.getValue(), inner, out);
            });
        } else if (value instanceof List<?> list) {
            writeAll('[', list, ']', newline, out, (element, inner) -> write(element, inner, out));
        } else if (value instanceof Object[] array) {
            write(Arrays.asList(array), newline, out);
        } else if (value instanceof double[] numbers) {
            write(Arrays.stream(numbers).mapToObj(Json::finite).toList(), newline, out);
        } else if (value instanceof Supplier<?> later) {
            write(later.get(), newline, out);
        } else if (value instanceof String text) {
            writeString(text, out);
        } else if (value instanceof Double || value instanceof Float) {
            if (!Double.isFinite(((Number) value).doubleValue())) {
                throw new IllegalArgumentException("JSON has no number " + value);
            }
            out.append(value);
        } else if (value == null || value instanceof Boolean || value instanceof Long || value instanceof Integer) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
        }
    }

    /** Writes the entries of an object or the elements of an array. */
    private static <T> void writeAll(char open, Collection<? extends T> elements, char close, String newline,
            StringBuilder out, BiConsumer<T, String> writer) {
        String inner = newline == null ? null : newline + "  ";
        char separator = open;
        for (T element : elements) {
            out.append(separator).append(inner == null ? "" : inner);
            writer.accept(element, inner);
            separator = ',';
        }
        if (elements.isEmpty()) out.append(open);
        else if (newline != null) out.append(newline);
        out.append(close);
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\"\\\b\f\n\r\t".indexOf(c);
            if (escape >= 0) {
                out.append('\\').append("\"\\bfnrt".charAt(escape));
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else if (Character.isSurrogate(c)) {
                int codePoint = text.codePointAt(i);
                if (codePoint == c) {
                    throw new IllegalArgumentException("a lone surrogate at index " + i + " of a string");
                }
                out.appendCodePoint(codePoint);
                i++;
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /**
     * Decodes UTF-8 strictly, because a replacement character would silently rename a key or a tensor. Throws
     * CheckpointException naming the first byte that is not UTF-8.
     */
    private static String decode(byte[] bytes, String source) throws CheckpointException {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw new CheckpointException(source, "starts with a byte-order mark; expected UTF-8 without one");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true); // reports what is malformed
        if (result.isError()) throw new CheckpointException(source, "byte " + in.position() + " is not valid UTF-8");
        return out.flip().toString();
    }

    /** A recursive-descent parser for one document. */
    private static final class Parser {
        private static final int MAX_DEPTH = 64;
        private static final int MAX_VALUES = 1 << 19;
        private static final int MAX_NUMBER_LENGTH = 400;

        private final String text;
        private final String source;
        private int at;
        private int values;

        Parser(String text, String source) {
            this.text = text;
            this.source = source;
        }

        Object document() throws CheckpointException {
            Object value = value(0);
            skipSpace();
            if (at < text.length()) throw error("expected the end of the document");
            return value;
        }

        private Object value(int depth) throws CheckpointException {
            if (depth > MAX_DEPTH) throw error("nested deeper than " + MAX_DEPTH);
            if (++values > MAX_VALUES) throw error("more than " + MAX_VALUES + " values");
            skipSpace();
            char c = peek();
            if (c == '{') return object(depth);
            if (c == '[') return array(depth);
            if (c == '"') return string();
            if (c == '-' || isDigit(c)) return number();
            if (text.startsWith("true", at)) return literal("true", true);
            if (text.startsWith("false", at)) return literal("false", false);
            if (text.startsWith("null", at)) return literal("null", null);
            if (text.startsWith("NaN", at) || text.startsWith("Infinity", at)) {
                throw error("JSON has no NaN or Infinity");
            }
            throw error("expected a value");
        }

        private Object literal(String name, Object value) {
            at += name.length();
            return value;
        }

        private Map<String, Object> object(int depth) throws CheckpointException {
            Map<String, Object> object = new LinkedHashMap<>();
            at++;
            if (skipIf('}')) return object;
            do {
                skipSpace();
                if (peek() != '"') throw error("expected a key in quotes");
                int start = at;
                String key = string();
                if (object.containsKey(key)) {
                    at = start;
                    throw error("the key " + shorten(key) + " a second time");
                }
                if (!skipIf(':')) throw error("expected ':' after the key " + shorten(key));
                object.put(key, value(depth + 1));
            } while (skipIf(','));
            if (!skipIf('}')) throw error("expected ',' or '}' in an object");
            return object;
        }

        private List<Object> array(int depth) throws CheckpointException {
            List<Object> array = new ArrayList<>();
            at++;
            if (skipIf(']')) return array;
            do {
                array.add(value(depth + 1));
            } while (skipIf(','));
            if (!skipIf(']')) throw error("expected ',' or ']' in an array");
            return array;
        }

        private String string() throws CheckpointException {
            StringBuilder out = new StringBuilder();
            at++;
            while (true) {
                char c = peek();
                if (c < ' ') throw error("a control character in a string; expected an escape");
                at++;
                if (c == '"') return out.toString();
                if (c == '\\') escape(out);
                else out.append(c);
            }
        }

        private void escape(StringBuilder out) throws CheckpointException {
            char c = peek();
            int simple = "\"\\/bfnrt".indexOf(c);
            if (simple >= 0) {
                at++;
                out.append("\"\\/\b\f\n\r\t".charAt(simple));
                return;
            }
            if (c != 'u') throw error("no such escape as \\" + c);
            char unit = hexUnit();
            if (!Character.isSurrogate(unit)) {
                out.append(unit);
                return;
            }
            if (Character.isLowSurrogate(unit) || !text.startsWith("\\u", at)) throw error("a lone surrogate escape");
            at++;
            char low = hexUnit();
            if (!Character.isLowSurrogate(low)) throw error("a lone surrogate escape");
            out.append(unit).append(low);
        }

        /** The code unit of {@code uXXXX} at the cursor. */
        private char hexUnit() throws CheckpointException {
            at++;
            int unit = 0;
            for (int i = 0; i < 4; i++, at++) {
                int digit = "0123456789abcdef".indexOf(Character.toLowerCase(peek()));
                if (digit < 0) throw error("expected four hexadecimal digits after \\u");
                unit = unit << 4 | digit;
            }
            return (char) unit;
        }

        private Number number() throws CheckpointException {
            int start = at;
            skipOptional('-');
            if (!skipOptional('0')) digits();
            boolean integer = true;
            if (skipOptional('.')) {
                integer = false;
                digits();
            }
            if (skipOptional('e') || skipOptional('E')) {
                integer = false;
                if (!skipOptional('+')) skipOptional('-');
                digits();
            }
            if (at < text.length() && isDigit(text.charAt(at))) throw error("a number with a leading zero");
            return number(start, integer);
        }

        private Number number(int start, boolean integer) throws CheckpointException {
            String literal = text.substring(start, at);
            at = start;
            if (literal.length() > MAX_NUMBER_LENGTH) throw error("a number of " + literal.length() + " characters");
            double number = Double.parseDouble(literal);
            if (!Double.isFinite(number)) throw error("the number " + shorten(literal) + " is beyond a double");
            at = start + literal.length();
            if (!integer) return number;
            try {
                return Long.parseLong(literal);
            } catch (NumberFormatException beyondLong) {
                return number;
            }
        }

        private void digits() throws CheckpointException {
            if (!isDigit(peek())) throw error("expected a digit");
            while (at < text.length() && isDigit(text.charAt(at))) at++;
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private boolean skipOptional(char c) {
            if (at >= text.length() || text.charAt(at) != c) return false;
            at++;
            return true;
        }

        private boolean skipIf(char c) {
            skipSpace();
            return skipOptional(c);
        }

        private void skipSpace() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) at++;
        }

        private char peek() throws CheckpointException {
            if (at >= text.length()) throw error("ends too early");
            return text.charAt(at);
        }

        private CheckpointException error(String problem) {
            int line = 1;
            int lineStart = 0;
            int end = Math.min(at, text.length());
            for (int i = 0; i < end; i++) {
                if (text.charAt(i) == '\n') {
                    line++;
                    lineStart = i + 1;
                }
            }
            return new CheckpointException(source,
                    "line " + line + ", column " + (end - lineStart + 1) + ": " + problem);
        }

        private static String shorten(String text) {
            return '"' + (text.length() <= 80 ? text : text.substring(0, 80) + "…") + '"';
        }
    }
}
