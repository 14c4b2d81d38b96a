package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ForecastDetails;
import org.ttm4j.cli.report.ForecastPicture;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.text.Dialect;
import org.ttm4j.eval.page.StudioPage;
import org.ttm4j.eval.plot.BraillePlot;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.table.ForecastTable;
import org.ttm4j.eval.table.TotalsTable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Total;

/**
 * What is written of forecasts, and where to.
 *
 * @param table null for standard output or the database
 * @param picture null for none
 * @param crossValidation null for none
 * @param samples of the sample paths; null for none
 * @param components null for none
 * @param into the table of the database; null for none
 * @param open whether to show the picture
 * @param digits decimals in tables; below 0 for numbers as they are
 * @param mean whether there is a column of means in any case
 * @param period of totals; null for none
 */
record ForecastOutputs(Path table, Path picture, Path crossValidation, Path samples, Path components, String into,
        boolean open, int digits, boolean mean, Total.Period period) {
    static final Option INTO = new Option("--into", "TABLE",
            "write the table into one of the database, without a picture unless --plot");
    static final Option CROSS_VALIDATION = new Option("--cv", "F.csv",
            "write there what the combination forecast at earlier origins, and what came");

    static final Option COMPONENTS = new Option("--components", "F.csv",
            "write there what trend, seasons, members and drivers contribute");
    static final Option MEAN = Option.flag("--mean",
            "a column of means, NAME.mean (default: where their total differs by a tenth)");
    static final Option SAMPLES = new Option("--samples", "F.csv", "write 1000 sample paths there");
    static final Option TOTAL = new Option("--total", "PERIOD",
            "a table of totals by week, month or horizon instead of one of steps");

    private static final int PATHS = 1000;
    /** The relative difference of the totals of means and medians from which means are written unasked. */
    private static final double APART = 0.1;
    private static final int TERMINAL_PANELS = 3;
    /** The history in the picture, in horizons. */
    private static final int HISTORY = 3;
    /** The memory of a channel for forecasts of its past, weights and notes. */
    private static final long CHANNEL_BYTES = 4096;
    /** The memory of a number with its text in the table. */
    private static final long NUMBER_BYTES = 32;

    private boolean isWorkbook() {
        return OutputFile.ends(table, ".xlsx");
    }

    /** The file, with the form of the table to write: that of the table's name, otherwise that of the file. */
    static CsvFile answered(CsvFile csv, Path table) {
        if (OutputFile.isJsonLines(table)) return csv.as(CsvFile.Form.JSON_LINES);
        boolean areTabs = OutputFile.ends(table, ".tsv");
        boolean isOther = OutputFile.ends(table, ".csv") && csv.layout().form() == CsvFile.Form.JSON_LINES;
        CsvFile answered = areTabs || isOther ? csv.as(CsvFile.Form.DELIMITED) : csv;
        if (!areTabs) return answered;
        CsvFile.Layout of = answered.layout();
        Dialect tabs = new Dialect('\t', of.dialect().decimal(), of.dialect().comment(), of.dialect().encoding(), 0);
        CsvFile.Layout layout = new CsvFile.Layout(of.time(), of.joints(), of.range(), of.id(), of.columns(), tabs,
                of.form(), of.texts());
        return new CsvFile(csv.series(), layout, csv.staticTexts(), csv.report(), csv.rejected());
    }

    static ForecastOutputs of(Arguments arguments, Input from, Console console) throws IOException {
        String into = arguments.text(INTO.name());
        if (from.query() == null) arguments.requireNone(List.of(INTO), "--jdbc URL");
        Map<String, Path> files = OutputFile.named(arguments, console, "--out", "--plot", CROSS_VALIDATION.name(),
                SAMPLES.name(), COMPONENTS.name());
        Path table = files.get("--out");
        boolean open = arguments.flag(Option.OPEN.name());
        if (!arguments.flag("--plot") && (into == null || open)) {
            Path picture = console.path(Input.stem(Path.of(from.title())) + "-forecast" + (open ? ".html" : ".svg"));
            try {
                OutputFile.requireWritable(picture);
                files.put("--plot", picture);
            } catch (CommandException notThere) {
                if (open) throw notThere;
                console.say("note: without a picture, as " + notThere.getMessage());
            }
        } else if (open && !files.containsKey("--plot")) {
            throw new UsageException("--open shows a picture, and --plot none makes none");
        }
        OutputFile.requireApart(files, from.file(), console.path(arguments.text("--future")));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            boolean isTable = file.getKey().equals("--out");
            if (!isTable) OutputFile.requireText(file.getValue(), file.getKey());
            if (!isTable && OutputFile.isJsonLines(file.getValue())) {
                throw new UsageException(file.getKey() + ": only the table of --out can be JSON lines; name it F.csv");
            }
            OutputFile.requireWritable(file.getValue());
        }
        ForecastOutputs outputs = new ForecastOutputs(table, files.get("--plot"), files.get(CROSS_VALIDATION.name()),
                files.get(SAMPLES.name()), files.get(COMPONENTS.name()), into, open, SeriesOptions.digits(arguments),
                arguments.flag(MEAN.name()), arguments.choice(TOTAL.name(), null, Total.Period.class));
        if (outputs.period == null) return outputs;
        if (outputs.isWorkbook() || OutputFile.isJsonLines(table)) {
            throw new UsageException(TOTAL.name() + ": expected a CSV by --out, found "
                    + (outputs.isWorkbook() ? "a workbook" : "JSON lines"));
        }
        if (into != null) {
            throw new UsageException(TOTAL.name() + ": expected a file or standard output, not " + INTO.name());
        }
        return outputs;
    }

    /** The sample paths of each channel; 0 where none are wanted. */
    int paths() {
        return samples == null && period == null ? 0 : PATHS;
    }

    /** A request for what is written beside the medians. */
    ForecastRequest wanted(ForecastRequest of) {
        ForecastRequest request = paths() == 0 ? of : of.withSamples(paths());
        if (crossValidation != null) request = request.withCrossValidation();
        return components == null ? request : request.withComponents();
    }

    /**
     * Refuses forecasts that would take more than their memory, before the work begins.
     *
     * @param channels of all series
     * @param steps of all their forecasts
     * @param quantiles of each step
     * @param paths of each channel
     */
    static void requireMemory(String file, long channels, long steps, int quantiles, int paths, Console console)
            throws CommandException {
        long bytes = channels * CHANNEL_BYTES + steps * (NUMBER_BYTES * (1 + quantiles) + (long) Double.BYTES * paths);
        console.requireMemory(
                file + ": forecasts of " + channels + " channels, " + steps + " steps in all with " + quantiles
                        + " quantiles" + (paths > 0 ? " and " + paths + " sample paths" : "") + ",",
                bytes,
                "read fewer columns (--target), forecast fewer steps (--horizon), leave out quantiles (--quantiles none)");
    }

    /** Renders everything before writing anything, and writes the table last, because other programs wait for it. */
    void write(SeriesResults<Forecast> result, Input input, double[] levels, Console console) throws IOException {
        CsvFile csv = result.csv();
        List<Forecast> forecasts = result.results();
        noteClockChange(csv, forecasts, console);
        ForecastTable steps = steps(answered(csv, table), forecasts, console);
        StringBuilder rows = new StringBuilder();
        if (period != null) writeTotals(answered(csv, table), forecasts, levels, rows);
        else if (!isWorkbook()) steps.writeTo(rows);
        ForecastDetails details = new ForecastDetails(csv, forecasts, digits);
        List<Panel> panels = panels(csv, forecasts);
        if (components != null) panels.addAll(details.panels());
        ForecastPicture drawn = new ForecastPicture("Forecast", input.title(), subtitle(csv, forecasts), panels);
        if (ForecastPicture.isPage(picture)) {
            String page = StudioPage.showing(input.title(), csv, forecasts);
            OutputFile.write(picture, out -> out.append(page));
        } else if (picture != null) {
            drawn.write(picture);
        }
        if (crossValidation != null) OutputFile.write(crossValidation, details::writeCrossValidation);
        if (samples != null) {
            OutputFile.write(samples, details::writeSamples);
            console.say(String.format(Locale.ROOT, "samples: %s (%,d paths a series)", samples, PATHS));
        }
        if (components != null) OutputFile.write(components, details::writeComponents);
        if (isWorkbook()) {
            OutputFile.writeStream(table, steps::writeWorkbook);
        } else if (table != null) {
            OutputFile.write(table, out -> out.append(rows));
        } else if (into == null) {
            console.out().append(rows).flush();
            if (csv.layout().form() == CsvFile.Form.WORKBOOK) {
                console.say("note: --out F.xlsx writes a workbook instead of this CSV");
            }
        }
        if (into != null) {
            long written = input.query().write(csv, forecasts, mean);
            console.say(String.format(Locale.ROOT, "table %s: %,d rows", into, written));
        }
        notes(result).forEach(console::say);
        if (console.terminal()) {
            // Not by say(), which would remove the control characters of its colours.
            panels.stream().limit(TERMINAL_PANELS).forEach(panel -> console.err().println(BraillePlot.of(panel)));
        }
        if (table != null) console.say("table: " + table);
        if (crossValidation != null) {
            console.say(String.format(Locale.ROOT, "cross-validation: %s (%,d steps)", crossValidation,
                    details.crossValidationRows()));
        }
        if (components != null) console.say("components: " + components);
        if (picture != null) console.say(drawn.described(picture));
        if (open) console.open(picture);
    }

    /**
     * The table of steps, with means where they are wanted or worth it, which is then said; a table of a database has means where
     * they are wanted.
     */
    private ForecastTable steps(CsvFile csv, List<Forecast> forecasts, Console console) {
        boolean written = table != null || into == null;
        boolean apart = forecasts.stream().anyMatch(ForecastOutputs::isApart);
        if (apart && period == null && !mean) {
            console.say("note: " + (written ? "columns .mean: " : "")
                    + "the totals of mean and median differ by a tenth or more, as they do where values are skewed; "
                    + (written ? "add up means, or see " + TOTAL.name() : "add " + MEAN.name() + " and add up means"));
        }
        return new ForecastTable(csv, forecasts, digits, mean || apart);
    }

    private void writeTotals(CsvFile csv, List<Forecast> forecasts, double[] levels, Appendable out)
            throws IOException {
        try {
            new TotalsTable(csv, forecasts, period, levels, digits).writeTo(out);
        } catch (IllegalArgumentException noTotals) {
            throw new CommandException(TOTAL.name() + ": " + noTotals.getMessage(), noTotals);
        }
    }

    private static boolean isApart(Forecast forecast) {
        double[][] means = forecast.mean().orElse(new double[0][]);
        for (int row = 0; row < means.length; row++) {
            double apart = 0;
            double size = 0;
            for (int h = 0; h < means[row].length; h++) {
                apart += means[row][h] - forecast.value(row, h);
                size += (Math.abs(means[row][h]) + Math.abs(forecast.value(row, h))) / 2;
            }
            if (Math.abs(apart) > APART * size) return true;
        }
        return false;
    }

    /** Notes that steps are counted in UTC, so that after a clock change they no longer fall on the same local hours. */
    private static void noteClockChange(CsvFile csv, List<Forecast> forecasts, Console console) {
        for (int i = 0; i < forecasts.size(); i++) {
            TimeAxis axis = csv.series().get(i).axis();
            int first = csv.series().get(i).length();
            if (axis.format().local()) continue;
            ZoneRules rules = axis.format().zone().getRules();
            ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochMilli(axis.timeAt(first - 1L)));
            long last = axis.timeAt(first + forecasts.get(i).horizon() - 1L);
            if (change == null || change.getInstant().toEpochMilli() > last) continue;
            console.say("note: clocks change at " + change.getDateTimeBefore()
                    + ", and the pattern of the day is forecast without that: from then on it is an hour off the clock; "
                    + "times without a zone are forecast by the clock");
            return;
        }
    }

    private static List<String> notes(SeriesResults<Forecast> result) {
        Map<String, List<TimeSeries>> notes = new LinkedHashMap<>();
        for (int i = 0; i < result.results().size(); i++) {
            TimeSeries series = result.csv().series().get(i);
            List<String> channels = series.channels().stream().map(Printable::shortened).toList();
            for (String note : new LinkedHashSet<>(result.results().get(i).notes(channels))) {
                notes.computeIfAbsent(note, none -> new ArrayList<>()).add(series);
            }
        }
        List<String> lines = new ArrayList<>();
        notes.forEach((note, series) -> lines.add("note: " + named(series) + note));
        return Console.limited(lines, "notes more");
    }

    /** The series that a note is about, as its beginning. */
    private static String named(List<TimeSeries> series) {
        String first = series.get(0).id();
        if (first == null) return "";
        if (series.size() == 1) return "series " + Printable.quoted(first) + ": ";
        return series.size() + " series (" + Printable.quoted(first) + ", …): ";
    }

    private static List<Panel> panels(CsvFile csv, List<Forecast> forecasts) {
        List<Panel> panels = new ArrayList<>();
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            Forecast forecast = forecasts.get(i);
            for (int row = 0; row < forecast.channels().length; row++) {
                int channel = forecast.channels()[row];
                String title = ForecastPanel.titled(series, series.channels().get(channel));
                panels.add(ForecastPanel.of(title, series.axis(), series.doubleChannel(channel),
                        forecast.doubleValues()[row], forecast.quantiles().orElse(null), row, HISTORY));
            }
        }
        return panels;
    }

    private static String subtitle(CsvFile csv, List<Forecast> forecasts) {
        TimeSeries first = csv.series().get(0);
        IntSummaryStatistics horizons = forecasts.stream().mapToInt(Forecast::horizon).summaryStatistics();
        int steps = horizons.getMax();
        // Series of different lengths may be forecast by different models.
        boolean numbered = first.axis().format().pattern().equals(TimeFormat.NUMBERS);
        String text = (horizons.getMin() < steps ? "up to " : "") + steps + (steps == 1 ? " step" : " steps")
                + (numbered ? "" : " of " + first.axis().frequency());
        if (csv.series().size() > 1) return text + " for each of " + csv.series().size() + " series";
        return text + ", " + first.axis().readableAt(first.length()) + " to "
                + first.axis().readableAt(first.length() + steps - 1L);
    }
}
