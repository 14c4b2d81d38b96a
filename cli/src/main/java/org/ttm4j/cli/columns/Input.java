package org.ttm4j.cli.columns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.TimeSeries;

/**
 * The table that a command line names: a file, standard input, or a query of a database. It is read once.
 *
 * @param name of the table in messages
 * @param file null for a query
 * @param options how to read it
 * @param query null for a file
 * @param memory bytes that reading a file may take
 */
public record Input(String name, Path file, CsvOptions options, TableQuery query, long memory) {
    /** The operands in the help text. */
    public static final String OPERANDS = "FILE.csv | --jdbc URL --query SQL";

    /** The options for a query. */
    public static final List<Option> OPTIONS = List.of(
            new Option("--jdbc", "URL", "read from a database, such as jdbc:postgresql://host/database"),
            new Option("--query", "SQL", "the rows: id, time, values; those of an id together"),
            new Option("--driver", "F.jar", "the driver of the database"),
            new Option("--credentials", "FILE", "lines user=… and password=… (default: $TTM_JDBC_USER, …)"));

    /** Standard input as a path, so that a file to write is compared with the file that was redirected. */
    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    /** Reads the options, without checking that the file exists. */
    public static Input of(Arguments arguments, Console console) throws IOException {
        if (arguments.text("--jdbc") != null) {
            return new Input("query", null, SeriesOptions.of(arguments), TableQuery.of(arguments, console),
                    console.memory());
        }
        arguments.requireNone(OPTIONS, "--jdbc URL");
        return ofFile(arguments, "a CSV file, or --jdbc URL", console);
    }

    /** Reads the options of a command that takes no query; {@code -} is standard input. */
    public static Input ofFile(Arguments arguments, String expected, Console console) throws UsageException {
        String name = arguments.operand(expected);
        CsvOptions options = SeriesOptions.of(arguments);
        if (name.equals("-")) return new Input("standard-input", STANDARD_INPUT, options, null, console.memory());
        return new Input(name, console.path(name), options, null, console.memory());
    }

    /** The name of the file without its folder. */
    public String title() {
        return file == null || file.equals(STANDARD_INPUT) ? name : String.valueOf(file.getFileName());
    }

    /** Whether the table is this file; false for null. */
    public boolean isFile(Path other) throws IOException {
        return file != null && other != null && !file.equals(STANDARD_INPUT) && Files.exists(other)
                && Files.isSameFile(file, other);
    }

    /** The name of a file without the endings of a CSV, such as {@code ETTh1} for {@code data/ETTh1.csv.gz}. */
    public static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    }

    /**
     * Reads the table and adds holidays, which follow from its times, behind its columns or where the targets name them.
     *
     * @param with the options to read the table by
     * @param wanted names of columns; those that name holidays are added, the others ignored
     */
    CsvFile read(CsvOptions with, List<String> wanted) throws IOException {
        List<String> holidays = Holidays.among(wanted);
        if (holidays.isEmpty()) return read(with);
        CsvFile csv = read(with.withTargets(Holidays.others(with.targets())));
        return CommandException.read(ColumnRoles.HOLIDAYS.name(),
                () -> csv.withSeries(csv.series().stream().map(one -> {
                    TimeSeries more = Holidays.added(one, holidays, with.categories() != null);
                    return with.targets().isEmpty() ? more : more.select(with.targets());
                }).toList()));
    }

    private CsvFile read(CsvOptions with) throws IOException {
        if (query != null) return query.read(with);
        return file.equals(STANDARD_INPUT)
                ? CsvReader.read(System.in, name, with, memory)
                : CsvReader.read(Files.newInputStream(file), file.toString(), with, memory);
    }
}
