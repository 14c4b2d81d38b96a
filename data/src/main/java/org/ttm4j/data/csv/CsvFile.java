package org.ttm4j.data.csv;

import java.util.List;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;

/**
 * The series of a CSV. Immutable, except that the arrays of the series are shared.
 *
 * @param series the series, in the order in which their ids first occur; only a known future can have none
 * @param timeColumn the name of the time column, or two names joined by {@code +}
 * @param report the repairs that reading needed
 * @param rejected one reason for each series of a file with an id column that could not be read
 */
public record CsvFile(List<TimeSeries> series, String timeColumn, RepairReport report, List<DataException> rejected) {
    /** Copies the lists. */
    public CsvFile {
        series = List.copyOf(series);
        rejected = List.copyOf(rejected);
    }
}
