package org.ttm4j.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.eval.backtest.BacktestReport;

/**
 * The files that {@code ttm backtest --html F.html} writes: F.html for one report, F-1.html, F-2.html and so on for
 * several. A device or a pipe, such as {@code /dev/null}, receives all of them.
 *
 * @param page the file named on the command line
 */
public record BacktestPages(Path page) {
    private static final int MOST = 12;

    /**
     * Checks in advance that the files for so many reports can be written.
     *
     * @param input the file that must not be among them
     */
    public void require(int reports, Path input) throws UsageException, CommandException, IOException {
        for (Path file : files(reports)) {
            OutputFile.requireOther(file, input, "--html");
            OutputFile.requireWritable(file);
        }
    }

    /** Writes the first reports, and names the files on the console. */
    public void write(List<BacktestReport> reports, Console console) throws CommandException {
        List<Path> files = files(reports.size());
        for (int i = 0; i < files.size(); i++) {
            BacktestReport report = reports.get(i);
            OutputFile.write(files.get(i), out -> out.write(BacktestPage.of(report)));
            console.say("report: " + files.get(i)
                    + (reports.size() == 1 ? "" : " (series " + Printable.quoted(report.series().id()) + ")"));
        }
        if (files.size() < reports.size()) {
            console.say("report: written for the first " + files.size() + " of " + reports.size() + " series");
        }
    }

    private List<Path> files(int reports) {
        boolean numbered = reports > 1 && (Files.notExists(page) || Files.isRegularFile(page));
        return IntStream.rangeClosed(1, Math.min(MOST, reports)).mapToObj(i -> numbered ? numbered(i) : page).toList();
    }

    private Path numbered(int number) {
        return page.resolveSibling(page.getFileName().toString().replaceFirst("(?i)(\\.html?)?$", "-" + number + "$1"));
    }
}
