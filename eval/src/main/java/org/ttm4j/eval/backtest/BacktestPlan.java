package org.ttm4j.eval.backtest;

import org.ttm4j.forecast.rolling.QuantileGrid;
import org.ttm4j.forecast.rolling.Season;
import org.ttm4j.ttm.series.Origins;

/**
 * The forecasts of a backtest, and the past that they may use. Immutable.
 *
 * @param origins the origins of the forecasts, with the context length of the model
 * @param season of the seasonal naive forecasts and of the MASE, of at most as many steps as there are rows before the first
 *     origin
 * @param window the past that the simple forecasts, the calibration and a refit use
 * @param grid the levels of the intervals
 * @param refit the number of rows after which the model is fine-tuned again; 0 for never
 */
public record BacktestPlan(Origins origins, Season season, Window window, QuantileGrid grid, int refit) {

    /** How much of the past is used. */
    public enum Window {
        /** All rows before the origin. */
        EXPANDING,
        /** The same number of rows before every origin as before the first one. */
        SLIDING
    }

    /** Throws IllegalArgumentException when a number is out of its range, or there is no origin. */
    public BacktestPlan {
        if (origins.first() < 1 || origins.count() < 1 || refit < 0) {
            throw new IllegalArgumentException("first origin " + origins.first() + ", " + origins.count()
                    + " windows, refit " + refit + ": expected at least 1 (refit: 0)");
        }
        if (season.steps() < 1 || season.steps() > origins.first()) {
            throw new IllegalArgumentException(
                    "a period of " + season.steps() + " steps in " + origins.first() + " rows");
        }
    }

    /** The same origins with the context of {@link #window}, for everything except the model. */
    public Origins lookingBack() {
        return origins.withContext(window == Window.EXPANDING ? Integer.MAX_VALUE : origins.first());
    }
}
