package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.ModelColumns;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.columns.Splits;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.report.EvaluationReport;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.BacktestSettings;
import org.ttm4j.eval.protocol.Evaluation;
import org.ttm4j.eval.protocol.FineTuningSeries;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ForecasterInfo;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.forecast.rolling.SimpleForecast;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Json;

/** {@code ttm evaluate}: a model's errors on the test rows of benchmarks, beside simple forecasts and published models. */
public final class EvaluateCommand extends Command {
    /** The combined forecasts of a channel without {@code --mode}; each takes some forty runs of the model. */
    private static final int QUICK_FORECASTS = 1000;

    private static final String DETAILS = """
            Every channel is standardised by the mean and standard deviation of its training rows. MSE and
            MAE are measured on these values and averaged over windows, steps and target channels. The simple
            forecasts repeat the last period of the context, or the mean of all its whole periods. The period
            is a day; for daily rows it is a week, for weekly and monthly rows a year.

            A fine-tuned model knows the names of its columns. With --id, every series is split and
            standardised on its own, and the means are over the windows of all series. Given several files,
            the table shows published errors beside those of the files of the long-horizon benchmark (for
            horizon 96), and for all other files the ratio to the better simple forecast.

            Windows are as long as the model's context. Without --model, that is the bundled model of 512
            steps. In a file too short for it, ttm takes the longest bundled model whose windows fit, and
            prints a note.

            Beside the model stands its combination, as ttm forecast makes it from the rows before each window,
            and, unless --mode is given, on some of the windows, evenly spread. --mode fast leaves it out, as do
            models that were fine-tuned or mix channels. --known-future corrects the combination.

            With --corpus, the model is measured on data sets of a corpus, as a program uses it: on the last
            2,048 steps (--history) before each of some 256 windows a set, with the deciles that ttm forecast
            gives, beside the seasonal naive forecast. --mode balanced measures the combination, beside the
            model alone. --validation takes fourteen data sets of less than a day to a day, on which no
            bundled model was trained, --kept-aside fifteen of weeks to years. A set whose series are shorter
            than 512 steps and the horizon has its windows in the second half of each. The horizon is 48 steps
            of less than a day, 30 days, 13 weeks or 12 months, or --horizon-times as many.

            With --short-series, the combination and the model alone are measured on generated seasonal series
            of 18 kinds: hourly to quarterly, 12 to 144 rows, noise of .1 to .4 of the season, half of them with
            a trend.
            """;

    public EvaluateCommand() {
        super("evaluate", "FILE.csv…|--corpus FILE --validation|--kept-aside|--short-series",
                "measure a model on the test rows of benchmarks, beside simple forecasts and published models",
                DETAILS);
    }

