package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ttm4j.cli.plot.BraillePlot;
import org.ttm4j.cli.plot.Panel;
import org.ttm4j.cli.plot.SvgPlot;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.CsvReader;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.TtmConfig;

/** {@code ttm forecast}: a CSV in, a table and a picture out. */
final class ForecastCommand implements Command {
    private static final int LONGEST_HORIZON = 100_000;
    private static final int MOST_NOTES = 20;
    private static final int MOST_PANELS = 12;
    private static final int TERMINAL_PANELS = 3;
    /** Horizons of history in the picture. */
    private static final int HISTORY = 3;

    @Override
    public String name() {
        return "forecast";
    }

    @Override
    public String operands() {
        return "FILE.csv";
    }

    @Override
    public String summary() {
        return "forecast the series in a CSV: a table to standard output and a picture";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.TIME,
                new Option("--target", "A,B", "columns to forecast (default: all columns of numbers)"),
                new Option("--id", "COLUMN", "column that says which series a row belongs to"),
                new Option("--horizon", "N", "steps to forecast (default: what the model makes in one pass)"),
                Option.MODEL, new Option("--future", "FILE.csv", "known future of the model's exogenous channels"),
                new Option("--out", "F.csv", "write the table there instead of to standard output"),
                new Option("--plot", "F.svg", "write the picture there (default: FILE-forecast.svg in this folder)"));
    }

    @Override
    public String details() {
        return """
                The table has the time and a column for each target; with --id it is long, id first. Missing
                values and gaps are filled, and what was repaired is said on standard error. Times are written
                as in the input. A model with exogenous channels counts channels in the order of --target.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        String name = arguments.operand("a CSV file");
        Path file = console.path(name);
        int horizon = arguments.integer("--horizon", 0, 1, LONGEST_HORIZON);
        CsvOptions options = new CsvOptions(arguments.text("--time"), arguments.list("--target"),
                arguments.text("--id"));
        Path table = arguments.text("--out") == null ? null : console.path(arguments.text("--out"));
        Path picture = console.path(arguments.text("--plot") == null ? defaultPicture(file) : arguments.text("--plot"));
        if (table != null) requireOther(table, file, "--out");
        requireOther(picture, file, "--plot");

        CsvFile csv = CsvReader.read(file, options);
        csv.report().lines().forEach(line -> console.say("repaired: " + Console.printable(line)));
        Forecaster forecaster = Models.forecaster(arguments, console);
        List<ForecastRequest> requests = requests(name, csv, options, horizon, forecaster.config(), arguments, console);
        List<Forecast> forecasts = forecast(forecaster, requests, csv, name, console);

        ForecastTable result = new ForecastTable(csv, options.id(), forecasts);
        if (table == null) {
            result.writeTo(console.out());
            console.out().flush();
        } else {
            OutputFile.write(table, result::writeTo);
        }
        notes(csv, forecasts).forEach(console::say);
        List<Panel> panels = panels(csv, forecasts);
        if (console.terminal()) {
            panels.stream().limit(TERMINAL_PANELS).forEach(panel -> console.say(BraillePlot.of(panel)));
        }
        String svg = SvgPlot.of(file.getFileName().toString(), subtitle(csv, forecasts),
                panels.subList(0, Math.min(MOST_PANELS, panels.size())));
        OutputFile.write(picture, out -> out.write(svg));
        if (table != null) console.say("table: " + table);
        console.say("picture: " + picture
                + (panels.size() > MOST_PANELS
                        ? " (the first " + MOST_PANELS + " of " + panels.size() + " channels)"
                        : ""));
        return Main.OK;
    }

    private static List<ForecastRequest> requests(String name, CsvFile csv, CsvOptions options, int horizon,
            TtmConfig config, Arguments arguments, Console console)
            throws UsageException, CommandException, IOException {
        KnownFuture future = KnownFuture.read(arguments.text("--future"), csv, options, config, console);
        List<ForecastRequest> requests = new ArrayList<>();
        for (TimeSeries series : csv.series()) {
            ForecastRequest request = ForecastRequest.of(series.values())
                    .withInterval(series.axis().interval().nominalLength());
            if (horizon > 0) request = request.withHorizon(horizon);
            if (future != null) {
                int steps = horizon > 0 ? horizon : config.outputLength();
                request = request.withKnownFuture(future.of(series, steps));
            }
            requests.add(request);
        }
        return requests;
    }

    private static List<Forecast> forecast(Forecaster forecaster, List<ForecastRequest> requests, CsvFile csv,
            String name, Console console) throws CommandException {
        Forecast[] forecasts = new Forecast[requests.size()];
        try (Progress progress = new Progress(console, "series", forecasts.length)) {
            Parallel.forEach(forecasts.length, Runtime.getRuntime().availableProcessors(), i -> {
                try {
                    forecasts[i] = forecaster.forecast(requests.get(i));
                } catch (IllegalArgumentException e) {
                    String id = csv.series().get(i).id();
                    throw new IllegalArgumentException(name
                            + (id == null ? "" : ", series '" + Console.printable(id) + "'") + ": " + e.getMessage(),
                            e);
                }
                progress.add(1);
            });
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        }
        return List.of(forecasts);
    }

    private static List<String> notes(CsvFile csv, List<Forecast> forecasts) {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            String prefix = series.id() == null ? "note: " : "note: series '" + series.id() + "': ";
            forecasts.get(i).notes(series.channels()).forEach(note -> notes.add(Console.printable(prefix + note)));
        }
        if (notes.size() <= MOST_NOTES) return notes;
        String rest = "note: … and " + (notes.size() - MOST_NOTES) + " notes more";
        return Stream.concat(notes.stream().limit(MOST_NOTES), Stream.of(rest)).toList();
    }

    private static List<Panel> panels(CsvFile csv, List<Forecast> forecasts) {
        List<Panel> panels = new ArrayList<>();
        for (int i = 0; i < forecasts.size(); i++) {
            TimeSeries series = csv.series().get(i);
            Forecast forecast = forecasts.get(i);
            for (int row = 0; row < forecast.channels().length; row++) {
                int channel = forecast.channels()[row];
                String title = (series.id() == null ? "" : series.id() + " · ") + series.channels().get(channel);
                panels.add(Panel.of(title, series.axis(), series.channel(channel), forecast.values()[row], HISTORY));
            }
        }
        return panels;
    }

    private static String subtitle(CsvFile csv, List<Forecast> forecasts) {
        TimeSeries first = csv.series().get(0);
        int steps = forecasts.get(0).horizon();
        String text = steps + (steps == 1 ? " step of " : " steps of ") + first.axis().interval();
        if (csv.series().size() > 1) return text + " for each of " + csv.series().size() + " series";
        return text + ", " + first.axis().labelAt(first.length()) + " to "
                + first.axis().labelAt(first.length() + steps - 1L);
    }

    private static String defaultPicture(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "") + "-forecast.svg";
    }

    private static void requireOther(Path output, Path input, String option) throws UsageException, IOException {
        if (Files.exists(output) && Files.exists(input) && Files.isSameFile(output, input)) {
            throw new UsageException(option + ": this would overwrite the input, " + input);
        }
    }
}
