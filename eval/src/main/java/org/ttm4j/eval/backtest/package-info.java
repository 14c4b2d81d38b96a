/** Backtests: forecasts from rolling origins of a series. Start with {@link org.ttm4j.eval.backtest.Backtest}. */
package org.ttm4j.eval.backtest;
