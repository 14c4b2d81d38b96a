package org.ttm4j.cli.mcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.ttm.io.Json;

/** What a file holds: its series, columns and times, and what had to be repaired. */
record Description(CsvFile csv) {
    private static final int MOST_SERIES = 50;
    private static final int MOST_PANELS = 12;

    Map<String, Object> json() {
        return Json.object("time", csv.layout().time(), "id", csv.layout().id(), "columns", csv.layout().columns(),
                "count", csv.series().size(), "series",
                csv.series().stream().limit(MOST_SERIES).map(Description::series).toList(), "repaired",
                csv.report().lines().toList(), "rejected",
                csv.rejected().stream().limit(MOST_SERIES).map(Throwable::getMessage).toList());
    }

    private static Map<String, Object> series(TimeSeries series) {
        Map<String, Object> json = Json.object("id", series.id(), "rows", series.length(), "frequency",
                series.axis().frequency().toString(), "first", series.axis().labelAt(0), "last",
                series.axis().labelAt(series.length() - 1L));
        List<Object> channels = new ArrayList<>();
        for (int c = 0; c < series.channels().size(); c++) {
            DoubleSummaryStatistics values = Arrays.stream(series.doubleChannel(c))
                    .filter(Double::isFinite)
                    .summaryStatistics();
            Map<String, Object> channel = Json.object("name", series.channels().get(c), "missing",
                    series.length() - values.getCount());
            if (values.getCount() > 0) {
                channel.put("min", values.getMin());
                channel.put("mean", values.getAverage());
                channel.put("max", values.getMax());
            }
            channels.add(channel);
        }
        json.put("channels", channels);
        return json;
    }

    List<Panel> panels() {
        List<Panel> panels = new ArrayList<>();
        for (TimeSeries series : csv.series()) {
            if (panels.size() == MOST_PANELS) break;
            for (int c = 0; c < series.channels().size() && panels.size() < MOST_PANELS; c++) {
                panels.add(ForecastPanel.line(ForecastPanel.titled(series, series.channels().get(c)), series.axis(), 0,
                        ForecastPanel.HISTORY, null, series.doubleChannel(c)));
            }
        }
        return panels;
    }
}
