package org.ttm4j.forecast.rolling;

import java.util.Optional;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.LocalScales;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

/**
 * Quantiles of one forecast from the errors of the same method, and of the same model where it has several, within a history:
 * in at most so many windows, spread over the history, a quarter of a horizon or more apart.
 *
 * @param series channels × time
 * @param history the rows that the windows lie in, contexts included
 * @param forecast what is to have quantiles; its horizon, context and model are those of the windows
 * @param mostWindows at most, or as many as the levels need
 * @param threads that forecast at the same time
 */
public record PastErrors(ForecastFunction function, double[][] series, Rows history, RollingForecast forecast,
        int mostWindows, int threads) {
    /** Windows closer than this part of a horizon share too much to count as two. */
    private static final int PER_HORIZON = 4;

    /**
     * The quantiles of a forecast, channels × steps, which this call measures; empty where too much of the history is missing.
     *
     * @throws IllegalArgumentException as {@link #intervals}
     * @throws IllegalStateException as {@link #intervals}
     */
    public Optional<Quantiles> quantiles(double[][] of, double... levels) {
        float[] scales = LocalScales.of(series, history.to(), forecast.context(), function.channels());
        return intervals(levels).quantilesIfEnough(of, scales, levels);
    }

    /**
     * The errors in these windows.
     *
     * @throws IllegalArgumentException when the history is too short for a level, with how many steps are needed
     * @throws IllegalStateException when this thread is interrupted, which it is still afterwards
     */
    public ConformalIntervals intervals(double... levels) {
        int needed = Calibration.windowsNeeded(levels);
        if (history.length() < leastHistory(levels)) {
            throw new IllegalArgumentException(Calibration.range(levels) + " need " + needed
                    + " forecasts of the past, " + leastHistory(levels) + " steps of history or more");
        }
        int horizon = horizon();
        int first = history.from() + forecast.context();
        int last = history.to() - horizon;
        int windows = Math.min(Math.max(needed, mostWindows), (last - first) / nearest() + 1);
        int stride = windows == 1 ? nearest() : Math.min(horizon, (last - first) / (windows - 1));
        Origins origins = new Origins(last - (windows - 1) * stride, stride, windows, horizon, forecast.context());
        ConformalIntervals intervals = new ConformalIntervals(levels, function.channels().length, horizon,
                ConformalOptions.defaults().withWindows(windows));
        try {
            Calibration.run(function, series, origins, forecast.model(), intervals, threads);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return intervals;
    }

    /** The fewest steps of history that have quantiles of these levels. */
    public long leastHistory(double... levels) {
        return forecast.context() + (Calibration.windowsNeeded(levels) - 1L) * nearest() + horizon();
    }

    private int horizon() {
        return forecast.doubleValues()[0].length;
    }

    private int nearest() {
        return (horizon() + PER_HORIZON - 1) / PER_HORIZON;
    }
}
