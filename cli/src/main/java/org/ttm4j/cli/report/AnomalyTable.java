package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.live.AnomalySearch.Event;
import org.ttm4j.forecast.live.Judged;

/**
 * Anomalies as the file is, a CSV or JSON lines: the id of the series where the file has ids, the time, the channel, the value,
 * its forecast, the ends of its interval, the interval's level, the score, the score of all channels of the row, the kind (empty
 * for a value that is none), and the rows that it goes on for.
 *
 * @param anomalies of each series
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record AnomalyTable(CsvFile csv, List<List<Event>> anomalies, int digits) {

    /** Writes all rows, series after series, in the order of time. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> names = new ArrayList<>(csv.layout().ids());
        names.add(csv.layout().time());
        // A column of the input may have the name of one of those that follow.
        Set<String> texts = names.stream().filter(csv.layout().texts()::contains).collect(Collectors.toSet());
        names.addAll(List.of("channel", "value", "forecast", "lower", "upper", "level", "score", "row_score", "kind",
                "rows"));
        boolean isJson = csv.layout().form() == CsvFile.Form.JSON_LINES;
        if (!isJson) cells.row(out, names);
        for (int i = 0; i < anomalies.size(); i++) {
            TimeSeries series = csv.series().get(i);
            List<DoubleFunction<Number>> numbers = IntStream.range(0, series.channels().size())
                    .mapToObj(channel -> Cells.rounded(series, channel, digits))
                    .toList();
            for (Event event : anomalies.get(i)) {
                Judged first = event.first();
                List<Object> row = new ArrayList<>(
                        List.of(series.axis().labelAt(first.index()), series.channels().get(first.channel())));
                row.addAll(0, csv.layout().idCells(series));
                DoubleStream.of(first.value(), first.forecast(), first.lower(), first.upper())
                        .mapToObj(numbers.get(first.channel()))
                        .forEach(row::add);
                row.addAll(List.of((float) first.level(), (float) first.score(), (float) first.rowScore()));
                row.add(first.isAnomaly() ? first.kind().toString() : "");
                row.add(first.isAnomaly() ? Long.toString(event.rows()) : "");
                if (isJson) cells.object(out, names, texts, row);
                else cells.row(out, row);
            }
        }
    }
}
