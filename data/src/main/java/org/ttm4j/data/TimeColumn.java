package org.ttm4j.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The times of a file. Every layout the cells may have is read side by side until a cell rules it out, so that
 * {@code 3/4/2020} is decided by any later {@code 13/4/2020}.
 */
final class TimeColumn {
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

    /** The one layout left. */
    Reading resolve() throws DataException {
        for (Reading other : readings) {
            if (!other.times.sameAs(readings.get(0).times)) {
                throw new DataException(file, firstLine, name,
                        "day and month cannot be told apart: " + DataException.quote(firstCell)
                                + " and all other times can be read both ways; write them as YYYY-MM-DD");
            }
        }
        return readings.get(0);
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
