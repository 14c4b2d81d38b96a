package org.ttm4j.data.csv;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;

/**
 * The times of a file. All layouts that the cells allow are read side by side until a cell rules them out, so that any
 * later {@code 13/4/2020} decides how {@code 3/4/2020} is read.
 */
final class TimeColumn {
    /** After this many cells that are digits of a date and a time of day, the column cannot be an epoch. */
    private static final int SETTLED = 3;

    private final String file;
    private final String name;
    private final List<Reading> readings = new ArrayList<>();
    private String firstCell;
    private long firstLine;

    TimeColumn(String file, String name) {
        this.file = file;
        this.name = name;
        for (TimeLayout layout : TimeLayout.values()) {
            readings.add(new Reading(new TimeParser(layout), new Growable.Longs()));
        }
    }

    /** Whether all cells can be times of one layout; plain numbers count only when they are allowed. */
    static boolean accepts(List<String> cells, boolean numbersAllowed) {
        for (TimeLayout layout : TimeLayout.values()) {
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
                    : "expected a time written as " + Printable.quoted(firstCell) + " in line " + firstLine;
            throw new DataException(file, line, name, expected + ", found " + Printable.quoted(cell));
        }
        if (firstCell == null) {
            firstCell = cell;
            firstLine = line;
        }
    }

    /** The number of layouts that no cell has ruled out. */
    int readings() {
        return readings.size();
    }

    /**
     * The layout that is left. Digits that can be a date or an epoch are read as a date.
     *
     * @param expected the format of the history that the file continues, which decides where several layouts are left;
     *     null when the file stands alone
     */
    Reading resolve(TimeFormat expected) throws DataException {
        for (Reading reading : readings) {
            if (expected != null && reading.parser.layout() == TimeLayout.of(expected)) {
                return checked(reading, expected);
            }
        }
        for (Reading other : readings) {
            if (!other.parser.layout().isNumber() && !other.times.sameAs(readings.get(0).times)) {
                throw new DataException(file, firstLine, name,
                        "day and month cannot be distinguished: " + Printable.quoted(firstCell)
                                + " and all other times can be read both ways; write them as YYYY-MM-DD");
            }
        }
        return checked(readings.get(0), expected);
    }

    private Reading checked(Reading reading, TimeFormat expected) throws DataException {
        if (expected != null && !expected.isComparable(reading.format())) {
            throw new DataException(file, firstLine, name,
                    "expected a time " + (expected.hasOffset() ? "with" : "without")
                            + " an offset from UTC as in the history, found " + Printable.quoted(firstCell));
        }
        return reading;
    }

    /** The column as read in one layout. */
    record Reading(TimeParser parser, Growable.Longs times) {
        TimeFormat format() {
            return parser.format();
        }
    }
}
