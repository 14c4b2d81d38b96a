package org.ttm4j.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.FinetuneSeries;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.ModelColumns;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ForecastPicture;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.Backtest;
import org.ttm4j.eval.backtest.BacktestPlan;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.BacktestResult;
import org.ttm4j.eval.backtest.BacktestSettings;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.protocol.FineTuningSeries;
import org.ttm4j.eval.protocol.Split;
import org.ttm4j.eval.report.BacktestFigures;
import org.ttm4j.eval.report.BacktestPage;
import org.ttm4j.eval.report.BacktestText;
import org.ttm4j.eval.report.SeriesTable;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.TrainingDivergedException;

/** {@code ttm backtest}: how good a model would have been on a series so far, beside simple forecasts. */
public final class BacktestCommand extends Command {
    private static final Option PLOT = new Option("--plot", "F.svg",
            "draw the worst and the best windows of the first series there: F.svg, F.png");
    private static final List<Option> ASKED = List.of(
            new Option("--horizon", "N", "steps to forecast (default: as many as ttm forecast)"),
            new Option("--stride", "N", "rows between origins (default: 200 origins at most)"),
            new Option("--start", "N|SHARE", "rows before the first origin, or their share (default: the context)"),
            new Option("--window", "NAME", "rows that are used: sliding or expanding (default: sliding)"),
            new Option("--levels", "A,B", "levels of the intervals to measure (default: 0.8,0.9)"),
            new Option("--refit", "N", "fine-tune at the first origin and every N rows (default: never)"));
    private static final int MOST_TABLES = 12;

    private static final String DETAILS = """
            At each origin, what ttm forecast makes by default is made from the rows before it; a window takes
            some forty runs of the model. The columns of --known-future correct it as they do there, and a row
            of the table says what the errors are without them. With --mode fast, the model alone sees as many
            rows as its context has.

            The simple forecasts repeat the last value, the last period, or the mean of all whole periods. A
            period is a season of the calendar, such as a day of hourly rows, or of --season rows, by
            which the combination goes too. Intervals are its own, and for a model alone those of its quantile
            head where it holds all --levels, up to 0.8 for the bundled models; else they are calibrated by the
            errors that are known at the origin, and measured from the first origin at which enough are known.

            With --window sliding, the mean period covers as many rows as lie before the first origin, and the
            calibration covers 500 windows. With --window expanding, the mean period covers all rows before the
            origin, and the calibration 4,000 windows. The option does not change what the model sees, except
            with --refit: fine-tuning then uses the rows of the mean period, four fifths of them to train and
            the last fifth to decide when to stop.

            With --id, every series has a backtest of its own: a table (the first twelve), or an object in the
            list "series" of the JSON. A table of all series and their total follow, in the JSON as "total". With
            --html, F.html is that table, and F-1.html, F-2.html and so on are the reports, one linked to the
            next. A series that cannot be measured is named on standard error and left out, and the exit code
            is 1.

            Errors are in the units of the file. docs/judging.md defines them.
            """;

    public BacktestCommand() {
        super("backtest", Input.OPERANDS,
                "forecast a series' past from many origins and measure it, beside simple forecasts", DETAILS);
    }

