package org.ttm4j.ttm.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recursive-descent parser for one document; {@link Json} lists what it rejects. */
final class JsonParser {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 1 << 19;
    private static final int MAX_NUMBER_LENGTH = 400;

    private final String text;
    private final String source;
    private int at;
    private int values;

    JsonParser(String text, String source) {
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
        if (text.startsWith("NaN", at) || text.startsWith("Infinity", at)) throw error("JSON has no NaN or Infinity");
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
        return new CheckpointException(source, "line " + line + ", column " + (end - lineStart + 1) + ": " + problem);
    }

    private static String shorten(String text) {
        return '"' + (text.length() <= 80 ? text : text.substring(0, 80) + "…") + '"';
    }
}
