package org.ttm4j.cli.columns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.TimeSeries;

/** Columns of {@code --holidays}, which are not in the file: they follow from its times. */
final class HolidayColumns {
    static final Option OPTION = new Option("--holidays", "DE,DE-BY",
            "public holidays of countries or regions as columns whose future is known");

    private HolidayColumns() {}

    /** The name of the column of a country or region. */
    static String name(String code) throws UsageException {
        try {
            return Holidays.of(code).name();
        } catch (IllegalArgumentException e) {
            throw new UsageException(OPTION.name() + ": " + e.getMessage());
        }
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
     * Reads a file and adds holidays behind its columns, or where the targets of the options name them.
     *
     * @param wanted columns, of which those of holidays are added
     */
    static CsvFile read(Path file, CsvOptions options, List<String> wanted) throws CommandException, IOException {
        List<String> holidays = among(wanted);
        if (holidays.isEmpty()) return CsvReader.read(file, options);
        CsvFile csv = CsvReader.read(file, options.withTargets(others(options.targets())));
        List<TimeSeries> series = new ArrayList<>();
        for (TimeSeries one : csv.series()) {
            TimeSeries more = with(one, holidays, options.categories() != null);
            series.add(options.targets().isEmpty() ? more : more.select(options.targets()));
        }
        return csv.withSeries(series);
    }

    private static TimeSeries with(TimeSeries series, List<String> holidays, boolean kinds) throws CommandException {
        List<String> channels = new ArrayList<>(series.channels());
        List<double[]> values = new ArrayList<>(Arrays.asList(series.doubleValues()));
        for (String name : holidays) {
            channels.add(name);
            values.add(after(series, 0, series.length(), name, kinds));
        }
        return new TimeSeries(series.id(), channels, series.axis(), values.toArray(double[][]::new));
    }

    /**
     * The values of a column of holidays from an index on.
     *
     * @param kinds whether holidays are told apart
     */
    static double[] after(TimeSeries series, int from, int steps, String name, boolean kinds) throws CommandException {
        try {
            if (kinds) return Holidays.named(name).orElseThrow().kinds(series.axis(), from, steps);
            float[] values = Holidays.named(name).orElseThrow().on(series.axis(), from, steps);
            return IntStream.range(0, steps).mapToDouble(t -> values[t]).toArray();
        } catch (IllegalArgumentException e) {
            throw new CommandException(OPTION.name() + ": " + e.getMessage(), e);
        }
    }
}
