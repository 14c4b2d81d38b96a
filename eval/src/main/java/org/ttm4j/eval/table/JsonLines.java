package org.ttm4j.eval.table;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.ttm.io.Json;

/**
 * Writes rows as JSON lines.
 *
 * @param cells how numbers are written in columns of texts
 * @param texts the columns that are texts, as in the input; others are numbers if possible
 */
public record JsonLines(Cells cells, Set<String> texts) {
    private static final Cells POINT = new Cells(Dialect.COMMA);

    /** Writes an object; a number that is missing or infinite and an empty cell are null. */
    public void row(Appendable out, List<String> names, List<?> row) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            String name = names.get(i);
            out.append(i == 0 ? "{" : ", ").append(quoted(name)).append(": ").append(value(name, row.get(i)));
        }
        out.append("}\n");
    }

    private String value(String name, Object cell) {
        boolean text = texts.contains(name);
        if (cell instanceof Number value) {
            if (!Double.isFinite(value.doubleValue())) return "null";
            return text ? quoted(cells.number(value)) : POINT.number(value);
        }
        String written = (String) cell;
        if (written.isEmpty()) return "null";
        return !text && written.matches("-?(0|[1-9]\\d*)(\\.\\d+)?") ? written : quoted(written);
    }

    private static String quoted(String text) {
        return Json.compact(text);
    }
}
