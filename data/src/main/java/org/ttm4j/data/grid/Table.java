package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.data.grid.RepairReport.Kind;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.text.JsonRows;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;
import org.ttm4j.data.time.TimeColumn;

/**
 * The rows of a file under its column names. The header is found by what comes after it: the first row of data is the
 * first whose key, the first column of times or else of numbers, is one. The header is the fullest row before it; lines
 * before the header and rows of units after it are left out and reported. Without such a row, the columns are called
 * {@code column 1} and so on. A table whose header has the times, or the months of its years, is turned.
 */
final class Table {
    /** The rows and columns that the structure is found from. */
    private static final int ROWS = 50;
    private static final int COLUMNS = 50;
    /** Rows of numbers above the names of the columns, as of a place. */
    private static final int MOST_OF_PLACE = 3;

    private final String file;
    private final CsvOptions options;
    private final CsvLimits limits;
    private final CsvLimits.Budget widened;
    private final RepairReport.Log log;
    final RowReader reader;
    /** The rows of a table that is turned, in the place of the reader's; null otherwise. */
    private Iterator<Row> turned;
    private final Deque<Row> ahead = new ArrayDeque<>();
    /** How the file writes the table; the decimal mark is 0 where the first rows do not show it. */
    final Dialect dialect;
    private MergedCells merged; // null until the header is found
    private long bytesAhead;
    private String[] names;
    /** The column names; a column without a name is called by its number, such as {@code column 3}. */
    final List<String> header = new ArrayList<>();

    /** @param log takes the lines that are left out */
    Table(RowReader reader, String file, CsvOptions options, CsvLimits limits, RepairReport.Log log)
            throws IOException {
        this.log = log;
        this.file = file;
        this.options = options;
        this.limits = limits;
        widened = new CsvLimits.Budget(file, limits.widened());
        this.reader = reader;
        readAhead(ROWS);
        if (options.sheet() == null && reader instanceof XlsxRows workbook) findSheet(workbook);
        findHeader();
        boolean mayMerge = turned == null && form() != CsvFile.Form.JSON_LINES;
        merged = MergedCells.of(filledRows(), mayMerge ? header.size() - 1 : 0);
        header.subList(0, merged.last.length)
                .forEach(name -> log.add(Kind.CELLS_FILLED, 1, () -> Printable.shortened(name)));
        for (int i = ahead.size(); i > 0; i--) ahead.add(completed(ahead.poll()));
        char decimal = options.dialect().decimal() != 0
                ? options.dialect().decimal()
                : NumberParser.decimal(List.copyOf(ahead), reader.dialect().delimiter(),
                        doubt -> log.add(Kind.DECIMAL_MARK_ASSUMED, 1, () -> doubt));
        dialect = reader.dialect().withDecimal(decimal);
    }

    CsvFile.Form form() {
        if (reader instanceof XlsxRows) return CsvFile.Form.WORKBOOK;
        return reader instanceof JsonRows ? CsvFile.Form.JSON_LINES : CsvFile.Form.DELIMITED;
    }

    NumberParser numbers() {
        return NumberParser.of(dialect);
    }

    /** Whether the file gives a column a name. */
    boolean isNamed(int column) {
        return names != null && !names[column].isBlank();
    }

    /** The first rows of the width of the header, at most so many, without consuming them. */
    List<Row> peek(int most) throws IOException {
        readAhead(most);
        return ahead.stream().filter(row -> row.size() >= header.size() && !row.isBlank()).limit(most).toList();
    }

    private void readAhead(int most) throws IOException {
        while (ahead.size() < most && bytesAhead < limits.rowLength()) {
            Row row = read();
            if (row == null) break;
            ahead.add(completed(row));
            bytesAhead += row.bytes();
        }
    }

    /** The next row, or null at the end. It can have another number of cells than the header. */
    Row next() throws IOException {
        Row row;
        do {
            row = ahead.isEmpty() ? completed(read()) : ahead.poll();
            // Files that were put together repeat the header.
        } while (row != null && names != null && Arrays.equals(row.cells(), names));
        return row;
    }

    private Row read() throws IOException {
        if (turned == null) return reader.read();
        return turned.hasNext() ? turned.next() : null;
    }

