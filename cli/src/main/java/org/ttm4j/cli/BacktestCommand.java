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
}
