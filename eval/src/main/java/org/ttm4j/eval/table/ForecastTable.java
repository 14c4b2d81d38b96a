package org.ttm4j.eval.table;

import java.io.IOException;
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
 * Forecasts as a CSV in the dialect of the file that they continue: with the delimiter and the decimal mark, and with
 * the id of the series where the file has ids, the time and one column for each forecast channel in the order of the
 * file. Then follows, channel by channel, one for each quantile, such as {@code load.q0.1}. The cells of quantiles are
 * empty for a series that has none. Lines end in a line feed. Numbers are the shortest that read back as the same float,
 * without an exponent and without separators.
 *
 * @param csv the series that were forecast
 * @param forecasts a forecast for each series of the file
 */
public record ForecastTable(CsvFile csv, List<Forecast> forecasts) {

    /** The cells of a column. */
    private interface Column {
        String cell(TimeSeries series, Forecast forecast, int step);
    }

    /** Writes the header and all rows, series after series. */
    public void writeTo(Appendable out) throws IOException {
        List<String> names = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        Layout layout = csv.layout();
        Cells cells = new Cells(layout.dialect());
        if (layout.id() != null) {
            names.add(layout.id());
            columns.add((series, forecast, step) -> series.id());
        }
        names.add(layout.time());
        columns.add((series, forecast, step) -> series.axis().labelAt(series.length() + (long) step));
        List<String> channels = IntStream.of(forecasts.get(0).channels())
                .mapToObj(csv.series().get(0).channels()::get)
                .toList();
        for (int c = 0; c < channels.size(); c++) {
            int channel = c;
            names.add(channels.get(c));
            columns.add((series, forecast, step) -> cells.number(forecast.values()[channel][step]));
        }
        List<String> inFile = inFile(names, columns);
        double[] levels = levels();
        for (int c = 0; c < channels.size(); c++) {
            int channel = c;
            for (int i = 0; i < levels.length; i++) {
                int level = i;
                inFile.add(channels.get(c) + ".q" + levels[i]);
                columns.add((series, forecast, step) -> forecast.quantiles().isEmpty()
                        ? ""
                        : cells.number(forecast.quantiles().get().values()[level][channel][step]));
            }
        }
        cells.row(out, inFile);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            Forecast forecast = forecasts.get(i);
            for (int step = 0; step < forecast.horizon(); step++) {
                int at = step;
                cells.row(out, columns.stream().map(column -> column.cell(series, forecast, at)).toList());
            }
        }
    }

    /**
     * Sorts the columns by their places in the file, and returns their names. The channels, which come last, keep their
     * own order.
     */
    private List<String> inFile(List<String> names, List<Column> columns) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, names.size()).boxed().toList());
        int first = csv.layout().id() == null ? 1 : 2;
        int[] places = names.stream().mapToInt(this::place).toArray();
        Arrays.sort(places, first, places.length);
        order.sort(Comparator.comparingInt(i -> places[i]));
        List<Column> unsorted = List.copyOf(columns);
        for (int i = 0; i < order.size(); i++) columns.set(i, unsorted.get(order.get(i)));
        return new ArrayList<>(order.stream().map(names::get).toList());
    }

    /** The place in the file; that of the first of two columns that make a time, and −1 for numbers of rows. */
    private int place(String name) {
        int place = csv.layout().columns().indexOf(name);
        return place < 0 && name.indexOf('+') > 0
                ? csv.layout().columns().indexOf(name.substring(0, name.indexOf('+')).strip())
                : place;
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
