package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.eval.table.JsonLines;
import org.ttm4j.forecast.live.AnomalySearch.Event;
import org.ttm4j.forecast.live.Judged;

/**
 * Anomalies as a CSV: the id of the series where the file has ids, the time, the channel, the value, its forecast, the ends
 * of its interval, the interval's level, the score, the score of all channels of the row, the kind (empty for a value that is
 * none), and the rows that it goes on for.
 *
 * @param csv the series
 * @param anomalies of each series
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record AnomalyTable(CsvFile csv, List<List<Event>> anomalies, int digits) {

    /** Receives the names of the columns, and then row after row. */
    private interface Rows {
        void row(List<?> cells) throws IOException;
    }

    /** Writes the header and all rows, series after series, in the order of time. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        write(row -> cells.row(out, row.stream().map(cells::text).toList()));
    }

    /** Writes an object for each row instead. */
    public void writeJsonLines(Appendable out) throws IOException {
        JsonLines lines = new JsonLines(new Cells(Dialect.COMMA), csv.asJsonLines().layout());
        List<String> names = new ArrayList<>();
        write(row -> {
            if (names.isEmpty()) row.forEach(name -> names.add((String) name));
            else lines.row(out, names, row);
        });
    }

    private void write(Rows out) throws IOException {
        List<String> header = new ArrayList<>(List.of(csv.layout().time(), "channel", "value", "forecast", "lower",
                "upper", "level", "score", "row_score", "kind", "rows"));
        header.addAll(0, csv.layout().ids());
        out.row(header);
        for (int i = 0; i < anomalies.size(); i++) {
            TimeSeries series = csv.series().get(i);
            List<DoubleFunction<Number>> numbers = IntStream.range(0, series.channels().size())
                    .mapToObj(channel -> Cells.rounded(series.numbers(channel), digits))
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
                out.row(row);
            }
        }
    }
}
