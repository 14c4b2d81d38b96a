package org.ttm4j.cli.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.series.Parallel;

/**
 * The results of the series of a file.
 *
 * @param csv the file, with the series only that have a result
 * @param results one for each of them
 * @param problems one for each of the others
 */
record SeriesResults<T>(CsvFile csv, List<T> results, List<String> problems) {

    /**
     * Works on several series at a time. Throws CommandException when none has a result.
     *
     * @param name of the file
     * @param work makes the result of a series; IllegalArgumentException says why there is none
     */
    static <T> SeriesResults<T> of(CsvFile csv, String name, Function<TimeSeries, T> work)
            throws CommandException, InterruptedException {
        int count = csv.series().size();
        List<T> results = new ArrayList<>(Collections.nCopies(count, null));
        String[] problems = new String[count];
        Parallel.run(Runtime.getRuntime().availableProcessors(), count, () -> i -> {
            TimeSeries series = csv.series().get(i);
            try {
                results.set(i, work.apply(series));
            } catch (IllegalArgumentException e) {
                problems[i] = SeriesOptions.problem(name, series.id(), e.getMessage());
            }
        });
        return of(csv, results, problems);
    }

    /**
     * The result of each series. Throws CommandException when none has a result.
     *
     * @param results null where there is a problem
     */
    static <T> SeriesResults<T> of(CsvFile csv, List<T> results, String[] problems) throws CommandException {
        List<String> all = Stream.concat(csv.rejected().stream().map(DataException::getMessage), Stream.of(problems))
                .filter(Objects::nonNull)
                .toList();
        List<TimeSeries> series = IntStream.range(0, results.size())
                .filter(i -> results.get(i) != null)
                .mapToObj(csv.series()::get)
                .toList();
        if (series.isEmpty()) throw new CommandException(all.get(0));
        return new SeriesResults<>(csv.withSeries(series), results.stream().filter(Objects::nonNull).toList(), all);
    }
}
