package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.KnownFuture;
import org.ttm4j.cli.columns.ModelColumns;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.columns.TableQuery;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.HierarchyTable;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastJob;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.hierarchy.Hierarchy;
import org.ttm4j.jdbc.TableForecast;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.train.Channels.Role;

/** {@code ttm forecast}: a CSV in, a table and a picture out. */
public final class ForecastCommand extends Command {
    private static final Option LOWER = new Option("--lower", "X",
            "the least value of a forecast (default: 0 where the history has nothing below it)");
    private static final Option UPPER = new Option("--upper", "X",
            "the largest value of a forecast (default: 1 or 100 of columns of shares)");
    private static final Option INTEGER = Option.flag("--integer", "forecast whole numbers");
    private static final double LARGEST = 1e30;
    private static final int LONGEST_HORIZON = 100_000;
    private static final List<String> NOT_BESIDE_A_HIERARCHY = List.of("--future", "--holidays", "--cv", "--into",
            "--integer", "--upper", "--components", "--static-category");
    private static final List<String> MORE_THAN_A_TABLE = List.of("--out", "--cv", "--samples", "--total",
            "--hierarchy", "--components", "--fill", "--open", "--future", "--time", "--id", "--date-format");

    public ForecastCommand() {
        super("forecast", Input.OPERANDS, "forecast the series in a CSV: a table to standard output and a picture", """
                The file is a CSV in any usual form, plain or gzip; - is standard input. Missing values and gaps
                are filled, and standard error reports what was repaired. The table has a column for the time and
                one for each target, and a row for each series and time. Delimiter, decimal mark, times and order
                of columns are those of the input; JSON lines are answered by JSON lines.

                Without --horizon, ttm forecasts 24 months, 8 quarters, 5 years, 13 weeks, 28 days, 20 business days,
                168 hours or a day of shorter steps (at most 1,440), and never more than half of the history or than
                the rows of --future. With --model, in fast mode and without times, it forecasts what the model
                makes in one pass.

                Without --model, ttm takes the bundled model that suits the length of the history, the horizon and
                the frequency. A fine-tuned model knows the names of its columns. Any other model that mixes
                channels takes the columns by their roles, or all columns in the order of --target where no role is
                given. Where the horizon takes more than one pass of the model, the last pass also uses rows of
                --future beyond the horizon.

                By default (balanced) the model is combined with itself on transformed histories and with
                statistical forecasts, each weighted by its errors at six to nine earlier origins. fast is the model
                alone, as are models that were fine-tuned or mix channels. Seasons are those of the calendar, such
                as a day and a week of hourly rows, unless --season says how many rows one has.

                With --known-future and --future, or --holidays, the combination is corrected by a regression of its
                errors at the earlier origins on these columns, where that makes the errors smaller. A note says
                whether it does.

                The columns of quantiles, such as load.q0.9, follow those of the forecasts. A model that was
                calibrated has its own quantiles, and in fast mode one with a quantile head. Any other forecast has
                those of the errors at the earlier origins; in fast mode, only where the history is long enough. The
                picture shows the outermost two as a band.

                With --cv, what the combination forecast from each earlier origin is written as a table: series,
                channel, origin (the time of the first step), step, truth, forecast and quantiles. Weights and
                quantiles of an origin are those of the other origins.

                With --components, the contributions of each step are written as a table: level, trend, seasons, what
                each member forecasts beyond these by its weight, drivers, and limits (--lower, --upper, --integer).
                They add up to the forecast.

                The picture is an SVG or, by its ending, a PNG: both show the first twelve channels. F.html is a page
                with all channels that fits a phone. --open writes FILE-forecast.html, where --plot names no other
                file, and shows it.

                --lower, --upper and --integer hold for forecasts, quantiles and sample paths. Without --lower, a model
                alone may go below 0; a combination does not where the history does not. A column that is named as a
                percentage or share, such as humidity_pct, and whose values lie within 0 and 100 or 1 and come near
                it, stays within that.

                Forecasts are medians. Totals of many steps or series are those of the means, which --mean writes.
                --total week, month or horizon writes a table of totals: from, to, steps, and the median, mean and
                quantiles of each column's total. They come from 1000 sample paths, which --samples writes: in each,
                steps depend on each other as past errors did.

                With --jdbc, the rows are those of a query: id, time, values (docs/jdbc.md). With --into, each row of
                the forecast replaces that of the same id and time in the table, or all stay out. Where the table is
                all that is written, series are forecast as they are read, however many there are.

                With --hierarchy store,item, the sums of each store and of all are forecast beside the items and
                reconciled with them (MinT, by the errors at the earlier origins), so that values and sample paths add
                up. The table has a column "series": total, store=A, store=A,item=3.

                With --id, a series that cannot be forecast (too short, say) is named on standard error and left
                out; the others are forecast, and the exit code is 1. Nothing is written when none can be.
                """);
    }

