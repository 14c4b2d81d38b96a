package org.ttm4j.data.text;

import java.util.Arrays;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;

/**
 * A row of a table.
 *
 * @param cells the texts
 * @param line the line on which it ends, or the number of the row
 */
public record Row(String[] cells, long line) {
    /** The bytes of memory that a cell takes beside its text. */
    private static final int BYTES_PER_CELL = 56;

    /** Like that of arrays. The one of records is made at run time, which costs a start of the program some milliseconds. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** The text of a cell; empty beyond the last. */
    public String cell(int column) {
        return column < cells.length ? cells[column] : "";
    }

    public int size() {
        return cells.length;
    }

    public boolean isBlank() {
        for (String cell : cells) if (!cell.isEmpty()) return false;
        return true;
    }

    /** The memory that the row takes. */
    public long bytes() {
        long bytes = (long) cells.length * BYTES_PER_CELL;
        for (String cell : cells) bytes += 2L * cell.length();
        return bytes;
    }

    /** The row with empty cells behind it, as many as make up the width. */
    public Row widened(int width) {
        if (cells.length >= width) return this;
        String[] more = Arrays.copyOf(cells, width);
        Arrays.fill(more, cells.length, width, "");
        return new Row(more, line);
    }

    /** The row with so many cells, when those beyond are empty; otherwise an error. */
    public Row ofWidth(int width, String file) throws DataException {
        if (cells.length == width) return this;
        boolean fits = cells.length > width && Arrays.stream(cells, width, cells.length).allMatch(String::isEmpty);
        if (fits) return new Row(Arrays.copyOf(cells, width), line);
        String first = cell(0).isEmpty() ? "" : ", of which the first is " + Printable.quoted(cell(0));
        throw new DataException(file, line, null, "expected " + width + " cells as in the header, found " + cells.length
                + first + "; take the line away, or, if the table begins there, those above it (--skip)");
    }
}
