package org.ttm4j.data.csv;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeFormat;

/**
 * The times of a file. Every layout the cells may have is read side by side until a cell rules it out, so that
 * {@code 3/4/2020} is decided by any later {@code 13/4/2020}.
 */
final class TimeColumn {
    /** So many digits that are dates and times of day, one after the other, are no epochs: those leave every range. */
    private static final int SETTLED = 3;

    private final String file;
    private final String name;
    private final List<Reading> readings = new ArrayList<>();
    private String firstCell;
    private long firstLine;

    TimeColumn(String file, String name) {
        this.file = file;
        this.name = name;
        for (TimeParser.Layout layout : TimeParser.Layout.values()) {
            readings.add(new Reading(new TimeParser(layout), new Growable.Longs()));
        }
    }

    /** Whether all these cells can be times of one layout; numbers count only if allowed. */
    static boolean accepts(List<String> cells, boolean numbersAllowed) {
        for (TimeParser.Layout layout : TimeParser.Layout.values()) {
            TimeParser parser = new TimeParser(layout);
            if ((numbersAllowed || !layout.isNumber()) && cells.stream().allMatch(parser::read)) {
                return !cells.isEmpty();
            }
        }
        return false;
    }

    void add(String cell, long line) throws DataException {
        if (NumberParser.isMissing(cell)) {
            throw new DataException(file, line, name, "expected a time, found a missing cell");
        }
        boolean read = false;
        for (int i = readings.size() - 1; i >= 0; i--) {
            Reading reading = readings.get(i);
            if (reading.parser.read(cell)) {
                reading.times.add(reading.parser.millis());
                read = true;
                if (reading.parser.layout().isCompactTime() && reading.times.size() == SETTLED) {
                    readings.removeIf(other -> other.parser.layout().isEpoch());
                }
            } else if (readings.size() > 1) {
                readings.remove(i);
            }
        }
        if (!read) {
            String expected = firstCell == null
                    ? "expected a time such as 2024-01-31, 2024-01-31 13:00, 31.1.2024 or 1706706000"
                    : "expected a time written as " + DataException.quote(firstCell) + " in line " + firstLine;
            throw new DataException(file, line, name, expected + ", found " + DataException.quote(cell));
        }
        if (firstCell == null) {
            firstCell = cell;
            firstLine = line;
        }
    }

    /** The number of layouts not yet ruled out. */
    int readings() {
        return readings.size();
    }

    /**
     * The one layout left; of digits that are a date and an epoch, the date.
     *
     * @param expected the format of the times that these continue, which decides where several layouts are left; or null
     */
    Reading resolve(TimeFormat expected) throws DataException {
        for (Reading reading : readings) {
            if (expected != null && reading.parser.layout() == TimeParser.Layout.of(expected)) {
                return checked(reading, expected);
            }
        }
        for (Reading other : readings) {
            if (!other.parser.layout().isNumber() && !other.times.sameAs(readings.get(0).times)) {
                throw new DataException(file, firstLine, name,
                        "day and month cannot be told apart: " + DataException.quote(firstCell)
                                + " and all other times can be read both ways; write them as YYYY-MM-DD");
            }
        }
        return checked(readings.get(0), expected);
    }

    private Reading checked(Reading reading, TimeFormat expected) throws DataException {
        if (expected != null && !expected.isComparable(reading.format())) {
            throw new DataException(file, firstLine, name,
                    "expected a time " + (expected.hasOffset() ? "with" : "without")
                            + " an offset from UTC as in the history, found " + DataException.quote(firstCell));
        }
        return reading;
    }

    /** A column read in one layout. */
    static final class Reading {
        private final TimeParser parser;
        private final Growable.Longs times;

        private Reading(TimeParser parser, Growable.Longs times) {
            this.parser = parser;
            this.times = times;
        }

        Growable.Longs times() {
            return times;
        }

        TimeFormat format() {
            return parser.format();
        }
    }
}
