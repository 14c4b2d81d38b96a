package org.ttm4j.eval.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvFile.Layout;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;

/**
 * Forecasts as a table in the dialect of the file that they continue: JSON lines, or CSV with the delimiter and the
 * decimal mark of the file. Columns are the id of the series, if the file has ids; the time, in two columns if the file
 * has two; a column for each forecast channel, in the order of the file; and, channel by channel, a column for each
 * quantile, such as {@code load.q0.1}, which is empty for a series without quantiles. Lines end with a line feed.
 * Numbers are the shortest decimals that are read as the same float, or as the same double if float is too coarse for
 * the series, without exponents and separators.
 *
 * @param forecasts a forecast for each series of the file
 * @param digits decimals to which the numbers are rounded; negative for no rounding
 * @param mean whether each channel has a column of means before its quantiles, such as {@code load.mean}, which is empty
 *     for a forecast without
 */
public record ForecastTable(CsvFile csv, List<Forecast> forecasts, int digits, boolean mean) {

    /** A cell of a column: a text, or a number, which is NaN if it is missing. */
    private interface Cell {
        Object of(TimeSeries series, Forecast forecast, int step);
    }

    private record Column(String name, Cell cell) {}

    /** Receives a row of the table: the names of the columns, or cells. */
    private interface Sink<T> {
        void row(T row) throws IOException;
    }

    /** Writes the header and all rows, series after series. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        if (csv.layout().form() == CsvFile.Form.JSON_LINES) {
            List<String> names = new ArrayList<>();
            write(names::addAll, row -> cells.object(out, names, csv.layout().texts(), row));
        } else {
            write(names -> cells.row(out, names), row -> cells.row(out, row));
        }
    }

    /** Writes an Excel workbook of one sheet. */
    public void writeWorkbook(OutputStream out) throws IOException {
        try (WorkbookRows rows = new WorkbookRows(out)) {
            write(rows::row, rows::row);
        }
    }

