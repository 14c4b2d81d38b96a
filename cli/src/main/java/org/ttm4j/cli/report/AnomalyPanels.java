package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.report.Digits;
import org.ttm4j.forecast.live.Judged;

/** The values of a series within the intervals that were forecast for them, with dots at those that are unusual. */
public final class AnomalyPanels {
    private AnomalyPanels() {}

    /** A panel for each channel. */
    public static List<Panel> of(TimeSeries series, List<Judged> judged) {
        return IntStream.range(0, series.channels().size())
                .mapToObj(c -> of(series, c, judged.stream().filter(one -> one.channel() == c).toList()))
                .toList();
    }

    private static Panel of(TimeSeries series, int channel, List<Judged> judged) {
        String title = (series.id() == null ? "" : series.id() + " · ") + series.channels().get(channel);
        List<Curve> curves = new ArrayList<>();
        // An area has no gaps: one for each stretch without any.
        for (int from = 0, to = 1; to <= judged.size(); to++) {
            if (to < judged.size() && judged.get(to).index() == judged.get(to - 1).index() + 1) continue;
            List<Judged> part = judged.subList(from, to);
            String level = Digits.level((float) part.get(0).level()) + " interval";
            curves.add(Curve.area(ForecastPanel.BAND, level, times(series, part),
                    part.stream().mapToDouble(Judged::lower).toArray(),
                    part.stream().mapToDouble(Judged::upper).toArray()));
            from = to;
        }
        double[] all = IntStream.range(0, series.length()).mapToDouble(series.axis()::localTimeAt).toArray();
        curves.add(Curve.line(ForecastPanel.HISTORY, "value", all, series.doubleChannel(channel)));
        // Each twice, the second time as a gap: a line of one value is a dot.
        List<Judged> unusual = judged.stream()
                .filter(Judged::isAnomaly)
                .flatMap(one -> List.of(one, one).stream())
                .toList();
        double[] values = IntStream.range(0, unusual.size())
                .mapToDouble(i -> i % 2 == 0 ? unusual.get(i).value() : Double.NaN)
                .toArray();
        curves.add(Curve.line(ForecastPanel.ANOMALY, "unusual", times(series, unusual), values));
        return Panel.of(title, ForecastPanel.across(series.axis(), 0, series.length() - 1), curves);
    }

    private static double[] times(TimeSeries series, List<Judged> judged) {
        return judged.stream().mapToDouble(one -> series.axis().localTimeAt(one.index())).toArray();
    }
}
