package org.ttm4j.eval.backtest;

import org.ttm4j.eval.protocol.Split;
import org.ttm4j.ttm.rolling.QuantileGrid;

/**
 * Which forecasts a backtest makes, and what they may look back on. An origin is the row that the first step of a
 * forecast falls on; all rows before it are known. Immutable.
 *
 * @param rows of the series
 * @param start the first origin
 * @param stride rows from one origin to the next
 * @param horizon steps to forecast
 * @param context the most rows before an origin that the model sees
 * @param period steps of the seasonal forecasts and of the MASE, less than {@code start}
 * @param window what the simple forecasts, the calibration and a refit look back on
 * @param grid the levels of the intervals
 * @param refit rows after which the model is fine-tuned again; 0 for never
 */
public record BacktestPlan(int rows, int start, int stride, int horizon, int context, int period, Window window,
        QuantileGrid grid, int refit) {

    /** How much of the past counts. */
    public enum Window {
        /** All rows before the origin. */
        EXPANDING,
        /** As many rows before the origin as there are before the first one. */
        SLIDING
    }

    /** Throws IllegalArgumentException when a size is out of its range, or no window fits into the rows. */
    public BacktestPlan {
        if (start < 1 || stride < 1 || horizon < 1 || context < 1 || refit < 0) {
            throw new IllegalArgumentException("start " + start + ", stride " + stride + ", horizon " + horizon
                    + ", context " + context + ", refit " + refit + ": expected at least 1 (refit: 0)");
        }
        if (period < 1 || period > start) {
            throw new IllegalArgumentException("a period of " + period + " steps in " + start + " rows");
        }
        if (rows - (long) horizon < start) {
            throw new IllegalArgumentException(rows + " rows hold no window of " + start + " rows before the first "
                    + "forecast and " + horizon + " to forecast");
        }
    }

    /** The number of origins. */
    public int windows() {
        return (rows - horizon - start) / stride + 1;
    }

    /** The origin of a window, 0 = the first. */
    public int origin(int number) {
        return start + number * stride;
    }

    /** The rows that the model sees from an origin. */
    public Split.Range context(int origin) {
        return new Split.Range(Math.max(0, origin - context), origin);
    }

    /** The rows that everything else looks back on. */
    public Split.Range history(int origin) {
        return new Split.Range(window == Window.EXPANDING ? 0 : origin - start, origin);
    }
}
