package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.List;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.live.Anomaly;

/**
 * Anomalies as a CSV: the id of the series where the file has ids, the time, the channel, the value, its forecast, the ends
 * of its interval, the interval's level, and the score.
 *
 * @param csv the series
 * @param id the name of the id column; null for a single series without one
 * @param anomalies of each series
 */
public record AnomalyTable(CsvFile csv, String id, List<List<Anomaly>> anomalies) {

    /** Writes the header and all rows, series after series, in the order of time. */
    public void writeTo(Appendable out) throws IOException {
        if (id != null) ForecastTable.cell(out, id).append(',');
        ForecastTable.cell(out, csv.timeColumn()).append(",channel,value,forecast,lower,upper,level,score\n");
        for (int i = 0; i < anomalies.size(); i++) {
            TimeSeries series = csv.series().get(i);
            for (Anomaly anomaly : anomalies.get(i)) {
                if (id != null) ForecastTable.cell(out, series.id()).append(',');
                ForecastTable.cell(out, series.axis().labelAt(anomaly.index())).append(',');
                ForecastTable.cell(out, series.channels().get(anomaly.channel()));
                float[] numbers = {anomaly.value(), anomaly.forecast(), anomaly.lower(), anomaly.upper(),
                        (float) anomaly.level(), (float) anomaly.score()};
                for (float number : numbers) out.append(',').append(ForecastTable.number(number));
                out.append('\n');
            }
        }
    }
}
