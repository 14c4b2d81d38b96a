package org.ttm4j.cli.columns;

import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.csv.CsvOptions;
import org.ttm4j.data.series.Printable;

/** The options for the time and the id of the series in a CSV, which are the same in all commands that have them. */
public final class SeriesOptions {
    public static final Option TIME = new Option("--time", "COLUMN",
            "time column, or two joined as date+hour (default: found by name or cells)");
    public static final Option ID = new Option("--id", "COLUMN", "column that names the series of a row");

    private SeriesOptions() {}

    /** The options of a reader that reads all columns. */
    public static CsvOptions of(Arguments arguments) throws UsageException {
        return new CsvOptions(arguments.text(TIME.name()), List.of(), arguments.text(ID.name()));
    }

    /** A problem with one series of a file, as a message; {@code id} is null where the file has no ids. */
    public static String problem(String file, String id, String problem) {
        return file + (id == null ? "" : ", series " + Printable.quoted(id)) + ": " + problem;
    }
}
