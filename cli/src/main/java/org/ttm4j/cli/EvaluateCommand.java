package org.ttm4j.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ttm4j.data.CsvFile;
import org.ttm4j.data.CsvOptions;
import org.ttm4j.data.CsvReader;
import org.ttm4j.data.EvaluationProtocol;
import org.ttm4j.data.TimeSeries;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate}: a model's errors on the test rows of a benchmark, beside those of simple forecasts. */
final class EvaluateCommand implements Command {
    private static final int LONGEST_HORIZON = 10_000;

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String operands() {
        return "FILE.csv --protocol etth|ettm|ratio";
    }

    @Override
    public String summary() {
        return "measure a model on a benchmark's test rows, beside simple forecasts";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("--protocol", "NAME",
                        "etth, ettm: 12, 4 and 4 months to train, validate, test; ratio: 70, 10 and 20 %"),
                new Option("--horizon", "N", "steps to forecast (default: 96)"), Option.MODEL, Option.TIME,
                new Option("--stride", "N", "rows from one window to the next (default: 1)"),
                Option.flag("--json", "print one JSON object"));
    }

    @Override
    public String details() {
        return """
                Every channel is standardised by the mean and standard deviation of its training rows; MSE and
                MAE are means over windows, steps and channels of these values. The simple forecasts repeat the
                last period of the context, or the mean of all its whole periods. The period is a day (a week
                for daily rows, a year for weekly and monthly ones).
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        String file = arguments.operand("a CSV file");
        EvaluationProtocol protocol = arguments.choice("--protocol", EvaluationProtocol.class);
        int horizon = arguments.integer("--horizon", 96, 1, LONGEST_HORIZON);
        int stride = arguments.integer("--stride", 1, 1, Integer.MAX_VALUE / 2);
        CsvFile csv = CsvReader.read(console.path(file), new CsvOptions(arguments.text("--time"), List.of(), null));
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        TimeSeries series = csv.series().get(0);
        Forecaster forecaster = Models.forecaster(arguments, console);
        int context = forecaster.config().contextLength();
        int threads = Runtime.getRuntime().availableProcessors();
        Period period = Period.of(series.axis().interval(), context);
        try {
            Evaluation test = Evaluation.ofTest(series.values(), protocol, context, horizon, stride);
            Evaluation.Scores model;
            try (Progress progress = new Progress(console, "windows", test.windows())) {
                model = test.scores(forecaster, series.axis().interval().nominalLength(), threads, progress::add);
            }
            Report report = new Report(file, protocol, context, horizon, stride, test.windows(), period, model,
                    test.lastPeriod(period.steps(), threads), test.meanPeriod(period.steps(), threads));
            console.out().print(arguments.flag("--json") ? Json.pretty(report.json()) : report.text());
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
        return Main.OK;
    }

    /** What is printed. */
    private record Report(String file, EvaluationProtocol protocol, int context, int horizon, int stride, int windows,
            Period period, Evaluation.Scores model, Evaluation.Scores last, Evaluation.Scores mean) {

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("file", file);
            json.put("protocol", protocol.name().toLowerCase(Locale.ROOT));
            json.put("context", context);
            json.put("horizon", horizon);
            json.put("stride", stride);
            json.put("windows", windows);
            json.put("period", period.steps());
            json.putAll(json(model));
            json.put("last_period", json(last));
            json.put("mean_period", json(mean));
            return json;
        }

        private static Map<String, Object> json(Evaluation.Scores scores) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("mse", finite(scores.mse()));
            json.put("mae", finite(scores.mae()));
            return json;
        }

        /** JSON has no NaN: nothing to measure is null. */
        private static Double finite(double value) {
            return Double.isFinite(value) ? value : null;
        }

        String text() {
            return String.format(Locale.ROOT, "%s, protocol %s, %,d windows of %d + %d rows%s%n%-30s %8s %8s%n",
                    Console.printable(file), protocol.name().toLowerCase(Locale.ROOT), windows, context, horizon,
                    stride == 1 ? "" : " at stride " + stride, "", "MSE", "MAE") + row("model", model)
                    + row("last " + period.name() + " repeated (" + period.steps() + ")", last)
                    + row("mean " + period.name() + " of the context", mean);
        }

        private static String row(String name, Evaluation.Scores scores) {
            return String.format(Locale.ROOT, "%-30s %8.4f %8.4f%n", name, scores.mse(), scores.mae());
        }
    }
}
