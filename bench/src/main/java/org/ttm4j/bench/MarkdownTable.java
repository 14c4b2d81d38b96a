package org.ttm4j.bench;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table that also reads well in a terminal: columns are padded, all but the first to the right. */
final class MarkdownTable {
    private final List<String[]> rows = new ArrayList<>();

    MarkdownTable(String... header) {
        rows.add(header);
    }

    /** Adds a row with as many cells as the header. */
    MarkdownTable row(String... cells) {
        if (cells.length != rows.get(0).length) {
            throw new IllegalArgumentException(cells.length + " cells for " + rows.get(0).length + " columns");
        }
        rows.add(cells);
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) widths[i] = Math.max(widths[i], row[i].length());
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++)
                text.append("| ").append(padded(rows.get(r)[i], widths[i], i > 0)).append(' ');
            text.append("|\n");
            if (r > 0) continue;
            for (int i = 0; i < columns; i++) {
                text.append('|').append("-".repeat(widths[i] + 1)).append(i > 0 ? ':' : '-');
            }
            text.append("|\n");
        }
        return text.toString();
    }

    private static String padded(String cell, int width, boolean right) {
        String padding = " ".repeat(width - cell.length());
        return right ? padding + cell : cell + padding;
    }
}
