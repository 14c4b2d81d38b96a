package org.ttm4j.cli.mcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.cli.report.ForecastPicture;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;

/** What a file holds: its series, columns and times, and what had to be repaired. */
record Description(CsvFile csv) {
    private static final int MOST_SERIES = 50;
    private static final int MOST_PANELS = 12;

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("time", csv.layout().time());
        json.put("id", csv.layout().id());
        json.put("columns", csv.layout().columns());
        json.put("count", csv.series().size());
        json.put("series", csv.series().stream().limit(MOST_SERIES).map(Description::series).toList());
        json.put("repaired", csv.report().lines().toList());
        json.put("rejected", csv.rejected().stream().limit(MOST_SERIES).map(Throwable::getMessage).toList());
        return json;
    }

    private static Map<String, Object> series(TimeSeries series) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", series.id());
        json.put("rows", series.length());
        json.put("frequency", series.axis().frequency().toString());
        json.put("first", series.axis().labelAt(0));
        json.put("last", series.axis().labelAt(series.length() - 1L));
        List<Object> channels = new ArrayList<>();
        for (int c = 0; c < series.channels().size(); c++) {
            DoubleSummaryStatistics values = Arrays.stream(series.doubleChannel(c))
                    .filter(Double::isFinite)
                    .summaryStatistics();
            Map<String, Object> channel = new LinkedHashMap<>();
            channel.put("name", series.channels().get(c));
            channel.put("missing", series.length() - values.getCount());
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
                panels.add(ForecastPanel.line(ForecastPicture.titled(series, series.channels().get(c)), series.axis(),
                        0, ForecastPanel.HISTORY, null, series.doubleChannel(c)));
            }
        }
        return panels;
    }
}
