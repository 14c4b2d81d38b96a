package org.ttm4j.eval.table;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.csv.CsvFile.Layout;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.Forecast;

/**
 * Forecasts as a table in the dialect of the file that they continue: JSON lines, or a CSV with the delimiter and the
 * decimal mark of the file; with the id of the series where the file has ids, the time (in two columns where the file has
 * two) and one column for each forecast channel in the order of the file. Then follows, channel by channel, one for each quantile, such as {@code load.q0.1}. The cells of quantiles are
 * empty for a series that has none. Lines end in a line feed. Numbers are the shortest that read back as the same float,
 * without an exponent and without separators.
 *
 * @param csv the series that were forecast
 * @param forecasts a forecast for each series of the file
 */
public record ForecastTable(CsvFile csv, List<Forecast> forecasts) {

    /** The cells of a column: a text, or a number that is NaN where it is missing. */
    private interface Column {
        Object cell(TimeSeries series, Forecast forecast, int step);
    }

    /** Takes the names of the columns. */
    private interface Header {
        void row(List<String> names) throws IOException;
    }

    /** Takes the rows of the table. */
    private interface Rows {
        void row(List<?> cells) throws IOException;
    }

    /** Writes the header and all rows, series after series. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        boolean json = csv.layout().form() == CsvFile.Form.JSON_LINES;
        List<String> names = new ArrayList<>();
        write(header -> {
            names.addAll(header);
            if (!json) cells.row(out, header);
        }, row -> {
            if (json) new JsonLines(cells, csv.layout()).row(out, names, row);
            else cells.row(out, row.stream().map(cells::text).toList());
        });
    }

    /** Writes an Excel workbook of one sheet. */
    public void writeWorkbook(OutputStream out) throws IOException {
        try (WorkbookRows rows = new WorkbookRows(out)) {
            write(rows::row, rows::row);
        }
    }

    private void write(Header header, Rows rows) throws IOException {
        List<String> names = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        Layout layout = csv.layout();
        if (layout.id() != null) {
            names.add(layout.id());
            columns.add((series, forecast, step) -> series.id());
        }
        boolean joined = layout.time().indexOf('+') > 0 && !layout.columns().contains(layout.time());
        if (joined) {
            int plus = layout.time().indexOf('+');
            names.addAll(List.of(layout.time().substring(0, plus).strip(), layout.time().substring(plus + 1).strip()));
            columns.add((series, forecast, step) -> halves(series, step)[0]);
            columns.add((series, forecast, step) -> halves(series, step)[1]);
        } else {
            names.add(layout.time());
            columns.add((series, forecast, step) -> time(series, step));
        }
        int first = names.size();
        List<String> channels = IntStream.of(forecasts.get(0).channels())
                .mapToObj(csv.series().get(0).channels()::get)
                .toList();
        for (int c = 0; c < channels.size(); c++) {
            int channel = c;
            names.add(channels.get(c));
            columns.add((series, forecast, step) -> forecast.values()[channel][step]);
        }
        List<String> inFile = inFile(names, columns, first);
        double[] levels = levels();
        for (int c = 0; c < channels.size(); c++) {
            int channel = c;
            for (int i = 0; i < levels.length; i++) {
                int level = i;
                inFile.add(channels.get(c) + ".q" + levels[i]);
                columns.add((series, forecast, step) -> forecast.quantiles().isEmpty()
                        ? Float.NaN
                        : forecast.quantiles().get().values()[level][channel][step]);
            }
        }
        header.row(inFile);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            Forecast forecast = forecasts.get(i);
            for (int step = 0; step < forecast.horizon(); step++) {
                int at = step;
                rows.row(columns.stream().map(column -> column.cell(series, forecast, at)).toList());
            }
        }
    }

    /**
     * Sorts the columns by their places in the file, and returns their names. The channels, which come last, keep their
     * own order.
     */
    private List<String> inFile(List<String> names, List<Column> columns, int first) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, names.size()).boxed().toList());
        // −1 for numbers of rows.
        int[] places = names.stream().mapToInt(csv.layout().columns()::indexOf).toArray();
        Arrays.sort(places, first, places.length);
        order.sort(Comparator.comparingInt(i -> places[i]));
        List<Column> unsorted = List.copyOf(columns);
        for (int i = 0; i < order.size(); i++) columns.set(i, unsorted.get(order.get(i)));
        return new ArrayList<>(order.stream().map(names::get).toList());
    }

    private static String time(TimeSeries series, int step) {
        return series.axis().labelAt(series.length() + (long) step);
    }

    /** The cells of two columns that make a time. A date has as many blanks as its pattern. */
    private String[] halves(TimeSeries series, int step) {
        String text = time(series, step);
        String joint = csv.layout().joint();
        String pattern = series.axis().format().pattern();
        int hour = 0;
        while (hour < pattern.length() && "Hhk".indexOf(pattern.charAt(hour)) < 0) hour++;
        int at = text.indexOf(joint);
        if (hour < pattern.length()) {
            long blanks = pattern.substring(0, hour).chars().filter(c -> c == ' ').count();
            for (long i = 1; i < blanks; i++) at = text.indexOf(joint, at + 1);
        }
        return new String[]{text.substring(0, at), text.substring(at + joint.length())};
    }

    /** The levels of the first forecast that has quantiles; all have the same levels or none. */
    private double[] levels() {
        return forecasts.stream()
                .filter(forecast -> forecast.quantiles().isPresent())
                .findFirst()
                .map(forecast -> forecast.quantiles().get().levels())
                .orElse(new double[0]);
    }
}
