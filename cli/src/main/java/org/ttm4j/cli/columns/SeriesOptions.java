package org.ttm4j.cli.columns;

import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.data.time.TimeOptions.Fill;
import org.ttm4j.data.time.TimeOptions.Resampling;
import org.ttm4j.ttm.train.Channels.Role;

/** The options for reading the series of a file, which are the same in all commands that have them. */
public final class SeriesOptions {
    public static final Option TIME = new Option("--time", "COLUMN",
            "time column, or several joined as date+hour (default: found by name or cells)");
    public static final Option ID = new Option("--id", "COLUMN",
            "columns that name the series: store,item (default: unique_id, or one found)");

    public static final Option HIERARCHY = new Option("--hierarchy", "COLUMNS",
            "forecast the series of these columns and their sums, which add up: store,item");

    public static final Option SEASON = new Option("--season", "N",
            "rows of the season (default: that of the calendar, such as a day of hours)");

    public static final Option DIGITS = new Option("--digits", "N",
            "decimals of the numbers in tables (default: as many as it takes)");

    private static final String KEEP_FILL_VALUES = "--keep-fill-values";

    /** Options for properties of a file that are usually detected. */
    public static final List<Option> FOUND = List.of(
            new Option("--frequency", "F", "time between steps: PT15M, PT1H, P1D, P1W, P1M …, or B for business days"),
            new Option("--resample", "HOW", "join the rows of a step: mean, sum, last, or auto by what they are"),
            new Option("--fill", "HOW", "steps without a row: zero, interpolate, missing (default: by what they are)"),
            new Option("--timezone", "ZONE", "zone of the times, such as Europe/Berlin"),
            new Option("--date-format", "F", "how times are written, such as dd.MM.yyyy HH:mm or %d/%m/%y"),
            new Option("--delimiter", "C", "character between cells, or tab; a blank for any number of them"),
            new Option("--decimal", "C", "decimal mark, a point or a comma"),
            new Option("--encoding", "NAME", "encoding, such as UTF-8, ISO-8859-1 or UTF-16"),
            new Option("--skip", "N", "lines to leave out at the beginning"),
            new Option("--sheet", "NAME", "sheet of a workbook (default: the first that has a table)"),
            Option.flag(KEEP_FILL_VALUES, "read -9999 and the like as values where they are far from all others"));

    private static final int MOST_SKIPPED = 1_000_000;
    private static final int MOST_DIGITS = 15;
    private static final int LONGEST_SEASON = 1_000_000;

    private SeriesOptions() {}

    /** The options of a reader that reads all columns but those that are ignored or hold texts. */
    public static CsvOptions of(Arguments arguments) throws UsageException {
        List<String> ignored = new ArrayList<>(arguments.list(ColumnRoles.option(Role.IGNORED)));
        ignored.addAll(arguments.list(ColumnRoles.option(Role.STATIC_CATEGORY))); // they hold texts
        return new CsvOptions(arguments.text(TIME.name()), List.of(), id(arguments), dialect(arguments),
                times(arguments), arguments.flag(KEEP_FILL_VALUES), ignored, arguments.text("--sheet"), null,
                List.of());
    }

    private static String id(Arguments arguments) throws UsageException {
        String id = arguments.text(ID.name());
        String hierarchy = arguments.text(HIERARCHY.name());
        if (hierarchy == null || hierarchy.equals(id)) return id;
        if (id == null) return hierarchy;
        throw new UsageException(
                HIERARCHY.name() + ": expected no " + ID.name() + " beside it; name all columns of ids in it");
    }

    /** Decimals of the numbers in tables; -1 for unrounded numbers. */
    public static int digits(Arguments arguments) throws UsageException {
        return arguments.integer(DIGITS.name(), -1, 0, MOST_DIGITS);
    }

    private static Dialect dialect(Arguments arguments) throws UsageException {
        char decimal = character(arguments, "--decimal");
        if (decimal != 0 && decimal != '.' && decimal != ',') {
            throw new UsageException("--decimal: expected . or , and found " + Printable.quoted("" + decimal));
        }
        return new Dialect(character(arguments, "--delimiter"), decimal, '\0', encoding(arguments.text("--encoding")),
                arguments.integer("--skip", 0, 0, MOST_SKIPPED));
    }

    private static char character(Arguments arguments, String option) throws UsageException {
        String raw = arguments.raw(option);
        if ("\t".equals(raw) || " ".equals(raw)) return raw.charAt(0);
        String text = arguments.text(option);
        if (text == null) return 0;
        if (text.equals("tab") || text.equals("\\t")) return '\t';
        if (text.length() == 1 && text.charAt(0) > ' ' && text.charAt(0) != '"') return text.charAt(0);
        throw new UsageException(option + ": expected one character, found " + Printable.quoted(text));
    }

    private static Charset encoding(String name) throws UsageException {
        try {
            return name == null ? null : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--encoding: expected an encoding such as UTF-8, ISO-8859-1 or UTF-16, found "
                    + Printable.quoted(name));
        }
    }

    private static TimeOptions times(Arguments arguments) throws UsageException {
        String zone = arguments.text("--timezone");
        String frequency = arguments.text("--frequency");
        Frequency step = frequency == null ? null : Arguments.read("--frequency", () -> Frequency.parse(frequency));
        Resampling resampling = arguments.choice("--resample", null, Resampling.class);
        Fill fill = arguments.choice("--fill", null, Fill.class);
        String format = arguments.text("--date-format");
        try {
            ZoneId of = zone == null ? null : ZoneId.of(zone);
            return Arguments.read("--date-format", () -> new TimeOptions(format, of, step, resampling, fill));
        } catch (DateTimeException e) {
            throw new UsageException(
                    "--timezone: expected a zone such as Europe/Berlin or UTC, found " + Printable.quoted(zone));
        }
    }

    /** The steps of {@link #SEASON}; 0 without. */
    public static int season(Arguments arguments) throws UsageException {
        return arguments.integer(SEASON.name(), 0, 2, LONGEST_SEASON);
    }

    /** A problem with one series of a file, as a message; {@code id} is null where the file has no ids. */
    public static String problem(String file, String id, String problem) {
        return file + (id == null ? "" : ", series " + Printable.quoted(id)) + ": " + problem;
    }
}
