package org.ttm4j.cli.command;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.eval.table.HierarchyTable;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.hierarchy.Hierarchy;

/**
 * {@code ttm forecast --hierarchy}: the series of a file and their sums, as series of one column of names.
 *
 * @param wanted by each request, without its quantiles
 */
record ForecastHierarchy(Forecaster forecaster, UnaryOperator<ForecastRequest> wanted, ForecastQuantiles quantiles) {
    private static final List<String> WITHOUT = List.of("--future", "--holidays", "--cv", "--into", "--integer",
            "--upper", "--components", "--static-category");

    /** Whether the command line asks for it. Throws UsageException when an option beside it is not supported. */
    static boolean isAsked(Arguments arguments, Forecaster forecaster) throws UsageException {
        Option option = SeriesOptions.HIERARCHY;
        if (!arguments.flag(option.name())) return false;
        Models.requireCombined(forecaster, option, arguments);
        for (String other : WITHOUT) {
            if (arguments.flag(other)) throw new UsageException(option.name() + ": expected without " + other);
        }
        return true;
    }

    /** Forecasts each column of the file and its sums. */
    SeriesResults<ForecastQuantiles.Result> of(CsvFile csv, String name) throws CommandException {
        try {
            HierarchyTable table = new HierarchyTable(csv, ForecastHierarchy::requireRoom,
                    series -> quantiles.wanted(wanted.apply(SeriesRequest.of(series))));
            List<ForecastRequest> requests = table.requests();
            ForecastRequest first = requests.get(0);
            long channels = (long) table.hierarchy().names().size() * requests.size();
            ForecastOutputs.requireMemory(name, channels, channels * forecaster.horizon(first),
                    quantiles.levels().length, Math.max(first.samples(), Hierarchy.SAMPLES));
            List<Forecast> byColumn = requests.stream()
                    .map(request -> table.hierarchy()
                            .forecast(forecaster, request, Execution.ALONE.withExecutor(ForkJoinPool.commonPool())))
                    .toList();
            List<ForecastQuantiles.Result> results = table.forecasts(byColumn)
                    .stream()
                    .map(of -> new ForecastQuantiles.Result(quantiles.levels().length == 0 ? of.withoutQuantiles() : of,
                            null))
                    .toList();
            return SeriesResults.of(table.nodes(byColumn.get(0).horizon()), results, new String[results.size()]);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(SeriesOptions.problem(name, null, wrong.getMessage()), wrong);
        }
    }

    /** Refuses histories of nodes that would take more than half of the heap. */
    private static void requireRoom(long channels, long steps) {
        double bytes = (double) HierarchyTable.BYTES_OF_VALUE * channels * steps;
        if (bytes <= Runtime.getRuntime().maxMemory() / 2) return;
        throw new IllegalArgumentException("the series of the hierarchy and their sums, " + channels + " with " + steps
                + " steps each, counted from the earliest time of any series, take some " + (long) (bytes / (1 << 20))
                + " MB, more than half of the memory; leave out series that lie far apart "
                + "in time, or give the JVM more memory, such as TTM_JAVA_OPTIONS=-Xmx4g");
    }
}
