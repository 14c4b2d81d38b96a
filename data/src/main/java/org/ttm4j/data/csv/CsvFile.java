package org.ttm4j.data.csv;

import java.util.List;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;

/**
 * What was read from a CSV.
 *
 * @param series the series, in the order in which their ids first occur; never empty unless it is a known future
 * @param timeColumn the time column's name (two joined by {@code +})
 * @param report what had to be repaired
 * @param rejected why further series of a file with an id column could not be read, one reason for each
 */
public record CsvFile(List<TimeSeries> series, String timeColumn, RepairReport report, List<DataException> rejected) {
    /** Copies the lists. */
    public CsvFile {
        series = List.copyOf(series);
        rejected = List.copyOf(rejected);
    }
}