    @Override
    public List<Option> options() {
        return join(List.of(SeriesOptions.TIME), ColumnRoles.OPTIONS, List.of(SeriesOptions.ID, SeriesOptions.HIERARCHY,
                new Option("--horizon", "N", "steps to forecast (default: as far as people look ahead, see below)"),
                Option.MODEL, Models.MODE, SeriesOptions.SEASON, ForecastQuantiles.OPTION,
                new Option("--future", "FILE.csv", "the future of the columns that are known, also the same file"),
                LOWER, UPPER, INTEGER, SeriesOptions.DIGITS,
                new Option("--out", "F.csv", "write F.csv, .csv.gz, .xlsx, .jsonl or .json (default: standard output)"),
                ForecastOutputs.INTO, ForecastOutputs.CROSS_VALIDATION, ForecastOutputs.MEAN, ForecastOutputs.SAMPLES,
                ForecastOutputs.TOTAL, ForecastOutputs.COMPONENTS,
                new Option("--plot", "F.svg",
                        "write the picture there: F.svg, F.png, F.html, none (default: FILE-forecast.svg)"),
                Option.OPEN), Input.OPTIONS, SeriesOptions.FOUND);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        ColumnRoles roles = ColumnRoles.of(arguments);
        ForecastQuantiles quantiles = ForecastQuantiles.of(arguments);
        Asked asked = Asked.of(arguments);
        Forecaster forecaster = null;
        if (isIntoTableAlone(arguments, roles)) {
            forecaster = forecaster(arguments, quantiles, console);
            // Only a model that needs no other input and makes its own quantiles can forecast in bounded memory.
            boolean suits = forecaster.info().canCombine()
                    && (quantiles.levels().length == 0 || forecaster.info().makesQuantiles(quantiles.levels()));
            if (suits) return forecastIntoTable(forecaster, asked, quantiles, arguments, console);
        }
        Input input = Input.of(arguments, console);
        String name = input.name();
        CsvOptions options = input.options();
        ForecastOutputs outputs = ForecastOutputs.of(arguments, input, console);

        if (forecaster == null) forecaster = forecaster(arguments, quantiles, console);
        boolean hierarchy = isHierarchy(arguments, forecaster);
        String futureName = arguments.text("--future");
        boolean drivers = (futureName != null || arguments.text("--holidays") != null) && forecaster.info().combines();
        List<String> known = roles.of(Role.KNOWN_FUTURE);
        if (drivers && known.isEmpty()) {
            throw new UsageException(
                    "--future: name the columns that are known with " + ColumnRoles.option(Role.KNOWN_FUTURE));
        }
        // Without a known future, a combination reads what its model alone reads.
        ModelColumns columns = ModelColumns.of(drivers ? forecaster : forecaster.fast(), roles, console);
        options = columns.withCategories(options);
        if (!known.isEmpty() && !drivers && forecaster.info().combines()) {
            console.say("note: the combination can use " + ModelColumns.listed(known)
                    + " where --future F.csv has the values for the steps to forecast; F.csv may be "
                    + "this file, whose last rows then have these alone");
        }
        CsvFile csv;
        try {
            csv = columns.read(input, options, console);
        } catch (DataException e) {
            if (arguments.text(SeriesOptions.HIERARCHY.name()) == null) throw e;
            throw new CommandException(e.getMessage().replace(SeriesOptions.ID.name(), SeriesOptions.HIERARCHY.name()),
                    e);
        }
        TtmConfig config = forecaster.info().longestModel().config();
        boolean own = input.isFile(console.path(futureName));
        csv = columns.history(csv, config, futureName != null && !own, own, console);
        // The future has the columns of the query and, like it, no fill values for missing cells.
        if (input.query() != null) {
            options = csv.options(options).withTime(csv.layout().time()).keepingFillValues();
        }
        KnownFuture future = drivers
                ? KnownFuture.read(futureName, csv, options, known, console, 0)
                : KnownFuture.read(futureName, csv, options, config, console);
        Inputs inputs = new Inputs(forecaster, asked, outputs, future, columns, csv, quantiles);
        SeriesResults<Forecast> result = hierarchy
                ? forecastHierarchy(csv, inputs, name, console)
                : forecast(csv, inputs, name, console);
        outputs.write(result, input, quantiles.levels(), console);
        if (!asked.whole() && !drivers && !hierarchy && csv.series().stream().allMatch(ForecastCommand::isWhole)) {
            console.say("note: whole numbers: " + INTEGER.name() + " rounds the forecasts");
        }
        console.sayProblems(result.problems(), "series more could not be forecast");
        return result.problems().isEmpty() ? Command.OK : Command.FAILED;
    }

