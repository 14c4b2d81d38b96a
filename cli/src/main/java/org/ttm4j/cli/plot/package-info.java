/**
 * Pictures of a forecast. Start with {@link org.ttm4j.cli.plot.ForecastPlot} for a browser and
 * {@link org.ttm4j.cli.plot.BraillePlot} for a terminal.
 */
package org.ttm4j.cli.plot;
