package org.ttm4j.data.text;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * How a file writes a table. As an option of the reader, 0 and null stand for what the reader is to find. Immutable.
 *
 * @param delimiter the character between cells; a blank for any number of blanks and tabs
 * @param decimal the decimal mark, a point or a comma
 * @param comment the character that starts lines to leave out
 * @param encoding the encoding
 * @param skip lines to leave out before anything else
 */
public record Dialect(char delimiter, char decimal, char comment, Charset encoding, int skip) {
    /** The reader finds everything. */
    public static final Dialect UNKNOWN = new Dialect('\0', '\0', '\0', null, 0);

    /** Comma, decimal point, UTF-8. */
    public static final Dialect COMMA = new Dialect(',', '.', '\0', StandardCharsets.UTF_8, 0);

    /** The same with a decimal mark. */
    public Dialect withDecimal(char mark) {
        return new Dialect(delimiter, mark, comment, encoding, skip);
    }

    /**
     * Finds the delimiter and the comments of a text from its beginning. The delimiter is the one that gives rows of equal
     * length with the most numbers or times, blanks if no other gives any.
     */
    static final class Finder {
        /** The characters that are looked at. */
        static final int SAMPLE = 1 << 16;
        private static final int ROWS = 30;
        private static final int CELLS = 20;
        private static final String DELIMITERS = ",;\t| ";
        private static final String COMMENTS = "#%!";

        private final Dialect stated;
        private final Predicate<String> isTime;
        private final char comment;
        private final char delimiter;
        /** Whether the first line names the delimiter only. */
        final boolean namesDelimiter;
        /** The names of the columns, when the last comment before the data has them; otherwise null. */
        final String[] header;

        /**
         * @param whole whether the sample is the whole text
         * @param isTime whether a cell is a time
         */
        Finder(String sample, boolean whole, Dialect stated, Predicate<String> isTime) {
            this.stated = stated;
            this.isTime = isTime;
            // Excel writes a first line such as "sep=;".
            namesDelimiter = sample.matches("(?s)\"?sep=[" + DELIMITERS + "]\"?\\R.*");
            String text = namesDelimiter ? sample.substring(sample.indexOf('\n') + 1) : sample;
            char found = stated.comment() != 0 ? stated.comment() : comment(text);
            comment = found == stated.delimiter() ? 0 : found;
            if (stated.delimiter() != 0) delimiter = stated.delimiter();
            else delimiter = namesDelimiter ? sample.charAt(sample.indexOf('=') + 1) : delimiter(text, whole);
            header = comment == 0 ? null : headerInComment(text, whole);
        }

        Dialect dialect(Charset encoding) {
            return new Dialect(delimiter, stated.decimal(), comment, encoding, stated.skip());
        }

        /** The character that starts the first line, when it starts no more than half of the lines. */
        private static char comment(String text) {
            String start = text.stripLeading();
            if (start.isEmpty() || COMMENTS.indexOf(start.charAt(0)) < 0) {
                return text.contains("\n#") ? minority(text, '#') : 0;
            }
            return minority(text, start.charAt(0));
        }

        private static char minority(String text, char c) {
            long commented = text.lines().filter(line -> !line.isEmpty() && line.charAt(0) == c).count();
            long lines = text.lines().filter(line -> !line.isBlank()).count();
            return commented * 2 <= lines ? c : 0;
        }

        private char delimiter(String text, boolean whole) {
            char best = ',';
            double most = 0;
            boolean isHeaderWhole = false; // with commas
            for (char candidate : DELIMITERS.toCharArray()) {
                if (text.indexOf(candidate) < 0) continue;
                List<String[]> rows = records(text, whole, candidate);
                isHeaderWhole |= candidate == ',' && !rows.isEmpty() && rows.get(0).length == 1;
                if (candidate == ',' && isHeaderWhole && othersSplit(text, whole)) continue;
                // Blanks also stand within times, names and numbers, but split all rows alike where commas are decimal marks.
                boolean isSure = best == ',' && isHeaderWhole
                        && rows.stream().mapToInt(row -> row.length).distinct().count() == 1;
                if (candidate == ' ' && most > 0 && !isSure) continue;
                double score = score(rows);
                if (score > most) {
                    most = score;
                    best = candidate;
                }
            }
            return best;
        }