    /** The row as wide as the header, as those of a workbook end with their last filled cell, and with its merged cells. */
    private Row completed(Row row) throws DataException {
        if (row == null || merged == null || row.isBlank()) return row;
        Row filled = merged.filled(row);
        if (row.size() >= header.size() || !isWorkbook()) return filled;
        widened.take(header.size(), row.line());
        return filled.widened(header.size());
    }

    private List<Row> filledRows() {
        return ahead.stream().filter(row -> !row.isBlank()).toList();
    }

    private boolean isWorkbook() {
        return form() == CsvFile.Form.WORKBOOK;
    }

    /** Goes to the first sheet that has a table; stays with the first sheet when none has. */
    private void findSheet(XlsxRows workbook) throws IOException {
        while (!hasTable() && (workbook.open(workbook.index + 1) || workbook.open(0))) {
            ahead.clear();
            bytesAhead = 0;
            readAhead(ROWS);
            if (workbook.index == 0) return;
        }
        if (workbook.hasOthers()) log.add(Kind.SHEET_FOUND, 1, () -> Printable.shortened(workbook.name()));
    }

    /** Whether two of the rows have several cells, among them a number. */
    private boolean hasTable() {
        return ahead.stream()
                .filter(row -> filled(row) > 1 && Stream.of(row.cells()).anyMatch(NumberParser::isNumber))
                .count() > 1;
    }

    private void findHeader() throws IOException {
        List<Row> rows = filledRows();
        String empty = "the file is empty" + (options.dialect().skip() == 0 ? "" : " behind the lines of --skip");
        if (rows.isEmpty()) throw new DataException(file, 0, null, empty + "; expected rows of data");
        int width = usualWidth(rows);
        int key = key(rows, width);
        int data = firstOfData(rows, 0, width, key);
        // Numbers above the name of the times, as of a place, are no data.
        boolean areTimes = data < rows.size() && isTime(rows.get(data).cell(key));
        if (!areTimes && data + 1 < rows.size() && isTime(rows.get(data + 1).cell(key)) && areFormats(rows.get(data))) {
            data++;
        }
        int searched = Math.min(rows.size(), data + MOST_OF_PLACE + 1);
        // They may be wider than the table, as those of a meter.
        boolean areWider = data < rows.size() && rows.get(data).size() > width;
        for (int i = data + 1; i < searched && !areTimes; i++) {
            areTimes = isTime(rows.get(i).cell(key));
            // Loggers write dd/MM/yyyy HH:mm:ss for a name.
            boolean isNamed = isNameOfTime(rows.get(i), key)
                    || rows.get(i).cell(key).matches("[dMyY]{1,4}([-/.][dMyY]{1,4}){2}( HH:mm(:ss)?)?");
            if (areTimes || !isNamed && !areWider) continue;
            int below = firstOfData(rows, i + 1, width, key);
            if (below < rows.size() && isTime(rows.get(below).cell(key))) data = below;
        }
        if (data == rows.size()) data = 1;
        Row best = null;
        for (Row row : rows.subList(0, data)) {
            boolean fits = row.size() == width || row.size() == width - 1 || (data == 1 && rows.size() > 1)
                    || (row.size() > width && isWorkbook());
            if (fits && (best == null || isFuller(row, best, key))) best = row;
        }
        if (form() != CsvFile.Form.JSON_LINES) {
            // Below a header of its width, the first row of data is no other header.
            boolean hasHeader = best != null && data < rows.size() && best.size() >= rows.get(data).size();
            int first = Math.min(rows.size(), hasHeader ? data : data + 1);
            for (int lower = 0; lower < 2; lower++) {
                for (int i = 0; i < Math.min(first, rows.size() - lower); i++) {
                    Row times = TurnedRows
                            .withPlainYears(lower == 0 ? rows.get(i) : joined(rows.get(i), rows.get(i + 1)));
                    Row below = i + lower + 1 < rows.size() ? rows.get(i + lower + 1) : null;
                    if (!TurnedRows.isHeader(times, below)) continue;
                    turn(rows.get(i), lower, times);
                    return;
                }
            }
        }
        List<Row> used = new ArrayList<>();
        Row header = best == null ? null : withoutRepeats(best, rows.subList(0, data), key, used);
        if (used.size() > 1) log.add(Kind.NAMES_JOINED, 1, () -> "line " + used.get(0).line());
        Row last = null;
        while (last != (data == 0 ? null : rows.get(data - 1))) {
            last = ahead.poll();
            if (last.isBlank() || used.contains(last)) continue;
            String place = "line " + last.line();
            boolean units = best != null && last.line() > best.line();
            log.add(units ? Kind.ROWS_OF_UNITS : Kind.LINES_BEFORE_HEADER, 1, () -> place);
        }
        if (header == null) log.add(Kind.NAMES_MISSING, 1, null);
        name(header, width);
    }

