package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ttm4j.cli.backtest.Backtest;
import org.ttm4j.cli.backtest.BacktestJson;
import org.ttm4j.cli.backtest.BacktestPage;
import org.ttm4j.cli.backtest.BacktestPlan;
import org.ttm4j.cli.backtest.BacktestReport;
import org.ttm4j.cli.backtest.BacktestResult;
import org.ttm4j.cli.backtest.BacktestText;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.CsvReader;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.data.metric.QuantileGrid;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm backtest}: how good a model would have been on a series so far, beside simple forecasts. */
final class BacktestCommand implements Command {
    private static final int LONGEST_HORIZON = 10_000;
    private static final int MOST_ROWS = Integer.MAX_VALUE / 2;

    @Override
    public String name() {
        return "backtest";
    }

    @Override
    public String operands() {
        return "FILE.csv";
    }

    @Override
    public String summary() {
        return "forecast a series' past from many origins and measure it, beside simple forecasts";
    }

    @Override
    public List<Option> options() {
        return List.of(Option.TIME,
                new Option("--target", "A,B", "columns to forecast (default: all columns of numbers)"), Option.MODEL,
                new Option("--horizon", "N", "steps to forecast (default: what the model makes in one pass)"),
                new Option("--stride", "N", "rows from one origin to the next (default: 1)"),
                new Option("--start", "N|SHARE", "rows, or their share, before the first origin (default: context)"),
                new Option("--window", "expanding|sliding", "the past that counts besides the context (default: sliding)"),
                new Option("--levels", "A,B", "intervals to measure (default: 0.8,0.9)"),
                Option.flag("--json", "print one JSON object"),
                new Option("--html", "F.html", "write a report with pictures there"));
    }

    @Override
    public String details() {
        return """
                At each origin the model sees the rows before it, at most its context, and forecasts the horizon.
                The simple forecasts repeat the last value, the last period, or the mean of all whole periods;
                intervals are calibrated by the errors known at the origin and counted once there are enough.
                With --window sliding the mean period looks back on as many rows as lie before the first origin, and
                the calibration on 1,000 windows; with expanding on all rows before the origin, and 4,000 windows.
                The model itself sees the same either way.

                Errors are in the units of the file. docs/metrics.md defines them.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        String name = arguments.operand("a CSV file");
        int horizon = arguments.integer("--horizon", 0, 1, LONGEST_HORIZON);
        int stride = arguments.integer("--stride", 1, 1, MOST_ROWS);
        BacktestPlan.Window window = arguments.text("--window") == null
                ? BacktestPlan.Window.SLIDING
                : arguments.choice("--window", BacktestPlan.Window.class);
        QuantileGrid grid = grid(arguments);
        Path file = console.path(name);
        Path page = arguments.text("--html") == null ? null : console.path(arguments.text("--html"));
        if (page != null && Files.exists(page) && Files.exists(file) && Files.isSameFile(page, file)) {
            throw new UsageException("--html: this would overwrite the input, " + file);
        }
        if (page != null) OutputFile.requireWritable(page);
        CsvOptions columns = new CsvOptions(arguments.text("--time"), arguments.list("--target"), null);

        CsvFile csv = CsvReader.read(file, columns);
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        TimeSeries series = csv.series().get(0);
        Forecaster forecaster = Models.forecaster(arguments, console);
        int context = forecaster.config().contextLength();
        int steps = horizon > 0 ? horizon : forecaster.config().outputLength();
        int start = start(arguments, series.length(), context, steps, forecaster.minimumHistory(), name);
        Period period = Period.of(series.axis().interval(), Math.min(context, start));
        BacktestReport report;
        try {
            BacktestPlan plan = new BacktestPlan(series.length(), start, stride, steps, context, period.steps(), window,
                    grid, 0);
            BacktestResult result;
            try (Progress progress = new Progress(console, "windows", plan.windows())) {
                result = new Backtest(series.values(), series.axis().interval().nominalLength(), plan)
                        .run(forecaster, Runtime.getRuntime().availableProcessors(), progress::add);
            }
            report = new BacktestReport(file.getFileName().toString(), model(arguments), series, period.name(), result);
        } catch (IllegalArgumentException e) {
            throw new CommandException(name + ": " + e.getMessage(), e);
        }
        if (page != null) {
            OutputFile.write(page, out -> out.write(BacktestPage.of(report)));
            console.say("report: " + page);
        }
        console.out().print(arguments.flag("--json")
                ? Json.pretty(BacktestJson.of(report))
                : Console.printableLines(BacktestText.of(report)) + "\n");
        return Main.OK;
    }

    private static String model(Arguments arguments) throws UsageException {
        String model = arguments.text(Option.MODEL.name());
        return model == null ? "bundled" : model;
    }

    private static QuantileGrid grid(Arguments arguments) throws UsageException {
        List<String> levels = arguments.list("--levels");
        try {
            return levels.isEmpty()
                    ? QuantileGrid.of(0.8, 0.9)
                    : QuantileGrid.of(levels.stream().mapToDouble(Double::parseDouble).toArray());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--levels: expected numbers between 0 and 1 such as 0.8,0.9, found '"
                    + Console.printable(arguments.text("--levels")) + "'");
        }
    }

    /** The first origin: as asked, else where the context is full, else as far on as one window allows. */
    private static int start(Arguments arguments, int rows, int context, int horizon, int least, String file)
            throws UsageException, CommandException {
        if (rows < (long) least + horizon) {
            throw new CommandException(file + ": " + rows + " rows hold no window: this model needs at least " + least
                    + " rows of history, and " + horizon + " are to forecast (--horizon)");
        }
        String text = arguments.text("--start");
        if (text == null) return rows - horizon >= context ? context : Math.max(least, Math.min(rows / 2, rows - horizon));
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        boolean share = number > 0 && number < 1;
        if (!share && !(number >= 1 && number <= MOST_ROWS && number == Math.rint(number))) {
            throw new UsageException("--start: expected a number of rows, or a share between 0 and 1, found '"
                    + Console.printable(text) + "'");
        }
        int start = (int) (share ? number * rows : number);
        if (start < least || start > rows - horizon) {
            throw new CommandException(file + ": --start " + text + " is row " + start + ": expected " + least + " to "
                    + (rows - horizon) + ", so that this model has its least history and " + horizon
                    + " rows are left to forecast");
        }
        return start;
    }
}
