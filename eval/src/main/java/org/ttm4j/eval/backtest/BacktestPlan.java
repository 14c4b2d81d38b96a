package org.ttm4j.eval.backtest;

import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.ttm.series.Origins;

/**
 * Which forecasts a backtest makes, and what they may look back on. Immutable.
 *
 * @param origins of the forecasts, with the context that the model sees
 * @param period steps of the seasonal forecasts and of the MASE, no more than there are rows before the first origin
 * @param window what the simple forecasts, the calibration and a refit look back on
 * @param grid the levels of the intervals
 * @param refit rows after which the model is fine-tuned again; 0 for never
 */
public record BacktestPlan(Origins origins, int period, Window window, QuantileGrid grid, int refit) {

    /** How much of the past counts. */
    public enum Window {
        /** All rows before the origin. */
        EXPANDING,
        /** As many rows before the origin as there are before the first one. */
        SLIDING
    }

    /** Throws IllegalArgumentException when a size is out of its range, or there is no origin. */
    public BacktestPlan {
        if (origins.first() < 1 || origins.count() < 1 || refit < 0) {
            throw new IllegalArgumentException("first origin " + origins.first() + ", " + origins.count()
                    + " windows, refit " + refit + ": expected at least 1 (refit: 0)");
        }
        if (period < 1 || period > origins.first()) {
            throw new IllegalArgumentException("a period of " + period + " steps in " + origins.first() + " rows");
        }
    }

    /**
     * The same origins with the rows that all but the model look back on. Rows before the first origin are as many as its
     * row number says.
     */
    public Origins lookingBack() {
        return origins.withContext(window == Window.EXPANDING ? Integer.MAX_VALUE : origins.first());
    }
}
