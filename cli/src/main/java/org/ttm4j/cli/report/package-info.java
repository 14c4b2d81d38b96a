/**
 * Pages that stand alone: one file without scripts and without requests, for any width, light and dark. Start with
 * {@link org.ttm4j.cli.report.HtmlPage}.
 */
package org.ttm4j.cli.report;
