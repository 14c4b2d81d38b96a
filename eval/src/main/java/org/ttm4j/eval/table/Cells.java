package org.ttm4j.eval.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.ttm.io.Json;

/**
 * Writes the rows of a table with the delimiter and the decimal mark of a dialect, or as JSON lines. Rows end with a line feed.
 */
public record Cells(Dialect dialect) {
    /** Control characters of terminals, and characters that change the writing direction. */
    private static final Pattern CONTROLS = Pattern.compile("(?![\\t\\n])[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]");
    private static final Pattern NUMBER = Pattern
            .compile("[-+]?([0-9]++([.,][0-9]++)?|[.,][0-9]++)([eE][-+]?[0-9]++)?");

    /** The shortest decimal that is read as the same float or double, without an exponent; empty for NaN (missing). */
    public String number(Number value) {
        if (Double.isNaN(value.doubleValue())) return "";
        String shortest = value.toString();
        if (shortest.indexOf('E') >= 0) shortest = new BigDecimal(shortest).toPlainString();
        if (shortest.endsWith(".0")) shortest = shortest.substring(0, shortest.length() - 2);
        return dialect.decimal() == ',' ? shortest.replace('.', ',') : shortest;
    }

    /** The numbers of a channel rounded half to even to {@code digits} decimals; unchanged if that is negative. */
    public static DoubleFunction<Number> rounded(TimeSeries series, int channel, int digits) {
        if (digits < 0) return series.numbers(channel);
        return value -> Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue()
                : value;
    }

    /**
     * Writes a row of texts and numbers and quotes cells if necessary. Names and ids come from untrusted files: control
     * characters are replaced by {@code ?}, and a text that a spreadsheet would interpret as a formula gets an apostrophe
     * before it.
     */
    public void row(Appendable out, List<?> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) out.append(dialect.delimiter());
            String text = harmless(cells.get(i) instanceof Number number ? number(number) : (String) cells.get(i));
            out.append(isQuoted(text) ? '"' + text.replace("\"", "\"\"") + '"' : text);
        }
        out.append('\n');
    }

    /**
     * Writes a row as an object of JSON lines; a number that is missing or infinite and an empty cell are null.
     *
     * @param texts the columns that are texts, as in the input, with numbers as in the dialect; others are numbers if possible
     */
    public void object(Appendable out, List<String> names, Set<String> texts, List<?> row) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            String name = names.get(i);
            out.append(i == 0 ? "{" : ", ").append(Json.compact(name)).append(": ");
            out.append(json(row.get(i), texts.contains(name)));
        }
        out.append("}\n");
    }

    private String json(Object cell, boolean text) {
        if (cell instanceof Number value) {
            if (!Double.isFinite(value.doubleValue())) return "null";
            return text ? Json.compact(number(value)) : new Cells(Dialect.COMMA).number(value);
        }
        String written = (String) cell;
        if (written.isEmpty()) return "null";
        return !text && written.matches("-?(0|[1-9]\\d*)(\\.\\d+)?") ? written : Json.compact(written);
    }

    private static String harmless(String text) {
        String printable = CONTROLS.matcher(text).replaceAll("?");
        boolean formula = !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0 && !NUMBER.matcher(text).matches();
        return formula ? "'" + printable : printable;
    }

    private boolean isQuoted(String text) {
        // These characters start a comment at the beginning of a row, where any cell may be.
        boolean isComment = !text.isEmpty() && "#%!".indexOf(text.charAt(0)) >= 0;
        return isComment || !text.equals(text.strip())
                || text.chars().anyMatch(c -> c == dialect.delimiter() || c == '"' || c == '\n' || c == '\r');
    }
}
