/**
 * The columns of a file that a model reads and forecasts, and their roles. Start with
 * {@link org.ttm4j.cli.columns.ModelColumns}.
 */
package org.ttm4j.cli.columns;
