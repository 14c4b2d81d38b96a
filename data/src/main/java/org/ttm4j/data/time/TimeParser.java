package org.ttm4j.data.time;

import org.ttm4j.data.series.TimeFormat;

/** Reads the times of one column in one way of writing them. Not thread-safe. */
public interface TimeParser {
    /** The order of the parts of a time. */
    TimeLayout layout();

    /** Reads a cell. False when it is not a time in this layout, or is written differently from the cells before it. */
    boolean read(String cell);

    /** The time of the cell last read, in milliseconds since 1970-01-01 00:00. */
    long millis();

    /** The format in which the cells read so far are written. */
    TimeFormat format();
}
