package org.ttm4j.data.grid;

import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.Growable;

/** Distinguishes a time that is merely written twice from several series that were mistaken for one. */
final class RepeatedTimes {
    /**
     * Rows that contradict another row of the same time are corrections only when they are fewer than one in so many.
     */
    private static final int CONTRADICTING = 10;
    /**
     * One repeat in so many rows is enough when a column of text distinguishes the rows. Fewer can be the hour at which
     * clocks are set back once a year, with the name of the zone beside it.
     */
    private static final int SEPARATED = 1000;

    private final Growable.Doubles cells;
    private final int columns;
    private final IdCandidates candidates;

    /** @param cells the values, rows × columns */
    RepeatedTimes(Growable.Doubles cells, int columns, IdCandidates candidates) {
        this.cells = cells;
        this.columns = columns;
        this.candidates = candidates;
    }

    /**
     * Says what is wrong with the repeated times of one series, and what to do; null when the rows can be merged.
     *
     * @param rows the rows, sorted by time
     * @param times the times of these rows
     * @param timeName the name of the time column
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
        String found = "is repeated (" + (repeats == 1 ? "1 row repeats a time" : repeats + " rows repeat a time")
                + ")";
        if (column == null) {
            return found
                    + " with other values; name the id column, which tells the series apart (--id; where it takes two,"
                    + " join them in the file), or a second column of the time (--time date+hour)";
        }
        String name = Printable.quoted(column.name());
        return found + "; column " + name + " distinguishes the rows: name it as the id column (--id)"
                + (column.isText()
                        ? ""
                        : ", or join it with the time (--time " + Printable.quoted(timeName + "+" + column.name())
                                + ")");
    }

    private boolean contradict(int a, int b) {
        for (int c = 0; c < columns; c++) {
            double first = cells.get((long) a * columns + c);
            double second = cells.get((long) b * columns + c);
            if (first != second && !Double.isNaN(first) && !Double.isNaN(second)) return true;
        }
        return false;
    }
}
