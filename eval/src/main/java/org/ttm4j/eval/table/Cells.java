package org.ttm4j.eval.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.ttm4j.data.csv.Dialect;

/** Writes the rows of a table in a dialect: its delimiter, its decimal mark, a line feed at the end of a row. */
public record Cells(Dialect dialect) {

    /** The shortest number that reads back as the same float, without an exponent; empty for NaN, which is missing. */
    public String number(float value) {
        if (Float.isNaN(value)) return "";
        String shortest = Float.toString(value);
        if (shortest.indexOf('E') >= 0) shortest = new BigDecimal(shortest).toPlainString();
        if (shortest.endsWith(".0")) shortest = shortest.substring(0, shortest.length() - 2);
        return dialect.decimal() == ',' ? shortest.replace('.', ',') : shortest;
    }

    /** A cell: a number, or a text as it is. */
    String text(Object cell) {
        return cell instanceof Float value ? number(value) : (String) cell;
    }

    /** Writes a row; cells are quoted where they have to be. */
    public void row(Appendable out, List<String> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) out.append(dialect.delimiter());
            String text = cells.get(i);
            out.append(isQuoted(text) ? '"' + text.replace("\"", "\"\"") + '"' : text);
        }
        out.append('\n');
    }

    private boolean isQuoted(String text) {
        return !text.equals(text.strip())
                || text.chars().anyMatch(c -> c == dialect.delimiter() || c == '"' || c == '\n' || c == '\r');
    }
}
