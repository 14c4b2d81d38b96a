package org.ttm4j.data.grid;

import java.util.ArrayList;
import java.util.List;

/** Ids of several columns as one text: their cells between commas, with a backslash before a comma or backslash in a cell. */
final class Ids {
    private Ids() {}

    static String join(List<String> cells) {
        return String.join(",", cells.stream().map(cell -> cell.replace("\\", "\\\\").replace(",", "\\,")).toList());
    }

    static List<String> split(String id) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c == '\\' && i + 1 < id.length() ? id.charAt(++i) : c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
