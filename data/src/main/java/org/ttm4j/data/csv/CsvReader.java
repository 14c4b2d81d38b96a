package org.ttm4j.data.csv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;

/**
 * Reads time series from a CSV with a header, plain or gzip, UTF-8, delimited by comma, semicolon or tab.
 *
 * <p><b>Shapes of file.</b> Wide: a time column and columns of values. Long: an id column as well; every id becomes a
 * series.
 *
 * <p><b>Times.</b> {@code 2016-07-01}, with {@code T} or a blank and {@code 13}, {@code 13:00}, {@code 13:00:00} or
 * {@code 13:00:00.250} after it, {@code AM} or {@code PM} after that, and {@code Z} or an offset at the end;
 * {@code 2016/7/1}, {@code 1.7.2016}, {@code 7/1/2016} or {@code 1/7/2016} (whichever all rows allow), each with a time
 * of day or not; {@code 2016-07}, {@code 20160701}, {@code 2016070113}, {@code 201607011300}, {@code 20160701130000},
 * {@code 2016}; seconds or milliseconds since 1970, with decimals or not, unless all rows can be such digits of a date.
 * Finer parts than milliseconds are dropped. Times with an offset are counted in UTC and written again at the offset
 * last read.
 *
 * <p><b>Values.</b> Missing: an empty cell, {@code NA}, {@code N/A}, {@code NaN}, {@code null}, {@code none},
 * {@code -}, {@code --}, {@code ?}, {@code .}, in any case. A decimal comma is read where the delimiter is a semicolon.
 * Text among numbers and infinite values are errors; a column without any number is left out unless it was named.
 *
 * <p><b>Grid.</b> The step is the most frequent difference between times, calendar months where the differences are
 * those of months, quarters, half-years or years. Every row goes to its nearest step, rows are sorted, a repeated time
 * keeps the last value of each cell, and steps without a row are missing. All of this is counted in the
 * {@link RepairReport}. Rows that look like several series under the same times, without an id column, are an error; of a
 * file with one, series that cannot be read are left out and told.
 *
 * <p>Input is not trusted: columns, cells, rows and the length of the grid are bounded (rows by the heap).
 *
 * <pre>{@code
 * CsvFile file = CsvReader.read(Path.of("ETTh1.csv"), CsvOptions.defaults());
 * TimeSeries series = file.series().get(0);
 * series.axis().labelAt(series.length()); // the time of the first forecast step: "2018-06-26 20:00:00"
 * }</pre>
 */
public final class CsvReader {
    private static final int ROWS_BETWEEN_CHECKS = 256;

    private final String file;
    private final CsvOptions options;
    private final CsvLimits limits;
    private final RepairLog log = new RepairLog();
    private final Growable.Floats cells = new Growable.Floats(); // rows × values
    private final Growable.Ints lines = new Growable.Ints();
    private final Map<String, Growable.Ints> rowsById = new LinkedHashMap<>();
    private final Map<String, TimeSeries> histories = new HashMap<>();
    private final TimeFormat expectedFormat;

    /** @param history what the file continues; empty if it stands alone */
    private CsvReader(String file, CsvOptions options, CsvLimits limits, List<TimeSeries> history) {
        this.file = file;
        this.options = options;
        this.limits = limits;
        for (TimeSeries series : history) histories.put(series.id(), series);
        expectedFormat = history.isEmpty() ? null : history.get(0).axis().format();
    }

