package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.List;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.TimeSeries;

/** Columns of {@code --holidays}, which are not in the file: they follow from its times. */
final class HolidayColumns {
    static final Option OPTION = new Option("--holidays", "DE,DE-BY",
            "public holidays of countries or regions as columns whose future is known");

    private HolidayColumns() {}

    /** The name of the column of a country or region. */
    static String name(String code) throws UsageException {
        return Arguments.read(OPTION.name(), () -> Holidays.of(code).name());
    }

    /** Those among columns that are holidays. */
    static List<String> among(List<String> columns) {
        return columns.stream().filter(column -> Holidays.named(column).isPresent()).toList();
    }

    /** Those among columns that a file has to have. */
    static List<String> others(List<String> columns) {
        return columns.stream().filter(column -> Holidays.named(column).isEmpty()).toList();
    }

    /**
     * Reads a table and adds holidays behind its columns, or where the targets of the options name them.
     *
     * @param wanted columns, of which those of holidays are added
     */
    static CsvFile read(Input input, CsvOptions options, List<String> wanted) throws IOException {
        List<String> holidays = among(wanted);
        if (holidays.isEmpty()) return input.read(options);
        CsvFile csv = input.read(options.withTargets(others(options.targets())));
        try {
            return csv.withSeries(csv.series().stream().map(one -> {
                TimeSeries more = Holidays.added(one, holidays, options.categories() != null);
                return options.targets().isEmpty() ? more : more.select(options.targets());
            }).toList());
        } catch (IllegalArgumentException e) {
            throw new CommandException(OPTION.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The values of a column of holidays from an index on.
     *
     * @param kinds whether holidays are told apart
     */
    static double[] after(TimeSeries series, int from, int steps, String name, boolean kinds) throws CommandException {
        try {
            return Holidays.after(series, from, steps, name, kinds);
        } catch (IllegalArgumentException e) {
            throw new CommandException(OPTION.name() + ": " + e.getMessage(), e);
        }
    }
}
