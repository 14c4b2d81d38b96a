package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ttm4j.cli.backtest.Backtest;
import org.ttm4j.cli.backtest.BacktestJson;
import org.ttm4j.cli.backtest.BacktestPage;
import org.ttm4j.cli.backtest.BacktestPlan;
import org.ttm4j.cli.backtest.BacktestReport;
import org.ttm4j.cli.backtest.BacktestResult;
import org.ttm4j.cli.backtest.BacktestText;
import org.ttm4j.cli.backtest.PastRequests;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.data.metric.QuantileGrid;
import org.ttm4j.ttm.ForecastRequest;
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
        List<Option> options = new ArrayList<>(List.of(Option.TIME));
        options.addAll(ColumnRoles.OPTIONS);
        options.addAll(List.of(Option.MODEL,
                new Option("--horizon", "N", "steps to forecast (default: what the model makes in one pass)"),
                new Option("--stride", "N", "rows from one origin to the next (default: 1)"),
                new Option("--start", "N|SHARE", "rows, or their share, before the first origin (default: context)"),
                new Option("--window", "NAME", "sliding or expanding: the past that counts (default: sliding)"),
                new Option("--levels", "A,B", "intervals to measure (default: 0.8,0.9)"),
                Option.flag("--json", "print one JSON object"),
                new Option("--html", "F.html", "write a report with pictures there")));
        return options;
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
        Path file = console.path(name);
        Path page = arguments.text("--html") == null ? null : console.path(arguments.text("--html"));
        if (page != null && Files.exists(page) && Files.exists(file) && Files.isSameFile(page, file)) {
            throw new UsageException("--html: this would overwrite the input, " + file);
        }
        if (page != null) OutputFile.requireWritable(page);
        Settings settings = Settings.of(arguments);
        CsvOptions options = new CsvOptions(arguments.text("--time"), List.of(), null);
        ColumnRoles roles = ColumnRoles.of(arguments);

        Forecaster forecaster = Models.forecaster(arguments, console);
        ModelColumns columns = ModelColumns.of(forecaster, roles, console);
        CsvFile csv = columns.read(file, options);
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        TimeSeries series = csv.series().get(0);
        BacktestReport report;
        try {
            int[] categories = columns.codes(columns.categories(file, null), null);
            BacktestPlan plan = settings.plan(series, forecaster, categories);
            Backtest backtest = new Backtest(series.values(), series.axis().interval().nominalLength(), categories,
                    plan);
            BacktestResult result;
            try (Progress progress = new Progress(console, "windows", plan.windows())) {
                result = backtest.run(forecaster, Runtime.getRuntime().availableProcessors(), progress::add);
            }
            String model = result.models().isEmpty()
                    ? arguments.text(Option.MODEL.name())
                    : String.join(", ", result.models());
            String period = period(series, plan.context(), plan.start()).name();
            report = new BacktestReport(file.getFileName().toString(), model, series, period, result);
        } catch (IllegalArgumentException e) {
            throw new CommandException(name + ": " + e.getMessage(), e);
        }
        if (page != null) {
            OutputFile.write(page, out -> out.write(BacktestPage.of(report)));
            console.say("report: " + page);
        }
        console.out()
                .print(arguments.flag("--json")
                        ? Json.pretty(BacktestJson.of(report))
                        : Console.printableLines(BacktestText.of(report)) + "\n");
        return Main.OK;
    }

    /** The period that both the model's context and the rows before the first origin hold. */
    private static Period period(TimeSeries series, int context, int start) {
        return Period.of(series.axis().interval(), Math.min(context, start));
    }

    /**
     * What the options ask for.
     *
     * @param horizon 0 for the model's own
     * @param start rows, or their share; 0 for the default
     */
    private record Settings(int horizon, int stride, double start, BacktestPlan.Window window, QuantileGrid grid) {

        static Settings of(Arguments arguments) throws UsageException {
            return new Settings(arguments.integer("--horizon", 0, 1, LONGEST_HORIZON),
                    arguments.integer("--stride", 1, 1, MOST_ROWS), start(arguments.text("--start")),
                    arguments.text("--window") == null
                            ? BacktestPlan.Window.SLIDING
                            : arguments.choice("--window", BacktestPlan.Window.class),
                    grid(arguments.list("--levels")));
        }

        private static double start(String text) throws UsageException {
            if (text == null) return 0;
            try {
                double start = Double.parseDouble(text);
                if (start > 0 && start < 1 || start >= 1 && start <= MOST_ROWS && start == Math.rint(start))
                    return start;
            } catch (NumberFormatException notANumber) {
                // Reported below, with the numbers that are out of range.
            }
            throw new UsageException("--start: expected a number of rows, or a share between 0 and 1, found '"
                    + Console.printable(text) + "'");
        }

        private static QuantileGrid grid(List<String> levels) throws UsageException {
            try {
                return levels.isEmpty()
                        ? QuantileGrid.of(0.8, 0.9)
                        : QuantileGrid.of(levels.stream().mapToDouble(Double::parseDouble).toArray());
            } catch (IllegalArgumentException e) {
                throw new UsageException("--levels: expected numbers between 0 and 1 such as 0.8,0.9, found '"
                        + Console.printable(String.join(",", levels)) + "'");
            }
        }

        /** The plan for a series. Throws IllegalArgumentException when the series is too short for it. */
        BacktestPlan plan(TimeSeries series, Forecaster forecaster, int[] categories) {
            int context = forecaster.config().contextLength();
            int steps = horizon > 0 ? horizon : forecaster.config().outputLength();
            int first = firstOrigin(series.length(), context, steps, forecaster.minimumHistory());
            if (horizon == 0) {
                // Of several models, the one for this history may make fewer steps in one pass.
                PastRequests past = new PastRequests(forecaster.config(), series.values(),
                        series.axis().interval().nominalLength(), categories, steps);
                ForecastRequest request = past.at(Math.max(0, first - context), first);
                steps = forecaster.forecast(new ForecastRequest(request.history(), 0, request.interval(),
                        request.knownFuture(), request.categories())).horizon();
            }
            int period = period(series, context, first).steps();
            return new BacktestPlan(series.length(), first, stride, steps, context, period, window, grid, 0);
        }

        /** As asked, else where the context is full, else in the middle, or as far on as the horizon allows. */
        private int firstOrigin(int rows, int context, int steps, int least) {
            if (rows < (long) least + steps) {
                throw new IllegalArgumentException(rows + " rows hold no window: this model needs at least " + least
                        + " rows of history, and " + steps + " are to forecast (--horizon)");
            }
            if (start == 0) {
                return rows - steps >= context ? context : Math.max(least, Math.min(rows / 2, rows - steps));
            }
            int first = (int) (start < 1 ? start * rows : start);
            if (first >= least && first <= rows - steps) return first;
            throw new IllegalArgumentException(
                    "--start is row " + first + " of " + rows + ": expected " + least + " to " + (rows - steps)
                            + ", so that this model has its least history and " + steps + " rows are left to forecast");
        }
    }
}
