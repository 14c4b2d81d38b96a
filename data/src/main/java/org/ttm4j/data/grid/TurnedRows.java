package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;
import org.ttm4j.data.time.TimeNames;

/**
 * A table with its times across the columns, turned so that each time has a row. Spreadsheets have a row for each series: the
 * columns before the first time name them, as many as tell them apart; rows without a value and columns without a time are left
 * out. Offices of statistics have years down and months across, which are one series: columns behind December, such as a
 * mean, rows without a year, and the months after the last value are left out. So are rows behind December, where months go down
 * and years across.
 */
final class TurnedRows {
    private static final int FEWEST_TIMES = 3;
    private static final int MONTHS = 12;
    private static final int QUARTERS = 4;
    /** The columns that can name the rows. */
    private static final int NAMING = 50;
    private static final String TIME = "time";

    private final String file;
    private final CsvLimits limits;
    private final RepairReport.Log log;
    private final CsvLimits.Budget memory;
    private final Row header;
    private final boolean isMonths;
    private final int[] times; // columns
    private final List<Row> rows = new ArrayList<>();

    private TurnedRows(Row header, boolean isMonths, String file, CsvLimits limits, RepairReport.Log log) {
        this.file = file;
        this.limits = limits;
        this.log = log;
        this.header = header;
        this.isMonths = isMonths;
        memory = new CsvLimits.Budget(file, limits.bytes() / 2);
        times = columnsOfTimes(header);
    }

    /**
     * The rows of the turned table, of which the first has the names of the columns.
     *
     * @param header the row of times
     * @param below the rows that were read behind it before
     * @throws DataException when a cell below a time is no number, two rows have one name, or memory does not suffice
     */
    static Iterator<Row> of(Row header, List<Row> below, RowReader behind, String file, CsvLimits limits,
            RepairReport.Log log) throws IOException {
        TurnedRows table = new TurnedRows(header, hasMonths(header, below.isEmpty() ? null : below.get(0)), file,
                limits, log);
        for (Row row : below) table.add(row);
        for (Row row = behind.read(); row != null; row = behind.read()) table.add(row);
        if (!table.isMonths && table.areMonths()) return table.years();
        return table.isMonths ? table.months() : table.times();
    }

    /**
     * Whether the times go across the columns below a row.
     *
     * @param below the next row; null without
     */
    static boolean isHeader(Row row, Row below) {
        return hasMonths(row, below) || hasTimes(row, below);
    }

    /** Whether a row has the twelve months or the quarters behind its first cell, and the next begins with a year. */
    private static boolean hasMonths(Row row, Row below) {
        return below != null && isYear(below.cell(0))
                && (IntStream.rangeClosed(1, MONTHS).allMatch(month -> isMonth(row.cell(month), month))
                        || IntStream.rangeClosed(1, QUARTERS).allMatch(i -> row.cell(i).equals("Q" + i))
                                && !row.cell(QUARTERS + 1).equals("Q5"));
    }

    /** Whether the first rows are the twelve months, below years. */
    private boolean areMonths() {
        return isYear(header.cell(times[0])) && rows.size() >= MONTHS
                && IntStream.range(0, MONTHS).allMatch(i -> isMonth(rows.get(i).cell(0), i + 1));
    }

    /** The same table with a row for each year. */
    private Iterator<Row> years() {
        List<Row> behind = rows.subList(MONTHS, rows.size());
        behind.forEach(row -> leaveOut("row", row.cell(0)));
        behind.clear();
        List<Row> years = IntStream.of(times).mapToObj(this::turned).toList();
        rows.clear();
        rows.addAll(years);
        return months();
    }

    private static boolean isMonth(String cell, int month) {
        return cell.equals(Integer.toString(month)) || cell.equals("0" + month) || TimeNames.month(cell) == month;
    }

    /**
     * Whether a row has times, nearly all of its cells behind the first one, and a name before them; not where times stand
     * below that name, so that the row has numbers as names. Years rise by the same step.
     */
    private static boolean hasTimes(Row row, Row below) {
        if (row.size() <= FEWEST_TIMES) return false;
        int[] times = columnsOfTimes(row);
        if (times.length < FEWEST_TIMES || times[0] == 0 || NumberParser.isNumber(row.cell(0))) return false;
        for (int i = 0; below != null && i < Math.min(times[0], below.size()); i++) {
            if (Table.isTime(below.cell(i))) return false;
        }
        int[] years = IntStream.of(times)
                .filter(column -> isYear(row.cell(column)))
                .map(column -> Integer.parseInt(row.cell(column)))
                .toArray();
        // Either all are years, or none is.
        if (years.length > 0 && (years.length < times.length || !isCounting(years))) return false;
        int last = row.size() - 1;
        while (row.cell(last).isEmpty()) last--;
        return times.length * 10 >= (last - times[0] + 1) * 9;
    }

    private static boolean isCounting(int[] numbers) {
        int step = numbers[1] - numbers[0];
        return step != 0 && IntStream.range(1, numbers.length).allMatch(i -> numbers[i] - numbers[i - 1] == step);
    }

    private static int[] columnsOfTimes(Row row) {
        return IntStream.range(0, row.size()).filter(i -> isTime(row.cell(i))).toArray();
    }

