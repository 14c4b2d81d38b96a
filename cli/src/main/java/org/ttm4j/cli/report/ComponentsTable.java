package org.ttm4j.cli.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.forecast.Forecast;

/**
 * What contributes to forecasts as a CSV, one row for each step. The columns are the series (its id, or the channel in a file
 * without ids), the channel, the time, the forecast, and the contributions, which add up to it: those of
 * {@link Forecast#components}, drivers by the names of their columns; 0 where a forecast has none of a name.
 *
 * @param csv the series that were forecast
 * @param forecasts a forecast for each of them
 * @param digits decimals of the numbers; below 0 for numbers as they are
 */
public record ComponentsTable(CsvFile csv, List<Forecast> forecasts, int digits) {
    private static final String DRIVER = "driver.";
    private static final String MEMBER = "member.";
    /** How names begin, in the order of their columns; others follow. */
    private static final List<String> ORDER = List.of("level", "trend", "season", MEMBER, DRIVER);

    /** The contributions to a channel, drivers by the names of their columns. */
    public static Map<String, double[]> named(TimeSeries series, Forecast forecast, int row) {
        Map<String, double[]> named = new LinkedHashMap<>();
        forecast.components()
                .get(row)
                .forEach((name,
                        part) -> named.put(!name.startsWith(DRIVER)
                                ? name
                                : DRIVER + series.channels().get(Integer.parseInt(name.substring(DRIVER.length()))),
                                part));
        return named;
    }

    /** Writes the header and all rows, series after series and channel after channel. */
    public void writeTo(Appendable out) throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> names = names();
        List<String> header = new ArrayList<>(List.of("series", "channel", "time", "forecast"));
        header.addAll(names);
        cells.row(out, header);
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            for (int row = 0; row < forecasts.get(i).components().size(); row++) {
                String channel = series.channels().get(forecasts.get(i).channels()[row]);
                Map<String, double[]> parts = named(series, forecasts.get(i), row);
                DoubleFunction<Number> numbers = Cells.rounded(series.numbers(forecasts.get(i).channels()[row]),
                        digits);
                for (int h = 0; h < forecasts.get(i).horizon(); h++) {
                    List<String> line = new ArrayList<>(List.of(series.id() == null ? channel : series.id(), channel,
                            series.axis().labelAt(series.length() + h),
                            cells.number(numbers.apply(forecasts.get(i).value(row, h)))));
                    for (String name : names)
                        line.add(cells.number(numbers.apply(parts.containsKey(name) ? parts.get(name)[h] : 0)));
                    cells.row(out, line);
                }
            }
        }
    }

    /** Those of all forecasts: level, trend, seasons, members, drivers and limits. */
    private List<String> names() {
        TreeSet<String> all = new TreeSet<>();
        for (int i = 0; i < forecasts.size(); i++) {
            for (int row = 0; row < forecasts.get(i).components().size(); row++) {
                all.addAll(named(csv.series().get(i), forecasts.get(i), row).keySet());
            }
        }
        List<String> names = new ArrayList<>();
        for (String next : ORDER) all.stream().filter(name -> name.startsWith(next)).forEach(names::add);
        all.stream().filter(name -> !names.contains(name)).forEach(names::add);
        return names;
    }

    /** Panels of trend, seasons, drivers and all members together, each from 0; the level is left out. */
    public List<Panel> panels() {
        List<Panel> panels = new ArrayList<>();
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            int steps = forecasts.get(i).horizon();
            for (int row = 0; row < forecasts.get(i).components().size(); row++) {
                Map<String, double[]> shown = new LinkedHashMap<>();
                named(series, forecasts.get(i), row).forEach((name, part) -> {
                    if (name.equals("level")) return;
                    double[] sum = shown.computeIfAbsent(name.startsWith(MEMBER) ? "members" : name,
                            none -> new double[steps]);
                    for (int h = 0; h < steps; h++) sum[h] += part[h];
                });
                String title = series.channels().get(forecasts.get(i).channels()[row]);
                shown.forEach((name, part) -> panels
                        .add(ForecastPanel.line(ForecastPicture.titled(series, title + ": " + name), series.axis(),
                                series.length(), ForecastPanel.FORECAST, "contribution", part)));
            }
        }
        return panels;
    }
}
