/**
 * Charts: {@link org.ttm4j.cli.plot.Chart} is what they show, {@link org.ttm4j.cli.plot.Axis} chooses their ticks, and each
 * {@link org.ttm4j.cli.plot.Canvas} draws them in a medium: SVG, PNG, HTML and the characters of a terminal.
 */
package org.ttm4j.cli.plot;