    @Override
    public List<Option> options() {
        return join(List.of(Splits.PROTOCOL, Splits.SPLIT), ColumnRoles.OPTIONS,
                List.of(SeriesOptions.ID, Option.MODEL, Models.MODE,
                        new Option("--horizon", "N", "steps to forecast (default: what the model makes in one pass)"),
                        SeriesOptions.TIME,
                        new Option("--stride", "N", "rows from one window to the next (default: 1)"),
                        CorpusEvaluation.CORPUS, CorpusEvaluation.VALIDATION, CorpusEvaluation.KEPT_ASIDE,
                        CorpusEvaluation.HISTORY, CorpusEvaluation.HORIZON_TIMES, ShortSeriesEvaluation.SHORT_SERIES,
                        ShortSeriesEvaluation.SEED, Option.flag("--json", "print one JSON object")),
                SeriesOptions.FOUND);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        if (ShortSeriesEvaluation.isAsked(arguments)) return ShortSeriesEvaluation.run(arguments, console);
        if (CorpusEvaluation.isAsked(arguments)) return CorpusEvaluation.run(arguments, console);
        Map<String, Split.Rule> files = new LinkedHashMap<>();
        for (String name : arguments.operands("a CSV file")) files.put(name, Splits.of(arguments, console.path(name)));
        // Published scores count the -9999 in benchmark files.
        CsvOptions options = SeriesOptions.of(arguments).keepingFillValues();
        int horizon = arguments.integer("--horizon", 0, 1, BacktestSettings.LONGEST_HORIZON);
        int stride = arguments.integer("--stride", 1, 1, Integer.MAX_VALUE / 2);
        ColumnRoles roles = ColumnRoles.of(arguments);
        ModelForecaster forecaster = Models.forecaster(arguments, console);
        List<String> problems = new ArrayList<>();
        List<TtmConfig> sizes = FineTuningSeries.forWindows(forecaster).stream().map(ModelChoice::config).toList();
        ForecastMode mode = Models.mode(arguments, ForecastMode.BALANCED);
        int most = arguments.flag(Models.MODE.name()) ? Integer.MAX_VALUE : QUICK_FORECASTS;
        ModelColumns columns = ModelColumns.of(forecaster.in(mode), roles, console);
        Plan plan = new Plan(forecaster, mode, most, columns, options, sizes, horizon, stride, problems);
        List<EvaluationReport> reports = new ArrayList<>();
        for (Map.Entry<String, Split.Rule> file : files.entrySet()) {
            try {
                reports.add(plan.evaluate(file.getKey(), file.getValue(), console));
            } catch (CommandException | DataException e) {
                problems.add(e.getMessage());
            } catch (NoSuchFileException e) {
                problems.add(e.getFile() + ": no such file or folder");
            }
        }
        if (reports.isEmpty()) CommandException.throwAll(problems, console);
        print(reports, files.size() == 1, arguments.flag("--json"), console);
        console.sayProblems(problems, "more could not be measured");
        return problems.isEmpty() ? Command.OK : Command.FAILED;
    }

    private static void print(List<EvaluationReport> reports, boolean single, boolean json, Console console) {
        if (single) {
            console.out().print(json ? Json.pretty(reports.get(0).json()) : reports.get(0).text());
        } else {
            EvaluationReport.OfSeveral all = new EvaluationReport.OfSeveral(reports);
            console.out().print(json ? Json.pretty(all.json()) : all.text());
        }
    }

