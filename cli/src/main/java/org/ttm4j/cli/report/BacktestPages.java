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
import org.ttm4j.eval.backtest.BacktestReport;

/**
 * Where {@code ttm backtest --html} writes: one report where it is asked for, several beside it as F-1.html, F-2.html and
 * so on. What is there and no regular file, such as {@code /dev/null} or a pipe, takes them all.
 */
public record BacktestPages(Path page) {
    private static final int MOST = 12;

    /**
     * Checks the files for so many reports before there are any.
     *
     * @param input must not be among them
     */
    public void require(int reports, Path input) throws UsageException, CommandException, IOException {
        for (Path file : files(reports)) {
            OutputFile.requireOther(file, input, "--html");
            OutputFile.requireWritable(file);
        }
    }

    /** Writes the first reports and says where. */
    public void write(List<BacktestReport> reports, Console console) throws CommandException {
        List<Path> files = files(reports.size());
        for (int i = 0; i < files.size(); i++) {
            BacktestReport report = reports.get(i);
            OutputFile.write(files.get(i), out -> out.write(BacktestPage.of(report)));
            console.say("report: " + files.get(i)
                    + (reports.size() == 1 ? "" : " (series " + Console.quoted(report.series().id()) + ")"));
        }
        if (files.size() < reports.size()) {
            console.say("report: of the first " + files.size() + " of " + reports.size() + " series");
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
