package org.ttm4j.cli.columns;

import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.csv.CsvOptions;

/** The options that say how the series of a CSV are told apart, the same in every command that has them. */
public final class SeriesOptions {
    public static final Option TIME = new Option("--time", "COLUMN",
            "time column, or two joined as date+hour (default: found by itself)");
    public static final Option ID = new Option("--id", "COLUMN", "column that says which series a row belongs to");

    private SeriesOptions() {}

    /** What they ask for; all columns. */
    public static CsvOptions of(Arguments arguments) throws UsageException {
        return new CsvOptions(arguments.text(TIME.name()), List.of(), arguments.text(ID.name()));
    }

    /** A problem with one series of a file, as messages begin; {@code id} is null where the file has no ids. */
    public static String problem(String file, String id, String problem) {
        return file + (id == null ? "" : ", series " + Console.quoted(id)) + ": " + problem;
    }
}
