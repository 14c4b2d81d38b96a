package org.ttm4j.data.grid;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;

/**
 * The first columns of a table whose cells are merged over several rows, as spreadsheets show groups: only the first row of a
 * group has its name or year, and no two groups in a row have the same. Fills the other rows from above. Not thread-safe.
 */
final class MergedCells {
    private static final int FEWEST_ROWS = 3;
    /** One cell in so many is empty, at least. */
    private static final int SHARE = 3;

    private final String[] last;

    private MergedCells(int columns) {
        last = new String[columns];
        Arrays.fill(last, "");
    }

    /**
     * Finds them in the first rows.
     *
     * @param most the number of columns to look at
     */
    static MergedCells of(List<Row> rows, int most) {
        int columns = 0;
        while (columns < most && isMerged(rows, columns)) columns++;
        return new MergedCells(columns);
    }

    private static boolean isMerged(List<Row> rows, int column) {
        List<String> cells = rows.stream().map(row -> row.cell(column)).toList();
        List<String> groups = cells.stream().filter(cell -> !cell.isEmpty()).toList();
        return cells.size() >= FEWEST_ROWS && !cells.get(0).isEmpty()
                && (cells.size() - groups.size()) * SHARE >= cells.size()
                && IntStream.range(1, groups.size()).noneMatch(i -> groups.get(i).equals(groups.get(i - 1)))
                && groups.stream()
                        .allMatch(cell -> TurnedRows.isYear(cell) || !NumberParser.isNumber(cell) && !Table.isTime(cell)
                                && !NumberParser.isMissing(cell));
    }

    int columns() {
        return last.length;
    }

    /** A row that is not blank with the cells of its group. */
    Row filled(Row row) {
        if (last.length == 0) return row;
        String[] cells = row.cells().clone();
        boolean isNew = false; // a group of an outer column begins groups of the inner ones
        for (int i = 0; i < Math.min(last.length, cells.length); i++) {
            isNew |= !cells[i].isEmpty();
            if (isNew) last[i] = cells[i];
            else cells[i] = last[i];
        }
        return Arrays.equals(cells, row.cells()) ? row : new Row(cells, row.line());
    }
}
