package org.ttm4j.data.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.Row;

/**
 * The cells of a column in which texts recur, each different one kept once.
 *
 * @param isText whether the first cells are text; otherwise they are whole numbers
 * @param texts the cells that differ, with their numbers
 * @param rows the number of the cell of each row
 */
record TextColumn(String name, int index, boolean isText, Map<String, Integer> texts, Growable.Ints rows) {
    private static final int BYTES_PER_TEXT = 100;

    TextColumn(String name, int index, boolean isText) {
        this(name, index, isText, new LinkedHashMap<>(), new Growable.Ints());
    }

    /** Adds the cell of a row, and returns the bytes that this takes. */
    long add(Row row) {
        String cell = row.cell(index);
        Integer number = texts.putIfAbsent(cell, texts.size());
        rows.add(number != null ? number : texts.size() - 1);
        return Integer.BYTES + (number != null ? 0 : BYTES_PER_TEXT + 2L * cell.length());
    }

    /** The cells that differ, by their numbers. */
    List<String> distinct() {
        return List.copyOf(texts.keySet());
    }

    /** The cell of each row. */
    List<String> cells() {
        List<String> byNumber = distinct();
        return IntStream.range(0, rows.size()).mapToObj(row -> byNumber.get(rows.get(row))).toList();
    }
}
