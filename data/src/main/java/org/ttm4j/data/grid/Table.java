package org.ttm4j.data.grid;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.CsvRows;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.text.JsonRows;
import org.ttm4j.data.text.MemoryBudget;
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
final class Table implements Closeable {
    private static final int BUFFER = 1 << 16;
    /** The rows and columns that the structure is found from. */
    private static final int ROWS = 50;
    private static final int COLUMNS = 50;

    private final String file;
    private final CsvLimits limits;
    private final MemoryBudget widened;
    private final RowReader reader;
    /** The rows of a table that is turned, in the place of the reader's; null otherwise. */
    private Iterator<Row> turned;
    private final Deque<Row> ahead = new ArrayDeque<>();
    private final Dialect dialect;
    private long bytesAhead;
    private String[] names;
    private List<String> header;

    /** @param log takes the lines that are left out */
    Table(InputStream in, String file, Dialect stated, CsvLimits limits, RepairLog log) throws IOException {
        this.file = file;
        this.limits = limits;
        widened = new MemoryBudget(file, limits.widened());
        try {
            reader = open(new BufferedInputStream(in, BUFFER), file, stated, limits);
        } catch (ZipException | EOFException e) {
            String reason = e instanceof EOFException ? "the compressed data ends early" : e.getMessage();
            throw new DataException(file, 0, null, "cannot be read: " + reason, e);
        }
        findHeader(log);
        for (int i = ahead.size(); i > 0; i--) ahead.add(widened(ahead.poll()));
        char decimal = stated.decimal() != 0
                ? stated.decimal()
                : NumberStyle.decimal(List.copyOf(ahead), reader.dialect().delimiter(), log);
        Dialect found = reader.dialect();
        dialect = new Dialect(found.delimiter(), decimal, found.comment(), found.encoding(), found.skip());
    }

    private static RowReader open(BufferedInputStream in, String file, Dialect stated, CsvLimits limits)
            throws IOException {
        boolean zipped = startsWith(in, 0x1f, 0x8b);
        BufferedInputStream content = zipped ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in;
        // These readers and their libraries are loaded only here.
        if (startsWith(content, 'P', 'K', 3, 4)) return new XlsxRows(content, file, limits);
        if (startsWith(content, '{', '"')) return new JsonRows(content, file, limits);
        if (startsWith(content, '[', '{')) {
            throw new DataException(file, 1, null,
                    "a JSON array; expected JSON lines, an object in each line, as " + "jq -c '.[]' FILE writes them");
        }
        return new CsvRows(content, file, stated, Table::isTime, limits);
    }

    private static boolean startsWith(BufferedInputStream in, int... bytes) throws IOException {
        in.mark(bytes.length);
        boolean starts = true;
        for (int i = 0; i < bytes.length && starts; i++) starts = in.read() == bytes[i];
        in.reset();
        return starts;
    }

    /** How the file writes the table; the decimal mark is 0 where the first rows do not show it. */
    Dialect dialect() {
        return dialect;
    }

    /** What kind of file it is. */
    CsvFile.Form form() {
        if (reader instanceof XlsxRows) return CsvFile.Form.WORKBOOK;
        return reader instanceof JsonRows ? CsvFile.Form.JSON_LINES : CsvFile.Form.DELIMITED;
    }

    /** The columns of JSON lines that hold texts. */
    Set<String> texts() {
        return reader.texts();
    }

    /** A parser for the numbers of the file. */
    NumberParser numbers() {
        return new NumberParser(dialect.decimal(), NumberStyle.probable(dialect.delimiter()));
    }

