package org.ttm4j.cli.command;

import java.util.List;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.BacktestPlan;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Origins;

/**
 * What the options of {@link BacktestCommand} ask for.
 *
 * @param horizon steps to forecast; 0 for the usual
 * @param stride rows from one origin to the next; 0 for as few as make {@value #MOST_ORIGINS} origins at most
 * @param start rows before the first origin, or their share; 0 for the default
 * @param refit rows after which the model is fine-tuned again; 0 for never
 * @param season rows; 0 for that of the calendar
 */
record BacktestSettings(int horizon, int stride, double start, BacktestPlan.Window window, QuantileGrid grid, int refit,
        int season) {
    static final List<Option> OPTIONS = List.of(
            new Option("--horizon", "N", "steps to forecast (default: as many as ttm forecast)"),
            new Option("--stride", "N", "rows between origins (default: 200 origins at most)"),
            new Option("--start", "N|SHARE", "rows before the first origin, or their share (default: the context)"),
            new Option("--window", "NAME", "rows that are used: sliding or expanding (default: sliding)"),
            new Option("--levels", "A,B", "levels of the intervals to measure (default: 0.8,0.9)"),
            new Option("--refit", "N", "fine-tune at the first origin and every N rows (default: never)"));

    private static final int LONGEST_HORIZON = 10_000;
    private static final int MOST_ORIGINS = 200;
    private static final int MOST_ROWS = Integer.MAX_VALUE / 2;

    static BacktestSettings of(Arguments arguments) throws UsageException {
        return new BacktestSettings(arguments.integer("--horizon", 0, 1, LONGEST_HORIZON),
                arguments.integer("--stride", 0, 1, MOST_ROWS), start(arguments.text("--start")),
                arguments.text("--window") == null
                        ? BacktestPlan.Window.SLIDING
                        : arguments.choice("--window", BacktestPlan.Window.class),
                grid(arguments.list("--levels")), arguments.integer("--refit", 0, 1, MOST_ROWS),
                SeriesOptions.season(arguments));
    }

    private static double start(String text) throws UsageException {
        if (text == null) return 0;
        try {
            double start = Double.parseDouble(text);
            if (start > 0 && start < 1 || start >= 1 && start <= MOST_ROWS && start == Math.rint(start)) return start;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are out of range.
        }
        throw new UsageException(
                "--start: expected a number of rows, or a share between 0 and 1, found '" + Printable.of(text) + "'");
    }

    private static QuantileGrid grid(List<String> levels) throws UsageException {
        try {
            return levels.isEmpty()
                    ? QuantileGrid.of(0.8, 0.9)
                    : QuantileGrid.of(levels.stream().mapToDouble(Double::parseDouble).toArray());
        } catch (NumberFormatException e) {
            throw new UsageException("--levels: expected numbers between 0 and 1 such as 0.8,0.9, found '"
                    + Printable.of(String.join(",", levels)) + "'");
        } catch (IllegalArgumentException e) {
            throw new UsageException("--levels: " + e.getMessage());
        }
    }

    /** The plan for a series. Throws IllegalArgumentException when the series is too short for it. */
    BacktestPlan plan(TimeSeries series, Forecaster forecaster) {
        TtmConfig config = forecaster.info().longestModel().config();
        int context = forecaster.info().combines() ? EvaluateCommand.COMBINED_HISTORY : config.contextLength();
        int steps = horizon > 0 ? horizon : config.outputLength();
        int least = forecaster.info().minimumHistory();
        // Of several models, the one that half of the series would get.
        ModelChoice half = forecaster.modelFor(SeriesOptions.request(series.slice(0, series.length() / 2)));
        int origin = origin(series.length(), half.config().contextLength(), steps, least);
        boolean needsOnlyItsPast = !config.needsKnownFuture() && config.categoricalVocabSizeList().isEmpty();
        if (horizon == 0 && needsOnlyItsPast && origin >= least && origin <= series.length()) {
            // As long as the forecast of this history, by the model of several that suits it.
            ForecastRequest first = SeriesOptions.request(series.slice(Math.max(0, origin - context), origin));
            steps = forecaster.horizon(first);
        }
        int first = firstOrigin(origin, series.length(), steps, least);
        int last = series.length() - steps - first;
        int each = stride > 0 ? stride : last / MOST_ORIGINS + 1;
        return new BacktestPlan(new Origins(first, each, last / each + 1, steps, context),
                season(series, context, first).steps(), window, grid, refit);
    }

    /** As asked, else where the context is full, else (and to fine-tune) in the middle. */
    private int origin(int rows, int context, int steps, int least) {
        if (start > 0) return (int) (start < 1 ? start * rows : start);
        return refit == 0 && rows - steps >= context ? context : Math.max(least, rows / 2);
    }

    /** That origin, or without --start one as far on as the horizon allows. */
    private int firstOrigin(int origin, int rows, int steps, int least) {
        if (rows < (long) least + steps) {
            throw new IllegalArgumentException(rows + " rows hold no window: this model needs at least " + least
                    + " rows of history and " + steps + " rows to forecast (--horizon)");
        }
        if (start == 0) return Math.max(least, Math.min(origin, rows - steps));
        if (origin >= least && origin <= rows - steps) return origin;
        throw new IllegalArgumentException(
                "--start is row " + origin + " of " + rows + ": expected " + least + " to " + (rows - steps)
                        + ", so that this model has its least history and " + steps + " rows are left to forecast");
    }

    /**
     * The season that is asked for, or the one of the calendar that both the model's context and the rows before the first
     * origin hold.
     */
    Season season(TimeSeries series, int context, int start) {
        if (season > start) {
            throw new IllegalArgumentException(SeriesOptions.SEASON.name() + " " + season
                    + ": expected at most the rows before the first origin, " + start);
        }
        if (season > 0) return new Season(season, "season");
        return Season.of(series.axis().frequency().toTemporalAmount().orElse(null), Math.min(context, start));
    }
}
