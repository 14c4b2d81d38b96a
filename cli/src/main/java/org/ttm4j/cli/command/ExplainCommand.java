package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.KnownFuture;
import org.ttm4j.cli.columns.ModelColumns;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.report.Explanations;
import org.ttm4j.cli.report.Explanations.ExplainedForecast;
import org.ttm4j.cli.report.Explanations.ExplainedSeries;
import org.ttm4j.cli.report.ForecastPicture;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.page.ModelPage;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.forecast.explain.Explanation;
import org.ttm4j.forecast.explain.Explanation.Target;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.inspect.Trace;
import org.ttm4j.ttm.series.Gaps;

/** {@code ttm explain}: what of a CSV the model's forecast rests on. */
public final class ExplainCommand extends Command {
    private static final Option STEP = new Option("--step", "N",
            "the step of the forecast to explain (default: the sum of all)");
    private static final Option LENGTH = new Option("--length", "N",
            "rows of a stretch (default: a patch of the model)");
    private static final Option JSON = Option.flag("--json", "write every row's share, gradients and gates as JSON");
    private static final Option HTML = new Option("--html", "F.html", "write a page there in which the model runs");
    private static final Option PLOT = new Option("--plot", "F.svg",
            "draw the shares of integrated gradients there: F.svg, F.png");
    private static final int LONGEST = 100_000;
    /** The memory of the explanation of a channel, and of its trace, from which gates are read. */
    private static final long CHANNEL_BYTES = 1 << 18;
    private static final long TRACE_BYTES = 1 << 22;

    private static final String DETAILS = """
            Explains the forecast of the model alone, as ttm forecast --mode fast makes it in one pass. The table
            has a row for each stretch of the history, with two answers to two questions:

            occlusion: what would the forecast lose if the stretch were missing? It is filled on a line then, so
            that this is small where a neighbour says the same.

            integrated_gradients: which part of the difference from a baseline is the stretch's? Baselines are the
            series' own values in a random order; the parts add up to the difference, which standard error states.

            Both say what the model does with the history, not what drives the series. --json adds the share and
            the gradient of every row and the weights of the model's gates. docs/inspect.md explains all of it.

            Standard error, and --json as "combination", also say what the default forecast, which combines the model
            with others, is made of: the weights of its members and what each, the trend and the seasons
            contribute (as ttm forecast --components writes it).

            The page of --html is one file that needs no network. It shows the series and the default bundled
            model's forecast of it, every stage between the two, and what changes when the history does.
            """;

    public ExplainCommand() {
        super("explain", "FILE.csv", "say what of the series in a CSV a forecast rests on", DETAILS);
    }

    @Override
    public List<Option> options() {
        return join(List.of(SeriesOptions.TIME), ColumnRoles.OPTIONS, List.of(SeriesOptions.ID, Option.MODEL, STEP,
                LENGTH, JSON, new Option("--future", "FILE.csv", "the future of the columns that are known"),
                new Option("--out", "F", "write the table there, not to standard output; as JSON: F.json"), PLOT, HTML),
                SeriesOptions.FOUND);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Input input = Input.ofFile(arguments, "a CSV file", console);
        int step = arguments.integer(STEP.name(), 0, 1, LONGEST);
        int length = arguments.integer(LENGTH.name(), 0, 1, LONGEST);
        Map<String, Path> files = OutputFile.checked(arguments, input.file(), console, "--out", HTML.name(), "--plot");
        boolean json = arguments.flag(JSON.name()) || OutputFile.isJsonLines(files.get("--out"));
        Path page = files.get(HTML.name());
        Path picture = files.get("--plot");
        ModelForecaster forecaster = Models.forecaster(arguments, console);
        ModelColumns columns = ModelColumns.of(forecaster, ColumnRoles.of(arguments), console);
        CsvFile csv = columns.read(input, input.options(), console);
        TtmConfig config = forecaster.info().longestModel().config();
        String futureName = arguments.text("--future");
        boolean own = input.isFile(console.path(futureName));
        csv = columns.history(csv, config, futureName != null && !own, own, console);
        KnownFuture future = KnownFuture.read(futureName, csv, input.options(), config, console);
        Inputs inputs = new Inputs(forecaster, columns, csv, future, step - 1, length, json);
        IntSummaryStatistics channels = csv.series()
                .stream()
                .mapToInt(one -> one.channels().size())
                .summaryStatistics();
        console.requireMemory(input.name() + ": explanations of " + channels.getSum() + " channels",
                channels.getSum() * CHANNEL_BYTES
                        + (json ? TRACE_BYTES * (inputs.takesAnyChannel(config) ? 2 : channels.getMax()) : 0),
                "read fewer columns (--target)");
        List<String> problems = new ArrayList<>(csv.rejected().stream().map(DataException::getMessage).toList());
        List<ExplainedSeries> series = explained(csv, inputs, input.name(), problems, console);
        if (series.isEmpty()) throw new CommandException(problems.get(0));
        if (page != null) {
            String content = ModelPage.of(csv.series());
            OutputFile.write(page, html -> html.append(content));
            console.say("page: " + page);
        }
        if (picture != null) {
            new ForecastPicture("Explanation", input.title(), "what each row adds to the forecast",
                    series.stream().flatMap(one -> one.panels().stream()).toList()).write(picture, console);
        }
        write(new Explanations(csv, series), json, files.get("--out"), console);
        Console.limited(series.stream().flatMap(one -> one.combinationLines().stream()).toList(),
                "combined forecasts more").forEach(console::say);
        console.sayProblems(problems, "problems more");
        return problems.isEmpty() ? Command.OK : Command.FAILED;
    }

