package org.ttm4j.forecast.interval;

import org.ttm4j.ttm.series.Rows;

/**
 * A forecast whose true values are not known yet. It shares the array of the forecast, which must not change. Only {@code
 * settled} changes, under the lock of the intervals that issued it.
 *
 * @param forecast channels × steps
 * @param quantiles those of the forecast when it was issued; null when there were too few windows
 * @param scales by channel, the divisors of the errors
 * @param number which of the issued forecasts it is, from 1
 * @param settled channels × steps: whether the error was counted
 */
public record IssuedForecast(double[][] forecast, Quantiles quantiles, float[] scales, long number,
        boolean[][] settled) {

    /** The truth (channels × steps) without what was settled before, NaN there; marks the rest as settled. */
    double[][] settle(double[][] truth) {
        double[][] news = Rows.copy(truth);
        for (int c = 0; c < news.length; c++) {
            for (int h = 0; h < news[c].length; h++) {
                if (settled[c][h]) news[c][h] = Double.NaN;
                else settled[c][h] = !Double.isNaN(news[c][h]);
            }
        }
        return news;
    }
}
