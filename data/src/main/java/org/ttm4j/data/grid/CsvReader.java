package org.ttm4j.data.grid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.data.grid.RepairReport.Kind;
import org.ttm4j.data.grid.RepeatedTimes.TextColumn;
import org.ttm4j.data.grid.TimeFinder.Joint;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.CsvLimits;
import org.ttm4j.data.text.Growable;
import org.ttm4j.data.text.NumberParser;
import org.ttm4j.data.text.Row;
import org.ttm4j.data.text.RowReader;
import org.ttm4j.data.time.TimeColumn;

/**
 * Reads time series from files as people have them: tables with a delimiter, plain or gzip, Excel workbooks and JSON lines.
 * Encoding, delimiter, comments, header and decimal mark are found from the first rows, unless the options state them;
 * {@code docs/files.md} says how.
 *
 * <p><b>Shapes of file.</b> A wide file has a time column and a column for each channel. A long file has an id column
 * as well, and the rows with one id are one series.
 *
 * <p>Times with an offset are counted in UTC. Text among numbers and infinite values are errors. Steps without a row
 * are missing, or 0 where the {@linkplain org.ttm4j.data.time.TimeOptions#fill options} or the values say so; the
 * {@link RepairReport} counts all repairs. In a file with an id column, series that cannot be read are left out and
 * reported in {@link CsvFile#rejected}.
 *
 * <p>Input is not trusted: the numbers of columns and rows, the length of cells and the length of the grid are bounded,
 * rows and grid by the heap.
 *
 * <pre>{@code
 * CsvFile file = CsvReader.read(Path.of("ETTh1.csv"), CsvOptions.defaults());
 * TimeSeries series = file.series().get(0);
 * series.axis().labelAt(series.length()); // the time of the first forecast step: "2018-06-26 20:00:00"
 * }</pre>
 *
 * The static methods are thread-safe.
 */
public final class CsvReader {
    /** The bytes of memory that a series takes beside its values: objects, names of channels, the entry of its id. */
    private static final int SERIES_BYTES = 400;
    /** The bytes of memory that the error of a series takes, with its stack trace. */
    private static final int REJECTED_BYTES = 2000;
    /** The most rows without a time at the end of a file. */
    private static final int LONGEST_END = 30;
    /** The fewest columns of values in a table that may contain rows of events. */
    private static final int FEWEST_BESIDE_EVENTS = 3;
    /** What other encodings look like in windows-1252: three letters in a row, signs in words, or letters in odd places; not units. */
    private static final Pattern OTHER_ENCODING = Pattern
            .compile("\uFFFD|[^\\x00-\\x7f°²³·]{3}|\\p{L}(¹\\p{L}|¿)|[\\p{L}&&[^m]]³\\p{L}"
                    + "|[ìùÌ]\\p{L}|(?<!\\p{L})[èÈ]\\p{Ll}|(?<!j)ø[ií]|\\p{L}[ýõþ](?!\\p{L})");

    private final String file;
    private final CsvOptions options;
    private final Table table;
    private final ColumnLayout layout;
    private final List<ValueColumn> columns;
    private final TimeColumn time; // empty where the rows are numbered
    private final NumberParser numbers;
    private final RepeatedTimes repeats;
    private final List<TextColumn> staticColumns = new ArrayList<>();
    private final CsvLimits.Budget memory;
    private final RepairReport.Log log = new RepairReport.Log();
    private final Rows rows;
    private final Map<String, Growable.Ints> rowsById = new LinkedHashMap<>();
    /** The series that the file continues, by their ids; none when it stands alone. */
    private final Map<String, TimeSeries> histories = new LinkedHashMap<>();
    private List<Integer> ids; // the indices of the id columns

    private CsvReader(RowReader reader, String file, CsvOptions options, CsvLimits limits, List<TimeSeries> history)
            throws IOException {
        this.file = file;
        this.options = options;
        for (TimeSeries series : history) histories.put(series.id(), series);
        table = new Table(reader, file, options, limits, log);
        if (options.dialect().encoding() == null && "windows-1252".equals(String.valueOf(table.dialect.encoding()))) {
            table.header.stream()
                    .filter(OTHER_ENCODING.asPredicate())
                    .findFirst()
                    .ifPresent(name -> log.add(Kind.ENCODING_ASSUMED, 1, () -> Printable.quoted(name)));
        }
        layout = ColumnLayout.of(file, table, options, log);
        columns = layout.values();
        time = new TimeColumn(file, layout.timeName(), layout.timeFormat());
        numbers = table.numbers();
        ids = layout.ids();
        repeats = new RepeatedTimes(table, layout);
        for (String name : options.staticColumns()) {
            staticColumns.add(new TextColumn(name, ColumnLayout.find(file, table.header, name), true));
        }
        memory = new CsvLimits.Budget(file, limits.bytes());
        rows = new Rows(file, layout.timeName(), columns.stream().map(column -> column.name).toList(), options.times(),
                limits, log, repeats);
        rows.areTexts = column -> columns.get(column).areTexts();
    }