    /**
     * The names of the columns, of two rows where those of the fullest one repeat.
     *
     * @param above the rows before the first of data
     * @param used takes the rows that the names come from
     */
    private static Row withoutRepeats(Row best, List<Row> above, int key, List<Row> used) {
        used.add(best);
        int at = above.indexOf(best);
        for (int upper = at - 1; upper <= at && areRepeated(best); upper++) {
            if (upper < 0 || upper + 1 == above.size()) continue;
            Row joined = joined(above.get(upper), above.get(upper + 1));
            if (areRepeated(joined)) continue;
            used.add(above.get(upper == at ? at + 1 : upper));
            Row name = above.stream().filter(row -> isNameOfTime(row, key)).findFirst().orElse(best);
            used.add(name);
            if (key >= 0 && key < name.size()) joined.cells()[key] = name.cell(key);
            return joined;
        }
        Row three = at < 2 ? best : joined(above.get(at - 2), joined(above.get(at - 1), best));
        if (!areRepeated(best) || areRepeated(three)) return best;
        used.addAll(above.subList(at - 2, at));
        return three;
    }

    private static boolean areRepeated(Row names) {
        List<String> filled = Stream.of(names.cells()).filter(cell -> !cell.isEmpty()).toList();
        return new HashSet<>(filled).size() < filled.size();
    }

    /** Two rows of names as one, of which the upper ones stand above several columns. */
    private static Row joined(Row upper, Row lower) {
        int width = Math.max(upper.size(), lower.size());
        String[] names = lower.widened(width).cells().clone();
        String above = "";
        for (int i = 0; i < width; i++) {
            String own = upper.cell(i);
            above = own.isEmpty() ? above : own;
            if (names[i].isEmpty()) names[i] = own;
            else if (!above.isEmpty()) names[i] = above + " " + names[i];
        }
        return new Row(names, lower.line());
    }

    /**
     * Goes on with the table turned, where its times go across the columns.
     *
     * @param upper the row of times, or the upper of two
     * @param lower the number of rows below that one which also make the times
     * @param times the times
     */
    private void turn(Row upper, int lower, Row times) throws IOException {
        for (Row row = ahead.poll(); row != upper; row = ahead.poll()) {
            String place = "line " + row.line();
            if (!row.isBlank()) log.add(Kind.LINES_BEFORE_HEADER, 1, () -> place);
        }
        for (int i = 0; i < lower; i += ahead.poll().isBlank() ? 0 : 1) continue;
        List<Row> behind = List.copyOf(ahead);
        turned = TurnedRows.of(times, behind, reader, file, limits, log);
        ahead.clear();
        bytesAhead = 0;
        Row row = turned.next();
        name(row, row.size());
        readAhead(ROWS);
    }

