package org.ttm4j.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ttm4j.eval.backtest.BacktestPlan;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.BacktestResult;
import org.ttm4j.forecast.rolling.Calibration;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.Scores.QuantileScores;
import org.ttm4j.forecast.rolling.SimpleForecast;

/** A backtest as a table of text. */
public final class BacktestText {
    private static final int SHORTEST_NAME = 24;
    private static final int LONGEST_NAME = 40;
    private static final int NARROWEST_CELL = 9;
    private static final int MOST_CHANNELS = 40;
    private static final int STEPS = 6;

    private final BacktestReport report;
    private final BacktestResult result;
    private final TextTable table = new TextTable(SHORTEST_NAME, LONGEST_NAME, NARROWEST_CELL);

    private BacktestText(BacktestReport report) {
        this.report = report;
        result = report.result();
    }

    /** The table of a report. Names in it are not made {@linkplain org.ttm4j.data.series.Printable printable}. */
    public static String of(BacktestReport report) {
        return new BacktestText(report).text();
    }

    private String text() {
        BacktestPlan plan = result.plan();
        line("%s, model %s", report.title(), report.model());
        line("%,d window%s of %s + %d rows at stride %d, origins %s to %s; %s window%s", plan.origins().count(),
                plan.origins().count() == 1 ? "" : "s", context(result), plan.origins().horizon(),
                plan.origins().stride(), report.series().axis().readableAt(plan.origins().first()),
                report.series().axis().readableAt(plan.origins().at(plan.origins().count() - 1)),
                plan.window().name().toLowerCase(Locale.ROOT), fits(result));
        points();
        intervals();
        channels();
        steps();
        line("");
        line(result.rate() < 10 ? "%.1f windows a second" : "%,.0f windows a second", result.rate());
        return table.toString();
    }

    private void points() {
        header("");
        row("model", result.model().total());
        if (result.withoutDrivers() != null) row(BacktestPage.WITHOUT_DRIVERS, result.withoutDrivers().total());
        for (SimpleForecast method : report.shown()) row(report.name(method), result.simple().get(method).total());
    }

    private void intervals() {
        double[] levels = result.plan().grid().levels();
        QuantileScores scores = result.model().total().quantiles();
        header("interval", List.of("coverage", "width"));
        if (scores.count() == 0) {
            line("none: %s", noIntervals(result));
            return;
        }
        for (int i = 0; i < levels.length; i++) {
            table.row(Digits.level(levels[i]),
                    List.of(Digits.percent(scores.coverage()[i]), Digits.of(scores.width()[i])));
        }
        line("pinball %s, CRPS %s, over %,d window%s with intervals%s", Digits.of(scores.pinball()),
                Digits.of(scores.crps()), result.calibrated(), result.calibrated() == 1 ? "" : "s",
                result.ownQuantiles() ? " of the forecaster itself" : "");
    }

    /** The rows before an origin that a forecast used. */
    static String context(BacktestResult result) {
        return (result.plan().origins().first() < result.context() ? "up to " : "") + result.context();
    }

    /** How often a model was fine-tuned; empty where it was not. */
    static String fits(BacktestResult result) {
        if (result.fits() == 0) return "";
        return ", fine-tuned " + (result.fits() == 1 ? "once" : result.fits() + " times");
    }

    /** The reason for which a backtest has no intervals. */
    static String noIntervals(BacktestResult result) {
        return "they need " + Calibration.windowsNeeded(result.plan().grid().quantiles())
                + " windows whose truth is known before the next, found too few of " + result.plan().origins().count();
    }

    private void channels() {
        int count = result.channels().length;
        if (count == 1) return;
        header("channel", "last " + report.period() + " MAE");
        for (int c = 0; c < Math.min(count, MOST_CHANNELS); c++) {
            row(report.channel(c), result.model().channel(c),
                    Digits.of(result.simple().get(SimpleForecast.SEASONAL_NAIVE).channel(c).mae()));
        }
        if (count > MOST_CHANNELS) line("… and %d more, see --json", count - MOST_CHANNELS);
    }

    private void steps() {
        int horizon = result.plan().origins().horizon();
        header("step", "last " + report.period() + " MAE");
        IntStream.range(0, STEPS)
                .map(i -> (int) Math.round((horizon - 1) * (double) i / (STEPS - 1)))
                .distinct()
                .forEach(step -> row(Integer.toString(step + 1), result.model().step(step),
                        Digits.of(result.simple().get(SimpleForecast.SEASONAL_NAIVE).step(step).mae())));
    }

    private void row(String name, Scores scores, String... more) {
        table.row(name, BacktestPage.joined(BacktestPage.cells(scores), more));
    }

    private void header(String name, String... more) {
        header(name, BacktestPage.joined(BacktestPage.POINT, more));
    }

    private void header(String name, List<String> columns) {
        line("");
        table.row(name, columns);
    }

    private void line(String format, Object... arguments) {
        table.line(String.format(Locale.ROOT, format, arguments));
    }
}