        /** Whether another delimiter splits most rows alike, with cells behind the last one: the commas are decimal marks. */
        private boolean othersSplit(String text, boolean whole) {
            return Stream.of(';', '\t', '|').anyMatch(other -> {
                List<String[]> rows = records(text, whole, other);
                int width = rows.stream().mapToInt(row -> row.length).max().orElse(0);
                List<String[]> full = rows.stream().filter(row -> row.length == width).toList();
                return width > 1 && full.size() * 2 > rows.size()
                        && full.stream().anyMatch(row -> !row[width - 1].isBlank());
            });
        }

        /** The share of rows of the usual length, of those with the most numbers and times. */
        private double score(List<String[]> rows) {
            Map<Integer, Integer> counts = new TreeMap<>();
            for (String[] row : rows) counts.merge(row.length, 1, Integer::sum);
            int width = 1;
            for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
                boolean more = count.getValue() >= counts.getOrDefault(width, 0);
                if (count.getKey() > 1 && (width == 1 || more)) width = count.getKey();
            }
            if (width == 1) return 0;
            // A column of its own with decimal commas: the header has none.
            if (rows.get(0).length == 1 && width == 2 && counts.size() == 2 && rows.size() == counts.get(2) + 1
                    && !rows.get(0)[0].contains(" ")) {
                return 0;
            }
            int cells = 0;
            int typed = 0;
            for (String[] row : rows) {
                for (int i = 0; i < Math.min(CELLS, row.length) && row.length == width; i++) {
                    if (NumberParser.isMissing(row[i])) continue;
                    cells++;
                    typed += DecoratedNumber.of(row[i]) != null || isTime.test(row[i]) ? 1 : 0;
                }
            }
            return (double) counts.get(width) / rows.size() * (0.1 + (double) typed / Math.max(1, cells));
        }

        private List<String[]> records(String text, boolean whole, char candidate) {
            List<String[]> rows = new ArrayList<>();
            Dialect dialect = new Dialect(candidate, '\0', comment, null, 0);
            try (CSVParser parser = CSVParser.builder()
                    .setReader(CsvRows.cells(new StringReader(text), dialect))
                    .setFormat(CsvRows.format(dialect).builder().setLenientEof(true).setTrailingData(true).get())
                    .get()) {
                for (CSVRecord record : parser) {
                    rows.add(record.values());
                    if (rows.size() > ROWS) break;
                }
            } catch (IOException | UncheckedIOException e) {
                return rows;
            }
            if (!whole && rows.size() > 1 && rows.size() <= ROWS) rows.remove(rows.size() - 1);
            return rows;
        }

        private String[] headerInComment(String text, boolean whole) {
            String last = null;
            for (String line : text.lines().toList()) {
                if (!line.isEmpty() && line.charAt(0) == comment) last = line.substring(1).strip();
                else if (!line.isBlank()) break;
            }
            List<String[]> rows = records(text, whole, delimiter);
            if (last == null || rows.isEmpty()) return null;
            List<String[]> names = records(last, true, delimiter);
            if (names.size() != 1 || names.get(0).length != rows.get(0).length || names.get(0).length == 1) return null;
            // Texts may stand among the data, as of a host or a range of times, where no name is a number or a time.
            boolean areNames = isData(rows.get(0))
                    ? !isData(names.get(0))
                    : Stream.of(names.get(0)).noneMatch(this::isData) && rows.size() > 1
                            && isLike(rows.get(0), rows.get(1));
            return areNames ? names.get(0) : null;
        }

        /** Whether all cells are numbers or times. */
        private boolean isData(String[] cells) {
            return Stream.of(cells).allMatch(cell -> isData(cell) || NumberParser.isMissing(cell));
        }

        /** Whether a row has data, among them wherever the next one has. */
        private boolean isLike(String[] cells, String[] next) {
            return Stream.of(cells).anyMatch(this::isData) && IntStream.range(0, Math.min(cells.length, next.length))
                    .allMatch(i -> isData(cells[i]) || NumberParser.isMissing(cells[i]) || !isData(next[i]));
        }

        private boolean isData(String cell) {
            return NumberParser.isNumber(cell) || isTime.test(cell);
        }
    }
}