    private static Forecaster forecaster(Arguments arguments, ForecastQuantiles quantiles, Console console)
            throws IOException {
        Forecaster forecaster = quantiles.forecaster(Models.forecaster(arguments, console))
                .in(Models.mode(arguments, ForecastMode.BALANCED));
        for (Option option : List.of(ForecastOutputs.CROSS_VALIDATION, ForecastOutputs.COMPONENTS, SeriesOptions.SEASON,
                ForecastOutputs.MEAN, ForecastOutputs.SAMPLES, ForecastOutputs.TOTAL)) {
            Models.requireCombined(forecaster, option, arguments);
        }
        return forecaster;
    }

    /** Whether a command line asks for a table of a database and for nothing that needs more than the columns of the query. */
    private static boolean isIntoTableAlone(Arguments arguments, ColumnRoles roles) throws UsageException {
        String plot = arguments.text("--plot");
        return arguments.flag("--jdbc") && arguments.flag(ForecastOutputs.INTO.name()) && roles.named().isEmpty()
                && (plot == null || plot.equals("none")) && MORE_THAN_A_TABLE.stream().noneMatch(arguments::flag);
    }

    /** Forecasts from a query into a table and nowhere else: some hundreds of series are in memory at a time. */
    private static int forecastIntoTable(Forecaster forecaster, Asked asked, ForecastQuantiles quantiles,
            Arguments arguments, Console console) throws IOException {
        TableForecast.Result result = TableQuery.of(arguments, console)
                .forecast(forecaster, request -> quantiles.wanted(asked.wanted(request)),
                        SeriesOptions.of(arguments).times(), arguments.flag(ForecastOutputs.MEAN.name()), console,
                        quantiles.levels());
        List<String> problems = result.problems();
        if (result.series() == 0) {
            throw new CommandException(problems.isEmpty() ? "query: it returns no rows" : problems.get(0));
        }
        console.say(String.format(Locale.ROOT, "table %s: %,d rows", arguments.text(ForecastOutputs.INTO.name()),
                result.rows()));
        result.notes().forEach(note -> console.say("note: " + note));
        console.sayProblems(problems, "series more could not be forecast");
        return problems.isEmpty() ? Command.OK : Command.FAILED;
    }