    @Override
    public List<Option> options() {
        return join(List.of(SeriesOptions.TIME), ColumnRoles.OPTIONS,
                List.of(SeriesOptions.ID, Option.MODEL, Models.MODE, SeriesOptions.SEASON), ASKED,
                List.of(Option.flag("--json", "print one JSON object"),
                        new Option("--html", "F.html", "write a report with pictures there"), PLOT, Option.OPEN),
                Input.OPTIONS, SeriesOptions.FOUND);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        String html = arguments.text("--html");
        if (html == null) arguments.requireNone(List.of(Option.OPEN), "--html F.html");
        Input input = Input.of(arguments, console);
        String name = input.name();
        Map<String, Path> files = OutputFile.checked(arguments, input.file(), console, "--html", "--plot");
        Pages pages = html == null ? null : new Pages(files.get("--html"));
        Path picture = files.get("--plot");
        BacktestSettings settings = settings(arguments);
        List<String> problems = new ArrayList<>();
        List<BacktestReport> reports = new ArrayList<>();
        try {
            List<Subject> subjects = settings.refit() == 0
                    ? Subject.ofOneModel(arguments, input, problems, console)
                    : Subject.ofRefits(arguments, input, settings.horizon(), problems, console);
            if (pages != null) pages.require(subjects.size(), input.file());
            for (Subject subject : subjects) {
                try {
                    reports.add(report(subject, settings, input.title(), console));
                } catch (IllegalArgumentException e) {
                    problems.add(SeriesOptions.problem(name, subject.series().id(), e.getMessage()));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new CommandException(name + ": " + e.getMessage(), e);
        }
        if (reports.isEmpty()) CommandException.throwAll(problems, console);
        print(reports, reports.get(0).series().id() != null, arguments.flag("--json"), console);
        console.sayProblems(problems, "more could not be measured");
        if (pages != null) pages.write(reports, console);
        if (picture != null) draw(reports.get(0), picture, console);
        if (arguments.flag(Option.OPEN.name())) console.open(pages.page());
        return problems.isEmpty() ? Command.OK : Command.FAILED;
    }

    private static void draw(BacktestReport report, Path file, Console console) throws CommandException {
        List<Panel> panels = new ArrayList<>(BacktestFigures.windows(report, report.result().worst(), "worst, "));
        panels.addAll(BacktestFigures.windows(report, report.result().best(), "best, "));
        new ForecastPicture("Backtest", report.file(), "the worst and the best windows by " + report.model(), panels)
                .write(file, console);
    }

    /** One report at a time, because its JSON or text takes far more memory than its errors. */
    private static void print(List<BacktestReport> reports, boolean list, boolean json, Console console) {
        PrintStream out = console.out();
        if (json && !list) {
            out.print(Json.pretty(reports.get(0).json()));
        } else if (json) {
            out.print("{\n  \"series\": [");
            for (int i = 0; i < reports.size(); i++) {
                out.print(i == 0 ? "\n" : ",\n");
                out.print(Json.pretty(reports.get(i).json()).indent(4).stripTrailing());
            }
            out.print("\n  ],\n  \"total\": " + Json.pretty(BacktestReport.Total.of(reports).json()).indent(2).strip()
                    + "\n}\n");
        } else {
            for (int i = 0; i < Math.min(MOST_TABLES, reports.size()); i++) {
                out.print((i == 0 ? "" : "\n") + Console.printableLines(BacktestText.of(reports.get(i))) + "\n");
            }
            if (list) out.print("\n" + Console.printableLines(new SeriesTable(reports).text()) + "\n");
        }
        out.flush();
    }

    private static BacktestReport report(Subject subject, BacktestSettings settings, String file, Console console)
            throws IOException, InterruptedException {
        TimeSeries series = subject.series();
        BacktestPlan plan = settings.plan(series, subject.forecaster());
        if (settings.stride() == 0 && plan.origins().stride() > 1) {
            console.say(String.format(Locale.ROOT, "note: %,d origins, one every %,d rows; --stride 1 takes all",
                    plan.origins().count(), plan.origins().stride()));
        }
        Backtest backtest = new Backtest(settings.rows(series).withCategories(subject.categories()), plan,
                subject.drivers(), subject.categorical());
        int forecasts = plan.origins().count() * (subject.drivers() > 0 ? 2 : 1);
        BacktestResult result;
        try (Console.Progress progress = console.progress("forecasts", forecasts)) {
            result = backtest.run(subject.refit(), Runtime.getRuntime().availableProcessors(), progress::add);
        }
        String model = result.models().isEmpty() ? subject.model() : String.join(", ", result.models());
        return new BacktestReport(file, model, series, result);
    }

    private static BacktestSettings settings(Arguments arguments) throws UsageException {
        String start = arguments.text("--start");
        List<String> levels = arguments.list("--levels");
        return new BacktestSettings(arguments.integer("--horizon", 0, 1, BacktestSettings.LONGEST_HORIZON),
                arguments.integer("--stride", 0, 1, BacktestSettings.MOST_ROWS),
                Arguments.read("--start", () -> BacktestSettings.start(start)),
                arguments.choice("--window", BacktestPlan.Window.SLIDING, BacktestPlan.Window.class),
                Arguments.read("--levels", () -> BacktestSettings.grid(levels)),
                arguments.integer("--refit", 0, 1, BacktestSettings.MOST_ROWS), SeriesOptions.season(arguments));
    }

    /**
     * The files that {@code ttm backtest --html F.html} writes: F.html for one report; for several, F.html is the table of all
     * series, and F-1.html, F-2.html and so on are the reports, one linked to the next. A device or a pipe, such as
     * {@code /dev/null}, receives all of the reports.
     *
     * @param page the file named on the command line
     */
    private record Pages(Path page) {
        /** Names of files on the console. */
        private static final int MOST_NAMED = 12;

        /**
         * Checks in advance that the files for so many reports can be written.
         *
         * @param input the file that must not be among them
         */
        void require(int reports, Path input) throws IOException {
            for (Path file : files(reports)) OutputFile.require(file, "--html", input);
        }

        /** Writes all reports, and names the first files on the console. */
        void write(List<BacktestReport> reports, Console console) throws CommandException {
            List<Path> files = files(reports.size());
            boolean numbered = isNumbered(reports.size());
            for (int i = 0; i < files.size(); i++) {
                BacktestReport report = reports.get(i);
                String neighbours = numbered ? neighbours(files, i) : "";
                OutputFile.write(files.get(i), out -> out.write(BacktestPage.of(report, neighbours)));
                if (i >= MOST_NAMED) continue;
                console.say("report: " + files.get(i)
                        + (reports.size() == 1 ? "" : " (series " + Printable.quoted(report.series().id()) + ")"));
            }
            if (files.size() > MOST_NAMED) console.say("report: … and " + (files.size() - MOST_NAMED) + " more");
            if (!numbered) return;
            SeriesTable table = new SeriesTable(reports);
            OutputFile.write(page,
                    out -> out.write(table.page(reports.get(0).file(), files.stream().map(Pages::address).toList())));
            console.say("report: " + page + " (all series)");
        }

        /** Links to the reports before and after one, and to the table. */
        private String neighbours(List<Path> files, int number) {
            Html html = new Html().raw("<nav aria-label=\"Series\">\n<ul>\n");
            if (number > 0) link(html, files.get(number - 1), "← Previous series");
            link(html, page, "All series");
            if (number < files.size() - 1) link(html, files.get(number + 1), "Next series →");
            return html.raw("</ul>\n</nav>\n").toString();
        }

        private static void link(Html html, Path file, String text) {
            html.raw("<li>").element("a href=\"" + Html.escape(address(file)) + "\"", text).raw("</li>\n");
        }

        /** A file in the same folder, as the address of a link. */
        private static String address(Path file) {
            return "./" + URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8).replace("+", "%20");
        }

        private boolean isNumbered(int reports) {
            return reports > 1 && (Files.notExists(page) || Files.isRegularFile(page));
        }

        private List<Path> files(int reports) {
            boolean numbered = isNumbered(reports);
            return IntStream.rangeClosed(1, reports).mapToObj(i -> numbered ? numbered(i) : page).toList();
        }

        private Path numbered(int number) {
            return page.resolveSibling(
                    page.getFileName().toString().replaceFirst("(?i)(\\.html?)?(\\.gz)?$", "-" + number + "$1$2"));
        }
    }

    /**
     * One series to backtest.
     *
     * @param series with the channels in the order of the model's inputs
     * @param drivers the number of last channels whose future is known to a combination
     * @param categorical indices of the drivers whose values are codes of categories
     * @param categories the static categories of the series; empty without
     * @param forecaster the forecaster before any refit
     * @param refit makes the models that forecast
     * @param model its name
     */
    private record Subject(TimeSeries series, int drivers, int[] categorical, int[] categories, Forecaster forecaster,
            Backtest.Refit refit, String model) {

        /**
         * The series of a file and the model of a command line as it is.
         *
         * @param problems receives the reasons for which series were left out
         */
        static List<Subject> ofOneModel(Arguments arguments, Input input, List<String> problems, Console console)
                throws IOException {
            ColumnRoles roles = ColumnRoles.of(arguments);
            ForecastMode mode = Models.mode(arguments, ForecastMode.BALANCED);
            Forecaster forecaster = mode.around(Models.forecaster(arguments, console));
            boolean combined = forecaster.info().combines();
            ModelColumns columns = ModelColumns.of(forecaster, roles, console);
            if (!combined && forecaster.info().canCombine() && !roles.of(Role.KNOWN_FUTURE).isEmpty()) {
                console.say("note: " + Models.MODE.name() + " " + ForecastMode.BALANCED + " can use "
                        + ColumnRoles.option(Role.KNOWN_FUTURE));
            }
            if (forecaster.info().channels().isPresent()) {
                console.say("note: the model was fine-tuned: on the rows that it was trained on, its errors are too "
                        + "small; --start 0.8 begins behind those of the usual split, and ttm evaluate measures the "
                        + "test rows");
            }
            CsvOptions options = columns.withCategories(input.options());
            CsvFile csv = columns.read(input, options, console);
            csv = columns.history(csv, forecaster.info().longestModel().config(), false, true, console);
            csv.rejected().forEach(rejected -> problems.add(rejected.getMessage()));
            String model = arguments.text(Option.MODEL.name());
            String called = (model == null ? Models.BUNDLED : model) + (combined ? ", combined (" + mode + ")" : "");
            List<Subject> subjects = new ArrayList<>();
            for (TimeSeries series : csv.series()) {
                try {
                    subjects.add(new Subject(series, columns.drivers(), columns.categorical(series, options),
                            columns.codes(csv, series), forecaster, rows -> forecaster, called));
                } catch (IllegalArgumentException e) {
                    problems.add(SeriesOptions.problem(input.name(), series.id(), e.getMessage()));
                }
            }
            return subjects;
        }

        /**
         * The series of a file and the model of a command line fine-tuned on each of them.
         *
         * @param horizon steps to forecast; 0 for the model's own
         * @param problems as above
         */
        static List<Subject> ofRefits(Arguments arguments, Input input, int horizon, List<String> problems,
                Console console) throws IOException {
            ColumnRoles roles = ColumnRoles.of(arguments);
            if (Models.mode(arguments, ForecastMode.FAST) != ForecastMode.FAST) {
                throw new UsageException(Models.MODE.name() + ": a model that --refit fine-tunes is not combined");
            }
            String name = arguments.text(Option.MODEL.name());
            TtmModel base = TtmModel.of(Models.checkpoint(name, console));
            String model = Models.isBundled(name) ? BundledModels.DEFAULT : name;
            FineTuningSeries all = FinetuneSeries.read(input, roles, false, problems::addAll, console);
            List<String> targets = all.roles().of(Role.TARGET).stream().map(Channel::name).toList();
            return all.each()
                    .stream()
                    .map(series -> new Subject(series.series().get(0).upToLast(targets), 0, new int[0], new int[0],
                            Forecaster.of(base).fast(), new FineTuningRefit(base, series, horizon, console), model))
                    .toList();
        }

        /**
         * Fine-tunes a pre-trained model on the rows before an origin, as {@link FinetuneCommand} does by default: the first four
         * fifths train, the rest validates. Each fit begins with the pre-trained weights.
         *
         * @param base the pre-trained model, which is not changed
         * @param horizon steps to forecast, as many as the model makes at most; 0 for the model's own
         */
        private record FineTuningRefit(TtmModel base, FineTuningSeries series, int horizon,
                Console console) implements Backtest.Refit {
            private static final double TRAINING_SHARE = 0.8;

            @Override
            public Forecaster fit(Rows rows) throws InterruptedException {
                int context = base.config().contextLength();
                int most = base.config().outputLength();
                int steps = horizon == 0 ? most : Math.min(horizon, most);
                int training = (int) (TRAINING_SHARE * rows.length());
                if (training < context + steps || rows.length() - training < steps) {
                    throw new IllegalArgumentException("--refit: " + rows.length()
                            + " rows are too few to fine-tune on: four fifths of them have to hold " + context + " + "
                            + steps + " rows, and the rest " + steps
                            + "; choose a later --start, a shorter --horizon or a --model with a shorter context");
                }
                int end = rows.from() + training;
                Split split = new Split(new Rows(rows.from(), end), new Rows(end - context, rows.to()),
                        new Rows(rows.to(), rows.to()));
                FineTuningData data = series.data((length, least, asked) -> split, 1, context, steps, console::say);
                if (data.channels().inputs().size() < series.roles().inputs().size()) {
                    throw new IllegalArgumentException(
                            "--refit: all models of a backtest have the same columns; leave what is "
                                    + "left out here out of --known-future");
                }
                FineTuned tuned;
                try {
                    FineTuningOptions options = FineTuningOptions.defaults().withHorizon(steps == most ? 0 : steps);
                    tuned = FineTuning.run(base, data, options, (epoch, best) -> {});
                } catch (TrainingDivergedException e) {
                    throw new IllegalArgumentException("--refit: " + e.getMessage(), e);
                }
                TimeAxis axis = series.series().get(0).axis();
                console.say(String.format(Locale.ROOT, "fine-tuned on %s to %s: validation loss %.4f, before %.4f",
                        axis.labelAt(rows.from()), axis.labelAt(rows.to() - 1L), tuned.validationLoss(),
                        tuned.epochs().get(0).validationLoss()));
                return Forecaster.of(tuned.model(), tuned.channels());
            }
        }
    }
}
