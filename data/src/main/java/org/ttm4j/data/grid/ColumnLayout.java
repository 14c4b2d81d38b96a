package org.ttm4j.data.grid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.TimeFinder.Joint;
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
 * @param ids the indices of the id columns; none without
 * @param values the columns of values
 */
record ColumnLayout(String timeName, List<Integer> time, List<Joint> joints, String range, boolean endsAtNext,
        String timeFormat, List<Integer> ids, List<ValueColumn> values) {
    /** The number of rows from which the meaning of a column is guessed. */
    static final int PEEKED = 20;
    private static final List<String> RANGES = List.of(" - ", " – ", "/");
    /** Names of columns that number receipts, and of those that number documents, articles or customers; not grid, bid or Ozono. */
    private static final Pattern RECEIPTS = Pattern
            .compile("(?i)(receipt|invoice|order|ticket|bon|beleg|rechnungs?)[ _.-]?(number|nummer|no|nr|id)[.]?");
    private static final Pattern COUNTERS = Pattern.compile("(?i)unnamed: .*|no[.]?|nr[.]?|#|id|index|row|" + RECEIPTS);
    private static final Pattern DOCUMENTS = Pattern.compile(
            "(?i).*(receipt|invoice|order|beleg|rechnung|number|nummer|(?<!^|[aoi]|ge|inter|ester)no|nr|code|sku"
                    + "|(?<!gr|pa|hum|flu|liqu|sol|val|cov|ac|hybr|madr|dro|\\b[bm])id)[.]?");
    private static final Pattern LONG_NUMBER = Pattern.compile("\\d{9,}|0\\d{4,}");
    /** What programs that know no dates without a time of day write behind them. */
    private static final Pattern MIDNIGHT = Pattern.compile("(?<=\\d)[ T](0?0:00(:00(\\.0+)?)?|12:00(:00)? AM)$");
    /** The names of quantiles beside the column that was forecast. */
    private static final Pattern FORECASTS = Pattern.compile("(.+)[.]q0?[.]\\d+");
    private static final String USUAL_ID = "unique_id";
    private static final String ROW_NUMBER = "step";

    static ColumnLayout of(String file, Table table, CsvOptions options, RepairReport.Log log) throws IOException {
        List<String> header = table.header;
        List<Row> rows = table.peek(PEEKED);
        List<Integer> ids = ids(file, header, options);
        Set<Integer> taken = new HashSet<>(ids);
        for (String name : options.ignored()) taken.add(header.indexOf(name));
        String format = options.times().format();
        TimeFinder finder = new TimeFinder(header, rows, taken, format);
        List<Integer> time = options.time() == null ? finder.find() : namedTime(file, header, options.time());
        if (time.isEmpty() && format != null) {
            throw new DataException(file, 0, null, "no column holds times written as " + Printable.quoted(format)
                    + "; the columns are " + quoted(header));
        }
        taken.addAll(time);
        List<String> targets = options.targets();
        // A common format, in which all other columns are drivers.
        if (targets.isEmpty() && header.containsAll(List.of(USUAL_ID, "ds", "y"))) targets = List.of("y");
        boolean repeats = time.size() == 1
                && rows.stream().map(row -> row.cell(time.get(0))).distinct().count() < rows.size();
        List<ValueColumn> values = new ArrayList<>();
        if (targets.isEmpty()) {
            for (int i = 0; i < header.size(); i++) {
                if (taken.contains(i)) continue;
                String name = header.get(i);
                boolean counts = COUNTERS.matcher(name).matches() || repeats && isNumber(name)
                        || options.id() == null && !table.isNamed(i) && i == 0;
                boolean isNumber = TimeFinder.isCounter(rows, i, repeats)
                        || isReceipt(name) && TimeFinder.areDifferentNumbers(rows, i);
                if (counts && !time.isEmpty() && header.size() > 2 && isNumber) {
                    log.add(RepairReport.Kind.ROW_NUMBERS, 1, () -> Printable.shortened(name));
                    continue;
                }
                Matcher forecast = FORECASTS.matcher(name);
                if (forecast.matches() && header.contains(forecast.group(1))) {
                    log.add(RepairReport.Kind.FORECASTS, 1, () -> Printable.shortened(name));
                    continue;
                }
                values.add(new ValueColumn(table, rows, file, i, false, options.categories()));
                values.get(values.size() - 1).isId = options.id() == null && isLongId(rows, header, i, time, taken);
            }
        } else {
            // The hour in date+hour may also be a value, because it is a driver with a known future.
            time.stream().skip(1).forEach(taken::remove);
            for (String target : targets) {
                int column = find(file, header, target);
                if (!taken.add(column)) {
                    throw new DataException(file, 0, target,
                            "is named as a target, but is already the time, the id or another target");
                }
                values.add(new ValueColumn(table, rows, file, column, true, options.categories()));
            }
        }
        if (values.isEmpty()) {
            throw new DataException(file, 0, null, "expected columns of values, found "
                    + (options.ignored().isEmpty() ? "only " : "none that is not ignored among ") + quoted(header));
        }
        for (ValueColumn column : values) if (!taken.contains(column.index + 1)) column.findSigns(table, rows);
        String timeName = time.isEmpty() ? ROW_NUMBER : time.stream().map(header::get).collect(Collectors.joining("+"));
        if (time.isEmpty()) {
            Optional<ValueColumn> labels = values.stream().filter(one -> areLabels(rows, one.index)).findFirst();
            log.add(RepairReport.Kind.TIMES_MISSING, 1,
                    labels.isEmpty()
                            ? null
                            : () -> Printable.quoted(labels.get().name) + " has no times that are understood, such as "
                                    + Printable.quoted(rows.get(0).cell(labels.get().index)));
        }
        if (time.size() == 1 && finder.areExcelDays(time.get(0))) format = TimeFormat.EXCEL_DAYS;
        List<String> cells = time.size() == 1 && format == null ? TimeFinder.cells(rows, time.get(0)) : List.of();
        String range = TimeColumn.accepts(cells, true) ? null : range(cells);
        boolean endsAtNext = range != null && endsAtNext(cells, range);
        return new ColumnLayout(timeName, time, finder.joints(time), range, endsAtNext, format, ids, values);
    }

    /** True if the texts of a column contain digits and all differ, like periods in an unsupported format. */
    private static boolean areLabels(List<Row> rows, int column) {
        List<String> cells = rows.stream().map(row -> row.cell(column)).toList();
        return cells.size() > 2 && Set.copyOf(cells).size() == cells.size() && cells.stream()
                .allMatch(cell -> cell.chars().anyMatch(Character::isDigit) && !NumberParser.isNumber(cell));
    }

    /**
     * Whether numbers as long as epochs, or behind a zero, in front of the time are ids: few of them differ, or the name says so,
     * and other numbers stand beside them.
     */
    static boolean isLongId(List<Row> rows, List<String> header, int column, List<Integer> time, Set<Integer> taken) {
        if (rows.isEmpty() || time.isEmpty() || column > time.get(0)) return false;
        List<String> cells = TimeFinder.cells(rows, column);
        return cells.stream().allMatch(cell -> LONG_NUMBER.matcher(cell).matches())
                && (Set.copyOf(cells).size() * 2 <= cells.size() || isNumber(header.get(column)))
                && IntStream.range(0, header.size())
                        .anyMatch(i -> i != column && !taken.contains(i) && NumberParser.isNumber(rows.get(0).cell(i)));
    }

    /** The indices of the id columns, which the options name between commas; none without. */
    private static List<Integer> ids(String file, List<String> header, CsvOptions options) throws DataException {
        if (options.id() == null) return header.contains(USUAL_ID) ? List.of(header.indexOf(USUAL_ID)) : List.of();
        List<Integer> ids = new ArrayList<>();
        for (String name : names(options.id(), header)) ids.add(find(file, header, name));
        if (Set.copyOf(ids).size() == ids.size()) return ids;
        throw new DataException(file, 0, options.id(), "names a column of ids twice");
    }

    /** The id columns that are named so: one, or several between commas. */
    static List<String> names(String id, List<String> header) {
        return header.contains(id) ? List.of(id) : splitId(id);
    }

    /** Ids of several columns as one text: their cells between commas, with a backslash before a comma or backslash in a cell. */
    static String joinedId(List<String> cells) {
        return String.join(",", cells.stream().map(cell -> cell.replace("\\", "\\\\").replace(",", "\\,")).toList());
    }

    static List<String> splitId(String id) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c == '\\' && i + 1 < id.length() ? id.charAt(++i) : c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    /** The id of a row: the cell of its id column, or those of several. Empty where one is. */
    static String id(Row row, List<Integer> ids) {
        if (ids.size() == 1) return row.cell(ids.get(0));
        List<String> cells = ids.stream().map(row::cell).toList();
        return cells.contains("") ? "" : joinedId(cells);
    }

    /** The time of a row as one text; null where the rows are numbered. */
    String timeOf(Row row) {
        if (time.isEmpty()) return null;
        String text = timeOf(row, time, joints);
        int end = range == null ? -1 : text.indexOf(range);
        return end < 0 ? text : text.substring(0, end);
    }

    static String timeOf(Row row, List<Integer> time, List<Joint> joints) {
        if (time.size() == 1) return row.cell(time.get(0));
        StringBuilder text = new StringBuilder(MIDNIGHT.matcher(row.cell(time.get(0))).replaceFirst(""));
        for (int i = 1; i < time.size(); i++) {
            Joint joint = joints.get(i - 1);
            text.append(joint.text).append(joint.written.apply(row.cell(time.get(i))));
        }
        return text.toString();
    }

    private static List<Integer> namedTime(String file, List<String> header, String name) throws DataException {
        if (header.contains(name)) return List.of(header.indexOf(name));
        List<Integer> time = new ArrayList<>();
        for (String part : name.split("\\+")) time.add(find(file, header, part.strip()));
        return time;
    }

    static int find(String file, List<String> header, String name) throws DataException {
        int column = header.indexOf(name);
        if (column >= 0) return column;
        boolean isPart = header.stream().anyMatch(one -> one.contains(",") && one.contains(name));
        throw new DataException(file, 0, name, "no such column; the columns are " + quoted(header)
                + (isPart ? "; a comma within a name is written as \\," : ""));
    }

    /** Whether a column of this name numbers receipts. */
    static boolean isReceipt(String name) {
        return RECEIPTS.matcher(name).matches();
    }

    /** Whether a column of this name numbers documents, customers or the like. */
    static boolean isNumber(String name) {
        return DOCUMENTS.matcher(name).matches();
    }

    private static boolean endsAtNext(List<String> cells, String range) {
        return IntStream.range(1, cells.size())
                .anyMatch(i -> cells.get(i).startsWith(cells.get(i - 1).split(Pattern.quote(range), 2)[1] + range));
    }

    /** The text between two times in each cell, such as {@code " - "}; null unless every cell holds two times. */
    static String range(List<String> cells) {
        if (cells.isEmpty()) return null;
        for (String joint : RANGES) {
            if (!cells.stream().allMatch(cell -> cell.contains(joint))) continue;
            List<String[]> ranges = cells.stream().map(cell -> cell.split(Pattern.quote(joint), 2)).toList();
            boolean times = TimeColumn.accepts(ranges.stream().map(range -> range[0]).toList(), false)
                    && TimeColumn.accepts(ranges.stream().map(range -> range[1]).toList(), false);
            if (times) return joint;
        }
        return null;
    }

    static String quoted(List<String> names) {
        String first = names.stream().limit(PEEKED).map(Printable::quoted).collect(Collectors.joining(", "));
        return names.size() > PEEKED ? first + ", …" : first;
    }
}
