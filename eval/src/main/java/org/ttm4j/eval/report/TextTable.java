package org.ttm4j.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines of text, some of which are rows of a table: a name, which is cut where it is long, and cells. A column is as wide as
 * its widest cell. Not thread-safe.
 */
public final class TextTable {
    private record Row(String name, List<String> cells) {}

    private final int leastName;
    private final int mostName;
    private final int leastCell;
    private final List<Row> rows = new ArrayList<>();

    /** A table whose names and cells are at least, and names at most, so wide. */
    public TextTable(int leastName, int mostName, int leastCell) {
        this.leastName = leastName;
        this.mostName = mostName;
        this.leastCell = leastCell;
    }

    /** Adds a line that is no row. */
    public void line(String text) {
        rows.add(new Row(text, List.of()));
    }

    public void row(String name, List<String> cells) {
        rows.add(new Row(name.length() > mostName ? name.substring(0, mostName - 1) + "…" : name, cells));
    }

    @Override
    public String toString() {
        int name = leastName;
        int[] widths = new int[rows.stream().mapToInt(row -> row.cells.size()).max().orElse(0)];
        Arrays.fill(widths, leastCell);
        for (Row row : rows) {
            if (!row.cells.isEmpty()) name = Math.max(name, row.name.length());
            for (int i = 0; i < row.cells.size(); i++) widths[i] = Math.max(widths[i], row.cells.get(i).length());
        }
        int ofNames = name;
        return rows.stream().map(row -> text(row, ofNames, widths)).collect(Collectors.joining());
    }

    private static String text(Row row, int name, int[] widths) {
        StringBuilder line = new StringBuilder(row.name);
        if (!row.cells.isEmpty()) line.append(" ".repeat(name - row.name.length()));
        for (int i = 0; i < row.cells.size(); i++) {
            String cell = row.cells.get(i);
            line.append(" ".repeat(1 + widths[i] - cell.length())).append(cell);
        }
        return line.toString().stripTrailing() + "\n";
    }
}
