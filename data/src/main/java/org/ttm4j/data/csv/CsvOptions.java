package org.ttm4j.data.csv;

import java.util.List;

/**
 * Which columns of a CSV mean what. Immutable.
 *
 * @param time the time column; {@code date+hour} joins two columns, where the second holds hours or times of day; null:
 *     found by its name or its cells
 * @param targets the columns to read, in this order; empty: all numeric columns but time and id
 * @param id the column that says which series a row belongs to; null: the file is a single series
 */
public record CsvOptions(String time, List<String> targets, String id) {
    /** Copies the list. */
    public CsvOptions {
        targets = List.copyOf(targets);
    }

    /** Everything found by itself. */
    public static CsvOptions defaults() {
        return new CsvOptions(null, List.of(), null);
    }

    /** The same with a named time column, or two joined by {@code +}. */
    public CsvOptions withTime(String column) {
        return new CsvOptions(column, targets, id);
    }

    /** The same with named targets. */
    public CsvOptions withTargets(String... columns) {
        return new CsvOptions(time, List.of(columns), id);
    }

    /** The same with an id column. */
    public CsvOptions withId(String column) {
        return new CsvOptions(time, targets, column);
    }
}