    /**
     * Reads a file.
     *
     * @throws DataException when the content is not as described above; the message names line and column
     * @throws IOException when the file cannot be opened or read
     */
    public static CsvFile read(Path path, CsvOptions options) throws IOException {
        return read(Files.newInputStream(path), path.toString(), options, CsvLimits.ofThisMachine(), List.of());
    }

    /**
     * Reads a stream to its end and closes it, also after an error.
     *
     * @param name the name to use in messages
     * @throws DataException when the content is not as described above; the message names line and column
     * @throws IOException when the stream cannot be read
     */
    public static CsvFile read(InputStream in, String name, CsvOptions options) throws IOException {
        return read(in, name, options, CsvLimits.ofThisMachine(), List.of());
    }

    /**
     * As {@link #read(InputStream, String, CsvOptions)}, with little memory.
     *
     * @param bytes for the rows; the series can take as much again
     */
    public static CsvFile read(InputStream in, String name, CsvOptions options, long bytes) throws IOException {
        return read(in, name, options, CsvLimits.of(bytes), List.of());
    }

    /**
     * As {@link #read(InputStream, String, CsvOptions)}, for a table that is no file, such as the result of a query.
     *
     * @param rows the names of the columns, then the rows; the caller closes them
     */
    public static CsvFile read(RowReader rows, String name, CsvOptions options) throws IOException {
        return new CsvReader(rows, name, options, CsvLimits.ofThisMachine(), List.of()).read();
    }

    /**
     * Reads the known future of a history: one row or more, on the time axes of the history, so that index 0 of a
     * series is the step after the end of the history with the same id. Earlier rows, rows between the steps, and
     * series without a history are left out. Where the file leaves the order of day and month open, the history decides
     * it.
     *
     * @param history the series that the file continues, at least one
     * @return a series for each history that the file has rows of
     * @throws DataException when the content is not as described above; the message names line and column
     * @throws IOException when the file cannot be opened or read
     * @throws IllegalArgumentException when the history is empty
     */
    public static CsvFile readFuture(Path path, CsvOptions options, List<TimeSeries> history) throws IOException {
        if (history.isEmpty()) throw new IllegalArgumentException("a known future needs a history, found no series");
        return read(Files.newInputStream(path), path.toString(), options, CsvLimits.ofThisMachine(), history);
    }

    static CsvFile read(InputStream in, String name, CsvOptions options, CsvLimits limits, List<TimeSeries> history)
            throws IOException {
        try (in; RowReader rows = Readers.open(in, name, options, limits)) {
            return new CsvReader(rows, name, options, limits, history).read();
        } catch (IOException e) {
            throw DataException.unreadable(name, 0, e);
        }
    }

