package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;

/**
 * The columns of a file that could hold the ids of series: those of text or whole numbers. They keep a hash of each
 * cell, so that an error about repeated times can name the id column that the caller forgot.
 */
final class IdCandidates {
    /** The first columns only, which bounds the memory: id columns usually come first. */
    private static final int MOST = 8;
    private static final int LONGEST_NUMBER = 9;

    private final List<Candidate> candidates = new ArrayList<>();

    /** None, of rows that have nothing but times and values. */
    IdCandidates() {}

    IdCandidates(Table source, ColumnLayout layout) throws IOException {
        List<Row> rows = source.peek(ColumnLayout.PEEKED);
        for (int column = 0; column < source.header().size() && candidates.size() < MOST; column++) {
            int index = column;
            if (column == layout.id() || Arrays.stream(layout.time()).anyMatch(time -> time == index)) continue;
            List<String> cells = rows.stream()
                    .map(row -> row.cell(index))
                    .filter(cell -> !NumberParser.isMissing(cell))
                    .toList();
            boolean numbers = cells.stream().allMatch(IdCandidates::isWholeNumber);
            boolean text = cells.stream().noneMatch(cell -> source.numbers().read(cell));
            if (!cells.isEmpty() && (numbers || text)) {
                candidates.add(new Candidate(source.header().get(column), column, text, new Growable.Ints()));
            }
        }
    }

    /**
     * A column.
     *
     * @param isText whether the first cells are text; otherwise they are whole numbers
     */
    record Candidate(String name, int index, boolean isText, Growable.Ints hashes) {}

    void add(Row row) {
        for (Candidate candidate : candidates) candidate.hashes.add(row.cell(candidate.index).hashCode());
    }

    /** The number of columns, each of which takes 4 bytes a row. */
    int count() {
        return candidates.size();
    }

    /**
     * The column that differs between all rows of the same time; null when no column does. Columns of text come before
     * numbers, then the column with the fewest different values. A column whose values hardly recur, such as a remark
     * or a measurement, does not count.
     *
     * @param rows the rows, sorted by time
     * @param times the times of these rows
     */
    Candidate separating(int[] rows, long[] times) {
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
            if (i == times.length || times[i] != times[start]) {
                if (i - start > 1 && distinct(candidate, rows, start, i) < i - start) return false;
                start = i;
            }
        }
        return true;
    }

    private static int distinct(Candidate candidate, int[] rows, int from, int to) {
        return (int) Arrays.stream(rows, from, to).map(candidate.hashes::get).distinct().count();
    }

    private static boolean isWholeNumber(String cell) {
        return cell.length() <= LONGEST_NUMBER && cell.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
