package org.ttm4j.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.BacktestResult;
import org.ttm4j.eval.backtest.BacktestResult.NotableWindow;
import org.ttm4j.eval.plot.Axis;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.HtmlChart;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.SimpleForecast;

/** The figures of a backtest: over steps and quantiles, in HTML, and of windows. */
public final class BacktestFigures {
    private static final int LEVEL_STYLES = 4;
    /** The error axis reaches so far beyond the model and the strongest simple forecast, and no further. */
    private static final double ROOM = 1.5;
    private static final int LEAST_HISTORY = 24;

    private final BacktestReport report;
    private final BacktestResult result;
    private final int horizon;
    private final Axis steps;

    BacktestFigures(BacktestReport report) {
        this.report = report;
        result = report.result();
        horizon = result.plan().origins().horizon();
        steps = new Axis(1, horizon, Axis.Kind.COUNTS);
    }

    /** The errors of the model and of the simple forecasts by step. */
    String errors() {
        List<Curve> curves = new ArrayList<>();
        for (SimpleForecast method : report.shown()) {
            curves.add(curve(method.key(), report.name(method), errors(result.simple().get(method))));
        }
        double[] model = errors(result.model());
        curves.add(curve("model", "model", model));
        String what = report.scaled() ? "Mean absolute scaled error (MASE)" : "Mean absolute error (MAE)";
        String description = what + " by step. The model’s goes from " + Digits.of(model[0]) + " at step 1 to "
                + Digits.of(model[model.length - 1]) + " at step " + horizon + ".";
        // A much worse method would flatten all other lines, so it runs along the upper edge instead.
        double most = ROOM * Math.max(highest(model), highest(errors(result.simple().get(report.strongest()))));
        double top = Math.min(most, curves.stream().mapToDouble(curve -> highest(curve.y())).max().orElse(0));
        String beyond = curves.stream()
                .filter(curve -> highest(curve.y()) > top)
                .map(curve -> curve.name() + " up to " + Digits.of(highest(curve.y())))
                .collect(Collectors.joining(", "));
        Axis errors = new Axis(0, Axis.around(0, top).max(), Axis.Kind.VALUES);
        Panel panel = new Panel(what + " by step" + (beyond.isEmpty() ? "" : ". Beyond the upper edge: " + beyond),
                steps, errors, curves);
        return figure(panel, description);
    }

    /** The nominal against the observed share of true values below each quantile. */
    String calibration() {
        double[] quantiles = result.plan().grid().quantiles();
        double[] observed = result.model().total().quantiles().below();
        double farthest = 0;
        List<String> dots = new ArrayList<>();
        for (int i = 0; i < quantiles.length; i++) {
            farthest = Math.max(farthest, Math.abs(observed[i] - quantiles[i]));
            dots.add("nominal " + Digits.percent(quantiles[i]) + ", observed " + Digits.percent(observed[i]));
        }
        Axis shares = new Axis(0, 1, Axis.Kind.PERCENT);
        double[] ends = {0, 1};
        Panel panel = new Panel(
                "Calibration: nominal share (across) against observed share (up). They agree on the dashed line.",
                shares, shares, List.of(Curve.line("ideal", null, ends, ends),
                        Curve.line("model", null, quantiles, observed).withDots(dots)));
        String description = "Observed share of true values below each quantile against the nominal share; the largest "
                + "difference is " + Digits.percent(farthest);
        return HtmlChart.figure(panel.title(),
                "<div class=\"square\">\n" + HtmlChart.of(panel, description) + "</div>\n");
    }

    /** The coverage of each level by step. */
    String coverage() {
        double[] levels = result.plan().grid().levels();
        List<Curve> curves = new ArrayList<>();
        for (int i = 0; i < levels.length; i++) {
            int level = i;
            curves.add(Curve.line("ideal", null, new double[]{steps.min(), steps.max()},
                    new double[]{levels[i], levels[i]}));
            curves.add(curve("level" + i % LEVEL_STYLES, Digits.level(levels[i]),
                    byStep(h -> result.model().step(h).quantiles().coverage()[level])));
        }
        DoubleSummaryStatistics shares = curves.stream().flatMapToDouble(Curve::values).summaryStatistics();
        Panel panel = new Panel("Coverage by step. The dashed lines are the levels.", steps,
                new Axis(Math.max(0, shares.getMin() - 0.05), Math.min(1, shares.getMax() + 0.05), Axis.Kind.PERCENT),
                curves);
        return figure(panel, "Share of true values within the intervals by step, from "
                + Digits.percent(shares.getMin()) + " to " + Digits.percent(shares.getMax()));
    }

    private static String figure(Panel panel, String description) {
        return HtmlChart.figure(panel.title(), HtmlChart.legend(List.of(panel)) + HtmlChart.of(panel, description));
    }

    private double[] errors(ForecastErrors errors) {
        return byStep(h -> report.error(errors.step(h)));
    }

    private Curve curve(String style, String name, double[] values) {
        return Curve.line(style, name, byStep(h -> h + 1), values);
    }

    private double[] byStep(IntToDoubleFunction ofStep) {
        return IntStream.range(0, horizon).mapToDouble(ofStep).toArray();
    }

    private static double highest(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).max().orElse(0);
    }

    /**
     * A panel for each window: the end of the history, the true values, and the forecast with the intervals.
     *
     * @param kind the beginning of each title
     */
    public static List<Panel> windows(BacktestReport report, List<NotableWindow> windows, String kind) {
        return windows.stream().map(window -> window(report, window, kind)).toList();
    }

    private static Panel window(BacktestReport report, NotableWindow window, String kind) {
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
