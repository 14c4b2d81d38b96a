package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;

/**
 * Distinguishes a time that is merely written twice from several series that were mistaken for one. Of the columns of text or
 * whole numbers, which could hold the ids of series, it keeps a hash of each cell, so that the error can name the id column that
 * the caller forgot.
 */
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
    /** The first columns only, which bounds the memory: id columns usually come first. */
    private static final int MOST = 8;
    private static final int LONGEST_NUMBER = 9;

    private final List<Candidate> candidates = new ArrayList<>();

    /** @param isText whether the first cells are text; otherwise they are whole numbers */
    private record Candidate(String name, int index, boolean isText, Growable.Ints hashes) {}

    /** Of rows that have nothing but times and values. */
    RepeatedTimes() {}

    RepeatedTimes(Table source, ColumnLayout layout) throws IOException {
        List<Row> rows = source.peek(ColumnLayout.PEEKED);
        for (int column = 0; column < source.header().size() && candidates.size() < MOST; column++) {
            int index = column;
            if (column == layout.id() || Arrays.stream(layout.time()).anyMatch(time -> time == index)) continue;
            List<String> cells = rows.stream()
                    .map(row -> row.cell(index))
                    .filter(cell -> !NumberParser.isMissing(cell))
                    .toList();
            boolean text = cells.stream().noneMatch(cell -> source.numbers().read(cell));
            boolean numbers = cells.stream()
                    .allMatch(cell -> cell.length() <= LONGEST_NUMBER
                            && cell.chars().allMatch(c -> c >= '0' && c <= '9'));
            if (cells.isEmpty() || !numbers && !text) continue;
            candidates.add(new Candidate(source.header().get(column), column, text, new Growable.Ints()));
        }
    }

    void add(Row row) {
        for (Candidate candidate : candidates) candidate.hashes.add(row.cell(candidate.index).hashCode());
    }

    /** The bytes that each row takes. */
    int bytes() {
        return candidates.size() * Integer.BYTES;
    }

    /**
     * Says what is wrong with the repeated times of one series, and what to do; null when the rows can be merged.
     *
     * @param source the values of the rows
     * @param rows the rows, sorted by time
     * @param times the times of these rows
     */
    String problem(Rows source, int[] rows, long[] times) {
        long repeats = 0;
        long contradictions = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] == times[i - 1]) {
                repeats++;
                contradictions += contradict(source, rows[i - 1], rows[i]) ? 1 : 0;
            }
        }
        boolean contradicting = contradictions > 1 && contradictions * CONTRADICTING >= rows.length;
        if (!contradicting && repeats * SEPARATED < Math.max(1, rows.length)) return null;
        Candidate column = separating(rows, times);
        if (!contradicting && (column == null || !column.isText)) return null;
        String found = "is repeated (" + (repeats == 1 ? "1 row repeats a time" : repeats + " rows repeat a time")
                + ")";
        if (column == null) {
            return found
                    + " with other values; name the id column, which tells the series apart (--id; where it takes two,"
                    + " join them in the file), or a second column of the time (--time date+hour)";
        }
        return found + "; column " + Printable.quoted(column.name)
                + " distinguishes the rows: name it as the id column (--id)"
                + (column.isText
                        ? ""
                        : ", or join it with the time (--time " + Printable.quoted(source.time + "+" + column.name)
                                + ")");
    }

    private static boolean contradict(Rows source, int a, int b) {
        for (int column = 0; column < source.columns(); column++) {
            double first = source.value(a, column);
            double second = source.value(b, column);
            if (first != second && !Double.isNaN(first) && !Double.isNaN(second)) return true;
        }
        return false;
    }

    /**
     * The column that differs between all rows of the same time; null when no column does. Columns of text come before
     * numbers, then the column with the fewest different values. A column whose values hardly recur, such as a remark
     * or a measurement, does not count.
     */
    private Candidate separating(int[] rows, long[] times) {
        Candidate best = null;
        int fewest = 0;
        for (Candidate candidate : candidates) {
            int distinct = distinct(candidate, rows, 0, rows.length);
            boolean better = best == null || (candidate.isText == best.isText ? distinct < fewest : candidate.isText);
            if (better && distinct * 2 <= rows.length && separates(candidate, rows, times)) {
                best = candidate;
                fewest = distinct;
            }
        }
        return best;
    }

    private static boolean separates(Candidate candidate, int[] rows, long[] times) {
        int start = 0;
        for (int i = 1; i <= times.length; i++) {
            if (i < times.length && times[i] == times[start]) continue;
            if (i - start > 1 && distinct(candidate, rows, start, i) < i - start) return false;
            start = i;
        }
        return true;
    }

    private static int distinct(Candidate candidate, int[] rows, int from, int to) {
        return (int) Arrays.stream(rows, from, to).map(candidate.hashes::get).distinct().count();
    }
}
