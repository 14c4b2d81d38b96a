package org.ttm4j.data.grid;

import java.util.List;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.time.TimeOptions;

/**
 * The form of a file and the meaning of its columns, as far as the caller states it. Immutable.
 *
 * @param time the time column; {@code date+hour} joins two columns, of which the second holds hours or times of day;
 *     null to find the column by its name or its cells
 * @param targets the columns to read, in this order; empty for all numeric columns except time and id
 * @param id the column that names the series of a row; null when the file is a single series, or has a column
 *     {@code unique_id}
 * @param dialect how the file writes its table
 * @param times how the file writes times, and how they become a grid
 * @param keepsFillValues whether -9999 and the like, far from all others of a series, are values like these, and do not stand
 *     for missing ones
 * @param ignored columns that are not looked at; the file need not have them
 * @param sheet the sheet of a workbook; null for the first that has a table
 * @param categories columns that may hold texts instead of numbers; null for none
 * @param staticColumns columns that hold one text for a whole series, which are read beside the values
 */
public record CsvOptions(String time, List<String> targets, String id, Dialect dialect, TimeOptions times,
        boolean keepsFillValues, List<String> ignored, String sheet, Categories categories,
        List<String> staticColumns) {
    /** Copies the lists. */
    public CsvOptions {
        targets = List.copyOf(targets);
        ignored = List.copyOf(ignored);
        staticColumns = List.copyOf(staticColumns);
    }

    /** Options that find the time column and read all numeric columns as one series. */
    public static CsvOptions defaults() {
        return new CsvOptions(null, List.of(), null, Dialect.UNKNOWN, TimeOptions.UNKNOWN, false, List.of(), null, null,
                List.of());
    }

    /** The same options with a named time column, or two names joined by {@code +}. */
    public CsvOptions withTime(String column) {
        return new CsvOptions(column, targets, id, dialect, times, keepsFillValues, ignored, sheet, categories,
                staticColumns);
    }

    /** The same options with named targets. */
    public CsvOptions withTargets(List<String> columns) {
        return new CsvOptions(time, columns, id, dialect, times, keepsFillValues, ignored, sheet, categories,
                staticColumns);
    }

    /** The same options with an id column. */
    public CsvOptions withId(String column) {
        return new CsvOptions(time, targets, column, dialect, times, keepsFillValues, ignored, sheet, categories,
                staticColumns);
    }

    /** The same options with a dialect. */
    public CsvOptions withDialect(Dialect stated) {
        return new CsvOptions(time, targets, id, stated, times, keepsFillValues, ignored, sheet, categories,
                staticColumns);
    }

    /** The same options for times. */
    public CsvOptions withTimes(TimeOptions stated) {
        return new CsvOptions(time, targets, id, dialect, stated, keepsFillValues, ignored, sheet, categories,
                staticColumns);
    }

    /** The same options, with which -9999 and similar numbers are values, not missing, wherever they occur. */
    public CsvOptions keepingFillValues() {
        return new CsvOptions(time, targets, id, dialect, times, true, ignored, sheet, categories, staticColumns);
    }

    /** The same options with columns that are not looked at. */
    public CsvOptions ignoring(List<String> columns) {
        return new CsvOptions(time, targets, id, dialect, times, keepsFillValues, columns, sheet, categories,
                staticColumns);
    }

    /** The same options with columns that may hold texts; the object learns their numbers. */
    public CsvOptions withCategories(Categories of) {
        return new CsvOptions(time, targets, id, dialect, times, keepsFillValues, ignored, sheet, of, staticColumns);
    }

    /** The same options with columns of one text for each series. */
    public CsvOptions withStaticColumns(List<String> columns) {
        return new CsvOptions(time, targets, id, dialect, times, keepsFillValues, ignored, sheet, categories, columns);
    }
}
