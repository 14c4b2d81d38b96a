package org.ttm4j.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.plot.Html;

/** The backtests of the series of a file, one a row, and their total. */
public record SeriesTable(List<BacktestReport> reports) {
    private static final int LEAST_WIDTH = 30;
    private static final List<String> COLUMNS = List.of("windows", "MAE", "MASE", "last period", "ratio");
    private static final String LEGEND = "last period: its MASE. ratio: the model's error over that of the strongest "
            + "simple forecast; in the total their geometric mean, and the mean MASE.";

    public String text() {
        List<String> names = reports.stream().map(report -> Printable.shortened(report.series().id())).toList();
        int width = names.stream().mapToInt(String::length).reduce(LEAST_WIDTH, Math::max);
        StringBuilder text = new StringBuilder(line(width, "series", COLUMNS));
        for (int i = 0; i < names.size(); i++) text.append(line(width, names.get(i), cells(reports.get(i))));
        return text.append(line(width, total(), totals())).append(LEGEND).append('\n').toString();
    }

    private static String line(int width, String name, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%-" + width + "s", name));
        for (String cell : cells) line.append(String.format(" %12s", cell));
        return line.append('\n').toString();
    }

    /**
     * As a page.
     *
     * @param links where the report of each series is
     */
    public String page(String title, List<String> links) {
        Html html = new Html();
        html.raw("<header>\n").element("p class=\"kind\"", "Backtest").element("h1", title).raw("</header>\n");
        html.raw("<main id=\"main\">\n");
        HtmlPage.Table table = new HtmlPage.Table("All series", BacktestPage.columns("Series", COLUMNS));
        table.mainRow(total(), totals());
        for (int i = 0; i < reports.size(); i++) {
            String id = Objects.requireNonNullElse(reports.get(i).series().id(), "the series");
            table.linkRow(links.get(i), id, cells(reports.get(i)));
        }
        html.raw(table.toString()).element("p class=\"note\"", LEGEND).raw("</main>\n");
        return HtmlPage.of("Backtest of " + title, html.toString());
    }

    private static List<String> cells(BacktestReport report) {
        return List.of(String.format(Locale.ROOT, "%,d", report.result().plan().origins().count()),
                Digits.of(report.result().model().total().mae()), Digits.of(report.result().model().total().mase()),
                Digits.of(BacktestReport.Total.naiveMase(report)), Digits.of(1 - report.gain()));
    }

    private String total() {
        BacktestReport.Total total = BacktestReport.Total.of(reports);
        return total.series() + " series, better on " + total.better();
    }

    private List<String> totals() {
        BacktestReport.Total total = BacktestReport.Total.of(reports);
        return List.of(String.format(Locale.ROOT, "%,d", total.windows()), "", Digits.of(total.mase()),
                Digits.of(total.naiveMase()), Digits.of(total.ratio()));
    }
}
