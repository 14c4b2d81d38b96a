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
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * The rows of JSON lines: one object of texts and numbers on each line. The keys are the names of the columns. An object
 * or an array within it is a text of no meaning, so that its column is left out.
 */
public final class JsonRows implements RowReader {
    /** The lines in which each key must occur. */
    private static final int LINES_OF_KEYS = 50;

    private final String file;
    private final CsvLimits limits;
    private final BufferedReader reader;
    private final MemoryBudget widened;
    /** The places of the keys. */
    private final Map<String, Integer> keys = new LinkedHashMap<>();
    private final Set<String> texts = new HashSet<>();
    private final Deque<Row> ahead = new ArrayDeque<>();
    private long line;
    private boolean complete; // no key can be added
    private boolean headed;

    public JsonRows(InputStream in, String file, CsvLimits limits) throws IOException {
        this.file = file;
        this.limits = limits;
        widened = new MemoryBudget(file, limits.widened());
        reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        long bytes = 0;
        while (ahead.size() < LINES_OF_KEYS && bytes < limits.rowLength()) {
            Row row = readObject();
            if (row == null) break;
            ahead.add(row);
            bytes += row.bytes();
        }
        complete = true;
    }

    @Override
    public Set<String> texts() {
        return texts;
    }

    @Override
    public Row read() throws IOException {
        if (!headed) {
            headed = true;
            return new Row(keys.keySet().toArray(String[]::new), 0);
        }
        Row row = ahead.isEmpty() ? readObject() : ahead.poll();
        if (row == null) return null;
        String[] cells = Arrays.copyOf(row.cells(), keys.size());
        for (int i = row.size(); i < cells.length; i++) cells[i] = "";
        return new Row(cells, row.line());
    }

    /** The next object, with as many cells as there are keys so far. */
    private Row readObject() throws IOException {
        String text = readLine();
        while (text != null && text.isBlank()) text = readLine();
        if (text == null) return null;
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.beginObject();
            while (json.hasNext()) {
                String key = json.nextName();
                if (!keys.containsKey(key)) addKey(key);
                values.put(key, value(json, key));
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) throw new MalformedJsonException("more than one object");
        } catch (DataException e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            throw new DataException(file, line, null,
                    "expected one JSON object on the line: " + Printable.shortened(String.valueOf(e.getMessage())), e);
        }
        widened.take(keys.size(), line);
        String[] cells = new String[keys.size()];
        Arrays.fill(cells, "");
        values.forEach((key, value) -> cells[keys.get(key)] = value);
        return new Row(cells, line);
    }

    private void addKey(String key) throws DataException {
        if (complete) {
            throw new DataException(file, line, key, "the key occurs in none of the first lines");
        }
        if (keys.size() == limits.columns()) {
            throw new DataException(file, line, null, "more than " + limits.columns() + " keys");
        }
        keys.put(key, keys.size());
    }

    private String value(JsonReader json, String key) throws IOException {
        switch (json.peek()) {
            case STRING, NUMBER :
                if (json.peek() == JsonToken.STRING) texts.add(key);
                String text = json.nextString();
                if (text.length() <= limits.cellLength()) return text.strip();
                throw new DataException(file, line, key, "longer than " + limits.cellLength() + " characters");
            case BOOLEAN :
                return json.nextBoolean() ? "1" : "0";
            case NULL :
                json.nextNull();
                return "";
            default :
                texts.add(key);
                String nested = json.peek() == JsonToken.BEGIN_ARRAY ? "[…]" : "{…}";
                json.skipValue();
                return nested;
        }
    }

    private String readLine() throws IOException {
        StringBuilder text = new StringBuilder();
        int c = reader.read();
        if (c < 0) return null;
        line++;
        for (; c >= 0 && c != '\n'; c = reader.read()) {
            text.append((char) c);
            if (text.length() > limits.rowLength()) {
                throw new DataException(file, line, null,
                        "a line is longer than the " + limits.rowLength() + " characters that the memory allows");
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
