package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.Forecast;

/**
 * The sample paths of forecasts as a CSV, one row for each path and step. The columns are the id of the series, if the file has
 * ids; the number of the path, from 1; the time; and each forecast channel.
 *
 * @param csv the series that were forecast
 * @param forecasts with sample paths, one for each of them
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record SamplesTable(CsvFile csv, List<Forecast> forecasts, int digits) {
    /** Writes the header and all rows, series after series and path after path. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(List.of("sample", csv.layout().time()));
        header.addAll(0, csv.layout().ids());
        for (int channel : forecasts.get(0).channels()) header.add(csv.series().get(0).channels().get(channel));
        cells.row(out, header);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            double[][][] samples = forecasts.get(i).samples().orElseThrow();
            List<DoubleFunction<Number>> numbers = IntStream.of(forecasts.get(i).channels())
                    .mapToObj(channel -> Cells.rounded(series.numbers(channel), digits))
                    .toList();
            for (int path = 0; path < samples[0].length; path++) {
                for (int h = 0; h < forecasts.get(i).horizon(); h++) {
                    List<String> row = new ArrayList<>(
                            List.of(Integer.toString(path + 1), series.axis().labelAt(series.length() + (long) h)));
                    row.addAll(0, csv.layout().idCells(series));
                    for (int c = 0; c < samples.length; c++) {
                        row.add(cells.number(numbers.get(c).apply(samples[c][path][h])));
                    }
                    cells.row(out, row);
                }
            }
        }
    }
}
