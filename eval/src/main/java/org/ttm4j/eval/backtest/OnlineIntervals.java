package org.ttm4j.eval.backtest;

import java.util.Arrays;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.interval.IssuedForecast;
import org.ttm4j.ttm.series.Origins;

/**
 * The intervals of one channel as a live system would have issued them: those of an origin t use only errors of steps
 * before t. Windows must be added in order, without gaps. Not thread-safe.
 */
final class OnlineIntervals {
    private final ConformalIntervals intervals;
    private final double[] series;
    private final Origins origins;
    /** The last windows, whose steps may be partly unknown; a window's slot is its number modulo the array's length. */
    private final IssuedForecast[] waiting;
    /** One channel × steps; all NaN except while the true values of a forecast are passed on. */
    private final double[][] truth;

    /**
     * @param series the channel over time
     * @param options with as many windows as the quantiles of the plan need
     */
    OnlineIntervals(double[] series, BacktestPlan plan, ConformalOptions options) {
        this.series = series;
        origins = plan.origins();
        intervals = new ConformalIntervals(plan.grid().quantiles(), 1, origins.horizon(), options);
        waiting = new IssuedForecast[(origins.horizon() - 1) / origins.stride() + 1];
        truth = new double[1][origins.horizon()];
        Arrays.fill(truth[0], Double.NaN);
    }

    /**
     * The quantiles of a window's forecast, quantiles × steps; null if there are too few errors so far.
     *
     * @param number the number of the window, one more than in the previous call
     * @param scale the scale of the channel in the forecast's context, see
     *     {@link org.ttm4j.forecast.interval.LocalScales}
     */
    double[][] quantiles(int number, double[] forecast, float scale) {
        for (int back = Math.min(number, waiting.length); back > 0; back--) settle(number - back, back);
        IssuedForecast issued = intervals.issue(new double[][]{forecast}, new float[]{scale});
        waiting[number % waiting.length] = issued;
        return issued.quantiles() == null ? null : issued.quantiles().ofChannel(0);
    }

    /** Passes the values that became known since the previous origin to the window issued {@code back} origins ago. */
    private void settle(int number, int back) {
        int from = (back - 1) * origins.stride();
        int to = Math.min(origins.horizon(), from + origins.stride());
        for (int h = from; h < to; h++) truth[0][h] = series[origins.at(number) + h];
        intervals.settle(waiting[number % waiting.length], truth);
        Arrays.fill(truth[0], from, to, Double.NaN);
    }
}