    private static boolean isWhole(TimeSeries series) {
        return Arrays.stream(series.doubleValues())
                .flatMapToDouble(Arrays::stream)
                .allMatch(value -> Double.isNaN(value) || value == Math.rint(value));
    }

    /**
     * The settings for every series of the file.
     *
     * @param outputs the files to write, which decide what is requested in addition to the medians
     * @param future null without
     * @param csv the series
     */
    private record Inputs(Forecaster forecaster, Asked asked, ForecastOutputs outputs, KnownFuture future,
            ModelColumns columns, CsvFile csv, ForecastQuantiles quantiles) {

        ForecastRequest request(TimeSeries series) {
            ForecastRequest request = SeriesRequest.within(wanted(SeriesRequest.of(series)), series.channels())
                    .withCategories(columns.codes(csv, series));
            if (forecaster.info().makesQuantiles(quantiles.levels())) request = quantiles.wanted(request);
            if (future == null) return request;
            try {
                boolean isOpen = asked.horizon == 0 && future.file() != null;
                int steps = steps(isOpen ? request.withKnownFuture(future.of(series, 0)) : request);
                return request.withKnownFuture(future.of(series, steps))
                        .withCategoricalDrivers(future.categorical(series));
            } catch (CommandException unknown) {
                throw new IllegalArgumentException(unknown.getMessage(), unknown);
            }
        }

        /** The request with the horizon, the bounds and the outputs that the options ask for. */
        ForecastRequest wanted(ForecastRequest of) {
            return outputs.wanted(asked.wanted(of));
        }

        int steps(ForecastRequest request) {
            return asked.horizon > 0 ? asked.horizon : forecaster.horizon(request);
        }
    }

    /** Forecasts every series that can be forecast; throws CommandException if there is none. */
    private static SeriesResults<Forecast> forecast(CsvFile csv, Inputs inputs, String name, Console console)
            throws CommandException {
        int count = csv.series().size();
        int channels = csv.series().stream().mapToInt(series -> series.channels().size()).sum();
        long steps = csv.series()
                .stream()
                .mapToLong(series -> series.channels().size() * (long) inputs.steps(SeriesRequest.of(series)))
                .sum();
        ForecastOutputs.requireMemory(name, channels, steps, inputs.quantiles.levels().length, inputs.outputs.paths(),
                console);
        List<Forecast> results = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try (Console.Progress progress = console.progress("channels", channels - count * inputs.columns.drivers())) {
            ForecastJob<TimeSeries> job = new ForecastJob<>(inputs.forecaster, csv.series().iterator(), inputs::request,
                    Execution.ALONE.withExecutor(ForkJoinPool.commonPool()).withProgress(progress::add));
            while (job.hasNext()) {
                ForecastJob.Answer<TimeSeries> answer = job.next();
                try {
                    Forecast forecast = SeriesRequest.noted(answer.result().orElseThrow(), answer.source());
                    int usual = results.isEmpty() && inputs.future != null
                            ? inputs.steps(SeriesRequest.of(answer.source()))
                            : 0;
                    if (forecast.horizon() < usual) {
                        console.say("note: --future ends after " + forecast.horizon() + " of the usual " + usual
                                + " steps, and so does the forecast");
                    }
                    results.add(inputs.quantiles.addTo(inputs.forecaster, answer.request(), forecast, channels));
                    problems.add(null);
                } catch (IllegalArgumentException wrong) {
                    results.add(null);
                    problems.add(wrong.getCause() instanceof CommandException known
                            ? known.getMessage()
                            : SeriesOptions.problem(name, answer.source().id(), wrong.getMessage()));
                }
            }
        }
        return SeriesResults.of(csv, results, problems.toArray(String[]::new));
    }

