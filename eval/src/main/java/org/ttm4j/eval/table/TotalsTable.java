package org.ttm4j.eval.table;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.Total;

/**
 * Totals of forecasts as a CSV in the dialect of the file, a row for each series and period. The columns are the id of the
 * series, if the file has ids; the times of the first and the last step, and how many these are; and for each forecast channel
 * the median, the mean and the quantiles of its total.
 *
 * @param forecasts with sample paths, one for each of them
 * @param levels of the quantiles
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record TotalsTable(CsvFile csv, List<Forecast> forecasts, Total.Period period, double[] levels, int digits) {
    private static final double MEDIAN = 0.5;

    /**
     * Writes the header and all rows.
     *
     * @throws IllegalArgumentException when the series has no times, or its steps are as long as the period
     */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(List.of("from", "to", "steps"));
        header.addAll(0, csv.layout().ids());
        for (int channel : forecasts.get(0).channels()) {
            String name = csv.series().get(0).channels().get(channel);
            header.addAll(List.of(name, name + ".mean"));
            for (double level : levels) header.add(name + ".q" + level);
        }
        ForecastTable.requireDifferent("table of totals", header);
        cells.row(out, header);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            for (Total total : of(forecasts.get(i), period, series)) {
                List<Object> row = new ArrayList<>(List.of(series.axis().labelAt(series.length() + (long) total.from()),
                        series.axis().labelAt(series.length() + total.to() - 1L), total.to() - total.from()));
                row.addAll(0, csv.layout().idCells(series));
                for (int c = 0; c < total.mean().length; c++) {
                    DoubleFunction<Number> numbers = Cells.rounded(series, forecasts.get(i).channels()[c], digits);
                    row.add(numbers.apply(total.quantile(c, MEDIAN)));
                    row.add(numbers.apply(total.mean()[c]));
                    for (double level : levels) row.add(numbers.apply(total.quantile(c, level)));
                }
                cells.row(out, row);
            }
        }
    }

    /** The totals of a forecast of a series, by the clock of its file. */
    public static List<Total> of(Forecast forecast, Total.Period period, TimeSeries series) {
        TimeAxis axis = series.axis();
        if (period == Total.Period.HORIZON) return Total.of(forecast, period, List.of());
        // Rows without times have no calendar dates.
        if (axis.format().pattern().equals(TimeFormat.NUMBERS)) return Total.of(forecast, period);
        List<LocalDate> dates = IntStream.range(0, forecast.horizon())
                .mapToObj(h -> TimeAxis.local(axis.localTimeAt(series.length() + (long) h)).toLocalDate())
                .toList();
        return Total.of(forecast, period, dates);
    }
}
