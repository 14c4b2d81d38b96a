package org.ttm4j.data.csv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;

/**
 * The meaning of the columns of a file.
 *
 * @param timeName the name of the time column; two names joined by {@code +} where two columns make a time
 * @param time the indices of the one or two columns that make a time; none where the rows are numbered
 * @param joint what stands between the two in the text of a time
 * @param timeFormat how times are written, where that is stated or follows from the name; null otherwise
 * @param id the index of the id column, or −1
 * @param values the columns of values
 */
record ColumnLayout(String timeName, int[] time, String joint, String timeFormat, int id, List<ValueColumn> values) {
    /** The number of rows from which the meaning of a column is guessed. */
    static final int PEEKED = 20;
    private static final List<String> USUAL_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "ds", "day", "week", "month", "quarter", "year", "period", "index", "step", "t");
    private static final List<String> MONTH_NAMES = List.of("month", "monat", "mois", "mes", "mese", "maand", "mês");
    private static final List<String> WEEK_NAMES = List.of("week", "isoweek", "iso_week", "kw", "woche",
            "kalenderwoche", "semaine", "semana", "settimana", "weeknr");
    private static final List<String> HOUR_NAMES = List.of("hour", "hr", "stunde", "heure", "hora", "ora", "uur");
    /** Columns whose numbers of five digits are days since 1899-12-30. */
    private static final List<String> DATE_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "ds", "day", "datum", "tag", "zeit", "zeitstempel", "zeitpunkt", "fecha", "data", "jour");
    private static final String WEEK_JOINT = " W";
    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( ?[AaPp][Mm])?");
    private static final String USUAL_ID = "unique_id";
    private static final String ROW_NUMBER = "step";

    static ColumnLayout of(String file, Table table, CsvOptions options, RepairLog log) throws IOException {
        List<String> header = table.header();
        List<Row> rows = table.peek(PEEKED);
        int id = id(file, header, options);
        int[] time = options.time() == null
                ? findTime(file, header, rows, id, options.times().format())
                : namedTime(file, header, options.time());
        Set<Integer> taken = new HashSet<>();
        taken.add(id);
        for (int column : time) taken.add(column);
        List<String> targets = options.targets();
        // The names of a widespread format, whose other columns are drivers.
        if (targets.isEmpty() && header.containsAll(List.of(USUAL_ID, "ds", "y"))) targets = List.of("y");
        List<ValueColumn> values = new ArrayList<>();
        if (targets.isEmpty()) {
            for (int i = 0; i < header.size(); i++) {
                if (taken.contains(i)) continue;
                String name = header.get(i);
                boolean unnamed = name.startsWith("Unnamed: ") || (options.id() == null && !table.isNamed(i) && i == 0);
                if (unnamed && time.length > 0 && header.size() > 2 && isCounter(rows, i)) {
                    log.add(RepairReport.Kind.ROW_NUMBERS, 1, () -> Printable.shortened(name));
                    continue;
                }
                values.add(new ValueColumn(file, name, i, false, unit(table, rows, i)));
            }
        } else {
            // The hour in date+hour can be a value as well: a driver that is known in the future.
            if (time.length == 2) taken.remove(time[1]);
            for (String target : targets) {
                int column = find(file, header, target);
                if (!taken.add(column)) {
                    throw new DataException(file, 0, target,
                            "is named as a target, but is already the time, the id or another target");
                }
                values.add(new ValueColumn(file, target, column, true, unit(table, rows, column)));
            }
        }
        if (values.isEmpty()) {
            throw new DataException(file, 0, null, "expected columns of values, found only " + quoted(header));
        }
        String timeName = switch (time.length) {
            case 0 -> ROW_NUMBER;
            case 1 -> header.get(time[0]);
            default -> header.get(time[0]) + "+" + header.get(time[1]);
        };
        if (time.length == 0) log.add(RepairReport.Kind.TIMES_MISSING, 1, null);
        String joint = time.length == 2 && areWeeks(header, rows, time[1]) ? WEEK_JOINT : " ";
        boolean serial = options.times().format() == null && time.length == 1 && areExcelDays(header, rows, time[0]);
        String format = serial ? TimeFormat.EXCEL_DAYS : options.times().format();
        return new ColumnLayout(timeName, time, joint, format, id, values);
    }

    /** Whether columns of times are often called so. */
    static boolean isNameOfTime(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return USUAL_NAMES.contains(lower) || DATE_NAMES.contains(lower);
    }

    /** The index of the id column, or −1. */
    static int id(String file, List<String> header, CsvOptions options) throws DataException {
        return options.id() == null ? header.indexOf(USUAL_ID) : find(file, header, options.id());
    }

    /** The time of a row as one text; null where the rows are numbered. */
    String timeOf(Row row) {
        return switch (time.length) {
            case 0 -> null;
            case 1 -> row.cell(time[0]);
            default -> row.cell(time[0]) + joint + row.cell(time[1]);
        };
    }

    private static int[] namedTime(String file, List<String> header, String name) throws DataException {
        int plus = name.indexOf('+');
        if (header.contains(name) || plus < 0) return new int[]{find(file, header, name)};
        return new int[]{find(file, header, name.substring(0, plus).strip()),
                find(file, header, name.substring(plus + 1).strip())};
    }

    static int find(String file, List<String> header, String name) throws DataException {
        int column = header.indexOf(name);
        if (column < 0) throw new DataException(file, 0, name, "no such column; the columns are " + quoted(header));
        return column;
    }

    /**
     * Finds the column by name, else by cells. Plain numbers are times only in the first column or under a usual name.
     * Without a time, the first column can count the steps.
     */
    private static int[] findTime(String file, List<String> header, List<Row> rows, int id, String format)
            throws IOException {
        List<String> lower = header.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        for (String name : USUAL_NAMES) {
            int column = lower.indexOf(name);
            if (column >= 0 && column != id && isTime(rows, column, true, format)) {
                return joined(header, rows, column, format);
            }
        }
        for (int column = 0; column < header.size(); column++) {
            if (column != id && isTime(rows, column, column == 0, format)) {
                return joined(header, rows, column, format);
            }
        }
        for (int column = 0; column < header.size(); column++) {
            if (format == null && column != id && areExcelDays(header, rows, column)) return new int[]{column};
        }
        int others = header.size() - (id < 0 ? 1 : 2);
        for (int column = 0; column < header.size() && others > 0; column++) {
            boolean probable = column == 0 || USUAL_NAMES.contains(lower.get(column));
            if (probable && column != id && isCounter(rows, column)) return new int[]{column};
        }
        for (String name : USUAL_NAMES) {
            // A usual name with malformed times: reading the column will report what is wrong with them.
            int column = lower.indexOf(name);
            if (column >= 0 && column != id) return new int[]{column};
        }
        if (format != null) {
            throw new DataException(file, 0, null, "no column holds times written as " + Printable.quoted(format)
                    + "; the columns are " + quoted(header));
        }
        return new int[0];
    }

    /**
     * The time column with the next, where its dates repeat and the next has times of day or hours or, beside years,
     * months or weeks.
     */
    private static int[] joined(List<String> header, List<Row> rows, int column, String format) {
        int next = column + 1;
        List<String> cells = cells(rows, column);
        if (format != null || next == header.size() || Set.copyOf(cells).size() == cells.size()) {
            return new int[]{column};
        }
        List<String> others = rows.stream().limit(cells.size()).map(row -> row.cell(next)).toList();
        String name = header.get(next).toLowerCase(Locale.ROOT);
        boolean years = cells.stream().allMatch(cell -> cell.matches("\\d{4}"));
        boolean weeks = areWeeks(header, rows, next);
        boolean suits = years
                ? weeks || MONTH_NAMES.contains(name)
                : others.stream().allMatch(cell -> TIME_OF_DAY.matcher(cell).matches())
                        || HOUR_NAMES.contains(name) && others.stream().allMatch(cell -> cell.matches("\\d{1,2}"));
        String joint = weeks ? WEEK_JOINT : " ";
        List<String> both = IntStream.range(0, cells.size())
                .mapToObj(i -> cells.get(i) + joint + others.get(i))
                .toList();
        return suits && TimeColumn.accepts(both, false) ? new int[]{column, next} : new int[]{column};
    }

    /** Whether a column holds the numbers of weeks. */
    private static boolean areWeeks(List<String> header, List<Row> rows, int column) {
        return WEEK_NAMES.contains(header.get(column).toLowerCase(Locale.ROOT))
                && cells(rows, column).stream().allMatch(cell -> cell.matches("\\d{1,2}"));
    }

    /** Whether a column that is called a date holds rising numbers of five digits before the point. */
    private static boolean areExcelDays(List<String> header, List<Row> rows, int column) {
        if (!DATE_NAMES.contains(header.get(column).toLowerCase(Locale.ROOT))) return false;
        LayoutParser parser = new LayoutParser(TimeLayout.EXCEL_DAYS);
        long before = Long.MIN_VALUE;
        for (String cell : cells(rows, column)) {
            if (!parser.read(cell) || parser.millis() < before) return false;
            before = parser.millis();
        }
        return true;
    }

    private static boolean isTime(List<Row> rows, int column, boolean numbersAllowed, String format) {
        return TimeColumn.accepts(cells(rows, column), numbersAllowed, format);
    }

    /** The cells without those after the last that could be a time, as totals have them. */
    private static List<String> cells(List<Row> rows, int column) {
        List<String> cells = new ArrayList<>(rows.stream().map(row -> row.cell(column)).toList());
        while (cells.size() > 1 && cells.get(cells.size() - 1).chars().noneMatch(Character::isDigit)) {
            cells.remove(cells.size() - 1);
        }
        return cells;
    }

    /** Whether three or more cells are whole numbers that rise by one difference. */
    private static boolean isCounter(List<Row> rows, int column) {
        if (rows.size() < 3) return false;
        LayoutParser parser = new LayoutParser(TimeLayout.NUMBERS);
        long before = 0;
        long difference = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (!parser.read(rows.get(i).cell(column))) return false;
            long step = parser.millis() - before;
            if (i == 1) difference = step;
            if (i > 0 && (step <= 0 || step != difference)) return false;
            before = parser.millis();
        }
        return true;
    }

    /**
     * The unit of most numbers in a column; empty when they have none or several, null when there are no numbers.
     */
    private static String unit(Table table, List<Row> rows, int column) {
        NumberParser parser = table.numbers();
        int numbers = 0;
        int united = 0;
        String unit = "";
        for (Row row : rows) {
            if (!parser.read(row.cell(column))) continue;
            numbers++;
            if (parser.unit().isEmpty()) continue;
            if (united++ > 0 && !parser.unit().equals(unit)) return "";
            unit = parser.unit();
        }
        return numbers == 0 ? null : united * 2 > numbers ? unit : "";
    }

    static String quoted(List<String> names) {
        String first = names.stream().limit(PEEKED).map(Printable::quoted).collect(Collectors.joining(", "));
        return names.size() > PEEKED ? first + ", …" : first;
    }
}
