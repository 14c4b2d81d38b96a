package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ExplainPage;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.csv.CsvReader;

/** {@code ttm explain}: how a forecast comes about. */
public final class ExplainCommand implements Command {
    private static final Option HTML = new Option("--html", "F.html", "write a page there in which the model runs");

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String operands() {
        return "FILE.csv";
    }

    @Override
    public String summary() {
        return "show how a forecast comes about";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(List.of(SeriesOptions.TIME, SeriesOptions.ID, HTML));
        options.addAll(SeriesOptions.FOUND);
        return options;
    }

    @Override
    public String details() {
        return """
                The page of --html is one file that needs no network. It shows the series and the default bundled
                model's forecast of it, every stage between the two, and what changes when the history does.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        String name = arguments.operand("a CSV file");
        Path file = console.input(name);
        String html = arguments.text(HTML.name());
        if (html == null) throw new UsageException("expected " + HTML.name());
        Path page = console.path(html);
        OutputFile.requireOther(page, file, HTML.name());
        OutputFile.requireWritable(page);
        CsvFile csv = CsvReader.read(file, SeriesOptions.of(arguments));
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        ExplainPage.write(page, csv.series());
        console.say("page: " + page);
        return Command.OK;
    }
}
