package org.ttm4j.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.NotableWindow;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;

/** Windows of a backtest: the end of the history, the true values, and the forecast with the intervals. */
public final class WindowPanels {
    private static final int LEAST_HISTORY = 24;

    private WindowPanels() {}

    /**
     * A panel for each window.
     *
     * @param kind the beginning of each title
     */
    public static List<Panel> of(BacktestReport report, List<NotableWindow> windows, String kind) {
        return windows.stream().map(window -> of(report, window, kind)).toList();
    }

    private static Panel of(BacktestReport report, NotableWindow window, String kind) {
        // The channel comes last, as a long name is cut off.
        String title = kind + "from " + report.series().axis().readableAt(window.origin()) + ": MASE "
                + Digits.of(window.mase())
                + (report.result().channels().length > 1 ? ", " + report.channel(window.channel()) : "");
        List<ForecastPanel.Band> bands = new ArrayList<>();
        for (int i = 0; window.lower() != null && i < window.lower().length; i++) {
            String level = Digits.level(report.result().plan().grid().levels()[i]);
            bands.add(new ForecastPanel.Band(level, window.lower()[i], window.upper()[i]));
        }
        double[] series = report.series().doubleChannel(report.result().channels()[window.channel()]);
        int from = Math.max(0, window.origin() - Math.max(LEAST_HISTORY, window.forecast().length));
        return ForecastPanel.of(title, report.series().axis(), series, from, window.origin(), window.forecast(), bands);
    }
}
