package org.ttm4j.data.grid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.Row;

/**
 * The cells of a column in which texts recur, each different one kept once.
 *
 * @param isText whether the first cells are text; otherwise they are whole numbers
 * @param texts the cells that differ, with their numbers
 * @param distinct the same by their numbers
 * @param rows the number of the cell of each row
 */
record TextColumn(String name, int index, boolean isText, Map<String, Integer> texts, List<String> distinct,
        Growable.Ints rows) {
    private static final int BYTES_PER_TEXT = 100;

    TextColumn(String name, int index, boolean isText) {
        this(name, index, isText, new HashMap<>(), new ArrayList<>(), new Growable.Ints());
    }

    /** Adds the cell of a row, and returns the bytes that this takes. */
    long add(Row row) {
        String cell = row.cell(index);
        Integer number = texts.putIfAbsent(cell, texts.size());
        rows.add(number != null ? number : distinct.size());
        if (number != null) return Integer.BYTES;
        distinct.add(cell);
        return Integer.BYTES + BYTES_PER_TEXT + 2L * cell.length();
    }

    String cell(int row) {
        return distinct.get(rows.get(row));
    }
}
