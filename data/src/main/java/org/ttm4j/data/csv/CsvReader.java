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
 * Reads time series from a CSV with a header line: plain or gzip, UTF-8, delimited by comma, semicolon or tab.
 *
 * <p><b>Shapes of file.</b> A wide file has a time column and a column for each channel. A long file has an id column
 * as well, and the rows with one id are one series.
 *
 * <p><b>Times.</b> {@code 2016-07-01}, followed or not by {@code T} or a blank and {@code 13}, {@code 13:00},
 * {@code 13:00:00} or {@code 13:00:00.250}, by {@code AM} or {@code PM}, and by {@code Z} or an offset;
 * {@code 2016/7/1}, {@code 1.7.2016}, {@code 7/1/2016} or {@code 1/7/2016} (whichever all rows allow), each with or
 * without a time of day; {@code 2016-07}, {@code 20160701}, {@code 2016070113}, {@code 201607011300},
 * {@code 20160701130000}, {@code 2016}; seconds or milliseconds since 1970, with or without decimals, unless all rows
 * can be the digits of a date. Digits beyond milliseconds are dropped. Times with an offset are counted in UTC and
 * written again with the offset of the last row.
 *
 * <p><b>Values.</b> An empty cell, {@code NA}, {@code N/A}, {@code NaN}, {@code null}, {@code none}, {@code -},
 * {@code --}, {@code ?} and {@code .} are missing values, in any case. A decimal comma is read where the delimiter is a
 * semicolon. Text among numbers and infinite values are errors. A column without any number is left out, unless the
 * options name it.
 *
 * <p><b>Grid.</b> The frequency is the most frequent difference between times; it is a number of calendar months where
 * the differences are those of months, quarters, half-years or years. Rows are sorted, and each goes to the nearest
 * step. Where a time is repeated, the last value of each column is kept. Steps without a row are missing. The
 * {@link RepairReport} counts all of these repairs. Rows that look like several series under the same times are an
 * error in a file without an id column. In a file with one, series that cannot be read are left out and reported in
 * {@link CsvFile#rejected}.
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

    /** @param history the series that the file continues; empty when it stands alone */
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
     * @throws DataException when the content is not as described above; the message names line and column
     * @throws IOException when the file cannot be opened or read
     */
    public static CsvFile read(Path path, CsvOptions options) throws IOException {
        return read(Files.newInputStream(path), path.toString(), options);
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
        return read(in, name, options, CsvLimits.ofThisMachine().withBytes(bytes), List.of());
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
        try (in; CsvSource source = new CsvSource(in, name, limits)) {
            return new CsvReader(name, options, limits, history).read(source);
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
        if (numeric.isEmpty()) throw new DataException(file, 0, null, "no column holds numbers, except the time");
        TimeColumn.Reading reading = time.resolve(expectedFormat);
        RepeatedTimes repeats = new RepeatedTimes(cells, layout.values().size(), candidates);
        List<TimeSeries> series = new ArrayList<>();
        List<DataException> rejected = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<String, Growable.Ints> entry : rowsById.entrySet()) {
            if (!histories.isEmpty() && !histories.containsKey(entry.getKey())) continue;
            try {
                series.add(series(entry.getKey(), entry.getValue(), layout, numeric, reading, repeats));
            } catch (DataException e) {
                rejected.add(e);
                continue;
            }
            bytes += (long) numeric.size() * series.get(series.size() - 1).length() * Float.BYTES;
            if (bytes > limits.bytes()) {
                throw new DataException(file, 0, null, "the series are too large with all steps between their rows: "
                        + series.size() + " of " + rowsById.size() + " take " + bytes + " bytes");
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
            throw new DataException(file, row.line(), options.id(), "expected the id of a series, found an empty cell");
        }
        return id;
    }

    private void checkMemory(int columns, int readings, int hashes) throws DataException {
        long rows = lines.size();
        long bytes = rows * (4L * columns + 8L * readings + 4L * hashes + 2 * 4) + rowsById.size() * 200L;
        if (bytes > limits.bytes() || rows * columns > Integer.MAX_VALUE - 16L * columns - ROWS_BETWEEN_CHECKS) {
            throw new DataException(file, lines.get(lines.size() - 1), null, "the file is too large: " + rows
                    + " rows of " + columns + " columns so far; read fewer columns or give the JVM more memory (-Xmx)");
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
