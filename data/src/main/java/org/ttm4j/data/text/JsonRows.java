package org.ttm4j.data.text;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * The rows of JSON: objects of texts and numbers, one on each line or all in an array. The keys are the names of the columns. An
 * object or an array within them is a text of no meaning, so that its column is left out. Arrays in an array are rows, and
 * arrays of objects in an array, as of the histories of Home Assistant, go one behind the other.
 */
public final class JsonRows implements RowReader {
    /** A missing number, as Python writes it into what is otherwise JSON. */
    private static final String NAN = "NaN";
    /** The text of an array within a row. */
    private static final String ARRAY = "[…]";
    /** The rows in which each key must occur. */
    private static final int ROWS_OF_KEYS = 50;
    private static final int END = -1;
    private static final String BLANKS = " \t\r\n";
    /** The most blanks before the first row. */
    private static final int FAR = 1000;

    private final String file;
    private final CsvLimits limits;
    private final Predicate<String> isTime;
    private final BufferedReader reader;
    private final CsvLimits.Budget widened;
    /** The places of the keys. */
    private final Map<String, Integer> keys = new LinkedHashMap<>();
    private final Set<String> texts = new HashSet<>();
    private final Set<String> late = new LinkedHashSet<>();
    private final Deque<Row> ahead = new ArrayDeque<>();
    private final boolean inArray;
    private final boolean isNested; // arrays of objects in the array
    private boolean isInner; // within one of them
    private List<String> group = List.of(); // the texts of its first row
    private int next; // the character to read
    private long line = 1; // on which it stands
    private boolean complete; // no key can be added
    private boolean headed;

    /** @param isTime whether a text is a time, which rows do not share */
    public JsonRows(InputStream in, String file, CsvLimits limits, Predicate<String> isTime) throws IOException {
        this.file = file;
        this.limits = limits;
        this.isTime = isTime;
        widened = new CsvLimits.Budget(file, limits.widened());
        reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        next = reader.read();
        skip(" \t\r\n\uFEFF");
        inArray = next == '[';
        if (inArray) next();
        skip(BLANKS);
        isNested = inArray && next == '[' && holdsObjects();
        long bytes = 0;
        while (ahead.size() < ROWS_OF_KEYS && bytes < limits.rowLength()) {
            Row row = readRow();
            if (row == null) break;
            ahead.add(row);
            bytes += row.bytes();
        }
        complete = true;
        if (!inArray && next == END && ahead.size() == 1) requireNoArray(ahead.peek());
    }

    @Override
    public Set<String> texts() {
        return texts;
    }

    @Override
    public Set<String> late() {
        return late;
    }

    @Override
    public Row read() throws IOException {
        if (!headed) {
            headed = true;
            return new Row(keys.keySet().toArray(String[]::new), 0);
        }
        Row row = ahead.isEmpty() ? readRow() : ahead.poll();
        return row == null ? null : row.widened(keys.size());
    }

    /** Whether an array that begins has objects, which are rows as well. */
    private boolean holdsObjects() throws IOException {
        reader.mark(FAR);
        int first = reader.read();
        for (int i = 1; i < FAR && first != END && BLANKS.indexOf(first) >= 0; i++) first = reader.read();
        reader.reset();
        return first == '{' || first == ']';
    }

    /** Refuses the only object of a file if it has no time but an array, which may be that of the rows. */
    private void requireNoArray(Row only) throws DataException {
        if (Arrays.stream(only.cells()).anyMatch(isTime)) return;
        for (Map.Entry<String, Integer> key : keys.entrySet()) {
            if (!only.cells()[key.getValue()].equals(ARRAY)) continue;
            throw new DataException(file, only.line(), key.getKey(),
                    "expected a row, found an array in the only object "
                            + "of the file; if it holds the rows, keep it alone: [{…}, {…}]");
        }
    }