    private CsvFile read() throws IOException {
        readRows();
        if (numbers.assumed() != null) log.add(Kind.DECIMAL_MARK_ASSUMED, 1, numbers::assumed);
        if (layout.time().isEmpty()) {
            rows.format = TimeFormat.counting(TimeFormat.NUMBERS, 0);
        } else {
            TimeColumn.Reading reading = time.resolve(
                    histories.values().stream().findFirst().map(history -> history.axis().format()).orElse(null),
                    options.times().zone());
            rows.times = reading.times();
            rows.format = reading.format();
        }
        findSeries();
        if (rowsById.size() > 1) {
            rows.last = rows.times.stream().max().orElseThrow();
        }
        if (histories.isEmpty() && !options.keepsFillValues()) ignoreFills();
        for (ValueColumn column : columns) if (!ids.contains(column.index)) column.report(log);
        int[] numeric = IntStream.range(0, columns.size()).filter(c -> columns.get(c).isNumeric()).toArray();
        if (numeric.length == 0) {
            throw new DataException(file, 0, null, "no column holds numbers, except the time; the columns are "
                    + ColumnLayout.quoted(table.header)
                    + columns.stream().map(ValueColumn::text).filter(Objects::nonNull).findFirst().orElse("")
                    + "; a column has one unit, and 1 and 0 for on and off; --delimiter says what stands between columns");
        }
        List<GridBuilder> grids = new ArrayList<>();
        List<DataException> rejected = new ArrayList<>();
        for (String name : rowsById.keySet()) {
            if (!histories.isEmpty() && !histories.containsKey(name)) continue;
            for (int column : numeric) {
                if (options.keepsFillValues() || columns.get(column).areTexts()) continue;
                // Fill values go before anything reads the values; those of a known future are found by the history.
                TimeSeries history = histories.get(name);
                int channel = history == null ? -1 : history.channels().indexOf(columns.get(column).name);
                double[] before = channel < 0 ? new double[0] : history.doubleChannel(channel);
                rows.removeFillValues(rowsById.get(name), column, before);
            }
            try {
                grids.add(grid(name, numeric.length));
            } catch (DataException e) {
                memory.take(REJECTED_BYTES, 0);
                rejected.add(e);
            }
        }
        SharedSteps.decide(grids);
        List<TimeSeries> series = new ArrayList<>();
        for (GridBuilder grid : grids) {
            long before = grid.bytes(numeric.length);
            series.add(grid.series(numeric));
            // The grid is longer if zeros extend it to the last time of the file.
            memory.take(grid.bytes(numeric.length) - before, 0);
        }
        if (series.isEmpty() && !rejected.isEmpty()) throw rejected.get(0);
        List<String> joints = layout.joints()
                .stream()
                .map(joint -> joint == Joint.HALF_HOUR ? CsvFile.Layout.HALF_HOUR : joint.text)
                .toList();
        List<String> idNames = ids.stream().map(table.header::get).toList();
        String id = ids.size() > 1 ? ColumnLayout.joinedId(idNames) : ids.isEmpty() ? null : idNames.get(0);
        CsvFile.Layout form = new CsvFile.Layout(layout.timeName(), joints, layout.endsAtNext() ? layout.range() : null,
                id, table.header, table.dialect.withDecimal(numbers.mark()), table.form(), table.reader.texts());
        return new CsvFile(series, form, staticTexts(), log.report(), rejected);
    }

    /** Leaves out columns with only a fill value such as -9999, if there are other columns. */
    private void ignoreFills() {
        long numeric = columns.stream().filter(ValueColumn::isNumeric).count();
        for (ValueColumn column : columns) if (numeric > 1 && column.ignoreFill()) numeric--;
    }

    /** The text of each static column for each series. */
    private Map<String, List<String>> staticTexts() throws DataException {
        Map<String, List<String>> texts = new HashMap<>();
        for (TextColumn column : staticColumns) {
            for (Map.Entry<String, Growable.Ints> series : rowsById.entrySet()) {
                String known = null;
                for (int i = 0; i < series.getValue().size(); i++) {
                    int row = series.getValue().get(i);
                    String cell = column.cell(row);
                    if (cell.equals(known) || NumberParser.isMissing(cell)) continue;
                    if (known != null) {
                        throw new DataException(file, rows.line(row), column.name(),
                                "expected one text for the whole series, found " + Printable.quoted(cell) + " after "
                                        + Printable.quoted(known));
                    }
                    known = cell;
                }
                texts.computeIfAbsent(series.getKey(), id -> new ArrayList<>()).add(known);
            }
        }
        return texts;
    }

    private void readRows() throws IOException {
        boolean havePartsOfYears = havePartsOfYears();
        List<Row> tail = new ArrayList<>(); // rows without a time, which only the end of the file can have
        DataException problem = null;
        for (Row read = table.next(); read != null; read = table.next()) {
            long line = read.line();
            if (read.isBlank()) {
                log.add(Kind.ROWS_BLANK, 1, () -> "line " + line);
                continue;
            }
            if (havePartsOfYears && TimeFinder.isWholeYear(layout.timeOf(read))) {
                log.add(Kind.WHOLE_YEARS, 1, () -> "line " + line);
                continue;
            }
            Row row;
            try {
                row = read.ofWidth(table.header.size(), file);
                if (!layout.time().isEmpty()) time.add(layout.timeOf(row), line);
            } catch (DataException e) {
                problem = problem == null ? e : problem;
                tail.add(read);
                if (!couldEnd(read) || tail.size() > LONGEST_END) throw problem;
                continue;
            }
            if (problem != null) throw problem;
            add(row);
        }
        for (String key : table.reader.late()) log.add(Kind.KEYS_LATE, 1, () -> key);
        int fewest = histories.isEmpty() ? 2 : 1;
        if (rows.size() < fewest) {
            if (problem != null) throw problem;
            throw new DataException(file, 0, null, "expected at least " + fewest + (fewest == 1 ? " row" : " rows")
                    + " of data, found " + rows.size());
        }
        for (Row row : tail) {
            String first = Stream.of(row.cells()).filter(cell -> !cell.isEmpty()).findFirst().orElse("");
            log.add(Kind.ROWS_AT_END, 1, () -> "line " + row.line() + " (" + Printable.quoted(first) + ")");
        }
    }