    private void write(Sink<List<String>> header, Sink<List<?>> rows) throws IOException {
        List<Column> columns = new ArrayList<>();
        Layout layout = csv.layout();
        for (int i = 0; i < layout.ids().size(); i++) {
            int part = i;
            columns.add(new Column(layout.ids().get(i), (series, forecast, step) -> layout.idCells(series).get(part)));
        }
        List<String> times = layout.joints().isEmpty()
                ? List.of(layout.time())
                : Stream.of(layout.time().split("\\+")).map(String::strip).toList();
        for (int i = 0; i < times.size(); i++) {
            int part = i;
            columns.add(new Column(times.get(i), (series, forecast, step) -> timeParts(series, step)[part]));
        }
        int first = columns.size();
        List<String> channels = IntStream.of(forecasts.get(0).channels())
                .mapToObj(csv.series().get(0).channels()::get)
                .toList();
        // For the series that is being written.
        List<DoubleFunction<Number>> numbers = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            int channel = c;
            columns.add(new Column(channels.get(c),
                    (series, forecast, step) -> numbers.get(channel).apply(forecast.value(channel, step))));
        }
        List<Column> inFile = inFile(columns, first);
        double[] levels = levels(forecasts);
        for (int c = 0; c < channels.size(); c++) {
            int channel = c;
            if (mean) {
                inFile.add(new Column(channels.get(c) + ".mean",
                        (series, forecast, step) -> numbers.get(channel).apply(forecast.mean(channel, step))));
            }
            for (int i = 0; i < levels.length; i++) {
                int level = i;
                inFile.add(new Column(channels.get(c) + ".q" + levels[i],
                        (series, forecast, step) -> forecast.quantiles().isEmpty()
                                ? Float.NaN
                                : numbers.get(channel).apply(forecast.quantiles().get().value(level, channel, step))));
            }
        }
        List<String> names = inFile.stream().map(Column::name).toList();
        requireDifferent(names);
        header.row(names);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            Forecast forecast = forecasts.get(i);
            numbers.clear();
            for (int channel : forecast.channels()) numbers.add(Cells.rounded(series, channel, digits));
            for (int step = 0; step < forecast.horizon(); step++) {
                int at = step;
                rows.row(inFile.stream().map(column -> column.cell.of(series, forecast, at)).toList());
            }
        }
    }

    /** The columns by their positions in the file; channels, from the first on, stay in their own order. */
    private List<Column> inFile(List<Column> columns, int first) {
        // −1 for a column that is not in the file, such as row numbers used as times.
        int[] places = columns.stream().mapToInt(column -> csv.layout().columns().indexOf(column.name)).toArray();
        Arrays.sort(places, first, places.length);
        return IntStream.range(0, places.length)
                .boxed()
                .sorted((a, b) -> Integer.compare(places[a], places[b]))
                .map(columns::get)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** The cells of the columns of the time. A date has the same number of blanks as its pattern. */
    private String[] timeParts(TimeSeries series, int step) {
        long at = series.length() + (long) step;
        String text = series.axis().labelAt(at);
        if (csv.layout().range() != null) text += csv.layout().range() + series.axis().labelAt(at + 1);
        List<String> joints = csv.layout().joints();
        String[] parts = new String[joints.size() + 1];
        for (int i = 0; i < joints.size(); i++) {
            int end = text.indexOf(joints.get(i));
            for (int blanks = i == 0 ? blanksInDate(series.axis().format().pattern()) : 0; blanks > 0; blanks--) {
                end = text.indexOf(' ', end + 1);
            }
            parts[i] = text.substring(0, end);
            text = text.substring(end + joints.get(i).length());
        }
        parts[joints.size()] = text;
        return parts;
    }

    /** The number of blanks in the date part of a pattern. */
    private static int blanksInDate(String pattern) {
        int hour = 0;
        while (hour < pattern.length() && "Hhk".indexOf(pattern.charAt(hour)) < 0) hour++;
        if (hour == pattern.length()) return 0;
        return (int) pattern.substring(0, hour).chars().filter(c -> c == ' ').count() - 1;
    }

    /** The quantile levels of the first forecast that has quantiles; all have the same levels or none. */
    public static double[] levels(List<Forecast> forecasts) {
        return forecasts.stream()
                .filter(forecast -> forecast.quantiles().isPresent())
                .findFirst()
                .map(forecast -> forecast.quantiles().get().levels())
                .orElse(new double[0]);
    }

    /** @throws DataException when two columns have one name */
    static void requireDifferent(List<String> columns) throws DataException {
        Set<String> different = new HashSet<>();
        for (String column : columns) {
            if (different.add(column)) continue;
            throw new DataException("table of forecasts", 0, column,
                    "occurs twice, as a column of the file and as one that the forecast adds; rename it or leave it out");
        }
    }

    /** Writes the rows of a table to a workbook. Times in ISO 8601 become Excel dates; those before 1901 stay texts. */
    static final class WorkbookRows implements Closeable {
        /** Excel has no earlier dates than 1900, and counts its February as one of a leap year. */
        private static final String SINCE_1901 = "(190[1-9]|19[1-9]\\d|[2-9]\\d{3})";

        private final Workbook workbook;
        private final Worksheet sheet;
        private int row;

        WorkbookRows(OutputStream out) {
            workbook = new Workbook(out, "ttm4j", null);
            sheet = workbook.newWorksheet("forecast");
        }

        void row(List<?> cells) throws IOException {
            if (row == Worksheet.MAX_ROWS) {
                throw new IOException("a workbook holds at most " + Worksheet.MAX_ROWS + " rows: name a .csv");
            }
            for (int column = 0; column < cells.size(); column++) {
                Object cell = cells.get(column);
                if (cell instanceof Number value) number(column, value);
                else text(column, (String) cell);
            }
            row++;
        }

        private void number(int column, Number value) {
            // The shortest decimal that is read as the same float.
            if (!Double.isNaN(value.doubleValue())) sheet.value(row, column, Double.valueOf(value.toString()));
        }

        private void text(int column, String text) {
            try {
                if (row > 0 && text.matches(SINCE_1901 + "-\\d{2}-\\d{2}")) {
                    sheet.value(row, column, LocalDate.parse(text));
                    sheet.style(row, column).format("yyyy-mm-dd").set();
                    return;
                }
                if (row > 0 && text.matches(SINCE_1901 + "-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2})?")) {
                    sheet.value(row, column, LocalDateTime.parse(text.replace(' ', 'T')));
                    sheet.style(row, column).format("yyyy-mm-dd hh:mm:ss").set();
                    return;
                }
            } catch (DateTimeParseException noDate) {
                // It may be an id that looks like a date.
            }
            sheet.value(row, column, text);
        }

        @Override
        public void close() throws IOException {
            workbook.close();
        }
    }
}