    private static boolean isTime(String cell) {
        return isYear(cell) || Table.isTime(cell);
    }

    static boolean isYear(String cell) {
        return cell.matches("(1[5-9]|20|21)\\d\\d");
    }

    /** A row with the years alone where cells name them twice, as {@code 1990 [YR1990]} of the World Bank. */
    static Row withPlainYears(Row row) {
        if (row.size() == 0 || !row.cell(row.size() - 1).endsWith("]")) return row;
        return new Row(Stream.of(row.cells())
                .map(cell -> cell.replaceFirst("^(\\d{4}) \\[YR\\1]$", "$1"))
                .toArray(String[]::new), row.line());
    }

    private void add(Row row) throws DataException {
        // Files that were put together repeat the header.
        if (row.isBlank() || Arrays.equals(row.cells(), header.cells())) return;
        if (isMonths ? !isYear(row.cell(0)) : !hasNumber(row)) {
            leaveOut("row", Stream.of(row.cells()).filter(cell -> !cell.isEmpty()).findFirst().orElse(""));
            return;
        }
        if (rows.size() == limits.columns() && !isMonths) {
            throw new DataException(file, row.line(), null, "the times go across the columns, and more than "
                    + limits.columns() + " rows below them are too many; expected a row for each time");
        }
        // Each month becomes a row.
        memory.take(row.bytes() * (isMonths ? 3 : 1), row.line());
        rows.add(row);
    }

    /** Whether a row has numbers below the times, and nothing else. */
    private boolean hasNumber(Row row) throws DataException {
        List<Integer> filled = IntStream.of(times)
                .filter(column -> !NumberParser.isMissing(row.cell(column)))
                .boxed()
                .toList();
        List<Integer> texts = filled.stream()
                .filter(column -> !NumberParser.isNumber(row.cell(column))
                        && !NumberParser.isInfinite(row.cell(column)))
                .toList();
        if (texts.size() == filled.size()) return false;
        if (texts.isEmpty()) return true;
        throw new DataException(file, row.line(), header.cell(texts.get(0)),
                "expected a number, as the times go across the columns, found "
                        + Printable.quoted(row.cell(texts.get(0)))
                        + "; leave the cell empty where the value is missing");
    }

    private void leaveOut(String what, String name) {
        log.add(RepairReport.Kind.TURNED_LEFT_OUT, 1, () -> what + " " + Printable.shortened(name));
    }

    private Iterator<Row> months() {
        boolean areQuarters = header.cell(1).equals("Q1");
        List<Row> months = new ArrayList<>();
        months.add(new Row(new String[]{TIME, "value"}, header.line()));
        for (Row row : rows) {
            for (int month = 1; month <= (areQuarters ? QUARTERS : MONTHS); month++) {
                String time = String.format(Locale.ROOT, areQuarters ? "%s-Q%d" : "%s-%02d", row.cell(0), month);
                months.add(new Row(new String[]{time, row.cell(month)}, row.line()));
            }
        }
        while (months.size() > 1 && NumberParser.isMissingValue(months.get(months.size() - 1).cell(1))) {
            months.remove(months.size() - 1);
        }
        String each = ", a row for each " + (areQuarters ? "quarter" : "month");
        log.add(RepairReport.Kind.TABLE_TURNED, 1, () -> "line " + header.line() + each);
        return months.iterator();
    }

    private Iterator<Row> times() throws DataException {
        Table.MergedCells merged = Table.MergedCells.of(rows, times[0] - 1);
        rows.replaceAll(merged::filled);
        List<String> names = names();
        String first = Printable.quoted(header.cell(times[0]));
        String last = Printable.quoted(header.cell(times[times.length - 1]));
        log.add(RepairReport.Kind.TABLE_TURNED, 1, () -> "line " + header.line() + ", from " + first + " to " + last);
        for (int column = times[0]; column < header.size(); column++) {
            String name = header.cell(column);
            if (!isTime(name) && !name.isEmpty()) leaveOut("column", name);
        }
        List<String> titles = new ArrayList<>(names);
        titles.add(0, names.contains(TIME) ? "times" : TIME);
        Row top = new Row(titles.toArray(String[]::new), header.line());
        return Stream.concat(Stream.of(top), IntStream.of(times).mapToObj(this::turned)).iterator();
    }

    private Row turned(int column) {
        Stream<String> cells = rows.stream().map(row -> row.cell(column));
        return new Row(Stream.concat(Stream.of(header.cell(column)), cells).toArray(String[]::new), header.line());
    }

    /** The names of the rows, from the columns that tell rows apart which those before them do not. */
    private List<String> names() throws DataException {
        List<String> best = rows.stream().map(row -> "").toList();
        for (int column = 0; column < Math.min(NAMING, times[0]) && !areDifferent(best); column++) {
            List<String> longer = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                String more = rows.get(i).cell(column);
                longer.add(best.get(i).isEmpty() || more.isEmpty() ? best.get(i) + more : best.get(i) + " " + more);
            }
            if (column == 0 || new HashSet<>(longer).size() > new HashSet<>(best).size()) best = longer;
        }
        Map<String, Long> lines = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            long line = rows.get(i).line();
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
}
