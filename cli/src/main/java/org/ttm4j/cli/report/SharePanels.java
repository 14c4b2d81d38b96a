package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.cli.report.ExplainedSeries.ExplainedForecast;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.forecast.explain.Attribution;

/** What each row of a history adds to a forecast, by integrated gradients. */
public final class SharePanels {
    private SharePanels() {}

    /** A panel for each column that a forecast has to do with. */
    public static List<Panel> of(ExplainedSeries explained) {
        List<Panel> panels = new ArrayList<>();
        TimeSeries series = explained.series();
        for (ExplainedForecast forecast : explained.forecasts()) {
            Attribution shares = forecast.shares();
            for (int c = 0; c < shares.values().length; c++) {
                double[] values = shares.values()[c];
                if (Arrays.stream(values).allMatch(share -> share == 0)) continue;
                int first = shares.firstStep();
                double[] times = IntStream.range(first, first + values.length)
                        .mapToDouble(series.axis()::localTimeAt)
                        .toArray();
                panels.add(Panel.of(
                        (series.id() == null ? "" : series.id() + " · ") + forecast.channel() + " by "
                                + series.channels().get(c),
                        ForecastPanel.across(series.axis(), first, first + values.length - 1),
                        List.of(Curve.line(ForecastPanel.HISTORY, "share", times, values))));
            }
        }
        return panels;
    }
}
