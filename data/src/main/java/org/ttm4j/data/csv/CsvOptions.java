package org.ttm4j.data.csv;

import java.util.List;

/**
 * The meaning of the columns of a CSV, as far as the caller states it. Immutable.
 *
 * @param time the time column; {@code date+hour} joins two columns, of which the second holds hours or times of day;
 *     null to find the column by its name or its cells
 * @param targets the columns to read, in this order; empty for all numeric columns except time and id
 * @param id the column that names the series of a row; null when the file is a single series
 */
public record CsvOptions(String time, List<String> targets, String id) {
    /** Copies the list. */
    public CsvOptions {
        targets = List.copyOf(targets);
    }

    /** Options that find the time column and read all numeric columns as one series. */
    public static CsvOptions defaults() {
        return new CsvOptions(null, List.of(), null);
    }

    /** The same options with a named time column, or two names joined by {@code +}. */
    public CsvOptions withTime(String column) {
        return new CsvOptions(column, targets, id);
    }

    /** The same options with named targets. */
    public CsvOptions withTargets(String... columns) {
        return new CsvOptions(time, List.of(columns), id);
    }

    /** The same options with an id column. */
    public CsvOptions withId(String column) {
        return new CsvOptions(time, targets, column);
    }
}
