package org.ttm4j.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Note;
import org.ttm4j.forecast.hierarchy.Hierarchy;
import org.ttm4j.forecast.interval.Quantiles;

/**
 * {@code ttm forecast --hierarchy}: the series of a file and their sums, as series of one column of names.
 *
 * @param wanted by each request, without its quantiles
 */
record ForecastHierarchy(Forecaster forecaster, UnaryOperator<ForecastRequest> wanted, ForecastQuantiles quantiles) {
    private static final String NAMES = "series";
    private static final List<String> WITHOUT = List.of("--future", "--holidays", "--cv", "--into", "--integer",
            "--upper", "--components", "--static-category");

    /** Whether the command line asks for it. Throws UsageException where it asks for something else that this lacks. */
    static boolean isAsked(Arguments arguments, Forecaster forecaster) throws UsageException {
        Option option = SeriesOptions.HIERARCHY;
        if (!arguments.flag(option.name())) return false;
        ModeOption.requireCombined(forecaster, option, arguments);
        for (String other : WITHOUT) {
            if (arguments.flag(other)) throw new UsageException(option.name() + ": expected without " + other);
        }
        return true;
    }

    /** Forecasts each column of the file and its sums. */
    SeriesResults<ForecastQuantiles.Result> of(CsvFile csv, String name) throws CommandException {
        TimeSeries first = csv.series().get(0);
        try {
            Hierarchy hierarchy = Hierarchy.of(csv.layout().ids(),
                    csv.series().stream().map(csv.layout()::idCells).toList());
            List<TimeSeries> bottom = aligned(csv.series());
            List<double[][]> histories = new ArrayList<>();
            List<Forecast> byChannel = new ArrayList<>();
            for (int c = 0; c < first.channels().size(); c++) {
                int channel = c;
                double[][] own = bottom.stream().map(series -> series.doubleChannel(channel)).toArray(double[][]::new);
                ForecastRequest request = quantiles.wanted(wanted.apply(SeriesOptions.request(first).withHistory(own)));
                ForecastMemory.require(name, (long) hierarchy.names().size() * first.channels().size(),
                        forecaster.horizon(request), quantiles.count(),
                        request.samples() > 0 ? request.samples() : Hierarchy.SAMPLES);
                Forecast forecast = hierarchy.forecast(forecaster, request,
                        Execution.ALONE.withExecutor(ForkJoinPool.commonPool()));
                byChannel.add(forecast);
                histories.add(hierarchy.histories(own, forecast.horizon()));
            }
            List<TimeSeries> nodes = new ArrayList<>();
            List<ForecastQuantiles.Result> results = new ArrayList<>();
            for (int node = 0; node < hierarchy.names().size(); node++) {
                int row = node;
                nodes.add(new TimeSeries(hierarchy.names().get(node), first.channels(), bottom.get(0).axis(),
                        histories.stream().map(of -> of[row]).toArray(double[][]::new)));
                results.add(new ForecastQuantiles.Result(ofNode(byChannel, nodes.get(node), node), null));
            }
            return SeriesResults.of(named(csv, nodes), results, new String[results.size()]);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(SeriesOptions.problem(name, null, wrong.getMessage()), wrong);
        }
    }

    /** The file with these series, whose ids are in one column. */
    private static CsvFile named(CsvFile csv, List<TimeSeries> nodes) {
        CsvFile.Layout of = csv.layout();
        List<String> columns = new ArrayList<>(of.columns());
        columns.removeAll(of.ids());
        columns.add(0, NAMES);
        return new CsvFile(nodes, new CsvFile.Layout(of.time(), of.joints(), of.range(), NAMES, columns, of.dialect(),
                of.form(), of.texts()), csv.report(), csv.rejected());
    }

    /** The series on the time axis that all of them lie on. */
    private static List<TimeSeries> aligned(List<TimeSeries> all) {
        TimeSeries earliest = all.stream().min(Comparator.comparingLong(series -> series.axis().start())).orElseThrow();
        TimeAxis axis = earliest.axis();
        int[] starts = all.stream().mapToInt(series -> (int) axis.nearestIndex(series.axis().start())).toArray();
        int length = IntStream.range(0, starts.length).map(i -> starts[i] + all.get(i).length()).max().orElseThrow();
        return IntStream.range(0, starts.length).mapToObj(i -> {
            TimeSeries series = all.get(i);
            boolean fits = series.axis().frequency().equals(axis.frequency())
                    && axis.timeAt(starts[i]) == series.axis().start();
            if (!fits) {
                throw new IllegalArgumentException("series " + series.id() + " from " + series.axis().labelAt(0)
                        + " is not on the times of series " + earliest.id() + ": expected one grid for a hierarchy");
            }
            double[][] values = new double[series.channels().size()][length];
            for (int c = 0; c < values.length; c++) {
                Arrays.fill(values[c], Double.NaN);
                System.arraycopy(series.doubleChannel(c), 0, values[c], starts[i], series.length());
            }
            return new TimeSeries(series.id(), series.channels(), axis, values);
        }).toList();
    }

    /** The forecast of a node, whose channels are those of the file. */
    private Forecast ofNode(List<Forecast> byChannel, TimeSeries series, int node) {
        int channels = byChannel.size();
        double[][] values = new double[channels][];
        double[][] means = new double[channels][];
        double[][][] samples = new double[channels][][];
        List<Note> notes = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            Forecast of = byChannel.get(c);
            values[c] = of.doubleValues()[node];
            means[c] = of.mean().orElseThrow()[node];
            samples[c] = of.samples().orElseThrow()[node];
            for (Note note : of.codedNotes()) {
                if (note.channel() == node) notes.add(new Note(note.code(), c, note.text()));
            }
        }
        Quantiles made = byChannel.get(0).quantiles().orElseThrow();
        Forecast forecast = Forecast.of(SeriesOptions.request(series), IntStream.range(0, channels).toArray(), values)
                .withQuantiles(Quantiles.ofSamples(made.levels(), samples, 0))
                .withMean(means, samples)
                .withNotes(notes);
        for (Note note : byChannel.get(0).codedNotes()) {
            if (note.channel() < 0) forecast = forecast.withNote(note.code(), note.text());
        }
        return quantiles.count() == 0 ? forecast.withoutQuantiles() : forecast;
    }
}
