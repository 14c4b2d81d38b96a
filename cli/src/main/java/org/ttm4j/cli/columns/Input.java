package org.ttm4j.cli.columns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvOptions;

/**
 * The table that a command line names: a file, or a query of a database.
 *
 * @param name of the table in messages
 * @param file that holds it; the rows of a query are copied to one, which is deleted at the end of the program
 * @param options how to read it
 * @param query null for a file
 */
public record Input(String name, Path file, CsvOptions options, TableQuery query) {
    /** The operands in the help text. */
    public static final String OPERANDS = "FILE.csv | --jdbc URL --query SQL";

    /** The options for a query. */
    public static final List<Option> OPTIONS = List.of(
            new Option("--jdbc", "URL", "read from a database, such as jdbc:postgresql://host/database"),
            new Option("--query", "SQL", "the rows: id, time, values; those of an id together"),
            new Option("--driver", "F.jar", "the driver of the database"),
            new Option("--credentials", "FILE", "lines user=… and password=… (default: $TTM_JDBC_USER, …)"));

    /** Reads the options, and the rows of a query. A file need not be there yet. */
    public static Input of(Arguments arguments, Console console) throws UsageException, IOException {
        if (arguments.text("--jdbc") != null) return TableQuery.read(arguments, console);
        for (Option option : OPTIONS) {
            if (arguments.text(option.name()) == null) continue;
            throw new UsageException(option.name() + ": expected --jdbc URL");
        }
        String name = arguments.operand("a CSV file, or --jdbc URL");
        return new Input(name, console.input(name), SeriesOptions.of(arguments), null);
    }
}
