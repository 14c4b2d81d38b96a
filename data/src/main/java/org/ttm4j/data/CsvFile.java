package org.ttm4j.data;

import java.util.List;

/**
 * What was read from a CSV.
 *
 * @param series the series, in the order in which their ids first occur; never empty
 * @param timeColumn the time column's name (two joined by {@code +})
 * @param report what had to be repaired
 */
public record CsvFile(List<TimeSeries> series, String timeColumn, RepairReport report) {
    /** Copies the list. */
    public CsvFile {
        series = List.copyOf(series);
    }
}