    /**
     * The settings for every file.
     *
     * @param mode of the combination
     * @param mostCombined the most combined forecasts of a channel in a file
     * @param sizes the models whose context and horizon may size the windows, longest first; the forecaster takes the one
     *     that suits a history of that context
     * @param horizon 0 for the model's own
     * @param problems receives the reasons for which series were left out
     */
    private record Plan(ModelForecaster forecaster, ForecastMode mode, int mostCombined, ModelColumns columns,
            CsvOptions options, List<TtmConfig> sizes, int horizon, int stride, List<String> problems) {
        private static final int THREADS = Runtime.getRuntime().availableProcessors();

        /** The errors over all series of a file. Throws CommandException when none can be measured. */
        EvaluationReport evaluate(String name, Split.Rule rule, Console console)
                throws IOException, InterruptedException {
            CsvOptions coded = columns.withCategories(options);
            CsvFile csv = columns.read(new Input(name, console.path(name), coded, null, console.memory()), coded,
                    console);
            csv.rejected().forEach(rejected -> problems.add(rejected.getMessage()));
            TimeSeries first = csv.series().get(0);
            int[] targets = sizes.get(0).predictionChannels(first.channels().size() - columns.drivers());
            // The windows of the first model that fit into some series; where none do, of the last.
            Optional<TtmConfig> fitting = sizes.stream().filter(one -> fitsAny(one, csv.series(), rule)).findFirst();
            TtmConfig size = fitting.orElse(sizes.get(sizes.size() - 1));
            int context = size.contextLength();
            if (fitting.isPresent() && context < sizes.get(0).contextLength()) {
                console.say("note: " + name + ": too few rows for windows of " + sizes.get(0).contextLength()
                        + " steps of history: measured with the bundled model for " + context);
            }
            TemporalAmount frequency = first.axis().frequency().toTemporalAmount().orElse(null);
            Season season = Season.of(frequency, context);
            Measured measured = new Measured(targets.length, context, horizon(size),
                    Math.max(1, mostCombined / targets.length / csv.series().size()));
            int windows = 0;
            for (TimeSeries series : csv.series()) {
                try {
                    windows += evaluate(series, rule, columns.codes(csv, series), columns.categorical(series, coded),
                            targets, season.steps(), measured, console);
                } catch (IllegalArgumentException e) {
                    String problem = SeriesOptions.problem(name, series.id(), e.getMessage());
                    if (csv.series().size() == 1) throw new CommandException(problem, e);
                    problems.add(problem);
                }
            }
            if (windows == 0) throw new CommandException(name + ": no series can be measured");
            return new EvaluationReport(name, rule, context, measured.horizon, stride, windows, targets.length,
                    frequency, season, measured.model.total(), measured.last.total(), measured.mean.total(),
                    measured.combination(forecaster.in(mode).info()));
        }

        private int horizon(TtmConfig size) {
            return horizon == 0 ? size.outputLength() : horizon;
        }

        private boolean fitsAny(TtmConfig size, List<TimeSeries> series, Split.Rule rule) {
            return series.stream().anyMatch(one -> rule.fits(one.length(), size.contextLength(), horizon(size)));
        }

        /** Adds the errors of one series and returns the number of its windows. */
        private int evaluate(TimeSeries series, Split.Rule rule, int[] categories, int[] categorical, int[] targets,
                int period, Measured measured, Console console) throws InterruptedException {
            // The model alone does not use drivers.
            double[][] values = columns.drivers() == 0
                    ? series.doubleValues()
                    : Arrays.copyOf(series.doubleValues(), targets.length);
            Evaluation test = Evaluation.ofTest(values, rule, measured.context, measured.horizon, stride);
            ForecastRequest all = SeriesRequest.of(series).withCategories(categories);
            ForecastRequest rows = all.withHistory(values);
            try (Console.Progress progress = console.progress("windows", test.windows())) {
                test.measure(forecaster, rows, 0, THREADS, progress::add, measured.model);
            }
            Forecaster combined = forecaster.in(mode);
            if (combined.info().combines()) {
                Evaluation some = test.thinned(measured.most);
                try (Console.Progress progress = console.progress("windows combined", some.windows())) {
                    measured.history = combined.context(all.withHorizon(measured.horizon));
                    some.withHistory(measured.history)
                            .measure(combined, all, columns.drivers(), THREADS, progress::add, measured.combined,
                                    categorical);
                }
                some.measure(forecaster, rows, 0, THREADS, done -> {}, measured.alone);
                measured.combinedWindows += some.windows();
            }
            test.measure(SimpleForecast.SEASONAL_NAIVE, targets, period, THREADS, measured.last);
            test.measure(SimpleForecast.MEAN_PERIOD, targets, period, THREADS, measured.mean);
            return test.windows();
        }
    }

    /** The errors of the series of a file. */
    private static final class Measured {
        final int context;
        final int horizon;
        /** The most windows of a series for the combination. */
        final int most;
        final ForecastErrors model;
        final ForecastErrors last;
        final ForecastErrors mean;
        final ForecastErrors combined;
        /** The errors of the model alone, on the windows of the combination. */
        final ForecastErrors alone;
        int combinedWindows;
        /** The most steps of history that the combination uses. */
        int history;

        Measured(int targets, int context, int horizon, int most) {
            this.context = context;
            this.horizon = horizon;
            this.most = most;
            model = new ForecastErrors(targets, horizon);
            last = new ForecastErrors(targets, horizon);
            mean = new ForecastErrors(targets, horizon);
            combined = new ForecastErrors(targets, horizon);
            alone = new ForecastErrors(targets, horizon);
        }

        EvaluationReport.Combination combination(ForecasterInfo info) {
            if (combinedWindows == 0) return null;
            return new EvaluationReport.Combination(info.mode().toString(), history, combinedWindows, combined.total(),
                    alone.total());
        }
    }
}
