package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.Input;
import org.ttm4j.cli.columns.ModelColumns;
import org.ttm4j.cli.columns.Models;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.report.ForecastPicture;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.Curve;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.eval.report.Digits;
import org.ttm4j.eval.table.Cells;
import org.ttm4j.eval.table.ForecastTable;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.ttm.train.Channels.Role;

/** {@code ttm anomalies}: which values of a CSV lie outside the interval that was forecast for them. */
public final class AnomaliesCommand extends Command {
    /** The memory of a value that is judged. */
    private static final long VALUE_BYTES = 128;
    private static final Option LEVEL = new Option("--level", "P",
            "the share of values that the interval is to hold (default: 0.99)");
    private static final Option EVERY = new Option("--every", "N",
            "rows from one forecast to the next (default: 1, of long series up to 24)");
    private static final Option START = new Option("--start", "N",
            "rows before the first that is judged (default: a quarter, at most 512)");
    private static final Option ALL = Option.flag("--all", "write every value that is judged, with its interval");

    /** The columns behind those of the id and the time. */
    private static final List<String> ADDED = List.of("channel", "value", "forecast", "lower", "upper", "level",
            "score", "row_score", "kind", "rows");

    private static final String DETAILS = """
            Goes through the file as if its rows arrived one by one. Every few rows, the steps up to the next
            forecast are forecast from the rows before, and each value is compared with its interval. The table
            has the time, the channel, the value, its forecast, the ends of the interval, the interval's level,
            a score (how far the value is from its forecast, 1 at the end of the interval: above 1 outside of it,
            and the highest are the most unusual), row_score (the root mean square of the scores of all channels
            at this time), kind and rows. A kind is a spike, or a level shift, a flat stretch or a missing cycle,
            which is one row that begins there and goes on for so many rows. Some values are outside by chance:
            with --level 0.99, about one of a hundred, as the intervals are widened or narrowed until that is so.
            Standard error says how many were judged. --all writes every judged value with its interval.

            By default (balanced), forecast and interval are those of ttm forecast, from up to 2,048 rows.
            --mode fast is the model alone, as are models that were fine-tuned or mix channels; its intervals
            rest on the errors so far, and begin when these are enough: 199 forecasts for a level of 0.99.
            """;

    public AnomaliesCommand() {
        super("anomalies", Input.OPERANDS,
                "say which values of a CSV lie outside the interval that was forecast for them", DETAILS);
    }

    @Override
    public List<Option> options() {
        return join(List.of(SeriesOptions.TIME), ColumnRoles.OPTIONS, List.of(SeriesOptions.ID, Option.MODEL,
                Models.MODE, SeriesOptions.SEASON, LEVEL, EVERY, START, ALL, SeriesOptions.DIGITS,
                new Option("--out", "F.csv",
                        "write the table there, not to standard output; JSON lines: F.jsonl, .json"),
                new Option("--plot", "F.svg", "draw values, intervals and anomalies there: F.svg, F.png, F.html")),
                Input.OPTIONS, SeriesOptions.FOUND);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        int season = SeriesOptions.season(arguments);
        double level = arguments.number(LEVEL.name(), AnomalySearch.USUAL_LEVEL, AnomalySearch.LEAST_LEVEL,
                AnomalySearch.MOST_LEVEL);
        int start = arguments.integer(START.name(), 0, 1, Integer.MAX_VALUE / 2);
        Input input = Input.of(arguments, console);
        Map<String, Path> files = OutputFile.checked(arguments, input.file(), console, "--out", "--plot");
        Path table = files.get("--out");
        Path picture = files.get("--plot");
        int digits = SeriesOptions.digits(arguments);
        Forecaster forecaster = Models.forecaster(arguments, console).in(Models.mode(arguments, ForecastMode.BALANCED));
        Models.requireCombined(forecaster, SeriesOptions.SEASON, arguments);
        int every = arguments.integer(EVERY.name(), 0, 1, AnomalySearch.mostEvery(forecaster));
        ColumnRoles roles = ColumnRoles.of(arguments);
        if (forecaster.info().combines() && !roles.of(Role.KNOWN_FUTURE).isEmpty()) {
            console.say("note: a combination uses drivers in forecast and backtest, and not here");
        }
        ModelColumns columns = ModelColumns.of(forecaster.fast(), roles, console);
        CsvFile csv = columns.read(input, input.options(), console);
        boolean isJson = ForecastOutputs.answered(csv, table).layout().form() == CsvFile.Form.JSON_LINES;
        if (isJson) ForecastTable.requireDifferent("table of anomalies", names(csv));
        long values = csv.series()
                .stream()
                .mapToLong(one -> Math.max(0, one.length() - start) * (long) one.channels().size())
                .sum();
        console.requireMemory(input.name() + ": " + values + " values to judge", values * VALUE_BYTES,
                "read fewer columns (--target), begin later (--start)");
        AnomalySearch search = new AnomalySearch(forecaster, level, every, start);
        SeriesResults<List<Judged>> result;
        try (Console.Progress progress = console.progress("series", csv.series().size())) {
            result = SeriesResults.of(csv, input.name(), series -> {
                try {
                    if (start >= series.length()) {
                        throw new IllegalArgumentException(
                                START.name() + " " + start + ": expected fewer than the rows, " + series.length());
                    }
                    ForecastRequest request = SeriesRequest.of(series);
                    return search.in(season > 0 ? request.withSeason(season) : request);
                } finally {
                    progress.add(1);
                }
            });
        }
        boolean all = arguments.flag(ALL.name());
        List<List<AnomalySearch.Event>> events = result.results()
                .stream()
                .map(judged -> all
                        ? judged.stream().map(one -> new AnomalySearch.Event(one, 1)).toList()
                        : AnomalySearch.events(judged))
                .toList();
        CsvFile answered = ForecastOutputs.answered(result.csv(), table);
        if (picture != null) writePicture(result, picture, input, Digits.level(level), console);
        if (table == null) write(answered, events, digits, console.out());
        else OutputFile.write(table, out -> write(answered, events, digits, out));
        console.say(String.format(Locale.ROOT, "%,d of %,d values are outside their %s interval",
                result.results()
                        .stream()
                        .flatMap(List::stream)
                        .filter(one -> one.isAnomaly() && one.score() > 1)
                        .count(),
                result.results().stream().mapToInt(List::size).sum(), Digits.level(level)));
        console.sayProblems(result.problems(), "series more could not be judged");
        return result.problems().isEmpty() ? Command.OK : Command.FAILED;
    }

