package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.cli.report.ExplainedSeries.ExplainedForecast;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.explain.Occlusion.Stretch;

/**
 * What forecasts rest on, as a CSV: the id of the series where the file has ids, the channel that is forecast, the column
 * whose stretch it is, the times of its first and last step, the effect of its occlusion and its integrated gradients.
 *
 * @param csv where the series are from
 * @param series those that could be explained
 */
public record ExplanationTable(CsvFile csv, List<ExplainedSeries> series) {

    /** Writes the header and all rows, channel after channel, in the order of time. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(
                List.of("channel", "column", "from", "to", "occlusion", "integrated_gradients"));
        header.addAll(0, csv.layout().ids());
        cells.row(out, header);
        for (ExplainedSeries one : series) {
            for (ExplainedForecast forecast : one.forecasts()) {
                for (Stretch stretch : forecast.occlusion().stretches()) {
                    List<String> row = row(cells, one.series(), forecast, stretch);
                    row.addAll(0, csv.layout().idCells(one.series()));
                    cells.row(out, row);
                }
            }
        }
    }

    private static List<String> row(Cells cells, TimeSeries series, ExplainedForecast forecast, Stretch stretch) {
        double share = forecast.shares().sum(stretch.channel(), stretch.from(), stretch.to());
        return new ArrayList<>(List.of(forecast.channel(), series.channels().get(stretch.channel()),
                series.axis().labelAt(stretch.from()), series.axis().labelAt(stretch.to() - 1),
                cells.number((float) stretch.effect()), cells.number((float) share)));
    }
}