    private void name(Row row, int width) throws DataException {
        List<String> given = new ArrayList<>(row == null ? List.of() : List.of(row.cells()));
        // A column of row numbers often has no name; what is behind the last delimiter of each row has none either.
        if (row != null && given.size() == width - 1) given.add(endsEmpty(given, width) ? given.size() : 0, "");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < (row == null ? width : given.size()); i++) {
            boolean named = row != null && !given.get(i).isBlank();
            String name = named ? given.get(i).strip() : "column " + (i + 1);
            if (!seen.add(name) && isRead(name)) {
                throw new DataException(file, row == null ? 0 : row.line(), name,
                        "the column name occurs twice; rename one of the columns, name other columns as targets, leave out"
                                + " lines above the names (--skip), or give each of two tables a file");
            }
            // Not read, but names must differ.
            for (int copy = 2; i >= seen.size(); copy++) if (seen.add(name + " " + copy)) name += " " + copy;
            header.add(name);
        }
        names = row == null ? null : given.toArray(String[]::new);
    }

    /** Whether a column of this name can be read: the options do not name others. */
    private boolean isRead(String name) {
        Stream<String> named = Stream.of(options.time(), options.id())
                .filter(Objects::nonNull)
                .flatMap(columns -> Stream.concat(Stream.of(columns), Stream.of(columns.split("[+,]"))))
                .map(String::strip);
        return options.targets().isEmpty() || options.targets().contains(name) || options.staticColumns().contains(name)
                || options.time() == null && TimeFinder.isNameOfTime(name) || named.anyMatch(name::equals);
    }

    /**
     * Whether all rows ahead that are so wide have nothing in the last cell, and the times are below their name without a name in
     * front.
     */
    private boolean endsEmpty(List<String> given, int width) {
        int key = key(List.copyOf(ahead), width);
        boolean isBefore = key > 0 && TimeFinder.isNameOfTime(given.get(key - 1))
                && !(key < given.size() && TimeFinder.isNameOfTime(given.get(key)));
        return !isBefore
                && ahead.stream().filter(row -> row.size() == width).allMatch(row -> row.cell(width - 1).isEmpty());
    }

    /** Whether a row has more names than that before it or, as many, that of a time, which a row of units has not. */
    private static boolean isFuller(Row row, Row before, int key) {
        long more = filled(row) - filled(before);
        return more > 0 || more == 0 && isNameOfTime(row, key) && !isNameOfTime(before, key);
    }

    private static boolean isNameOfTime(Row row, int key) {
        return key >= 0 && TimeFinder.isNameOfTime(row.cell(key));
    }

    private static long filled(Row row) {
        return Arrays.stream(row.cells()).filter(cell -> !cell.isEmpty()).count();
    }

    /** The most frequent number of cells; of equally frequent ones, the largest. */
    private static int usualWidth(List<Row> rows) {
        Map<Integer, Long> counts = rows.stream().collect(Collectors.groupingBy(Row::size, Collectors.counting()));
        long most = Collections.max(counts.values());
        return counts.keySet().stream().filter(width -> counts.get(width) == most).max(Integer::compare).orElseThrow();
    }

    /** The first column that mostly holds times, else numbers; −1 without. */
    private static int key(List<Row> rows, int width) {
        int numbers = -1;
        for (int column = 0; column < Math.min(COLUMNS, width); column++) {
            int cells = 0;
            int times = 0;
            int values = 0;
            for (Row row : rows.subList(rows.size() > 1 ? 1 : 0, rows.size())) {
                if (row.size() < width || NumberParser.isMissing(row.cell(column))) continue;
                cells++;
                if (isTime(row.cell(column))) times++;
                else if (NumberParser.isNumber(row.cell(column))) values++;
            }
            if (times > 0 && times * 2 >= cells) return column;
            if (numbers < 0 && values > 0 && values * 2 >= cells) numbers = column;
        }
        return numbers;
    }

    private int firstOfData(List<Row> rows, int from, int width, int key) {
        int data = from;
        while (data < rows.size() && !isDataRow(rows.get(data), width, key)) data++;
        return data;
    }

    private boolean isDataRow(Row row, int width, int key) {
        if (key < 0 || row.size() < (isWorkbook() ? key + 1 : width)) return false;
        String cell = row.cell(key);
        if (isTime(cell) || NumberParser.isNumber(cell)) return true;
        // Total may also be the name of a column.
        if (TimeFinder.isWholeYear(cell) && Character.isDigit(cell.charAt(0))) return true;
        return NumberParser.isMissing(cell) && !cell.isEmpty()
                || cell.isEmpty() && Arrays.stream(row.cells()).anyMatch(NumberParser::isNumber);
    }

    /** Whether a row has widths and types of its columns, as 5s, 20d and 14n of the Geological Survey. */
    private static boolean areFormats(Row row) {
        return Stream.of(row.cells()).allMatch(cell -> cell.matches("\\d+[sdn]"));
    }

    static boolean isTime(String cell) {
        return TimeColumn.accepts(List.of(cell), false);
    }

    /**
     * The first columns of a table whose cells are merged over several rows, as spreadsheets show groups: only the first row of a
     * group has its name or year, and no two groups in a row have the same. Fills the other rows from above. Not thread-safe.
     */
    static final class MergedCells {
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
                            .allMatch(cell -> TurnedRows.isYear(cell)
                                    || !NumberParser.isNumber(cell) && !isTime(cell) && !NumberParser.isMissing(cell));
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
}