    /** True if some of the first rows are parts of years; rows of whole years are then left out. */
    private boolean havePartsOfYears() throws IOException {
        if (layout.time().isEmpty()) return false;
        return table.peek(ColumnLayout.PEEKED)
                .stream()
                .map(layout::timeOf)
                .anyMatch(time -> !TimeFinder.isWholeYear(time)
                        && TimeColumn.accepts(List.of(time), true, layout.timeFormat()));
    }

    /** Takes a column of text as the id which the caller has not named, where it tells the rows of each time apart. */
    private void findSeries() throws DataException {
        if (!ids.isEmpty()) return;
        if (layout.time().isEmpty()) {
            // Nothing shows whether these rows are those of one series.
            repeats.recurring()
                    .filter(text -> !options.ignored().contains(text.name()))
                    .ifPresent(text -> log.add(Kind.SERIES_JOINED, 1, () -> Printable.shortened(text.name())));
            return;
        }
        TextColumn found = histories.isEmpty()
                ? repeats.naming(rows.times)
                : histories.containsKey(null) ? null : repeats.having(histories.keySet());
        if (found == null || options.ignored().contains(found.name())) return;
        ids = List.of(found.index());
        rowsById.clear();
        for (int row = 0; row < rows.size(); row++) rowsOf(found.cell(row), rows.line(row)).add(row);
        log.add(Kind.SERIES_FOUND, 1, () -> Printable.shortened(found.name()));
    }

    /**
     * Whether a row without a time can stand at the end, as a total or a remark: the time is missing or a word, or the row is
     * narrower than the table.
     */
    private boolean couldEnd(Row row) {
        String cell = row.cell(layout.time().isEmpty() ? 0 : layout.time().get(0));
        if (cell.isEmpty() || !Character.isDigit(cell.charAt(0)) && !NumberParser.isMissing(cell)) return true;
        return !layout.time().isEmpty() && row.size() < table.header.size() && !time.continues(layout.timeOf(row));
    }

    private void add(Row row) throws DataException {
        String name = ids.isEmpty() ? null : ColumnLayout.id(row, ids);
        if (name != null && name.isEmpty()) {
            throw new DataException(file, row.line(), options.id(), "expected the id of a series, found an empty cell");
        }
        Growable.Ints own = rowsOf(name, row.line());
        own.add(rows.size());
        if (layout.time().isEmpty()) rows.times.add(own.size());
        long bytes = 8L * (columns.size() + Math.max(1, time.readings())) + 3 * Integer.BYTES + repeats.add(row);
        for (TextColumn column : staticColumns) bytes += column.add(row);
        memory.take(bytes, row.line());
        rows.addLine(row.line());
        double[] values = new double[columns.size()];
        try {
            for (int c = 0; c < values.length; c++) {
                values[c] = columns.get(c).read(row, numbers);
            }
        } catch (DataException e) {
            if (!isEvent(row)) throw e;
            Arrays.fill(values, Double.NaN);
            log.add(Kind.ROWS_OF_TEXT, 1,
                    () -> "line " + row.line() + " (" + Printable.shortened(row.cell(columns.get(0).index)) + ")");
        }
        for (double value : values) rows.add(value);
    }

    /** True if a row reports an event, such as a dividend among prices: it has few numbers and lacks cells. */
    private boolean isEvent(Row row) {
        long numbers = columns.stream().filter(column -> NumberParser.isNumber(row.cell(column.index))).count();
        long missing = columns.stream().filter(column -> NumberParser.isMissing(row.cell(column.index))).count();
        return columns.size() >= FEWEST_BESIDE_EVENTS && numbers * 2 < columns.size() && missing * 2 >= columns.size();
    }

    private Growable.Ints rowsOf(String name, long line) throws DataException {
        if (!rowsById.containsKey(name)) memory.take(SERIES_BYTES + (name == null ? 0 : 2L * name.length()), line);
        return rowsById.computeIfAbsent(name, id -> new Growable.Ints());
    }

    private GridBuilder grid(String id, int channels) throws DataException {
        TimeSeries history = histories.get(id);
        GridBuilder grid = new GridBuilder(rows, id, rowsById.get(id));
        if (history == null) grid.build();
        else grid.buildOn(history.axis().from(history.length()));
        memory.take(grid.bytes(channels) + SERIES_BYTES, 0);
        return grid;
    }
}
