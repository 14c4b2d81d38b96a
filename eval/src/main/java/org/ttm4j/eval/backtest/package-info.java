/**
 * Backtests: forecasts from many origins of one series, measured as they come. Start with
 * {@link org.ttm4j.eval.backtest.Backtest}.
 */
package org.ttm4j.eval.backtest;