    /** The next row; an object has as many cells as there are keys so far. */
    private Row readRow() throws IOException {
        skip(inArray ? BLANKS + "," : BLANKS);
        for (; isNested && next == (isInner ? ']' : '['); skip(BLANKS + ",")) {
            isInner = !isInner;
            group = List.of();
            next();
        }
        if (inArray && next == END) throw new DataException(file, line, null, "the array of rows ends early");
        if (next == (inArray ? ']' : END)) return null;
        long place = line;
        // The objects behind the first of an inner array may lack the texts that they share with it.
        List<String> cells = new ArrayList<>(group);
        cells.addAll(Collections.nCopies(keys.size() - group.size(), ""));
        try (JsonReader json = new JsonReader(new StringReader(readElement()))) {
            boolean isArray = inArray && json.peek() == JsonToken.BEGIN_ARRAY && keys.isEmpty();
            headed |= isArray;
            if (isArray) json.beginArray();
            else json.beginObject();
            while (json.hasNext()) {
                String key = isArray ? "column " + (cells.size() + 1) : json.nextName();
                int column = isArray ? cells.size() : place(key, place);
                if (column < 0) {
                    json.skipValue();
                    continue;
                }
                if (column == cells.size()) cells.add("");
                cells.set(column, value(json, key, place));
            }
            if (isArray) json.endArray();
            else json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) throw new MalformedJsonException("more than one object");
        } catch (DataException e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            throw new DataException(file, place, null,
                    "expected one JSON object on the line: " + Printable.shortened(String.valueOf(e.getMessage())), e);
        }
        if (cells.size() > limits.columns()) {
            throw new DataException(file, place, null, "more than " + limits.columns() + " keys");
        }
        widened.take(cells.size(), place);
        if (isInner && group.isEmpty()) {
            group = cells.stream().map(cell -> NumberParser.isNumber(cell) || isTime.test(cell) ? "" : cell).toList();
        }
        return new Row(cells.toArray(String[]::new), place);
    }

    /** The index of the column of a key; −1 where the first rows do not have it. */
    private int place(String key, long place) throws DataException {
        if (keys.containsKey(key)) return keys.get(key);
        if (!complete) keys.put(key, keys.size());
        else if (late.add(Printable.shortened(key)) && late.size() > limits.columns()) {
            throw new DataException(file, place, null, "more than " + limits.columns() + " keys");
        }
        return complete ? -1 : keys.size() - 1;
    }

    private String value(JsonReader json, String key, long place) throws IOException {
        JsonToken kind = json.peek();
        if (kind == JsonToken.BOOLEAN) return json.nextBoolean() ? "1" : "0";
        if (kind == JsonToken.NULL) {
            json.nextNull();
            return "";
        }
        if (kind != JsonToken.NUMBER) texts.add(key);
        if (kind != JsonToken.NUMBER && kind != JsonToken.STRING) {
            json.skipValue();
            return kind == JsonToken.BEGIN_ARRAY ? ARRAY : "{…}";
        }
        String text = json.nextString();
        if (text.length() <= limits.cellLength()) return text.strip();
        throw new DataException(file, place, key, "longer than " + limits.cellLength() + " characters");
    }

    /** The text up to the end of an object or an array, or up to the end of the line where neither begins. */
    private String readElement() throws IOException {
        StringBuilder text = new StringBuilder();
        boolean isNested = next == '{' || next == '[';
        boolean isQuoted = false;
        int depth = 0;
        do {
            if (next == '"') isQuoted = !isQuoted;
            else if (!isQuoted && (next == '{' || next == '[')) depth++;
            else if (!isQuoted && (next == '}' || next == ']')) depth--;
            boolean isEscape = isQuoted && next == '\\';
            text.append((char) next);
            next();
            if (isEscape && next != END) {
                text.append((char) next);
                next();
            }
            int end = text.length();
            if (!isQuoted && text.charAt(end - 1) == 'N' && text.indexOf(NAN, end - NAN.length()) >= 0) {
                text.replace(end - NAN.length(), end, "null");
            }
            if (text.length() > limits.rowLength()) {
                throw new DataException(file, line, null,
                        "a line is longer than the " + limits.rowLength() + " characters that the memory allows");
            }
        } while (next != END && (isNested ? depth > 0 : next != '\n'));
        return text.toString();
    }

    private void skip(String characters) throws IOException {
        while (next != END && characters.indexOf(next) >= 0) next();
    }

    private void next() throws IOException {
        if (next == '\n') line++;
        next = reader.read();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