    private static void writePicture(SeriesResults<List<Judged>> result, Path file, Input input, String level,
            Console console) throws CommandException {
        List<Panel> panels = new ArrayList<>();
        for (int i = 0; i < result.results().size(); i++) {
            TimeSeries series = result.csv().series().get(i);
            for (int c = 0; c < series.channels().size(); c++) {
                panels.add(panel(series, c, result.results().get(i), level));
            }
        }
        TimeSeries first = result.csv().series().get(0);
        new ForecastPicture("Anomalies", input.title(), "values outside their " + level + " interval, "
                + first.axis().readableAt(0) + " to " + first.axis().readableAt(first.length() - 1L), panels)
                .write(file, console);
    }

    /** A channel with the intervals that were forecast for it, and dots at the unusual values. */
    private static Panel panel(TimeSeries series, int channel, List<Judged> ofSeries, String level) {
        List<Judged> judged = ofSeries.stream().filter(one -> one.channel() == channel).toList();
        String title = ForecastPanel.titled(series, series.channels().get(channel));
        List<Curve> curves = new ArrayList<>();
        // An area has no gaps: one for each stretch without any.
        for (int from = 0, to = 1; to <= judged.size(); to++) {
            if (to < judged.size() && judged.get(to).index() == judged.get(to - 1).index() + 1) continue;
            List<Judged> part = judged.subList(from, to);
            curves.add(Curve.area(ForecastPanel.BAND, level + " interval", times(series, part),
                    part.stream().mapToDouble(Judged::lower).toArray(),
                    part.stream().mapToDouble(Judged::upper).toArray()));
            from = to;
        }
        double[] all = IntStream.range(0, series.length()).mapToDouble(series.axis()::localTimeAt).toArray();
        curves.add(Curve.line(ForecastPanel.HISTORY, "value", all, series.doubleChannel(channel)));
        // Each point is followed by a gap, because a line through one point is drawn as a dot.
        List<Judged> unusual = judged.stream()
                .filter(Judged::isAnomaly)
                .flatMap(one -> List.of(one, one).stream())
                .toList();
        double[] values = IntStream.range(0, unusual.size())
                .mapToDouble(i -> i % 2 == 0 ? unusual.get(i).value() : Double.NaN)
                .toArray();
        curves.add(Curve.line(ForecastPanel.ANOMALY, "unusual", times(series, unusual), values));
        return Panel.of(title, ForecastPanel.across(series.axis(), 0, series.length() - 1), curves);
    }

    private static double[] times(TimeSeries series, List<Judged> judged) {
        return judged.stream().mapToDouble(one -> series.axis().localTimeAt(one.index())).toArray();
    }

    /**
     * Writes anomalies as the file is, a CSV or JSON lines, series after series, in the order of time: the id of the series where
     * the file has ids, the time, the channel, the value, its forecast, the ends of its interval, the interval's level, the score,
     * the score of all channels of the row, the kind (empty for a value that is none), and the rows that it goes on for.
     *
     * @param digits decimals of the numbers; below 0 for numbers as they are
     */
    private static void write(CsvFile csv, List<List<AnomalySearch.Event>> anomalies, int digits, Appendable out)
            throws IOException {
        Cells cells = new Cells(csv.layout().dialect());
        List<String> names = names(csv);
        // A column of the input may have the same name as a column added here.
        Set<String> texts = names.subList(0, names.size() - ADDED.size())
                .stream()
                .filter(csv.layout().texts()::contains)
                .collect(Collectors.toSet());
        boolean isJson = csv.layout().form() == CsvFile.Form.JSON_LINES;
        if (!isJson) cells.row(out, names);
        for (int i = 0; i < anomalies.size(); i++) {
            TimeSeries series = csv.series().get(i);
            List<DoubleFunction<Number>> numbers = IntStream.range(0, series.channels().size())
                    .mapToObj(channel -> Cells.rounded(series, channel, digits))
                    .toList();
            for (AnomalySearch.Event event : anomalies.get(i)) {
                Judged first = event.first();
                List<Object> row = new ArrayList<>(
                        List.of(series.axis().labelAt(first.index()), series.channels().get(first.channel())));
                row.addAll(0, csv.layout().idCells(series));
                DoubleStream.of(first.value(), first.forecast(), first.lower(), first.upper())
                        .mapToObj(numbers.get(first.channel()))
                        .forEach(row::add);
                row.addAll(List.of((float) first.level(), (float) first.score(), (float) first.rowScore()));
                row.add(first.isAnomaly() ? first.kind().toString() : "");
                row.add(first.isAnomaly() ? Long.toString(event.rows()) : "");
                if (isJson) cells.object(out, names, texts, row);
                else cells.row(out, row);
            }
        }
    }

    private static List<String> names(CsvFile csv) {
        List<String> names = new ArrayList<>(csv.layout().ids());
        names.add(csv.layout().time());
        names.addAll(ADDED);
        return names;
    }
}
