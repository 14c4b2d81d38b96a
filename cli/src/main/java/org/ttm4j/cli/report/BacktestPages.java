package org.ttm4j.cli.report;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.eval.report.BacktestPage;
import org.ttm4j.eval.report.SeriesTable;

/**
 * The files that {@code ttm backtest --html F.html} writes: F.html for one report; for several, F.html is the table of all
 * series, and F-1.html, F-2.html and so on are the reports, one linked to the next. A device or a pipe, such as
 * {@code /dev/null}, receives all of the reports.
 *
 * @param page the file named on the command line
 */
public record BacktestPages(Path page) {
    /** Names of files on the console. */
    private static final int MOST_NAMED = 12;

    /**
     * Checks in advance that the files for so many reports can be written.
     *
     * @param input the file that must not be among them
     */
    public void require(int reports, Path input) throws IOException {
        for (Path file : files(reports)) OutputFile.checked(file, "--html", input);
    }

    /** Writes all reports, and names the first files on the console. */
    public void write(List<BacktestReport> reports, Console console) throws CommandException {
        List<Path> files = files(reports.size());
        boolean numbered = isNumbered(reports.size());
        for (int i = 0; i < files.size(); i++) {
            BacktestReport report = reports.get(i);
            String neighbours = numbered ? neighbours(files, i) : "";
            OutputFile.write(files.get(i), out -> out.write(BacktestPage.of(report, neighbours)));
            if (i >= MOST_NAMED) continue;
            console.say("report: " + files.get(i)
                    + (reports.size() == 1 ? "" : " (series " + Printable.quoted(report.series().id()) + ")"));
        }
        if (files.size() > MOST_NAMED) console.say("report: … and " + (files.size() - MOST_NAMED) + " more");
        if (!numbered) return;
        SeriesTable table = new SeriesTable(reports);
        OutputFile.write(page, out -> out
                .write(table.page(reports.get(0).file(), files.stream().map(BacktestPages::address).toList())));
        console.say("report: " + page + " (all series)");
    }

    /** Links to the reports before and after one, and to the table. */
    private String neighbours(List<Path> files, int number) {
        Html html = new Html().raw("<nav aria-label=\"Series\">\n<ul>\n");
        if (number > 0) link(html, files.get(number - 1), "← Previous series");
        link(html, page, "All series");
        if (number < files.size() - 1) link(html, files.get(number + 1), "Next series →");
        return html.raw("</ul>\n</nav>\n").toString();
    }

    private static void link(Html html, Path file, String text) {
        html.raw("<li>").element("a href=\"" + Html.escape(address(file)) + "\"", text).raw("</li>\n");
    }

    /** A file in the same folder, as the address of a link. */
    private static String address(Path file) {
        return "./" + URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    private boolean isNumbered(int reports) {
        return reports > 1 && (Files.notExists(page) || Files.isRegularFile(page));
    }

    private List<Path> files(int reports) {
        boolean numbered = isNumbered(reports);
        return IntStream.rangeClosed(1, reports).mapToObj(i -> numbered ? numbered(i) : page).toList();
    }

    private Path numbered(int number) {
        return page.resolveSibling(page.getFileName().toString().replaceFirst("(?i)(\\.html?)?$", "-" + number + "$1"));
    }
}
