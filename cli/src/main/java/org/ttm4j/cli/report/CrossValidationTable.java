package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.rolling.RollingForecast;

/**
 * The cross-validation behind forecasts as a CSV, one row for each step forecast from an earlier origin. The columns are
 * the series (its id, or the channel in a file without ids), the channel, the time of the first step, the step from 1,
 * the truth (empty where it is missing), the forecast, and its quantiles.
 *
 * @param csv the series that were forecast
 * @param forecasts a forecast for each of them
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record CrossValidationTable(CsvFile csv, List<Forecast> forecasts, int digits) {

    /** Writes the header and all rows, series after series and channel after channel, the latest origin first. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(List.of("series", "channel", "origin", "step", "truth", "forecast"));
        for (double level : levels()) header.add("q" + level);
        cells.row(out, header);
        for (int i = 0; i < forecasts.size(); i++) {
            Forecast forecast = forecasts.get(i);
            for (int row = 0; row < forecast.crossValidation().size(); row++) {
                DoubleFunction<Number> numbers = Cells.rounded(csv.series().get(i).numbers(forecast.channels()[row]),
                        digits);
                for (RollingForecast past : forecast.crossValidation().get(row)) {
                    rows(cells, out, csv.series().get(i), forecast.channels()[row], numbers, past);
                }
            }
        }
    }

    /** The number of rows below the header. */
    public int rows() {
        return forecasts.stream()
                .flatMap(forecast -> forecast.crossValidation().stream())
                .flatMap(List::stream)
                .mapToInt(past -> past.doubleValues()[0].length)
                .sum();
    }

    /** Those of the first forecast; all have the same. */
    private double[] levels() {
        return forecasts.stream()
                .flatMap(forecast -> forecast.crossValidation().stream())
                .flatMap(List::stream)
                .findFirst()
                .map(past -> past.quantiles().levels())
                .orElse(new double[0]);
    }

    private static void rows(Cells cells, Appendable out, TimeSeries series, int channel,
            DoubleFunction<Number> numbers, RollingForecast past) throws IOException {
        String name = series.channels().get(channel);
        int levels = past.quantiles().levels().length;
        for (int h = 0; h < past.doubleValues()[0].length; h++) {
            List<String> row = new ArrayList<>(List.of(series.id() == null ? name : series.id(), name,
                    series.axis().labelAt(past.origin()), Integer.toString(h + 1),
                    cells.number(numbers.apply(series.doubleChannel(channel)[past.origin() + h])),
                    cells.number(numbers.apply(past.doubleValues()[0][h]))));
            for (int q = 0; q < levels; q++) row.add(cells.number(numbers.apply(past.quantiles().value(q, 0, h))));
            cells.row(out, row);
        }
    }
}
