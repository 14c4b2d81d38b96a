package org.ttm4j.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ttm4j.eval.backtest.BacktestPlan;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.BacktestResult;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.eval.plot.HtmlChart;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.forecast.rolling.Scores;
import org.ttm4j.forecast.rolling.Scores.QuantileScores;
import org.ttm4j.forecast.rolling.SimpleForecast;

/** A backtest as one HTML page with pictures, which needs no other file. The same input gives the same text. */
public final class BacktestPage {
    /** The names of {@link #cells}. */
    static final List<String> POINT = List.of("MSE", "MAE", "RMSE", "MASE", "sMAPE", "WAPE");
    static final String WITHOUT_DRIVERS = "without known future";
    private static final int MOST_ROWS = 200;

    private final BacktestReport report;
    private final BacktestResult result;
    private final BacktestPlan plan;
    private final Html html = new Html();

    private BacktestPage(BacktestReport report) {
        this.report = report;
        result = report.result();
        plan = result.plan();
    }

    /**
     * The page of a report.
     *
     * @param neighbours links to other pages as markup; empty for none
     */
    public static String of(BacktestReport report, String neighbours) {
        BacktestPage page = new BacktestPage(report);
        page.header();
        page.html.raw(neighbours);
        page.html.raw("<main id=\"main\">\n");
        page.section("accuracy", "Accuracy", page::accuracy);
        page.section("horizon", "Error over the horizon", page::horizon);
        page.section("intervals", "Intervals", page::intervals);
        page.section("windows", "Best and worst windows", page::windows);
        if (page.result.channels().length > 1) page.section("channels", "Channels", page::channels);
        page.section("terms", "Terms", page::terms);
        page.html.raw("</main>\n<footer>\n");
        page.html.element("p", "Made by ttm backtest. The page is complete: it loads nothing from any server.");
        page.html.raw("</footer>\n");
        return HtmlPage.of("Backtest of " + report.title(), page.html.toString());
    }

    private void header() {
        html.raw("<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header>\n");
        html.element("p class=\"kind\"", "Backtest").element("h1", report.title());
        html.raw("<p class=\"lede\">").raw(verdict()).raw("</p>\n<dl class=\"facts\">\n");
        fact("Model", report.model() + BacktestText.fits(result));
        fact("Windows",
                String.format(Locale.ROOT, "%,d at stride %d", plan.origins().count(), plan.origins().stride()));
        fact("First origin", report.series().axis().readableAt(plan.origins().first()));
        fact("Last origin", report.series().axis().readableAt(plan.origins().at(plan.origins().count() - 1)));
        fact("Context", BacktestText.context(result) + " steps of " + report.series().axis().frequency());
        fact("Horizon", plan.origins().horizon() + (plan.origins().horizon() == 1 ? " step" : " steps"));
        fact("Past used", plan.window().name().toLowerCase(Locale.ROOT));
        html.raw("</dl>\n</header>\n<nav aria-label=\"Sections\">\n<ul>\n");
        link("accuracy", "Accuracy");
        link("horizon", "Over the horizon");
        link("intervals", "Intervals");
        link("windows", "Best and worst");
        if (result.channels().length > 1) link("channels", "Channels");
        link("terms", "Terms");
        html.raw("</ul>\n</nav>\n");
    }

    private void fact(String name, String value) {
        html.raw("<div>").element("dt", name).element("dd", value).raw("</div>\n");
    }

    private void link(String id, String text) {
        html.raw("<li>").element("a href=\"#" + id + "\"", text).raw("</li>\n");
    }

    /** The result in one sentence, as markup. */
    private String verdict() {
        double gain = report.gain();
        String against = Html.escape(" that of the " + report.name(report.strongest()))
                + ", the strongest simple forecast.";
        String error = "The model’s mean " + (report.scaled() ? "scaled" : "absolute") + " error is "
                + Digits.of(report.error(result.model().total()));
        if (!Double.isFinite(gain)) return error + ".";
        String share = String.format(Locale.ROOT, "%.0f %%", Math.abs(100 * gain));
        if (Math.abs(gain) < 0.005) return error + ", the same as" + against;
        return error + ", <strong>" + share + (gain > 0 ? " below" : " above") + "</strong>" + against;
    }

    private void section(String id, String title, Runnable content) {
        html.raw("<section aria-labelledby=\"" + id + "\">\n").element("h2 id=\"" + id + "\"", title);
        content.run();
        html.raw("</section>\n");
    }

    private void accuracy() {
        HtmlPage.Table table = new HtmlPage.Table("All windows, steps and channels", columns("Forecast", POINT));
        table.mainRow("model", cells(result.model().total()));
        if (result.withoutDrivers() != null) table.row(WITHOUT_DRIVERS, cells(result.withoutDrivers().total()));
        for (SimpleForecast method : report.shown()) {
            table.row(report.name(method), cells(result.simple().get(method).total()));
        }
        html.raw(table.toString());
        if (result.channels().length > 1) {
            html.element("p class=\"note\"",
                    "MSE, MAE and RMSE are in the units of the channels, so that large channels "
                            + "weigh most. MASE has no unit and weighs all channels equally.");
        }
    }

    private void horizon() {
        html.raw(new BacktestFigures(report).errors());
        HtmlPage.Table table = new HtmlPage.Table("The model by step", columns("Step", POINT));
        int every = (plan.origins().horizon() - 1) / MOST_ROWS + 1;
        for (int h = 0; h < plan.origins().horizon(); h += every) {
            table.row(Integer.toString(h + 1), cells(result.model().step(h)));
        }
        details("Numbers by step", table);
    }

