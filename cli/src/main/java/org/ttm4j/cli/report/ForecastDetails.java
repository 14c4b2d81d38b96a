package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.rolling.RollingForecast;

/**
 * Sample paths, cross-validation and components of forecasts as CSV files in the dialect of the series.
 *
 * @param csv the series that were forecast
 * @param forecasts a forecast for each of them
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record ForecastDetails(CsvFile csv, List<Forecast> forecasts, int digits) {
    private static final String DRIVER = "driver.";
    private static final String MEMBER = "member.";
    /** The beginnings of the names, in the order of their columns; other names follow. */
    private static final List<String> ORDER = List.of("level", "trend", "season", MEMBER, DRIVER);

    /**
     * Writes the sample paths, which all forecasts have, one row for each path and step. The columns are the id of the series, if
     * the file has ids; the number of the path, from 1; the time; and each forecast channel.
     */
    public void writeSamples(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(List.of("sample", csv.layout().time()));
        header.addAll(0, csv.layout().ids());
        for (int channel : forecasts.get(0).channels()) header.add(csv.series().get(0).channels().get(channel));
        cells.row(out, header);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            double[][][] samples = forecasts.get(i).samples().orElseThrow();
            List<DoubleFunction<Number>> numbers = IntStream.of(forecasts.get(i).channels())
                    .mapToObj(channel -> Cells.rounded(series, channel, digits))
                    .toList();
            for (int path = 0; path < samples[0].length; path++) {
                for (int h = 0; h < forecasts.get(i).horizon(); h++) {
                    List<Object> row = new ArrayList<>(csv.layout().idCells(series));
                    row.addAll(List.of(path + 1, series.axis().labelAt(series.length() + (long) h)));
                    for (int c = 0; c < samples.length; c++) row.add(numbers.get(c).apply(samples[c][path][h]));
                    cells.row(out, row);
                }
            }
        }
    }

    /** A channel that is forecast. */
    private record Channel(TimeSeries series, Forecast forecast, int row) {
        String name() {
            return series.channels().get(forecast.channels()[row]);
        }

        /** The series by its id, or by the channel in a file without ids; then the channel. */
        List<Object> names() {
            return new ArrayList<>(List.of(series.id() == null ? name() : series.id(), name()));
        }

        Map<String, double[]> parts() {
            return named(series, forecast, row);
        }

        DoubleFunction<Number> numbers(int digits) {
            return Cells.rounded(series, forecast.channels()[row], digits);
        }
    }

    /** The channels of the forecasts for which the given list, such as that of components, is not empty. */
    private List<Channel> channels(Function<Forecast, List<?>> having) {
        return IntStream.range(0, forecasts.size())
                .boxed()
                .flatMap(i -> IntStream.range(0, having.apply(forecasts.get(i)).size())
                        .mapToObj(row -> new Channel(csv.series().get(i), forecasts.get(i), row)))
                .toList();
    }

    /**
     * Writes the cross-validation, one row for each step forecast from an earlier origin, the latest origin first. The columns are
     * the series (its id, or the channel in a file without ids), the channel, the time of the first step, the step from 1, the
     * truth (empty where it is missing), the forecast, and its quantiles.
     */
    public void writeCrossValidation(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> header = new ArrayList<>(List.of("series", "channel", "origin", "step", "truth", "forecast"));
        // All have the same levels.
        crossValidation().findFirst()
                .ifPresent(
                        past -> DoubleStream.of(past.quantiles().levels()).forEach(level -> header.add("q" + level)));
        cells.row(out, header);
        for (Channel channel : channels(Forecast::crossValidation)) {
            double[] truth = channel.series.doubleChannel(channel.forecast.channels()[channel.row]);
            DoubleFunction<Number> numbers = channel.numbers(digits);
            for (RollingForecast past : channel.forecast.crossValidation().get(channel.row)) {
                for (int h = 0; h < past.doubleValues()[0].length; h++) {
                    List<Object> row = channel.names();
                    row.addAll(List.of(channel.series.axis().labelAt(past.origin()), h + 1,
                            numbers.apply(truth[past.origin() + h]), numbers.apply(past.doubleValues()[0][h])));
                    for (int q = 0; q < past.quantiles().levels().length; q++) {
                        row.add(numbers.apply(past.quantiles().value(q, 0, h)));
                    }
                    cells.row(out, row);
                }
            }
        }
    }

    /** The number of rows of the cross-validation below the header. */
    public int crossValidationRows() {
        return crossValidation().mapToInt(past -> past.doubleValues()[0].length).sum();
    }

    private Stream<RollingForecast> crossValidation() {
        return forecasts.stream().flatMap(forecast -> forecast.crossValidation().stream()).flatMap(List::stream);
    }

    /** The contributions to a channel, drivers by the names of their columns. */
    public static Map<String, double[]> named(TimeSeries series, Forecast forecast, int row) {
        Map<String, double[]> named = new LinkedHashMap<>();
        forecast.components().get(row).forEach((name, part) -> {
            boolean isDriver = name.startsWith(DRIVER);
            int column = isDriver ? Integer.parseInt(name.substring(DRIVER.length())) : 0;
            named.put(isDriver ? DRIVER + series.channels().get(column) : name, part);
        });
        return named;
    }

    /**
     * Writes what contributes to the forecasts, one row for each step. The columns are the series (its id, or the channel in a file
     * without ids), the channel, the time, the forecast, and the contributions, which add up to it: those of
     * {@link Forecast#components}, drivers by the names of their columns; 0 where a forecast has none of a name.
     */
    public void writeComponents(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> names = names();
        List<String> header = new ArrayList<>(List.of("series", "channel", "time", "forecast"));
        header.addAll(names);
        cells.row(out, header);
        for (Channel channel : channels(Forecast::components)) {
            Map<String, double[]> parts = channel.parts();
            DoubleFunction<Number> numbers = channel.numbers(digits);
            for (int h = 0; h < channel.forecast.horizon(); h++) {
                List<Object> line = channel.names();
                line.add(channel.series.axis().labelAt(channel.series.length() + h));
                line.add(numbers.apply(channel.forecast.value(channel.row, h)));
                for (String name : names) line.add(numbers.apply(parts.containsKey(name) ? parts.get(name)[h] : 0));
                cells.row(out, line);
            }
        }
    }

    /** Those of all forecasts: level, trend, seasons, members, drivers and limits. */
    private List<String> names() {
        TreeSet<String> all = new TreeSet<>();
        for (Channel channel : channels(Forecast::components)) all.addAll(channel.parts().keySet());
        List<String> names = new ArrayList<>();
        for (String next : ORDER) all.stream().filter(name -> name.startsWith(next)).forEach(names::add);
        all.stream().filter(name -> !names.contains(name)).forEach(names::add);
        return names;
    }

    /** Panels of trend, seasons, drivers and all members together, each from 0; the level is left out. */
    public List<Panel> panels() {
        List<Panel> panels = new ArrayList<>();
        for (Channel channel : channels(Forecast::components)) {
            int steps = channel.forecast.horizon();
            Map<String, double[]> shown = new LinkedHashMap<>();
            channel.parts().forEach((name, part) -> {
                if (name.equals("level")) return;
                double[] sum = shown.computeIfAbsent(name.startsWith(MEMBER) ? "members" : name,
                        none -> new double[steps]);
                for (int h = 0; h < steps; h++) sum[h] += part[h];
            });
            shown.forEach((name,
                    part) -> panels.add(ForecastPanel.line(
                            ForecastPanel.titled(channel.series, channel.name() + ": " + name), channel.series.axis(),
                            channel.series.length(), ForecastPanel.FORECAST, "contribution", part)));
        }
        return panels;
    }
}