    /**
     * Reads a file.
     *
     * @throws DataException when the file is not as described above; the message names line and column
     * @throws IOException when the file cannot be opened or read
     */
    public static CsvFile read(Path path, CsvOptions options) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, path.toString(), options);
        }
    }

    /**
     * Reads a stream to its end and closes it.
     *
     * @param name the name to use in messages
     * @throws DataException when the content is not as described above; the message names line and column
     * @throws IOException when the stream cannot be read
     */
    public static CsvFile read(InputStream in, String name, CsvOptions options) throws IOException {
        return read(in, name, options, CsvLimits.ofThisMachine());
    }

    static CsvFile read(InputStream in, String name, CsvOptions options, CsvLimits limits) throws IOException {
        try (CsvSource source = new CsvSource(in, name, limits)) {
            return new CsvReader(name, options, limits, List.of()).read(source);
        }
    }

    /**
     * Reads what is known of the time after a history, one row or more, on the history's time axes: index 0 of a series is
     * the step after the end of the history with the same id. Earlier rows, rows between the steps, and series without a
     * history are left out. The history decides the order of day and month where the file leaves it open.
     *
     * @param history not empty
     * @return series for those histories that the file has rows of
     * @throws DataException when the content is not as described above; the message names line and column
     * @throws IOException when the file cannot be opened or read
     */
    public static CsvFile readFuture(Path path, CsvOptions options, List<TimeSeries> history) throws IOException {
        CsvLimits limits = CsvLimits.ofThisMachine();
        try (InputStream in = Files.newInputStream(path);
                CsvSource source = new CsvSource(in, path.toString(), limits)) {
            return new CsvReader(path.toString(), options, limits, history).read(source);
        }
    }

    private CsvFile read(CsvSource source) throws IOException {
        ColumnLayout layout = ColumnLayout.of(file, source, options);
        TimeColumn time = new TimeColumn(file, layout.timeName());
        IdCandidates candidates = new IdCandidates(source, layout);
        readRows(source, layout, time, candidates);
        int fewest = histories.isEmpty() ? 2 : 1;
        if (lines.size() < fewest) {
            throw new DataException(file, 0, null, "expected at least " + fewest + (fewest == 1 ? " row" : " rows")
                    + " of data, found " + lines.size());
        }
        for (ValueColumn column : layout.values()) column.report(log);
        List<ValueColumn> numeric = layout.values().stream().filter(ValueColumn::isNumeric).toList();
        if (numeric.isEmpty()) throw new DataException(file, 0, null, "no column of numbers besides the time");
        TimeColumn.Reading reading = time.resolve(expectedFormat);
        RepeatedTimes repeats = new RepeatedTimes(cells, layout.values().size(), candidates);
        List<TimeSeries> series = new ArrayList<>();
        List<DataException> rejected = new ArrayList<>();
        for (Map.Entry<String, Growable.Ints> entry : rowsById.entrySet()) {
            if (!histories.isEmpty() && !histories.containsKey(entry.getKey())) continue;
            try {
                series.add(series(entry.getKey(), entry.getValue(), layout, numeric, reading, repeats));
            } catch (DataException e) {
                rejected.add(e);
            }
        }
        if (series.isEmpty() && !rejected.isEmpty()) throw rejected.get(0);
        return new CsvFile(series, layout.timeName(), log.report(), rejected);
    }

    private void readRows(CsvSource source, ColumnLayout layout, TimeColumn time, IdCandidates candidates)
            throws IOException {
        NumberParser parser = new NumberParser(source.delimiter() == ';');
        List<ValueColumn> values = layout.values();
        for (CsvSource.Row row = source.next(); row != null; row = source.next()) {
            long line = row.line();
            if (row.isBlank()) {
                log.add(RepairReport.Kind.ROWS_BLANK, 1, () -> "line " + line);
                continue;
            }
            time.add(layout.timeOf(row), line);
            candidates.add(row);
            for (ValueColumn column : values) cells.add(column.read(row.cell(column.index()), line, parser));
            rowsById.computeIfAbsent(idOf(row, layout), id -> new Growable.Ints()).add(lines.size());
            lines.add((int) Math.min(line, Integer.MAX_VALUE));
            if (lines.size() % ROWS_BETWEEN_CHECKS == 0) {
                checkMemory(values.size(), time.readings(), candidates.count());
            }
        }
    }

    private String idOf(CsvSource.Row row, ColumnLayout layout) throws DataException {
        if (layout.id() < 0) return null;
        String id = row.cell(layout.id());
        if (id.isEmpty()) {
            throw new DataException(file, row.line(), options.id(), "expected a series id, found an empty cell");
        }
        return id;
    }

    private void checkMemory(int columns, int readings, int hashes) throws DataException {
        long rows = lines.size();
        long bytes = rows * (4L * columns + 8L * readings + 4L * hashes + 2 * 4) + rowsById.size() * 200L;
        if (bytes > limits.bytes() || rows * columns > Integer.MAX_VALUE - 16L * columns - ROWS_BETWEEN_CHECKS) {
            throw new DataException(file, lines.get(lines.size() - 1), null, "too large: " + rows + " rows of "
                    + columns + " columns so far; read fewer columns or give the JVM more memory");
        }
    }

    private TimeSeries series(String id, Growable.Ints rows, ColumnLayout layout, List<ValueColumn> numeric,
            TimeColumn.Reading reading, RepeatedTimes repeats) throws DataException {
        GridBuilder grid = new GridBuilder(file, layout.timeName(), id, rows, reading, lines, limits);
        TimeSeries history = histories.get(id);
        int[] steps = history == null
                ? grid.build(log, repeats)
                : grid.buildOn(history.axis().from(history.length()), log, repeats);
        int columns = layout.values().size();
        float[][] values = new float[numeric.size()][];
        for (int c = 0; c < values.length; c++) {
            int column = layout.values().indexOf(numeric.get(c));
            values[c] = grid.emptyChannel();
            for (int i = 0; i < steps.length; i++) {
                float value = cells.get(grid.row(i) * columns + column);
                if (!Float.isNaN(value)) values[c][steps[i]] = value;
            }
        }
        List<String> names = numeric.stream().map(ValueColumn::name).toList();
        return new TimeSeries(id, names, grid.axis(), values);
    }
}