    private void intervals() {
        QuantileScores scores = result.model().total().quantiles();
        if (scores.count() == 0) {
            html.element("p", "There are no intervals: " + BacktestText.noIntervals(result) + ".");
            return;
        }
        double[] levels = plan.grid().levels();
        html.element("p", String.format(Locale.ROOT,
                "%,d of %,d windows have intervals, %s. The pinball loss of these intervals is %s, the CRPS is %s.",
                result.calibrated(), plan.origins().count(),
                result.ownQuantiles()
                        ? "those that the forecasts came with"
                        : "which rest on the errors that were known at the origin",
                Digits.of(scores.pinball()), Digits.of(scores.crps())));
        HtmlPage.Table table = new HtmlPage.Table("True values within the intervals",
                List.of("Level", "Observed", "Mean width"));
        for (int i = 0; i < levels.length; i++) {
            table.row(Digits.level(levels[i]),
                    List.of(Digits.percent(scores.coverage()[i]), Digits.of(scores.width()[i])));
        }
        BacktestFigures figures = new BacktestFigures(report);
        html.raw(table.toString()).raw("<div class=\"figures\">\n");
        html.raw(figures.calibration()).raw(figures.coverage()).raw("</div>\n");
        HtmlPage.Table quantiles = new HtmlPage.Table("True values at or below each quantile",
                List.of("Quantile", "Observed"));
        for (int i = 0; i < scores.below().length; i++) {
            quantiles.row(Digits.level(plan.grid().quantiles()[i]), List.of(Digits.percent(scores.below()[i])));
        }
        details("Numbers by quantile", quantiles);
    }

    private void windows() {
        if (result.worst().isEmpty()) {
            html.element("p", "No window can be ranked: no channel has a scale for the MASE, or truths are missing.");
            return;
        }
        html.element("p class=\"note\"",
                "Windows are ranked by MASE and do not overlap. The bands are the intervals of "
                        + String.join(", ", levelNames())
                        + (result.ownQuantiles() ? "." : ", where earlier windows were enough to calibrate them."));
        List<Panel> worst = BacktestFigures.windows(report, result.worst(), "");
        List<Panel> best = BacktestFigures.windows(report, result.best(), "");
        html.raw(HtmlChart.legend(Stream.concat(worst.stream(), best.stream()).toList()));
        html.element("h3", "Worst").raw(HtmlChart.figures("figures small", "Forecast", worst));
        if (!best.isEmpty()) html.element("h3", "Best").raw(HtmlChart.figures("figures small", "Forecast", best));
    }

    private List<String> levelNames() {
        return Arrays.stream(plan.grid().levels()).mapToObj(Digits::level).toList();
    }

    private void channels() {
        int count = Math.min(result.channels().length, MOST_ROWS);
        List<String> more = new ArrayList<>(POINT);
        more.add("MASE, " + report.name(report.strongest()));
        for (String level : levelNames()) more.add("Within " + level);
        HtmlPage.Table table = new HtmlPage.Table(
                count == result.channels().length
                        ? "The model by channel"
                        : "The model by channel, the first " + count + " of " + result.channels().length,
                columns("Channel", more));
        for (int c = 0; c < count; c++) {
            List<String> cells = new ArrayList<>(cells(result.model().channel(c)));
            cells.add(Digits.of(result.simple().get(report.strongest()).channel(c).mase()));
            for (double share : result.model().channel(c).quantiles().coverage()) cells.add(Digits.percent(share));
            table.row(report.channel(c), cells);
        }
        html.raw(table.toString());
    }

    private void terms() {
        int period = plan.season().steps();
        html.raw("<dl class=\"terms\">\n");
        term("Origin", "The row of the first step of a forecast. The forecast uses only the rows before it.");
        term("MSE, MAE, RMSE", "Mean squared error, mean absolute error and root of the mean squared error, in the "
                + "units of the file.");
        term("MASE", "Absolute error divided by the mean absolute change over one period ("
                + (period == 1 ? "1 step" : period + " steps") + ") in the " + plan.origins().first()
                + " rows before the first origin. Below 1, the error is smaller than that of the seasonal naive "
                + "forecast in those rows.");
        term("sMAPE", "The mean of twice the absolute error over |truth| + |forecast|, from 0 to 200 %.");
        term("WAPE", "The sum of the absolute errors over the sum of |truth|.");
        term("Pinball, CRPS",
                "The pinball loss, averaged over the quantiles, and twice its integral over all "
                        + "quantiles. The CRPS of a forecast without spread is the absolute error, which makes it "
                        + "comparable with the MAE.");
        term("Simple forecasts", "The last value repeated; the last " + report.period() + " repeated; the mean "
                + report.period() + " of the past used.");
        term("Missing values", "Steps at which the truth or the forecast is missing do not count.");
        html.raw("</dl>\n");
    }

    private void term(String term, String meaning) {
        html.element("dt", term).element("dd", meaning);
    }

    private void details(String summary, HtmlPage.Table table) {
        html.raw("<details>\n").element("summary", summary).raw(table.toString()).raw("</details>\n");
    }

    static List<String> columns(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    static List<String> joined(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toList();
    }

    static List<String> cells(Scores scores) {
        return List.of(Digits.of(scores.mse()), Digits.of(scores.mae()), Digits.of(scores.rmse()),
                Digits.of(scores.mase()), Digits.percent(scores.smape()), Digits.percent(scores.wape()));
    }
}