    /** The column names; a column without a name is called by its number, such as {@code column 3}. */
    List<String> header() {
        return header;
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
            ahead.add(widened(row));
            bytesAhead += row.bytes();
        }
    }

    /** The next row, or null at the end. It can have another number of cells than the header. */
    Row next() throws IOException {
        Row row;
        do {
            row = ahead.isEmpty() ? widened(read()) : ahead.poll();
            // Files that were put together repeat the header.
        } while (row != null && names != null && Arrays.equals(row.cells(), names));
        return row;
    }

    private Row read() throws IOException {
        if (turned == null) return reader.read();
        return turned.hasNext() ? turned.next() : null;
    }

    /** The row as wide as the header: those of a workbook end with their last filled cell. */
    private Row widened(Row row) throws DataException {
        if (row == null || header == null || row.size() >= header.size() || !isWorkbook() || row.isBlank()) return row;
        widened.take(header.size(), row.line());
        String[] cells = Arrays.copyOf(row.cells(), header.size());
        Arrays.fill(cells, row.size(), cells.length, "");
        return new Row(cells, row.line());
    }

    private boolean isWorkbook() {
        return form() == CsvFile.Form.WORKBOOK;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private void findHeader(RepairLog log) throws IOException {
        readAhead(ROWS);
        List<Row> rows = ahead.stream().filter(row -> !row.isBlank()).toList();
        if (rows.isEmpty()) throw new DataException(file, 0, null, "the file is empty; expected rows of data");
        int width = usualWidth(rows);
        int key = key(rows, width);
        int data = 0;
        while (data < rows.size() && !isDataRow(rows.get(data), width, key)) data++;
        if (data == rows.size()) data = rows.size() == 1 ? 1 : Math.min(1, data);
        Row best = null;
        for (Row row : rows.subList(0, data)) {
            boolean fits = row.size() == width || row.size() == width - 1 || (data == 1 && rows.size() > 1)
                    || (row.size() > width && isWorkbook());
            if (fits && (best == null || isFuller(row, best, key))) best = row;
        }
        if (form() != CsvFile.Form.JSON_LINES) {
            // Below a header of its width, the first row of data is no other header.
            boolean hasHeader = best != null && data < rows.size() && best.size() >= rows.get(data).size();
            for (int i = 0; i < Math.min(rows.size(), hasHeader ? data : data + 1); i++) {
                Row below = i + 1 < rows.size() ? rows.get(i + 1) : null;
                if (!TurnedRows.isHeader(rows.get(i), below)) continue;
                turn(rows.get(i), log);
                return;
            }
        }
        Row last = null;
        while (last != (data == 0 ? null : rows.get(data - 1))) {
            last = ahead.poll();
            if (last.isBlank() || last == best) continue;
            String place = "line " + last.line();
            boolean units = best != null && last.line() > best.line();
            log.add(units ? RepairReport.Kind.ROWS_OF_UNITS : RepairReport.Kind.LINES_BEFORE_HEADER, 1, () -> place);
        }
        name(best, width);
    }

    /** Goes on with the table turned, where its times go across the columns. */
    private void turn(Row times, RepairLog log) throws IOException {
        for (Row row = ahead.poll(); row != times; row = ahead.poll()) {
            String place = "line " + row.line();
            if (!row.isBlank()) log.add(RepairReport.Kind.LINES_BEFORE_HEADER, 1, () -> place);
        }
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
        // A column of row numbers often has no name.
        if (row != null && given.size() == width - 1) given.add(0, "");
        Set<String> seen = new HashSet<>();
        header = new ArrayList<>();
        for (int i = 0; i < (row == null ? width : given.size()); i++) {
            boolean named = row != null && !given.get(i).isBlank();
            String name = named ? given.get(i).strip() : "column " + (i + 1);
            if (!seen.add(name)) {
                throw new DataException(file, row == null ? 0 : row.line(), name,
                        "the column name occurs twice; rename one of the columns");
            }
            header.add(name);
        }
        names = row == null ? null : given.toArray(String[]::new);
    }

    /** Whether a row has more names than that before it or, as many, that of a time, which a row of units has not. */
    private static boolean isFuller(Row row, Row before, int key) {
        long more = filled(row) - filled(before);
        return more > 0 || more == 0 && isNameOfTime(row, key) && !isNameOfTime(before, key);
    }

    private static boolean isNameOfTime(Row row, int key) {
        return key >= 0 && key < row.size() && TimeFinder.isNameOfTime(row.cell(key));
    }

    private static long filled(Row row) {
        return Arrays.stream(row.cells()).filter(cell -> !cell.isEmpty()).count();
    }

    private static int usualWidth(List<Row> rows) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (Row row : rows) counts.merge(row.size(), 1, Integer::sum);
        int width = rows.get(0).size();
        for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
            int most = counts.get(width);
            if (count.getValue() > most || (count.getValue() == most && count.getKey() > width)) width = count.getKey();
        }
        return width;
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

    private boolean isDataRow(Row row, int width, int key) {
        if (key < 0 || row.size() < (isWorkbook() ? key + 1 : width)) return false;
        String cell = row.cell(key);
        if (isTime(cell) || NumberParser.isNumber(cell)) return true;
        return NumberParser.isMissing(cell) && !cell.isEmpty()
                || cell.isEmpty() && Arrays.stream(row.cells()).anyMatch(NumberParser::isNumber);
    }

    static boolean isTime(String cell) {
        return TimeColumn.accepts(List.of(cell), false);
    }
}
