package org.ttm4j.cli.columns;

import java.io.IOException;
import java.util.List;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Option;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.TimeSeries;

/** Columns of {@code --holidays}, which are not in the file: they follow from its times. */
final class HolidayColumns {
    static final Option OPTION = new Option("--holidays", "DE,DE-BY",
            "public holidays of countries or regions as columns whose future is known");

    private HolidayColumns() {}

    /**
     * Reads a table and adds holidays behind its columns, or where the targets of the options name them.
     *
     * @param wanted columns, of which those of holidays are added
     */
    static CsvFile read(Input input, CsvOptions options, List<String> wanted) throws IOException {
        List<String> holidays = Holidays.among(wanted);
        if (holidays.isEmpty()) return input.read(options);
        CsvFile csv = input.read(options.withTargets(Holidays.others(options.targets())));
        return CommandException.read(OPTION.name(), () -> csv.withSeries(csv.series().stream().map(one -> {
            TimeSeries more = Holidays.added(one, holidays, options.categories() != null);
            return options.targets().isEmpty() ? more : more.select(options.targets());
        }).toList()));
    }
}
