package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.console.Viewer;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.Printable;

/**
 * Where a forecast is written to.
 *
 * @param table null for standard output or the database
 * @param picture null for none
 * @param crossValidation null for none
 * @param samples null for none
 * @param components null for none
 * @param into the table of the database; null for none
 * @param open whether to show the picture
 * @param digits decimals in tables; below 0 for numbers as they are
 */
record ForecastOutputs(Path table, Path picture, Path crossValidation, Path samples, Path components, String into,
        boolean open, int digits) {
    static final Option INTO = new Option("--into", "TABLE",
            "write the table into one of the database, without a picture unless --plot");
    static final Option CROSS_VALIDATION = new Option("--cv", "F.csv",
            "write there what the combination forecast at earlier origins, and what came");

    static final Option COMPONENTS = new Option("--components", "F.csv",
            "write there what trend, seasons, members and drivers contribute");

    boolean isWorkbook() {
        return OutputFile.ends(table, ".xlsx");
    }

    /** The file, to be answered in the form that the name of a table says; in its own for null and other names. */
    static CsvFile answered(CsvFile csv, Path table) {
        if (OutputFile.ends(table, ".jsonl")) return csv.as(CsvFile.Form.JSON_LINES);
        boolean isOther = OutputFile.ends(table, ".csv") && csv.layout().form() == CsvFile.Form.JSON_LINES;
        return isOther ? csv.as(CsvFile.Form.DELIMITED) : csv;
    }

    static ForecastOutputs of(Arguments arguments, Input from, Console console) throws IOException {
        String into = arguments.text(INTO.name());
        if (into != null && from.query() == null) throw new UsageException(INTO.name() + ": expected --jdbc URL");
        Map<String, Path> files = new LinkedHashMap<>();
        Path table = console.output(arguments.text("--out"));
        if (table != null) files.put("--out", table);
        for (String option : List.of("--plot", CROSS_VALIDATION.name(), ForecastSums.SAMPLES.name(),
                COMPONENTS.name())) {
            if (arguments.text(option) != null) files.put(option, console.path(arguments.text(option)));
        }
        boolean open = arguments.flag(Viewer.OPEN.name());
        boolean none = isNone(arguments);
        if (none && open) throw new UsageException("--open shows a picture, and --plot none makes none");
        if (!none && files.containsKey("--plot")) requirePicture(files.get("--plot"));
        if (none) {
            files.remove("--plot");
        } else if (!files.containsKey("--plot") && (into == null || open)) {
            Path picture = console.path(Input.stem(Path.of(from.title())) + "-forecast" + (open ? ".html" : ".svg"));
            try {
                OutputFile.requireWritable(picture);
                files.put("--plot", picture);
            } catch (CommandException notThere) {
                if (open) throw notThere;
                console.say("note: without a picture, as " + notThere.getMessage());
            }
        }
        OutputFile.requireApart(files, from.file(), console.path(arguments.text("--future")));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            if (!file.getKey().equals("--out")) OutputFile.requireText(file.getValue(), file.getKey());
        }
        for (Path file : files.values()) OutputFile.requireWritable(file);
        return new ForecastOutputs(files.get("--out"), files.get("--plot"), files.get(CROSS_VALIDATION.name()),
                files.get(ForecastSums.SAMPLES.name()), files.get(COMPONENTS.name()), into, open,
                SeriesOptions.digits(arguments));
    }

    /** The picture of {@code --plot}, which can be written and is no input or other output; null without one, and for none. */
    static Path picture(Arguments arguments, Path input, Console console) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String option : List.of("--out", "--html")) {
            Path file = console.output(arguments.text(option));
            if (file != null) files.put(option, file);
        }
        if (arguments.text("--plot") != null && !isNone(arguments)) {
            files.put("--plot", console.path(arguments.text("--plot")));
        }
        OutputFile.requireApart(files, input, console.path(arguments.text("--future")));
        Path picture = files.get("--plot");
        if (picture == null) return null;
        requirePicture(picture);
        return OutputFile.checked(picture, "--plot", input);
    }

    private static boolean isNone(Arguments arguments) throws UsageException {
        return "none".equals(arguments.text("--plot"));
    }

    /** A name without an ending, such as that of a device, gets an SVG. */
    private static void requirePicture(Path file) throws UsageException {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        boolean known = Stream.of(".svg", ".png", ".html", ".htm").anyMatch(ending -> OutputFile.ends(file, ending));
        if (known || !name.contains(".")) return;
        throw new UsageException(
                "--plot: expected a name that ends in .svg, .png or .html, found " + Printable.quoted(name));
    }
}