    /**
     * What is asked of each forecast: its steps, and the values that it may take.
     *
     * @param horizon 0 for the usual horizon
     * @param season 0 for the seasons of the calendar
     * @param lower the least value; NaN for the forecaster's own
     * @param upper the largest; NaN for that of its columns
     * @param whole true to round to whole numbers
     */
    private record Asked(int horizon, int season, double lower, double upper, boolean whole) {

        static Asked of(Arguments arguments) throws UsageException {
            double lower = arguments.number(LOWER.name(), Double.NaN, -LARGEST, LARGEST);
            double upper = arguments.number(UPPER.name(), Double.NaN, -LARGEST, LARGEST);
            if (lower > upper) throw new UsageException(UPPER.name() + ": expected no less than " + LOWER.name());
            return new Asked(arguments.integer("--horizon", 0, 1, LONGEST_HORIZON), SeriesOptions.season(arguments),
                    lower, upper, arguments.flag(INTEGER.name()));
        }

        ForecastRequest wanted(ForecastRequest of) {
            ForecastRequest request = horizon > 0 ? of.withHorizon(horizon) : of;
            if (season > 0) request = request.withSeason(season);
            if (!Double.isNaN(lower)) request = request.withLower(lower);
            if (!Double.isNaN(upper)) request = request.withUpper(upper);
            return whole ? request.asCounts() : request;
        }
    }

    /** Whether the command line asks for {@code --hierarchy}. Throws UsageException when an option beside it is not supported. */
    private static boolean isHierarchy(Arguments arguments, Forecaster forecaster) throws UsageException {
        Option option = SeriesOptions.HIERARCHY;
        if (!arguments.flag(option.name())) return false;
        Models.requireCombined(forecaster, option, arguments);
        for (String other : NOT_BESIDE_A_HIERARCHY) {
            if (arguments.flag(other)) throw new UsageException(option.name() + ": expected without " + other);
        }
        return true;
    }

    /** Forecasts the series of a file and their sums, as series of one column of names. */
    private static SeriesResults<Forecast> forecastHierarchy(CsvFile csv, Inputs inputs, String name, Console console)
            throws CommandException {
        Forecaster forecaster = inputs.forecaster;
        ForecastQuantiles quantiles = inputs.quantiles;
        try {
            HierarchyTable table = new HierarchyTable(csv, ForecastCommand::requireRoom,
                    series -> quantiles.wanted(inputs.wanted(SeriesRequest.of(series))));
            List<ForecastRequest> requests = table.requests();
            ForecastRequest first = requests.get(0);
            long channels = (long) table.hierarchy().names().size() * requests.size();
            ForecastOutputs.requireMemory(name, channels, channels * forecaster.horizon(first),
                    quantiles.levels().length, Math.max(first.samples(), Hierarchy.SAMPLES), console);
            List<Forecast> byColumn = requests.stream()
                    .map(request -> table.hierarchy()
                            .forecast(forecaster, request, Execution.ALONE.withExecutor(ForkJoinPool.commonPool())))
                    .toList();
            List<Forecast> results = table.forecasts(byColumn)
                    .stream()
                    .map(of -> quantiles.levels().length == 0 ? of.withoutQuantiles() : of)
                    .toList();
            return SeriesResults.of(table.nodes(byColumn.get(0).horizon()), results, new String[results.size()]);
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(SeriesOptions.problem(name, null, wrong.getMessage()), wrong);
        }
    }

    /** Refuses histories of nodes that would take more than half of the heap. */
    private static void requireRoom(long channels, long steps) {
        double bytes = (double) HierarchyTable.BYTES_OF_VALUE * channels * steps;
        if (bytes <= Runtime.getRuntime().maxMemory() / 2) return;
        throw new IllegalArgumentException("the series of the hierarchy and their sums, " + channels + " with " + steps
                + " steps each, counted from the earliest time of any series, take some " + (long) (bytes / (1 << 20))
                + " MB, more than half of the memory; leave out series that lie far "
                + "apart in time, or give the JVM more memory, such as TTM_JAVA_OPTIONS=-Xmx4g");
    }
}
