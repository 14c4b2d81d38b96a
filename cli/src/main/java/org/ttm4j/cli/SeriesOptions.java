package org.ttm4j.cli;

import java.util.List;
import org.ttm4j.data.CsvOptions;

/** The options that say how the series of a CSV are told apart, the same in every command that has them. */
final class SeriesOptions {
    static final Option TIME = new Option("--time", "COLUMN",
            "time column, or two joined as date+hour (default: found by itself)");
    static final Option ID = new Option("--id", "COLUMN", "column that says which series a row belongs to");

    private SeriesOptions() {}

    /** What they ask for; all columns. */
    static CsvOptions of(Arguments arguments) throws UsageException {
        return new CsvOptions(arguments.text(TIME.name()), List.of(), arguments.text(ID.name()));
    }

    /** A problem with one series of a file, as messages begin; {@code id} is null where the file has no ids. */
    static String problem(String file, String id, String problem) {
        return file + (id == null ? "" : ", series " + Console.quoted(id)) + ": " + problem;
    }
}
