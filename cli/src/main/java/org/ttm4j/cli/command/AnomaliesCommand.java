package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
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
import org.ttm4j.cli.console.Progress;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.AnomalyTable;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.ttm.config.TtmConfig;

/** {@code ttm anomalies}: which values of a CSV lie outside the interval that was forecast for them. */
public final class AnomaliesCommand implements Command {
    private static final Option LEVEL = new Option("--level", "P",
            "the share of values that the interval is to hold (default: 0.99)");
    private static final Option EVERY = new Option("--every", "N",
            "rows from one forecast to the next (default: 1, of long series up to 24)");
    private static final Option START = new Option("--start", "N",
            "rows before the first that is judged (default: a quarter, at most 512)");
    private static final double USUAL_LEVEL = 0.99;
    /** Forecasts of a series, about, until they are a day of hours apart. */
    private static final int FORECASTS = 200;
    private static final int MOST_EVERY = 24;
    private static final int MOST_START = 512;

    @Override
    public String name() {
        return "anomalies";
    }

    @Override
    public String operands() {
        return Input.OPERANDS;
    }

    @Override
    public String summary() {
        return "say which values of a CSV lie outside the interval that was forecast for them";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(List.of(SeriesOptions.TIME, SeriesOptions.ID, Option.MODEL,
                ModeOption.OPTION, SeriesOptions.SEASON, LEVEL, EVERY, START,
                new Option("--out", "F.csv", "write the table there instead of to standard output")));
        options.addAll(1, ColumnRoles.OPTIONS);
        options.addAll(Input.OPTIONS);
        options.addAll(SeriesOptions.FOUND);
        return options;
    }

    @Override
    public String details() {
        return """
                Goes through the file as if its rows arrived one by one. Every few rows, the steps up to the next
                forecast are forecast from the rows before, and each value is compared with its interval. The table
                has the time, the channel, the value, its forecast, the ends of the interval, the interval's level,
                and a score: how far the value is from the middle of the interval, in half widths. All scores are
                above 1, and the highest are the most unusual. Some values are outside by chance: with --level 0.99,
                about one of a hundred. Standard error says how many were judged.

                By default (balanced), forecast and interval are those of ttm forecast, from up to 2,048 rows.
                --mode fast is the model alone, as are models that were fine-tuned or mix channels; its intervals
                rest on the errors so far, and begin when these are enough: 199 forecasts for a level of 0.99.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        int season = SeriesOptions.season(arguments);
        double level = arguments.number(LEVEL.name(), USUAL_LEVEL, 0.5, 0.998);
        int start = arguments.integer(START.name(), 0, 1, Integer.MAX_VALUE / 2);
        Input input = Input.of(arguments, console);
        Path file = input.file();
        Path table = console.output(arguments.text("--out"));
        if (table != null) {
            OutputFile.requireOther(table, file, "--out");
            OutputFile.requireWritable(table);
        }
        Forecaster forecaster = Models.forecaster(arguments, console)
                .in(ModeOption.of(arguments, ForecastMode.BALANCED));
        ModeOption.requireCombined(forecaster, SeriesOptions.SEASON, arguments);
        int every = arguments.integer(EVERY.name(), 0, 1, mostEvery(forecaster));
        ModelColumns columns = ModelColumns.of(forecaster, ColumnRoles.of(arguments), console);
        CsvFile csv = columns.read(file, input.options());
        csv.report().lines().forEach(line -> console.say("repaired: " + line));
        Search search = new Search(forecaster, season, level, every, start, new AtomicLong());
        SeriesResults<List<Judged>> result;
        try (Progress progress = new Progress(console, "series", csv.series().size())) {
            result = SeriesResults.of(csv, input.name(), series -> {
                try {
                    return search.in(series);
                } finally {
                    progress.add(1);
                }
            });
        }
        AnomalyTable rows = new AnomalyTable(result.csv(), result.results());
        if (table == null) rows.writeTo(console.out());
        else OutputFile.write(table, rows::writeTo);
        console.say(String.format(Locale.ROOT, "%,d of %,d values are outside their %s %% interval",
                result.results().stream().mapToInt(List::size).sum(), search.judged.get(), percent(level)));
        console.sayProblems(result.problems(), "series more could not be judged");
        return result.problems().isEmpty() ? Command.OK : Command.FAILED;
    }

    /** A combination forecasts as far as is asked; of a model alone, values behind the horizon would not be judged. */
    private static int mostEvery(Forecaster forecaster) {
        return forecaster.info().combines()
                ? Integer.MAX_VALUE / 2
                : forecaster.info().longestModel().config().outputLength();
    }

    private static String percent(double level) {
        return String.format(Locale.ROOT, "%.1f", 100 * level).replace(".0", "");
    }

    /**
     * How anomalies are looked for.
     *
     * @param season 0 for that of the calendar
     * @param every 0 for the usual
     * @param start 0 for the usual
     * @param judged counts values that had an interval
     */
    private record Search(Forecaster forecaster, int season, double level, int every, int start, AtomicLong judged) {

        List<Judged> in(TimeSeries series) {
            int first = start > 0 ? start : Math.min(MOST_START, Math.ceilDiv(series.length(), 4));
            double[][] values = series.doubleValues();
            // Intervals of a model alone learn from the first rows, those of a combination do not need their forecasts.
            int together = forecaster.info().combines() ? Math.min(first, series.length()) : 0;
            LiveSeries live = live(series, rows(values, 0, together));
            List<Judged> found = new ArrayList<>();
            for (int t = together; t < series.length(); t++) {
                List<Judged> now = live.addAll(forecaster, rows(values, t, t + 1));
                if (t >= first) found.addAll(now);
            }
            if (found.isEmpty()) {
                throw new IllegalArgumentException(series.length() + " rows are too few to judge a value of them"
                        + (forecaster.info().combines()
                                ? ": expected more than " + first
                                : ": an interval of this level needs the errors of "
                                        + ConformalIntervals.windowsNeeded((1 - level) / 2)
                                        + " forecasts; choose a lower " + LEVEL.name()));
            }
            judged.addAndGet(found.size());
            return found.stream().filter(Judged::isAnomaly).toList();
        }

        private static double[][] rows(double[][] values, int from, int to) {
            return Arrays.stream(values).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new);
        }

        private LiveSeries live(TimeSeries series, double[][] firstRows) {
            int channels = series.channels().size();
            forecaster.info().requireHistoryOnly(channels);
            double[] levels = {(1 - level) / 2, (1 + level) / 2};
            int most = Math.min(MOST_EVERY, mostEvery(forecaster));
            int steps = every > 0 ? every : Math.clamp(series.length() / FORECASTS, 1, most);
            ForecastRequest request = ForecastRequest.of(firstRows)
                    .withKnownFrequency(series.axis().frequency().toTemporalAmount());
            if (forecaster.info().combines()) {
                if (season > 0) request = request.withSeason(season);
                return LiveSeries.of(request.withHorizon(steps).withQuantiles(levels), steps);
            }
            TtmConfig config = forecaster.info().longestModel().config();
            ConformalIntervals intervals = forecaster.info()
                    .intervals()
                    .map(stored -> stored.withLevels(levels))
                    .orElseGet(() -> new ConformalIntervals(levels, config.predictionChannels(channels).length,
                            config.outputLength(), ConformalOptions.defaults()));
            LiveSeries live = LiveSeries.of(request.withHorizon(config.outputLength()), steps);
            live.learn(intervals);
            return live;
        }
    }
}
