package org.ttm4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ttm4j.cli.plot.DateTicks;
import org.ttm4j.cli.plot.Thinned;
import org.ttm4j.cli.plot.ValueTicks;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.NotableWindow;

/** The figure of one window: the end of the history, the true values, and the forecast with the intervals. */
final class WindowFigure {
    private static final int VALUE_TICKS = 4;
    private static final int DATES = 4;
    private static final int LEAST_HISTORY = 24;

    private final NotableWindow window;
    private final double[] series;
    private final TimeAxis axis;
    private final int from;

    private WindowFigure(BacktestReport report, NotableWindow window) {
        this.window = window;
        series = report.series().doubleChannel(report.result().channels()[window.channel()]);
        axis = report.series().axis();
        int horizon = window.forecast().length;
        from = Math.max(0, window.origin() - Math.max(LEAST_HISTORY, horizon));
    }

    /** The legend of the lines. */
    static String legend(BacktestReport report) {
        boolean banded = Stream.concat(report.result().best().stream(), report.result().worst().stream())
                .anyMatch(window -> window.lower() != null);
        return banded
                ? StepFigures.legend(List.of("truth", "model", "band"), List.of("truth", "forecast", "intervals"))
                : StepFigures.legend(List.of("truth", "model"), List.of("truth", "forecast"));
    }

    /** Figures side by side. */
    static String all(BacktestReport report, List<NotableWindow> windows) {
        Html html = new Html().raw("<div class=\"figures small\">\n");
        for (NotableWindow window : windows) {
            String origin = report.series().axis().labelAt(window.origin());
            String caption = (report.result().channels().length > 1 ? report.channel(window.channel()) + ", " : "")
                    + "from " + origin + ": MASE " + Digits.of(window.mase());
            html.raw(StepFigures.figure(caption, new WindowFigure(report, window).chart("Forecast of " + caption)));
        }
        return html.raw("</div>\n").toString();
    }

    private String chart(String description) {
        int end = window.origin() + window.forecast().length;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : shown(from, end)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        Chart chart = new Chart(description, time(from), Math.max(time(end - 1), time(from) + 1),
                ValueTicks.of(low, high, VALUE_TICKS));
        int steps = window.forecast().length;
        double[] forecast = window.forecast();
        int[] shown = Thinned.indices(h -> forecast[h], 0, steps, StepFigures.MOST_POINTS);
        double[] times = Thinned.at(shown, h -> time(window.origin() + h));
        for (int level = 0; window.lower() != null && level < window.lower().length; level++) {
            double[] lower = window.lower()[level];
            double[] upper = window.upper()[level];
            chart.band("band", times, Thinned.at(shown, h -> lower[h]), Thinned.at(shown, h -> upper[h]));
        }
        double now = time(window.origin());
        chart.line("now", new double[]{now, now}, new double[]{low, high});
        int[] rows = Thinned.indices(i -> series[i], from, end, StepFigures.MOST_POINTS);
        chart.line("truth", Thinned.at(rows, this::time), Thinned.at(rows, i -> series[i]));
        chart.line("model", times, Thinned.at(shown, h -> forecast[h]));
        for (DateTicks.Tick tick : DateTicks.along(axis, (long) time(from), (long) time(end - 1), DATES)) {
            chart.tick(tick.time(), tick.label(), tick.context());
        }
        return chart.toString();
    }

    /** All values of the figure that are not missing. */
    private double[] shown(int first, int end) {
        List<Double> values = new ArrayList<>();
        for (int t = first; t < end; t++) if (!Double.isNaN(series[t])) values.add(series[t]);
        for (double value : window.forecast()) values.add(value);
        if (window.lower() != null) {
            for (double[] ends : window.lower()) for (double value : ends) values.add(value);
            for (double[] ends : window.upper()) for (double value : ends) values.add(value);
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The time of a row in milliseconds, on the clock of the file. */
    private double time(int row) {
        return axis.localTimeAt(row);
    }
}
