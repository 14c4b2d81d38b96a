package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.time.TimeColumn;

/**
 * The meaning of the columns of a file.
 *
 * @param timeName the name of the time column; names joined by {@code +} where several columns make a time
 * @param time the indices of the columns that make a time; none where the rows are numbered
 * @param joints what stands between their cells in the text of a time
 * @param range what stands between the beginning, which is the time, and the end of a step; null where times have no end
 * @param endsAtNext whether that end is the beginning of the next step
 * @param timeFormat how times are written, where that is stated or follows from the name; null otherwise
 * @param id the index of the id column, or −1
 * @param values the columns of values
 */
record ColumnLayout(String timeName, int[] time, List<String> joints, String range, boolean endsAtNext,
        String timeFormat, int id, List<ValueColumn> values) {
    /** The number of rows from which the meaning of a column is guessed. */
    static final int PEEKED = 20;
    /** The columns of which a cell that is no time is looked for. */
    private static final int LOOKED_AT = 50;
    private static final List<String> USUAL_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "_time", "ds", "day", "week", "month", "quarter", "year", "period", "index", "step", "t");
    private static final List<String> YEAR_NAMES = List.of("year", "yr", "yyyy", "jahr", "année", "annee", "año", "ano",
            "anno", "jaar", "år");
    private static final List<String> QUARTER_NAMES = List.of("quarter", "qtr", "quartal", "trimestre", "kwartaal",
            "kvartal");
    private static final List<String> MONTH_NAMES = List.of("month", "mo", "mm", "monat", "mois", "mes", "mese",
            "maand", "mês");
    private static final List<String> WEEK_NAMES = List.of("week", "isoweek", "iso_week", "kw", "woche",
            "kalenderwoche", "semaine", "semana", "settimana", "weeknr");
    private static final List<String> HOUR_NAMES = List.of("hour", "hr", "hh", "he", "hour ending", "hour_ending",
            "stunde", "heure", "hora", "ora", "uur");
    private static final List<String> DAY_NAMES = List.of("day", "dd", "dy", "tag", "jour", "dia", "día", "giorno",
            "dag");
    private static final List<String> MINUTE_NAMES = List.of("minute", "min", "mm", "mn", "minuto", "minuut");
    /** A name of dates in some languages, and of values in others. */
    private static final String DATA = "data";
    /** Columns whose numbers of five digits are days since 1899-12-30. */
    private static final List<String> DATE_NAMES = List.of("timestamp", "datetime", "date_time", "date time", "date",
            "time", "ds", "day", "datum", "tag", "zeit", "zeitstempel", "zeitpunkt", "fecha", DATA, "jour");
    private static final List<String> RANGES = List.of(" - ", " – ", "/");
    private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( ?[AaPp][Mm])?");
    private static final List<String> COUNTER_NAMES = List.of("no", "no.", "nr", "nr.", "#", "id", "index", "row");
    private static final String USUAL_ID = "unique_id";
    private static final String ROW_NUMBER = "step";

    static ColumnLayout of(String file, Table table, CsvOptions options, RepairLog log) throws IOException {
        List<String> header = table.header();
        List<Row> rows = table.peek(PEEKED);
        int id = id(file, header, options);
        Set<Integer> taken = new HashSet<>();
        taken.add(id);
        for (String name : options.ignored()) taken.add(header.indexOf(name));
        int[] time = options.time() == null
                ? findTime(file, header, rows, taken, options.times().format())
                : namedTime(file, header, options.time());
        for (int column : time) taken.add(column);
        List<String> targets = options.targets();
        // The names of a widespread format, whose other columns are drivers.
        if (targets.isEmpty() && header.containsAll(List.of(USUAL_ID, "ds", "y"))) targets = List.of("y");
        List<ValueColumn> values = new ArrayList<>();
        if (targets.isEmpty()) {
            for (int i = 0; i < header.size(); i++) {
                if (taken.contains(i)) continue;
                String name = header.get(i);
                boolean counts = name.startsWith("Unnamed: ") || COUNTER_NAMES.contains(name.toLowerCase(Locale.ROOT))
                        || options.id() == null && !table.isNamed(i) && i == 0;
                if (counts && time.length > 0 && header.size() > 2 && isCounter(rows, i)) {
                    log.add(RepairReport.Kind.ROW_NUMBERS, 1, () -> Printable.shortened(name));
                    continue;
                }
                values.add(new ValueColumn(file, name, i, false, unit(table, rows, i)));
            }
        } else {
            // The hour in date+hour can be a value as well: a driver that is known in the future.
            for (int i = 1; i < time.length; i++) taken.remove(time[i]);
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
            throw new DataException(file, 0, null, "expected columns of values, found "
                    + (options.ignored().isEmpty() ? "only " : "none that is not ignored among ") + quoted(header));
        }
        String timeName = time.length == 0
                ? ROW_NUMBER
                : IntStream.of(time).mapToObj(header::get).collect(Collectors.joining("+"));
        if (time.length == 0) log.add(RepairReport.Kind.TIMES_MISSING, 1, null);
        boolean serial = options.times().format() == null && time.length == 1 && areExcelDays(header, rows, time[0]);
        String format = serial ? TimeFormat.EXCEL_DAYS : options.times().format();
        String range = time.length == 1 && format == null ? range(cells(rows, time[0])) : null;
        boolean endsAtNext = range != null && endsAtNext(cells(rows, time[0]), range);
        return new ColumnLayout(timeName, time, joints(header, rows, time), range, endsAtNext, format, id, values);
    }

    /** Whether columns of times are often called so. */
    static boolean isNameOfTime(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return USUAL_NAMES.contains(lower) || DATE_NAMES.contains(lower) || YEAR_NAMES.contains(lower);
    }

    /** The index of the id column, or −1. */
    static int id(String file, List<String> header, CsvOptions options) throws DataException {
        return options.id() == null ? header.indexOf(USUAL_ID) : find(file, header, options.id());
    }

    /** The time of a row as one text; null where the rows are numbered. */
    String timeOf(Row row) {
        if (time.length == 0) return null;
        String text = timeOf(row, time, joints);
        int end = range == null ? -1 : text.indexOf(range);
        return end < 0 ? text : text.substring(0, end);
    }

    private static String timeOf(Row row, int[] time, List<String> joints) {
        if (time.length == 1) return row.cell(time[0]);
        StringBuilder text = new StringBuilder(row.cell(time[0]));
        for (int i = 1; i < time.length; i++) {
            String joint = joints.get(i - 1);
            String cell = row.cell(time[i]);
            text.append(joint).append(joint.equals(":") && cell.length() == 1 ? "0" : "").append(cell);
        }
        return text.toString();
    }

    /** What stands between the cells of several columns: in 2024-1-31 13:00, 2018 W1 and 2018 Q1, but 2024 1. */
    private static List<String> joints(List<String> header, List<Row> rows, int[] time) {
        if (time.length == 2 && areNumbers(WEEK_NAMES, header, rows, time[1])) return List.of(" W");
        if (time.length == 2 && areNumbers(QUARTER_NAMES, header, rows, time[1])) return List.of(" Q");
        int date = time.length > 2 && areYears(rows, time[0]) ? 2 : 0;
        return IntStream.range(0, Math.max(0, time.length - 1))
                .mapToObj(i -> i < date ? "-" : i == date ? " " : ":")
                .toList();
    }

    private static int[] namedTime(String file, List<String> header, String name) throws DataException {
        if (header.contains(name)) return new int[]{header.indexOf(name)};
        String[] names = name.split("\\+");
        int[] time = new int[names.length];
        for (int i = 0; i < time.length; i++) time[i] = find(file, header, names[i].strip());
        return time;
    }

    static int find(String file, List<String> header, String name) throws DataException {
        int column = header.indexOf(name);
        if (column < 0) throw new DataException(file, 0, name, "no such column; the columns are " + quoted(header));
        return column;
    }

    /**
     * Finds the column by name, else by cells. Plain numbers are times only in the first column or under a usual name.
     * Without a time, the first column can count the steps. A column that is called a time, or of which most cells are times,
     * is found although others are malformed: reading it will report what is wrong with them.
     *
     * @param taken the columns that cannot be the time
     */
    private static int[] findTime(String file, List<String> header, List<Row> rows, Set<Integer> taken, String format)
            throws IOException {
        List<Integer> free = IntStream.range(0, header.size()).filter(i -> !taken.contains(i)).boxed().toList();
        List<String> lower = header.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        List<Integer> named = new ArrayList<>();
        for (String name : USUAL_NAMES) if (free.contains(lower.indexOf(name))) named.add(lower.indexOf(name));
        for (int column : named) {
            if (isTime(rows, column, true, format)) return joined(header, rows, taken, column, format);
        }
        for (int column : free) {
            boolean isNamed = isNameOfTime(header.get(column)) && !lower.get(column).equals(DATA);
            if (isTime(rows, column, column == 0 || isNamed, format)) {
                return joined(header, rows, taken, column, format);
            }
        }
        for (int column : free) if (format == null && areExcelDays(header, rows, column)) return new int[]{column};
        List<Integer> mostly = free.stream()
                .limit(LOOKED_AT)
                .filter(i -> format == null && mostlyTimes(rows, i))
                .toList();
        for (int column : mostly) if (isNameOfTime(header.get(column))) return new int[]{column};
        for (int column : free) {
            boolean probable = column == 0 || USUAL_NAMES.contains(lower.get(column));
            if (probable && free.size() > 1 && isCounter(rows, column)) return new int[]{column};
        }
        for (int column : free) {
            boolean isNumber = !rows.isEmpty() && NumberParser.isNumber(rows.get(0).cell(column));
            if (isNameOfTime(header.get(column)) && !isNumber) named.add(column);
        }
        named.addAll(mostly);
        if (!named.isEmpty()) return new int[]{named.get(0)};
        if (format != null) {
            throw new DataException(file, 0, null, "no column holds times written as " + Printable.quoted(format)
                    + "; the columns are " + quoted(header));
        }
        return new int[0];
    }

    /**
     * The time column with others, where its dates repeat: the next, where that has times of day or hours or, beside years,
     * months or weeks; or years with all of the columns month, day, hour and minute that there are.
     */
    private static int[] joined(List<String> header, List<Row> rows, Set<Integer> taken, int column, String format) {
        List<String> cells = cells(rows, column);
        int[] alone = {column};
        if (format != null || Set.copyOf(cells).size() == cells.size()) return alone;
        boolean years = areYears(rows, column);
        List<Row> filled = rows.subList(0, cells.size());
        List<Integer> parts = years ? parts(header, taken, column) : List.of();
        for (int count = parts.size(); count > 1; count--) {
            int[] time = parts.stream().limit(count).mapToInt(Integer::intValue).toArray();
            if (makeTimes(header, filled, time)) return time;
        }
        int next = column + 1;
        if (next == header.size() || taken.contains(next)) return alone;
        List<String> others = filled.stream().map(row -> row.cell(next)).toList();
        String name = header.get(next).toLowerCase(Locale.ROOT);
        boolean suits = years
                ? areNumbers(WEEK_NAMES, header, rows, next) || QUARTER_NAMES.contains(name)
                : others.stream().allMatch(cell -> TIME_OF_DAY.matcher(cell).matches())
                        || HOUR_NAMES.contains(name) && others.stream().allMatch(cell -> cell.matches("\\d{1,2}"));
        int[] both = {column, next};
        return suits && makeTimes(header, filled, both) ? both : alone;
    }

    /** The columns of years, months, days, hours and minutes, up to the first that there is not. */
    private static List<Integer> parts(List<String> header, Set<Integer> taken, int years) {
        List<Integer> parts = new ArrayList<>(List.of(years));
        for (List<String> names : List.of(MONTH_NAMES, DAY_NAMES, HOUR_NAMES, MINUTE_NAMES)) {
            OptionalInt part = IntStream.range(0, header.size())
                    .filter(i -> !taken.contains(i) && !parts.contains(i)
                            && names.contains(header.get(i).toLowerCase(Locale.ROOT)))
                    .findFirst();
            if (part.isEmpty()) break;
            parts.add(part.getAsInt());
        }
        return parts;
    }

    private static boolean makeTimes(List<String> header, List<Row> rows, int[] time) {
        List<String> joints = joints(header, rows, time);
        return TimeColumn.accepts(rows.stream().map(row -> timeOf(row, time, joints)).toList(), false);
    }

    private static boolean areYears(List<Row> rows, int column) {
        return cells(rows, column).stream().allMatch(cell -> cell.matches("\\d{4}"));
    }

    /** Whether a column of such a name holds numbers of one or two digits. */
    private static boolean areNumbers(List<String> names, List<String> header, List<Row> rows, int column) {
        return names.contains(header.get(column).toLowerCase(Locale.ROOT))
                && cells(rows, column).stream().allMatch(cell -> cell.matches("\\d{1,2}"));
    }

    private static boolean mostlyTimes(List<Row> rows, int column) {
        return cells(rows, column).stream().filter(Table::isTime).count() * 2 > rows.size();
    }

    /** Whether a column that is called a date holds rising numbers of five digits before the point. */
    private static boolean areExcelDays(List<String> header, List<Row> rows, int column) {
        if (!DATE_NAMES.contains(header.get(column).toLowerCase(Locale.ROOT))) return false;
        long[] days = TimeColumn.counted(cells(rows, column), true);
        return days.length > 0 && IntStream.range(1, days.length).allMatch(i -> days[i] >= days[i - 1]);
    }

    private static boolean isTime(List<Row> rows, int column, boolean numbersAllowed, String format) {
        List<String> cells = cells(rows, column);
        return TimeColumn.accepts(cells, numbersAllowed, format) || format == null && range(cells) != null;
    }

    private static boolean endsAtNext(List<String> cells, String range) {
        return IntStream.range(1, cells.size())
                .anyMatch(i -> cells.get(i).startsWith(cells.get(i - 1).split(Pattern.quote(range), 2)[1] + range));
    }

    /** What stands between two times in each cell; null where that is not so. */
    private static String range(List<String> cells) {
        for (String joint : RANGES) {
            if (!cells.stream().allMatch(cell -> cell.contains(joint))) continue;
            List<String[]> ranges = cells.stream().map(cell -> cell.split(Pattern.quote(joint), 2)).toList();
            boolean times = TimeColumn.accepts(ranges.stream().map(range -> range[0]).toList(), false)
                    && TimeColumn.accepts(ranges.stream().map(range -> range[1]).toList(), false);
            if (times) return joint;
        }
        return null;
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
        long[] counts = TimeColumn.counted(rows.stream().map(row -> row.cell(column)).toList(), false);
        if (counts.length < 3 || counts[1] <= counts[0]) return false;
        return IntStream.range(2, counts.length).allMatch(i -> counts[i] - counts[i - 1] == counts[1] - counts[0]);
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
