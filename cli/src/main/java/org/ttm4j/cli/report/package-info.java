/**
 * Results as text, JSON, CSV and HTML. A page is one file without scripts and requests, for any width, light and dark.
 * Start with {@link org.ttm4j.cli.report.BacktestText} and {@link org.ttm4j.cli.report.BacktestPage}.
 */
package org.ttm4j.cli.report;
