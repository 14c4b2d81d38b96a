package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.MemoryBudget;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;

/**
 * A table with its times across the columns, as spreadsheets have it, turned: a row for each time and a column for each of
 * its rows. The columns before the first time name the rows, as many of them as tell the rows apart. Rows without a value
 * and columns without a time behind the first one are left out and reported.
 */
final class TurnedRows implements Iterator<Row> {
    private static final int FEWEST_TIMES = 3;
    /** The columns that can name the rows. */
    private static final int NAMING = 50;
    private static final String TIME = "time";

    private final Row header;
    private final int[] times;
    private final List<Row> series = new ArrayList<>();
    private final List<String> names;
    /** The row to read next; 0 is the header. */
    private int next;

    /**
     * Reads all rows behind the header.
     *
     * @param header the row of times
     * @param ahead what was read behind it before
     * @throws DataException when a cell below a time is no number, two rows have one name, or memory does not suffice
     */
    TurnedRows(Row header, List<Row> ahead, RowReader behind, String file, CsvLimits limits, RepairLog log)
            throws IOException {
        this.header = header;
        times = columnsOfTimes(header);
        MemoryBudget memory = new MemoryBudget(file, limits.bytes() / 2);
        for (Row row : ahead) add(row, file, limits, memory, log);
        for (Row row = behind.read(); row != null; row = behind.read()) add(row, file, limits, memory, log);
        names = names(file);
        String first = Printable.quoted(header.cell(times[0]));
        log.add(RepairReport.Kind.TABLE_TURNED, 1, () -> "line " + header.line() + ", from " + first + " to "
                + Printable.quoted(header.cell(times[times.length - 1])));
        for (int column = times[0]; column < header.size(); column++) {
            String name = header.cell(column);
            if (!isTime(name) && !name.isEmpty()) leaveOut(name, log);
        }
    }

    /**
     * Whether a row has times, nearly all of its cells behind the first one, and a name before them; not where times stand
     * below that name, so that the row has numbers as names. Years rise by the same step.
     *
     * @param below the next row; null without
     */
    static boolean isHeader(Row row, Row below) {
        int[] times = columnsOfTimes(row);
        if (times.length < FEWEST_TIMES || times[0] == 0 || NumberParser.isNumber(row.cell(0))) return false;
        for (int i = 0; below != null && i < Math.min(times[0], below.size()); i++) {
            if (Table.isTime(below.cell(i))) return false;
        }
        int step = isYear(row.cell(times[0])) && isYear(row.cell(times[1]))
                ? Integer.parseInt(row.cell(times[1])) - Integer.parseInt(row.cell(times[0]))
                : 0;
        for (int i = 1; i < times.length; i++) {
            String year = row.cell(times[i]);
            if (isYear(year)
                    && (step == 0 || !year.equals(Integer.toString(Integer.parseInt(row.cell(times[0])) + i * step))))
                return false;
        }
        int last = row.size() - 1;
        while (row.cell(last).isEmpty()) last--;
        return times.length * 10 >= (last - times[0] + 1) * 9;
    }

    private static int[] columnsOfTimes(Row row) {
        int[] columns = new int[row.size()];
        int count = 0;
        for (int i = 0; i < row.size(); i++) if (isTime(row.cell(i))) columns[count++] = i;
        return Arrays.copyOf(columns, count);
    }

    private static boolean isTime(String cell) {
        return isYear(cell) || Table.isTime(cell);
    }

    static boolean isYear(String cell) {
        return cell.matches("(1[5-9]|20|21)\\d\\d");
    }

    private void add(Row row, String file, CsvLimits limits, MemoryBudget memory, RepairLog log) throws DataException {
        // Files that were put together repeat the header.
        if (row.isBlank() || Arrays.equals(row.cells(), header.cells())) return;
        int text = -1;
        boolean hasNumber = false;
        for (int column : times) {
            if (column >= row.size() || NumberParser.isMissing(row.cell(column))) continue;
            boolean number = NumberParser.isNumber(row.cell(column)) || NumberParser.isInfinite(row.cell(column));
            hasNumber |= number;
            if (!number && text < 0) text = column;
        }
        if (!hasNumber) {
            leaveOut(Stream.of(row.cells()).filter(cell -> !cell.isEmpty()).findFirst().orElse(""), log);
            return;
        }
        if (text >= 0) {
            throw new DataException(file, row.line(), header.cell(text),
                    "expected a number, as the times go across the columns, found " + Printable.quoted(row.cell(text))
                            + "; leave the cell empty where the value is missing");
        }
        if (series.size() == limits.columns()) {
            throw new DataException(file, row.line(), null, "the times go across the columns, and more than "
                    + limits.columns() + " rows below them are too many; expected a row for each time");
        }
        memory.take(row.bytes(), row.line());
        series.add(row);
    }

    private static void leaveOut(String name, RepairLog log) {
        log.add(RepairReport.Kind.TURNED_LEFT_OUT, 1, () -> Printable.shortened(name));
    }

    /** The names of the rows, from the columns that tell rows apart which those before them do not. */
    private List<String> names(String file) throws DataException {
        List<String> best = series.stream().map(row -> "").toList();
        for (int column = 0; column < Math.min(NAMING, times[0]) && !areDifferent(best); column++) {
            List<String> longer = new ArrayList<>();
            for (int i = 0; i < series.size(); i++) {
                String more = column < series.get(i).size() ? series.get(i).cell(column) : "";
                longer.add(best.get(i).isEmpty() || more.isEmpty() ? best.get(i) + more : best.get(i) + " " + more);
            }
            if (column == 0 || new HashSet<>(longer).size() > new HashSet<>(best).size()) best = longer;
        }
        Map<String, Long> lines = new HashMap<>();
        for (int i = 0; i < series.size(); i++) {
            long line = series.get(i).line();
            Long before = best.get(i).isEmpty() ? null : lines.put(best.get(i), line);
            if (before == null) continue;
            throw new DataException(file, line, header.cell(0),
                    "the times go across the columns, and the row has the name of that in line " + before + ", "
                            + Printable.quoted(best.get(i)) + "; rename one of them");
        }
        return best;
    }

    private static boolean areDifferent(List<String> names) {
        return new HashSet<>(names).size() == names.size() && !names.contains("");
    }

    @Override
    public boolean hasNext() {
        return next <= times.length;
    }

    @Override
    public Row next() {
        if (!hasNext()) throw new NoSuchElementException();
        String[] cells = new String[series.size() + 1];
        cells[0] = next > 0 ? header.cell(times[next - 1]) : names.contains(TIME) ? "times" : TIME;
        for (int i = 0; i < series.size(); i++) {
            Row row = series.get(i);
            if (next == 0) cells[i + 1] = names.get(i);
            else cells[i + 1] = times[next - 1] < row.size() ? row.cell(times[next - 1]) : "";
        }
        next++;
        return new Row(cells, header.line());
    }
}
