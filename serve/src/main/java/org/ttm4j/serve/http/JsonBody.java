package org.ttm4j.serve.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.ttm4j.data.series.Printable;

/**
 * Reads JSON token by token, straight into arrays of numbers. Every method that reads a value expects it as the next token
 * and names the place where it is another. For one thread.
 *
 * <pre>{@code
 * json.beginObject();
 * for (String member = json.nextMember(); member != null; member = json.nextMember()) {
 *     switch (member) {
 *         case "horizon" -> horizon = json.integer(1, 1000);
 *         default -> throw json.unknown(member, "horizon");
 *     }
 * }
 * json.end();
 * }</pre>
 *
 * @param parser that it reads from, at the beginning
 */
public record JsonBody(JsonParser parser) {
    /** The JSON pointer of the token read last. */
    public String pointer() {
        return parser.getParsingContext().pathAsPointer().toString();
    }

    /** How many objects and arrays are open. */
    public int depth() {
        return parser.getParsingContext().getNestingDepth();
    }

    public void beginObject() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) throw new Problem(Problem.Type.MALFORMED_BODY, "expected JSON, found nothing");
        if (token != JsonToken.START_OBJECT) throw expected("an object");
    }

    public void beginArray() throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) throw expected("an array");
    }

    /** The name of the next member; null at the end of the object. */
    public String nextMember() throws IOException {
        return parser.nextFieldName();
    }

    /** Reads the next value of an array. Returns false at the end of the array. */
    public boolean nextElement() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    /** Reads the next value. Returns true if it is a text. */
    public boolean nextIsText() throws IOException {
        return parser.nextToken() == JsonToken.VALUE_STRING;
    }

    /** Begins the next object of an array, in which there is one for each of these. Returns false at the end of the array. */
    public boolean nextObject(String of) throws IOException {
        if (!nextElement()) return false;
        if (parser.currentToken() == JsonToken.START_OBJECT) return true;
        throw expected("an object for each " + of);
    }

    /**
     * Skips what is left of the objects and arrays that are deeper than this. Returns the text of a member of the outermost
     * one of them if it comes on the way, else null.
     */
    public String leaveWithText(int depth, String member, int longest) throws IOException {
        String found = null;
        while (depth() > depth) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.VALUE_STRING || depth() != depth + 1) continue;
            if (member.equals(parser.currentName()) && parser.getTextLength() <= longest) found = parser.getText();
        }
        return found;
    }

    /** Expects the end of the body. */
    public void end() throws IOException {
        if (parser.nextToken() != null) {
            throw new Problem(Problem.Type.MALFORMED_BODY, "expected nothing after the JSON value");
        }
    }

    /** A text of at most so many characters. */
    public String text(int longest) throws IOException {
        parser.nextToken();
        return currentText(longest);
    }

    public String currentText(int longest) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) throw expected("a text");
        if (parser.getTextLength() > longest) throw expected("a text of at most " + longest + " characters");
        return parser.getText();
    }

    /** The text read last, or the whole number of at least 0, as an Integer. */
    public Object currentTextOrCode(int longest) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) return currentText(longest);
        if (parser.getNumberType() == JsonParser.NumberType.INT && parser.getIntValue() >= 0) {
            return parser.getIntValue();
        }
        throw expected("a text or a whole number of at least 0");
    }

    public int integer(int least, int most) throws IOException {
        if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == JsonParser.NumberType.INT
                && parser.getIntValue() >= least && parser.getIntValue() <= most) {
            return parser.getIntValue();
        }
        throw expected("a whole number from " + least + " to " + most);
    }

    public boolean truth() throws IOException {
        return truth(parser.nextToken()) > 0;
    }

    /** A number; NaN for null. */
    public double number() throws IOException {
        parser.nextToken();
        return currentNumber();
    }

    /** The number read last; NaN for null. */
    public double currentNumber() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) return Double.NaN;
        if (!token.isNumeric()) throw expected("a number or null");
        double value = parser.getDoubleValue();
        // Jackson reads the whole number -0 as 0.
        if (value == 0 && parser.getTextCharacters()[parser.getTextOffset()] == '-') return -0.0;
        if (Float.isInfinite((float) value)) throw expected("a number within the range of float32");
        return value;
    }

    /** An array of numbers and nulls, which are NaN. */
    public double[] numbers(int most) throws IOException {
        parser.nextToken();
        return currentNumbers(most);
    }

    /** The array whose beginning was read last. */
    public double[] currentNumbers(int most) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) throw expected("an array");
        parser.nextToken();
        return restOfNumbers(most);
    }

    /**
     * An array of numbers, or of arrays of numbers.
     *
     * @param rows one for an array of numbers
     * @param flat whether it is that
     */
    public record Rows(double[][] rows, boolean flat) {}

    /** An array of numbers, or of arrays of numbers; nulls are NaN. */
    public Rows rows() throws IOException {
        beginArray();
        boolean isFlat = parser.nextToken() != JsonToken.START_ARRAY;
        List<double[]> rows = new ArrayList<>();
        do {
            if (!isFlat && parser.currentToken() != JsonToken.START_ARRAY) throw expected("an array, as before it");
            if (!isFlat) parser.nextToken();
            rows.add(restOfNumbers(Integer.MAX_VALUE));
        } while (!isFlat && nextElement());
        return new Rows(rows.toArray(double[][]::new), isFlat);
    }

    /** Numbers and nulls, which are NaN, or truths, which are 0 and 1. */
    public record Flat(double[] numbers, boolean truths) {}

    /** An array of numbers and nulls, or of truths; in arrays nested in any way, which say nothing. */
    public Flat flattened() throws IOException {
        beginArray();
        DoubleStream.Builder numbers = DoubleStream.builder();
        Boolean truths = null;
        for (int outside = depth() - 1; depth() > outside;) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) continue;
            if (truths == null) truths = token.isBoolean();
            numbers.add(truths ? truth(token) : currentNumber());
        }
        return new Flat(numbers.build().toArray(), Boolean.TRUE.equals(truths));
    }

    private double truth(JsonToken token) {
        if (token == JsonToken.VALUE_TRUE) return 1;
        if (token == JsonToken.VALUE_FALSE) return 0;
        throw expected("true or false");
    }

    /** From the first element, which is read, to the end of its array. */
    private double[] restOfNumbers(int most) throws IOException {
        DoubleStream.Builder numbers = DoubleStream.builder();
        for (int count = 0; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
            if (count++ == most) throw expected("at most " + most + " numbers");
            numbers.add(currentNumber());
        }
        return numbers.build().toArray();
    }

    /** The problem of a value that is not what was expected. */
    public Problem expected(String what) {
        return new Problem(Problem.Type.INVALID_VALUE, "expected " + what, pointer());
    }

    /** The problem of a member that this object does not have. */
    public Problem unknown(String member, String known) {
        return new Problem(Problem.Type.INVALID_VALUE,
                "unknown member " + Printable.quoted(member) + ": expected " + known, pointer());
    }
}
