package org.ttm4j.data.csv;

import org.ttm4j.data.series.DataException;

/** Tells rows that say the same time twice from several series that were mistaken for one. */
final class RepeatedTimes {
    /** One row in so many that contradicts another of its time is no correction any more. */
    private static final int CONTRADICTING = 10;
    /**
     * One repeat in so many rows is enough when text tells the rows apart. Fewer may be the hour that clocks are set
     * back, once a year, with the zone's name beside it.
     */
    private static final int SEPARATED = 1000;

    private final Growable.Floats cells;
    private final int columns;
    private final IdCandidates candidates;

    /** @param cells rows × columns of values */
    RepeatedTimes(Growable.Floats cells, int columns, IdCandidates candidates) {
        this.cells = cells;
        this.columns = columns;
        this.candidates = candidates;
    }

    /**
     * What is wrong with the repeated times of one series and what to do; null if they may be merged.
     *
     * @param rows by time
     * @param times of these rows
     * @param timeName the time column
     */
    String problem(int[] rows, long[] times, String timeName) {
        long repeats = 0;
        long contradictions = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] == times[i - 1]) {
                repeats++;
                contradictions += contradict(rows[i - 1], rows[i]) ? 1 : 0;
            }
        }
        boolean contradicting = contradictions > 1 && contradictions * CONTRADICTING >= rows.length;
        if (!contradicting && repeats * SEPARATED < Math.max(1, rows.length)) return null;
        IdCandidates.Candidate column = candidates.separating(rows, times);
        if (!contradicting && (column == null || !column.isText())) return null;
        String found = "is repeated, as are " + (repeats - 1) + " others";
        if (column == null) {
            return found + ", with other values; name an id column (--id), or join two columns as in date+hour";
        }
        String name = DataException.quote(column.name());
        return found + "; column " + name + " tells the rows apart: name it as the id column (--id)" + (column.isText()
                ? ""
                : ", or join it with the time (--time " + DataException.quote(timeName + "+" + column.name()) + ")");
    }

    private boolean contradict(int a, int b) {
        for (int c = 0; c < columns; c++) {
            float first = cells.get(a * columns + c);
            float second = cells.get(b * columns + c);
            if (first != second && !Float.isNaN(first) && !Float.isNaN(second)) return true;
        }
        return false;
    }
}
