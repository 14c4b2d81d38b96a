/**
 * Backtests as text and as HTML. A page is one file without scripts and requests, for any width, light and dark. Start with
 * {@link org.ttm4j.eval.report.BacktestText} and {@link org.ttm4j.eval.report.BacktestPage}.
 */
package org.ttm4j.eval.report;
