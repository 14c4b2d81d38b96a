package org.ttm4j.eval.backtest;

import java.util.Arrays;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.ttm.series.Origins;

/**
 * The intervals of one channel as a live system would have issued them: those of an origin t rest on errors whose truth
 * lies before t, and on no other. Windows come in order, none left out. Not thread-safe.
 */
public final class OnlineIntervals {
    private final ConformalIntervals intervals;
    private final double[] series;
    private final Origins origins;
    /** The last windows, as many as can have unknown steps at a time; a window's slot is its number modulo their count. */
    private final IssuedForecast[] waiting;
    /** One channel × steps: NaN but while a forecast is settled. */
    private final double[][] truth;

    /**
     * @param series the channel over time
     * @param options with at least {@link #windowsNeeded} windows
     */
    OnlineIntervals(double[] series, BacktestPlan plan, ConformalOptions options) {
        this.series = series;
        origins = plan.origins();
        intervals = new ConformalIntervals(plan.grid().quantiles(), 1, origins.horizon(), options);
        waiting = new IssuedForecast[(origins.horizon() - 1) / origins.stride() + 1];
        truth = new double[1][origins.horizon()];
        Arrays.fill(truth[0], Double.NaN);
    }

    /** The fewest errors of a step that allow all of some quantiles, which are ascending. */
    public static int windowsNeeded(double[] quantiles) {
        return Math.max(ConformalIntervals.windowsNeeded(quantiles[0]),
                ConformalIntervals.windowsNeeded(quantiles[quantiles.length - 1]));
    }

    /**
     * The quantiles of a window's forecast: quantiles × steps, or null while there are too few errors.
     *
     * @param number of the window, one more than at the call before
     * @param scale of the channel as the forecast saw it, see {@link org.ttm4j.forecast.interval.LocalScales}
     */
    double[][] quantiles(int number, double[] forecast, float scale) {
        for (int back = Math.min(number, waiting.length); back > 0; back--) settle(number - back, back);
        IssuedForecast issued = intervals.issue(new double[][]{forecast}, new float[]{scale});
        waiting[number % waiting.length] = issued;
        if (issued.quantiles() == null) return null;
        return Arrays.stream(issued.quantiles().doubleValues()).map(level -> level[0]).toArray(double[][]::new);
    }

    /** Gives a window issued so many origins back what has become known since the origin before this one. */
    private void settle(int number, int back) {
        int from = (back - 1) * origins.stride();
        int to = Math.min(origins.horizon(), from + origins.stride());
        for (int h = from; h < to; h++) truth[0][h] = series[origins.at(number) + h];
        intervals.settle(waiting[number % waiting.length], truth);
        Arrays.fill(truth[0], from, to, Double.NaN);
    }
}
