package org.ttm4j.cli.backtest;

import org.ttm4j.ttm.interval.ConformalIntervals;
import org.ttm4j.ttm.interval.ConformalOptions;

/**
 * The intervals of one channel as they would have been issued: those of an origin t are calibrated by errors whose truth
 * lies before t, and by no other. Windows come in order, none left out. Not thread-safe.
 */
final class OnlineIntervals {
    private static final float[] ONE = {1};

    private final ConformalIntervals intervals;
    private final float[] series;
    private final BacktestPlan plan;
    private final int needed;
    /** The last windows, as many as can have unknown steps at a time, by number. */
    private final float[][] forecasts;
    private final float[] scales;
    /** Errors enter in units of their window's scale: the one of the step's own window. */
    private final float[][] zeros;
    private final float[][] scores;

    /**
     * @param series the channel over time
     * @param windows errors of each step that are remembered
     */
    OnlineIntervals(float[] series, BacktestPlan plan, int windows) {
        double[] quantiles = plan.grid().quantiles();
        this.series = series;
        this.plan = plan;
        needed = windowsNeeded(quantiles);
        intervals = new ConformalIntervals(quantiles, 1, plan.horizon(),
                ConformalOptions.defaults().withWindows(Math.max(needed, windows)));
        forecasts = new float[(plan.horizon() - 1) / plan.stride() + 1][];
        scales = new float[forecasts.length];
        zeros = new float[1][plan.horizon()];
        scores = new float[1][plan.horizon()];
    }

    /** The fewest errors of a step that allow all of some quantiles. */
    static int windowsNeeded(double[] quantiles) {
        return Math.max(ConformalIntervals.windowsNeeded(quantiles[0]),
                ConformalIntervals.windowsNeeded(quantiles[quantiles.length - 1]));
    }

    /**
     * The quantiles of a window's forecast: quantiles × steps, or null while there are too few errors.
     *
     * @param number of the window, one more than at the call before
     * @param scale of the channel as the forecast saw it, more than 0: what errors are in proportion to
     */
    float[][] quantiles(int number, float[] forecast, float scale) {
        learn(number);
        forecasts[number % forecasts.length] = forecast;
        scales[number % forecasts.length] = scale;
        if (intervals.windows() < needed) return null;
        float[][][] issued = intervals.quantiles(new float[][]{forecast}, new float[]{scale});
        float[][] quantiles = new float[issued.length][];
        for (int i = 0; i < quantiles.length; i++) quantiles[i] = issued[i][0];
        return quantiles;
    }

    /**
     * Takes in the rows from the origin before to this one. Origins are a stride apart and so are the rows to learn, so
     * that every step h meets one new truth: that of the window ⌊h / stride⌋ + 1 before.
     */
    private void learn(int number) {
        for (int h = 0; h < plan.horizon(); h++) {
            int issued = number - h / plan.stride() - 1;
            int slot = Math.floorMod(issued, forecasts.length);
            scores[0][h] = issued < 0
                    ? Float.NaN
                    : score(series[plan.origin(issued) + h], forecasts[slot][h], scales[slot]);
        }
        if (number > 0) intervals.update(zeros, scores, ONE);
    }

    private static float score(float truth, float forecast, float scale) {
        double score = ((double) truth - forecast) / scale;
        return Double.isNaN(score) ? Float.NaN : (float) Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}