    private static List<ExplainedSeries> explained(CsvFile csv, Inputs inputs, String name, List<String> problems,
            Console console) throws CommandException {
        List<ExplainedSeries> explained = new ArrayList<>();
        try (Console.Progress progress = console.progress("series", csv.series().size())) {
            for (TimeSeries series : csv.series()) {
                try {
                    ExplainedSeries one = inputs.explain(series,
                            problem -> problems.add(SeriesOptions.problem(name, series.id(), problem)));
                    if (!one.forecasts().isEmpty()) explained.add(one);
                } catch (IllegalArgumentException e) {
                    problems.add(SeriesOptions.problem(name, series.id(), e.getMessage()));
                }
                progress.add(1);
            }
        }
        return explained;
    }

    private static void write(Explanations all, boolean json, Path out, Console console) throws IOException {
        if (out != null) OutputFile.write(out, to -> all.writeTo(to, json));
        else all.writeTo(console.out(), json);
        console.out().flush();
        List<String> lines = all.series()
                .stream()
                .flatMap(one -> one.forecasts().stream().map(forecast -> line(one, forecast)))
                .toList();
        Console.limited(lines, "forecasts more").forEach(console::say);
    }

    private static String line(ExplainedSeries series, ExplainedForecast of) {
        String step = of.target().step() == Target.ALL ? "the sum of all steps" : "step " + (of.target().step() + 1);
        Number forecast = series.numbers(of).apply(of.shares().forecast());
        String number = forecast instanceof Float ? "%.6g" : "%.12g";
        return String.format(Locale.ROOT,
                "%s, %s: forecast " + number + " by %s, baseline " + number + ", difference %.6g",
                ForecastPanel.titled(series.series(), of.channel()), step, of.shares().forecast(), series.model(),
                of.shares().baseline(), of.shares().forecast() - of.shares().baseline());
    }

    /**
     * The settings for every series of the file.
     *
     * @param csv the series
     * @param future null without
     * @param step counted from 0; {@link Target#ALL} for the sum
     * @param length 0 for a patch
     * @param details whether gradients and gates are wanted
     */
    private record Inputs(ModelForecaster forecaster, ModelColumns columns, CsvFile csv, KnownFuture future, int step,
            int length, boolean details) {

        ExplainedSeries explain(TimeSeries series, Consumer<String> problems) throws CommandException {
            ForecastRequest request = SeriesRequest.of(series);
            request = request.withCategories(columns.codes(csv, series));
            ModelChoice model = forecaster.modelFor(request);
            int steps = model.config().outputLength();
            if (step >= steps) {
                throw new CommandException("--step " + (step + 1) + ": the model " + model.name() + " forecasts "
                        + steps + " steps in a pass; expected one of these");
            }
            if (future != null) request = request.withKnownFuture(future.of(series, steps));
            Explanation explanation = forecaster.explain(request);
            List<ExplainedForecast> forecasts = new ArrayList<>();
            int[] channels = model.config().predictionChannels(series.channels().size());
            List<List<Map<String, Object>>> gates = details ? gates(request, model.config(), channels) : List.of();
            for (int i = 0; i < channels.length; i++) {
                String channel = series.channels().get(channels[i]);
                try {
                    Target target = new Target(i, step);
                    forecasts.add(new ExplainedForecast(channel, target,
                            explanation.occlusion(target, length > 0 ? length : explanation.patchLength()),
                            explanation.integratedGradients(target), details ? explanation.gradient(target) : null,
                            details ? gates.get(i) : List.of()));
                } catch (IllegalArgumentException e) {
                    problems.accept(channel + ": " + e.getMessage());
                }
            }
            return new ExplainedSeries(series, model.name(), forecasts, forecasts.isEmpty() ? null : combined(series));
        }

        /** The combined forecast, as ttm forecast makes it by default; null if the model cannot be combined. */
        private Forecast combined(TimeSeries series) {
            Forecaster combination = forecaster.in(ForecastMode.BALANCED);
            if (!combination.info().combines()) return null;
            ForecastRequest request = SeriesRequest.of(series).withComponents();
            return combination.forecastAll(List.of(request), Execution.ALONE)
                    .get(0) instanceof ForecastResult.Success made ? made.forecast() : null;
        }

        /** Whether a channel may be traced apart from the others: where the model sees channels alone and names none. */
        boolean takesAnyChannel(TtmConfig config) {
            return config.leastChannels() == 1 && forecaster.info().channels().isEmpty();
        }

        /** The gates of each channel, traced apart where it may be, beside the first to begin, by which the model was chosen. */
        private List<List<Map<String, Object>>> gates(ForecastRequest request, TtmConfig config, int[] channels) {
            if (!takesAnyChannel(config)) {
                Trace trace = forecaster.trace(request);
                return IntStream.of(channels).mapToObj(channel -> Explanations.gates(trace, channel)).toList();
            }
            double[][] history = request.history();
            double[] first = Collections.min(List.of(history), Comparator.comparingInt(Gaps::atBeginning));
            return IntStream.of(channels)
                    .mapToObj(channel -> Stream.of(history[channel], first).distinct().toArray(double[][]::new))
                    .map(two -> Explanations.gates(forecaster.trace(request.withHistory(two)), 0))
                    .toList();
        }
    }
}
