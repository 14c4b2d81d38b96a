/** Pictures of a forecast: {@link org.ttm4j.cli.plot.SvgPlot} for a browser, BraillePlot for a terminal. */
package org.ttm4j.cli.plot;
