package org.ttm4j.eval.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;
import org.ttm4j.data.text.Dialect;

/** Writes the rows of a table in a dialect: its delimiter, its decimal mark, a line feed at the end of a row. */
public record Cells(Dialect dialect) {
    /** What a terminal obeys, or what turns the direction of writing. */
    private static final Pattern CONTROLS = Pattern.compile("(?![\\t\\n])[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]");
    private static final Pattern NUMBER = Pattern
            .compile("[-+]?([0-9]++([.,][0-9]++)?|[.,][0-9]++)([eE][-+]?[0-9]++)?");

    /** The shortest number that reads back as the same float or double, without an exponent; empty for NaN, which is missing. */
    public String number(Number value) {
        if (Double.isNaN(value.doubleValue())) return "";
        String shortest = value.toString();
        if (shortest.indexOf('E') >= 0) shortest = new BigDecimal(shortest).toPlainString();
        if (shortest.endsWith(".0")) shortest = shortest.substring(0, shortest.length() - 2);
        return dialect.decimal() == ',' ? shortest.replace('.', ',') : shortest;
    }

    /** Numbers with so many decimals; below 0 as they are. */
    public static DoubleFunction<Number> rounded(DoubleFunction<Number> numbers, int digits) {
        if (digits < 0) return numbers;
        return value -> Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue()
                : value;
    }

    /** A cell: a number, or a text as it is. */
    String text(Object cell) {
        return cell instanceof Number value ? number(value) : (String) cell;
    }

    /**
     * Writes a row; cells are quoted where they have to be. Names and ids come from other people's files: control characters
     * become {@code ?}, and an apostrophe stands before a text that a spreadsheet would take for a formula.
     */
    public void row(Appendable out, List<String> cells) throws IOException {
        exactRow(out, cells.stream().map(Cells::harmless).toList());
    }

    /** Writes a row whose texts stay as they are, for a file that this program alone reads. */
    public void exactRow(Appendable out, List<String> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) out.append(dialect.delimiter());
            String text = cells.get(i);
            out.append(isQuoted(text) ? '"' + text.replace("\"", "\"\"") + '"' : text);
        }
        out.append('\n');
    }

    private static String harmless(String text) {
        String printable = CONTROLS.matcher(text).replaceAll("?");
        boolean formula = !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0 && !NUMBER.matcher(text).matches();
        return formula ? "'" + printable : printable;
    }

    private boolean isQuoted(String text) {
        // At the beginning of a row these start a comment, and any cell may be there.
        boolean isComment = !text.isEmpty() && "#%!".indexOf(text.charAt(0)) >= 0;
        return isComment || !text.equals(text.strip())
                || text.chars().anyMatch(c -> c == dialect.delimiter() || c == '"' || c == '\n' || c == '\r');
    }
}
