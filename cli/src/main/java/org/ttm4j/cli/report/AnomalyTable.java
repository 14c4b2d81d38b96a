package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.live.Judged;

/**
 * Anomalies as a CSV: the id of the series where the file has ids, the time, the channel, the value, its forecast, the ends
 * of its interval, the interval's level, and the score.
 *
 * @param csv the series
 * @param anomalies of each series
 */
public record AnomalyTable(CsvFile csv, List<List<Judged>> anomalies) {

    /** Writes the header and all rows, series after series, in the order of time. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        String id = csv.layout().id();
        List<String> header = new ArrayList<>(
                List.of(csv.layout().time(), "channel", "value", "forecast", "lower", "upper", "level", "score"));
        if (id != null) header.add(0, id);
        cells.row(out, header);
        for (int i = 0; i < anomalies.size(); i++) {
            TimeSeries series = csv.series().get(i);
            List<DoubleFunction<Number>> numbers = IntStream.range(0, series.channels().size())
                    .mapToObj(series::numbers)
                    .toList();
            for (Judged anomaly : anomalies.get(i)) {
                List<String> row = new ArrayList<>(
                        List.of(series.axis().labelAt(anomaly.index()), series.channels().get(anomaly.channel())));
                if (id != null) row.add(0, series.id());
                DoubleStream.of(anomaly.value(), anomaly.forecast(), anomaly.lower(), anomaly.upper())
                        .mapToObj(numbers.get(anomaly.channel()))
                        .map(cells::number)
                        .forEach(row::add);
                row.add(cells.number((float) anomaly.level()));
                row.add(cells.number((float) anomaly.score()));
                cells.row(out, row);
            }
        }
    }
}
