package org.ttm4j.eval.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
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
    private static final int HALF_HOUR_MINUTES = 30;

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
        Layout layout = csv.layout();
        List<String> names = new ArrayList<>(layout.ids());
        if (layout.joints().isEmpty()) names.add(layout.time());
        else Stream.of(layout.time().split("\\+")).map(String::strip).forEach(names::add);
        int first = names.size();
        for (int channel : forecasts.get(0).channels()) names.add(csv.series().get(0).channels().get(channel));
        int[] orderInFile = orderInFile(names, first);
        List<String> columns = new ArrayList<>(IntStream.of(orderInFile).mapToObj(names::get).toList());
        double[] levels = levels(forecasts);
        for (String channel : names.subList(first, names.size())) {
            if (mean) columns.add(channel + ".mean");
            for (double level : levels) columns.add(channel + ".q" + level);
        }
        requireDifferent("table of forecasts", columns);
        header.row(columns);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            Forecast forecast = forecasts.get(i);
            List<DoubleFunction<Number>> numbers = IntStream.of(forecast.channels())
                    .mapToObj(channel -> Cells.rounded(series, channel, digits))
                    .toList();
            for (int step = 0; step < forecast.horizon(); step++) {
                List<Object> cells = new ArrayList<>(layout.idCells(series));
                cells.addAll(List.of(timeParts(series, step)));
                for (int c = 0; c < numbers.size(); c++) cells.add(numbers.get(c).apply(forecast.value(c, step)));
                List<Object> row = new ArrayList<>();
                for (int cell : orderInFile) row.add(cells.get(cell));
                for (int c = 0; c < numbers.size(); c++) {
                    if (mean) row.add(numbers.get(c).apply(forecast.mean(c, step)));
                    for (int level = 0; level < levels.length; level++) {
                        row.add(forecast.quantiles().isEmpty()
                                ? Float.NaN
                                : numbers.get(c).apply(forecast.quantiles().get().value(level, c, step)));
                    }
                }
                rows.row(row);
            }
        }
    }

    /** The indices of columns in the order of the file; channels, from the first on, stay in their own order. */
    private int[] orderInFile(List<String> names, int first) {
        // −1 for a column that is not in the file, such as row numbers used as times.
        int[] places = names.stream().mapToInt(csv.layout().columns()::indexOf).toArray();
        Arrays.sort(places, first, places.length);
        return IntStream.range(0, places.length)
                .boxed()
                .sorted(Comparator.comparingInt(column -> places[column]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The cells of the columns of the time. A date has the same number of blanks as its pattern. */
    private String[] timeParts(TimeSeries series, int step) {
        long at = series.length() + (long) step;
        String text = series.axis().labelAt(at);
        if (csv.layout().range() != null) text += csv.layout().range() + series.axis().labelAt(at + 1);
        List<String> joints = csv.layout().joints();
        String[] parts = new String[joints.size() + 1];
        for (int i = 0; i < joints.size(); i++) {
            boolean isHalfHour = joints.get(i).equals(Layout.HALF_HOUR);
            String joint = isHalfHour ? " " : joints.get(i);
            int end = text.indexOf(joint);
            for (int blanks = i == 0 ? blanksInDate(series.axis().format().pattern()) : 0; blanks > 0; blanks--) {
                end = text.indexOf(' ', end + 1);
            }
            parts[i] = text.substring(0, end);
            text = text.substring(end + joint.length());
            if (isHalfHour) text = numberOfHalfHour(text);
        }
        parts[joints.size()] = text;
        return parts;
    }

    private static String numberOfHalfHour(String time) {
        int minute = LocalTime.parse(time).get(ChronoField.MINUTE_OF_DAY);
        return minute % HALF_HOUR_MINUTES == 0 ? Integer.toString(minute / HALF_HOUR_MINUTES + 1) : time;
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

    /** @throws DataException when two columns of a table have one name */
    public static void requireDifferent(String table, List<String> columns) throws DataException {
        Set<String> different = new HashSet<>();
        for (String column : columns) {
            if (different.add(column)) continue;
            throw new DataException(table, 0, column,
                    "occurs twice, as a column of the file and as one that is added; rename it or leave it out");
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
