package org.ttm4j.data.time;

import java.time.ZoneId;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.Growable;

/** Reads the times of one column in one way of writing them. Not thread-safe. */
abstract class TimeReader {
    /** The pattern, as of a {@link TimeFormat}, without the decimals of a number. */
    String pattern;
    /** The time of the cell last read, in milliseconds since 1970-01-01 00:00. */
    long millis;
    /** The times of a column that were kept. */
    final Growable.Longs times = new Growable.Longs();

    TimeReader(String pattern) {
        this.pattern = pattern;
    }

    /** Whether times are plain numbers. */
    abstract boolean isNumber();

    /** Reads a cell. False when it is not a time of the pattern, or is written differently from the cells before it. */
    abstract boolean read(String cell);

    /**
     * The format in which the cells that were kept are written.
     *
     * @param expected that of the history which they continue; null without
     * @param stated the zone in which the caller wants times; null without
     */
    abstract TimeFormat format(TimeFormat expected, ZoneId stated);
}
