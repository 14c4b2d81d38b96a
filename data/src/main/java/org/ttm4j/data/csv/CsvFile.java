package org.ttm4j.data.csv;

import java.util.List;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;

/**
 * The series of a file. Immutable, except that the arrays of the series are shared.
 *
 * @param series the series, in the order in which their ids first occur; only a known future can have none
 * @param layout the form of the file, which an answer can take up
 * @param report the repairs that reading needed
 * @param rejected one reason for each series of a file with an id column that could not be read
 */
public record CsvFile(List<TimeSeries> series, Layout layout, RepairReport report, List<DataException> rejected) {
    /** Copies the lists. */
    public CsvFile {
        series = List.copyOf(series);
        rejected = List.copyOf(rejected);
    }

    /** The same file with other series. */
    public CsvFile withSeries(List<TimeSeries> others) {
        return new CsvFile(others, layout, report, rejected);
    }

    /**
     * The form of a file.
     *
     * @param time the name of the time column, or two names joined by {@code +}
     * @param id the name of the id column; null without
     * @param columns the names of all columns, in their order
     * @param dialect how the table is written
     */
    public record Layout(String time, String id, List<String> columns, Dialect dialect) {
        /** Copies the list. */
        public Layout {
            columns = List.copyOf(columns);
        }
    }
}
