package org.ttm4j.eval.backtest;

import java.util.List;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Origins;

/**
 * The settings of a backtest, from which the plan for each series follows. Immutable.
 *
 * @param horizon steps to forecast; 0 for the usual
 * @param stride rows from one origin to the next; 0 for as few as make {@value #MOST_ORIGINS} origins at most
 * @param start rows before the first origin, or their share; 0 for the default
 * @param refit rows after which the model is fine-tuned again; 0 for never
 * @param grid the levels of the intervals
 * @param season rows; 0 for that of the calendar
 */
public record BacktestSettings(int horizon, int stride, double start, BacktestPlan.Window window, QuantileGrid grid,
        int refit, int season) {
    public static final int LONGEST_HORIZON = 10_000;
    public static final int MOST_ROWS = Integer.MAX_VALUE / 2;

    private static final int MOST_ORIGINS = 200;

    /**
     * Rows before the first origin, or their share, from a text; 0 for null.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static double start(String text) {
        if (text == null) return 0;
        try {
            double start = Double.parseDouble(text);
            if (start > 0 && start < 1 || start >= 1 && start <= MOST_ROWS && start == Math.rint(start)) return start;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are out of range.
        }
        throw new IllegalArgumentException(
                "expected a number of rows, or a share between 0 and 1, found '" + Printable.of(text) + "'");
    }

    /**
     * The levels of intervals from their texts; 0.8 and 0.9 for none.
     *
     * @throws IllegalArgumentException when they are no levels
     */
    public static QuantileGrid grid(List<String> levels) {
        if (levels.isEmpty()) return QuantileGrid.of(0.8, 0.9);
        try {
            return QuantileGrid.of(levels.stream().mapToDouble(Double::parseDouble).toArray());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected numbers between 0 and 1 such as 0.8,0.9, found '"
                    + Printable.of(String.join(",", levels)) + "'", e);
        }
    }

    /** The request with all rows of a series, as a backtest takes it. */
    public ForecastRequest rows(TimeSeries series) {
        ForecastRequest request = SeriesRequest.within(SeriesRequest.of(series), series.channels());
        return season > 0 ? request.withSeason(season) : request;
    }

    /** The plan for a series. Throws IllegalArgumentException when the series is too short for it. */
    public BacktestPlan plan(TimeSeries series, Forecaster forecaster) {
        TtmConfig config = forecaster.info().longestModel().config();
        int context = forecaster.info().context();
        int steps = horizon > 0 ? horizon : config.outputLength();
        int least = forecaster.info().minimumHistory();
        // If there are several models, the one that would be chosen for half of the series.
        ModelChoice half = forecaster.modelFor(SeriesRequest.of(series.slice(0, series.length() / 2)));
        int origin = origin(series.length(), half.config().contextLength(), steps, least);
        boolean needsOnlyItsPast = !config.needsKnownFuture() && config.categoricalVocabSizeList().isEmpty();
        if (horizon == 0 && needsOnlyItsPast && origin >= least && origin <= series.length()) {
            // The horizon of a forecast from this history, by the model that suits it.
            ForecastRequest first = SeriesRequest.of(series.slice(Math.max(0, origin - context), origin));
            steps = forecaster.horizon(first);
        }
        int first = firstOrigin(origin, series.length(), steps, least);
        int last = series.length() - steps - first;
        int each = stride > 0 ? stride : last / MOST_ORIGINS + 1;
        int used = forecaster.context(rows(series).withHorizon(steps));
        return new BacktestPlan(new Origins(first, each, last / each + 1, steps, used), season(series, context, first),
                window, grid, refit);
    }

    /** The first origin: as given, else where the context is full, else (and to fine-tune) in the middle. */
    private int origin(int rows, int context, int steps, int least) {
        if (start > 0) return (int) (start < 1 ? start * rows : start);
        return refit == 0 && rows - steps >= context ? context : Math.max(least, rows / 2);
    }

    /** The given origin, checked; without --start it is moved back as far as the horizon needs. */
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
    private Season season(TimeSeries series, int context, int start) {
        if (season > start) {
            throw new IllegalArgumentException(
                    "--season " + season + ": expected at most the rows before the first origin, " + start);
        }
        if (season > 0) return new Season(season, "season");
        return Season.of(series.axis().frequency().toTemporalAmount().orElse(null), Math.min(context, start));
    }
}
