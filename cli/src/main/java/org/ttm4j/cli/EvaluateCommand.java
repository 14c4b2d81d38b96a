package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.DataException;
import org.ttm4j.data.SplitRule;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate}: a model's errors on the test rows of benchmarks, beside simple forecasts and published models. */
final class EvaluateCommand implements Command {
    private static final int LONGEST_HORIZON = 10_000;

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String operands() {
        return "FILE.csv…";
    }

    @Override
    public String summary() {
        return "measure a model on the test rows of benchmarks, beside simple forecasts and published models";
    }

    @Override
    public List<Option> options() {
        return Stream.of(Stream.of(Splits.PROTOCOL, Splits.SPLIT), ColumnRoles.OPTIONS.stream(),
                Stream.of(Option.MODEL,
                        new Option("--horizon", "N", "steps to forecast (default: what the model makes in one pass)"),
                        Option.TIME, new Option("--stride", "N", "rows from one window to the next (default: 1)"),
                        Option.flag("--json", "print one JSON object")))
                .flatMap(options -> options)
                .toList();
    }

    @Override
    public String details() {
        return """
                Every channel is standardised by the mean and standard deviation of its training rows; MSE and
                MAE are means over windows, steps and target channels of these values. The simple forecasts
                repeat the last period of the context, or the mean of all its whole periods. The period is a day
                (a week for daily rows, a year for weekly and monthly ones).

                A fine-tuned model names its columns itself. Of several files, those of the long-horizon
                benchmark come beside published errors, which are for horizon 96; for all others the error is
                compared with that of the better simple forecast.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        Map<String, SplitRule> files = new LinkedHashMap<>();
        for (String name : arguments.operands("a CSV file")) files.put(name, Splits.of(arguments, console.path(name)));
        CsvOptions options = new CsvOptions(arguments.text("--time"), List.of(), null);
        int horizon = arguments.integer("--horizon", 0, 1, LONGEST_HORIZON);
        int stride = arguments.integer("--stride", 1, 1, Integer.MAX_VALUE / 2);
        ColumnRoles roles = ColumnRoles.of(arguments);
        Forecaster forecaster = Models.forecaster(arguments, console);
        Plan plan = new Plan(forecaster, ModelColumns.of(forecaster, roles, console), options,
                horizon == 0 ? forecaster.config().outputLength() : horizon, stride);
        List<EvaluationReport> reports = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, SplitRule> file : files.entrySet()) {
            try {
                reports.add(plan.evaluate(file.getKey(), file.getValue(), console));
            } catch (CommandException | DataException e) {
                if (files.size() == 1) throw e;
                problems.add(e.getMessage());
            }
        }
        if (reports.isEmpty()) throw new CommandException(problems.get(0));
        print(reports, files.size() == 1, arguments.flag("--json"), console);
        problems.forEach(problem -> console.say("ttm: " + problem));
        return problems.isEmpty() ? Main.OK : Main.FAILED;
    }

    private static void print(List<EvaluationReport> reports, boolean single, boolean json, Console console) {
        if (single) {
            console.out().print(json ? Json.pretty(reports.get(0).json()) : reports.get(0).text());
        } else {
            BenchmarkReport all = new BenchmarkReport(reports);
            console.out().print(json ? Json.pretty(all.json()) : all.text());
        }
    }

    /** What is done with every file. */
    private record Plan(Forecaster forecaster, ModelColumns columns, CsvOptions options, int horizon, int stride) {

        EvaluationReport evaluate(String name, SplitRule rule, Console console)
                throws UsageException, CommandException, IOException {
            Path file = console.path(name);
            CsvFile csv = columns.read(file, options);
            csv.report().lines().forEach(line -> console.say("repaired: " + line));
            try {
                int[] categories = columns.codes(columns.categories(file, null), null);
                return evaluate(name, csv.series().get(0), rule, categories, console);
            } catch (IllegalArgumentException e) {
                throw new CommandException(name + ": " + e.getMessage(), e);
            }
        }

        private EvaluationReport evaluate(String name, TimeSeries series, SplitRule rule, int[] categories,
                Console console) {
            int context = forecaster.config().contextLength();
            int threads = Runtime.getRuntime().availableProcessors();
            int[] targets = forecaster.config().predictionChannels(series.channels().size());
            Period period = Period.of(series.axis().interval(), context);
            Evaluation test = Evaluation.ofTest(series.values(), rule, context, horizon, stride);
            Evaluation.Scores model;
            try (Progress progress = new Progress(console, "windows", test.windows())) {
                model = test.scores(forecaster, series.axis().interval().nominalLength(), categories, threads,
                        progress::add);
            }
            return new EvaluationReport(name, rule, context, horizon, stride, test.windows(), targets.length, period,
                    model, test.lastPeriod(targets, period.steps(), threads),
                    test.meanPeriod(targets, period.steps(), threads));
        }
    }
}
